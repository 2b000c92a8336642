"""What differs and no other comparison speaks of, key by key.

Two objects that stand for the same thing are compared without the keys that are judged elsewhere. So an
extension, a key of a later version or a value of the wrong kind is never passed over.
"""

from collections.abc import Iterator
from typing import Any

from scripts.drift.compare.judged_keys import Keys
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Part
from scripts.drift.facts import Fact
from scripts.drift.findings import Pointer

# How many differences below one key are told one by one.
MAX_LEAVES = 25
_ABSENT = object()


class Rest:
    """Comparisons to the letter for one pair of documents."""

    def __init__(self, same: Sameness) -> None:
        self._same = same

    def alike(self, before: Any, after: Any) -> bool:
        """Return whether two values are written the same, and what they refer to is, too."""
        return self._same.alike(before, after)

    def of(self, place: str, old: Part, new: Part, judged: Keys) -> Iterator[Fact]:
        """Yield what differs under the keys that are not judged elsewhere."""
        for key in [*old.value, *(key for key in new.value if key not in old.value)]:
            before, after = old.value.get(key, _ABSENT), new.value.get(key, _ABSENT)
            if key in judged and all(
                one is _ABSENT or isinstance(one, judged[key]) for one in (before, after)
            ):
                continue
            yield from self.value(
                f"{place} {key}", before, after, (*old.pointer, str(key)), (*new.pointer, str(key))
            )
        if not equal(old.beside, new.beside):
            text = "stands beside a reference and counts for nothing"
            yield Fact(
                "note", f"{place} $ref", old.beside, new.beside, old.pointer, new.pointer, more={"text": text}
            )

    def entry(
        self, place: str, old: dict[str, Any], new: dict[str, Any], key: str, old_at: Pointer, new_at: Pointer
    ) -> Iterator[Fact]:
        """Yield what differs under one key of two objects."""
        yield from self.value(
            place, old.get(key, _ABSENT), new.get(key, _ABSENT), (*old_at, key), (*new_at, key)
        )

    def map(self, place: str, old: Part, new: Part, key: str) -> Iterator[Fact]:
        """Yield what differs among the entries of a map that are no objects, or extensions."""
        olds, news = old.value.get(key), new.value.get(key)
        if not isinstance(olds, dict) or not isinstance(news, dict):
            olds, news = (one if isinstance(one, dict) else {} for one in (olds, news))
        for name in [*olds, *(name for name in news if name not in olds)]:
            before, after = olds.get(name, _ABSENT), news.get(name, _ABSENT)
            if not str(name).startswith("x-") and all(
                one is _ABSENT or isinstance(one, dict) for one in (before, after)
            ):
                continue
            at = (*old.pointer, key, str(name)), (*new.pointer, key, str(name))
            yield from self.value(f"{place} {name}", before, after, *at)

    def value(self, place: str, before: Any, after: Any, old_at: Pointer, new_at: Pointer) -> Iterator[Fact]:
        """Yield the leaves in which two values differ."""
        if before is not _ABSENT and after is not _ABSENT and self._same.alike(before, after):
            return
        for count, (path, old, new) in enumerate(_leaves(before, after, ())):
            if count == MAX_LEAVES:
                yield _rest(f"{place} ...", before, after, old_at, new_at)
                return
            yield _rest("/".join((place, *path)), old, new, (*old_at, *path), (*new_at, *path))


def _rest(place: str, before: Any, after: Any, old_at: Pointer, new_at: Pointer) -> Fact:
    olds, news = (None if one is _ABSENT else one for one in (before, after))
    effect = "added" if before is _ABSENT else "removed" if after is _ABSENT else "changed"
    return Fact("rest", place, olds, news, old_at, new_at, more={"effect": effect})


def _leaves(before: Any, after: Any, path: Pointer) -> Iterator[tuple[Pointer, Any, Any]]:
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() != {"$ref"}:
        for key in [*before, *(key for key in after if key not in before)]:
            old, new = before.get(key, _ABSENT), after.get(key, _ABSENT)
            if old is _ABSENT or new is _ABSENT or not equal(old, new):
                yield from _leaves(old, new, (*path, str(key)))
        if equal(before, after):
            yield path, before, after  # what they refer to differs
    elif (
        isinstance(before, list)
        and isinstance(after, list)
        and len(before) == len(after)
        and not equal(before, after)
    ):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            if not equal(old, new):
                yield from _leaves(old, new, (*path, str(index)))
    else:
        yield path, before, after
