"""A seeded defect: a function that stands between the suite and the target."""

from collections.abc import Callable
from dataclasses import dataclass, field

from contract_tests.defects.exchange import Answer, Request
from contract_tests.defects.state import Memory

Send = Callable[[Request], Answer]
Break = Callable[[Request, Send, Memory], Answer]


@dataclass(frozen=True)
class Defect:
    """One wrong turn.

    Attributes:
        name: under which the catalogue keeps it.
        does: handles a request in place of the target, which `Send` reaches.
    """

    name: str
    does: Break = field(repr=False)
