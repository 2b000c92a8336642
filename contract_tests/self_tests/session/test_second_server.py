"""A server that keeps the contract in its own way is green: what is left open is no finding."""

import subprocess
import sys

from contract_tests.self_tests.support.second_server import VARIATIONS, second_server
from scripts.lib.paths import ANY_API, NOVAPOST, ROOT

FILES = [
    *(ANY_API / name for name in ("test_statuses.py", "test_operations.py", "test_equal_requests.py")),
    *(
        NOVAPOST / name
        for name in (
            "test_requests.py",
            "test_clients.py",
            "test_client.py",
            "test_parity.py",
            "test_refusals.py",
        )
    ),
]


def _run(address: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", *map(str, FILES), "--campaign", "-q", "-p", "no:cacheprovider"]
    command += [f"--target={address}/v.1.0/", f"--control={address}/__mock__/"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_an_honest_server_of_another_hand_is_green() -> None:
    """Other words, other names, fewer control calls, and what RFC 9110 leaves to a server."""
    with second_server(*VARIATIONS) as address:
        ended = _run(address)

    assert ended.returncode == 0, ended.stdout[-4000:]
    assert "The contract holds" in ended.stdout
    assert "/clients/authorization" in ended.stdout, "a text of an error was taken for a secret"


def test_what_a_server_cannot_do_is_named() -> None:
    """Without Prefer, and without the listing of keys, some things stay unproven, and the summary says so."""
    with second_server("prefer-overlooked", "only-the-listed-control-calls") as address:
        command = [sys.executable, "-m", "pytest", str(ANY_API / "test_statuses.py"), "-rs", "-p"]
        command += ["no:cacheprovider", f"--target={address}/v.1.0/", f"--control={address}/__mock__/"]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert ended.returncode == 0, ended.stdout
    assert "the target does not honour Prefer" in ended.stdout
