"""Is every module that a call needs whole in the child, wherever another thread was in loading it?"""

import importlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest

from contract_tests.self_tests.support.phone_server import PHONE, PhoneServer, phone_server
from novapost_client import Client
from novapost_client._runtime import forks

if not hasattr(os, "fork"):
    pytest.skip("there is no fork here", allow_module_level=True)

# Half loads a module in a thread, forks, and makes calls in the child; 7 if they succeed.
HALF_LOADED = """
import asyncio, importlib, importlib.machinery, os, sys, threading, time
import novapost_client

address, phone, module, phase, act = sys.argv[1:]

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name != module:
            return None
        if phase == "sought":
            started.set()
            time.sleep(0.4)
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module
        def slowly(loaded):
            started.set()
            time.sleep(0.4)
            execute(loaded)
        spec.loader.exec_module = slowly
        return spec

def call():
    client = novapost_client.Client(address, retry=None)
    assert client.test_api_keys.create(phone=phone).status == "Active"

async def call_async():
    client = novapost_client.Client(address, retry=None)
    assert (await client.aio.test_api_keys.create(phone=phone)).status == "Active"
    await client.aclose()

acts = {
    "call": call,
    "call_async": lambda: asyncio.run(call_async()),
    "import": lambda: importlib.import_module(module),
}
started = threading.Event()
assert module not in sys.modules, "loaded already: the test tries nothing"
sys.meta_path.insert(0, Slow())
thread = threading.Thread(target=acts[act])
thread.start()
assert started.wait(5), "never loaded: the test tries nothing"
child = os.fork()
if not child:
    call()
    asyncio.run(call_async())
    os._exit(7)
thread.join()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def code_of(program: str, *arguments: str) -> int | None:
    """Run a program and return its exit code; None if it does not end."""
    command = [sys.executable, "-W", "ignore", "-c", program, *arguments]
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            return process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None


@pytest.fixture(scope="module")
def server() -> Iterator[PhoneServer]:
    """Yield a server for all tests of this module."""
    with phone_server() as one:
        yield one


@pytest.mark.parametrize("phase", ["sought", "executed"])
@pytest.mark.parametrize(
    ("module", "act"),
    [
        ("novapost_client.client", "import"),
        ("novapost_client._runtime.engine", "call"),
        ("novapost_client._runtime.pools", "call"),
        ("novapost_client.resources.test_api_keys", "call"),
        ("novapost_client.models.test_api_key_response", "call"),
        ("novapost_client.models.error_response", "import"),
        ("httpx._models", "call"),
        ("httpcore._sync.http11", "call"),
        ("httpcore._async.connection", "import"),
        ("h11._readers", "call"),
        ("anyio._backends._asyncio", "call_async"),
        ("encodings.idna", "import"),
        ("http.cookiejar", "import"),
        ("concurrent.futures.thread", "import"),
    ],
)
def test_a_fork_waits_until_a_module_is_loaded(
    server: PhoneServer, module: str, phase: str, act: str
) -> None:
    """Half loaded at a fork, it could never be loaded in the child."""
    assert code_of(HALF_LOADED, server.address, PHONE, module, phase, act) == 7


@pytest.mark.parametrize("act", ["", "novapost_client.Client('https://a.example')"], ids=["import", "client"])
def test_a_fork_before_any_call_says_nothing(act: str) -> None:
    """Modules with hooks of their own, loaded within the hook of another, would give back locks unasked."""
    program = f"import os, novapost_client\n{act}\nif os.fork() == 0: os._exit(0)\nos.wait()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize(
    ("act", "code"),
    [("", 7), ("novapost_client.Client('https://a.example')", 8)],
    ids=["import", "client"],
)
def test_a_fork_loads_what_calls_need_only_where_a_client_was_made(act: str, code: int) -> None:
    """A program that imports the package for something else does not pay for it."""
    program = f"""
import os, sys, novapost_client
{act}
if os.fork() == 0:
    os._exit(0)
os.wait()
sys.exit(8 if "httpcore" in sys.modules else 7)
"""
    assert code_of(program) == code


def test_a_fork_tries_each_module_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that cannot be loaded, however many clients need it."""
    tried: list[str] = []

    def load(name: str) -> None:
        tried.append(name)
        raise ImportError(name)

    monkeypatch.setattr(forks, "_needed", {})
    monkeypatch.setattr(importlib, "import_module", load)
    for _ in range(2):
        forks.need("one", "two")
        forks.need("one")
        forks.load()

    assert tried == ["one", "two"]


@pytest.mark.parametrize(
    ("proxy", "wanted"),
    [("http://127.0.0.1:9", False), ("socks5://127.0.0.1:9", True)],
    ids=["http", "socks"],
)
def test_a_fork_loads_the_modules_of_a_socks_proxy_for_one_alone(
    proxy: str, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another proxy needs none of them."""
    needed: dict[str, bool] = {}
    monkeypatch.setattr(forks, "_needed", needed)

    Client("https://a.example", httpx_args={"proxy": proxy})

    assert any("socks" in name for name in needed) is wanted


# Prints the modules that calls load after everything was loaded that a fork loads.
LOADED_LATE = """
import asyncio, concurrent.futures.thread, sys
# Those that httpx and httpcore load where they happen to be installed load half of the others.
sys.modules.update(dict.fromkeys(["trio", "rich", "click", "pygments"]))
from novapost_client import Client, FileTokenStore
from novapost_client._runtime import forks

address, phone, folder = sys.argv[1:]
forks.load()
before = set(sys.modules)
store = FileTokenStore(folder)
client = Client(address, retry=None, api_key="k" * 32, token_store=store)

async def main(client):
    await client.aio.test_api_keys.create(phone=phone)
    await client.aio.clients.authorization()
    await client.aclose()

for one in (client, client.with_options(address.replace("127.0.0.1", "localhost"))):
    one.test_api_keys.create(phone=phone)
    one.clients.authorization()
    asyncio.run(main(one))
for failing in (
    Client("http://localhost:1", retry=None),
    Client("https://localhost:1", retry=None),
    client.with_options(timeout=0.000001),
):
    try:
        failing.test_api_keys.create(phone=phone)
    except Exception:
        pass
late = set(sys.modules) - before
late = {name for name in late if not name.startswith("novapost_client") or "_runtime" in name}
sys.exit(f"loaded late: {sorted(late)}" if late else 7)
"""


def test_a_fork_loads_everything_that_a_call_needs(server: PhoneServer, tmp_path: os.PathLike[str]) -> None:
    """Then a child loads nothing but resources and models, of which it forgets those half loaded."""
    assert code_of(LOADED_LATE, server.address, PHONE, str(tmp_path)) == 7


def test_a_child_forgets_the_modules_of_the_package_that_were_half_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are loaded anew. One that is whole, and those of others, stay what they are."""
    mine, theirs = SimpleNamespace(owner=threading.get_ident()), SimpleNamespace(owner=-1)
    half, whole, others = "novapost_client.half", "novapost_client.whole", "elsewhere"
    locks = {name: (lambda: theirs) for name in (half, whole, others)} | {
        "novapost_client.mine": lambda: mine
    }
    monkeypatch.setattr(forks, "_locks", locks)
    for name in (half, whole, others):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
        sys.modules[name].__spec__ = SimpleNamespace(_initializing=name != whole)  # type: ignore[assignment]

    forks._forget_half_loaded()

    assert set(locks) == {others, "novapost_client.mine"}
    assert [name in sys.modules for name in (half, whole, others)] == [False, True, True]


@pytest.mark.parametrize(
    ("has_client", "loads", "loaded"), [(False, False, 0), (True, False, 1), (False, True, 1)]
)
def test_a_fork_loads_what_calls_need_only_where_it_has_to(
    has_client: bool, loads: bool, loaded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that only imports the package does not wait for all of it."""
    seen: list[int] = []
    monkeypatch.setattr(forks, "_has_client", has_client)
    monkeypatch.setattr(forks, "_locks", {"x": lambda: SimpleNamespace(owner=-1)} if loads else {})
    monkeypatch.setattr(forks, "load", lambda: seen.append(1))

    forks._before()

    assert len(seen) == loaded
