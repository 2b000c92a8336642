"""Defects that no listed test shows: a spelling that is not understood, another's secret, a small memory."""

import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from contract_tests.novapost.defects.builders import Break, Send, defects, instead
from contract_tests.novapost.defects.exchange import JWT, KEY, Answer, Request, error_answer, written
from contract_tests.novapost.defects.state import Memory

_JSON_TYPES = ("application/json", "application/json; charset=utf-8")


def _is_mine(request: Request, operation: str = KEY) -> bool:
    return request.operation == operation and not request.asks_for_a_status


def _header_as_written(request: Request, send: Send, memory: Memory) -> Answer:
    """Look up the type of the body under one spelling of the header's name."""
    names = {name for name, _ in request.headers}
    if _is_mine(request) and "content-type" in {n.lower() for n in names} and "Content-Type" not in names:
        return send(replace(request, body=b""))
    return send(request)


def _type_as_written(request: Request, send: Send, memory: Memory) -> Answer:
    """Take a media type only in lower case."""
    kind = request.header("content-type") or ""
    if _is_mine(request) and kind.lower().startswith("application/json") and kind != kind.lower():
        return error_answer(400)
    return send(request)


def _charset_as_written(request: Request, send: Send, memory: Memory) -> Answer:
    """Take a media type only without parameters, or in the one form that a test sends."""
    kind = request.header("content-type") or ""
    if _is_mine(request) and "charset" in kind and kind.strip() not in _JSON_TYPES:
        return error_answer(400)
    return send(request)


def _chunks_unread(request: Request, send: Send, memory: Memory) -> Answer:
    """Take a body without a length for no body."""
    chunked = (request.header("transfer-encoding") or "").lower() == "chunked"
    return send(replace(request, body=b"") if chunked and _is_mine(request) else request)


def _escapes_unread(request: Request, send: Send, memory: Memory) -> Answer:
    """Take a name of JSON only in its usual spelling."""
    if _is_mine(request) and request.phone is not None and b'"phone"' not in request.body:
        return error_answer(400)
    return send(request)


def _query_wins(request: Request, send: Send, memory: Memory) -> Answer:
    """Let a parameter of the query replace the body's member."""
    value = parse_qs(urlsplit(request.target).query).get("phone")
    return send(request.asking(value[0]) if value and _is_mine(request) else request)


def _override_header(request: Request, send: Send, memory: Memory) -> Answer:
    """Let a header change the method."""
    other = request.header("x-http-method-override")
    return send(replace(request, method=other) if other and request.operation else request)


def _old_http(request: Request, send: Send, memory: Memory) -> Answer:
    """Take a client that closes its connection for a robot."""
    if _is_mine(request, JWT) and not request.header("accept"):
        return send(request)
    if _is_mine(request, JWT) and (request.header("accept") or "").lower() not in ("*/*", "application/json"):
        return error_answer(401)
    return send(request)


def _stale_token(request: Request, send: Send, memory: Memory) -> Answer:
    """Give the token that was made last to every key, for a while."""
    answer = send(request)
    if not _is_mine(request, JWT) or answer.status != 200:
        return answer
    kept = memory.notes.get("token")
    now = time.monotonic()
    if kept and now - kept[0] < 10:
        return answer.saying(kept[1])
    memory.notes["token"] = now, answer.json
    return answer


def _another_key_in(change: Any) -> Break:
    """Put the key of another phone into an answer, by `change(answer, key)`."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        answer = send(request)
        others = [given["apiKey"] for phone, given in memory.last.items() if phone != request.phone]
        return change(answer, others[-1]) if _is_mine(request) and others else answer

    return does


def _in_header(answer: Answer, key: str) -> Answer:
    return answer.with_header("X-Cache-Key", key) if answer.status == 200 else answer


def _in_text(status: int, form: Any) -> Any:
    def change(answer: Answer, key: str) -> Answer:
        return error_answer(status, f"no: {form(key)}") if answer.status == status else answer

    return change


def _another_phone(request: Request, send: Send, memory: Memory) -> Answer:
    """Name the phone of the previous caller in an error."""
    answer = send(request)
    before = memory.notes.get("asked before")
    if _is_mine(request) and request.phone:
        memory.notes["asked before"] = request.phone
    if answer.status == 404 and _is_mine(request) and before and before != request.phone:
        return error_answer(404, f"Client not found, unlike {before}")
    return answer


def _shared_cache(request: Request, send: Send, memory: Memory) -> Answer:
    """Offer a key to every cache on its way."""
    answer = send(request)
    return answer.with_header("Cache-Control", "public, max-age=600") if answer.status == 200 else answer


class _AtOnceAfter:
    """Calls at once find no key that is new enough, and each makes one of its own."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, request: Request, send: Send, memory: Memory) -> Answer:
        if not _is_mine(request) or request.phone is None:
            return send(request)
        with memory.lock:
            count = memory.notes.setdefault(("under way", request.phone), [0])
            count[0] += 1
            others = count[0] > 1
        try:
            answer = send(request)
            time.sleep(0.02)
            with memory.lock:
                others = others or count[0] > 1
        finally:
            with memory.lock:
                count[0] -= 1
        if answer.status == 200 and others and memory.kind(request.phone) == self._kind:
            if self._kind == "recreated":
                return answer.saying(answer.json | {"apiKey": secrets.token_hex(20)})
            return error_answer(429) if memory.nth("at once") % 2 else answer
        return answer


def _cache_of(size: int) -> Break:
    """Only so many phones are remembered; who is forgotten is a stranger."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        if not _is_mine(request) or memory.clients(request.phone) != 1:
            return send(request)
        known: OrderedDict[str | None, None] = memory.notes.setdefault("known", OrderedDict())
        forgotten = memory.notes.setdefault("forgotten", set())
        if request.phone in forgotten:
            return error_answer(404)
        known[request.phone] = None
        known.move_to_end(request.phone)
        if len(known) > size:
            forgotten.add(known.popitem(last=False)[0])
        return send(request)

    return does


def _renewals_end(after: int) -> Break:
    """Refuse a renewal after so many."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        before = memory.again(request.phone) if _is_mine(request) else None
        answer = send(request)
        if before is None or answer.status != 200 or answer.json == before.json:
            return answer
        return error_answer(429) if memory.nth(("renewals", request.phone)) >= after else answer

    return does


def _crash_on(month: int, day: int, kind: str) -> Break:
    """Fail on one day of the calendar."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        now = memory.now()
        before = memory.again(request.phone) if _is_mine(request) else None
        answer = send(request)
        changed = before is not None and answer.status == 200 and answer.json != before.json
        if (now.month, now.day) == (month, day) and changed and memory.kind(request.phone) == kind:
            return Answer(500, (("Content-Type", "text/plain"),), b"Internal Server Error")
        return answer

    return does


def own_keys(make: Any) -> Break:
    """Make keys by a rule that others can follow."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        ours = memory.notes.setdefault("own keys", {})
        if _is_mine(request, JWT):
            real = {own: key for key, own in ours.items()}.get(request.api_key or "")
            return send(request.showing(real) if real else request)
        answer = send(request)
        if not _is_mine(request) or answer.status != 200:
            return answer
        key = answer.json["apiKey"]
        if key not in ours:
            ours[key] = make(request.phone, memory, len(ours))
        return answer.saying(answer.json | {"apiKey": ours[key]})

    return does


def _earlier_dates(request: Request, send: Send, memory: Memory) -> Answer:
    """Count a renewal in the last minutes of a day for the day before."""
    answer = send(request)
    now = memory.now()
    if _is_mine(request) and answer.status == 200 and (now + timedelta(minutes=2)).date() > now.date():
        end = now.replace(hour=23, minute=59, second=59, microsecond=0) + timedelta(days=364)
        return answer.saying(answer.json | {"expDate": written(end)})
    return answer


PRINCIPLES = defects(
    {
        "header-name-in-lower-case-unseen": _header_as_written,
        "media-type-in-upper-case-refused": _type_as_written,
        "charset-in-another-form-refused": _charset_as_written,
        "chunked-body-read-as-empty": _chunks_unread,
        "escaped-name-of-json-unread": _escapes_unread,
        "query-wins-over-the-body": _query_wins,
        "escapes-in-a-value-unread": instead(
            lambda request, memory: request.operation == JWT
            and "%" in request.target.partition("apiKey=")[2],
            lambda request, memory: error_answer(401),
        ),
        "escapes-in-a-name-unread": instead(
            lambda request, memory: request.api_key is not None and "apiKey=" not in request.target,
            lambda request, memory: error_answer(422),
        ),
        "override-header-changes-the-method": _override_header,
        "accept-in-another-form-refused": _old_http,
        "token-of-another-for-ten-seconds": _stale_token,
        "key-of-another-in-a-header": _another_key_in(_in_header),
        "key-of-another-cut-in-a-429": _another_key_in(_in_text(429, lambda key: key[:36])),
        "key-of-another-in-base64": _another_key_in(
            _in_text(404, lambda key: base64.b64encode(key.encode()).decode())
        ),
        "key-of-another-escaped": _another_key_in(
            _in_text(404, lambda key: quote(key[:20]) + key[20:].replace("", "%").rstrip("%"))
        ),
        "phone-of-another-in-a-404": _another_phone,
        "keys-in-shared-caches": _shared_cache,
        "limit-for-one-of-two-equal-renewals": _AtOnceAfter("renewed"),
        "two-keys-from-a-re-creation-at-once": _AtOnceAfter("recreated"),
        "cache-of-12-phones": _cache_of(12),
        "cache-of-90-phones": _cache_of(90),
        "twelfth-renewal-refused": _renewals_end(12),
        "crash-of-a-renewal-on-a-leap-day": _crash_on(2, 29, "renewed"),
        "crash-of-a-reactivation-at-the-years-end": _crash_on(12, 31, "reactivated"),
        "late-issue-counts-for-the-day-before": _earlier_dates,
        "keys-count-up": own_keys(lambda phone, memory, number: f"{0xA5 << 152 | 7919 * number:040x}"),
        "keys-are-a-digest-of-the-phone": own_keys(
            lambda phone, memory, number: hashlib.sha256(phone.encode()).hexdigest()[:40]
        ),
        "keys-are-a-digest-of-phone-and-date": own_keys(
            lambda phone, memory, number: hashlib.sha1(  # noqa: S324 - the defect itself
                f"{phone}{memory.now():%Y-%m-%d}".encode()
            ).hexdigest()
        ),
        "keys-share-a-long-beginning": own_keys(
            lambda phone, memory, number: secrets.token_hex(2).rjust(40, "7")
        ),
    }
)
