"""Which operations of a document are answered by hand-written rules; whoever has rules hands this in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from novapost_mock.responses.parameters import Parameter


@dataclass(frozen=True)
class Ruled:
    """The operations that rules answer.

    Attributes:
        names: their names by method and path. A document need not name its operations.
        suits: tells of an operation at such a place whether it takes what the rules look at, by its
            parameters and whether it takes a JSON body.
        answers: by name, a body that the rules answer with. A document whose success does not take it is
            not the one that the rules were written for.
    """

    names: Mapping[tuple[str, str], str]
    suits: Callable[[Sequence[Parameter], bool], bool]
    answers: Mapping[str, Any] = field(default_factory=dict)


NO_RULES = Ruled({}, lambda _, __: False)
