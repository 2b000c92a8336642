"""What of a request and an answer may be shown.

Shown is what is known to be harmless, and nothing else: words of the document, dates, small numbers, headers
of a list. A key may come in any place, so looking for what is secret would always miss one. Whatever is not
shown becomes four asterisks and a mark; the same value has the same mark wherever it stands, so that one
can follow a key without reading it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from novapost_mock.messages import Headers

MASK = "****"
HIDDEN = "…"
"""Stands for a name that is not shown."""

MAX_DEPTH = 32
MAX_ITEMS = 100

# Headers whose name is shown, and those of them whose value is, if it reads like one.
_NAMED = frozenset(
    (
        *("authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key", "x-request-id"),
        *("x-forwarded-for", "forwarded", "referer", "from", "host", "origin", "location", "etag"),
    )
)
_SHOWN = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "allow", "cache-control", "connection", "date"),
        *("content-encoding", "content-length", "content-type", "expect", "prefer"),
        *("preference-applied", "retry-after", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
        *("vary", "www-authenticate"),
    )
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d))?", re.ASCII)
_WORD = re.compile(r"[^\W_]+")


class Mask:
    """Shows requests and answers without their secrets."""

    def __init__(self, words: frozenset[str], secret: bytes) -> None:
        """Prepare a mask.

        Args:
            words: the document's own names and enum values; they are shown as they are.
            secret: what the marks are made with. Without it a mark cannot be tried against all phones.
        """
        self._words = words
        self._secret = secret

    def text(self, value: str) -> str:
        """Return a text, masked unless it is a word of the document or a date."""
        if not value or value in self._words or _MOMENT.fullmatch(value):
            return value
        digest = hmac.digest(self._secret, value.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{MASK}{digest.hex()[:4]}"

    def method(self, method: str) -> str:
        """Return a method, if it is one."""
        return method if method in _METHODS else HIDDEN

    def path(self, path: str) -> str:
        """Return a path with every segment masked that the document does not have."""
        return "/".join(self.text(unquote(segment)) for segment in path.split("/"))

    def query(self, query: str) -> list[tuple[str, str]]:
        """Return the pairs of a query."""
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")[:MAX_ITEMS]
        return [(self._name(name), self._scalar(value)) for name, value in pairs]

    def headers(self, headers: Headers) -> list[tuple[str, str]]:
        """Return headers in their order."""
        return [self._header(name, value) for name, value in headers[:MAX_ITEMS]]

    def _header(self, name: str, value: str) -> tuple[str, str]:
        lower = name.lower()
        if lower in _SHOWN and is_harmless(value):
            return name, value
        shown = name if lower in _SHOWN or lower in _NAMED else HIDDEN
        return shown, self.text(value)

    def body(self, body: bytes, texts_are_ours: bool = False) -> Any:
        """Return a body as a JSON value, or as a text that tells its length if it is no JSON.

        Args:
            body: the bytes.
            texts_are_ours: whether the mock wrote its sentences, so that they may be shown.
        """
        if not body:
            return None
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return f"{HIDDEN} ({len(body)} bytes, not JSON)"
        return self._value(value, texts_are_ours, MAX_DEPTH)

    def _value(self, value: Any, ours: bool, depth: int) -> Any:
        if not depth:
            return HIDDEN
        if isinstance(value, dict):
            pairs = list(value.items())[:MAX_ITEMS]
            return self._object([(self._name(name), self._value(v, ours, depth - 1)) for name, v in pairs])
        if isinstance(value, list):
            return [self._value(each, ours, depth - 1) for each in value[:MAX_ITEMS]]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return value if ours and is_harmless(value) else self.text(value)
        return value if -10_000 < value < 10_000 and len(repr(value)) <= 8 else self.text(repr(value))

    @staticmethod
    def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # Names that are not shown would fall together.
        found: dict[str, Any] = {}
        for name, value in pairs:
            key, number = name, 1
            while key in found:
                number += 1
                key = f"{name}{number}"
            found[key] = value
        return found

    def _name(self, name: str) -> str:
        return name if not name or name in self._words else HIDDEN

    def _scalar(self, value: str) -> str:
        return value if value in ("true", "false") or re.fullmatch("[0-9]{1,4}", value) else self.text(value)


def is_harmless(text: str) -> bool:
    """Tell whether a text can hold neither a key nor a phone: short words, few digits.

    Keys have 16 digits or more, tokens are longer still, phones have eight digits or more.
    """
    if len(text) > 300 or not text.isascii() or not text.isprintable():
        return False
    words = _WORD.findall(text)
    if sum(character.isdigit() for character in text) > 7:
        return False
    return all(len(word) <= (20 if word.isalpha() else 10) for word in words)


def words_of(tree: Any) -> frozenset[str]:
    """Return the names that a document gives: path segments, parameters, properties, enum values.

    Examples are left out: an example of a key may be a key.
    """
    found: set[str] = set()
    pending: list[tuple[Any, str]] = [(tree, "")]
    while pending:
        node, place = pending.pop()
        if isinstance(node, Mapping):
            found |= _named_by(node, place)
            pending += [(v, str(k)) for k, v in node.items() if k not in ("example", "examples", "default")]
        elif isinstance(node, list):
            pending += [(each, place) for each in node]
    return frozenset(found)


def _named_by(node: Mapping[Any, Any], place: str) -> set[str]:
    if place == "properties":
        return {name for name in node if isinstance(name, str)}
    if place == "paths":
        return {word for path in node for word in str(path).split("/") if not word.startswith("{")}
    if place == "servers" and isinstance(node.get("url"), str):
        return set(node["url"].split("/"))
    if place == "parameters" and isinstance(node.get("name"), str):
        return {node["name"]}
    listed = node.get("enum")
    return {each for each in listed if isinstance(each, str)} if isinstance(listed, list) else set()
