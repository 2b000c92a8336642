"""Do client and mock work where POSIX is not: without its modules, its signals and its way of paths?

Windows is played in a process of its own: what it lacks is taken away before anything of ours is imported. It
has never been more than played here; CI runs the real one.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

LACKING = """
import asyncio, os, signal, sys, types
for name in ("fcntl", "grp", "pwd", "resource", "termios", "uvloop"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "geteuid", "getuid", "register_at_fork", "killpg", "setsid", "WNOHANG"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGCHLD", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGXCPU", "SIGPIPE", "set_wakeup_fd"):
    if hasattr(signal, name):
        delattr(signal, name)

def refuse(*_):
    raise NotImplementedError

asyncio.SelectorEventLoop.add_signal_handler = refuse


def play_windows():
    "Only for our modules: those of others would load parts of Windows."
    played = types.SimpleNamespace(**{**vars(sys), "platform": "win32"})
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("novapost_client", "novapost_mock") and vars(module).get("sys") is sys:
            module.sys = played
"""

ASK = """
from threading import Thread

import novapost_mock.testing.pytest_plugin
from novapost_client import Client
from novapost_mock.cli import main

play_windows()
read, write = os.pipe()
sys.stdout = os.fdopen(write, "w", buffering=1)


def ask():
    base = os.fdopen(read).readline().rpartition(" ")[2].strip()
    with Client(base) as novapost:
        key = novapost.test_api_keys.create(phone="498213437654")
        jwt = novapost.clients.authorization(api_key=key.api_key).jwt
        again = asyncio.run(novapost.aio.test_api_keys.create(phone="498213437654"))
    print(key.status, bool(jwt), again.api_key == key.api_key, file=sys.stderr)
    signal.raise_signal(signal.SIGINT)


Thread(target=ask, daemon=True).start()
sys.exit(main(["--port", "0", *sys.argv[1:]]))
"""

UNTRUSTED = """
from pathlib import Path

from scripts.regenerate import main

sys.exit(main(sys.argv[1:]))
"""


def run(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", LACKING + code, *arguments],
        env={**os.environ, "PYTHONUTF8": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_client_and_mock_work_together(tmp_path: Path) -> None:
    """Both calls, sync and async, over a port, with a state in a file; Ctrl-C ends the mock."""
    done = run(ASK, "--state", str(tmp_path / "state.db"))

    assert (done.stderr, done.returncode) == ("Active True True\n", 0)


def test_several_workers_are_refused_in_a_line() -> None:
    """They need fork."""
    done = run(
        "from novapost_mock.cli import main\nos.name = 'nt'\nsys.exit(main(sys.argv[1:]))", "--workers", "2"
    )

    assert done.returncode == 2
    assert done.stderr == "error: --workers: several need a system with fork, such as Linux or macOS\n"
