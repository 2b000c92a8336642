"""What `make bench` says: ratios by pairs of turns, what is missing; and when `bench-check` fails."""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.bench import __main__ as command
from contract_tests.bench import check
from contract_tests.bench.registry import SECTIONS, Measure
from contract_tests.bench.sections import growth
from contract_tests.bench.tools import process
from contract_tests.bench.values import (
    Curve,
    Figure,
    Missing,
    Section,
    Setting,
    Step,
    exponent,
    figure,
    ratio,
)
from contract_tests.reporting.html.sections import SCHEMAS
from contract_tests.reporting.report import read
from contract_tests.self_tests.mock.http.test_server import until
from scripts.lib.paths import ROOT
from scripts.lib.progress import Progress

SCHEMA = SCHEMAS["bench"]


def rate(*pairs: tuple[float, float]) -> Section:
    """Return a section with one ratio of which more is better."""
    return Section("speed", "Speed", ratios=(
        ratio("requests a second", "<i>Other", pairs, unit="req/s", better="higher", goal=2.0),))  # fmt: skip


def giving(*sections: Section) -> Mapping[str, Measure]:
    """Return a registry whose one section gives these, one after the other."""
    left = list(sections)
    return {"speed": lambda setting, step: left.pop(0)}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "bench.json"


def run(report: Path, sections: Mapping[str, Measure], *options: str) -> int:
    return command.main(["--output", str(report), *options], sections)


# Values


def test_a_ratio_is_formed_turn_by_turn() -> None:
    """A machine that gets slower halfway slows both, which the ratio of the medians would take for ours."""
    found = ratio("rate", "other", [(20, 10), (2, 1), (8, 4)], unit="", better="higher", goal=2.0)

    assert (found.median, found.least, found.most) == (2, 2, 2)
    assert found.rounds == (2, 2, 2)
    assert found.reached


def test_a_spread_is_told() -> None:
    """Not averaged away."""
    found = ratio("time", "other", [(1, 1), (3, 1), (2, 1)], unit="s", better="lower", goal=1.9)

    assert (found.median, found.least, found.most) == (2, 1, 3)
    assert found.reached is False


@pytest.mark.parametrize("pairs", [[], [(1.0, 0.0)]])
def test_what_was_not_measured_is_no_ratio(pairs: list[tuple[float, float]]) -> None:
    """Neither zero nor infinity."""
    with pytest.raises(Missing, match="time beside other: nothing was measured"):
        ratio("time", "other", pairs, unit="s", better="lower")


@pytest.mark.parametrize("power", [0.5, 1, 2])
def test_an_exponent_is_that_of_the_power(power: float) -> None:
    """Of a curve that is one."""
    assert math.isclose(exponent([(size, 3 * size**power) for size in (10, 100, 1000)]), power)


def test_one_size_has_no_exponent() -> None:
    """There is no line through one point."""
    with pytest.raises(Missing, match="two sizes"):
        exponent([(10, 1.0), (10, 2.0)])


# The command


def test_a_run_leaves_a_report_of_the_published_form(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the machine, the versions of all peers and the load beside."""
    whole = Section("speed", "Speed", ("who", "req/s"), (("ours", 20.0), ("theirs", None)),
                    rate((4, 1)).ratios, (figure("ready", [0.5], unit="s", better="lower", goal=0.4),),
                    (Curve("ours", "operations", "s", ((1, 1.0), (10, 10.0)), 1.0),), ("a note",),
                    (("Prism", "no npm here"),))  # fmt: skip

    assert run(report, giving(whole)) == 0

    tree, out = read(report, SCHEMA), capsys.readouterr().out
    assert "Prism: not measured: no npm here" in out
    assert "NOT REACHED" in out
    assert tree["sections"][0]["ratios"][0]["reached"] is True
    assert tree["sections"][0]["rows"] == [["ours", 20.0], ["theirs", None]]
    assert tree["machine"]["cores"] >= 1
    assert {"python", "httpx", "granian (peer)", "wiremock (peer)", "java"} <= set(tree["versions"])


def test_the_form_of_the_report_is_published() -> None:
    """A schema that is none would take everything."""
    schema = json.loads(SCHEMA.read_bytes())
    jsonschema_rs.meta.validate(schema)

    assert not jsonschema_rs.Draft202012Validator(schema).is_valid({"format": 1})


def test_a_section_that_cannot_run_is_listed(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its reason, and the others run."""

    def cannot(setting: Setting, step: Step) -> Section:
        raise Missing("no java here")

    assert run(report, {"first": cannot, **giving(rate((4, 1)))}) == 0

    assert "first: not measured: no java here" in capsys.readouterr().out
    assert [each["name"] for each in read(report, SCHEMA)["sections"]] == ["first", "speed"]


def test_what_is_under_way_is_told(
    report: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    """On stderr, so that the tables can be kept."""
    monkeypatch.setattr(command, "Progress", lambda: Progress(every_seconds=0.0))

    def slow(setting: Setting, step: Step) -> Section:
        step("round 1 of 2")
        return rate((4, 1))

    run(report, {"speed": slow})

    printed = capsys.readouterr()
    assert "... speed: round 1 of 2" in printed.err
    assert "round 1" not in printed.out


def test_a_bench_that_is_ended_ends_what_it_started(tmp_path: Path) -> None:
    """By SIGTERM, as a job that is cancelled: its children have sessions of their own, and would go on."""
    note, report = tmp_path / "child", tmp_path / "bench.json"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    program = f"""
import runpy, signal, sys
from pathlib import Path
from contract_tests.bench.tools import process
from contract_tests.bench import registry
def measure(setting, step):
    process.run([sys.executable, "-c", {child!r}], folder=Path.cwd(), seconds=900)
registry.SECTIONS.clear()
registry.SECTIONS["one"] = measure
sys.argv = ["bench", "--output", {str(report)!r}]
runpy.run_module("contract_tests.bench", run_name="__main__")
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as bench:
        until(lambda: note.exists() and note.read_text() != "")
        bench.send_signal(signal.SIGTERM)
        assert bench.stderr is not None
        said = bench.stderr.read()

    assert (bench.returncode, said) == (2, f"error: stopped before the end; {report} is as it was\n")
    assert not report.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_wrong_use_is_named(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what there is."""
    for options in (["--only", "speeed"], ["--rounds", "0"]):
        with pytest.raises(SystemExit, match="2"):
            run(report, giving(), *options)
    assert "speeed" in capsys.readouterr().err

    (report.parent / "file").write_text("")
    assert run(report.parent / "file" / "bench.json", giving(rate((4, 1)))) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_every_section_has_its_own_name() -> None:
    """`--only` names the sections that there are."""
    assert {"client", "regenerate", "drift", "mock"} <= set(SECTIONS)


# What a command costs


def test_a_cost_is_that_of_the_command() -> None:
    """Its processor time, with that of its children; its memory; what it printed."""
    busy = "sum(range(3_000_000))"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); print('done')"
    cost = process.run([sys.executable, "-c", parent], folder=Path.cwd(), seconds=120)

    alone = process.run([sys.executable, "-c", "print('done')"], folder=Path.cwd(), seconds=120)
    assert cost.output == "done\n"
    assert cost.cpu > alone.cpu
    assert 1 < alone.megabytes < 1000


@pytest.mark.parametrize(
    ("program", "seconds", "message"),
    [
        ("raise SystemExit('it is\\nbroken')", 60, "ended with 1 and said: broken"),
        ("import time; time.sleep(60)", 0.2, "took longer than 0.2 s"),
    ],
)
def test_a_command_that_fails_costs_nothing(program: str, seconds: float, message: str) -> None:
    """It says why instead."""
    with pytest.raises(Missing, match=message):
        process.run([sys.executable, "-c", program], folder=Path.cwd(), seconds=seconds)


def test_a_command_that_is_not_there_is_named() -> None:
    """As what is missing."""
    with pytest.raises(Missing, match="no-such-program: No such file"):
        process.run(["no-such-program"], folder=Path.cwd(), seconds=1)


def cost(cpu: float) -> process.Cost:
    return process.Cost(cpu, cpu, 50.0, 0, "", "")


def growing(power: float, *, fails_at: int | None = None) -> Callable[[Path], process.Cost]:
    """Return a command whose time is that power of the size of its document."""

    def run_it(folder: Path) -> process.Cost:
        size = int((folder / "old.json").read_text())
        if size == fails_at:
            raise Missing("out of memory")
        return cost(float(size**power))

    return run_it


def prepare(size: int, folder: Path) -> None:
    (folder / "old.json").write_text(str(size))


@pytest.mark.parametrize(("power", "reached"), [(1.0, True), (1.3, False)])
def test_growth_is_fitted_and_held_to_its_goal(power: float, reached: bool) -> None:
    """From ten operations on; one that grows like a square must not pass."""
    ours, theirs = growth.Command("ours", growing(power)), growth.Command("theirs", growing(1.0))

    grown = growth.grow(ours, theirs, prepare, Setting(), print, goal=1.3)

    assert [each.exponent for each in grown.curves if each.unit == "CPU s"] == [
        pytest.approx(power), pytest.approx(1.0)]  # fmt: skip
    (found,) = grown.figures
    assert isinstance(found, Figure)
    assert found.reached is reached
    aims = {each.name: each.goal for each in grown.ratios if each.name.startswith("processor")}
    assert aims["processor time, 1 operations"] is None
    assert aims["processor time, 1,000 operations"] == 1.3


def test_a_peer_that_fails_is_left_out_from_there_on() -> None:
    """And ours goes on."""
    theirs = growth.Command("theirs", growing(1.0, fails_at=100))

    grown = growth.grow(growth.Command("ours", growing(1.0)), theirs, prepare, Setting(2), print, goal=None)

    assert grown.missing == [("theirs", "at 100 operations: out of memory")]
    assert [row[0] for row in grown.rows if row[2] == "ours"] == [1, 10, 100, 1000]
    assert [row[0] for row in grown.rows if row[2] == "theirs"] == [1, 10]


# bench-check


@pytest.fixture
def accepted(report: Path) -> Path:
    """Write a file of accepted ratios: three times as quick, from 2.8 to 3.2."""
    path = report.with_name("accepted.json")
    run(report, giving(rate((2.8, 1), (3, 1), (3.2, 1))))
    assert check.main(["--accept", "--output", str(report)], giving(), path) == 0
    return path


def checked(report: Path, accepted: Path, *sections: Section) -> int:
    return check.main(["--output", str(report)], giving(*sections), accepted)


def test_a_regression_fails_if_it_comes_again(
    report: Path, accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seeded: half as quick, twice. One line says what, and what it was."""
    assert checked(report, accepted, rate((1.5, 1)), rate((1.6, 1))) == 1

    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if line.startswith("worse: ")] == [
        "worse: speed: requests a second, beside <i>Other: 1.6, accepted 3 (2.8 to 3.2), higher is better"
    ]


def test_a_ratio_that_was_worse_once_is_noise(
    report: Path, accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is measured again, and that is printed."""
    assert checked(report, accepted, rate((1.5, 1)), rate((2.9, 1))) == 0

    assert "again: speed: requests a second, beside <i>Other: 1.5" in capsys.readouterr().out


@pytest.mark.parametrize("now", [2.7, 3.0, 9.0])
def test_a_ratio_within_its_spread_is_measured_once(now: float, report: Path, accepted: Path) -> None:
    """A second section would be missed: there is none to give."""
    assert checked(report, accepted, rate((now, 1))) == 0


def test_a_ratio_that_is_gone_is_worse(
    report: Path, accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else one that is renamed would never fail again. Without the peer there is nothing to compare."""
    gone = Section("speed", "Speed")
    assert checked(report, accepted, gone, gone) == 1
    assert "is not measured any more" in capsys.readouterr().err

    assert checked(report, accepted, Section("speed", "Speed", missing=(("Other", "no npm here"),))) == 0


@pytest.mark.parametrize("content", [None, "{", "[]", '{"sections": {"speed": {"ratios": [{"name": "x"}]}}}'])
def test_accepted_ratios_that_are_none_are_named(
    content: str | None, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is measured for nothing."""
    path = report.with_name("accepted.json")
    if content is not None:
        path.write_text(content)

    assert checked(report, path) == 2
    assert capsys.readouterr().err.startswith("error: accepted.json: ")


def test_only_what_was_measured_in_full_is_accepted(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A quick run has no figures, and no run none at all."""
    path = report.with_name("accepted.json")
    assert check.main(["--accept", "--output", str(report)], giving(), path) == 2
    assert "make bench" in capsys.readouterr().err

    run(report, giving(rate((3, 1))), "--quick")
    assert check.main(["--accept", "--output", str(report)], giving(), path) == 2
    assert "--quick" in capsys.readouterr().err
    assert not path.exists()
