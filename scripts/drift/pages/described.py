"""The descriptions of a document, and whether the other document has what they describe.

What describes a new operation or a new property is new as a whole: nobody could rely on another wording.
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

from scripts.drift.compare.operations import matched_operations
from scripts.drift.document.spec import Spec, as_dict, as_list
from scripts.drift.findings import Pointer
from scripts.drift.pages.sections import Section

MAX_NODES = 400_000
_TEXTS = ("summary", "description")
# A value of the base and where it stands, and the same of the revision.
_Both: TypeAlias = tuple[Any, Pointer, Any, Pointer]


def described(base: Spec, revision: Spec) -> tuple[list[Section], list[Section], list[Section]]:
    """Return the texts of both documents, and those that describe what the other one does not have.

    The title of each is the JSON pointer of what it describes.
    """
    walk = _Walk(base, revision)
    walk.together()
    sides: list[list[Section]] = []
    unmatched: list[Section] = []
    for spec, known in ((base, walk.known[0]), (revision, walk.known[1])):
        found = []
        for pointer, text in _texts(spec.document):
            found.append(Section(0, "/".join(pointer), 0, text))
            if pointer not in known:
                unmatched.append(found[-1])
        sides.append(found)
    return sides[0], sides[1], unmatched


def _texts(document: dict[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """Return each object with a text, and its texts."""
    level: list[tuple[Any, Pointer]] = [(document, ())]
    for _ in range(MAX_NODES):
        if not level:
            return
        node, pointer = level.pop()
        if isinstance(node, dict):
            texts = [node[key] for key in _TEXTS if isinstance(node.get(key), str)]
            if texts:
                yield pointer, "\n\n".join(texts)
            level += [
                (child, (*pointer, str(key))) for key, child in node.items() if isinstance(child, dict | list)
            ]
        elif isinstance(node, list):
            level += [
                (child, (*pointer, str(i))) for i, child in enumerate(node) if isinstance(child, dict | list)
            ]


class _Walk:
    """Goes through two documents side by side, references followed, and notes what both have."""

    def __init__(self, base: Spec, revision: Spec) -> None:
        self._specs = base, revision
        self.known: tuple[set[Pointer], set[Pointer]] = set(), set()
        self._seen: set[tuple[int, int]] = set()

    def together(self) -> None:
        """Note the pointers of all objects that both documents have."""
        base, revision = (_without_paths(spec.document) for spec in self._specs)
        level: list[_Both] = [(base, (), revision, ())]
        for old, new in matched_operations(*self._specs):
            if old is not None and new is not None:
                level.append((old.part.value, old.part.pointer, new.part.value, new.part.pointer))
                items = _without(old.item.value), _without(new.item.value)
                level.append((items[0], old.item.pointer, items[1], new.item.pointer))
        while level and len(self._seen) < MAX_NODES:
            level += self._pair(*level.pop())

    def _pair(self, old: Any, old_at: Pointer, new: Any, new_at: Pointer) -> Iterator[_Both]:
        if not isinstance(new, dict | list) or type(old) is not type(new):
            return
        self.known[0].add(old_at)
        self.known[1].add(new_at)
        if (id(old), id(new)) in self._seen:
            return
        self._seen.add((id(old), id(new)))
        if isinstance(new, list) or isinstance(old, list):
            yield from _lists(as_list(old), old_at, as_list(new), new_at)
            return
        if "$ref" in old or "$ref" in new:
            before, after = self._specs[0].follow(old, old_at), self._specs[1].follow(new, new_at)
            if before.value is not old or after.value is not new:
                yield before.value, before.pointer, after.value, after.pointer
        for key, child in new.items():
            if key in old:
                yield old[key], (*old_at, str(key)), child, (*new_at, str(key))


def _lists(old: list[Any], old_at: Pointer, new: list[Any], new_at: Pointer) -> Iterator[_Both]:
    """Pair the entries of two lists: by name where they have one, else by their position."""
    for index, child in enumerate(new):
        key = [(name, as_dict(child).get(name)) for name in ("in", "name", "url") if name in as_dict(child)]
        same = [
            n for n, one in enumerate(old) if key and all(as_dict(one).get(k) == value for k, value in key)
        ]
        other = same[0] if same else index if index < len(old) and not key else None
        if other is not None:
            yield old[other], (*old_at, str(other)), child, (*new_at, str(index))


def _without_paths(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in ("paths", "webhooks")}


def _without(item: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in item.items()
        if key in ("summary", "description", "parameters", "servers")
    }
