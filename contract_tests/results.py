"""What a run leaves behind: the summary, the page made of it, and what a job of GitHub Actions shows."""

from pathlib import Path

from contract_tests import job, targets
from contract_tests.page import html
from contract_tests.report import Report, write


def leave(tree: Report, path: Path) -> None:
    """Write the results of a run.

    Args:
        tree: what came of it.
        path: of the summary; the page lies beside it.

    Raises:
        OSError: one of them cannot be written.
    """
    write(tree, path)
    html.write(tree, path.with_suffix(".html"))
    job.tell(tree, targets.step_summary())
