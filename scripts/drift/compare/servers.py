"""The facts about servers: their addresses, what their variables may be, and what is said of them."""

from collections.abc import Iterator
from itertools import starmap

from scripts.drift.compare.addresses import address
from scripts.drift.compare.judged_keys import SERVER, VARIABLE
from scripts.drift.compare.rest import Rest
from scripts.drift.compare.words import words
from scripts.drift.document.spec import Operation, Part, Spec, as_dict, as_list, described_by
from scripts.drift.facts import Fact


def servers(place: str, old: Part, new: Part) -> Iterator[Fact]:
    """Yield which addresses come and go."""
    # A document that states no server says nothing of where it is served.
    before, after = (list(_by_address(one)) for one in (old, new))
    if not (before and after) and (old.pointer, new.pointer) != ((), ()):
        # OpenAPI 3: no servers are one with the address "/".
        before, after = before or ["/"], after or ["/"]
    at = ((*old.pointer, "servers"), (*new.pointer, "servers"))
    if set(before) != set(after):
        yield Fact("servers", f"{place} servers", before, after, *at)
    elif before != after:
        text = "the servers are in another order; the first one is what most tools take"
        yield Fact("note", f"{place} servers", before, after, *at, more={"text": text})


def own_servers(base: Spec, revision: Spec, old: Operation, new: Operation) -> Iterator[Fact]:
    """Yield which addresses of an operation come and go, where it or its path states some on either side."""
    before, after = starmap(_owner, ((base, old), (revision, new)))
    if not (before.pointer or after.pointer):
        return
    facts = list(servers(old.name, before, after))
    if not facts and len(before.pointer) != len(after.pointer):
        text = "the same servers are stated elsewhere: by the operation, its path or the whole document"
        at = (*before.pointer, "servers"), (*after.pointer, "servers")
        facts = [Fact("note", f"{old.name} servers", None, None, *at, more={"text": text})]
    yield from facts


def _owner(spec: Spec, operation: Operation) -> Part:
    """Return what states the servers of an operation: itself, its path, or the document."""
    for part in (operation.part, operation.item):
        if as_list(part.value.get("servers")):
            return part
    return Part(spec.document, ())


def overridden_servers(place: str, old: Part, new: Part) -> Iterator[Fact]:
    """Yield that the servers of a path differ, where each of its operations states its own."""
    if set(_by_address(old)) == set(_by_address(new)):
        return
    operations = [part for side in (old, new) for part in described_by(side)]
    if operations and all(as_list(one.get("servers")) for one in operations):
        text = "differs, and each operation of the path states its own"
        at = (*old.pointer, "servers"), (*new.pointer, "servers")
        yield Fact("note", f"{place} servers", None, None, *at, more={"text": text})


def server_details(place: str, old: Part, new: Part, rest: Rest) -> Iterator[Fact]:
    """Yield what differs between servers of the same address."""
    olds, news = _by_address(old), _by_address(new)
    for url, before in olds.items():
        after = news.get(url)
        if after is None:
            continue
        where = f"{place} server {url}"
        yield from words(where, before, after, ("description", "name"))
        yield from rest.of(where, before, after, SERVER)
        sides = as_dict(before.value.get("variables")), as_dict(after.value.get("variables"))
        yield from rest.map(f"{where} variable", before, after, "variables")
        for name in [*sides[0], *(name for name in sides[1] if name not in sides[0])]:
            one, other = (
                Part(as_dict(side.get(name)), (*part.pointer, "variables", str(name)))
                for side, part in zip(sides, (before, after), strict=True)
            )
            at = one.pointer, other.pointer
            values = [_values(one), _values(other)]
            for index, (side, counterpart) in enumerate(((0, other), (1, one))):
                # An address without the variable is the one that it has by default.
                if name not in sides[side] and values[1 - index] is not None:
                    values[index] = [str(counterpart.value.get("default", ""))]
            if values[0] != values[1]:
                yield Fact("server-variable", f"{where} variable {name}", values[0], values[1], *at)
            if name in sides[0] and name in sides[1]:
                yield from words(f"{where} variable {name}", one, other, ("description",))
                yield from rest.of(f"{where} variable {name}", one, other, VARIABLE)
            else:
                judged = {**VARIABLE, "default": object}
                yield from rest.of(f"{where} variable {name}", one, other, judged)
    if "servers" in old.value and "servers" in new.value:
        entries = [
            [one for one in as_list(side.value["servers"]) if not isinstance(one, dict)]
            for side in (old, new)
        ]
        yield from rest.value(
            f"{place} servers", entries[0], entries[1], (*old.pointer, "servers"), (*new.pointer, "servers")
        )


def _by_address(owner: Part) -> dict[str, Part]:
    listed = as_list(owner.value.get("servers"))
    parts = [
        Part(one, (*owner.pointer, "servers", str(i)))
        for i, one in enumerate(listed)
        if isinstance(one, dict)
    ]
    return {address(part.value): part for part in parts}


def _values(variable: Part) -> list[str] | None:
    """Return what a variable may be, sorted; None for anything, and where it is not there."""
    listed = variable.value.get("enum")
    return sorted(map(str, listed)) if isinstance(listed, list) else None
