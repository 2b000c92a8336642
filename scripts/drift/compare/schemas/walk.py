"""The facts about schemas that no validator sees: words, defaults, examples, XML, and what nobody judges.

Schemas are gone through side by side by the names of their properties, so that a schema that moves under
`components` keeps its notes where they were. Each pair of schemas is looked at once.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.compare.schemas.differences import Differences, name_of
from scripts.drift.compare.schemas.notes import CONDITIONS, DEFINITIONS, Node, Notes
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Spec, as_dict
from scripts.drift.facts import Fact
from scripts.drift.findings import Pointer

MAX_SCHEMAS = 50_000
_TAKEN_IN = frozenset({"$ref", "$dynamicRef", "allOf", "oneOf", "anyOf", "example", "examples"})


class SchemaWalk:
    """Pairs of schemas side by side."""

    def __init__(self, base: Spec, revision: Spec, same: Sameness) -> None:
        self._specs = base, revision
        # What the two say in the same words means the same.
        self._is_one_version = base.is_31 == revision.is_31
        self._same = same
        self._differences = Differences(base, revision, same)
        self._seen: set[tuple[tuple[int, ...], tuple[int, ...], str, bool]] = set()
        self._kept: list[Any] = []
        self._waiting: deque[tuple[str, list[Node], list[Node], str, bool, tuple[int, ...]]] = deque()

    def add(
        self,
        place: str,
        old: Any,
        old_at: Pointer,
        new: Any,
        new_at: Pointer,
        reader: str,
        is_xml: bool = False,
    ) -> None:
        """Look at a pair later; a schema that is not there is as good as an empty one."""
        self._add(place, [(old, old_at)], [(new, new_at)], reader, is_xml)

    def _add(
        self,
        place: str,
        olds: list[Node],
        news: list[Node],
        reader: str,
        is_xml: bool,
        within: tuple[int, ...] = (),
    ) -> None:
        """Look at a pair later; `within` has the ids of the schemas around it that it is a condition of."""
        if len(olds) == len(news) and all(
            self._same.holds(old, new) for (old, _), (new, _) in zip(olds, news, strict=True)
        ):
            return
        if any(isinstance(one, dict) for one, _ in (*olds, *news)):
            self._waiting.append((place, olds, news, reader, is_xml, within))

    def facts(self) -> Iterator[Fact]:
        """Yield what differs in all pairs that were added, and in those inside of them."""
        while self._waiting:
            place, olds, news, reader, is_xml, within = self._waiting.popleft()
            place, olds, news = self._named(place, olds, news)
            key = (tuple(id(one) for one, _ in olds), tuple(id(one) for one, _ in news), reader, is_xml)
            if key in self._seen:
                continue
            if len(self._seen) > MAX_SCHEMAS:
                at = (olds[0][1] if olds else (), news[0][1] if news else ())
                text = f"more than {MAX_SCHEMAS} pairs of schemas; what the others say was not compared"
                yield Fact("limit", place, None, None, *at, reader, {"text": text})
                return
            self._seen.add(key)
            self._kept += [olds, news]
            before, after = Notes(self._specs[0], olds), Notes(self._specs[1], news)
            before.ids.update(within)
            is_same = len(olds) == len(news) == 1 and _is_plain(olds[0][0]) and equal(olds[0][0], news[0][0])
            if not (is_same and self._is_one_version):
                yield from self._differences.facts(place, before, after, reader, is_xml)
            yield from self._inside(place, before, after, reader, is_xml, within)

    def _named(self, place: str, olds: list[Node], news: list[Node]) -> tuple[str, list[Node], list[Node]]:
        """Return what two references of one name lead to; what a component says is told of it."""
        passed: set[str] = set()
        while len(olds) == len(news) == 1:
            names = [as_dict(one[0][0]).get("$ref") for one in (olds, news)]
            name = names[0]
            if not isinstance(name, str) or names[0] != names[1] or name in passed:
                break
            passed.add(name)
            if name.startswith("#/components/schemas/"):
                place = f"schema {name.rpartition('/')[2]}"
            targets = [spec.targets(name)[:1] for spec in self._specs]
            if not all(targets) or any(len(as_dict(one[0][0])) > 1 for one in (olds, news)):
                break
            olds, news = targets
        return place, olds, news

    def _inside(
        self, place: str, before: Notes, after: Notes, reader: str, is_xml: bool, within: tuple[int, ...]
    ) -> Iterator[Fact]:
        for name, child in before.properties.items():
            other = after.properties.get(name)
            if other is not None:
                self._add(f"{place} /{name}", child, other, reader, is_xml, within)
                yield from self._hidden(f"{place} /{name}", child, other, reader)
        for olds, news, side in ((before, after, "removed"), (after, before, "added")):
            for name, child in olds.properties.items():
                if name not in news.properties:
                    at = (child[0][1], news.pointer) if side == "removed" else (news.pointer, child[0][1])
                    ids = [*(id(one) for one, _ in child), *olds.ids, *news.ids]
                    more = {"ids": ids, "effect": side}
                    yield Fact("property-named", f"{place} /{name}", None, None, *at, reader, more)
        for name in [*before.inner, *(name for name in after.inner if name not in before.inner)]:
            label = "*" if name in ("items", "additionalProperties") else name
            pair = before.inner.get(name, []), after.inner.get(name, [])
            if name.partition(" ")[0] in DEFINITIONS:
                yield from self._unreferred(f"{place} {name}", *pair, before, after)
                continue
            around = (*before.ids, *after.ids) if name.partition(" ")[0] in CONDITIONS else within
            self._add(f"{place} /{label}", *pair, reader, is_xml, around)
        for index, (old, new) in enumerate(
            self._aligned(before.branches.get("", []), after.branches.get("", []))
        ):
            where = f"{place} /{name_of(old) or name_of(new) or f'alternative {index + 1}'}"
            if old is not None and new is not None:
                self._add(where, [old], [new], reader, is_xml, within)
            else:
                yield from self._one_sided(where, old, new, before, after, reader)

    def _aligned(self, olds: Sequence[Node], news: Sequence[Node]) -> list[tuple[Node | None, Node | None]]:
        """Return alternatives side by side: by their name, then the same ones, then by their order."""
        left, right = list(olds), list(news)
        pairs: list[tuple[Node | None, Node | None]] = []

        def take(alike: Any) -> None:
            for old in list(left):
                match = next((new for new in right if alike(old, new)), None)
                if match is not None:
                    left.remove(old)
                    right.remove(match)
                    pairs.append((old, match))

        if len(left) * len(right) <= 4096:
            take(lambda old, new: name_of(old) is not None and name_of(old) == name_of(new))
            take(lambda old, new: self._same.holds(old[0], new[0]))
            take(lambda old, new: as_dict(old[0]).get("type") == as_dict(new[0]).get("type"))
        longest = max(len(left), len(right))
        padded = [[*side, *[None] * (longest - len(side))] for side in (left, right)]
        return [*pairs, *zip(*padded, strict=True)]

    def _one_sided(
        self, place: str, old: Node | None, new: Node | None, before: Notes, after: Notes, reader: str
    ) -> Iterator[Fact]:
        """Yield that an alternative which says more than its values is there on one side only."""
        only, spec = (old, self._specs[0]) if old is not None else (new, self._specs[1])
        notes = Notes(spec, [only] if only is not None else [])
        silent = {"type", "format"}
        if set(notes.notes) - silent or notes.rest or notes.properties or notes.inner:
            at = (old[1] if old else before.pointer, new[1] if new else after.pointer)
            more: dict[str, Any] = {
                "ids": [*before.ids, *after.ids, *notes.ids],
                "effect": "removed" if old else "added",
            }
            yield Fact("property-named", place, None, None, *at, reader, more)

    def _unreferred(
        self, place: str, olds: list[Node], news: list[Node], before: Notes, after: Notes
    ) -> Iterator[Fact]:
        """Yield that a definition within a schema differs which no reference leads to."""
        pairs = zip(olds, news, strict=False)
        if len(olds) == len(news) and all(self._same.alike(old, new) for (old, _), (new, _) in pairs):
            return
        if any(
            at in spec.referred()
            for spec, side in zip(self._specs, (olds, news), strict=True)
            for _, at in side
        ):
            return
        at = (olds[0][1] if olds else before.pointer, news[0][1] if news else after.pointer)
        text = "is new" if not olds else "is gone" if not news else "differs"
        yield Fact("note", place, None, None, *at, more={"text": f"{text}, and nothing refers to it"})

    def _hidden(self, place: str, olds: list[Node], news: list[Node], reader: str) -> Iterator[Fact]:
        """Yield that a property differs which messages of this role never have."""
        key = "readOnly" if reader == "server" else "writeOnly"
        if not all(any(as_dict(one).get(key) is True for one, _ in side) for side in (olds, news)):
            return
        if not all(self._same.alike(old, new) for (old, _), (new, _) in zip(olds, news, strict=False)):
            text = f"differs, and is {key}, so no {'request' if reader == 'server' else 'answer'} has it"
            yield Fact("note", place, None, None, olds[0][1], news[0][1], reader, {"text": text})


def _is_plain(schema: Any) -> bool:
    """Return whether the notes of a schema are its own alone, and no examples are to be checked."""
    return isinstance(schema, dict) and _TAKEN_IN.isdisjoint(schema)
