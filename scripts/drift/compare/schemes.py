"""The facts about security schemes that requirements do not show: hints, new flows and scopes, words."""

from collections.abc import Iterator

from scripts.drift.compare.judged_keys import FLOW, SCHEME
from scripts.drift.compare.rest import Rest
from scripts.drift.compare.words import words
from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Part, Spec, as_dict, as_list
from scripts.drift.facts import Fact


def schemes(base: Spec, revision: Spec, same: Sameness) -> Iterator[Fact]:
    """Yield what differs in the schemes that both documents have and one of them asks for."""
    olds, news = _parts(base), _parts(revision)
    asked = _asked(base) | _asked(revision)
    rest = Rest(same)
    for name, before in olds.items():
        after = news.get(name)
        if after is None or name not in asked or equal(before.value, after.value):
            continue
        place, at = f"security scheme {name}", (before.pointer, after.pointer)
        yield from words(place, before, after, ("description",))
        yield from rest.of(place, before, after, SCHEME)
        for key in ("bearerFormat", "deprecated"):
            hints = before.value.get(key), after.value.get(key)
            if not equal(*hints):
                kind = "token-format" if key == "bearerFormat" else "deprecated"
                yield Fact(kind, f"{place} {key}", *hints, *at)
        yield from _flows(place, before, after, rest)


def _flows(place: str, old: Part, new: Part, rest: Rest) -> Iterator[Fact]:
    yield from rest.map(f"{place} flow", old, new, "flows")
    olds, news = as_dict(old.value.get("flows")), as_dict(new.value.get("flows"))
    for name, raw in news.items():
        at = (*old.pointer, "flows", str(name)), (*new.pointer, "flows", str(name))
        if name not in olds:
            yield Fact("scheme-wider", f"{place} flow {name}", None, name, *at)
            continue
        before, after = Part(as_dict(olds[name]), at[0]), Part(as_dict(raw), at[1])
        yield from rest.of(f"{place} flow {name}", before, after, FLOW)
        scopes = [as_dict(one.value.get("scopes")) for one in (before, after)]
        for scope in scopes[1]:
            where = f"{place} flow {name} scope {scope}"
            if scope not in scopes[0]:
                yield Fact("scheme-wider", where, None, scope, *at)
            elif not equal(scopes[0][scope], scopes[1][scope]):
                yield Fact("words", where, scopes[0][scope], scopes[1][scope], *at)


def _parts(spec: Spec) -> dict[str, Part]:
    return spec.children(Part(as_dict(spec.document.get("components")), ("components",)), "securitySchemes")


def _asked(spec: Spec) -> set[str]:
    """Return the names of the schemes that some requirement names."""
    owners = [one.part.value for one in spec.operations()]
    owners += [spec.document] if spec.shares_security else []
    return {str(name) for owner in owners for one in as_list(owner.get("security")) for name in as_dict(one)}
