"""The journal as an HTTP Archive, version 1.2, which browsers and proxies open.

Source: the HAR 1.2 specification. Its custom fields begin with an underscore.
"""

import json
from importlib import metadata
from typing import Any
from urllib.parse import quote

from novapost_mock.control.journal import PAGE, Entry, Journal, answer_body, select
from novapost_mock.errors import phrase
from novapost_mock.keys.clock import write_moment
from novapost_mock.masking import MASK, Mask, Vocabulary
from novapost_mock.messages import Headers

# An archive wants an absolute address; the Host of a request is not shown.
_HOST = "http://novapost-mock"
_HTTP = "HTTP/1.1"


def archive(journal: Journal, vocabulary: Vocabulary, after: int = 0, limit: int = PAGE) -> dict[str, Any]:
    """Return a part of the journal as an archive, secrets masked. For the arguments see `journal.page`."""
    chosen, _ = select(journal.entries(), after, limit)
    mask = journal.mask(vocabulary)
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "novapost-mock", "version": _version()},
            "entries": [_entry(entry, mask) for entry in chosen],
        }
    }


def _version() -> str:
    try:
        return metadata.version("novapost-client")
    except metadata.PackageNotFoundError:
        return "unknown"


def _entry(entry: Entry, mask: Mask) -> dict[str, Any]:
    delivery = entry.reply.delivery
    blocked = delivery.delay_seconds * 1000 if delivery else 0.0
    wait = round(blocked + entry.milliseconds, 3)
    return {
        "startedDateTime": write_moment(entry.at),
        "time": wait,
        "request": _request(entry, mask),
        "response": _response(entry, mask),
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": 0},
        "_number": entry.number,
        "_operation": entry.operation or None,
        "_rule": entry.rule or None,
        "_fault": entry.fault or None,
    }


def _request(entry: Entry, mask: Mask) -> dict[str, Any]:
    request = entry.request
    query = mask.query(request.query)
    path = "/".join(quote(segment, safe=MASK) for segment in mask.path(request.path).split("/"))
    asked = "&".join(f"{quote(name)}={quote(value, safe=MASK)}" for name, value in query)
    shown: dict[str, Any] = {
        "method": mask.method(request.method),
        "url": f"{_HOST}{path}{'?' if asked else ''}{asked}",
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs(mask.headers(request.headers)),
        "queryString": _pairs(query),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        text = _text(mask.body(request.body))
        shown["postData"] = {"mimeType": _type(request.headers, mask), "text": text}
    return shown


def _response(entry: Entry, mask: Mask) -> dict[str, Any]:
    reply = entry.reply
    body = _text(answer_body(entry, mask))
    return {
        "status": reply.status,
        "statusText": phrase(reply.status),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs(mask.headers(reply.headers)),
        "content": {"size": len(reply.body), "mimeType": _type(reply.headers, mask), "text": body},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(reply.body),
    }


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _type(headers: Headers, mask: Mask) -> str:
    found = [value for name, value in mask.headers(headers) if name.lower() == "content-type"]
    return found[0] if found else ""


def _pairs(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
