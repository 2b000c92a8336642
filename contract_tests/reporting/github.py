"""What a job of GitHub Actions shows of a run: a summary in Markdown, and an annotation for each finding."""

import re
from collections.abc import Iterator
from pathlib import Path

from contract_tests.reporting import labels
from contract_tests.reporting.report import Report

_MOST = 50
_LONGEST = 1000
_ACTIVE = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()<>#|!~&@"})


def summary(tree: Report) -> str:
    """Return the summary of a run as GitHub's Markdown."""
    return "".join(f"{line}\n" for line in _lines(tree))


def _lines(tree: Report) -> Iterator[str]:
    counts, settings = tree["counts"], tree["settings"]
    yield f"## {_text(labels.verdict(tree)[1])}"
    yield ""
    yield f"{counts['cases']:,} requests in {counts['seconds']:.1f} s against {_text(settings['target'])}"
    yield ""
    yield from (f"- {_text(line)}" for line in tree["complaints"])
    if lacking := labels.lacking(tree):
        yield f"- {_text(lacking)}"
    for _, said, rows in labels.rules(tree):
        yield f"- rules {said}: {_text(', '.join(row['rule'] for row in rows))}"
    operations, statuses = labels.matrix(tree)
    yield ""
    yield f"| status | {' | '.join(map(_text, operations))} |"
    yield "|---" * (len(operations) + 1) + "|"
    for status, cells in statuses:
        told = [
            "" if c is None else f"{c.seen:,} {f'**{c.remark}**' if c.remark else ''}".strip() for c in cells
        ]
        yield f"| {_text(status)} | {' | '.join(told)} |"
    for finding in tree["findings"][:_MOST]:
        yield ""
        yield f"### {_text(finding['operation'])}: {_text(finding['promise'])}"
        yield ""
        yield _text(finding["message"])
        yield ""
        if alike := labels.also(finding):
            yield from (f"- also {_text(line)}" for line in alike[:_MOST])
            yield ""
        yield from _fenced(finding["reproduce"])
    if len(tree["findings"]) > _MOST:
        yield f"and {len(tree['findings']) - _MOST} more, in reports/contract.html"
    yield ""
    yield "Repeat with:"
    yield ""
    yield from _fenced(labels.repeat(tree))


def annotations(tree: Report) -> Iterator[str]:
    """Yield a workflow command for each finding and complaint, at the test that noticed it if one did."""
    for finding in tree["findings"][:_MOST]:
        file = finding["test"].partition("::")[0]
        place = f"file={_property(f'contract_tests/{file}')}," if file else ""
        title = _property(f"{finding['operation']}: {finding['promise']}")
        yield f"::error {place}title={title}::{_data(finding['message'])}"
    for line in tree["complaints"][:_MOST]:
        yield f"::error title=Not proven::{_data(line)}"


def write_summary(tree: Report, steps: Path | None) -> None:
    """Tell the job, if there is one.

    Args:
        tree: the summary of the run.
        steps: the file to which a step's summary is appended; None outside GitHub Actions.
    """
    if steps is None:
        return
    for line in annotations(tree):
        print(line)
    with steps.open("a", encoding="utf-8") as stream:
        stream.write(summary(tree))


def _text(text: str) -> str:
    """Return a text as one line of Markdown in which nothing is markup."""
    return _line(text).translate(_ACTIVE)


def _fenced(text: str) -> Iterator[str]:
    """Return lines of code within a fence that none of them can close."""
    shown = labels.plain(text)[: _LONGEST * 10]
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", shown)), 3)
    yield fence
    yield shown
    yield fence


def _line(text: str) -> str:
    return " ".join(labels.plain(text).split())[:_LONGEST]


def _data(text: str) -> str:
    """Escape a text, so that it stays within its command."""
    return _line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
