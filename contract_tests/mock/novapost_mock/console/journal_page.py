"""The page of the journal: the latest requests, each with its answer, its rule and a curl line."""

import json
import shlex
from itertools import islice
from typing import Any
from urllib.parse import quote

from novapost_mock.console.rendering import back_to, page
from novapost_mock.console.state_pages import done
from novapost_mock.console.visit import Visit
from novapost_mock.control.journal import MAX_ENTRIES
from novapost_mock.errors import phrase
from novapost_mock.masking import HIDDEN, MASK
from novapost_mock.messages import Reply

SHOWN = 50
"""How many entries a page shows at most."""

STATUSES = ("2", "4", "5")
"""The first digits of a status that the filter offers."""

LONGEST_SEARCH = 200
"""How many characters of a search count."""


def show(visit: Visit) -> Reply:
    """GET journal: the latest entries, the latest first."""
    return page(visit, "journal", did=done(visit), **_entries(visit, 0))


def show_entries(visit: Visit) -> Reply:
    """GET journal/entries?after=NUMBER: the later entries, for the script."""
    given = next(iter(visit.request.parameter_values("after")), "")
    known = int(given) if given.isascii() and given.isdigit() and len(given) <= 12 else 0
    return page(visit, "entries", **_entries(visit, known))


def clear(visit: Visit) -> Reply:
    """POST journal/clear: remove all entries."""
    visit.mock.clear_journal()
    return back_to("journal", "cleared")


def _entries(visit: Visit, after: int) -> dict[str, Any]:
    """Return the latest entries after a number that the address asks for, with the filter that it names."""
    text = next(iter(visit.request.parameter_values("q")), "").strip()[:LONGEST_SEARCH]
    status = next((each for each in visit.request.parameter_values("status") if each in STATUSES), "")
    is_filtered = bool(text or status)
    count = visit.mock.journal_page(0, 0)["count"]
    if is_filtered:
        found = visit.mock.journal_page(after, MAX_ENTRIES)
    else:
        found = visit.mock.journal_page(max(after, count - SHOWN), SHOWN)
    host = next(iter(visit.request.header_values("host")), "127.0.0.1:8080")
    rows = (_row(entry, visit, host) for entry in reversed(found["entries"]))
    chosen = (each for each in rows if not is_filtered or matches(each, text, status))
    return {
        "entries": list(islice(chosen, SHOWN)),
        "count": found["count"],
        "search": text,
        "wanted": status,
        "statuses": STATUSES,
        "is_filtered": is_filtered,
    }


def matches(entry: dict[str, Any], text: str, status: str) -> bool:
    """Return whether an entry fits a filter.

    Args:
        entry: the masked entry, so that nobody can find out a secret by searching for it.
        text: words in any order and case; the entry has to contain each of them.
        status: the first digit of the status; empty for any.
    """
    if status and not str(entry["status"]).startswith(status):
        return False
    headers = [
        f"{pair['name']}: {pair['value']}"
        for side in ("request", "answer")
        for pair in entry[side]["headers"]
    ]
    shown = (
        *(entry["request"]["method"], entry["target"], str(entry["status"]), entry["phrase"], entry["at"]),
        *(entry["operation"] or "", entry["rule"], entry["rule_text"], entry["fault"] or ""),
        *(*headers, entry["asked"], entry["answered"]),
    )
    whole = "\n".join(shown).casefold()
    return all(word in whole for word in text.casefold().split())


def _row(entry: dict[str, Any], visit: Visit, host: str) -> dict[str, Any]:
    texts = visit.texts
    request, answer = entry["request"], entry["answer"]
    rule = entry["rule"] or ""
    query = "&".join(f"{pair['name']}={pair['value']}" for pair in request["query"])
    return {
        **entry,
        # The day stands there where it is not the mock's today.
        "time": entry["at"][11:19],
        "day": "" if entry["at"][:10] == visit.now.date().isoformat() else entry["at"][:10],
        "target": f"{request['path']}?{query}" if query else request["path"],
        "phrase": phrase(entry["status"]),
        "rule": rule,
        "rule_text": texts(f"rule.{rule}") if texts.has(f"rule.{rule}") else "",
        "asked": _text(request["body"]),
        "answered": _text(answer["body"]),
        "curl": curl(request, host),
    }


def curl(request: dict[str, Any], host: str) -> str:
    """Return a masked request as a command for a shell, an option a line.

    Whoever runs it puts in the values that are masked. console.js writes https where the page has come by it.
    """
    path = "/".join(quote(segment, safe=MASK + HIDDEN) for segment in request["path"].split("/"))
    query = "&".join(f"{quote(pair['name'])}={quote(pair['value'], safe=MASK)}" for pair in request["query"])
    lines = [["curl", "-X", request["method"], f"http://{host}{path}{'?' if query else ''}{query}"]]
    lines += [
        ["-H", f"{pair['name']}: {pair['value']}"]
        for pair in request["headers"]
        if pair["name"].lower() in ("content-type", "prefer", "authorization", "accept")
    ]
    if request["body"] is not None:
        body = request["body"]
        lines.append(["-d", body if isinstance(body, str) else json.dumps(body)])
    return " \\\n  ".join(map(shlex.join, lines))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
