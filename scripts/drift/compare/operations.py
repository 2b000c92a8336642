"""The facts about operations: which there are, what they take, what they answer."""

from collections.abc import Iterator
from typing import Any

from scripts.drift.compare.addresses import addresses, moved
from scripts.drift.compare.around import Around
from scripts.drift.compare.bodies import media_types, responses, unread
from scripts.drift.compare.parameters import parameters
from scripts.drift.compare.schemas.heirs import heirs
from scripts.drift.compare.schemes import schemes
from scripts.drift.compare.servers import own_servers, servers
from scripts.drift.compare.unused import unused
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Operation, Part, Spec, as_dict, as_list, neutral
from scripts.drift.facts import Fact


def facts(base: Spec, revision: Spec) -> Iterator[Fact]:
    """All facts that two documents differ in."""
    if base.document is revision.document:
        return
    same = Sameness(base, revision)
    shared_security = equal(_security(base, None), _security(revision, None))
    same_schemes = same.holds(_schemes(base), _schemes(revision))
    olds, news = base.operations(), revision.operations()
    lacking = _lacking(base, revision)
    matched = list(_matched(olds, news, lacking))
    elsewhere = {neutral(path): reference for path, reference in revision.elsewhere()}
    for old, new in matched:
        if old is None and new is not None:
            yield Fact("operation-added", new.name, None, new, revision=new.part.pointer)
        elif old is not None and new is None and neutral(old.path) in elsewhere:
            yield Fact("reference", old.name, None, elsewhere[neutral(old.path)], base=old.part.pointer)
        elif old is not None and new is None:
            yield Fact("operation-removed", old.name, old, None, base=old.part.pointer)
        elif old is not None and new is not None:
            whole = shared_security and same_schemes and old.path == new.path
            if whole and same.holds(old.item.value, new.item.value):
                continue
            yield from _operation(base, revision, old, new, same)
    found = heirs(base, revision, (olds, news), same)
    apart = (*found.facts, *(() if matched else _schemas(base, revision, same)))
    yield from apart
    yield from Around(base, revision, same).facts(matched, apart)
    if not same_schemes:
        yield from schemes(base, revision, same)
    yield from unused(base, revision, bool(matched), found.judged)
    if not any(lacking):
        yield from servers("the API", Part(base.document, ()), Part(revision.document, ()))


def matched_operations(base: Spec, revision: Spec) -> list[tuple[Operation | None, Operation | None]]:
    """Return the operations of two documents side by side; None where only one has it."""
    return list(_matched(base.operations(), revision.operations(), _lacking(base, revision)))


def _lacking(base: Spec, revision: Spec) -> tuple[str, str]:
    sides = addresses(Part(base.document, ())), addresses(Part(revision.document, ()))
    return moved(*sides, base.operations(), revision.operations())


def _matched(
    olds: list[Operation], news: list[Operation], lacking: tuple[str, str]
) -> Iterator[tuple[Operation | None, Operation | None]]:
    """Operations side by side: by their path as written, then by their path without parameter names.

    `lacking` is what the paths of either side lack for that, see `addresses.moved`.
    """

    def key(one: Operation, side: int) -> tuple[str, str, str]:
        return one.kind, one.method, (lacking[side] if one.kind == "path" else "") + one.path

    def loosely(one: Operation, side: int) -> tuple[str, str, str]:
        kind, method, path = one.key
        return kind, method, (neutral(lacking[side]) if kind == "path" else "") + path

    exact = {key(one, 1): one for one in news}
    loose: dict[tuple[str, str, str], list[Operation]] = {}
    written = {key(one, 0) for one in olds}
    for one in news:
        if key(one, 1) not in written:
            loose.setdefault(loosely(one, 1), []).append(one)
    taken: set[int] = set()
    for old in olds:
        new = exact.get(key(old, 0))
        if new is None:
            candidates = loose.get(loosely(old, 0), [])
            new = candidates.pop(0) if candidates else None
        if new is not None:
            taken.add(id(new))
        yield old, new
    for new in news:
        if id(new) not in taken:
            yield None, new


def _operation(base: Spec, revision: Spec, old: Operation, new: Operation, same: Sameness) -> Iterator[Fact]:
    """Yield what differs between two versions of one operation."""
    # A webhook or a callback is called by the server, so there the client reads what is asked.
    asked = "server" if old.kind == "path" else "client"
    answered = "client" if old.kind == "path" else "server"
    name, at = old.name, (old.part.pointer, new.part.pointer)
    yield from parameters(base, revision, old, new, asked, same)
    yield from _body(base, revision, old, new, asked, same)
    yield from responses(base, revision, old, new, answered, same)
    before, after = _security(base, old), _security(revision, new)
    if not (equal(before, after) and same.holds(_schemes(base), _schemes(revision))):
        more = {"old_schemes": _schemes(base), "new_schemes": _schemes(revision)}
        yield Fact("security", name, before, after, *at, reader="server", more=more)
    yield from own_servers(base, revision, old, new)
    if not equal(old.part.value.get("deprecated"), new.part.value.get("deprecated")):
        yield Fact(
            "deprecated", name, old.part.value.get("deprecated"), new.part.value.get("deprecated"), *at
        )
    for key in ("operationId", "tags"):
        if not equal(old.part.value.get(key), new.part.value.get(key)):
            yield Fact("name", f"{name} {key}", old.part.value.get(key), new.part.value.get(key), *at)
    if old.path != new.path:
        yield Fact("name", f"{name} path parameters", old.path, new.path, *at)


def _body(
    base: Spec, revision: Spec, old: Operation, new: Operation, reader: str, same: Sameness
) -> Iterator[Fact]:
    place = f"{old.name} request"
    before, after = base.child(old.part, "requestBody"), revision.child(new.part, "requestBody")
    at = (before.pointer, after.pointer)
    if before.elsewhere or after.elsewhere:
        yield from unread(before, after, place)
        return
    had, has = bool(before.value), bool(after.value)
    needed, needs = before.value.get("required") is True, after.value.get("required") is True
    if had != has:
        kind = "body-added" if has else "body-removed"
        yield Fact(kind, place, needed, needs, old.part.pointer if has else at[0], at[1], reader)
        return
    if needed != needs:
        yield Fact("body-required", place, needed, needs, *at, reader)
    yield from media_types(base, revision, before, after, place, reader, same)


def _security(spec: Spec, operation: Operation | None) -> list[Any]:
    own = None if operation is None else operation.part.value.get("security")
    return as_list(spec.document.get("security") if own is None else own)


def _schemes(spec: Spec) -> dict[str, Any]:
    found = spec.children(Part(as_dict(spec.document.get("components")), ("components",)), "securitySchemes")
    return {name: part.value for name, part in found.items()}


def _schemas(base: Spec, revision: Spec, same: Sameness) -> Iterator[Fact]:
    """Yield the named schemas of documents that describe no operation: read by either side."""
    olds = base.children(Part(as_dict(base.document.get("components")), ("components",)), "schemas")
    news = revision.children(Part(as_dict(revision.document.get("components")), ("components",)), "schemas")
    for name, part in olds.items():
        if name not in news:
            yield Fact("schema-removed", f"schema {name}", part.value, None, base=part.pointer)
            continue
        if same.holds(part.value, news[name].value):
            continue
        for reader in ("server", "client"):
            place = f"schema {name} as {'request' if reader == 'server' else 'response'}"
            yield Fact(
                "schema", place, part.value, news[name].value, part.pointer, news[name].pointer, reader
            )
    for name, part in news.items():
        if name not in olds:
            yield Fact("schema-added", f"schema {name}", None, part.value, revision=part.pointer)
