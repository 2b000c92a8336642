"""What `make bench` measures with: a figure that nobody checked is worse than none."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.bench.tools import load as loading
from contract_tests.bench.tools import peers
from contract_tests.bench.tools.load import Call, LoadError, Measured, load
from contract_tests.bench.tools.serving import cpu_seconds, family, megabytes
from contract_tests.bench.values import Missing
from contract_tests.self_tests.mock.http.test_server import served
from novapost_mock import Mock, Reply

ASK = Call("POST", "/v.1.0/test-api-keys", b'{"phone": "498213437654"}')
WRK = """Running 4s test @ http://127.0.0.1:9004/
  1 threads and 32 connections
  Latency Distribution
     50%  830.00us
     75%    3.65ms
     99%    1.16s \n  95650 requests in 4.00s, 29.15MB read
Requests/sec:  23893.27
"""


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "wrk", lambda: None)


@pytest.mark.usefixtures("by_hand")
def test_a_load_counts_the_answers_that_came() -> None:
    """As many as the server gave, give or take what was under way at the end and one to begin with."""
    seen = 0

    def handle(request: object) -> Reply:
        nonlocal seen
        seen += 1
        return Reply.of_json(200, {})

    with served(handle) as server:
        measured = load(server.address[1], ASK, 0.3)

    assert 0 <= seen - measured.requests <= 33
    assert measured.requests > 32
    assert 0 < measured.p50 <= measured.p99


@pytest.mark.usefixtures("by_hand")
def test_answers_other_than_200_are_no_figure() -> None:
    """A server that refuses is quick."""
    with served(Mock(["4915112345678"]).handle) as server, pytest.raises(LoadError, match="404"):
        load(server.address[1], ASK, 0.3)


def test_what_wrk_tells_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units differ from line to line; and a refusal is none of the figures."""
    slow = WRK + "  Socket errors: connect 0, read 0, write 0, timeout 3\n"
    given_costs = [
        slow,
        WRK + "  Non-2xx or 3xx responses: 7\n",
        WRK + "  Socket errors: connect 0, read 1, write 0\n",
        WRK.replace("95650", "0"),
    ]

    class Done:
        stderr = ""

        @property
        def stdout(self) -> str:
            return given_costs.pop(0)

    monkeypatch.setattr(loading, "wrk", lambda: ("wrk",))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: Done())

    assert load(1, ASK, 4) == Measured(95650, 23893.27, 830.0 * 1e-3, 1160.0)
    for reason in ("Non-2xx or 3xx responses: 7", "Socket errors: connect 0, read 1", "no answer in 4 s"):
        with pytest.raises(LoadError, match=reason):
            load(1, ASK, 4)


def test_a_process_has_time_and_memory() -> None:
    """Of itself here; where the system does not tell, zero."""
    assert family(os.getpid())[0] == os.getpid()
    assert cpu_seconds(os.getpid()) >= 0
    assert megabytes(os.getpid()) >= 0


APT = """#!/bin/sh
case "$*" in
*update) mkdir -p {place}/wrk/lists && {update} ;;
*) echo > wrk.deb ;;
esac
"""
UNPACK = """#!/bin/sh
mkdir -p "$3/usr/bin" "$3/usr/lib/somewhere"
echo > "$3/usr/lib/somewhere/libluajit-5.1.so.2"
printf '#!/bin/sh\\necho "$LD_LIBRARY_PATH $*"\\n' > "$3/usr/bin/wrk"
chmod +x "$3/usr/bin/wrk"
"""


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make a machine that has apt and no wrk; given the effect of its `apt-get update`."""
    place, programs = tmp_path / "bench", tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setattr(peers, "PLACE", place)
    for name in ("sh", "mkdir", "chmod", "env"):
        (programs / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(programs))

    def made(update: str) -> None:
        for name, text in {"apt-get": APT.format(place=place, update=update), "dpkg-deb": UNPACK}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)

    return made


def test_wrk_is_brought_and_not_installed(debian: Callable[[str], None], tmp_path: Path) -> None:
    """From Debian's packages, as whoever runs the bench; its library comes along."""
    debian("true")

    assert peers.wrk() is None
    peers.fetch_wrk()

    called = peers.wrk()
    assert called is not None
    done = subprocess.run([*called, "-t1"], capture_output=True, text=True, check=True)
    assert done.stdout == f"{tmp_path}/bench/wrk/root/usr/lib/somewhere -t1\n"


def test_wrk_that_cannot_be_had_is_named(debian: Callable[[str], None]) -> None:
    """With what apt said; the load is then that of the loop."""
    debian("{ echo 'E: no network' >&2; exit 100; }")

    with pytest.raises(Missing, match="apt-get could not install it: E: no network"):
        peers.fetch_wrk()
    assert peers.wrk() is None


def test_without_debian_there_is_no_wrk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is tried."""
    monkeypatch.setattr(peers, "PLACE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Missing, match="no apt-get here"):
        peers.fetch_wrk()
