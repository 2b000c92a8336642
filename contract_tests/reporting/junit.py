"""The tests of a run, or of all its shards, as junit.xml: one failure for each finding.

A test that met a finding says so in a property of that name; the first of each operation fails with the text
of the report, and the others are skipped with the name of what they met.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from junitparser import Failure, JUnitXml, JUnitXmlError, Properties, Skipped, TestCase

from contract_tests.reporting import labels
from contract_tests.reporting.report import BadReport, Report

FINDING = "finding"
# The name of a finding, and the operation at which it was met.
_Met = tuple[str, str]


def beside(report: Path) -> Path:
    """Return the JUnit file that a run writes beside its summary."""
    return report.with_name(f"{report.stem.replace('contract', 'junit', 1)}.xml")


def joined(paths: Sequence[Path]) -> JUnitXml:
    """Join all tests of several files and add up their counts.

    Raises:
        BadReport: a file is no JUnit XML, or a test is in two of them.
    """
    whole = JUnitXml()
    for path in paths:
        try:
            whole += JUnitXml.fromfile(str(path))
        except (OSError, SyntaxError, JUnitXmlError) as error:
            # An error of the parser is a SyntaxError, whichever parser it is.
            raise BadReport(f"{path.name}: {getattr(error, 'strerror', None) or 'no JUnit XML'}") from error
    tests = Counter((case.classname, case.name) for suite in whole for case in suite)
    twice = [f"{where}::{name}" for (where, name), count in tests.items() if count > 1]
    if twice:
        raise BadReport(
            f"there twice is the test {twice[0]}" + f" and {len(twice) - 1} more" * (len(twice) > 1)
        )
    return whole


def read(path: Path) -> JUnitXml | None:
    """Return the tests of one file; None where there is none, or no JUnit XML."""
    try:
        return JUnitXml.fromfile(str(path))
    except (OSError, SyntaxError, JUnitXmlError):
        return None


def keep_first_failures(whole: JUnitXml, tree: Report) -> None:
    """Let each finding of a report be the failure of one test for each operation, the first that met it."""
    texts = {labels.name(finding): _text(finding) for finding in tree["findings"]}
    told: dict[_Met, str] = {}
    # What looks like the cause of a finding is met under the name of that finding.
    known = {
        labels.name(each): (labels.name(finding), each["operation"])
        for finding in tree["findings"]
        for each in (*finding.get("also", ()), finding)
    }
    for suite in whole:
        for case in suite:
            if met := list(dict.fromkeys(known[each] for each in _met(case) if each in known)):
                new = [each for each in met if each not in told]
                told |= dict.fromkeys(new, f"{case.classname}::{case.name}")
                case.result = [_result(met, new, texts, told)]
        suite.update_statistics()  # type: ignore[no-untyped-call]
    whole.update_statistics()  # type: ignore[no-untyped-call]


def _result(
    met: list[_Met], new: list[_Met], texts: dict[str, str], told: dict[_Met, str]
) -> Failure | Skipped:
    if not new:
        return Skipped(f"met {'; '.join(_names(met))}, of which {told[met[0]]} tells")
    failure = Failure("; ".join(_names(new)))
    failure.text = "\n\n".join(texts[each] for each in _names(new))
    return failure


def _names(met: list[_Met]) -> list[str]:
    return list(dict.fromkeys(name for name, _ in met))


def _met(case: TestCase) -> list[str]:
    own = case.child(Properties)  # type: ignore[no-untyped-call]
    return [] if own is None else [str(each.value) for each in own if each.name == FINDING]


def _text(finding: dict[str, str]) -> str:
    parts = [f"{finding['operation']}: {finding['promise']}: {finding['message']}", finding["reproduce"]]
    return labels.plain("\n\n".join(part for part in (*parts, finding["answer"]) if part))


def write(whole: JUnitXml, path: Path) -> None:
    """Write it; readers see the old file or the new one.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    whole.write(str(new))
    new.replace(path)
