"""Requests and replies as values: how they are routed and read, and that they keep secrets to themselves."""

import asyncio
import json
import logging
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import novapost_mock
from novapost_mock import Clock, Mock, MockTransport, Reply, Request
from novapost_mock.document.prefer import preferences

PHONE = "498213437654"
BASE = "https://api-stage.novapost.pl/v.1.0"
JSON = (("Content-Type", "application/json"),)


def ask(mock: Mock) -> Reply:
    body = json.dumps({"phone": PHONE}).encode()
    return mock.handle(Request("POST", "/v.1.0/test-api-keys", "", JSON, body))


# Routing


@pytest.mark.parametrize(
    ("path", "allowed"), [("/v.1.0/test-api-keys", "POST"), ("/v.1.0/clients/authorization", "GET")]
)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "QUERY", "post"])
def test_other_methods_are_405_with_allow(path: str, allowed: str, method: str) -> None:
    """RFC 9110, 15.5.6: a 405 names what would have worked; HEAD is not documented either."""
    reply = Mock().handle(Request(method, path))

    assert reply.status == 405
    assert reply.header_values("allow") == [allowed]
    assert (reply.body == b"") is (method == "HEAD")


@pytest.mark.parametrize(
    "path",
    ["/", "", "/v.1.0", "/v.1.0/", "/test-api-keys", "/v.1.0/test-api-keys/", "/v.1.0//test-api-keys", "*"],
)
def test_other_paths_are_404(path: str) -> None:
    """The error is JSON like all others and tells where the API is."""
    reply = Mock().handle(Request("POST", path))

    assert reply.status == 404
    text = "No such path; the API is under /v.1.0/, control under /__mock__/"
    assert reply.json() == {"success": False, "errors": [text]}


def test_an_encoded_path_is_the_same_path() -> None:
    """RFC 3986, 6.2.2.2: `%2D` is a hyphen; an encoded slash stays inside its segment."""
    assert Mock().handle(Request("GET", "/v.1.0/test%2Dapi%2Dkeys")).status == 405
    assert Mock().handle(Request("GET", "/v.1.0%2Ftest-api-keys")).status == 404


def test_headers_are_found_without_regard_to_case() -> None:
    """RFC 9110, 5.1."""
    request = Request("GET", "/", "", (("X-A", "1"), ("x-a", "2"), ("X-B", "3")))

    assert request.header_values("x-A") == ["1", "2"]


@given(
    st.text(st.characters(codec="latin-1")),
    st.text(st.characters(codec="latin-1")),
    st.text(st.characters(codec="latin-1")),
    st.lists(st.tuples(st.text(st.characters(codec="latin-1")), st.text(st.characters(codec="latin-1")))),
    st.binary(),
)
@example("GET", "//", "", [("Prefer", "code=" + "1" * 5000)], b"")
def test_any_request_has_an_answer(
    method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    """No request at all makes a server error."""
    assert Mock().handle(Request(method, path, query, tuple(headers), body)).status < 500


# Prefer


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["code=503"], "503"),
        (["CODE=503"], "503"),
        (['code="503"'], "503"),
        (['code="5\\03"'], "503"),
        (["code = 503"], "503"),
        (["respond-async, code=503"], "503"),
        (["respond-async", "code=503"], "503"),
        (["code=503, code=404"], "503"),
        (["code=503", "code=404"], "503"),
        (["code=503; dynamic=true"], "503"),
        (['wait="1,code=404", code=503'], "503"),
        (['foo; bar="a\\",b", code=503'], "503"),
        (["@@, =, ,code=503"], "503"),
        (["code"], ""),
        (['code=""'], ""),
        (['code="503'], None),
        (["decode=503"], None),
        (['"code=503"'], None),
        ([], None),
    ],
)
def test_preferences_are_read_as_the_rfc_has_them(values: list[str], code: str | None) -> None:
    """RFC 7240, 2: several in a header, several headers, quoted values, any case; the first one counts."""
    assert preferences(values).get("code") == code


@given(st.lists(st.text()))
def test_any_preference_can_be_read(values: list[str]) -> None:
    """What does not follow the grammar is passed over."""
    for name in preferences(values):
        assert name == name.lower()


def test_a_preference_without_a_code_is_passed_over() -> None:
    """The rules answer as if it were not there."""
    request = Request("GET", "/v.1.0/clients/authorization", "", (("Prefer", "respond-async, code"),))

    assert Mock().handle(request).status == 422


# Secrets


def test_nothing_that_can_be_printed_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    """Reprs end up in logs and in the output of failing tests."""
    caplog.set_level(logging.DEBUG)
    mock = Mock(clock=Clock(lambda: datetime(2026, 1, 1, tzinfo=UTC)))
    asked = Request("POST", "/v.1.0/test-api-keys", "", JSON, json.dumps({"phone": PHONE}).encode())
    given_key = mock.handle(asked)
    key = given_key.json()["apiKey"]
    bought = Request(
        "GET", "/v.1.0/clients/authorization", f"apiKey={key}", (("Authorization", f"token-{key}"),)
    )
    token = mock.handle(bought)
    steered = Request("GET", f"/__mock__/clients/{PHONE}")
    misplaced = Request(key, f"/v.1.0/{key}/x{key}/%34{PHONE[1:]}")

    shown = [repr(value) for value in (mock, asked, given_key, bought, token, steered, misplaced)]
    holders = mock.keys()
    shown += [repr(value) for client in holders for value in (client, client.key)]
    text = "\n".join(shown) + caplog.text
    for secret in (PHONE, PHONE[1:], key, token.json()["jwt"]):
        assert secret not in text
    assert repr(bought) == "<Request GET /v.1.0/clients/authorization, 0 bytes>"


def test_no_error_repeats_what_was_sent() -> None:
    """Errors are logged by whoever receives them."""
    canary = "498213437659"
    mock = Mock([canary])
    key = mock.handle(
        Request("POST", "/v.1.0/test-api-keys", "", JSON, json.dumps({"phone": canary}).encode())
    ).json()["apiKey"]
    mock.cleanup(canary)
    bodies = [
        json.dumps(value).encode()
        for value in (
            canary, {canary: 1}, {"phone": canary, canary: 1}, {"phone": canary + "x"}, {"phone": key},
            {"phone": canary}, {"phone": canary, key: 1}, {"now": canary}, {"matches": canary},
        )
    ]  # fmt: skip
    paths = ["/v.1.0/test-api-keys", f"/v.1.0/{canary}", f"/{key}", "/__mock__/clock", "/__mock__/cleanup"]
    requests = [
        Request(method, path, "", JSON, body)
        for method in ("POST", "PUT")
        for path in paths
        for body in bodies
    ]
    requests += [
        Request("GET", "/v.1.0/clients/authorization", f"apiKey={key}{more}") for more in ("", "&apiKey=1")
    ]
    requests += [Request("GET", f"/__mock__/clients/{canary}x{key}")]
    requests += [Request("POST", "/v.1.0/test-api-keys", "", (("Prefer", f"code={canary}"),))]

    for request in requests:
        reply = mock.handle(request)
        assert reply.status >= 400
        assert canary not in reply.body.decode()
        assert key not in reply.body.decode()


def test_an_unexpected_failure_is_a_500_that_names_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Never a traceback on the wire, and nothing of the request in the log."""

    def fail(*_: object) -> None:
        raise RuntimeError(PHONE)

    mock = Mock()
    monkeypatch.setattr("novapost_mock.keys.operations.first_rejection", fail)
    reply = ask(mock)

    assert reply.status == 500
    [text] = reply.json()["errors"]
    assert re.fullmatch(r"novapost-mock failed: RuntimeError at \S+\.fail:\d+", text)
    assert "RuntimeError" in caplog.text
    assert PHONE not in reply.body.decode() + caplog.text


# In the same process


def test_a_client_in_the_same_process_needs_no_port() -> None:
    """`httpx_args={"transport": MockTransport(mock)}` is all that a test has to say."""
    with httpx.Client(transport=MockTransport(Mock()), base_url=BASE) as client:
        key = client.post("/test-api-keys", json={"phone": PHONE})
        token = client.get("/clients/authorization", params={"apiKey": key.json()["apiKey"]})

    assert key.status_code == token.status_code == 200
    assert key.headers["content-type"] == "application/json"
    assert int(key.headers["content-length"]) == len(key.content)
    assert set(token.json()) == {"jwt"}


def test_an_async_client_uses_the_same_transport() -> None:
    """Sync and async share one stand-in and its state."""
    transport = MockTransport(Mock())

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return [await client.post("/test-api-keys", json={"phone": PHONE}) for _ in range(2)]

    first, second = asyncio.run(both())
    assert first.json() == second.json()
    holders = transport.mock.keys()
    assert [client.phone for client in holders] == [PHONE]


def test_a_head_request_gets_no_body_in_the_same_process_either() -> None:
    """RFC 9110, 9.3.2."""
    with httpx.Client(transport=MockTransport(), base_url=BASE) as client:
        reply = client.head("/test-api-keys")

    assert (reply.status_code, reply.content) == (405, b"")
    assert reply.headers["allow"] == "POST"


# The package


def test_importing_brings_neither_server_nor_client() -> None:
    """A start takes no longer than it must, and the mock works without httptools when there is no port."""
    code = "import sys, novapost_mock; print({'asyncio', 'httptools', 'httpx'} & set(sys.modules))"
    package = Path(novapost_mock.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=package, capture_output=True, text=True, check=True, timeout=60
    )

    assert run.stdout.strip() == "set()"


def test_everything_promised_can_be_imported() -> None:
    """The public names, and no other."""
    assert all(getattr(novapost_mock, name) for name in novapost_mock.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = novapost_mock.nonsense
