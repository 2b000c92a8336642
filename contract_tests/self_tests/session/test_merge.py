"""Are the tests and the table of defects of all shards joined whole, or refused in one line?"""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contract_tests.campaigns import merge
from contract_tests.defects import __main__ as defects
from contract_tests.defects.campaign import Outcome
from contract_tests.defects.defect import Defect
from contract_tests.defects.proxy import unmodified
from contract_tests.defects.table import table
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.reporting.html.sections import SCHEMAS
from contract_tests.reporting.report import Report, read, write
from contract_tests.self_tests.reporting.test_report import summary
from contract_tests.target.shards import Shard

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
SUITE = (
    '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite'
    ' name="pytest" errors="0" failures="1" skipped="1" tests="3" time="1.5">{cases}</testsuite></testsuites>'
)
CASE = '<testcase classname="contract_tests.test_x" name="test_{n}_{kind}[a]" time="0.5">{inside}</testcase>'
FAILURE = '<failure message="&lt;b&gt;">expected &amp; came</failure>'


def left(folder: Path, of: int, *, tests: bool = True) -> list[str]:
    """Write the reports of a campaign's shards, three tests each: one passed, one failed, one skipped."""
    for number in range(1, of + 1):
        write(summary(number, of), folder / f"contract-{number}-of-{of}.json")
        cases = "".join(
            CASE.format(n=number, kind=kind, inside=inside)
            for kind, inside in (("fine", ""), ("broken", FAILURE), ("left", "<skipped/>"))
        )
        if tests:
            text = SUITE.format(n=number, cases=cases)
            (folder / f"junit-{number}-of-{of}.xml").write_text(text)
    return [str(folder / f"contract-{number}-of-{of}.json") for number in range(1, of + 1)]


def joined(folder: Path, *arguments: str) -> int:
    return merge.main([*arguments, f"--output={folder}/contract.json"])


def test_every_test_of_every_shard_is_in_one_junit_file(tmp_path: Path) -> None:
    """Once, with what it said, and with the counts right at both levels."""
    joined(tmp_path, *left(tmp_path, 3))

    root = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own
    cases = [(case.get("name"), [child.tag for child in case]) for case in root.iter("testcase")]
    kinds: dict[str, list[str]] = {"fine": [], "broken": ["failure"], "left": ["skipped"]}
    assert sorted(cases) == sorted(
        (f"test_{n}_{kind}[a]", inside) for n, (kind, inside) in product((1, 2, 3), kinds.items())
    )
    assert {each.text for each in root.iter("failure")} == {"expected & came"}
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["9", "3", "0", "3"]
    suites = list(root.iter("testsuite"))
    assert sum(int(suite.get("tests", 0)) for suite in suites) == 9
    assert sum(float(suite.get("time", 0)) for suite in suites) == pytest.approx(4.5)


def test_runs_that_wrote_no_tests_are_joined_without(tmp_path: Path) -> None:
    """The summaries alone are a campaign, too."""
    joined(tmp_path, *left(tmp_path, 2, tests=False))

    assert not (tmp_path / "junit.xml").exists()
    assert (tmp_path / "contract.json").exists()


def test_what_lies_in_a_folder_is_joined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A volume of a cluster, for instance; an empty one is wrong use."""
    assert merge.main([f"--folder={tmp_path}"]) == 2
    assert capsys.readouterr().err == f"error: there is no {tmp_path}/contract-*-of-*.json to join\n"
    left(tmp_path, 12)
    defects_table(tmp_path, 1, 1, Outcome("no-limit", "daily-limit"))

    assert merge.main([f"--folder={tmp_path}"]) == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"contract.json", "contract.html", "junit.xml"}


def drop(folder: Path) -> None:
    (folder / "junit-2-of-3.xml").unlink()


def double(folder: Path) -> None:
    text = (folder / "junit-1-of-3.xml").read_text()
    (folder / "junit-2-of-3.xml").write_text(text)


def spoil(folder: Path) -> None:
    (folder / "junit-2-of-3.xml").write_text("<testsuites><testsuite>")


def other(folder: Path) -> None:
    (folder / "junit-2-of-3.xml").write_text("<html/>")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (drop, "missing is junit-2-of-3.xml beside its summary"),
        (double, "there twice is the test contract_tests.test_x::test_1_fine[a] and 2 more"),
        (spoil, "junit-2-of-3.xml: no JUnit XML"),
        (other, "junit-2-of-3.xml: no JUnit XML"),
    ],
)
def test_tests_with_a_hole_are_not_joined(
    change: object, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and nothing is written: half a campaign joined is worse than none."""
    summaries = left(tmp_path, 3)
    assert callable(change)
    change(tmp_path)

    assert joined(tmp_path, *summaries) == 2
    assert capsys.readouterr().err == f"error: {reason}\n"
    assert {path.name for path in tmp_path.iterdir()} & {"contract.json", "junit.xml"} == set()


def defects_table(folder: Path, number: int, of: int, *outcomes: Outcome, seed: int | None = 7) -> str:
    """Write the table of one shard of `make defects`."""
    path = folder / f"{len(list(folder.iterdir()))}-defects-{number}-of-{of}.json"
    write(table(outcomes, contract(), seed, NOW, Shard(number, of)), path)
    return str(path)


def test_the_tables_of_defects_are_joined_in_the_order_of_the_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As if one machine had run them all."""
    one = defects_table(tmp_path, 1, 2, Outcome("405-is-501", "methods"), Outcome("405-is-400", "methods"))
    two = defects_table(tmp_path, 2, 2, Outcome("no-limit"), seed=8)

    assert joined(tmp_path, "--defects", two, one) == 1
    tree = read(tmp_path / "defects.json", SCHEMAS["defects"])
    names = [defect.name for defect in CATALOGUE]
    names_joined = [row["defect"] for row in tree["defects"]]
    assert sorted(names_joined) == ["405-is-400", "405-is-501", "no-limit"]
    assert names_joined == sorted(names_joined, key=names.index)
    assert (tree["shards"], tree["of"], tree["seed"]) == ([1, 2], 2, None)
    said = "defects.json: 2 of 3 defects caught in 2 shards\nmissed: no-limit\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ([(1, 2, "a")], "missing are the shards [2] of 2"),
        ([(1, 2, "a"), (2, 2, "b"), (2, 2, "c")], "there twice are [2]"),
        ([(1, 2, "a"), (2, 2, "a")], "there twice is the defect a"),
        ([(1, 2, "a"), (2, 3, "b")], "the tables of defects are of different campaigns: of differs"),
    ],
)
def test_tables_of_defects_with_a_hole_are_not_joined(
    tables: list[tuple[int, int, str]], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A catalogue with a hole proves less than it says."""
    paths = [defects_table(tmp_path, number, of, Outcome(name, "x")) for number, of, name in tables]

    assert joined(tmp_path, "--defects", *paths) == 2
    assert capsys.readouterr().err == f"error: {reason}\n"
    assert not (tmp_path / "defects.json").exists()


def test_a_run_without_an_answer_is_no_answer_when_joined(tmp_path: Path) -> None:
    """2, as `make defects` itself ends."""
    one = defects_table(tmp_path, 1, 1, Outcome("a", trouble="error: nothing answers"), Outcome("b", "x"))

    assert joined(tmp_path, "--defects", one) == 2


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a catalogue of five, each caught at once."""
    names = ["e", "d", "c", "b", "a"]
    monkeypatch.setattr(defects, "CATALOGUE", tuple(Defect(name, unmodified) for name in names))
    monkeypatch.setattr(defects, "_objection", lambda *_: None)
    monkeypatch.setattr(defects, "_run", lambda chosen, *_: iter(Outcome(d.name, "x") for d in chosen))
    return names


def test_shards_of_the_catalogue_are_the_whole(catalogue: list[str], tmp_path: Path) -> None:
    """Each defect is tried by one shard, whose file says which it is."""
    for number in (1, 2):
        assert defects.main([f"--shard={number}/2", f"--json={tmp_path}/defects.json", "--seed=7"]) == 0

    tables: list[Report] = [
        read(tmp_path / f"defects-{number}-of-2.json", SCHEMAS["defects"]) for number in (1, 2)
    ]
    names = [row["defect"] for tree in tables for row in tree["defects"]]
    assert sorted(names) == sorted(catalogue)
    assert joined(tmp_path, "--defects", *map(str, tmp_path.glob("defects-*.json"))) == 0


@pytest.mark.parametrize(
    ("shard", "reason"),
    [
        ("3/2", "a shard is i/n with 1 <= i <= n <= 100000"),
        ("1/6", "there are 5 defects, too few for 6 shards"),
    ],
)
def test_a_shard_of_the_catalogue_that_is_none_is_one_line(
    shard: str, reason: str, catalogue: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and what to mend."""
    assert defects.main([f"--shard={shard}"]) == 2
    assert capsys.readouterr().err == f"error: {reason}\n"
