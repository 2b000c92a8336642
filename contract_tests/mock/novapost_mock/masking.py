"""Redact secrets from requests and responses before they are displayed.

Names are shown, for they are what a reader looks for when a parameter is not understood. Of values those are
hidden that somebody calls secret: credentials by the document's security schemes, passwords, and whatever has
a name such as `token`. Where rules give out keys for phones that is not enough: a key may come in any place,
so there a value is shown only if it can be neither a key nor a phone. Whatever is not shown becomes four
asterisks and a mark; the same value has the same mark wherever it stands, so that one can follow a key
without reading it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from novapost_mock.messages import Headers

MASK = "****"
HIDDEN = "…"
"""Stands for a name that is not shown."""

MAX_DEPTH = 32
MAX_ITEMS = 100

MAX_SHOWN = 2_000
"""Characters of a value that are shown."""

_SECRET_NAME = re.compile(
    r"authori[sz]ation$|cookie$|passw|passphrase|secret|token|api[-_]?key|credential|session|jwt|signature"
    r"|(?:^|[-_])(?:key|pin|cvv|cvc|iban|otp)$",
    re.IGNORECASE,
)
# Headers that the mock reads itself, and whose values say nothing of anybody if they read like such a value.
_SHOWN = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "allow", "cache-control", "connection", "date"),
        *("content-encoding", "content-length", "content-type", "expect", "prefer"),
        *("preference-applied", "retry-after", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
        *("vary", "www-authenticate"),
    )
)
_HERE = re.compile(
    r"(?:https?://)?(?:localhost|[a-z0-9-]{1,20}|\[::1\]|[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]{1,5})?/?",
    re.ASCII | re.IGNORECASE,
)
"""A machine nearby, as Host and Origin name it."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d))?", re.ASCII)
_WORD = re.compile(r"[^\W_]+")

_INNER = (dict, list)
_GIVEN = ("example", "examples", "default")


@dataclass(frozen=True)
class Vocabulary:
    """What a document says of names and values.

    Attributes:
        words: its own names and enum values; they are shown as they are.
        secrets: names of what it calls secret, in lower case.
        is_open: whether all other values may be shown; else only those that can be no key and no phone.
    """

    words: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    is_open: bool = False


class Mask:
    """Shows requests and answers without their secrets."""

    def __init__(self, vocabulary: Vocabulary, secret: bytes) -> None:
        """Prepare a mask.

        Args:
            vocabulary: what the document says of names and values.
            secret: what the marks are made with. Without it a mark cannot be tried against all phones.
        """
        self._words = vocabulary.words
        self._secrets = vocabulary.secrets
        self._is_open = vocabulary.is_open
        self._secret = secret

    def text(self, value: str, name: str = "") -> str:
        """Return a text, masked if its name calls it secret, or if it may be a secret of the rules."""
        if not value:
            return value
        if not self._is_secret(name):
            if value in self._words or _MOMENT.fullmatch(value):
                return value
            if is_harmless(value) or (self._is_open and value.isprintable()):
                return value if len(value) <= MAX_SHOWN else value[:MAX_SHOWN] + HIDDEN
        digest = hmac.digest(self._secret, value.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{MASK}{digest.hex()[:4]}"

    def _is_secret(self, name: str) -> bool:
        return bool(name) and (name.lower() in self._secrets or _SECRET_NAME.search(name) is not None)

    def method(self, method: str) -> str:
        """Return a method, if it is one."""
        return method if method in _METHODS else HIDDEN

    def path(self, path: str) -> str:
        """Return a path with every segment masked that the document does not have."""
        return "/".join(self.text(unquote(segment)) for segment in path.split("/"))

    def query(self, query: str) -> list[tuple[str, str]]:
        """Return the pairs of a query."""
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")[:MAX_ITEMS]
        return [(self._name(name), self._scalar(value, name)) for name, value in pairs]

    def headers(self, headers: Headers) -> list[tuple[str, str]]:
        """Return headers in their order."""
        return [(self._name(name), self._header(name, value)) for name, value in headers[:MAX_ITEMS]]

    def _header(self, name: str, value: str) -> str:
        lower = name.lower()
        if lower in _SHOWN and is_harmless(value):
            return value
        if lower in ("host", "origin", "referer") and _HERE.fullmatch(value):
            return value
        return self.text(value, name)

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
        return self._value(value, texts_are_ours, MAX_DEPTH, "")

    def _value(self, value: Any, ours: bool, depth: int, name: str) -> Any:
        if not depth:
            return HIDDEN
        if isinstance(value, dict):
            pairs = list(value.items())[:MAX_ITEMS]
            # What stands below a secret name is secret with it.
            below = name if self._is_secret(name) else ""
            return self._object(
                [(self._name(n), self._value(v, ours, depth - 1, below or n)) for n, v in pairs]
            )
        if isinstance(value, list):
            return [self._value(each, ours, depth - 1, name) for each in value[:MAX_ITEMS]]
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return value if ours and is_harmless(value) else self.text(value, name)
        is_small = -10_000 < value < 10_000 and len(repr(value)) <= 8
        is_shown = not self._is_secret(name) and (is_small or self._is_open)
        return value if is_shown else self.text(repr(value), name or "secret")

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
        is_shown = (
            not name or name in self._words or is_harmless(name) or (self._is_open and name.isprintable())
        )
        return name[:MAX_SHOWN] if is_shown else HIDDEN

    def _scalar(self, value: str, name: str) -> str:
        return value if re.fullmatch("true|false", value) else self.text(value, name)


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


def vocabulary_of(tree: Any, is_open: bool) -> Vocabulary:
    """Return what a document says of names and values.

    Args:
        tree: the document.
        is_open: see `Vocabulary`.
    """
    return Vocabulary(words_of(tree), _secrets_of(tree), is_open)


def _secrets_of(tree: Any) -> frozenset[str]:
    """Return the names of credentials and passwords."""
    found: set[str] = set()
    pending: list[tuple[Any, str]] = [(tree, "")]
    while pending:
        node, place = pending.pop()
        if isinstance(node, Mapping):
            if place == "securitySchemes":
                named = (each.get("name") for each in node.values() if isinstance(each, Mapping))
                found |= {name.lower() for name in named if isinstance(name, str)}
            elif place == "properties":
                found |= {
                    str(name).lower()
                    for name, each in node.items()
                    if isinstance(each, Mapping) and each.get("format") == "password"
                }
            pending += [(value, str(name)) for name, value in node.items() if isinstance(value, _INNER)]
        elif isinstance(node, list):
            pending += [(each, place) for each in node if isinstance(each, _INNER)]
    return frozenset(found)


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
            pending += [(v, str(k)) for k, v in node.items() if isinstance(v, _INNER) and k not in _GIVEN]
        elif isinstance(node, list):
            pending += [(each, place) for each in node if isinstance(each, _INNER)]
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
