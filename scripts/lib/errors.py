"""How a script says no: one line for each place and reason, and exit code 2."""

import re
import sys
from collections.abc import Callable, Iterable, Sequence

from scripts.lib import cures

# Enough to find the place; a document may hold a name of many megabytes.
MAX_LINE = 1000
MAX_LINES = 200


def printable(text: str, limit: int = MAX_LINE) -> str:
    """Return a text of the document as one line that can be printed anywhere.

    A document's own text may end up on the terminal or in a log. Line breaks and control characters would let
    it forge further lines, and CI systems take commands from logs: `::name::` at the beginning of a line
    (every line of ours begins with something else), `##[name]` and `##vso[name]` anywhere in it.
    """
    if len(text) > limit:
        text = f"{text[:limit]} ..."
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return re.sub(r"##(?=\w*\[)", "# #", text)


def say(text: str) -> None:
    """Print one line on stdout, whatever letters the terminal can show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(printable(text).encode(encoding, "backslashreplace").decode(encoding))


def warn(notes: "Iterable[Refusal]") -> None:
    """Print notes on stderr: what stops nothing, but is otherwise than somebody might think."""
    listed = list(notes)
    for note in listed[:MAX_LINES]:
        print(f"note: {note}", file=sys.stderr)
    if len(listed) > MAX_LINES:
        print(f"note: and {len(listed) - MAX_LINES} more", file=sys.stderr)


class Refusal(Exception):
    """An input that a script does not take.

    Attributes:
        place: where the fault is, as a reader would look for it (file, file and line, JSON pointer).
        reason: what is wrong there, in words.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return printable(f"{self.place}: {self.reason}")


class Refusals(Exception):
    """Several refusals at once, so that one run shows all that is to be mended.

    Attributes:
        refusals: each of them; at least one.
        notes: what else there is to know.
    """

    def __init__(self, refusals: Iterable[Refusal], notes: Iterable[Refusal] = ()) -> None:
        self.refusals = tuple(refusals)
        self.notes = tuple(notes)
        super().__init__(self.refusals)

    def __str__(self) -> str:
        return "\n".join(map(str, self.refusals))


def run(verb: Callable[[], int]) -> int:
    """Run a script's body and turn refusals into their lines on stderr.

    Returns:
        What the body returned, or 2 after a refusal, which is "wrong use or could not run".
    """
    try:
        return verb()
    except Refusal as refusal:
        _print_errors([refusal])
    except Refusals as several:
        warn(several.notes)
        _print_errors(several.refusals)
    return 2


def _print_errors(refusals: Sequence[Refusal]) -> None:
    for one in refusals[:MAX_LINES]:
        cure = cures.cure(one.place)
        ending = f"; to leave it out: {printable(cure)}" if cure else ""
        print(f"error: {one}{ending}", file=sys.stderr)
    if len(refusals) > MAX_LINES:
        print(f"error: and {len(refusals) - MAX_LINES} more", file=sys.stderr)
