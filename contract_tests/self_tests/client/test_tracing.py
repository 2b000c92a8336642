"""What Sentry and OpenTelemetry record of a call: that it was made, and none of its secrets."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from typing import Any

import httpx
import pytest

from contract_tests.self_tests.client.instrumented import KEY, PHONE, REFUSED, TOKEN
from novapost_client import Client
from scripts.runtime.masked_url import MaskedURL, mask_url

TRACERS = {"sentry": "sentry_sdk", "opentelemetry": "opentelemetry.instrumentation.httpx"}


def traced(tracer: str) -> tuple[dict[str, Any], str]:
    """Return the output of the program `instrumented`, and the logs of the loggers below it."""
    done = subprocess.run(
        [sys.executable, "-m", "contract_tests.self_tests.client.instrumented", tracer],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "OTEL_SEMCONV_STABILITY_OPT_IN": "http/dup"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


@pytest.mark.parametrize("tracer", TRACERS)
def test_a_tracer_records_the_call_and_none_of_its_secrets(tracer: str) -> None:
    """Sync and async; nobody has to switch it off."""
    try:
        installed = importlib.util.find_spec(TRACERS[tracer]) is not None
    except ModuleNotFoundError:
        installed = False
    if not installed and not os.environ.get("CI"):
        pytest.skip(f"{TRACERS[tracer]} is not installed: set up the environment anew from requirements.lock")

    found, log = traced(tracer)

    assert KEY.replace("%", "%25") in found["wire"]
    assert all(secret in found["wire"] for secret in (PHONE, TOKEN, REFUSED))
    assert "clients/authorization?apiKey=***" in found["recorded"].replace("\\", "") or (
        "apiKey=***" in found["recorded"] and "clients/authorization" in found["recorded"]
    )
    assert "apiKey=***" in log
    for text in (found["recorded"], log):
        shown = [s for s in (KEY, KEY.replace("%", "%25"), PHONE, TOKEN, REFUSED) if s in text]
        assert shown == []


def test_an_address_is_sent_whole_and_printed_masked() -> None:
    """Everything that is read of it to send it is real; everything that is printed is masked."""
    request = httpx.Request("GET", "https://host.example/clients/0815-4711/x?apiKey=a%2Fb&page=2")
    whole = request.url

    mask_url(request, {"0815-4711"})

    url = request.url
    assert isinstance(url, MaskedURL)
    pattern = r"https://host\.example/clients/\*\*\*-[0-9a-f]{8}/x\?apiKey=\*\*\*-[0-9a-f]{8}&page=2"
    assert re.fullmatch(pattern, str(url))
    assert "a%2Fb" not in f"{url!r} {request!r} {[url]}"
    assert url.raw_path == b"/clients/0815-4711/x?apiKey=a%2Fb&page=2"
    assert dict(url.params) == {"apiKey": "a/b", "page": "2"}
    assert url == whole
    assert hash(url) == hash(whole)
    assert str(url.join("y")) == "https://host.example/clients/0815-4711/y"
    assert str(httpx.URL(url)) == str(whole)


def test_an_address_without_secrets_is_left_alone() -> None:
    """A tracer groups calls by it."""
    request = httpx.Request("GET", "https://host.example/parcels/20450000000001?page=20450000000001")

    mask_url(request, {"***", "abc"})

    assert type(request.url) is httpx.URL


def test_two_keys_are_two_addresses_to_whoever_goes_by_the_text() -> None:
    """A cache below the client that took one for the other would give one caller another one's token."""
    given: dict[str, httpx.Response] = {}

    class Cache(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            key = str(request.url)
            if key not in given:
                given[key] = httpx.Response(200, json={"jwt": f"for.{request.url.params['apiKey']}.x"})
            found = given[key]
            return httpx.Response(200, content=found.content, headers=found.headers)

    for _ in range(2):
        for key in ("key-one", "key-two"):
            with Client.sandbox(api_key=key, httpx_args={"transport": Cache()}) as client:
                assert client.clients.authorization().jwt == f"for.{key}.x"

    assert len(given) == 2
    assert not [text for text in given if "key-one" in text or "key-two" in text]


def test_what_reads_the_address_of_a_request_still_finds_the_key() -> None:
    """A transport of the caller's own, which routes or records by it, works as before."""
    seen: list[str] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.params["apiKey"])
        return httpx.Response(200, json={"jwt": "a.b.c"})

    with Client.sandbox(httpx_args={"transport": httpx.MockTransport(serve)}) as client:
        client.clients.authorization(api_key=KEY)

    assert seen == [KEY]
