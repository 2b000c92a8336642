"""The facts about links: which operation an answer leads to."""

from collections.abc import Iterator

from scripts.drift.compare.judged_keys import LINK
from scripts.drift.compare.rest import Rest
from scripts.drift.compare.words import words
from scripts.drift.document.spec import Part, Spec
from scripts.drift.facts import Fact

_LEADS = ("operationId", "operationRef", "parameters", "requestBody", "server")


def links(base: Spec, revision: Spec, place: str, old: Part, new: Part, rest: Rest) -> Iterator[Fact]:
    """Yield the links of an answer that come, go, or lead elsewhere."""
    yield from rest.map(f"{place} link", old, new, "links")
    olds, news = base.children(old, "links"), revision.children(new, "links")
    for name in [*olds, *(name for name in news if name not in olds)]:
        where = f"{place} link {name}"
        before, after = olds.get(name), news.get(name)
        if before is None or after is None:
            at = (before or old).pointer, (after or new).pointer
            yield Fact("link", where, before and before.value, after and after.value, *at)
            continue
        for key in _LEADS:
            if not rest.alike(before.value.get(key), after.value.get(key)):
                at = (*before.pointer, key), (*after.pointer, key)
                values = before.value.get(key), after.value.get(key)
                yield Fact("link", f"{where} {key}", *values, *at, more={"within": True})
        yield from words(where, before, after, ("description",))
        yield from rest.of(where, before, after, LINK)
