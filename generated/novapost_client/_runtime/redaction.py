# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Keeping keys, tokens and phones out of whatever is printed or logged.

Two ways of knowing a secret: by the name of what holds it (`looks_secret`), and by its shape (`redact`).
"""

import functools
import logging
import os
import re
import urllib.parse
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Generic, TypeVar, cast

MASK = "***"

T = TypeVar("T")

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET_WORDS = frozenset(
    (
        *("apikey", "authorization", "bearer", "cookie", "credential", "credentials", "jwt", "key", "keys"),
        *("mobile", "msisdn", "passwd", "password", "phone", "phones", "pin", "secret", "secrets"),
        *("session", "signature", "token", "tokens"),
        # Written as one word of small letters, where nothing tells the words apart.
        *("accesstoken", "authtoken", "clientsecret", "passphrase", "phonenumber", "privatekey"),
        *("refreshtoken", "secretkey", "telephone"),
    )
)
_SHAPES = re.compile(
    r"eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*"  # a JSON Web Token, RFC 7519
    r"|\b[0-9a-fA-F]{24,}\b"  # keys: published examples have 32 and 40 hexadecimal digits
    r"|\+?[0-9]{8,}"  # phones: ITU-T E.164 has at most 15 digits, eight is the shortest in use
    r"|\+[0-9](?:[ ().-]{0,2}[0-9]){6,}"  # as people write them; without the plus a date would look like one
)
# What is shorter stands in every second word.
_SHORTEST = 4
_SALT = os.urandom(16)
_QUERY_VALUE = re.compile(r"(?<=[?&])([^=&#\s]+)=([^&#\s]*)")


@functools.lru_cache(maxsize=256)
def looks_secret(name: str) -> bool:
    """Return whether a field, parameter or header of this name holds what nobody should read."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return not _SECRET_WORDS.isdisjoint(words)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Replace `secrets`, and whatever has the shape of a key, a token or a phone, by `***`."""
    return _SHAPES.sub(MASK, without(text, secrets))


def without(text: str, secrets: Iterable[str]) -> str:
    """Replace each of `secrets` by `***`; those of less than four characters are left."""
    # The longest first: one secret may be the beginning of another.
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, MASK)
    return text


def masked_address(address: str, secrets: Iterable[str] = ()) -> str:
    """Mask `secrets` in an address, encoded or not, and the values of secret names.

    Two secrets have two masks, `***-` and eight digits that are drawn anew in each process: whoever goes by
    the text of an address, as a cache does, must not take one for the other.
    """
    known = {secret for secret in secrets if len(secret) >= _SHORTEST}
    known |= {urllib.parse.quote(one, safe="") for one in known if not (one.isascii() and one.isalnum())}
    shown = _QUERY_VALUE.sub(_masked_value, address) if "?" in address else address
    for secret in sorted(known, key=len, reverse=True):
        if secret in shown:
            shown = shown.replace(secret, _mask_of(secret))
    return shown


def _masked_value(match: re.Match[str]) -> str:
    name, value = match.groups()
    return f"{name}={_mask_of(value)}" if looks_secret(urllib.parse.unquote(name)) else match.group(0)


def _mask_of(secret: str) -> str:
    # Loaded here, because it takes a tenth of what `import` of the package costs; httpx has it by then.
    import hashlib

    # Keyed, so that nobody finds a phone by trying all of them.
    digest = hashlib.blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=4, key=_SALT)
    return f"{MASK}-{digest.hexdigest()}"


def one_line(text: str, limit: int = 300) -> str:
    """Write a stranger's text as one printable line, so that no line break forges a line of a log."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * limit]).split())
    return text if len(text) <= limit else f"{text[:limit]}..."


class Hidden(Generic[T]):
    """A value that does not show itself when printed, for the local variables of a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the value."""
        return self._value

    def __repr__(self) -> str:
        return f"<{MASK}>"

    def __reduce__(self) -> str:
        raise TypeError("a hidden value is not pickled")


def revealed(value: T | Hidden[T]) -> T:
    """Return a value, hidden or not."""
    if isinstance(value, Hidden):
        return cast("Hidden[T]", value).reveal()
    return value


# True while a call of ours runs in this thread or task.
_OUR_CALL: ContextVar[bool] = ContextVar("our_call", default=False)


class own_call:  # noqa: N801 - reads as what it does: `with own_call():`
    """While the block runs, the log lines of httpx and httpcore in this thread or task are masked."""

    __slots__ = ("_token",)

    def __enter__(self) -> None:
        self._token = _OUR_CALL.set(True)

    def __exit__(self, *ignored: object) -> None:
        _OUR_CALL.reset(self._token)


class QuietAddresses(logging.Filter):
    """Masks secrets in the log lines that httpx and httpcore write for our calls, and leaves all others.

    httpx logs whole addresses at INFO, httpcore an answer's headers at DEBUG. A filter on their loggers
    changes what is written, not what is sent; of an address without a query only what has the shape of a
    secret is masked.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask in place; every record passes."""
        if not _OUR_CALL.get():
            return True
        if isinstance(record.args, tuple):
            record.args = tuple(_quiet(argument) for argument in record.args)
        if isinstance(record.msg, str) and not record.args:
            record.msg = redact(record.msg)
        return True


def _quiet(argument: object) -> object:
    if argument is None or isinstance(argument, (int, float)):
        return argument
    return redact(_QUERY_VALUE.sub(rf"\1={MASK}", str(argument)))


_QUIET = QuietAddresses()
# A filter holds for its own logger only, not for those below it.
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))


def quiet_httpx() -> None:
    """Put the filter on the loggers of httpx and httpcore; a second time does nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_QUIET)
