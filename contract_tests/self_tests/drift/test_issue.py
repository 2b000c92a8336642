"""The one issue about drift is opened once, kept up to date, and closed."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.drift.issue import LABEL, MAX_BODY, TITLE, keep
from scripts.lib.paths import ROOT


class Hub:
    """Plays GitHub: open issues with the label, by the names of their authors, and what was asked."""

    def __init__(self, *authors: str) -> None:
        self.open = [{"number": number, "author": {"login": name}} for number, name in enumerate(authors, 7)]
        self.listed: tuple[str, ...] = ()
        self.asked: list[tuple[tuple[str, ...], str]] = []

    def __call__(self, arguments: Sequence[str], text: str) -> str:
        if arguments[1] == "list":
            self.listed = tuple(arguments)
            return json.dumps(self.open)
        self.asked.append((tuple(arguments), text))
        return ""


def test_the_first_drift_opens_an_issue_with_its_label() -> None:
    hub = Hub("somebody")
    assert keep(1, "what changed", hub) == "issue opened"
    label, issue = hub.asked
    assert label[0][:4] == ("label", "create", LABEL, "--force")
    assert issue == (
        ("issue", "create", "--title", TITLE, "--label", LABEL, "--body-file", "-"),
        "what changed",
    )


@pytest.mark.parametrize("author", ["github-actions", "app/github-actions", "github-actions[bot]"])
def test_drift_that_lasts_brings_the_same_issue_up_to_date(author: str) -> None:
    """It is found by its author and its label, whatever somebody made of its title."""
    hub = Hub("somebody", author)
    assert keep(1, "more changed", hub) == "issue 8 brought up to date"
    assert hub.asked == [(("issue", "edit", "8", "--body-file", "-"), "more changed")]
    assert hub.listed[4:6] == ("--label", LABEL)


def test_an_issue_of_somebody_else_is_left_alone() -> None:
    """Even with the label, and with a name that only looks like the pipeline's."""
    hub = Hub("github-actions-fan", "bot", "")
    assert keep(0, "", hub) == "no drift, and no issue is open"
    assert hub.asked == []


def test_an_end_of_drift_closes_it() -> None:
    hub = Hub("github-actions")
    assert keep(0, "", hub) == "no drift any more: issue 7 closed"
    assert hub.asked[0][0][:3] == ("issue", "close", "7")


def test_without_drift_nothing_is_asked_for() -> None:
    hub = Hub()
    assert keep(0, "", hub) == "no drift, and no issue is open"
    assert hub.asked == []


def test_a_run_by_hand_has_an_issue_of_its_own() -> None:
    hub = Hub("github-actions", "me")
    assert keep(0, "", hub, author="me") == "no drift any more: issue 8 closed"


def test_a_report_that_github_would_refuse_is_cut() -> None:
    hub = Hub()
    keep(1, "x" * 100_000, hub)
    assert hub.asked[-1][1] == "x" * MAX_BODY + "\n\n(cut here)\n"


@pytest.mark.parametrize(("code", "ends", "written"), [(1, 0, "# What"), (2, 2, "## Could not compare")])
def test_the_pipeline_fails_only_where_nothing_could_be_compared(
    tmp_path: Path, code: int, ends: int, written: str
) -> None:
    (tmp_path / "gh").write_text('#!/bin/sh\n[ "$2" = list ] && echo "[]"; cat > /dev/null; exit 0\n')
    (tmp_path / "gh").chmod(0o755)
    for name, text in (("report.md", "# What"), ("errors.txt", "error: the page: no block\n")):
        (tmp_path / name).write_text(text)
    done = ask(tmp_path, code, str(tmp_path))

    assert (done.returncode, done.stdout, done.stderr) == (ends, "issue opened\n", "")
    assert (tmp_path / "summary.md").read_text().startswith(written)


def test_a_machine_without_the_command_is_told(tmp_path: Path) -> None:
    for name in ("report.md", "errors.txt"):
        (tmp_path / name).write_text("")
    done = ask(tmp_path, 1, str(tmp_path / "nowhere"))

    assert done.returncode == 2
    assert done.stderr == "error: gh: GitHub's command is not installed\n"


def ask(folder: Path, code: int, path: str) -> "subprocess.CompletedProcess[str]":
    files = ["--report", str(folder / "report.md"), "--errors", str(folder / "errors.txt")]
    command = [sys.executable, "-m", "scripts.drift.issue", "--code", str(code), *files]
    command += ["--summary", str(folder / "summary.md")]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": f"{path}:/usr/bin:/bin" if path == str(folder) else path},
        capture_output=True,
        text=True,
        check=False,
    )
