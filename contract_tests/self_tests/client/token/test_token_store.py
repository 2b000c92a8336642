"""Do processes share one token through a store, and does a store that breaks cost nothing but the sharing?"""

import asyncio
import json
import os
import pickle
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

import novapost_client as sdk
from contract_tests.self_tests.client.token.token_worker import KEY, PING
from novapost_client import Client, FileTokenStore, StoredToken
from novapost_client._runtime import shared_token
from scripts.lib.paths import ROOT

needs_locks = pytest.mark.skipif(sys.platform == "win32", reason="files have no locks there")

WORKER = "contract_tests.self_tests.client.token.token_worker"


class Memory:
    """A store in a dictionary that notes what it was asked."""

    def __init__(self) -> None:
        self.kept: dict[str, StoredToken] = {}
        self.asked: list[str] = []

    def get(self, key: str) -> StoredToken | None:
        """Return the token."""
        self.asked.append("get")
        return self.kept.get(key)

    def save(self, key: str, token: StoredToken) -> None:
        """Keep it."""
        self.asked.append("save")
        self.kept[key] = token

    def delete(self, key: str) -> None:
        """Forget it."""
        self.asked.append("delete")
        self.kept.pop(key, None)


class Portal:
    """A service that numbers its tokens and takes those that it has not revoked."""

    def __init__(self) -> None:
        self.given = 0
        self.revoked: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return a token for a key, or the token that came."""
        if request.url.path.endswith("/authorization"):
            self.given += 1
            return httpx.Response(200, json={"jwt": f"token-{self.given}"})
        token = request.headers.get("authorization", "")
        if not token.startswith("token-") or token in self.revoked:
            return httpx.Response(401, json={})
        return httpx.Response(200, json={"token": token})


def ask(how: str, portal: Portal, store: Any, key: str = KEY, address: str = "https://a.example") -> str:
    """Return the token that a fresh client sends, as in a fresh process."""
    options: dict[str, Any] = {"httpx_args": {"transport": httpx.MockTransport(portal)}}

    async def run() -> str:
        async with Client(address, api_key=key, token_store=store, **options) as client:
            found: str = (await client.asend(PING)).parsed["token"]
            return found

    if how == "async":
        return asyncio.run(run())
    with Client(address, api_key=key, token_store=store, **options) as client:
        found: str = client.send(PING).parsed["token"]
        return found


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Return a store of either kind."""
    return Memory() if request.param == "memory" else FileTokenStore(tmp_path / "tokens")


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_second_client_takes_the_first_ones_token(store: Any, how: str) -> None:
    """One call for a token, whichever side asks; another key and another address have their own."""
    portal = Portal()

    assert [ask(how, portal, store), ask("sync", portal, store), ask("async", portal, store)] == [
        "token-1"
    ] * 3
    assert ask(how, portal, store, key="another") == "token-2"
    assert ask(how, portal, store, address="https://b.example") == "token-3"
    assert ask(how, portal, store) == "token-1"


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_token_that_is_rejected_is_replaced_for_all(store: Any, how: str) -> None:
    """By the first one who notices; the next one finds the new one."""
    portal = Portal()
    ask(how, portal, store)
    portal.revoked.add("token-1")

    assert ask(how, portal, store) == "token-2"
    assert ask(how, portal, store) == "token-2"
    assert portal.given == 2


def test_a_token_that_another_process_renewed_is_taken_and_not_discarded() -> None:
    """A 401 for the old one comes late: the new one is in the store already."""
    portal, store = Portal(), Memory()
    options: dict[str, Any] = {"httpx_args": {"transport": httpx.MockTransport(portal)}}
    with Client("https://a.example", api_key=KEY, token_store=store, **options) as client:
        client.send(PING)
        portal.revoked.add("token-1")
        assert ask("sync", portal, store) == "token-2"
        assert client.send(PING).parsed["token"] == "token-2"

    assert portal.given == 2
    assert [token.token for token in store.kept.values()] == ["token-2"]


def test_a_token_that_cannot_be_replaced_is_deleted() -> None:
    """Nobody else need try it."""
    portal, store = Portal(), Memory()
    ask("sync", portal, store)

    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={})

    options: dict[str, Any] = {"httpx_args": {"transport": httpx.MockTransport(refuse)}}
    with (
        Client("https://a.example", api_key=KEY, token_store=store, **options) as client,
        pytest.raises(sdk.UnauthorizedError),
    ):
        client.send(PING)

    assert store.kept == {}


@pytest.mark.parametrize("seconds", [59, 0, -5, float("nan"), float("inf")])
def test_a_stored_token_that_has_run_out_is_not_sent(seconds: float) -> None:
    """A minute before its end, as one of our own."""
    portal, store = Portal(), Memory()
    ask("sync", portal, store)
    (key,) = store.kept
    store.kept[key] = StoredToken("token-0", time.time() + seconds)

    assert ask("sync", portal, store) == "token-2"


class Broken(Memory):
    """A store whose server is down; its errors have an address with a password in it."""

    def get(self, key: str) -> StoredToken | None:
        """Fail."""
        raise ConnectionError("redis://:pass-word@host refused")

    save = delete = get  # type: ignore[assignment]


class Rubbish(Memory):
    """A store that gives what it was not given."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value

    def get(self, key: str) -> Any:
        """Something."""
        return self.value


class Stuck(Memory):
    """A store whose lock cannot be had."""

    def lock(self, key: str) -> None:
        """Say that another process has it."""
        self.asked.append("lock")


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize(
    "store",
    [
        Broken(),
        Rubbish("token-7"),
        Rubbish(StoredToken("a\r\nb", 9e9)),
        Rubbish(StoredToken("", 9e9)),
        Rubbish(StoredToken(7, 9e9)),  # type: ignore[arg-type]
        Rubbish({"token": "x"}),
    ],
    ids=["raises", "text", "line break", "empty", "number", "mapping"],
)
def test_a_store_that_breaks_fails_no_call(how: str, store: Memory, caplog: pytest.LogCaptureFixture) -> None:
    """Each client then has its own token; the log says so, without a secret."""
    portal = Portal()

    assert ask(how, portal, store) == "token-1"

    assert "token store" in caplog.text
    assert not [secret for secret in ("pass-word", KEY, "token-7", "token-1") if secret in caplog.text]


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_lock_that_nobody_gives_back_is_not_waited_for_for_ever(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that has it may be stopped."""
    monkeypatch.setattr("novapost_client._runtime.auth.PATIENCE", 0.2)
    store, portal = Stuck(), Portal()

    assert ask(how, portal, store) == "token-1"

    assert store.asked.count("lock") >= 2
    assert shared_token.PATIENCE <= 10


def test_what_is_no_store_is_refused_when_the_client_is_made() -> None:
    """By name of what it lacks."""
    with pytest.raises(sdk.UsageError, match="token_store has no save and no delete"):
        Client("https://a.example", api_key=KEY, token_store={"get": 1})  # type: ignore[arg-type]


def test_a_copy_with_another_store_has_another_token() -> None:
    """And one with the same has the same."""
    portal, store = Portal(), Memory()
    options: dict[str, Any] = {"httpx_args": {"transport": httpx.MockTransport(portal)}}
    client = Client("https://a.example", api_key=KEY, token_store=store, **options)

    tokens = [one.send(PING).parsed["token"] for one in (client, client.with_options(timeout=5))]
    other = client.with_options(token_store=Memory()).send(PING).parsed["token"]

    assert (tokens, other) == (["token-1", "token-1"], "token-2")


def test_nothing_that_is_printed_shows_a_token(tmp_path: Path) -> None:
    """Not the token, not the store, not the client."""
    token = StoredToken("to-ken", 9e9)
    store = FileTokenStore(tmp_path)
    with Client("https://a.example", api_key=KEY, token_store=store) as client:
        engine = client._engine
        shown = f"{token} {token!r} {[token]} {store} {client!r} {vars(engine)} {vars(engine._auth)}"

    assert not [secret for secret in ("to-ken", KEY, "9000000000") if secret in shown]
    assert StoredToken.from_json(token.to_json()) == token == pickle.loads(pickle.dumps(token))  # noqa: S301


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"token": 1, "expires_at": 2}', "[" * 10_000, "\0"]
)
def test_a_text_that_is_no_token_is_refused(text: str) -> None:
    """Without a word of it in the message."""
    with pytest.raises(ValueError, match="no stored token"):
        StoredToken.from_json(text)


# -- files --


@needs_locks
def test_a_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask, and the folder too."""
    store = FileTokenStore(tmp_path / "a" / "b")
    before = os.umask(0)
    try:
        store.save("key", StoredToken("t", 1.0))
        lock = store.lock("key")
    finally:
        os.umask(before)

    assert lock is not None
    lock.release()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a" / "b").iterdir()}
    assert modes == {"key.json": 0o600, "key.lock": 0o600}
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    assert store.get("key") == StoredToken("t", 1.0)
    store.delete("key")
    store.delete("key")
    assert store.get("key") is None


@needs_locks
@pytest.mark.parametrize("spoil", ["mode", "link", "folder", "rubbish"])
def test_a_file_that_somebody_else_could_have_made_is_not_read(
    tmp_path: Path, spoil: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is replaced where that is possible; a call succeeds in any case."""
    store, portal = FileTokenStore(tmp_path), Portal()
    ask("sync", portal, store)
    (path,) = tmp_path.glob("*.json")
    content = path.read_text()
    if spoil == "mode":
        path.chmod(0o644)
    elif spoil == "link":
        (tmp_path / "elsewhere").write_text(content)
        (tmp_path / "elsewhere").chmod(0o600)
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere")
    elif spoil == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_text(content[:-5])

    assert ask("sync", portal, store) == "token-2"
    assert ("others can read it" in caplog.text) is (spoil == "mode")
    assert ask("sync", portal, store) == ("token-3" if spoil == "folder" else "token-2")
    assert (tmp_path / "elsewhere").exists() is (spoil == "link")
    if spoil == "link":
        assert (tmp_path / "elsewhere").read_text() == content


@needs_locks
@pytest.mark.parametrize("others", range(1, 0o100))
def test_a_file_that_anybody_else_may_touch_is_not_read(tmp_path: Path, others: int) -> None:
    """Whichever right of the group or of all others it is."""
    store = FileTokenStore(tmp_path)
    store.save("key", StoredToken("token", 1.0))
    assert store.get("key") == StoredToken("token", 1.0)

    (tmp_path / "key.json").chmod(0o600 | others)

    with pytest.raises(PermissionError, match="others can read it"):
        store.get("key")


@pytest.mark.parametrize("key", ["", "../x", "a/b", "a\0b", "."])
def test_a_key_is_no_way_out_of_the_folder(tmp_path: Path, key: str) -> None:
    """The client makes none of these; somebody else may use the store."""
    store = FileTokenStore(tmp_path)
    for call in (store.get, store.delete, store.lock):
        with pytest.raises(ValueError, match="letters"):
            call(key)


def test_a_file_is_never_seen_half(tmp_path: Path) -> None:
    """While one writes and another reads."""
    store, over = FileTokenStore(tmp_path), threading.Event()
    store.save("key", StoredToken("t" * 1000, 1.0))

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            store.save("key", StoredToken("t" * (1000 + number % 2 * 20_000), 1.0))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        seen = [store.get("key") for _ in range(300)]
    finally:
        over.set()
        thread.join()

    assert None not in seen
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


@needs_locks
def test_one_process_has_the_lock(tmp_path: Path) -> None:
    """Until it gives it back, or is gone; a copy of its open file in a child does not keep it."""
    store = FileTokenStore(tmp_path)
    lock = store.lock("key")
    assert lock is not None
    assert store.lock("key") is None
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    try:
        lock.release()
        lock.release()
        again = store.lock("key")
        assert again is not None
        del again
        assert store.lock("key") is not None
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


@needs_locks
@pytest.mark.parametrize("how", ["released", "collected"])
def test_a_child_does_not_give_back_the_lock_of_its_parent(tmp_path: Path, how: str) -> None:
    """It has a copy of everything, and clears it away: by itself, or when nobody there holds it any more."""
    store = FileTokenStore(tmp_path)
    lock = store.lock("key")
    assert lock is not None
    child = os.fork()
    if child == 0:
        number = lock._file
        if how == "released":
            lock.release()
        else:
            del lock
        try:
            os.fstat(number)
        except OSError:
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0, "the child still has the file"

    assert store.lock("key") is None
    lock.release()
    assert store.lock("key") is not None


@needs_locks
def test_a_cancelled_call_gives_the_lock_back(tmp_path: Path) -> None:
    """Whether it was asking the service or waiting for another process."""
    store = FileTokenStore(tmp_path)

    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError

    async def cancel(transport: httpx.MockTransport, seconds: float) -> None:
        client = Client(
            "https://a.example", api_key=KEY, token_store=store, httpx_args={"transport": transport}
        )
        task = asyncio.create_task(client.asend(PING))
        await asyncio.sleep(seconds)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def main() -> None:
        await cancel(httpx.MockTransport(never), 0.3)
        (path,) = tmp_path.glob("*.lock")
        held = store.lock(path.stem)
        assert held is not None
        await cancel(httpx.MockTransport(never), 0.3)
        held.release()
        again = store.lock(path.stem)
        assert again is not None
        again.release()

    asyncio.run(main())
    assert ask("sync", Portal(), store) == "token-1"


# -- Redis --


def store_of_the_page(address: str) -> Any:
    """Return the class that docs/how-to/production.md shows, over a Redis."""
    page = (ROOT / "docs" / "how-to" / "production.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^(class RedisTokenStore:\n.*?)\n\n\n", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"Redis": redis.Redis, "StoredToken": StoredToken}
    exec(compile(shown, "production.md", "exec"), names)  # noqa: S102 - our own page
    return names["RedisTokenStore"](redis.Redis.from_url(address))


@pytest.fixture
def redis_address() -> Iterator[str]:
    """Yield the address of a Redis for the time of a test, on a socket in a folder of ours."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        pytest.skip(
            "a token store in a real Redis was not tried: none is here; `make redis` installs Debian's"
        )
    with tempfile.TemporaryDirectory(prefix="np-redis-") as folder:
        socket = f"{folder}/s"
        command = [server, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    if "ready to accept connections" in line.lower():
                        break
                yield f"unix://{socket}"
            finally:
                process.terminate()


@pytest.mark.parametrize("how", ["sync", "async"])
def test_the_store_of_the_page_keeps_a_token_in_redis(redis_address: str, how: str) -> None:
    """Until it runs out; one asks, with the lock; a rejected one is replaced."""
    portal = Portal()

    assert ask(how, portal, store_of_the_page(redis_address)) == "token-1"
    assert ask(how, portal, store_of_the_page(redis_address)) == "token-1"
    portal.revoked.add("token-1")
    assert ask(how, portal, store_of_the_page(redis_address)) == "token-2"

    server = redis.Redis.from_url(redis_address)
    (key,) = server.keys()
    assert KEY.encode() not in key
    assert 3500_000 < server.pttl(key) <= 3600_000
    held = store_of_the_page(redis_address).lock("key")
    assert held is not None
    assert store_of_the_page(redis_address).lock("key") is None
    held.release()


# -- processes --


class _Service(BaseHTTPRequestHandler):
    given = 0

    def do_GET(self) -> None:
        """Return a token, slowly, so that all workers want one at once; or the token that came."""
        if "authorization" in self.path:
            time.sleep(0.3)
            type(self).given += 1
            body: dict[str, str] = {"jwt": f"token-{self.given}"}
        else:
            body = {"token": self.headers.get("authorization", "")}
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *ignored: Any) -> None:
        """No-op: nobody reads it."""


@pytest.fixture
def service() -> Iterator[str]:
    """Yield the address of a service on this machine."""
    _Service.given = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@needs_locks
def test_workers_that_start_together_obtain_one_token(service: str, tmp_path: Path) -> None:
    """Sync and async ones side by side: one asks the service, the others wait for it."""
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "contract_tests.self_tests.client.token.token_worker",
                service,
                str(tmp_path),
                how,
                "3",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for how in ("sync", "async", "sync", "async")
    ]
    printed = [worker.communicate(timeout=60)[0].split() for worker in workers]

    assert [worker.returncode for worker in workers] == [0] * 4
    assert printed == [["token-1"] * 3] * 4
    assert _Service.given == 1


@needs_locks
def test_a_child_that_was_forked_shares_the_token_too(service: str, tmp_path: Path) -> None:
    """As under a server that forks its workers after loading: the parent's token, or one for all."""
    client = Client(service, api_key=KEY, token_store=FileTokenStore(tmp_path))
    outside, inside = os.pipe()
    children: list[int] = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                os.write(inside, f"{client.send(PING).parsed['token']}\n".encode())
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    os.close(inside)
    with os.fdopen(outside) as read:
        assert read.read().split() == ["token-1"] * 3
    assert _Service.given == 1
