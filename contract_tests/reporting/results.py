"""What a run leaves behind: the summary, the page made of it, and what a job of GitHub Actions shows."""

from pathlib import Path

from contract_tests.reporting import fuzzing_commons, github
from contract_tests.reporting.html import render
from contract_tests.reporting.report import Report, write
from contract_tests.target import targets


def leave(tree: Report, path: Path) -> None:
    """Write the results of a run.

    Args:
        tree: what came of it.
        path: of the summary; the page lies beside it.

    Raises:
        OSError: one of them cannot be written.
    """
    write(tree, path)
    render.write(tree, path.with_suffix(".html"))
    fuzzing_commons.write(tree, fuzzing_commons.beside(path))
    github.write_summary(tree, targets.step_summary())
