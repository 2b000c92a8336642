"""A seeded defect: a function that stands between the suite and the target."""

from collections.abc import Callable
from dataclasses import dataclass, field

from contract_tests.defects.exchange import Answer, Request

Send = Callable[[Request], Answer]
# Handles a request in place of the target, which `Send` reaches.
Handle = Callable[[Request, Send], Answer]
# Returns a new handler, with a memory of its own, for each target that a defect stands before.
Start = Callable[[], Handle]


@dataclass(frozen=True)
class Defect:
    """One wrong turn.

    Attributes:
        name: under which the catalogue keeps it.
        start: makes what handles the requests.
    """

    name: str
    start: Start = field(repr=False)
