"""Nova Post's API as an ASGI application: a book of events, from which each answer is worked out anew."""

import asyncio
import calendar
import hashlib
import json
import secrets
import string
from base64 import urlsafe_b64encode as b64
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, unquote
from zoneinfo import ZoneInfo

FACTORS = {
    "limit": ("", "strict"),
    "later day": ("", "repeats"),
    "zone": ("", "warsaw", "london"),
    "validity": ("", "366-days", "two-years-of-days"),
    "order": ("", "limit-first"),
    "type": ("", "types-overlooked"),
    "media range": ("", "json-suffix-taken"),
    "member twice": ("", "twice-is-wrong"),
    "unknown query": ("", "query-is-checked"),
    "two keys": ("", "joined-by-a-comma", "takes-the-last"),
    "odd key": ("", "shape-is-checked"),
    "OPTIONS": ("", "options-204", "cors"),
    "HEAD": ("", "no-head"),
    "slash": ("", "slash-redirects"),
    "dates": ("", "nine-thirty", "six-digits"),
    "midnight": ("", "ends-at-999999"),
    "key": ("", "digits-only", "letters-only", "signed"),
    "token": ("", "es256", "exp-with-fraction", "one-token-a-key"),
    "texts": ("", "vendor", "long", "json-inside"),
    "named": ("", "several-names"),
    "body": ("", "spaced", "escaped"),
    "control": ("", "no-keys", "keys-as-list", "no-faults"),
    "prefer": ("", "no-prefer", "prefer-applied"),
}
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_TEXTS = {
    404: "Error: Client not found.",
    409: "Error: multiple matching clients found.",
    429: "Daily limit reached!",
}


class Answer(Exception):
    """What is said, raised from wherever it is known."""

    def __init__(self, status: int, body: Any = None, *headers: tuple[str, str]) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


@dataclass
class Person:
    """A phone with all that happened to it."""

    count: int = 0
    key: str = ""
    created: datetime | None = None
    issues: list[date] = field(default_factory=list)
    answers: list[date] = field(default_factory=list)


class Application:
    """The API and its control calls."""

    def __init__(self, *does: str) -> None:
        self.does = frozenset(does)
        self.zone = ZoneInfo(
            {"warsaw": "Europe/Warsaw", "london": "Europe/London"}.get(
                next(iter(self.does & {"warsaw", "london"}), ""), "UTC"
            )
        )
        self.secret = secrets.token_bytes(32)
        self.gate = asyncio.Lock()
        self.forget()

    def forget(self) -> None:
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, str] = {}
        self.ahead = timedelta()
        self.armed: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        content, more = b"", True
        while more:
            message = await receive()
            content, more = content + message.get("body", b""), message.get("more_body", False)
            if len(content) > 50_000:
                await self._send(scope, send, Answer(413, self._error(413), ("connection", "close")))
                return
        headers = MappingProxyType({n.decode().lower(): v.decode("latin-1") for n, v in scope["headers"]})
        async with self.gate:
            try:
                self._route(scope, headers, content)
                raise AssertionError("no answer")
            except Answer as answer:
                said = answer
        await asyncio.sleep(0)
        await self._send(scope, send, said)

    async def _send(self, scope: Scope, send: Send, said: Answer) -> None:
        options: dict[str, Any] = {"ensure_ascii": "escaped" in self.does}
        options["separators"] = (", ", ": ") if "spaced" in self.does else (",", ":")
        body = b"" if said.body is None else json.dumps(said.body, **options).encode()
        headers = [(b"content-type", b"application/json")] if body else []
        headers += [(n.encode(), v.encode()) for n, v in said.headers]
        await send({"type": "http.response.start", "status": said.status, "headers": headers})
        parts = [body] if len(body) < 40 else [body[:7], body[7:30], body[30:]]
        for part in [] if scope["method"] == "HEAD" else parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _error(self, status: int) -> dict[str, Any]:
        text = "That went wrong"
        if "vendor" in self.does:
            text = _TEXTS.get(status, text)
        elif "long" in self.does:
            text = f"{text}: " + "please read the documents carefully and try again. " * 12
        elif "json-inside" in self.does:
            text = '{"code": 17, "text": "that went \\"wrong\\""}'
        if status not in (401, 422, 503):
            return {"errors": [text], "success": False}
        return {
            "errors": {"clients/authorization": text, "trace": "4f2a"}
            if "several-names" in self.does
            else {"": text}
        }

    def _refuse(self, status: int, *headers: tuple[str, str]) -> Answer:
        return Answer(status, self._error(status), *headers)

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def _route(self, scope: Scope, headers: MappingProxyType[str, str], content: bytes) -> None:
        method, path = scope["method"], scope["path"]
        if path.startswith("/__mock__/"):
            self._control(method, path.split("/", 3)[2], path.split("/", 3)[3:], json.loads(content or b"{}"))
        match path:
            case "/v.1.0/test-api-keys":
                self._method(method, "POST")
                self._wished("createTestApiKey", headers)
                self._ask(headers.get("content-type", "application/json"), scope["query_string"], content)
            case "/v.1.0/clients/authorization":
                self._method(method, "GET")
                self._wished("authorizeClient", headers)
                self._buy(scope["query_string"].decode("latin-1"))
            case "/v.1.0/test-api-keys/" | "/v.1.0/clients/authorization/" if "slash-redirects" in self.does:
                raise Answer(308, None, ("location", path[:-1]))
        raise self._refuse(404)

    def _method(self, method: str, own: str) -> None:
        allowed = [own] if own == "POST" or "no-head" in self.does else [own, "HEAD"]
        if method == "OPTIONS" and self.does & {"options-204", "cors"}:
            cors = (("access-control-allow-origin", "*"), ("access-control-allow-methods", own))
            raise Answer(
                204, None, ("allow", ", ".join([*allowed, "OPTIONS"])), *(cors if "cors" in self.does else ())
            )
        if method not in allowed:
            raise self._refuse(405, ("allow", ", ".join(allowed)))

    def _wished(self, operation: str, headers: MappingProxyType[str, str]) -> None:
        for part in headers.get("prefer", "").split(","):
            name, _, value = part.partition("=")
            if name.strip() == "code" and value.strip()[:1] in ("4", "5") and "no-prefer" not in self.does:
                applied = (
                    [("preference-applied", f"code={value.strip()}")] if "prefer-applied" in self.does else []
                )
                raise self._refuse(int(value), *applied)
        for number, each in enumerate(self.armed):
            if each["operation"] == operation:
                raise self._refuse(self.armed.pop(number)["status"])

    def _ask(self, kind: str, query: bytes, content: bytes) -> None:
        if query and "query-is-checked" in self.does:
            raise self._refuse(400)
        media = kind.lower().replace(" ", "").split(";")[0]
        suffix = "json-suffix-taken" in self.does and media.endswith("+json")
        if media != "application/json" and not suffix and "types-overlooked" not in self.does:
            raise self._refuse(415)
        try:
            pairs = json.loads(content.decode(), object_pairs_hook=_Pairs, parse_constant=_wrong)
        except (ValueError, RecursionError):
            raise self._refuse(400) from None
        if not isinstance(pairs, _Pairs) or not pairs or any(name != "phone" for name, _ in pairs):
            raise self._refuse(400)
        if len(pairs) > 1 and "twice-is-wrong" in self.does:
            raise self._refuse(400)
        phone = pairs[-1][1]
        if not isinstance(phone, str) or not (
            8 <= len(phone) <= 15 and set(phone) <= set(string.digits) and phone[0] != "0"
        ):
            raise self._refuse(400)
        if phone.startswith("380"):
            raise self._refuse(400)
        raise Answer(200, self._given(phone, self.people.setdefault(phone, Person())))

    def _given(self, phone: str, person: Person) -> dict[str, str]:
        now = self._now()
        today = now.astimezone(self.zone).date()
        limited = (
            today in person.answers if "strict" in self.does else today in person.issues and not person.key
        )
        wrong = [404] * (person.count == 0) + [409] * (person.count > 1)
        wrong = [429] * limited + wrong if "limit-first" in self.does else wrong + [429] * limited
        if wrong:
            raise self._refuse(wrong[0])
        if not person.key:
            person.key, person.created = self._new_key(phone, now), now
            person.issues.append(today)
        elif now > self._end(person) or ("repeats" not in self.does and person.issues[-1] != today):
            person.issues.append(today)
        person.answers.append(today)
        assert person.created is not None
        return {
            "status": "Active",
            "expDate": self._shown(self._end(person)),
            "createdAt": self._shown(person.created),
            "apiKey": person.key,
        }

    def _end(self, person: Person) -> datetime:
        day = person.issues[-1]
        if "366-days" in self.does:
            day += timedelta(days=366)
        elif "two-years-of-days" in self.does:
            day += timedelta(days=730)
        else:
            last = calendar.monthrange(day.year + 1, day.month)[1]
            day = date(day.year + 1, day.month, min(day.day, last))
        second = time(23, 59, 59, 999_999 if "ends-at-999999" in self.does else 0)
        return datetime.combine(day, second, self.zone).astimezone(UTC)

    def _shown(self, moment: datetime) -> str:
        if "nine-thirty" in self.does:
            return (moment + timedelta(hours=9, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S.%f+09:30")
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if "six-digits" in self.does else moment.isoformat()

    def _new_key(self, phone: str, now: datetime) -> str:
        if "digits-only" in self.does:
            return "".join(secrets.choice(string.digits) for _ in range(36))
        if "letters-only" in self.does:
            return "".join(secrets.choice(string.ascii_letters) for _ in range(28))
        if "signed" in self.does:
            return hashlib.blake2b(f"{phone}{now}".encode(), key=self.secret, digest_size=20).hexdigest()
        return secrets.token_hex(20)

    def _buy(self, query: str) -> None:
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
        if "query-is-checked" in self.does and any(name != "apiKey" for name, _ in pairs):
            raise self._refuse(422)
        keys = [value for name, value in pairs if name == "apiKey"]
        if len(keys) > 1 and "takes-the-last" in self.does:
            keys = keys[-1:]
        key = ",".join(keys) if "joined-by-a-comma" in self.does else (keys[0] if len(keys) == 1 else "")
        if not key or ("shape-is-checked" in self.does and not (key.isascii() and key.isalnum())):
            raise self._refuse(422)
        now = self._now()
        owner = next((p for p in self.people.values() if p.key == key), None)
        if owner is None or now > self._end(owner):
            raise self._refuse(401)
        raise Answer(200, {"jwt": self._token(key, now)})

    def _token(self, key: str, now: datetime) -> str:
        begun: float = now.timestamp() if "exp-with-fraction" in self.does else int(now.timestamp())
        claims: dict[str, Any] = {"iat": begun, "exp": begun + 3600, "client": secrets.token_hex(6)}
        kept = self.tokens.get(key)
        if kept and "one-token-a-key" in self.does and kept.endswith(f"|{int(now.timestamp())}"):
            return kept.partition("|")[0]
        parts = [
            json.dumps({"typ": "JWT", "alg": "ES256" if "es256" in self.does else "HS512"}),
            json.dumps(claims),
        ]
        jwt = ".".join(
            b64(each).decode().strip("=") for each in (*map(str.encode, parts), secrets.token_bytes(48))
        )
        self.tokens[key] = f"{jwt}|{int(now.timestamp())}"
        return jwt

    def _control(self, method: str, call: str, rest: list[str], given: Any) -> None:
        if (method, call) == ("POST", "reset"):
            self.forget()
        elif (method, call) == ("PUT", "clients"):
            self.people.setdefault(unquote(rest[0]), Person()).count = given["matches"]
        elif (method, call) == ("PUT", "clock") and "now" in given:
            self.ahead = datetime.fromisoformat(given["now"]) - datetime.now(UTC)
        elif (method, call) == ("PUT", "clock"):
            self.ahead += timedelta(seconds=given["advance_seconds"])
        elif (method, call) == ("POST", "cleanup"):
            person = self.people.get(given["phone"], Person())
            if not person.key:
                raise self._refuse(404)
            person.key = ""
        elif (method, call) == ("PUT", "faults") and "no-faults" not in self.does:
            self.armed = list(given)
        elif (method, call) == ("GET", "keys") and "no-keys" not in self.does:
            keys = list(self._listed())
            raise Answer(200, keys if "keys-as-list" in self.does else {"keys": keys})
        elif (method, call) != ("GET", "health"):
            raise self._refuse(501)
        raise Answer(200, {"status": "ok", "now": self._now().isoformat()})

    def _listed(self) -> Iterator[dict[str, str]]:
        for phone, person in self.people.items():
            if person.key:
                yield {"phone": phone, "status": "Expired" if self._now() > self._end(person) else "Active"}


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with its members in their order."""


def _wrong(name: str) -> None:
    raise ValueError(name)
