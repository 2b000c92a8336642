"""Everything around the schemas, object by object: words, examples, and what nothing else compares.

Operations are gone through side by side. Schemas are handed to a walk of their own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.compare import judged_keys as keys
from scripts.drift.compare.bodies import paired_answers, paired_contents
from scripts.drift.compare.documents import bare_requirements, documents
from scripts.drift.compare.links import links
from scripts.drift.compare.parameters import schema_of
from scripts.drift.compare.rest import Rest
from scripts.drift.compare.schemas.walk import SchemaWalk
from scripts.drift.compare.servers import overridden_servers, server_details
from scripts.drift.compare.words import examples_of, shown_in, words
from scripts.drift.document.announced import announced
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import (
    MAX_CALLBACKS,
    Operation,
    Part,
    Spec,
    as_dict,
    described_by,
)
from scripts.drift.facts import Fact

_WORDS = ("summary", "description", "externalDocs")


class Around:
    """The comparison of all that surrounds schemas, for one pair of documents."""

    def __init__(self, base: Spec, revision: Spec, same: Sameness) -> None:
        self._base = base
        self._revision = revision
        self._same = same
        self._rest = Rest(same)
        self._walk = SchemaWalk(base, revision, same)
        self._items: set[tuple[Any, Any]] = set()

    def facts(
        self, matched: Sequence[tuple[Operation | None, Operation | None]], apart: Sequence[Fact]
    ) -> Iterator[Fact]:
        """Yield what differs in the documents, in all operations that both have, and in schemas apart."""
        yield from documents(self._base, self._revision, self._rest)
        for old, new in matched:
            if old is None or new is None:
                continue
            yield from self._item(old.path, old.item, new.item)
            if not self._same.holds(old.item.value, new.item.value):
                yield from self._operation(old, new)
        for key in ("paths", "webhooks"):
            yield from self._items_alone(key)
        for fact in apart:
            if fact.kind == "schema":
                self._walk.add(fact.place, fact.old, fact.base, fact.new, fact.revision, fact.reader)
        yield from self._walk.facts()

    # Path items

    def _item(self, path: str, old: Part, new: Part) -> Iterator[Fact]:
        if (old.pointer, new.pointer) in self._items:
            return
        self._items.add((old.pointer, new.pointer))
        place = f"path {path}"
        yield from words(place, old, new, _WORDS)
        yield from self._rest.of(place, old, new, keys.ITEM)
        yield from self._rest.map(place, old, new, "additionalOperations")
        yield from server_details(place, old, new, self._rest)
        yield from self._left_parameters(place, old, new)
        yield from overridden_servers(place, old, new)
        if not equal(old.value.get("parameters"), new.value.get("parameters")):
            lists = [spec.overridden(side) for spec, side in ((self._base, old), (self._revision, new))]
            if not equal(lists[0], lists[1]):
                at = (*old.pointer, "parameters"), (*new.pointer, "parameters")
                text = "differs, and each operation of the path describes it itself"
                yield Fact("note", f"{place} parameters", None, None, *at, more={"text": text})

    def _items_alone(self, key: str) -> Iterator[Fact]:
        """Yield what differs in the path items that describe no operation on either side."""
        olds, news = (spec.children(Part(spec.document, ()), key) for spec in (self._base, self._revision))
        for path in [*olds, *(path for path in news if path not in olds)]:
            before, after = olds.get(path), news.get(path)
            if before is not None and after is not None:
                yield from self._item(path, before, after)
                continue
            only = before or after
            if only is not None and not only.elsewhere and not described_by(only):
                text = "describes no operation and is " + ("gone" if before else "new")
                at = (key, path)
                yield Fact("note", f"path {path}", None, None, at, at, more={"text": text})

    def _left_parameters(self, place: str, old: Part, new: Part) -> Iterator[Fact]:
        """Yield the parameters of a list that count for nothing, and differ: without a place, or ignored."""
        if equal(old.value.get("parameters"), new.value.get("parameters")):
            return
        olds, news = (
            [value for value, counts in spec.listed(side) if not counts]
            for spec, side in ((self._base, old), (self._revision, new))
        )
        at = ((*old.pointer, "parameters"), (*new.pointer, "parameters"))
        yield from self._rest.value(f"{place} parameters that count for nothing", olds, news, *at)

    # Operations

    def _operation(self, old: Operation, new: Operation) -> Iterator[Fact]:
        name = old.name
        yield from words(name, old.part, new.part, _WORDS)
        judged: dict[str, Any] = dict(keys.OPERATION)
        judged |= dict.fromkeys(announced(old.part.value, new.part.value), object)
        if old.depth >= MAX_CALLBACKS:
            del judged["callbacks"]
        yield from self._rest.of(name, old.part, new.part, judged)
        yield from server_details(name, old.part, new.part, self._rest)
        yield from self._left_parameters(name, old.part, new.part)
        yield from bare_requirements(name, old.part, new.part, self._rest)
        asked = "server" if old.kind == "path" else "client"
        read = "client" if asked == "server" else "server"
        for key, part in old.parameters.items():
            other = new.parameters.get(key)
            if other is not None:
                place = f"{name} {key[0]} parameter {part.value.get('name', key[1])}"
                yield from self._parameter(place, part, other, asked)
        bodies = self._base.child(old.part, "requestBody"), self._revision.child(new.part, "requestBody")
        # Only Swagger 2.0 has names of bodies, which no message shows.
        yield from words(f"{name} request", *bodies, ("description", "name"))
        yield from self._rest.of(f"{name} request", *bodies, keys.BODY)
        if not self._same.holds(bodies[0].value, bodies[1].value):
            yield from self._contents(f"{name} request", *bodies, asked)
        yield from self._answers(old, new, read)
        yield from self._callbacks(old, new)

    def _parameter(self, place: str, old: Part, new: Part, reader: str) -> Iterator[Fact]:
        if self._same.holds(old.value, new.value):
            yield from self._rest.of(place, old, new, keys.PARAMETER)
            return
        yield from words(place, old, new, ("description",))
        yield from self._examples(place, old, new, reader)
        yield from self._rest.of(place, old, new, keys.PARAMETER)
        if "content" in old.value and "content" in new.value:
            yield from self._contents(place, old, new, reader)
            kinds = as_dict(old.value["content"]), as_dict(new.value["content"])
            for kind in kinds[0].keys() ^ kinds[1].keys():
                at = (*old.pointer, "content"), (*new.pointer, "content")
                yield from self._rest.entry(f"{place} content {kind}", kinds[0], kinds[1], kind, *at)
        else:
            self._walk.add(place, *schema_of(old), *schema_of(new), reader)

    def _contents(self, place: str, old: Part, new: Part, reader: str) -> Iterator[Fact]:
        yield from self._rest.map(place, old, new, "content")
        for kind, before, after in paired_contents(self._base, self._revision, old, new):
            where = f"{place} {kind}"
            yield from self._examples(where, before, after, reader)
            yield from self._rest.of(where, before, after, keys.MEDIA_TYPE)
            for key in ("schema", "itemSchema"):
                ends = [(side.value.get(key), (*side.pointer, key)) for side in (before, after)]
                self._walk.add(where, *ends[0], *ends[1], reader, is_xml="xml" in kind)

    def _answers(self, old: Operation, new: Operation, reader: str) -> Iterator[Fact]:
        yield from self._rest.map(f"{old.name} answer", old.part, new.part, "responses")
        for status, before, after in paired_answers(self._base, self._revision, old, new):
            place = f"{old.name} answer {status}"
            yield from self._rest.of(place, before, after, keys.ANSWER)
            if self._same.holds(before.value, after.value):
                continue
            yield from words(place, before, after, ("summary", "description"))
            yield from self._rest.map(f"{place} header", before, after, "headers")
            yield from self._contents(place, before, after, reader)
            headers = [
                {name.lower(): part for name, part in spec.children(side, "headers").items()}
                for spec, side in ((self._base, before), (self._revision, after))
            ]
            for name in [*headers[0], *(name for name in headers[1] if name not in headers[0])]:
                where = f"{place} header {name}"
                one, other = (side.get(name) for side in headers)
                if name == "content-type":
                    one, other = one or Part({}, before.pointer), other or Part({}, after.pointer)
                    where = f"{where}, which is ignored,"
                    yield from self._rest.value(where, one.value, other.value, one.pointer, other.pointer)
                elif one is not None and other is not None:
                    yield from self._parameter(where, one, other, reader)
            yield from links(self._base, self._revision, place, before, after, self._rest)

    def _callbacks(self, old: Operation, new: Operation) -> Iterator[Fact]:
        yield from self._rest.map(f"{old.name} callback", old.part, new.part, "callbacks")
        sides = [
            spec.children(one.part, "callbacks") for spec, one in ((self._base, old), (self._revision, new))
        ]
        for name in [*sides[0], *(name for name in sides[1] if name not in sides[0])]:
            place = f"{old.name} callback {name}"
            before, after = (side.get(name, Part({}, ())) for side in sides)
            at = (*old.part.pointer, "callbacks", name), (*new.part.pointer, "callbacks", name)
            yield from self._rest.of(place, Part({}, at[0], before.beside), Part({}, at[1], after.beside), {})
            if (name in sides[0]) != (name in sides[1]) and not any(
                _describes(one) for one in (before, after)
            ):
                yield from self._rest.value(place, before.value, after.value, *at)
                continue
            for key in [*before.value, *(key for key in after.value if key not in before.value)]:
                entries = (
                    Part({"it": before.value.get(key)}, at[0]),
                    Part({"it": after.value.get(key)}, at[1]),
                )
                if not any(_is_item(one.value["it"]) for one in entries):
                    yield from self._rest.entry(f"{place} {key}", before.value, after.value, key, *at)

    def _examples(self, place: str, old: Part, new: Part, reader: str) -> Iterator[Fact]:
        shown = shown_in(old.value, self._base), shown_in(new.value, self._revision)
        at = (old.pointer, new.pointer)
        if not equal(*shown):
            yield Fact("example", f"{place} example", *shown, *at)
        if shown[1] and "schema" in new.value:
            sides = [
                (schema_of(part)[0], examples_of(part.value, spec))
                for part, spec in ((old, self._base), (new, self._revision))
            ]
            yield Fact("example-check", f"{place} example", sides[0], sides[1], *at, reader)


def _describes(callback: Part) -> bool:
    """Return whether a callback describes an operation, which is told of when it comes or goes."""
    return any(map(_is_item, callback.value.values()))


def _is_item(value: Any) -> bool:
    """Return whether a value is a path item with an operation, which is told of by itself."""
    found = as_dict(value)
    return "$ref" in found or bool(described_by(Part(found, ())))
