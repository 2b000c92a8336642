"""The findings that a long campaign knows already, in a file, so that it tells only what is new."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from contract_tests.checks.deviations import Deviation
from contract_tests.reporting.report import BadReport, replace_text

FORMAT = 1
_LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True)
class KnownFinding:
    """One of them. By operation and check it is the same one, whatever was sent.

    Attributes:
        promise: the name of the check that noticed; the file has the name so.
        message: what was expected and what came, when it was new.
        reproduce: the calls that show it.
        since: the day on which it was new.
    """

    operation: str
    promise: str
    message: str
    reproduce: str
    since: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes two findings one."""
        return self.operation, self.promise

    def accepted(self) -> Deviation:
        """Return the finding as a deviation, which a run counts and goes on from."""
        return Deviation("", self.operation, self.promise, "known", date.min, date.max)


def read(path: Path) -> list[KnownFinding]:
    """Return the findings in a file; none if there is no file.

    Raises:
        BadReport: it cannot be read, or holds something else.
    """
    try:
        content = path.read_bytes()
        if len(content) > _LARGEST:
            raise BadReport(f"{path.name}: more than {_LARGEST // 1024 // 1024} MiB")
        tree: Any = json.loads(content)
        if tree["format"] != FORMAT:
            raise BadReport(f"{path.name}: of another format than {FORMAT}")
        found = [KnownFinding(**row) for row in tree["findings"]]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadReport(f"{path.name}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadReport(f"{path.name}: no list of known findings") from error
    if not all(isinstance(value, str) for each in found for value in asdict(each).values()):
        raise BadReport(f"{path.name}: no list of known findings")
    return found


def write(known: list[KnownFinding], path: Path) -> None:
    """Write them; readers see the old file or the new one.

    Raises:
        OSError: it cannot be written.
    """
    tree = {"format": FORMAT, "findings": [asdict(each) for each in known]}
    replace_text(path, json.dumps(tree, indent=2, ensure_ascii=True) + "\n")
