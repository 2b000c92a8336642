"""The facts about schemas that only a discriminator leads to, in the messages that may have them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.drift.document.equality import Sameness
from scripts.drift.document.heirs import heirs_of
from scripts.drift.document.references import references
from scripts.drift.document.spec import Operation, Spec, as_dict
from scripts.drift.facts import Fact


@dataclass(frozen=True)
class Heirs:
    """What is to be compared of heirs.

    Attributes:
        facts: their schemas that differ, each for who reads it, and the heirs that come and go.
        judged: the references of all schemas that are compared by these facts.
    """

    facts: tuple[Fact, ...] = ()
    judged: frozenset[str] = frozenset()


@dataclass
class _Reached:
    """The references that messages of one reader lead to, and those of heirs among them."""

    every: set[str] = field(default_factory=set)
    by_heirs: set[str] = field(default_factory=set)


def heirs(
    base: Spec, revision: Spec, operations: tuple[list[Operation], list[Operation]], same: Sameness
) -> Heirs:
    """Return what differs in the heirs that both documents have, and which come and go."""
    olds, news = heirs_of(base), heirs_of(revision)
    differing = {
        parent: {
            mark for mark in {**olds[parent], **news[parent]} if not _holds(olds, news, parent, mark, same)
        }
        for parent in olds.keys() & news.keys()
    }
    if not any(differing.values()):
        return Heirs()
    facts: list[Fact] = []
    judged: set[str] = set()
    for reader in ("server", "client"):
        before, after = (
            _reached(spec, every, heirs, reader)
            for spec, every, heirs in zip((base, revision), operations, (olds, news), strict=True)
        )
        judged |= before.by_heirs & after.by_heirs
        for parent in sorted(differing):
            if parent in before.every and parent in after.every:
                marks = sorted(differing[parent])
                facts += _facts(base, revision, parent, marks, (olds[parent], news[parent]), reader)
    return Heirs(tuple(facts), frozenset(judged))


def _holds(
    olds: Mapping[str, Mapping[str, str]],
    news: Mapping[str, Mapping[str, str]],
    parent: str,
    mark: str,
    same: Sameness,
) -> bool:
    old, new = olds[parent].get(mark), news[parent].get(mark)
    return old is not None and old == new and same.holds({"$ref": old}, {"$ref": new})


def _facts(
    base: Spec,
    revision: Spec,
    parent: str,
    marks: list[str],
    sides: tuple[Mapping[str, str], Mapping[str, str]],
    reader: str,
) -> Iterator[Fact]:
    head = parent.rpartition("/")[2]
    messages = "requests" if reader == "server" else "responses"
    mapped = [
        as_dict(as_dict(as_dict(_value(spec, parent)).get("discriminator")).get("mapping"))
        for spec in (base, revision)
    ]
    for mark in marks:
        old, new = (side.get(mark) for side in sides)
        at = tuple(_pointer(spec, one or parent) for spec, one in ((base, old), (revision, new)))
        if old is not None and new is not None:
            place = f"{head} marked {mark} in {messages}"
            yield Fact(
                "schema", place, {"$ref": old}, {"$ref": new}, at[0], at[1], reader, {"position": "body"}
            )
        elif not (mark in mapped[0] or mark in mapped[1] or _is_known(old or new, sides)):
            # What the mapping says is judged where the schema of the parent is.
            place = f"schema {head} in {messages}"
            yield Fact("heir", place, old and mark, new and mark, at[0], at[1], reader)


def _is_known(reference: str | None, sides: tuple[Mapping[str, str], Mapping[str, str]]) -> bool:
    """Return whether both sides have an heir, though under another mark."""
    return all(reference in side.values() for side in sides)


def _value(spec: Spec, reference: str) -> Any:
    found = spec.lookup(reference)
    return found[0] if found else None


def _pointer(spec: Spec, reference: str) -> tuple[str, ...]:
    found = spec.lookup(reference)
    return found[1] if found else ()


def _reached(
    spec: Spec, operations: list[Operation], heirs: Mapping[str, Mapping[str, str]], reader: str
) -> _Reached:
    """Return what the messages that somebody reads refer to, through heirs as well."""
    found = _Reached()
    waiting: list[tuple[str, bool]] = []
    for operation in operations:
        value = operation.part.value
        asked = [value.get("requestBody"), [one.value for one in operation.parameters.values()]]
        # A webhook or a callback is called by the server.
        is_asked = (operation.kind == "path") == (reader == "server")
        waiting += [(one, False) for one in references(asked if is_asked else value.get("responses"))]
    while waiting:
        reference, is_heir = waiting.pop()
        if reference in found.every and (not is_heir or reference in found.by_heirs):
            continue
        found.every.add(reference)
        if is_heir:
            found.by_heirs.add(reference)
        waiting += [(one, is_heir) for one in references([one for one, _ in spec.targets(reference)])]
        waiting += [(one, True) for one in heirs.get(reference, {}).values()]
    return found
