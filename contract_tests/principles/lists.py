"""Answers that list things: the things, the parameters that divide them into pages, their number."""

from collections.abc import Iterator
from typing import Any

from contract_tests.principles.members import plain_name, values_named
from contract_tests.target.exchange import Received

LIMITS = frozenset({"limit", "perpage", "pagesize", "size", "count", "maxresults", "top", "first", "take"})
PAGES = LIMITS | {"page", "offset", "cursor", "after", "skip", "start"}
_TOTALS = frozenset({"total", "totalcount", "totalitems", "totalresults", "totalelements"})
_ENDS = ("id", "uuid", "key", "code", "number", "name", "slug", "ref")


def items_of(answer: Received) -> list[dict[str, Any]] | None:
    """Return the things that an answer lists: itself, or the one list in it."""
    try:
        value = answer.json() if answer.body else None
    except ValueError:
        return None
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list)]
        value = lists[0] if len(lists) == 1 else None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return None
    return value


def total_of(answer: Received) -> int | None:
    """Return the number of all things that an answer tells, in a header or beside the list."""
    header = answer.headers.get("x-total-count", "")
    if header.isascii() and header.isdecimal():
        return int(header)
    body = answer.json() if items_of(answer) is not None else None
    for name, value in body.items() if isinstance(body, dict) else ():
        if plain_name(name) in _TOTALS and isinstance(value, int):
            return value
    return None


def names_of(items: list[dict[str, Any]]) -> list[Any] | None:
    """Return what tells the things of a list apart, in their order; None if nothing does."""
    for name in items[0] if items else ():
        values = [item.get(name) for item in items]
        named = plain_name(name).endswith(_ENDS) and all(isinstance(value, str | int) for value in values)
        if named and len(set(values)) == len(values):
            return values
    return None


def member_values(item: dict[str, Any], name: str) -> Iterator[str]:
    """Yield the text of a member, if it stands in one place of a thing alone."""
    found = [each for each in values_named(item, name) if isinstance(each, str)]
    yield from found if len(found) == 1 else ()
