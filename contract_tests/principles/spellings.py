"""The spellings of one request, and additions to which HTTP gives no meaning.

Each is a small function of a request and of a source of chance; it returns None where it does not apply. They
can be composed. RFC 9110 and RFC 9112 say that a server sees no difference, RFC 8259 says it for the body.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from contract_tests.principles.raw_request import RawRequest

Spelling = Callable[[RawRequest, random.Random], RawRequest | None]


def header_names_in_lower_case(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Change the case of header names: they have none (RFC 9110, section 5.1)."""
    return replace(request, headers=tuple((name.lower(), value) for name, value in request.headers))


def header_names_in_upper_case(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Change the case of header names: they have none (RFC 9110, section 5.1)."""
    return replace(request, headers=tuple((name.upper(), value) for name, value in request.headers))


def header_order(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Reorder headers with different names: their order means nothing (RFC 9110, section 5.3)."""
    return replace(request, headers=tuple(chance.sample(request.headers, len(request.headers))))


def header_white_space(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Add white space around a header's value: it is no part of it (RFC 9112, section 5.1)."""
    return replace(request, headers=tuple((name, f"  {value}\t ") for name, value in request.headers))


def media_type_case(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Change the case of the media type: it has none (RFC 9110, section 8.3.1)."""
    media_type = request.header("content-type")
    if not media_type or not request.body:
        return None
    name, mark, rest = media_type.partition(";")
    kind = chance.choice([name.title(), name.upper(), name.swapcase()])
    return request.with_header("Content-Type", f"{kind}{mark}{rest}")


def media_type_charset(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Name UTF-8, as many clients do: JSON is UTF-8, so the name changes nothing (RFC 8259, section 8.1)."""
    if not _is_json(request):
        return None
    kinds = (";charset=UTF-8", "; charset=utf-8", '; charset="utf-8"', "; Charset=UTF-8")
    return request.with_header("Content-Type", f"application/json{chance.choice(kinds)}")


def body_in_chunks(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Send the body in chunks instead of with its length (RFC 9112, section 7.1)."""
    if not request.body or request.version == "1.0":
        return None
    sizes = chance.choice([(len(request.body),), (1,), (7, 3), (16,)])
    return replace(request, chunks=sizes)


def segments(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Send the request in pieces: TCP is a stream, so the place of a cut means nothing."""
    return replace(request, segments=chance.choice([2, 3, 9]))


def http_1_0(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Send the request in an older minor version of HTTP (RFC 9110, section 2.5)."""
    return None if request.chunks else replace(request, version="1.0")


def accept_forms(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Vary Accept among values that all take JSON (RFC 9110, section 12.5.1)."""
    forms = ("*/*", "application/json", "application/*;q=0.8, text/html;q=0.1", "APPLICATION/JSON, */*;q=0.5")
    return request.with_header("Accept", chance.choice(forms))


def without_accept(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Leave out an Accept that takes everything: its absence says the same (RFC 9110, section 12.5.1)."""
    return request.without_header("Accept") if request.header("accept") == "*/*" else None


def without_user_agent(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Leave out User-Agent: a client need not say which program it is (RFC 9110, section 10.1.5)."""
    return request.without_header("User-Agent") if request.header("user-agent") is not None else None


def accept_encoding_forms(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Vary Accept-Encoding among values that all take content as it is (RFC 9110, section 12.5.3)."""
    forms = ("identity", "gzip;q=0", "identity;q=1, *;q=0", "gzip;q=0, deflate;q=0.0, br;q=0.000")
    return request.with_header("Accept-Encoding", chance.choice(forms))


def query_escapes(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Percent-encode letters of the values: both forms are the same (RFC 3986, section 2.3)."""
    return _with_query(request, lambda name, value: (quote(name, safe=""), _escape(value, chance)))


def query_name_escapes(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Percent-encode letters of the names alone: who looks only for a written name overlooks them."""
    return _with_query(request, lambda name, value: (_escape(name, chance), quote(value, safe="")))


def _with_query(request: RawRequest, written: Callable[[str, str], tuple[str, str]]) -> RawRequest | None:
    parts = urlsplit(request.url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not pairs or "%" in parts.query:
        return None
    query = "&".join("=".join(written(name, value)) for name, value in pairs)
    return replace(request, url=urlunsplit(parts._replace(query=query)))


def json_white_space(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Add white space between the tokens of JSON: it means nothing (RFC 8259, section 2)."""
    if not _is_json(request):
        return None
    gap = chance.choice(["\n", " \t", "\r\n  "])
    text = json.dumps(json.loads(request.body), indent=chance.choice([1, 3]), ensure_ascii=False)
    return replace(request, body=f"{gap}{text}{gap}".encode())


def json_escapes(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Escape a character in JSON: both forms are the same (RFC 8259, section 7)."""
    if not _is_json(request):
        return None
    return replace(request, body=_escaped(json.loads(request.body), chance).encode("ascii"))


def json_member_order(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Reorder the members of an object: they have no order (RFC 8259, section 4)."""
    body = json.loads(request.body) if _is_json(request) else None
    if not isinstance(body, dict) or len(body) < 2:
        return None
    return replace(request, body=json.dumps(dict(chance.sample(list(body.items()), len(body)))).encode())


SPELLINGS: tuple[Spelling, ...] = (
    header_names_in_lower_case,
    header_names_in_upper_case,
    header_order,
    header_white_space,
    media_type_case,
    media_type_charset,
    body_in_chunks,
    segments,
    http_1_0,
    accept_forms,
    without_accept,
    without_user_agent,
    accept_encoding_forms,
    query_escapes,
    query_name_escapes,
    json_white_space,
    json_escapes,
    json_member_order,
)
# Statuses that say "I don't take this form", which RFC 9110 leaves to the server, by spelling.
MAY_REFUSE: Mapping[str, frozenset[int]] = {
    "body_in_chunks": frozenset({411, 501}),
    "http_1_0": frozenset({426, 505}),
    "body_of_get": frozenset({400, 413, 415}),
    "unknown_query": frozenset({400, 422}),
}


def method_override(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Add a header that names another method: no header of HTTP changes the method."""
    names = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
    other = "GET" if request.method != "GET" else "DELETE"
    for name in names:
        request = request.with_header(name, other)
    return request


def cookie(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Add a cookie that the server never set: it names nobody."""
    return request.with_header("Cookie", "session=0123456789abcdef; id=1; admin=true")


def foreign_headers(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Add headers of proxies and tracers: they are not addressed to the operation."""
    for name, value in (
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Host", "localhost"),
        ("X-Real-Ip", "127.0.0.1"),
        ("X-Request-Id", "7"),
        ("X-Original-Url", "/admin"),
        ("X-Debug", "1"),
        ("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ):
        request = request.with_header(name, value)
    return request


def many_headers(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Add headers, as proxies on the way do; a hundred are usual, and so many are few."""
    for number in range(40):
        request = request.with_header(f"X-Proxy-{number}", f"{number}")
    return request


# What programs are used to look for: who adds one must not thereby get another answer.
UNKNOWN_NAMES = ("_", "debug", "admin", "callback", "jsonp", "format", "pretty", "fields", "_method")


def unknown_query(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Add an undocumented parameter, even under the name of a member of the body: it means nothing."""
    parts = urlsplit(request.url)
    values = dict.fromkeys(UNKNOWN_NAMES, "1")
    body = json.loads(request.body) if _is_json(request) else None
    if isinstance(body, dict):
        values |= {name: _another(value) for name, value in body.items()}
    taken = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = "&".join(f"{quote(name)}={quote(value)}" for name, value in values.items() if name not in taken)
    query = f"{parts.query}&{added}" if parts.query else added
    return replace(request, url=urlunsplit(parts._replace(query=query)))


def _another(value: object) -> str:
    """Return a text that fits where a value does: what takes it for the value gives another answer."""
    text = value if isinstance(value, str) else ""
    last = {"9": "8", "z": "y", "Z": "Y"}.get(text[-1:]) or chr(ord(text[-1:] or "0") + 1)
    return text[:-1] + last if text and text[-1].isalnum() and text.isascii() else "1"


def body_of_get(request: RawRequest, chance: random.Random) -> RawRequest | None:
    """Send a GET with content, which has no meaning (RFC 9110, section 9.3.1)."""
    if request.method != "GET" or request.body:
        return None
    pairs = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    body = json.dumps(dict.fromkeys(pairs, "1") or {"a": 1}).encode()
    return replace(request, body=body).with_header("Content-Type", "application/json")


ADDITIONS: tuple[Spelling, ...] = (
    method_override,
    cookie,
    foreign_headers,
    many_headers,
    unknown_query,
    body_of_get,
)


def spelled(request: RawRequest, how: Spelling, chance: random.Random) -> RawRequest | None:
    """Return a request in another spelling, which notes its name; None where that does not apply."""
    other = how(request, chance)
    return None if other is None else replace(other, spelled=(*request.spelled, how.__name__))


def composed(request: RawRequest, hows: tuple[Spelling, ...], chance: random.Random) -> RawRequest:
    """Return a request in several spellings at once; those that do not apply are left out."""
    for how in hows:
        request = spelled(request, how, chance) or request
    return request


def _is_json(request: RawRequest) -> bool:
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        return False
    try:
        json.loads(request.body)
    except (ValueError, RecursionError):
        return False
    return True


def _escape(text: str, chance: random.Random) -> str:
    """Escape about every other letter and digit, the first one always, in capital digits or small ones."""
    form = chance.choice(["%{:02X}", "%{:02x}"])
    return "".join(
        form.format(ord(c))
        if c.isascii() and c.isalnum() and (not at or chance.random() < 0.5)
        else quote(c, safe="")
        for at, c in enumerate(text)
    )


def _escaped(value: object, chance: random.Random) -> str:
    """Write a value as JSON in which every other letter is escaped."""
    if isinstance(value, str):
        units = value.encode("utf-16-be", "surrogatepass")
        codes = [int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2)]
        return '"' + "".join(_unit(code, chance) for code in codes) + '"'
    if isinstance(value, dict):
        members = (f"{_escaped(name, chance)}:{_escaped(each, chance)}" for name, each in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_escaped(each, chance) for each in value) + "]"
    return json.dumps(value)


def _unit(code: int, chance: random.Random) -> str:
    if 32 <= code < 127 and chr(code) not in '"\\' and chance.random() < 0.5:
        return chr(code)
    return f"\\u{code:04x}"
