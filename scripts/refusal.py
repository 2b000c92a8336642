"""How a script says no: one line with the place and the reason, and exit code 2."""

import sys
from collections.abc import Callable


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
        # A document's own text may end up in here. Line breaks and control characters would let it
        # forge further lines (CI systems read commands from logs), so only printable text passes.
        text = f"{self.place}: {self.reason}"
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def run(verb: Callable[[], int]) -> int:
    """Run a script's body and turn a refusal into its line on stderr.

    Returns:
        What the body returned, or 2 after a refusal, which is "wrong use or could not run".
    """
    try:
        return verb()
    except Refusal as refusal:
        print(f"error: {refusal}", file=sys.stderr)
        return 2
