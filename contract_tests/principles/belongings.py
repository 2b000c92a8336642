"""Secrets and names of clients that a run knows, with their owners, and where an answer shows one to another.

An index of n-grams, and no list of special cases: a piece of a secret that is long enough not to be chance
is found wherever it stands in an answer, plain, percent-encoded, escaped in JSON, in base64 or in hexadecimal
digits.
"""

import base64
import binascii
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import unquote

from contract_tests.target.exchange import Received

# A piece of so many characters counts; of random hexadecimal digits one is met by chance in 2 ** 48 places.
PIECE = 12
# Of a secret every so many places are indexed: a piece of PIECE + _STEP - 1 characters is always found.
_STEP = 3
_SHORTEST = 16
_RUN = re.compile(rf"[0-9A-Za-z_+/=.~-]{{{PIECE},}}")
_BASE64 = re.compile(r"[0-9A-Za-z_+/-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){10,}")
_NAME = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ ()./-]{0,2}[0-9]){6,18}(?![0-9A-Za-z])")
_SEPARATORS = re.compile(r"[ ()./-]")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LARGEST = 200_000
# So many secrets are known at most, those that were given last. A usual run is given two thousand.
MOST = 5_000
_OF_ADDRESSES = ("location", "content-location", "link")


class Belongings:
    """The secrets and names of all clients of a run. Safe to use from several threads."""

    def __init__(self) -> None:
        self._pieces: dict[str, str | None] = {}
        self._owners: dict[str, tuple[str, int]] = {}
        self._epoch = 0
        self._names: set[str] = set()
        self._lock = threading.Lock()

    def owner(self, secret: str) -> str | None:
        """Return whose secret it is; None for one that nobody was given."""
        return self._owners.get(secret, (None, 0))[0]

    def begin(self) -> None:
        """Note that the target went back to its start, and may make the same keys again."""
        self._epoch += 1

    def give(self, secret: str, owner: str) -> str | None:
        """Note that a client was given a secret.

        Returns:
            The other client that was given the same secret before, or None.
        """
        if len(secret) < _SHORTEST:
            return None
        with self._lock:
            before, epoch = self._owners.get(secret, (owner, self._epoch))
            if before != owner and epoch == self._epoch:
                return before
            # To the end of the dictionary: what is given again and again is not forgotten.
            self._owners.pop(secret, None)
            self._owners[secret] = owner, self._epoch
            if len(self._owners) > MOST:
                self._forget(next(iter(self._owners)))
            is_anew = epoch != self._epoch
            for piece in _indexed(secret):
                # What two clients have in common tells nothing of either.
                known = owner if is_anew else self._pieces.get(piece, owner)
                self._pieces[piece] = owner
                if known != owner:
                    self._pieces[piece] = None
        return None

    def _forget(self, secret: str) -> None:
        owner, _ = self._owners.pop(secret)
        for piece in _indexed(secret):
            # What several clients have in common stays known as that.
            if self._pieces.get(piece) == owner:
                del self._pieces[piece]

    def name(self, name: str) -> None:
        """Note a number by which a client is known, such as that of a telephone."""
        # Eight digits that are a date stand in many answers.
        is_date = len(name) == 8 and name[:2] in ("19", "20")
        if name.isascii() and name.isdigit() and len(name) >= 8 and not is_date:
            with self._lock:
                self._names.add(name)

    def shown(self, received: Received, owner: str | None, own_name: str | None) -> Iterator[str]:
        """Yield the places where an answer shows something of others, without values.

        Args:
            received: the answer.
            owner: the client that asked; None for one that nobody knows.
            own_name: the number that the request itself named.
        """
        for place, text in _texts(received):
            for kind in self._in(text, owner, own_name):
                yield f"{kind} stands in {place}"
                break

    def shows_own(self, received: Received, owner: str) -> str:
        """Return the place where an answer shows a secret of the client that asked; "" if none does."""
        for place, text in _texts(received):
            if any(self._pieces.get(piece) == owner for piece in _pieces(text)):
                return place
        return ""

    def header_that_shows_own(self, received: Received, owner: str) -> str:
        """Return the header in which a secret of the client that asked stands; "" if it stands in none.

        An address for the next call may hold it, as the document itself may have it.
        """
        kept = {name: value for name, value in received.headers.items() if name not in _OF_ADDRESSES}
        return self.shows_own(Received(received.status, kept, b""), owner)

    def _in(self, text: str, owner: str | None, own_name: str | None) -> Iterator[str]:
        for piece in _pieces(text):
            whose = self._pieces.get(piece)
            if whose is not None and whose != owner:
                yield "a piece of another client's secret"
                return
        for found in _NAME.finditer(text):
            number = _SEPARATORS.sub("", found[0])
            if number in self._names and number != own_name:
                yield "the number of a client that was not named"
                return


def _secret_part(secret: str) -> str:
    """Return what is secret of a secret: of a JWT its signature.

    The rest of a JWT says what is no secret, such as moments, which the token of another client may name too.
    """
    claims, _, signature = secret.rpartition(".")
    return signature if claims.count(".") == 1 and len(signature) >= _SHORTEST else secret


def _indexed(secret: str) -> Iterator[str]:
    """Yield the pieces of a secret that are kept."""
    text = _secret_part(secret).lower()
    for at in range(0, len(text) - PIECE + 1, _STEP):
        yield text[at : at + PIECE]


def _pieces(text: str) -> Iterator[str]:
    for run in _RUN.finditer(text.lower()):
        word = run[0]
        for at in range(len(word) - PIECE + 1):
            yield word[at : at + PIECE]


def _texts(received: Received) -> Iterator[tuple[str, str]]:
    """Yield each part of an answer under its name, as it stands and decoded."""
    parts = [(f"the header {name}", value) for name, value in received.headers.items()]
    parts.append(("the body", received.body[:_LARGEST].decode("utf-8", "replace")))
    for place, text in parts:
        yield place, text
        for form, decoded in _decoded(text):
            yield f"{place}, {form}", decoded


def _decoded(text: str) -> Iterator[tuple[str, str]]:
    if "%" in text:
        yield "percent-encoded", unquote(text)
    if "\\u" in text:
        yield "escaped", _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    for found in _BASE64.finditer(text):
        if (plain := _from_base64(found[0])) is not None:
            yield "in base64", plain
    for found in _HEX.finditer(text):
        plain = bytes.fromhex(found[0]).decode("latin-1")
        if plain.isascii() and plain.isprintable():
            yield "in hexadecimal digits", plain


def _from_base64(text: str) -> str | None:
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return None
    try:
        plain = base64.b64decode(body + "=" * (-len(body) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return plain if plain.isprintable() or _is_json(plain) else None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
