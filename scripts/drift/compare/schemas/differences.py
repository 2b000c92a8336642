"""What two schemas say otherwise beside the values that they allow, each on its own level."""

import json
from collections.abc import Iterator
from typing import Any

from scripts.drift.compare.rest import Rest
from scripts.drift.compare.schemas.notes import Node, Notes, unknown_types
from scripts.drift.compare.words import examples_of, shown_in
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Spec, as_dict
from scripts.drift.facts import Fact
from scripts.drift.findings import Pointer

_COUNTED = ("title", "description", "deprecated", "default", "example", "examples", "externalDocs")


class Differences:
    """The comparison of notes for one pair of documents."""

    def __init__(self, base: Spec, revision: Spec, same: Sameness) -> None:
        self._specs = base, revision
        # What the two say in the same words means the same.
        self._is_one_version = base.is_31 == revision.is_31
        self._same = same
        self._rest = Rest(same)

    def facts(self, place: str, before: Notes, after: Notes, reader: str, is_xml: bool) -> Iterator[Fact]:
        """Yield what differs in the notes of two schemas, those inside of them left out."""
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
            if equal(before.of(key), after.of(key)) and not alike(
                before.notes.get(key), after.notes.get(key)
            ):
                text = "differs in a part of the schema where another one counts"
                yield Fact("note", f"{place} {key}", None, None, *at, reader, {"text": text})
        yield from self._of_values(place, before, after, reader)
        yield from self._discriminator(place, before, after, reader)
        if not alike(before.notes.get("xml"), after.notes.get("xml")):
            more = {"is_xml": is_xml}
            yield Fact("xml", f"{place} xml", before.of("xml"), after.of("xml"), *at, reader, more)
        for key in [*before.rest, *(key for key in after.rest if key not in before.rest)]:
            where = before.places.get(key, before.pointer), after.places.get(key, after.pointer)
            yield from self._left(f"{place} {key}", before.rest.get(key), after.rest.get(key), key, where)
        for key in [*before.ignored, *(key for key in after.ignored if key not in before.ignored)]:
            if not alike(before.ignored.get(key), after.ignored.get(key)):
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
        if not alike(olds, news):
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
        if not alike(*wrong):
            yield from self._left(f"{place} type", *wrong, "type", at)
        for key in ("dependentRequired", "discriminator"):
            kept = [
                [one for one in side.notes.get(key, ()) if not isinstance(one, dict)]
                for side in (before, after)
            ]
            if not alike(*kept):
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
        names = [name_of(node) for node in notes.branches.get("", ()) if "$ref" in as_dict(node[0])]
        return found | {name: name for name in names if name is not None and name not in found.values()}

    def _left(
        self,
        place: str,
        before: list[Any] | None,
        after: list[Any] | None,
        key: str,
        at: tuple[Pointer, Pointer],
    ) -> Iterator[Fact]:
        if alike(before, after) and self._same.alike(before, after):
            return
        if len(before or []) <= 1 and len(after or []) <= 1:
            olds, news = ({key: one[0]} if one else {} for one in (before, after))
            yield from self._rest.entry(place, olds, news, key, *at)
        elif not alike(before, after):
            yield Fact("rest", place, before, after, *at, more={"effect": "changed"})


def name_of(node: Node | None) -> str | None:
    """Return the name of a schema that stands for itself: that of its reference, or its title."""
    found = as_dict(node[0]) if node is not None else {}
    reference = found.get("$ref")
    if isinstance(reference, str):
        return reference.rpartition("/")[2]
    title = found.get("title")
    return title if isinstance(title, str) else None


def alike(one: list[Any] | None, other: list[Any] | None) -> bool:
    """Return whether two lists hold the same values, however often and in whatever order."""
    if one == other and equal(one, other):
        return True
    return {_text(value) for value in one or ()} == {_text(value) for value in other or ()}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
