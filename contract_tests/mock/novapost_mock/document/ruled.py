"""Which operations of a document are answered by hand-written rules; whoever has rules hands this in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from novapost_mock.responses.parameters import Parameter


@dataclass(frozen=True)
class Ruled:
    """The operations that rules answer.

    Attributes:
        names: their names by method and path. A document need not name its operations.
        suits: tells of an operation at such a place whether it takes what the rules look at, by its
            parameters and whether it takes a JSON body.
    """

    names: Mapping[tuple[str, str], str]
    suits: Callable[[Sequence[Parameter], bool], bool]


NO_RULES = Ruled({}, lambda _, __: False)
