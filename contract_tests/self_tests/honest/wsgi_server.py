"""Nova Post's API as a WSGI application over the standard library's server: HTTP/1.0, no chunks."""

import base64
import datetime as dt
import gzip
import json
import re
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs, unquote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from zoneinfo import ZoneInfo

from contract_tests.target.local_server import running

FACTORS = {
    "limit": ("", "limit-strict"),
    "later day": ("", "later-repeat"),
    "zone": ("", "day-of-kyiv", "day-of-plus-one"),
    "validity": ("", "good-for-365-days", "good-for-400-days"),
    "leap day": ("", "leap-to-march"),
    "order": ("", "limit-before-matches"),
    "Ukraine": ("", "ukraine-after-registered"),
    "type": ("", "any-type-taken", "other-type-is-400", "other-type-is-422"),
    "no type": ("", "no-type-is-415"),
    "key twice in JSON": ("", "first-member-counts", "member-twice-refused"),
    "encoding": ("", "utf-16-read", "mark-read"),
    "unknown query": ("", "unknown-query-refused"),
    "two keys": ("", "first-key-counts", "last-key-counts"),
    "odd key": ("", "odd-key-is-422"),
    "HEAD": ("", "head-refused"),
    "OPTIONS": ("", "options-200"),
    "unknown method": ("", "unknown-method-is-501", "method-unknown-is-404"),
    "large body": ("", "large-is-413"),
    "long address": ("", "long-is-414"),
    "dates": ("", "milliseconds", "whole-seconds", "offset-shown"),
    "end": ("", "end-of-999"),
    "key": ("", "key-uuid", "key-prefixed", "key-hex-32", "key-base64"),
    "token": ("", "token-of-many-claims", "token-kept-a-minute", "token-without-iat"),
    "words": ("", "words-of-the-vendor", "words-not-ascii", "several-words"),
    "named errors": ("", "errors-named"),
    "JSON": ("", "json-pretty", "json-charset", "json-reversed"),
    "headers": ("", "headers-many", "headers-cookie"),
    "cache": ("", "cache-private", "cache-no-cache"),
    "401": ("", "www-authenticate"),
    "429": ("", "retry-after-seconds", "retry-after-date"),
    "gzip": ("", "gzip-where-taken"),
    "Accept": ("", "not-acceptable-is-406"),
    "cleanup": ("", "cleanup-says-deleted"),
    "control": ("", "no-list-of-keys", "no-faults", "no-clock", "no-cleanup"),
    "Prefer": ("", "prefer-overlooked"),
    "speed": ("", "slow"),
}
_PLUS_ONE = dt.timezone(dt.timedelta(hours=1))
_STATUS = {200: "OK", 404: "Nope", 429: "Slow down"}
_VENDOR = {404: "Client not found", 409: "Multiple matching clients found", 429: "Daily limit reached"}
Said = tuple[int, Any, dict[str, str]]


def application(does: frozenset[str]) -> Callable[..., Iterable[bytes]]:
    """Make an application with a memory of its own."""
    memory: dict[str, Any] = {}
    lock = threading.Lock()
    zone: dt.tzinfo = dt.UTC
    if "day-of-kyiv" in does:
        zone = ZoneInfo("Europe/Kyiv")
    elif "day-of-plus-one" in does:
        zone = _PLUS_ONE

    def restart() -> None:
        memory.update(people={}, given={}, gone=set(), shift=dt.timedelta(0), faults=[], tokens={})

    def clock() -> dt.datetime:
        now: dt.datetime = dt.datetime.now(dt.UTC) + memory["shift"]
        return now

    def no(status: int, text: str = "Something is not as it should be", **headers: str) -> Said:
        if "words-of-the-vendor" in does:
            text = _VENDOR.get(status, text)
        elif "words-not-ascii" in does:
            text = "Так не можна – leider nicht"
        if status in (401, 422, 503):
            return (
                status,
                {"errors": {"apiKey": text, "code": "E1"} if "errors-named" in does else {"": text}},
                headers,
            )
        texts = [text, "See the documents"] if "several-words" in does else [text]
        return status, {"success": False, "errors": texts}, headers

    def last_moment(day: dt.date) -> dt.datetime:
        if "good-for-365-days" in does:
            end = day + dt.timedelta(days=365)
        elif "good-for-400-days" in does:
            end = day + dt.timedelta(days=400)
        elif (day.month, day.day) == (2, 29):
            end = dt.date(day.year + 1, 3, 1) if "leap-to-march" in does else dt.date(day.year + 1, 2, 28)
        else:
            end = day.replace(year=day.year + 1)
        fraction = 999_000 if "end-of-999" in does else 0
        return dt.datetime(end.year, end.month, end.day, 23, 59, 59, fraction, tzinfo=zone).astimezone(dt.UTC)

    def fresh_key() -> str:
        if "key-uuid" in does:
            return str(uuid.uuid4())
        if "key-prefixed" in does:
            return f"np_test_{secrets.token_hex(16)}"
        if "key-hex-32" in does:
            return secrets.token_hex(16)
        return secrets.token_urlsafe(30) if "key-base64" in does else secrets.token_hex(20)

    def date(moment: dt.datetime) -> str:
        shown = moment.astimezone(zone if "offset-shown" in does else dt.UTC)
        kind = "auto"
        if "milliseconds" in does:
            kind = "milliseconds"
        elif "whole-seconds" in does:
            kind = "seconds"
        return shown.isoformat(timespec=kind).replace("+00:00", "Z")

    def key_for(phone: str) -> Said:
        now = clock()
        today, mine = now.astimezone(zone).date(), memory["given"].setdefault(phone, {})
        alone = memory["people"].get(phone, 0)
        spent = mine.get("day") == today and "key" not in mine
        if "limit-strict" in does:
            spent = mine.get("seen") == today
        if phone.startswith("380") and ("ukraine-after-registered" not in does or alone == 1):
            return no(400)
        if spent and "limit-before-matches" in does:
            return too_often(now)
        if alone != 1:
            return no(404 if alone == 0 else 409)
        if spent:
            return too_often(now)
        if "key" not in mine:
            mine.update(key=fresh_key(), born=now, day=today, ends=last_moment(today))
        elif now > mine["ends"] or (mine["day"] != today and "later-repeat" not in does):
            mine.update(day=today, ends=last_moment(today))
        mine["seen"] = today
        body = {
            "apiKey": mine["key"],
            "createdAt": date(mine["born"]),
            "expDate": date(mine["ends"]),
            "status": "Active",
        }
        return 200, body, {}

    def too_often(now: dt.datetime) -> Said:
        if "retry-after-seconds" in does:
            return no(429, **{"Retry-After": "3600"})
        if "retry-after-date" in does:
            return no(429, **{"Retry-After": format_datetime(now + dt.timedelta(hours=1), usegmt=True)})
        return no(429)

    def token_for(key: str) -> Said:
        now = clock()
        if not any(each.get("key") == key and now <= each["ends"] for each in memory["given"].values()):
            return no(
                401, **({"WWW-Authenticate": 'ApiKey realm="test"'} if "www-authenticate" in does else {})
            )
        kept = memory["tokens"].get(key)
        if (
            kept
            and "token-kept-a-minute" in does
            and dt.timedelta(0) <= now - kept[0] < dt.timedelta(minutes=1)
        ):
            return 200, {"jwt": kept[1]}, {}
        begun = int(now.timestamp())
        claims: dict[str, Any] = {"exp": begun + 3600, "jti": str(uuid.uuid4())}
        if "token-without-iat" not in does:
            claims["iat"] = begun
        if "token-of-many-claims" in does:
            claims |= {
                "iss": "https://example.org",
                "aud": ["stage"],
                "nbf": begun,
                "sub": secrets.token_hex(8),
            }
        head = {"alg": "RS256", "typ": "JWT", "kid": "2"}
        texts = [json.dumps(each).encode() for each in (head, claims)] + [secrets.token_bytes(64)]
        jwt = ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in texts)
        memory["tokens"][key] = (now, jwt)
        return 200, {"jwt": jwt}, {}

    def member(content: bytes) -> str | None:
        seen: list[str] = []

        def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
            seen.extend(name for name, _ in items)
            return dict(reversed(items) if "first-member-counts" in does else items)

        def constant(name: str) -> None:
            raise ValueError(name)

        try:
            if "utf-16-read" in does:
                text = content.decode(json.detect_encoding(content))
            else:
                text = content.decode("utf-8-sig" if "mark-read" in does else "utf-8")
            value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
        except (ValueError, RecursionError):
            return None
        if "member-twice-refused" in does and len(set(seen)) < len(seen):
            return None
        phone = value.get("phone") if isinstance(value, dict) and list(value) == ["phone"] else None
        return phone if isinstance(phone, str) and re.fullmatch("[1-9][0-9]{7,14}", phone) else None

    def typed(kind: str | None, content: bytes) -> Said | None:
        if kind is None:
            return no(415) if "no-type-is-415" in does else None
        if kind.partition(";")[0].strip().lower() == "application/json" or "any-type-taken" in does:
            return None
        if "other-type-is-422" in does and content:
            return 422, {"success": False, "errors": ["Of another type"]}, {}
        return no(400 if "other-type-is-400" in does else 415)

    def forced(operation: str, env: dict[str, Any]) -> Said | None:
        wish = re.search(r'code="?([45][0-9][0-9])', env.get("HTTP_PREFER", ""))
        if wish and "prefer-overlooked" not in does:
            return no(int(wish[1]), "As it was wished")
        for fault in memory["faults"]:
            if fault["times"] > 0 and fault.get("operation", operation) == operation:
                fault["times"] -= 1
                return no(fault["status"], "As it was armed")
        return None

    def api(path: str, env: dict[str, Any], content: bytes) -> Said:
        own = {"/test-api-keys": "POST", "/clients/authorization": "GET"}.get(path)
        method, query = env["REQUEST_METHOD"], env.get("QUERY_STRING", "")
        if "long-is-414" in does and len(query) + len(path) > 4090:
            return no(414)
        if own is None:
            return no(404)
        allow = "GET, HEAD" if own == "GET" and "head-refused" not in does else own
        if method == "OPTIONS" and "options-200" in does:
            return 200, None, {"Allow": f"{allow}, OPTIONS"}
        if method not in allow.split(", "):
            if "method-unknown-is-404" in does:
                return no(404)
            common = method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
            return no(405 if common or "unknown-method-is-501" not in does else 501, Allow=allow)
        accept = env.get("HTTP_ACCEPT", "*/*")
        if "not-acceptable-is-406" in does and not re.search(r"\*/\*|application/(\*|json)", accept):
            return no(406)
        if said := forced("createTestApiKey" if own == "POST" else "authorizeClient", env):
            return said
        if own == "POST":
            if query and "unknown-query-refused" in does:
                return no(400)
            if said := typed(env.get("CONTENT_TYPE") or None, content):
                return said
            phone = member(content)
            return no(400) if phone is None else key_for(phone)
        given = parse_qs(query, keep_blank_values=True, errors="replace")
        if given.keys() - {"apiKey"} and "unknown-query-refused" in does:
            return no(422)
        keys = given.get("apiKey", [])
        if len(keys) > 1:
            kept = keys[:1] if "first-key-counts" in does else keys[-1:]
            keys = kept if does & {"first-key-counts", "last-key-counts"} else []
        if (
            not keys
            or not keys[0]
            or ("odd-key-is-422" in does and not re.fullmatch(r"[\w.-]+", keys[0], re.ASCII))
        ):
            return no(422)
        return token_for(keys[0])

    def control(path: str, method: str, content: bytes) -> Said:
        given = json.loads(content or b"null")
        what, _, rest = path.partition("/")
        match method, what:
            case "GET", "health":
                pass
            case "POST", "reset":
                restart()
            case "PUT", "clients":
                memory["people"][unquote(rest)] = given["matches"]
            case "PUT", "clock" if "no-clock" not in does:
                if "now" in given:
                    memory["shift"] = dt.datetime.fromisoformat(given["now"]) - dt.datetime.now(dt.UTC)
                else:
                    memory["shift"] += dt.timedelta(seconds=given["advance_seconds"])
            case "POST", "cleanup" if "no-cleanup" not in does:
                mine = memory["given"].get(given["phone"], {})
                found = mine.pop("key", None) is not None
                if "cleanup-says-deleted" in does:
                    return 200, {"deleted": found}, {}
                if not found:
                    return no(404)
            case "PUT", "faults" if "no-faults" not in does:
                memory["faults"] = [{"times": 1, **each} for each in given]
            case "GET", "keys" if "no-list-of-keys" not in does:
                having = [phone for phone, mine in memory["given"].items() if "key" in mine]
                return 200, [{"phone": phone, "status": "Active"} for phone in having], {}
            case _:
                return no(404)
        return 200, {"status": "ok", "now": clock().isoformat()}, {}

    def answer(env: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        size = int(env.get("CONTENT_LENGTH") or 0)
        content = env["wsgi.input"].read(size)
        path = env["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        if "slow" in does:
            time.sleep(0.01)
        with lock:
            if path.startswith("/__mock__/"):
                said = control(path[10:], env["REQUEST_METHOD"], content)
            elif "HTTP_TRANSFER_ENCODING" in env:
                said = no(411)
            elif size > (1500 if "large-is-413" in does else 60_000):
                said = no(413 if "large-is-413" in does else 400)
            else:
                said = api(path.removeprefix("/v.1.0") if path.startswith("/v.1.0/") else "", env, content)
        return _written(said, env, start, does)

    restart()
    return answer


def _written(
    said: Said, env: dict[str, Any], start: Callable[..., Any], does: frozenset[str]
) -> Iterable[bytes]:
    status, body, headers = said
    if isinstance(body, dict) and "json-reversed" in does:
        body = dict(reversed(body.items()))
    text = json.dumps(
        body, indent=4 if "json-pretty" in does else None, ensure_ascii="json-charset" not in does
    )
    content = b"" if body is None else text.encode()
    shown = {
        "Content-Type": "application/json; charset=utf-8" if "json-charset" in does else "application/json"
    }
    if "cache-private" in does:
        shown["Cache-Control"] = "private, max-age=0"
    elif "cache-no-cache" in does:
        shown["Cache-Control"] = "no-cache"
    if "headers-many" in does:
        shown |= {
            "X-Request-Id": str(uuid.uuid4()),
            "Vary": "Accept",
            "Content-Language": "en",
            "Via": "1.1 p",
        }
    if "headers-cookie" in does:
        shown["Set-Cookie"] = f"sid={secrets.token_hex(16)}; HttpOnly"
    if (
        "gzip-where-taken" in does
        and re.search(r"\bgzip\b(?!;\s*q=0)", env.get("HTTP_ACCEPT_ENCODING", ""))
        and content
    ):
        content, shown["Content-Encoding"] = gzip.compress(content), "gzip"
    shown["Content-Length"] = str(len(content))
    start(f"{status} {_STATUS.get(status, 'See below')}", [*(shown | headers).items()])
    return [] if env["REQUEST_METHOD"] == "HEAD" else [content]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that give up."""


class _Handler(WSGIRequestHandler):
    def log_message(self, *ignored: Any) -> None:
        """Say nothing."""

    def address_string(self) -> str:
        """Return the address without asking for its name."""
        return str(self.client_address[0])


@contextmanager
def wsgi_server(*does: str) -> Iterator[str]:
    """Run it in a thread, with some levels of the factors, and give its address without a path."""
    called = application(frozenset(does))
    server = make_server("127.0.0.1", 0, called, server_class=_Server, handler_class=_Handler)
    with running(server) as address:
        yield address
