"""Who is let in: the check of Host against DNS rebinding, and the token that control can want."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from contract_tests.self_tests.mock.http.test_port import Running, refused
from novapost_mock.http.access import NO_HOST, NO_TOKEN, OTHER_HOST, Access
from novapost_mock.http.parser import Head
from novapost_mock.messages import Headers, Reply

TOKEN = "a-token-of-some-length"
KEYS = "/v.1.0/test-api-keys"


def head(path: str = KEYS, *headers: tuple[str, str], **fields: object) -> Head:
    plain = Head("GET", path, "", headers, None, 0, False, True, False)
    return replace(plain, **fields)  # type: ignore[arg-type]


def of_host(host: str, gate: Access | None = None, **fields: object) -> Reply | None:
    return (gate or Access())(head(KEYS, ("Host", host), **fields))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.9.9.9:1",
        "[::1]",
        "[::1]:8080",
        "localhost",
        "LOCALHOST:80",
        "localhost.",
        "api.localhost:8080",
        "host.docker.internal:8080",
        "host.containers.internal",
        "mock.test",
        "192.168.0.7:8080",
        "[fe80::1]:8080",
        "mock",
        "novapost-mock:8080",
        "my_mock",
        "",
    ],
)
def test_hosts_that_no_page_can_have_are_let_in(host: str) -> None:
    """Addresses cannot be rebound, and names without a dot are the own network's, such as Docker's."""
    assert of_host(host) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "evil.internal.example",
        "evil.local",
        "notinternal.example",
        "evil-internal.com",
        "127.0.0.1.evil.example",
        "1.2.3",
        "1.2.3.4.5",
        "evil.example.",
        "api-stage.novapost.pl",
        "127.0.0.1.nip.io:8080",
        "999.0.0.1",
    ],
)
def test_names_that_a_page_can_have_are_kept_out(host: str) -> None:
    """DNS rebinding: the page's own name leads to this machine, and the browser sends that name."""
    assert of_host(host) is OTHER_HOST
    assert OTHER_HOST.status == 421


@pytest.mark.parametrize(
    "host", ["a b", "a/b", "http://a", "a@b", "[::1", "a:b", "a:123456", "a,b", "a:1:2", "é"]
)
def test_what_is_no_host_is_a_bad_request(host: str) -> None:
    """RFC 9112, 3.2."""
    assert of_host(host) is NO_HOST


def test_one_host_is_given_and_not_two() -> None:
    """RFC 9112, 3.2: none is 400 in HTTP/1.1 and allowed in HTTP/1.0; two are 400."""
    assert Access()(head()) is NO_HOST
    assert Access()(head(is_old=True)) is None
    assert Access()(head(KEYS, ("Host", "a"), ("host", "a"))) is NO_HOST


def test_names_can_be_allowed() -> None:
    """For a mock behind a name of one's own."""
    gate = Access(frozenset({"mock.example"}))

    assert of_host("Mock.Example:8080", gate) is None
    assert of_host("mock.example.", gate) is None
    assert of_host("a.mock.example", gate) is OTHER_HOST


def test_a_client_that_takes_the_mock_for_its_proxy_may_ask_any_host_for_the_api() -> None:
    """No page can write the absolute form, and Host means nothing beside it. Control is not for others."""
    sent: Headers = (("Host", "api-stage.novapost.pl"),)
    gate = Access()

    assert gate(head(KEYS, *sent, authority="api-stage.novapost.pl")) is None
    assert gate(head("/__mock__/clock", *sent, authority="api-stage.novapost.pl")) is OTHER_HOST
    assert gate(head("/__mock__/clock", *sent, authority="127.0.0.1:8080")) is None
    assert gate(head(KEYS, *sent, authority="a b")) is NO_HOST


CONTROL = [
    "/__mock__/keys",
    "/__mock__/reset",
    "/__mock__",
    "/__mock__/",
    "/%5F%5fmock__/keys",
    "/__mock__/healthy",
    "/__mock__/health/",
    "/__mock__/%68ealth",
]


@pytest.mark.parametrize("path", CONTROL)
def test_control_wants_its_token(path: str) -> None:
    """However its path is written; the health check and the API want none."""
    gate, host = Access(token=TOKEN), ("Host", "localhost")

    assert gate(head(path, host)) is NO_TOKEN
    assert gate(head(path, host, ("Authorization", f"Bearer {TOKEN}"))) is None
    assert gate(head(path, host, ("authorization", f"bearer {TOKEN}"))) is None
    for wrong in (TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer ", "Bearer é"):
        assert gate(head(path, host, ("Authorization", wrong))) is NO_TOKEN
    twice = ("Authorization", f"Bearer {TOKEN}")
    assert gate(head(path, host, twice, twice)) is NO_TOKEN
    assert gate(head("/__mock__/health", host)) is None
    assert gate(head(KEYS, host)) is None
    assert Access()(head(path, host)) is None


def test_the_token_is_not_shown() -> None:
    """A repr ends up in logs."""
    assert TOKEN not in repr(Access(token=TOKEN))


# On a port


@pytest.fixture(scope="module")
def guarded() -> Iterator[Running]:
    mock = Running("--control-token", TOKEN, "--allow-host", "Mock.Example")
    yield mock
    mock.stop()


def test_a_port_refuses_in_plain_json(guarded: Running) -> None:
    """The refusals are answers like all others, and the connection goes on."""
    with httpx.Client() as client:
        for name, status in (("evil.example", 421), ("mock.example", 422), ("a b", 400)):
            reply = client.get(guarded.base + "clients/authorization", headers={"Host": name})
            assert (reply.status_code, reply.headers["content-type"]) == (status, "application/json")
        reply = client.get(guarded.control + "keys")
        assert (reply.status_code, reply.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert reply.json()["errors"] == ["Control wants its token: Authorization: Bearer TOKEN"]
        assert client.get(guarded.control + "keys", headers={"Authorization": f"Bearer {TOKEN}"}).is_success
        assert client.get(guarded.control + "health").is_success


def test_a_request_without_host_is_a_bad_one(guarded: Running) -> None:
    """RFC 9112, 3.2."""
    assert guarded.exchange(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_an_open_address_has_a_token_of_its_own() -> None:
    """Written to stderr once, in the warning; without it control is closed."""
    mock = Running("--host", "0.0.0.0")  # noqa: S104
    control = mock.control.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    without = httpx.get(control + "keys").status_code
    assert mock.process.stderr is not None
    found = re.fullmatch(r"warning: .* control wants its token (\S{20,})\n", mock.process.stderr.readline())
    assert found is not None
    given = httpx.get(control + "keys", headers={"Authorization": f"Bearer {found[1]}"}).status_code
    mock.stop()

    assert (without, given) == (401, 200)


def test_a_token_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments show in lists of processes; and a token that was given is not written anywhere."""
    monkeypatch.setenv("NOVAPOST_MOCK_CONTROL_TOKEN", TOKEN)
    mock = Running("--host", "0.0.0.0")  # noqa: S104
    control = mock.control.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    statuses = [
        httpx.get(control + "keys", headers=headers).status_code
        for headers in ({}, {"Authorization": f"Bearer {TOKEN}"})
    ]
    _, out, err = mock.stop()

    assert statuses == [401, 200]
    assert TOKEN not in mock.first_line + out + err


def test_tokens_and_names_are_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short token could be tried out; a name with a port would never match."""
    assert refused("--control-token", "short").startswith(
        "error: argument --control-token: a control token is 16"
    )
    assert refused("--allow-host", "http://a").startswith("error: argument --allow-host: a host is a name")
    monkeypatch.setitem(os.environ, "NOVAPOST_MOCK_CONTROL_TOKEN", "short")
    assert refused("--port", "0") == (
        "error: NOVAPOST_MOCK_CONTROL_TOKEN: a control token is 16 to 200 letters, digits and ._~+/-\n"
    )
