"""Pages of other origins may use the API, where they are of this machine or named, and never control."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from contract_tests.self_tests.support.mock_process import Started
from novapost_mock.http.access import Access
from novapost_mock.http.cors import Origins, shared
from novapost_mock.http.parser import Head
from novapost_mock.messages import Reply

APP = "http://localhost:5173"
PHONE = "498213437654"


@pytest.fixture(scope="module")
def running() -> Iterator[Started]:
    mock = Started("--cors", "https://app.example")
    yield mock
    mock.stop()


def preflight(url: str, origin: str, **more: str) -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", **more}
    return httpx.options(url, headers=asked)


@pytest.mark.parametrize(
    "origin",
    [
        APP,
        "https://localhost",
        "http://127.0.0.1:3000",
        "http://127.1.2.3:8080",
        "http://[::1]:4200",
        "http://shop.localhost:3000",
        "https://app.example",
    ],
)
def test_a_page_of_this_machine_may_use_the_api(running: Started, origin: str) -> None:
    """The preflight first, then the call, whose answer and headers the page may read."""
    url = running.base + "test-api-keys"
    first = preflight(url, origin, **{"Access-Control-Request-Headers": "content-type,x-api-key"})
    second = httpx.post(url, json={"phone": PHONE}, headers={"Origin": origin})

    assert first.status_code == 204
    assert first.headers["access-control-allow-origin"] == origin
    assert first.headers["access-control-allow-methods"] == "POST"
    assert first.headers["access-control-allow-headers"] == "content-type,x-api-key"
    assert first.headers["access-control-allow-credentials"] == "true"
    assert second.status_code == 200
    assert second.headers["access-control-allow-origin"] == origin
    assert second.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost.evil.example",
        "http://evil.example/localhost",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://notlocalhost",
        "null",
        "file://",
        "",
    ],
)
def test_no_other_page_may(running: Started, origin: str) -> None:
    """It may send what a form can send, as everywhere, but reads nothing, and no preflight succeeds."""
    url = running.base + "test-api-keys"

    for answer in (preflight(url, origin), httpx.get(url, headers={"Origin": origin})):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["keys", "clock", "health", "console/keys", ""])
def test_control_and_console_are_never_shared(running: Started, path: str) -> None:
    """A page that somebody has open must not steer the mock, of whichever origin it is."""
    for answer in (
        preflight(running.control + path, APP),
        httpx.get(running.control + path, headers={"Origin": APP}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.status_code >= 300


def test_refusals_of_the_api_can_be_read_too(running: Started) -> None:
    """A front end has to show what is wrong; without the headers it sees a failed fetch and no status."""
    for path, status in (("nothing", 404), ("test-api-keys", 405)):
        answer = httpx.get(running.base + path, headers={"Origin": APP})

        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, APP)


def test_headers_of_an_answer_are_named_for_the_page(running: Started) -> None:
    """A script sees no others."""
    answer = httpx.get(running.base + "test-api-keys", headers={"Origin": APP})

    assert "Allow" in answer.headers["access-control-expose-headers"]


def test_the_head_is_remembered_with_its_origin(running: Started) -> None:
    """The same connection asks again and again; each answer is shared."""
    with httpx.Client(headers={"Origin": APP}) as client:
        found = [client.post(running.base + "test-api-keys", json={"phone": PHONE}) for _ in range(4)]

    assert [each.headers["access-control-allow-origin"] for each in found] == [APP] * 4


@pytest.mark.parametrize(
    ("named", "origin", "allowed"),
    [
        (["none"], APP, False),
        (["none", "https://app.example"], "https://app.example", True),
        (["*"], "https://anything.example", True),
        (["*"], "null", True),
        (["null"], "null", True),
        (["https://App.Example/"], "https://app.example", True),
        (["https://app.example"], "https://app.example:8443", False),
        ([], "none", False),
    ],
)
def test_origins_are_named_by_options(named: list[str], origin: str, allowed: bool) -> None:
    """Scheme, host and port count, case does not."""
    assert Origins(named).allows(origin) is allowed


@pytest.mark.parametrize("wrong", ["app.example", "https://app.example/path", "https://", "http://a b"])
def test_an_origin_that_is_none_is_refused(wrong: str) -> None:
    """A slip of the pen would let nobody in, in silence."""
    with pytest.raises(ValueError, match="an origin is a scheme, a host and perhaps a port"):
        Origins([wrong])


def test_a_header_of_a_page_cannot_break_out_of_the_answer() -> None:
    """What is repeated is a token or is not repeated."""
    head = Head(
        "OPTIONS", "/x", "",
        (("Host", "localhost"), ("Origin", APP), ("Access-Control-Request-Method", "GET"),
         ("Access-Control-Request-Headers", "a\x00b")),
        None, 0, False, True, False,
    )  # fmt: skip
    reply = Access()(head)

    assert reply is not None
    assert not reply.header_values("access-control-allow-headers")


PAGE = """<script>
(async () => {
  const headers = {"Content-Type": "application/json", "X-Trace": "1"};
  const body = JSON.stringify({phone: "498213437654"});
  const answer = await fetch("%s", {method: "POST", headers, body, credentials: "include"});
  document.title = answer.status + " " + Object.keys(await answer.json()).join();
  try { await fetch("%s"); document.title += " and control"; } catch { document.title += " and no control"; }
})();
</script>"""


def test_a_browser_lets_a_front_end_on_another_port_in(running: Started, tmp_path: Path) -> None:
    """Judged by the one who enforces it."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here")
    (tmp_path / "index.html").write_text(PAGE % (running.base + "test-api-keys", running.control + "keys"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        ["python3", "-m", "http.server", str(port), "--bind", "127.0.0.1"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            httpx.Client(transport=httpx.HTTPTransport(retries=5)).get(f"http://127.0.0.1:{port}/")
            page = subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000",
                 f"--user-data-dir={tmp_path}/profile", "--dump-dom", f"http://localhost:{port}/"],
                capture_output=True, text=True, timeout=120, check=False,
            ).stdout  # fmt: skip
        finally:
            server.terminate()

    title = re.search("<title>(.*)</title>", page)
    assert title is not None, page
    assert title[1] == "200 apiKey,createdAt,expDate,status and no control"


def test_documents_of_others_are_shared_as_well(tmp_path: Path) -> None:
    """What the document says of these headers itself goes before."""
    headers = {"Access-Control-Allow-Origin": {"required": True, "schema": {"enum": ["https://own.example"]}}}
    tree = {
        "openapi": "3.0.3",
        "paths": {
            "/plain": {"get": {"responses": {"200": {"description": ""}}}},
            "/own": {"get": {"responses": {"200": {"description": "", "headers": headers}}}},
        },
    }
    (tmp_path / "doc.json").write_text(json.dumps(tree))
    mock = Started("--spec", str(tmp_path / "doc.json"))
    try:
        shared = [
            httpx.get(f"{mock.base}{path}", headers={"Origin": APP}).headers.get_list(
                "access-control-allow-origin"
            )
            for path in ("plain", "own")
        ]
    finally:
        mock.stop()

    assert shared == [[APP], ["https://own.example"]]


@pytest.mark.parametrize("asked", [{}, {"Access-Control-Request-Method": "(none)"}])
def test_an_options_request_without_a_method_to_ask_for_is_no_preflight(
    running: Started, asked: dict[str, str]
) -> None:
    """The mock answers it as any other request, and does not promise what was not asked for."""
    reply = httpx.options(running.base + "test-api-keys", headers={"Origin": APP, **asked})

    assert "access-control-allow-methods" not in reply.headers
    assert reply.headers["access-control-allow-origin"] == APP


def test_a_header_that_the_document_sets_itself_goes_before() -> None:
    """An answer that says who may read it keeps its own word."""
    own = Reply(200, (("Access-Control-Allow-Origin", "*"),))
    half = Reply(200, (("Access-Control-Allow-Credentials", "false"),))

    assert shared(own, APP) == own
    assert shared(half, APP).header_values("access-control-allow-credentials") == ["false"]
    assert shared(half, APP).header_values("access-control-allow-origin") == [APP]


def test_what_an_answer_varies_by_is_said_beside_the_documents_own_word() -> None:
    """A cache that overlooks one of the two gives a page what was meant for another one."""
    own = Reply(200, (("Vary", "Accept-Language"),))

    assert shared(own, APP).header_values("vary") == ["Accept-Language", "Origin"]


@pytest.mark.parametrize("origin", ["https://app.example", "HTTPS://APP.example", "http://LOCALHOST:3000"])
def test_an_origin_is_the_same_in_any_case(origin: str) -> None:
    """Schemes and hosts have none (RFC 6454, section 4)."""
    assert Origins(["https://App.Example/"]).allows(origin)
    assert Origins(["HTTPS://app.example"]).allows(origin)
