"""The facts about a document as a whole: its version, what it says of itself, tags, requirements."""

from collections.abc import Iterator
from typing import Any

from scripts.drift.compare import judged_keys as keys
from scripts.drift.compare.rest import Rest
from scripts.drift.compare.servers import server_details
from scripts.drift.compare.words import words
from scripts.drift.document.equality import equal
from scripts.drift.document.spec import FILE, Part, Spec, as_dict, as_list
from scripts.drift.facts import Fact

_WORDS = ("summary", "description", "externalDocs")


def documents(base: Spec, revision: Spec, rest: Rest) -> Iterator[Fact]:
    """Yield what differs at the top of two documents."""
    sides = Part(base.document, ()), Part(revision.document, ())
    # Files are compared where references lead to them, and in `unused`.
    files = [key for side in sides for key in side.value if key.startswith(FILE)]
    yield from rest.of("the API", *sides, {**keys.DOCUMENT, **dict.fromkeys(files, object)})
    yield from _version(*sides)
    before, after = (Part(as_dict(side.value.get("info")), ("info",)) for side in sides)
    yield from words("the API", before, after, tuple(keys.INFO))
    yield from rest.of("the API info", before, after, keys.INFO)
    yield from words("the API", *sides, ("externalDocs",))
    yield from server_details("the API", *sides, rest)
    yield from _tags(*sides, rest)
    for key in ("paths", "webhooks"):
        yield from rest.map(f"the API {key}", *sides, key)
    before, after = (Part(as_dict(side.value.get("components")), ("components",)) for side in sides)
    yield from rest.of("components", before, after, keys.COMPONENTS)
    yield from bare_requirements("the API", *sides, rest)
    if not (base.shares_security or revision.shares_security):
        olds, news = (side.value.get("security") for side in sides)
        if not equal(olds, news):
            at = ("security",)
            text = "differs, and no operation takes it over"
            yield Fact("note", "the API security", olds, news, at, at, more={"text": text})


def _tags(old: Part, new: Part, rest: Rest) -> Iterator[Fact]:
    sides: list[dict[str, Part]] = []
    for side in (old, new):
        listed = as_list(side.value.get("tags"))
        sides.append(
            {
                str(as_dict(one).get("name", i)): Part(as_dict(one), ("tags", str(i)))
                for i, one in enumerate(listed)
            }
        )
    for name in [*sides[0], *(name for name in sides[1] if name not in sides[0])]:
        before, after = (side.get(name) for side in sides)
        if before is None or after is None:
            at = (before or old).pointer, (after or new).pointer
            yield Fact("words", f"tag {name}", before and before.value, after and after.value, *at)
        else:
            yield from words(f"tag {name}", before, after, _WORDS)
            yield from rest.of(f"tag {name}", before, after, keys.TAG)


def bare_requirements(place: str, old: Part, new: Part, rest: Rest) -> Iterator[Fact]:
    """Yield what is no requirement in the lists of security, or names no list of scopes."""
    if equal(old.value.get("security"), new.value.get("security")):
        return
    olds, news = (
        [one for one in as_list(side.value.get("security")) if not _is_requirement(one)]
        for side in (old, new)
    )
    yield from rest.value(
        f"{place} security", olds, news, (*old.pointer, "security"), (*new.pointer, "security")
    )


def _is_requirement(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)
        for scopes in value.values()
    )


def _version(old: Part, new: Part) -> Iterator[Fact]:
    """Yield a version of OpenAPI that nobody knows; schemas are read as the version of each side says."""
    before, after = old.value.get("openapi"), new.value.get("openapi")
    if equal(before, after) or all(
        isinstance(one, str) and one[:2] == "3." and one[2:].replace(".", "").isdecimal()
        for one in (before, after)
    ):
        return
    text = f"the version of OpenAPI is {after} instead of {before}"
    yield Fact("note", "the API openapi", before, after, ("openapi",), ("openapi",), more={"text": text})
