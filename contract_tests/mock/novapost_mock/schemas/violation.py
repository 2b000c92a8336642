"""What can be wrong with a value, in terms of the schema that it does not fit."""

from dataclasses import dataclass

import jsonschema_rs


class DocumentError(ValueError):
    """A document that the mock does not understand; the message names the place."""


@dataclass(frozen=True)
class Violation:
    """What is wrong with a value, in terms of the schema and not of the value.

    Attributes:
        path: the way to the faulty part; property names and indices as text, empty for the whole value.
        keyword: the keyword that is not met.
        names: property names at fault: the missing one, or those that are not allowed.
    """

    path: tuple[str, ...]
    keyword: str
    names: tuple[str, ...] = ()


def violation(error: jsonschema_rs.ValidationError, depth: int = 0) -> Violation:
    """Put the validator's error into our terms.

    Args:
        error: the validator's error.
        depth: how deep the value lies in what was validated.
    """
    facts = error.kind.as_dict()
    missing = facts.get("property")
    names = facts.get("unexpected", ()) if missing is None else (missing,)
    return Violation(tuple(str(step) for step in error.instance_path[depth:]), error.kind.name, tuple(names))
