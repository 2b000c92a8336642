"""The facts that no validator sees: words, defaults, examples, names of schemas.

Operations are gone through side by side, and schemas below them by the names of their properties, so that a
schema that moves under `components` keeps its words where they were. Each pair of schemas is looked at once.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.compare.parameters import schema_of
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Operation, Part, Spec, as_dict, as_list
from scripts.drift.facts import Fact
from scripts.drift.findings import Pointer

_WORDS = ("summary", "description", "externalDocs")
_INFO = ("title", "description", "termsOfService", "contact", "license", "version")
MAX_SCHEMAS = 50_000


def texts(
    base: Spec, revision: Spec, matched: Sequence[tuple[Operation | None, Operation | None]], same: Sameness
) -> Iterator[Fact]:
    """What differs in words, defaults and examples."""
    documents = (
        Part(as_dict(base.document.get("info")), ("info",)),
        Part(as_dict(revision.document.get("info")), ("info",)),
    )
    yield from _words("the API", *documents, _INFO)
    walk = _Walk(base, revision, same)
    for old, new in matched:
        if old is None or new is None or same.holds(old.item.value, new.item.value):
            continue
        yield from _operation(base, revision, old, new, walk)
    yield from walk.facts()


def _operation(base: Spec, revision: Spec, old: Operation, new: Operation, walk: "_Walk") -> Iterator[Fact]:
    yield from _words(old.name, old.part, new.part, _WORDS)
    asked = "server" if old.kind == "path" else "client"
    for key, part in old.parameters.items():
        other = new.parameters.get(key)
        if other is not None:
            place = f"{old.name} {key[0]} parameter {part.value.get('name', key[1])}"
            yield from _words(place, part, other, ("description",))
            yield from _examples(place, part, other, asked)
            walk.add(place, *schema_of(part), *schema_of(other), asked)
    bodies = base.child(old.part, "requestBody"), revision.child(new.part, "requestBody")
    place = f"{old.name} request"
    yield from _words(place, *bodies, ("description",))
    yield from _contents(place, *bodies, asked, walk)
    answers = base.children(old.part, "responses"), revision.children(new.part, "responses")
    for status, part in answers[0].items():
        if status in answers[1]:
            place = f"{old.name} answer {status}"
            yield from _words(place, part, answers[1][status], ("description",))
            read = "client" if asked == "server" else "server"
            yield from _contents(place, part, answers[1][status], read, walk)


def _contents(place: str, old: Part, new: Part, reader: str, walk: "_Walk") -> Iterator[Fact]:
    others = as_dict(new.value.get("content"))
    for kind, media in as_dict(old.value.get("content")).items():
        if kind in others:
            parts = [
                Part(as_dict(one), (*owner.pointer, "content", str(kind)))
                for one, owner in ((media, old), (others[kind], new))
            ]
            yield from _examples(f"{place} {kind}", parts[0], parts[1], reader)
            ends = [(part.value.get("schema"), (*part.pointer, "schema")) for part in parts]
            walk.add(f"{place} {kind}", *ends[0], *ends[1], reader)


def _words(place: str, old: Part, new: Part, keys: Sequence[str]) -> Iterator[Fact]:
    for key in keys:
        before, after = old.value.get(key), new.value.get(key)
        if not equal(before, after) and (old.value or new.value):
            at = ((*old.pointer, key), (*new.pointer, key))
            yield Fact("words", f"{place} {key}", before, after, *at)


def _examples(place: str, old: Part, new: Part, reader: str) -> Iterator[Fact]:
    before, after = _shown(old.value), _shown(new.value)
    at = (old.pointer, new.pointer)
    if not equal(before, after):
        yield Fact("example", f"{place} example", before, after, *at)
    if after:
        sides = [(schema_of(part)[0], examples_of(part.value)) for part in (old, new)]
        yield Fact("example-check", f"{place} example", sides[0], sides[1], *at, reader)


def examples_of(owner: dict[str, Any]) -> list[Any]:
    """The values that a schema, a parameter or a media type shows as examples."""
    found = [owner["example"]] if "example" in owner else []
    several = owner.get("examples")
    if isinstance(several, list):
        found += several
    for one in as_dict(several).values():
        found += [one["value"]] if isinstance(one, dict) and "value" in one else []
    return found


def _shown(owner: dict[str, Any]) -> Any:
    return {key: owner[key] for key in ("example", "examples") if key in owner}


class _Walk:
    """Pairs of schemas side by side."""

    def __init__(self, base: Spec, revision: Spec, same: Sameness) -> None:
        self._specs = base, revision
        self._same = same
        self._seen: set[tuple[int, int, str]] = set()
        self._waiting: deque[tuple[str, Any, Pointer, Any, Pointer, str]] = deque()

    def add(self, place: str, old: Any, old_at: Pointer, new: Any, new_at: Pointer, reader: str) -> None:
        """Look at a pair later, if it is one."""
        if isinstance(old, dict) and isinstance(new, dict) and not self._same.holds(old, new):
            self._waiting.append((place, old, old_at, new, new_at, reader))

    def facts(self) -> Iterator[Fact]:
        """What differs in all pairs that were added, and in those inside of them."""
        while self._waiting:
            place, old, old_at, new, new_at, reader = self._waiting.popleft()
            key = (id(old), id(new), reader)
            if key in self._seen or len(self._seen) > MAX_SCHEMAS:
                continue
            self._seen.add(key)
            names = [as_dict(one).get("$ref") for one in (old, new)]
            if names[0] == names[1] and str(names[0]).startswith("#/components/schemas/"):
                place = f"schema {str(names[0]).rpartition('/')[2]}"
            before, after = _Notes(self._specs[0], old, old_at), _Notes(self._specs[1], new, new_at)
            yield from self._differences(place, before, after, reader)
            for name, child in before.properties.items():
                if name in after.properties:
                    self.add(f"{place} /{name}", *child, *after.properties[name], reader)
            for name, child in before.inner.items():
                if name in after.inner:
                    self.add(f"{place} /*", *child, *after.inner[name], reader)

    def _differences(self, place: str, before: "_Notes", after: "_Notes", reader: str) -> Iterator[Fact]:
        at = (before.pointer, after.pointer)
        for key in ("description", "title"):
            if not equal(before.notes.get(key), after.notes.get(key)):
                kind = "words" if key == "description" else "name"
                yield Fact(kind, f"{place} {key}", before.notes.get(key), after.notes.get(key), *at, reader)
        if not equal(before.notes.get("deprecated", False), after.notes.get("deprecated", False)):
            yield Fact(
                "deprecated", place, before.notes.get("deprecated"), after.notes.get("deprecated"), *at
            )
        if not equal(before.notes.get("default"), after.notes.get("default")):
            old, new = before.notes.get("default"), after.notes.get("default")
            yield Fact("default", place, old, new, *at, reader)
        shown = [_shown(one.notes) for one in (before, after)]
        if not equal(*shown):
            yield Fact("example", f"{place} example", shown[0], shown[1], *at, reader)
        if shown[1]:
            sides = [(one.raw, examples_of(one.notes)) for one in (before, after)]
            yield Fact("example-check", f"{place} example", sides[0], sides[1], *at, reader)


class _Notes:
    """What a schema says beside its values, and what is inside of it; references and allOf taken in."""

    def __init__(self, spec: Spec, raw: dict[str, Any], pointer: Pointer) -> None:
        self.raw = raw
        self.pointer = pointer
        self.notes: dict[str, Any] = {}
        self.properties: dict[str, tuple[Any, Pointer]] = {}
        self.inner: dict[str, tuple[Any, Pointer]] = {}
        level: list[tuple[Any, Pointer]] = [(raw, pointer)]
        seen: set[int] = set()
        while level:
            node, at = level.pop(0)
            if not isinstance(node, dict) or id(node) in seen:
                continue
            seen.add(id(node))
            if "$ref" in node:
                found = spec.lookup(node["$ref"])
                level = [*([found] if found else []), *level]
                if not spec.is_31:
                    continue
            for key in ("description", "title", "deprecated", "default", "example", "examples"):
                if key in node:
                    self.notes.setdefault(key, node[key])
            for name, child in as_dict(node.get("properties")).items():
                if not self.properties.get(str(name), ({},))[0]:
                    self.properties[str(name)] = (child, (*at, "properties", str(name)))
            for key in ("items", "additionalProperties"):
                if isinstance(node.get(key), dict):
                    self.inner.setdefault(key, (node[key], (*at, key)))
            for key in ("oneOf", "anyOf"):
                for index, child in enumerate(as_list(node.get(key))):
                    self.inner.setdefault(f"{key}{index}", (child, (*at, key, str(index))))
            level += [(one, (*at, "allOf", str(i))) for i, one in enumerate(as_list(node.get("allOf")))]
