"""Is deviations.toml strict: nothing vague, nothing stale, nothing for a target that it does not name?"""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from contract_tests.checks import deviations
from contract_tests.checks.deviations import FILE, BadDeviations, Deviations
from contract_tests.checks.finding import Finding
from contract_tests.novapost.knowledge.contract import contract

CONTRACT = contract()
POST = "POST /test-api-keys"
GOOD = {
    "target": '"sandbox"',
    "operation": f'"{POST}"',
    "check": '"error-says-so"',
    "evidence": '"the nightly run of 1 March"',
    "seen": "2026-03-01",
    "review": "2026-09-01",
}


def read(path: Path, target: str | None = "sandbox") -> Deviations:
    return deviations.read(path, CONTRACT, target)


def written(folder: Path, **changes: str | None) -> Path:
    path = folder / "deviations.toml"
    columns = {name: value for name, value in (GOOD | changes).items() if value is not None}
    path.write_text("[[deviation]]\n" + "".join(f"{name} = {value}\n" for name, value in columns.items()))
    return path


def test_the_committed_file_is_read() -> None:
    """Whatever it holds, it is for the sandbox or another named target, never for our own mock."""
    assert read(FILE, None).accepted == ()
    read(FILE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"operation": '"POST /keys"'}, "operation 'POST /keys' is not in the document; there are POST"),
        ({"check": '"whatever"'}, "check 'whatever' is none of the suite's"),
        ({"evidence": '"yes"'}, "evidence says too little for anybody to look it up"),
        ({"evidence": None}, "evidence is missing"),
        ({"review": None}, "review is missing"),
        ({"review": '"soon"'}, "review is no date"),
        ({"status": '"404"'}, "status is no number"),
        ({"status": "true"}, "status is no number"),
        ({"review": "2026-02-01"}, "review comes after seen, and within a year"),
        ({"review": "2029-01-01"}, "review comes after seen, and within a year"),
        ({"seen": "2026-09-01"}, "review comes after seen, and within a year"),
        ({"seen": "2025-08-30"}, "review comes after seen, and within a year"),
        ({"target": '"mock"'}, "target is sandbox or a base address, not 'mock'"),
        ({"because": '"x"'}, "'because' is no column"),
    ],
)
def test_a_vague_entry_is_refused(changes: dict[str, str | None], reason: str, tmp_path: Path) -> None:
    """With its number and what to mend, also where it is for another target."""
    for target in ("sandbox", "http://127.0.0.1/", None):
        with pytest.raises(BadDeviations) as caught:
            read(written(tmp_path, **changes), target)

        assert len(caught.value.args) == 1
        assert caught.value.args[0].startswith(f"deviations.toml: deviation 1: {reason}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[deviation", "deviations.toml: "),
        ("deviations = 1\n", "deviations.toml: 'deviations' is not a deviation"),
        ("deviation = 1\n", "deviations.toml: each deviation begins with [[deviation]]"),
        ("deviation = [1]\n", "deviations.toml: deviation 1: is no table"),
        ("# " + "x" * 300_000, "deviations.toml: more than 256 KiB"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    """In one line."""
    path = tmp_path / "deviations.toml"
    path.write_text(text)

    with pytest.raises(BadDeviations) as caught:
        read(path)
    assert caught.value.args[0].startswith(reason)


def test_the_same_entry_twice_is_refused(tmp_path: Path) -> None:
    """One of them would never occur."""
    path = written(tmp_path)
    path.write_text(path.read_text() * 2)

    with pytest.raises(BadDeviations, match="is there twice"):
        read(path)


def test_only_what_an_entry_describes_is_accepted(tmp_path: Path) -> None:
    """Another operation, check, status or message is still a finding."""
    accepted = read(written(tmp_path, status="404", message='"success"'))
    good = Finding("error-says-so", POST, "success of 404 is not false", "")
    others = [
        Finding("error-says-so", "GET /clients/authorization", good.message, ""),
        Finding("body-fits-the-schema", POST, good.message, ""),
        Finding("error-says-so", POST, "errors of 404 give no reason", ""),
    ]

    assert accepted.sift([good, *others], 404) == others
    assert accepted.sift([good], 400) == [good]
    assert sum(accepted.occurred.values()) == 1


def test_an_entry_is_for_its_target_alone(tmp_path: Path) -> None:
    """What is accepted of one server is a finding about another."""
    path = written(tmp_path, target='"http://127.0.0.1:8080/v.1.0/"')

    assert len(read(path, "http://127.0.0.1:8080/v.1.0/").accepted) == 1
    assert read(path, "sandbox").accepted == ()


@pytest.mark.parametrize(
    ("today", "status", "occurs", "whole", "expected"),
    [
        ("2026-05-01", 404, True, True, []),
        ("2026-05-01", 404, False, True, ["good news: "]),
        ("2026-05-01", 404, False, False, []),
        ("2026-05-01", 400, False, True, []),
        ("2026-09-01", 404, True, True, ["deviations.toml: POST /test-api-keys 404: error-says-so was due"]),
    ],
    ids=["occurs", "repaired", "part of a run", "not asked", "due"],
)
def test_what_no_longer_holds_is_a_complaint(
    today: str, status: int, occurs: bool, whole: bool, expected: list[str], tmp_path: Path
) -> None:
    """Good news only where it had its chance."""
    accepted = read(written(tmp_path, status="404"))
    if occurs:
        accepted.sift([Finding("error-says-so", POST, "x", "")], 404)

    complaints = list(
        accepted.complaints(Counter({(POST, status): 3}), date.fromisoformat(today), whole=whole)
    )

    assert len(complaints) == len(expected)
    assert all(line.startswith(begin) for line, begin in zip(complaints, expected, strict=True))


@pytest.mark.parametrize("seen", ["2026-08-31", "2025-08-31"])
def test_a_review_comes_a_day_after_at_the_earliest_and_within_a_leap_year(seen: str, tmp_path: Path) -> None:
    """So that each year has one, whichever day it falls on."""
    assert len(read(written(tmp_path, seen=seen), "sandbox").accepted) == 1
