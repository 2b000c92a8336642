"""The members of objects: those that a schema knows, and those of answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.checks.document import Contract
from contract_tests.target.exchange import Received

_DEEPEST = 6
_BY_ITSELF = ("date", "time", "updated", "modified", "count", "views", "etag", "seen", "version", "revision")


def members_of(contract: Contract, schema: Any, depth: int = 0) -> dict[str, Any]:
    """Return the schemas of the members that a client can write, by name."""
    resolved = contract.resolve(schema)
    found = dict(resolved.get("properties") or {})
    for each in (resolved.get("allOf") or ()) if depth < _DEEPEST else ():
        found |= members_of(contract, each, depth + 1)
    return {name: each for name, each in found.items() if contract.resolve(each).get("readOnly") is not True}


def required_of(contract: Contract, schema: Any, depth: int = 0) -> set[str]:
    """Return the names of the members that a schema asks for."""
    resolved = contract.resolve(schema)
    found = {each for each in resolved.get("required") or () if isinstance(each, str)}
    for each in (resolved.get("allOf") or ()) if depth < _DEEPEST else ():
        found |= required_of(contract, each, depth + 1)
    return found


def alike(told: Mapping[str, Any], answer: Received) -> Iterator[str]:
    """Yield the members of an answer that have another value than they were told to have."""
    now = object_of(answer)
    for name, value in told.items():
        if name in now and is_steady(name, value) and now[name] != value:
            yield name


def is_steady(name: str, value: Any) -> bool:
    """Return whether a member keeps its value by itself: no dates, and nothing that counts."""
    plain = plain_name(name)
    if any(word in plain for word in _BY_ITSELF):
        return False
    return not plain.endswith("at") or not isinstance(value, str)


def plain_name(name: str) -> str:
    """Return the letters and digits of a name, in small letters."""
    return "".join(char for char in name.lower() if char.isalnum())


def values_named(answer: Received | Mapping[str, Any], name: str) -> Iterator[Any]:
    """Yield the values of all members of a name, wherever they stand in an object."""
    waiting: list[tuple[Any, int]] = [(object_of(answer) if isinstance(answer, Received) else answer, 0)]
    while waiting:
        node, depth = waiting.pop(0)
        if isinstance(node, Mapping):
            yield from (value for key, value in node.items() if key == name)
            waiting += [(each, depth + 1) for each in node.values() if depth < _DEEPEST]


def object_of(answer: Received) -> dict[str, Any]:
    """Return the members of the JSON body of an answer; none where there is no object."""
    try:
        value = answer.json() if answer.body else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
