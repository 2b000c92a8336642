"""What the facts mean that no message shows by itself: notes, hints, links, XML, and what nobody judges."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scripts.drift.document.spec import as_dict
from scripts.drift.facts import Fact
from scripts.drift.findings import Finding
from scripts.drift.judge.texts import shown


def one(
    fact: Fact, effect: str, level: str, text: str, rule: str | None = None, hurts: str = "callers"
) -> Iterator[Finding]:
    """Yield the finding of a fact; its rule is the kind of the fact unless another is given."""
    answer = {"breaking": "no", "unknown": "unknown"}.get(level, "yes")
    yield Finding(
        rule or fact.kind.rpartition("-")[0] or fact.kind,
        fact.place,
        effect,
        level,
        text,
        hurts,
        answer,
        fact.base,
        fact.revision,
    )


def rest(fact: Fact) -> Iterator[Finding]:
    """Judge what no rule knows: it may mean anything, so somebody has to look."""
    effect = str(fact.more["effect"])
    rule = "extension" if any(key.startswith("x-") for key in (*fact.base, *fact.revision)) else "not-judged"
    said = {
        "added": f"is new: {shown(fact.new)}",
        "removed": f"is gone: {shown(fact.old)}",
        "changed": f"{shown(fact.old)} is {shown(fact.new)} now",
    }[effect]
    if fact.old is None and fact.new is None:
        said = {"added": "is new", "removed": "is gone", "changed": "differs"}[effect]
    return one(fact, effect, "unknown", f"changed, not judged: {said}", rule)


def note(fact: Fact) -> Iterator[Finding]:
    """Judge what makes no difference to a message."""
    return one(fact, "changed", "docs", str(fact.more["text"]), "note", "maintainers")


def unsure(fact: Fact) -> Iterator[Finding]:
    """Judge what may be meant in two ways."""
    return one(fact, "changed", "unknown", f"changed, not judged: {fact.more['text']}", "not-judged")


def limit(fact: Fact) -> Iterator[Finding]:
    """Judge that a limit ended a comparison: what was not looked at may be anything."""
    text = str(fact.more["text"])
    for finding in one(fact, "ended", "unknown", text, "not-compared", "maintainers"):
        yield replace(finding, details={"incomplete": True})


def unused(fact: Fact) -> Iterator[Finding]:
    """Judge a component that no operation uses."""
    effect = "added" if fact.old is None else "removed" if fact.new is None else "changed"
    text = {"added": "is new", "removed": "is gone", "changed": "differs"}[effect]
    return one(fact, effect, "docs", f"{text}, and no operation uses it", "unused-component", "maintainers")


def link(fact: Fact) -> Iterator[Finding]:
    """Judge a link: who follows it gets elsewhere."""
    if fact.old is None and not fact.more.get("within"):
        return one(fact, "added", "compatible", f"is new: {shown(fact.new)}", "link")
    if fact.new is None and not fact.more.get("within"):
        return one(fact, "removed", "behaviour", f"is gone: {shown(fact.old)}", "link")
    return one(fact, "changed", "behaviour", f"{shown(fact.old)} is {shown(fact.new)} now", "link")


def server_variable(fact: Fact) -> Iterator[Finding]:
    """Judge the values of a variable of an address: each is an address of its own."""
    olds, news = fact.old, fact.new
    gone = [value for value in olds or () if news is not None and value not in news]
    new = [value for value in news or () if olds is not None and value not in olds]
    if gone or olds is None:
        text = f"{', '.join(gone)} is gone" if gone else f"only {', '.join(news)} is possible now"
        yield from one(fact, "narrowed", "behaviour", text, "server-variable")
    if new or news is None:
        text = f"{', '.join(new)} is new" if new else "may be anything now"
        yield from one(fact, "widened", "compatible", text, "server-variable")


def token_format(fact: Fact) -> Iterator[Finding]:
    """Judge the hint that tells how a token is written."""
    text = f"tokens are written as {shown(fact.new)} instead of {shown(fact.old)}"
    return one(fact, "changed", "behaviour", text, "token-format")


def scheme_wider(fact: Fact) -> Iterator[Finding]:
    """Judge another way to get a token, or another scope."""
    return one(fact, "added", "compatible", f"{fact.new} is possible now", "security-scheme")


def reserved(fact: Fact) -> Iterator[Finding]:
    """Judge whether characters such as / and ? go into a value as they are."""
    if fact.old:
        text = "reserved characters have to be escaped now"
        return one(fact, "narrowed", "behaviour", text, "parameter-reserved")
    return one(
        fact, "widened", "behaviour", "reserved characters are not escaped any more", "parameter-reserved"
    )


def xml(fact: Fact) -> Iterator[Finding]:
    """Judge how a value is written in XML, where it is."""
    before, after = ({k: v for k, v in as_dict(side).items() if v} for side in (fact.old, fact.new))
    if before == after and isinstance(fact.old, dict | None) and isinstance(fact.new, dict | None):
        return  # what is not so by default need not be said
    text = f"is written as {shown(after)} in XML instead of {shown(before)}"
    if not fact.more["is_xml"]:
        yield from one(fact, "changed", "docs", f"{text}; no XML has it here", "xml", "maintainers")
        return
    known = {"name", "namespace", "prefix", "attribute", "wrapped", "nodeType"}
    if {*before, *after} - known:
        yield from rest(_with(fact, effect="changed"))
        return
    only_prefix = {k for k in known if before.get(k) != after.get(k)} == {"prefix"}
    yield from one(fact, "changed", "behaviour" if only_prefix else "breaking", text, "xml")


def discriminator(fact: Fact) -> Iterator[Finding]:
    """Judge that alternatives are told apart by a property now, or not any more."""
    if fact.old is not None:
        text = f"alternatives are not told apart by {as_dict(fact.old).get('propertyName')} any more"
        return one(fact, "removed", "behaviour", text, "discriminator")
    text = f"alternatives are told apart by {as_dict(fact.new).get('propertyName')} now"
    return one(fact, "added", "behaviour", text, "discriminator")


def heir(fact: Fact) -> Iterator[Finding]:
    """Judge a kind of message that only a discriminator leads to, and that comes or goes."""
    if fact.old is None:
        level = "breaking" if fact.reader == "client" else "compatible"
        return one(fact, "added", level, f"may be marked {fact.new} now", "discriminator")
    level = "breaking" if fact.reader == "server" else "behaviour"
    return one(fact, "removed", level, f"is not marked {fact.old} any more", "discriminator")


# What is told only where the judge of schemas says nothing


def property_named(fact: Fact) -> Iterator[Finding]:
    """Judge a schema that is described on one side only, and changes no value."""
    effect = str(fact.more["effect"])
    text = "is described now" if effect == "added" else "is not described any more"
    return one(fact, effect, "docs", f"{text}; the values are the same", "described", "maintainers")


def format_named(fact: Fact) -> Iterator[Finding]:
    """Judge a format that limits no value."""
    text = f"the format is {shown(fact.new)} instead of {shown(fact.old)}; the values are the same"
    return one(fact, "changed", "docs", text, "format-name", "maintainers")


def mapping(fact: Fact) -> Iterator[Finding]:
    """Judge marks of alternatives that lead elsewhere."""
    return rest(_with(fact, effect="changed"))


def _with(fact: Fact, **more: Any) -> Fact:
    return Fact(
        fact.kind,
        fact.place,
        fact.old,
        fact.new,
        fact.base,
        fact.revision,
        fact.reader,
        {**fact.more, **more},
    )
