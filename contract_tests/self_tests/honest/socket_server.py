"""A second implementation of Nova Post's API and of the control calls that a user's server must have.

It shares no code with the mock, and uses what the documents and RFC 9110 leave open: other words, other
names, other statuses of HTTP itself, dates in another form. The suite must find nothing wrong with it.
"""

import base64
import json
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

from contract_tests.self_tests.honest.whole_body import TooLargeError, whole_body
from contract_tests.target.local_server import running

# What a server may do otherwise, each for itself or all together.
FACTORS = {
    name: ("", name)
    for name in (
        "headers-in-lower-case",
        "prefer-overlooked",
        "only-the-listed-control-calls",
        "type-demanded",
        "unknown-methods-not-implemented",
        "options-answered",
        "odd-bytes-refused-by-a-gateway",
        "unknown-paths-redirected",
        "bodies-of-a-kilobyte",
        "dates-in-another-zone",
        "named-errors",
        "chunked",
        "connections-closed",
    )
}
_PHONE = re.compile(r"[1-9][0-9]{7,14}")
_OPERATIONS = {"/v.1.0/test-api-keys": "createTestApiKey", "/v.1.0/clients/authorization": "authorizeClient"}
_KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class _Refused(Exception):
    def __init__(self, status: int, text: str, allow: str = "") -> None:
        super().__init__(text)
        self.status, self.text, self.allow = status, text, allow


class _Desk:
    """Phones, keys and the clock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        self.matches: dict[str, int] = {}
        self.keys: dict[str, dict[str, Any]] = {}
        self.issued: dict[str, str] = {}
        self.offset = 0.0
        self.faults: list[dict[str, Any]] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.offset, UTC)

    def ask(self, phone: str) -> dict[str, Any]:
        now, matches = self.now(), self.matches.get(phone, 0)
        if phone.startswith("380"):
            raise _Refused(400, "No keys for Ukraine here")
        if matches != 1:
            raise _Refused(409 if matches else 404, "Nobody, or several, have this number")
        today, key = f"{now:%Y-%m-%d}", self.keys.get(phone)
        if key is None and self.issued.get(phone) == today:
            raise _Refused(429, "Come back tomorrow")
        if key is None:
            key = self.keys[phone] = {"key": secrets.token_urlsafe(30), "created": now}
        if self.issued.get(phone) != today:
            self.issued[phone], key["ends"] = today, _year_after(now)
        return key

    def buys(self, api_key: str) -> bool:
        return any(each["key"] == api_key and self.now() <= each["ends"] for each in self.keys.values())


def _year_after(day: datetime) -> datetime:
    try:
        day = day.replace(year=day.year + 1)
    except ValueError:
        day = day.replace(year=day.year + 1, month=3, day=1)
    return day.replace(hour=23, minute=59, second=59, microsecond=0)


def _token(now: datetime) -> str:
    begun = int(now.timestamp())
    claims = {"iat": begun, "exp": begun + 3600, "jti": secrets.token_hex(12)}
    parts = [json.dumps(each).encode() for each in ({"alg": "HS256"}, claims)] + [secrets.token_bytes(32)]
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    desk: _Desk
    does: frozenset[str]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *ignored: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        try:
            body = self._body()
            if "odd-bytes-refused-by-a-gateway" in self.does and self._has_odd_bytes():
                return self._write(400, {"Content-Type": "text/html"}, b"<h1>400 Bad Request</h1>")
            is_known = path in _OPERATIONS or path.startswith("/__mock__/")
            if "unknown-paths-redirected" in self.does and not is_known:
                return self._write(302, {"Location": "https://docs.example.org/"}, b"")
            with self.desk.lock:
                control = path.startswith("/__mock__/")
                self._say(200, self._control(path[10:], body) if control else self._api(path, query, body))
        except _Refused as refused:
            is_object = refused.status in (401, 422, 503)
            shown: Any = {"success": False, "errors": [refused.text]}
            if is_object:
                names = ("apiKey", "hint") if "named-errors" in self.does else ("",)
                shown = {"errors": dict.fromkeys(names, refused.text)}
            self._say(refused.status, None if refused.status == 204 else shown, refused.allow)

    def _body(self) -> bytes:
        most = 1024 if "bodies-of-a-kilobyte" in self.does else 100_000
        try:
            return whole_body(self, most)
        except TooLargeError:
            self.close_connection = True
            raise _Refused(413, "Too large") from None

    def _say(self, status: int, body: Any, allow: str = "") -> None:
        content = b"" if body is None else json.dumps(body, indent=1).encode()
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        if allow:
            headers["Allow"] = allow
        self._write(status, headers, content)

    def _has_odd_bytes(self) -> bool:
        texts = (self.path, *self.headers.values())
        return "%00" in self.path or not all(text.isascii() for text in texts)

    def _write(self, status: int, headers: dict[str, str], content: bytes) -> None:
        if "connections-closed" in self.does or self.close_connection:
            headers["Connection"], self.close_connection = "close", True
        if "chunked" in self.does and self.request_version == "HTTP/1.1" and content:
            headers["Transfer-Encoding"] = "chunked"
            parts = [content[at : at + 9] for at in range(0, len(content), 9)] + [b""]
            written = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
        else:
            written = content
            if status != 204:
                headers["Content-Length"] = str(len(content))
        lower = "headers-in-lower-case" in self.does
        head = [f"HTTP/1.1 {status} X", *(f"{n.lower() if lower else n}: {v}" for n, v in headers.items())]
        self.wfile.write("\r\n".join([*head, "\r\n"]).encode() + (written if self.command != "HEAD" else b""))
        self.wfile.flush()

    def _api(self, path: str, query: str, body: bytes) -> dict[str, Any]:
        if path not in _OPERATIONS:
            raise _Refused(404, "Nothing here")
        method = "POST" if _OPERATIONS[path] == "createTestApiKey" else "GET"
        if self.command != method and not (self.command == "HEAD" and method == "GET"):
            if "options-answered" in self.does and self.command == "OPTIONS":
                raise _Refused(204, "", f"{method}, OPTIONS")
            unknown = "unknown-methods-not-implemented" in self.does and self.command not in _KNOWN_METHODS
            raise _Refused(501 if unknown else 405, "Not this way", method)
        self._meet_faults(_OPERATIONS[path])
        if method == "POST":
            return self._shown(self.desk.ask(self._phone(body)))
        keys = [v for n, v in parse_qsl(query, keep_blank_values=True, errors="replace") if n == "apiKey"]
        if len(keys) != 1 or not keys[0]:
            raise _Refused(422, "GET /clients/authorization needs one apiKey")
        if not self.desk.buys(keys[0]):
            raise _Refused(401, "unknown")
        return {"jwt": _token(self.desk.now())}

    def _meet_faults(self, operation: str) -> None:
        wanted = re.search(r"code=([45][0-9]{2})", self.headers.get("Prefer", ""))
        if wanted and "prefer-overlooked" not in self.does:
            raise _Refused(int(wanted[1]), "As you like it")
        for fault in self.desk.faults:
            if fault.get("operation", operation) == operation and fault.setdefault("times", 1) > 0:
                fault["times"] -= 1
                raise _Refused(fault["status"], "As it was armed")

    def _phone(self, body: bytes) -> str:
        kind = self.headers.get("Content-Type")
        if kind is None and "type-demanded" in self.does:
            raise _Refused(415, "Of which type?")
        if kind is not None and kind.partition(";")[0].strip().lower() != "application/json":
            raise _Refused(415, "JSON, please")
        try:
            value = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise _Refused(400, "That is no JSON") from None
        phone = value.get("phone") if isinstance(value, dict) and len(value) == 1 else None
        if not isinstance(phone, str) or not _PHONE.fullmatch(phone):
            raise _Refused(400, "One member, phone, of digits")
        return phone

    def _shown(self, key: dict[str, Any]) -> dict[str, Any]:
        zone = timezone(timedelta(hours=1)) if "dates-in-another-zone" in self.does else UTC
        dates = {"createdAt": key["created"], "expDate": key["ends"]}
        written = {name: date.astimezone(zone).isoformat() for name, date in dates.items()}
        return {"apiKey": key["key"], **written, "status": "Active"}

    def _control(self, path: str, body: bytes) -> Any:
        given, desk = json.loads(body or b"{}"), self.desk
        call = f"{self.command} {path.partition('/')[0]}"
        if call == "POST reset":
            desk.reset()
        elif call == "PUT clients":
            desk.matches[unquote(path.partition("/")[2])] = given["matches"]
        elif call == "PUT clock" and "now" in given:
            desk.offset = datetime.fromisoformat(given["now"]).timestamp() - time.time()
        elif call == "PUT clock":
            desk.offset += given["advance_seconds"]
        elif call == "POST cleanup":
            if desk.keys.pop(given["phone"], None) is None:
                raise _Refused(404, "No key")
        elif call == "PUT faults":
            desk.faults = [dict(each) for each in given]
        elif call == "GET keys" and "only-the-listed-control-calls" not in self.does:
            return {"keys": [{"phone": phone, "status": "Active"} for phone in desk.keys]}
        elif call != "GET health":
            raise _Refused(404, "No such call")
        return {"status": "ok", "now": desk.now().isoformat()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that give up."""


@contextmanager
def socket_server(*does: str) -> Iterator[str]:
    """Run it in a thread, with some of the variations, and give its address without a path."""
    kind = type("Handler", (_Handler,), {"desk": _Desk(), "does": frozenset(does)})
    server = _Server(("127.0.0.1", 0), kind)
    with running(server) as address:
        yield address
