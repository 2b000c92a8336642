"""The tests of all shards in one junit.xml, for a CI that shows them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from junitparser import JUnitXml, JUnitXmlError

from contract_tests.reporting.report import BadReport


def beside(report: Path) -> Path:
    """The JUnit file that a run writes beside its summary."""
    return report.with_name(f"{report.stem.replace('contract', 'junit', 1)}.xml")


def joined(paths: Sequence[Path]) -> JUnitXml:
    """All tests of several files, their counts added up.

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


def write(whole: JUnitXml, path: Path) -> None:
    """Write it; readers see the old file or the new one.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    whole.write(str(new))
    new.replace(path)
