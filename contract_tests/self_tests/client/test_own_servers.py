"""Operations with servers of their own: where does the client send them, and its credentials?"""

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts import regenerate

ANSWER = {"responses": {"204": {"description": "Done"}}}
TEXT = {"schema": {"type": "string"}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Depot", "version": "1"},
    "servers": [
        {"url": "https://stage.depot.example/v1", "description": "sandbox"},
        {"url": "https://depot.example/v1", "description": "production"},
    ],
    "security": [{"key": []}],
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    "paths": {
        "/items": {"get": {"operationId": "items", **ANSWER}},
        "/files": {
            "servers": [{"url": "https://files.depot.example/up/", "description": "Where files are kept"}],
            "put": {"operationId": "files", **ANSWER},
        },
        "/labels": {
            "servers": [{"url": "https://never.depot.example"}],
            "get": {
                "operationId": "labels",
                "servers": [
                    {
                        "url": "https://{region}.print.example",
                        "variables": {"region": {"default": "eu"}},
                        "description": "production",
                    },
                    {"url": "https://print-stage.example", "description": "sandbox"},
                ],
                **ANSWER,
            },
        },
        "/beta": {"get": {"operationId": "beta", "servers": [{"url": "/beta/v2"}], **ANSWER}},
        "/pay": {
            "post": {
                "operationId": "pay",
                "servers": [{"url": "https://pay.example", "description": "production"}],
                **ANSWER,
            }
        },
        "/plain": {"get": {"operationId": "plain", "servers": [{"url": "http://plain.example"}], **ANSWER}},
    },
}


class Server:
    """Answers 204 and keeps what it was asked."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return the answer."""
        self.seen.append(request)
        return httpx.Response(204)

    def addresses(self) -> list[str]:
        """Where it was asked, in order."""
        return [str(request.url) for request in self.seen]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Yield the package of the document, generated and imported."""
    folder = tmp_path_factory.mktemp("package")
    (folder / "depot.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    arguments = ["--spec", str(folder / "depot.json"), "--output", str(folder / "depot_client")]
    assert regenerate.main(arguments) == 0
    sys.path.insert(0, str(folder))
    yield importlib.import_module("depot_client")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("depot_client")]:
        del sys.modules[name]


@pytest.fixture
def server() -> Server:
    """Return a server of its own for each test."""
    return Server()


def connected(server: Server) -> dict[str, Any]:
    """Return the settings of a client whose requests end in a server."""
    return {"api_key": "k", "httpx_args": {"transport": httpx.MockTransport(server)}}


def test_an_operation_goes_to_its_own_server(package: Any, server: Server) -> None:
    """Its own before its path's, of several that of the client's environment, variables filled."""
    for client in (
        package.Client.sandbox(**connected(server)),
        package.Client.production(**connected(server)),
    ):
        client.items.list()
        client.files.replace()
        client.labels.list()
        client.beta.list()

    assert server.addresses() == [
        "https://stage.depot.example/v1/items",
        "https://files.depot.example/up/files",
        "https://print-stage.example/labels",
        "https://stage.depot.example/beta/v2/beta",
        "https://depot.example/v1/items",
        "https://files.depot.example/up/files",
        "https://eu.print.example/labels",
        "https://depot.example/beta/v2/beta",
    ]
    assert {request.headers["x-key"] for request in server.seen} == {"k"}


@pytest.mark.parametrize("base", ["http://127.0.0.1:8080/api", "https://stage.depot.example/v2"])
def test_the_address_of_the_caller_wins(package: Any, server: Server, base: str) -> None:
    """A mock or a gateway gets every request, and no host of the document any."""
    client = package.Client(base, **connected(server))

    client.files.replace()
    client.labels.list()
    client.pay.create()
    client.beta.list()

    origin = base.rpartition("/")[0]
    assert server.addresses() == [f"{base}/files", f"{base}/labels", f"{base}/pay", f"{origin}/beta/v2/beta"]


def test_the_address_of_an_environment_is_the_environment(package: Any, server: Server) -> None:
    """However the client was given it."""
    environ = {"DEPOT_BASE_URL": "https://stage.depot.example/v1/", "DEPOT_API_KEY": "k"}
    args = {"transport": httpx.MockTransport(server)}

    package.Client.from_env(environ, httpx_args=args).files.replace()

    assert server.addresses() == ["https://files.depot.example/up/files"]


def test_an_operation_that_another_environment_has_is_refused(package: Any, server: Server) -> None:
    """A client of the sandbox sends nothing, and no key, to a server of production."""
    client = package.Client.sandbox(**connected(server))

    with pytest.raises(package._runtime.errors.EnvironmentMismatchError, match="only in production"):
        client.pay.create()

    assert server.seen == []


def test_a_server_without_encryption_is_refused(package: Any, server: Server) -> None:
    """A key does not travel in the clear because one operation of the document says so."""
    with pytest.raises(package._runtime.errors.InsecureAddressError, match=r"plain\.example"):
        package.Client.sandbox(**connected(server)).plain.list()
    assert server.seen == []

    package.Client.sandbox(**connected(server), allow_insecure=True).plain.list()
    assert server.addresses() == ["http://plain.example/plain"]


def test_a_redirect_from_there_keeps_to_its_host(package: Any) -> None:
    """Not even to a host that the document has for other operations."""
    answers = {
        "https://files.depot.example/up/files": "https://stage.depot.example/v1/items",
        "https://print-stage.example/labels": "https://print-stage.example/moved",
    }
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        place = answers.get(str(request.url))
        return httpx.Response(204) if place is None else httpx.Response(307, headers={"location": place})

    args = {"transport": httpx.MockTransport(answer)}
    client = package.Client.sandbox(api_key="k", httpx_args=args)

    with pytest.raises(package._runtime.errors.StatusError):
        client.files.replace()
    client.labels.list()

    assert asked == [
        "https://files.depot.example/up/files",
        "https://print-stage.example/labels",
        "https://print-stage.example/moved",
    ]


def test_each_host_has_connections_of_its_own(package: Any) -> None:
    """Whether a proxy is used depends on the host; whoever closes the client closes all of them."""
    client = package.Client.sandbox(api_key="k")
    engine = client._engine
    sender = engine._sender_to("https://files.depot.example/up")
    files = sender.connections

    assert engine._sender_to("https://files.depot.example/up") is sender
    assert engine._sender_to("https://files.depot.example/other").connections is files
    assert engine._sender_to("https://stage.depot.example/beta").connections is engine._sender.connections
    assert (
        client.with_options(timeout=3)._engine._sender_to("https://files.depot.example").connections is files
    )
    inner = files.sync_client()
    client.close()
    assert inner.is_closed


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("broken", [0, 1], ids=["main", "elsewhere"])
def test_connections_that_fail_to_close_leave_no_others_open(
    package: Any, how: str, broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither those of another host nor those of tasks; and the failure is told."""

    def fail() -> None:
        raise OSError("cannot be closed")

    async def close(client: Any) -> None:
        if how == "sync":
            client.close()
        else:
            await client.aclose()

    async def main() -> list[bool]:
        client = package.Client.sandbox(api_key="k")
        engine = client._engine
        both = [engine._sender.connections, engine._sender_to("https://files.depot.example").connections]
        threads = [one.sync_client() for one in both]
        tasks = [one.async_client() for one in both]
        monkeypatch.setattr(threads.pop(broken), "close", fail)
        with pytest.raises(OSError, match="cannot be closed"):
            await close(client)
        for _ in range(10):
            await asyncio.sleep(0)
        return [one.is_closed for one in (*threads, *tasks)]

    assert asyncio.run(main()) == [True] * 3


def test_the_docstring_and_a_note_say_so(
    package: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Credentials leave for another host: whoever generates and whoever calls reads it."""
    from_docstring = " ".join(package.Client.sandbox().files.replace.__doc__.split())
    assert "Sent to https://files.depot.example/up by a client that has an address" in from_docstring

    (tmp_path / "depot.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    arguments = ["--spec", str(tmp_path / "depot.json"), "--output", str(tmp_path / "depot_client")]
    assert regenerate.main(arguments) == 0
    told = capsys.readouterr().err
    assert "#/paths/~1files/servers: requests go to https://files.depot.example/up, with credentials" in told


@pytest.mark.parametrize("url", ["https://me@files.example", "https://a b.example", "../x", "/a/../b"])
def test_an_address_that_no_path_can_follow_is_refused(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As among the document's own servers."""
    paths = {**DOCUMENT["paths"], "/files": {"servers": [{"url": url}], "put": ANSWER}}
    (tmp_path / "depot.json").write_text(json.dumps({**DOCUMENT, "paths": paths}), encoding="utf-8")

    with pytest.raises(Exception, match=r"#/paths/~1files/servers/0: ") as caught:
        regenerate.main(["--spec", str(tmp_path / "depot.json"), "--output", str(tmp_path / "depot_client")])

    assert type(caught.value).__name__ in ("Refusal", "Refusals")
