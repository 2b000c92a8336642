"""The journal to look at: the latest requests, each with its answer, its rule and a curl line."""

import json
import shlex
from typing import Any
from urllib.parse import quote

from novapost_mock.console.rendering import back_to, page
from novapost_mock.console.stage_pages import done
from novapost_mock.console.texts import Texts
from novapost_mock.console.visit import Visit
from novapost_mock.errors import phrase
from novapost_mock.masking import HIDDEN, MASK
from novapost_mock.messages import Reply

SHOWN = 50
"""How many entries a page begins with."""


def show(visit: Visit) -> Reply:
    """GET journal: the latest entries, the latest first."""
    count = visit.sandbox.journal_page(0, 0)["count"]
    return page(visit, "journal", did=done(visit), **_entries(visit, max(0, count - SHOWN)))


def show_entries(visit: Visit) -> Reply:
    """GET journal/entries?after=NUMBER: what came since, for the script."""
    given = next(iter(visit.request.parameter_values("after")), "")
    known = int(given) if given.isascii() and given.isdigit() and len(given) <= 12 else 0
    count = visit.sandbox.journal_page(0, 0)["count"]
    return page(visit, "entries", **_entries(visit, max(known, count - SHOWN)))


def clear(visit: Visit) -> Reply:
    """POST journal/clear: forget the requests that were seen."""
    visit.sandbox.clear_journal()
    return back_to("journal", "cleared")


def _entries(visit: Visit, after: int) -> dict[str, Any]:
    found = visit.sandbox.journal_page(after, SHOWN)
    host = next(iter(visit.request.header_values("host")), "127.0.0.1:8080")
    entries = [_told(entry, visit.texts, host) for entry in reversed(found["entries"])]
    return {"entries": entries, "count": found["count"]}


def _told(entry: dict[str, Any], texts: Texts, host: str) -> dict[str, Any]:
    request, answer = entry["request"], entry["answer"]
    rule = entry["rule"] or ""
    query = "&".join(f"{pair['name']}={pair['value']}" for pair in request["query"])
    return {
        **entry,
        "target": f"{request['path']}?{query}" if query else request["path"],
        "phrase": phrase(entry["status"]),
        "rule": rule,
        "rule_text": texts(f"rule.{rule}") if texts.has(f"rule.{rule}") else "",
        "asked": _text(request["body"]),
        "answered": _text(answer["body"]),
        "curl": curl(request, host),
    }


def curl(request: dict[str, Any], host: str) -> str:
    """Return a masked request as a line for a shell; what is masked has to be put in by whoever runs it."""
    path = "/".join(quote(segment, safe=MASK + HIDDEN) for segment in request["path"].split("/"))
    query = "&".join(f"{quote(pair['name'])}={quote(pair['value'], safe=MASK)}" for pair in request["query"])
    words = ["curl", "-X", request["method"], f"http://{host}{path}{'?' if query else ''}{query}"]
    for pair in request["headers"]:
        if pair["name"].lower() in ("content-type", "prefer", "authorization", "accept"):
            words += ["-H", f"{pair['name']}: {pair['value']}"]
    if request["body"] is not None:
        words += ["-d", request["body"] if isinstance(request["body"], str) else json.dumps(request["body"])]
    return shlex.join(words)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
