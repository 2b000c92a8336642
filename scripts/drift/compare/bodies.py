"""The facts about bodies and answers: media types, status codes, headers."""

from collections.abc import Iterator

from scripts.drift.compare.parameters import one_parameter
from scripts.drift.document.equality import Sameness
from scripts.drift.document.spec import Operation, Part, Spec, as_dict
from scripts.drift.facts import Fact


def media_types(
    base: Spec, revision: Spec, before: Part, after: Part, place: str, reader: str, same: Sameness
) -> Iterator[Fact]:
    """Yield what differs between the contents of two bodies."""
    olds, news = _content(base, before), _content(revision, after)

    def described(kind: str, old: str, new: str) -> Iterator[Fact]:
        media, counterpart = olds[old], news[new]
        at, new_at = media.pointer, counterpart.pointer
        more = {"media": kind, "position": "body"}
        for key in ("schema", "itemSchema"):
            schemas = media.value.get(key, True), counterpart.value.get(key, True)
            if not same.holds(*schemas):
                where = f"{place} {kind}" if key == "schema" else f"{place} {kind} item"
                yield Fact("schema", where, *schemas, (*at, key), (*new_at, key), reader, more)
        for key in ("encoding", "prefixEncoding", "itemEncoding"):
            encodings = media.value.get(key), counterpart.value.get(key)
            if not same.alike(encodings[0] or {}, encodings[1] or {}):
                yield Fact("encoding", f"{place} {kind}", *encodings, at, new_at, reader, {"key": key})

    for kind, media in olds.items():
        at = media.pointer
        match = _match(kind, news)
        if match is not None:
            yield from described(kind, kind, match)
        elif not (reader == "client" and any(_match(one, {kind: olds[kind]}) for one in news)):
            # Of an answer it is enough that some of the range is left: the client took all of it.
            yield Fact("media-type-removed", f"{place} {kind}", kind, list(news), at, after.pointer, reader)
    for kind, counterpart in news.items():
        match = _match(kind, olds)
        if match is None:
            at = counterpart.pointer
            yield Fact("media-type-added", f"{place} {kind}", list(olds), kind, before.pointer, at, reader)
        elif match != kind:
            yield from described(kind, match, kind)


def paired_contents(
    base: Spec, revision: Spec, before: Part, after: Part
) -> Iterator[tuple[str, Part, Part]]:
    """Yield the media types of two bodies side by side, a range with what falls under it."""
    olds, news = _content(base, before), _content(revision, after)
    for kind, part in olds.items():
        match = _match(kind, news)
        if match is not None:
            yield kind, part, news[match]
    for kind, part in news.items():
        match = _match(kind, olds)
        if match is not None and match != kind:
            yield kind, olds[match], part


def _content(spec: Spec, part: Part) -> dict[str, Part]:
    """Return the media types of a body, in the form in which they compare: no case, no blanks, no UTF-8."""
    found = {}
    for written, media in as_dict(part.value.get("content")).items():
        kind, *parameters = [piece.strip().lower() for piece in str(written).split(";")]
        kept = sorted(one for one in parameters if one not in ("", "charset=utf-8"))
        found[";".join([kind, *kept])] = spec.follow(media, (*part.pointer, "content", str(written)))
    return found


def _match(kind: str, others: dict[str, Part]) -> str | None:
    """Return the entry that speaks of a media type: itself, or a range such as text/*."""
    for candidate in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if candidate in others:
            return candidate
    return None


def unread(before: Part, after: Part, place: str) -> Iterator[Fact]:
    """Yield that two parts cannot be compared, since one of them is described in another file."""
    if before.elsewhere != after.elsewhere:
        at = (before.pointer, after.pointer)
        yield Fact("reference", place, before.elsewhere, after.elsewhere, *at)


def paired_answers(
    base: Spec, revision: Spec, old: Operation, new: Operation
) -> Iterator[tuple[str, Part, Part]]:
    """Yield the answers of two operations side by side, a range with what falls under it."""
    olds, news = _by_status(base, old), _by_status(revision, new)
    for status, before in olds.items():
        match = _covering(status, news)
        if match is not None:
            yield status, before, news[match]
    for status, after in news.items():
        match = _covering(status, olds)
        if status not in olds and match is not None:
            yield status, olds[match], after


def _by_status(spec: Spec, operation: Operation) -> dict[str, Part]:
    answers = spec.children(operation.part, "responses")
    return {name.upper() if name != "default" else name: part for name, part in answers.items()}


def responses(
    base: Spec, revision: Spec, old: Operation, new: Operation, reader: str, same: Sameness
) -> Iterator[Fact]:
    """Yield what differs between the answers of one operation."""
    olds, news = _by_status(base, old), _by_status(revision, new)
    for status, before in olds.items():
        place = f"{old.name} answer {status}"
        match = _covering(status, news)
        if match is None:
            if status.endswith("XX") and any(_covering(one, {status: before}) for one in news):
                continue  # what is left of the range is compared below
            at = (before.pointer, (*new.part.pointer, "responses"))
            yield Fact("status-removed", place, status, list(news), *at, reader)
            continue
        if not same.holds(before.value, news[match].value):
            yield from _answer(base, revision, before, news[match], place, reader, same)
    for status, after in news.items():
        if status in olds:
            continue
        place = f"{old.name} answer {status}"
        match = _covering(status, olds)
        if match is None:
            at = ((*old.part.pointer, "responses"), after.pointer)
            # RFC 9110, section 15: a status that is not known is taken as the first of its class.
            alike = [part for name, part in olds.items() if name[:1] == status[:1]]
            bodies = [part.value.get("content") or {} for part in alike]
            understood = any(same.holds(body, after.value.get("content") or {}) for body in bodies)
            more = {"understood": understood}
            yield Fact("status-added", place, list(olds), status, *at, reader, more)
        else:
            yield from _answer(base, revision, olds[match], after, place, reader, same)


def _covering(status: str, others: dict[str, Part]) -> str | None:
    """Return the entry under which a status is described: itself, its range, or `default`."""
    if status in others:
        return status
    for candidate in (f"{status[:1]}XX", "default"):
        if status != "default" and candidate in others:
            return candidate
    return None


def _answer(
    base: Spec, revision: Spec, before: Part, after: Part, place: str, reader: str, same: Sameness
) -> Iterator[Fact]:
    if before.elsewhere or after.elsewhere:
        yield from unread(before, after, place)
        return
    olds = {name.lower(): part for name, part in base.children(before, "headers").items()}
    news = {name.lower(): part for name, part in revision.children(after, "headers").items()}
    for name, part in olds.items():
        where = f"{place} header {name}"
        if name == "content-type":
            continue  # OpenAPI 3: it is ignored here
        if name not in news:
            needed = part.value.get("required") is True
            yield Fact("header-removed", where, needed, None, part.pointer, after.pointer, reader)
        else:
            yield from one_parameter(base, revision, part, news[name], where, "answer", reader, same)
    for name, part in news.items():
        if name not in olds and name != "content-type":
            yield Fact(
                "header-added", f"{place} header {name}", None, name, before.pointer, part.pointer, reader
            )
    had, has = as_dict(before.value.get("content")), as_dict(after.value.get("content"))
    if had and not has:
        at = (before.pointer, after.pointer)
        yield Fact("answer-body-removed", place, list(had), None, *at, reader)
    elif has and not had:
        yield Fact("answer-body-added", place, None, list(has), before.pointer, after.pointer, reader)
    else:
        yield from media_types(base, revision, before, after, place, reader, same)
