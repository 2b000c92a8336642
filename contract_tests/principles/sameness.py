"""Two answers to the same request, and whether a third one says the same."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contract_tests.target.exchange import Received

_UNREAD = object()


@dataclass(frozen=True)
class Steady:
    """The answer to a request that was sent twice: only the parts that did not change count.

    Attributes:
        first: the one answer.
        second: the other.
    """

    first: Received = field(repr=False)
    second: Received = field(repr=False)

    @property
    def is_steady(self) -> bool:
        """Whether both have one status; else nothing can be said of a third."""
        return self.first.status == self.second.status

    @property
    def shared_tag(self) -> str:
        """The strong ETag that two contents share; weak ones may (RFC 9110, section 8.8.1)."""
        tag = self.second.headers.get("etag", "")
        is_shared = tag == self.first.headers.get("etag") and self.first.body != self.second.body
        return tag if is_shared and not tag.startswith("W/") else ""

    def differences(self, other: Received) -> Iterator[str]:
        """Yield how another answer differs, without values."""
        if other.status != self.second.status:
            yield f"{other.status} instead of {self.second.status}"
            return
        mine, before = (_read(answer) for answer in (self.second, self.first))
        if mine is _UNREAD or before is _UNREAD:
            return
        yield from _differs(before, mine, _read(other), "the body")


def _differs(before: Any, mine: Any, other: Any, place: str) -> Iterator[str]:
    if isinstance(mine, dict) and isinstance(before, dict):
        if not isinstance(other, dict):
            yield f"{place} is no object"
            return
        if before.keys() == mine.keys() != other.keys():
            yield f"other members of {place}: {', '.join(sorted(map(str, mine.keys() ^ other.keys())))}"
            return
        for name in mine.keys() & before.keys() & other.keys():
            yield from _differs(before[name], mine[name], other[name], name)
    elif mine == before and type(mine) is type(before) and mine != other:
        yield f"another {place}"


def _read(answer: Received) -> Any:
    if not answer.body:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return _UNREAD
