"""A server that keeps the contract in its own way is green: what is left open is no finding."""

import subprocess

import pytest

from contract_tests.self_tests.honest.__main__ import verdict
from contract_tests.self_tests.honest.pairwise import rows
from contract_tests.self_tests.honest.servers import SERVERS, suite_on
from scripts.lib.paths import ANY_API, NOVAPOST

# What takes longest is left to the campaign: the walks, the histories and what schemathesis makes up.
FILES = [
    *(ANY_API / name for name in ("test_statuses.py", "test_equal_requests.py")),
    *(
        NOVAPOST / f"test_{name}.py"
        for name in (
            *("requests", "clients", "client", "parity", "refusals", "renewals", "limit", "tokens"),
            *("calendar", "memory"),
        )
    ),
]
SAMPLE = [(name, row) for name, server in SERVERS.items() for row in list(rows(server.factors, 7))[:1]]


@pytest.mark.parametrize(("server", "does"), SAMPLE, ids=[name for name, _ in SAMPLE])
def test_an_honest_server_of_another_hand_is_green(server: str, does: tuple[str, ...]) -> None:
    """Other words, other readings, fewer control calls, and what RFC 9110 leaves to a server."""
    with SERVERS[server].started(*does) as address:
        ended = suite_on(address, "--seed=7", files=FILES)

    assert ended.returncode == 0, f"{server}: {', '.join(does)}\n{ended.stdout[-4000:]}{ended.stderr[-1000:]}"
    assert "no findings" in ended.stdout.lower(), ended.stdout[-4000:]
    assert "/clients/authorization" in ended.stdout, "a text of an error was taken for a secret"


@pytest.mark.parametrize(
    ("server", "does"),
    [
        ("socket", "odd-bytes-refused-by-a-gateway"),
        ("socket", "unknown-paths-redirected"),
        ("wsgi", "other-type-is-422"),
        ("wsgi", "options-200"),
    ],
)
def test_what_no_document_speaks_of_is_left_to_the_server(server: str, does: str) -> None:
    """Bytes that no client writes, paths that there are not, types that are not JSON, and OPTIONS."""
    names = ("requests", "asking", "tokens", "refusals", "parity")
    with SERVERS[server].started(does) as address:
        files = [ANY_API / "test_statuses.py", *(NOVAPOST / f"test_{name}.py" for name in names)]
        ended = suite_on(address, "--seed=7", files=files)

    assert ended.returncode == 0, ended.stdout[-4000:]


@pytest.mark.parametrize(
    ("server", "does", "lacks"),
    [
        ("socket", "only-the-listed-control-calls", "GET keys"),
        ("wsgi", "no-cleanup", "POST cleanup"),
        ("wsgi", "no-clock", "PUT clock"),
    ],
)
def test_rules_without_their_control_call_are_named_as_unproven(server: str, does: str, lacks: str) -> None:
    """What the target cannot do is asked first; the rest is tried, and no rule passes silently."""
    names = ("renewals", "clients", "limit")
    with SERVERS[server].started(does) as address:
        ended = suite_on(address, files=[NOVAPOST / f"test_{name}.py" for name in names])

    assert f"the control API lacks {lacks}: what needs that was left out" in ended.stdout, ended.stdout
    told = next(line for line in ended.stdout.splitlines() if line.startswith("rules unproven here"))
    assert "one-active" in told if lacks == "GET keys" else "cleaned-new" in told
    assert "finding" not in ended.stdout.replace("No findings", ""), ended.stdout
    assert "without a finding" not in ended.stdout


def test_what_a_server_cannot_do_is_named() -> None:
    """Without Prefer, and without the listing of keys, some things stay unproven, and the summary says so."""
    with SERVERS["socket"].started("prefer-overlooked", "only-the-listed-control-calls") as address:
        ended = suite_on(address, "-rs", files=[ANY_API / "test_statuses.py"])

    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        (0, "The contract holds: no findings.", "green"),
        (1, "The contract is not proven.", "unproven"),
        (1, "The contract is broken: 1 finding.", "exit 1"),
        (2, "error: The contract is not proven.", "exit 2"),
    ],
)
def test_a_server_without_a_way_to_a_status_is_not_at_fault(code: int, said: str, expected: str) -> None:
    """It overlooks `Prefer` and has no faults, so nobody can bring its 503 about."""
    assert verdict(subprocess.CompletedProcess([], code, said, "")) == expected
