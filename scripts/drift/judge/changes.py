"""What each kind of fact means, schemas and security apart: one function a kind, and the table of them."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from scripts.drift.document.equality import equal
from scripts.drift.document.spec import as_dict
from scripts.drift.facts import Fact
from scripts.drift.findings import Finding
from scripts.drift.judge import remarks
from scripts.drift.judge.page_changes import TABLE as PAGES
from scripts.drift.judge.remarks import one
from scripts.drift.judge.security import security
from scripts.drift.judge.texts import shown

Judge = Callable[[Fact], Iterator[Finding]]


def _operation_removed(fact: Fact) -> Iterator[Finding]:
    return one(fact, "removed", "breaking", "the operation is gone")


def _operation_added(fact: Fact) -> Iterator[Finding]:
    return one(fact, "added", "compatible", "the operation is new")


def _parameter_removed(fact: Fact) -> Iterator[Finding]:
    moved = fact.more.get("moved")
    text = f"is ignored from now on; it moved to {moved[0]}" if moved else "is ignored from now on"
    # Who calls a webhook is the server: it sends less, and the client never needed more than is required.
    if fact.reader == "client":
        level = "breaking" if as_dict(fact.old).get("required") is True else "behaviour"
        return one(fact, "removed", level, "is not sent any more")
    # As a property that goes from a body: nothing is refused, and it means nothing any more.
    return one(fact, "removed", "behaviour", text)


def _parameter_added(fact: Fact) -> Iterator[Finding]:
    if as_dict(fact.new).get("required") is True and fact.reader == "server":
        return one(fact, "added", "breaking", "is new and required; an old client does not send it")
    return one(fact, "added", "compatible", "is new and optional")


def _required(fact: Fact) -> Iterator[Finding]:
    """Judge what is required: the writer has to bring it, and the reader may count on it."""
    hurts = fact.new if fact.reader == "server" else fact.old
    effect = "narrowed" if fact.new else "widened"
    text = "is required now" if fact.new else "need not be there any more"
    return one(fact, effect, "breaking" if hurts else "compatible", text, rule=fact.kind)


def _empty(fact: Fact) -> Iterator[Finding]:
    if fact.old:
        return one(fact, "narrowed", "breaking", "may not be sent without a value any more")
    return one(fact, "widened", "compatible", "may be sent without a value")


def _style(fact: Fact) -> Iterator[Finding]:
    text = f"is written as {fact.new} instead of {fact.old}"
    return one(fact, "changed", "breaking", text, rule="parameter-style")


def _list(fact: Fact) -> Iterator[Finding]:
    return one(fact, "widened", "compatible", "may be sent more than once now")


def _reference(fact: Fact) -> Iterator[Finding]:
    names = " and ".join(dict.fromkeys(str(one) for one in (fact.old, fact.new) if one))
    return one(fact, "changed", "unknown", f"{names} cannot be looked up", rule="reference")


def _body_added(fact: Fact) -> Iterator[Finding]:
    if fact.new and fact.reader == "server":
        return one(fact, "added", "breaking", "a body is required now; an old client sends none")
    return one(fact, "added", "compatible", "may have a body now")


def _body_removed(fact: Fact) -> Iterator[Finding]:
    return one(fact, "removed", "breaking", "takes no body any more")


def _media_type_removed(fact: Fact) -> Iterator[Finding]:
    return one(fact, "removed", "breaking", f"{fact.old} is gone")


def _media_type_added(fact: Fact) -> Iterator[Finding]:
    return one(fact, "added", "compatible", f"{fact.new} is possible now")


def _answer_body_removed(fact: Fact) -> Iterator[Finding]:
    return one(fact, "removed", "breaking", "comes without a body now", rule="answer-body")


def _answer_body_added(fact: Fact) -> Iterator[Finding]:
    return one(fact, "added", "compatible", "comes with a body now", rule="answer-body")


def _status_removed(fact: Fact) -> Iterator[Finding]:
    if str(fact.old)[:1] in "23" or fact.old == "default":
        level = "breaking" if str(fact.old)[:1] == "2" else "behaviour"
        return one(fact, "removed", level, f"status {fact.old} is not answered any more")
    return one(
        fact, "removed", "compatible", f"error {fact.old} is not documented any more", hurts="mock users"
    )


def _status_added(fact: Fact) -> Iterator[Finding]:
    if str(fact.new)[:1] in "23" and fact.reader == "client" and not fact.more["understood"]:
        text = f"status {fact.new} is answered now, which no old client was told of"
        return one(fact, "added", "behaviour", text, hurts="mock users")
    return one(fact, "added", "compatible", f"{fact.new} is documented now", hurts="mock users")


def _header_removed(fact: Fact) -> Iterator[Finding]:
    return one(fact, "removed", "breaking" if fact.old else "behaviour", "is not sent any more")


def _header_added(fact: Fact) -> Iterator[Finding]:
    return one(fact, "added", "compatible", "is sent now")


def _servers(fact: Fact) -> Iterator[Finding]:
    # Without a host it is the one that serves the document, which another address may name.
    paths = {urlsplit(url).path for url in fact.new}
    gone = [url for url in fact.old if url not in fact.new and not (url[:1] == "/" and url in paths)]
    new = [url for url in fact.new if url not in fact.old]
    if gone:
        hosts = {url.partition("://")[2] for url in fact.new}
        # The same address by another scheme is the same server, which refuses who comes by the old one.
        unserved = any("://" in url and url.partition("://")[2] in hosts for url in gone)
        level = "breaking" if (len(gone) == len(fact.old) and fact.new) or unserved else "behaviour"
        yield from one(fact, "removed", level, f"{', '.join(gone)} is gone", rule="server")
    if new:
        yield from one(fact, "added", "compatible", f"{', '.join(new)} is new", rule="server")


def _deprecated(fact: Fact) -> Iterator[Finding]:
    text = "is deprecated" if fact.new is True else "is not deprecated any more"
    return one(fact, "changed", "docs", text)


def _name(fact: Fact) -> Iterator[Finding]:
    text = f"{shown(fact.old)} is {shown(fact.new)} now"
    return one(fact, "changed", "client-api", text)


def _encoding(fact: Fact) -> Iterator[Finding]:
    if fact.reader == "client":
        return one(fact, "changed", "compatible", "parts are encoded otherwise")
    olds, news = _by_part(fact.old, fact.more["key"]), _by_part(fact.new, fact.more["key"])
    kinds = {name: (_kinds(olds.get(name)), _kinds(news.get(name))) for name in {**olds, **news}}
    rest = [
        {name: {k: v for k, v in as_dict(one).items() if k != "contentType"} for name, one in side.items()}
        for side in (olds, news)
    ]
    told = all(bool(old) == bool(new) for old, new in kinds.values())
    if not (told and equal(rest[0], rest[1])):
        return one(fact, "changed", "unknown", "parts of the body are encoded otherwise")
    gone = {name: sorted(old - new) for name, (old, new) in kinds.items() if not _takes_all(old, new)}
    if not gone:
        return one(fact, "widened", "compatible", "parts of the body may be of more media types")
    text = "; ".join(f"{name} may not be {', '.join(lost)} any more" for name, lost in gone.items())
    return one(fact, "narrowed", "breaking", text)


def _by_part(encodings: Any, key: str) -> dict[str, Any]:
    """Return the encoding of each part, by its name; of parts in order, by their number."""
    if key == "itemEncoding":
        return {"each part": encodings} if encodings else {}
    if isinstance(encodings, list):
        return {f"part {number}": one for number, one in enumerate(encodings, 1)}
    return as_dict(encodings)


def _kinds(encoding: Any) -> frozenset[str]:
    stated = str(as_dict(encoding).get("contentType", ""))
    return frozenset(piece.strip().lower() for piece in stated.split(",") if piece.strip())


def _takes_all(old: frozenset[str], new: frozenset[str]) -> bool:
    return all(one in new or "*/*" in new or (one.partition("/")[0] + "/*") in new for one in old)


def _schema_gone(fact: Fact) -> Iterator[Finding]:
    return one(fact, "removed", "client-api", "the named schema is gone", rule="schema-name")


def _schema_new(fact: Fact) -> Iterator[Finding]:
    return one(fact, "added", "compatible", "the named schema is new", rule="schema-name")


def _words(fact: Fact) -> Iterator[Finding]:
    if fact.old is None or fact.new is None:
        effect, text = ("added", "is new") if fact.old is None else ("removed", "is gone")
    else:
        effect, text = "changed", "says something else"
    return one(fact, effect, "docs", text, hurts="maintainers")


def _default(fact: Fact) -> Iterator[Finding]:
    text = f"the default is {shown(fact.new)} instead of {shown(fact.old)}"
    if fact.new is None or fact.old is None:
        text = (
            f"the default {shown(fact.old)} is gone"
            if fact.new is None
            else f"has the default {shown(fact.new)}"
        )
    # Of an answer it only says what the server fills in; of a request it says what silence means.
    if fact.reader == "server" and fact.old is not None:
        return one(fact, "changed", "behaviour", text)
    return one(fact, "changed", "docs", text)


def _example(fact: Fact) -> Iterator[Finding]:
    effect = "added" if not fact.old else "changed" if fact.new else "removed"
    text = {"added": "is new", "changed": "is another one", "removed": "is gone"}[effect]
    return one(fact, effect, "docs", text, hurts="mock users")


def _chain(fact: Fact) -> Iterator[Finding]:
    text = str(fact.more["text"])
    yield Finding("chain", fact.place, str(fact.more["cause"]), "behaviour", text, "maintainers", "yes")


def _client(fact: Fact) -> Iterator[Finding]:
    effect = "breaks" if fact.more["breaks"] else "adds"
    return one(fact, effect, "client-api", str(fact.more["text"]), rule="client-api")


# What is told only where the judge of schemas says nothing of the same schemas.
SILENT: dict[str, Judge] = {
    "property-named": remarks.property_named,
    "format-named": remarks.format_named,
    "mapping": remarks.mapping,
}
TABLE: dict[str, Judge] = {
    "operation-removed": _operation_removed,
    "operation-added": _operation_added,
    "parameter-removed": _parameter_removed,
    "parameter-added": _parameter_added,
    "parameter-required": _required,
    "parameter-empty": _empty,
    "parameter-style": _style,
    "parameter-list": _list,
    "reference": _reference,
    "header-required": _required,
    "header-removed": _header_removed,
    "header-added": _header_added,
    "body-added": _body_added,
    "body-removed": _body_removed,
    "body-required": _required,
    "media-type-removed": _media_type_removed,
    "media-type-added": _media_type_added,
    "answer-body-removed": _answer_body_removed,
    "answer-body-added": _answer_body_added,
    "status-removed": _status_removed,
    "status-added": _status_added,
    "servers": _servers,
    "deprecated": _deprecated,
    "name": _name,
    "encoding": _encoding,
    "security": security,
    "schema-removed": _schema_gone,
    "schema-added": _schema_new,
    "words": _words,
    "default": _default,
    "example": _example,
    "rest": remarks.rest,
    "note": remarks.note,
    "limit": remarks.limit,
    "unsure": remarks.unsure,
    "heir": remarks.heir,
    "unused": remarks.unused,
    "link": remarks.link,
    "server-variable": remarks.server_variable,
    "token-format": remarks.token_format,
    "scheme-wider": remarks.scheme_wider,
    "parameter-reserved": remarks.reserved,
    "xml": remarks.xml,
    "discriminator": remarks.discriminator,
    **PAGES,
    "chain": _chain,
    "client": _client,
}
