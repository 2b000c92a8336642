"""The facts about schemas that no validator sees: words, defaults, examples, XML, and what nobody judges.

Schemas are gone through side by side by the names of their properties, so that a schema that moves under
`components` keeps its notes where they were. Each pair of schemas is looked at once.
"""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.compare.rest import Rest
from scripts.drift.compare.schema_notes import CONDITIONS, DEFINITIONS, Node, Notes, unknown_types
from scripts.drift.compare.words import examples_of, shown_in
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Spec, as_dict
from scripts.drift.facts import Fact
from scripts.drift.findings import Pointer

MAX_SCHEMAS = 50_000
_TAKEN_IN = frozenset({"$ref", "$dynamicRef", "allOf", "oneOf", "anyOf", "example", "examples"})
# What has to be held against the whole schema around it.
_WHOLE = frozenset({"example", "examples", "$dynamicRef", *CONDITIONS, *DEFINITIONS})
_COUNTED = ("title", "description", "deprecated", "default", "example", "examples", "externalDocs")


class SchemaWalk:
    """Pairs of schemas side by side."""

    def __init__(self, base: Spec, revision: Spec, same: Sameness) -> None:
        self._specs = base, revision
        # What the two say in the same words means the same.
        self._is_one_version = base.is_31 == revision.is_31
        self._same = same
        self._rest = Rest(same)
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
            behind = self._behind(olds, news) if len(olds) == len(news) == 1 else None
            if behind is not None:
                for name in behind:
                    self._add(place, [({"$ref": name}, ())], [({"$ref": name}, ())], reader, is_xml, within)
                continue
            before, after = Notes(self._specs[0], olds), Notes(self._specs[1], news)
            before.ids.update(within)
            is_same = len(olds) == len(news) == 1 and _is_plain(olds[0][0]) and equal(olds[0][0], news[0][0])
            if not (is_same and self._is_one_version):
                yield from self._differences(place, before, after, reader, is_xml)
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

    def _behind(self, olds: list[Node], news: list[Node]) -> tuple[str, ...] | None:
        """Return the references that make two schemas of the same words differ; None where more may."""
        schema = olds[0][0]
        if not (schema is news[0][0] and isinstance(schema, dict) and self._is_one_version):
            return None
        return self._same.differing(schema) if _is_nothing_but_its_parts(schema) else None

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
            where = f"{place} /{_name_of(old) or _name_of(new) or f'alternative {index + 1}'}"
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
            take(lambda old, new: _name_of(old) is not None and _name_of(old) == _name_of(new))
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

    # The notes of one pair

    def _differences(
        self, place: str, before: Notes, after: Notes, reader: str, is_xml: bool
    ) -> Iterator[Fact]:
        at = (before.pointer, after.pointer)
        for key, kind in (("description", "words"), ("externalDocs", "words"), ("title", "name")):
            if not equal(before.of(key), after.of(key)):
                yield Fact(kind, f"{place} {key}", before.of(key), after.of(key), *at, reader)
        if not equal(before.of("deprecated") or False, after.of("deprecated") or False):
            yield Fact("deprecated", place, before.of("deprecated"), after.of("deprecated"), *at)
        if not equal(before.of("default"), after.of("default")):
            yield Fact("default", place, before.of("default"), after.of("default"), *at, reader)
        yield from self._examples(place, before, after, reader)
        for key in _COUNTED:
            if equal(before.of(key), after.of(key)) and not _alike(
                before.notes.get(key), after.notes.get(key)
            ):
                text = "differs in a part of the schema where another one counts"
                yield Fact("note", f"{place} {key}", None, None, *at, reader, {"text": text})
        yield from self._of_values(place, before, after, reader)
        yield from self._discriminator(place, before, after, reader)
        if not _alike(before.notes.get("xml"), after.notes.get("xml")):
            more = {"is_xml": is_xml}
            yield Fact("xml", f"{place} xml", before.of("xml"), after.of("xml"), *at, reader, more)
        for key in [*before.rest, *(key for key in after.rest if key not in before.rest)]:
            where = before.places.get(key, before.pointer), after.places.get(key, after.pointer)
            yield from self._left(f"{place} {key}", before.rest.get(key), after.rest.get(key), key, where)
        for key in [*before.ignored, *(key for key in after.ignored if key not in before.ignored)]:
            if not _alike(before.ignored.get(key), after.ignored.get(key)):
                text = "stands beside a reference, where OpenAPI 3.0 does not read it"
                yield Fact("note", f"{place} {key}", None, None, *at, reader, {"text": text})

    def _examples(self, place: str, before: Notes, after: Notes, reader: str) -> Iterator[Fact]:
        shown = [shown_in({k: v[0] for k, v in one.notes.items()}) for one in (before, after)]
        at = (before.pointer, after.pointer)
        if not equal(*shown):
            yield Fact("example", f"{place} example", shown[0], shown[1], *at, reader)
        if shown[1]:
            sides = [
                (one.raw, examples_of(examples)) for one, examples in zip((before, after), shown, strict=True)
            ]
            yield Fact("example-check", f"{place} example", sides[0], sides[1], *at, reader)

    def _of_values(self, place: str, before: Notes, after: Notes, reader: str) -> Iterator[Fact]:
        """Yield what is said of values and does not limit them: flags, formats, wrong types."""
        at = (before.pointer, after.pointer)
        for key in ("readOnly", "writeOnly"):
            if not equal(before.of(key) or False, after.of(key) or False):
                more = {"text": f"{key} is {after.of(key)} instead of {before.of(key)}"}
                yield Fact("note", f"{place} {key}", before.of(key), after.of(key), *at, reader, more)
        olds, news = before.notes.get("format"), after.notes.get("format")
        if not _alike(olds, news):
            ids: dict[str, Any] = {"ids": [*before.ids, *after.ids]}
            yield Fact(
                "format-named", f"{place} format", before.of("format"), after.of("format"), *at, reader, ids
            )
        if before.is_untyped() != after.is_untyped() and (before.is_typed() or after.is_typed()):
            text = "states its type now" if before.is_untyped() else "states no type any more"
            more = {"text": f"{text}; what else it says speaks of one kind of value"}
            yield Fact("note", f"{place} type", before.of("type"), after.of("type"), *at, reader, more)
        is_nullable = all(as_dict(one.raw).get("nullable") is True for one in (before, after))
        if is_nullable and not self._is_one_version:
            text = "nullable has no meaning in OpenAPI 3.1, so whether null is still allowed cannot be told"
            yield Fact("unsure", f"{place} nullable", True, True, *at, reader, {"text": text})
        wrong = list(unknown_types(before)), list(unknown_types(after))
        if not _alike(*wrong):
            yield from self._left(f"{place} type", *wrong, "type", at)
        for key in ("dependentRequired", "discriminator"):
            kept = [
                [one for one in side.notes.get(key, ()) if not isinstance(one, dict)]
                for side in (before, after)
            ]
            if not _alike(*kept):
                yield from self._left(f"{place} {key}", kept[0], kept[1], key, at)

    def _discriminator(self, place: str, before: Notes, after: Notes, reader: str) -> Iterator[Fact]:
        olds, news = (as_dict(one.of("discriminator")) for one in (before, after))
        at = (before.pointer, after.pointer)
        if bool(olds) != bool(news):
            more = {"effect": "removed" if olds else "added"}
            yield Fact("discriminator", place, olds or None, news or None, *at, reader, more)
            return
        known = ("propertyName", "mapping")
        rests = [{k: v for k, v in one.items() if k not in known} for one in (olds, news)]
        yield from self._rest.value(f"{place} discriminator", rests[0], rests[1], *at)
        maps = self._marks(before, olds), self._marks(after, news)
        names = [as_dict(as_dict(spec.document.get("components")).get("schemas")) for spec in self._specs]
        # A schema of another name under the same mark may be the same one, renamed.
        elsewhere = any(
            maps[0][mark] != maps[1][mark]
            and all(maps[0][mark] in side or maps[1][mark] in side for side in names)
            and maps[0][mark] in names[1]
            and maps[1][mark] in names[0]
            for mark in maps[0].keys() & maps[1].keys()
        )
        if elsewhere or maps[0].keys() != maps[1].keys():
            ids: dict[str, Any] = {"ids": [] if elsewhere else [*before.ids, *after.ids]}
            yield Fact("mapping", f"{place} discriminator mapping", *maps, *at, reader, ids)

    def _marks(self, notes: Notes, discriminator: dict[str, Any]) -> dict[str, str]:
        """Return the schema that each mark leads to; what no key leads to has its name as mark."""
        found = {
            str(mark): str(target).rpartition("/")[2]
            for mark, target in as_dict(discriminator.get("mapping")).items()
        }
        names = [_name_of(node) for node in notes.branches.get("", ()) if "$ref" in as_dict(node[0])]
        return found | {name: name for name in names if name is not None and name not in found.values()}

    def _left(
        self,
        place: str,
        before: list[Any] | None,
        after: list[Any] | None,
        key: str,
        at: tuple[Pointer, Pointer],
    ) -> Iterator[Fact]:
        if _alike(before, after) and self._same.alike(before, after):
            return
        if len(before or []) <= 1 and len(after or []) <= 1:
            olds, news = ({key: one[0]} if one else {} for one in (before, after))
            yield from self._rest.entry(place, olds, news, key, *at)
        elif not _alike(before, after):
            yield Fact("rest", place, before, after, *at, more={"effect": "changed"})


def is_schema(reference: str) -> bool:
    """Return whether a reference leads to a named schema of the document."""
    return reference.startswith("#/components/schemas/") and reference.count("/") == 3


def _is_nothing_but_its_parts(schema: Any) -> bool:
    """Return whether what a schema refers to can be told of by itself: nothing around it is needed."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if not _WHOLE.isdisjoint(node):
                return False
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return True


def _is_plain(schema: Any) -> bool:
    """Return whether the notes of a schema are its own alone, and no examples are to be checked."""
    return isinstance(schema, dict) and _TAKEN_IN.isdisjoint(schema)


def _name_of(node: Node | None) -> str | None:
    """Return the name of a schema that stands for itself: that of its reference, or its title."""
    found = as_dict(node[0]) if node is not None else {}
    reference = found.get("$ref")
    if isinstance(reference, str):
        return reference.rpartition("/")[2]
    title = found.get("title")
    return title if isinstance(title, str) else None


def _alike(one: list[Any] | None, other: list[Any] | None) -> bool:
    """Return whether two lists hold the same values, however often and in whatever order."""
    if one == other and equal(one, other):
        return True
    return {_text(value) for value in one or ()} == {_text(value) for value in other or ()}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
