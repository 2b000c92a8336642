"""What a request could be read to say: every run of digits in it, however it is written.

The question is not what a correct server would read but what any server might. So each part of a request is
looked at in all the ways in which digits are commonly hidden: percent, JSON, HTML and Unicode escapes, wide
and foreign digits, UTF-16, base64, and digits with anything but letters between them.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import httpx

from contract_tests.sandbox.phones import SHORTEST_PHONE

# The transport checks the one itself and writes the other.
_OF_THE_DOOR = (b"host", b"user-agent")
_ROUNDS = 4
_ESCAPES = re.compile(r"\\+(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3}))")
# With and without the slash, which also parts the segments of a path.
_BASE64 = (re.compile(rb"[A-Za-z0-9+/_-]{10,}"), re.compile(rb"[A-Za-z0-9+_-]{10,}"))
_WHITE = re.compile(r"\\+[nrtbfv0]")
# At most so many other characters between two digits still let a reader take them together.
_SPACED = re.compile(r"[0-9](?:[^0-9A-Za-z]{0,6}[0-9])*")
# What parts values and lines in the usual formats: on either side of it may stand different things.
_STRUCTURE = re.compile(r"[\n\r\"',;&=<>{}\[\]]+")
_DIGITS = re.compile(r"[0-9]+")
_BOUNDARY = re.compile(r"\bboundary=\"?([^\";,\s]+)", re.IGNORECASE)


def parts(request: httpx.Request) -> Iterator[bytes]:
    """Yield the parts of a request that can carry a phone: method, path with query, headers, body."""
    yield request.method.encode("utf-8", "surrogateescape")
    yield request.url.raw_path
    for name, value in request.headers.raw:
        if name.lower() not in _OF_THE_DOOR:
            yield name + b" = " + value
    yield from _parts_of(request.content, request.headers.get("content-type", ""))


def _parts_of(body: bytes, content_type: str) -> Iterator[bytes]:
    # The digits with which a boundary begins would go on with those of the part before it, and a number of
    # somebody's could look like one that is nobody's. The boundary itself is read in its header.
    boundary = _BOUNDARY.search(content_type)
    yield from body.split(b"--" + boundary[1].encode("latin-1", "replace")) if boundary else (body,)


def phone_like(part: bytes) -> set[str]:
    """Yield every run of seven or more digits that a reader can find in one part of a request.

    Digits that stand apart are taken together as well, unless each of them alone is long enough for a phone.
    """
    found: set[str] = set()
    for text in _readings(part):
        for run in _SPACED.finditer(text):
            for piece in (run[0], *_STRUCTURE.split(run[0])):
                found.update(_runs(_DIGITS.findall(piece)))
    return found


def _runs(digits: list[str]) -> Iterator[str]:
    yield from (each for each in digits if len(each) >= SHORTEST_PHONE)
    joined = "".join(digits)
    if len(joined) >= SHORTEST_PHONE and not all(len(each) >= SHORTEST_PHONE for each in digits):
        yield joined


def _readings(part: bytes) -> Iterator[str]:
    seen: set[bytes] = set()
    waiting = [part]
    for _ in range(_ROUNDS):
        level, waiting = waiting, []
        for content in level:
            if content in seen:
                continue
            seen.add(content)
            for text in _decoded(content):
                yield _plain(text)
                unescaped = _unescaped(text)
                waiting.append(unescaped.encode("utf-8", "surrogatepass"))
                # Bytes of UTF-8 that were taken for Latin-1 and encoded once more.
                waiting.append(unescaped.encode("latin-1", "ignore"))
            waiting.append(unquote_to_bytes(content.replace(b"+", b" ")))
            waiting += _from_base64(content)


def _decoded(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if b"\x00" in content:
        # UTF-16 and UTF-32 in either order: digits are what is left between the zeros.
        yield content.replace(b"\x00", b"").decode("latin-1")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", "replace")


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match[4]:
            return chr(int(match[4], 8))
        code = int(match[1] or match[2] or match[3], 16)
        return chr(code) if code < 0x110000 else ""

    return html.unescape(_WHITE.sub(" ", _ESCAPES.sub(character, text)))


def _plain(text: str) -> str:
    """Return the text with ASCII digits for those of any script, and without invisible characters."""
    if text.isascii():
        return text
    return "".join(map(_plain_character, unicodedata.normalize("NFKC", text)))


def _plain_character(c: str) -> str:
    if c.isascii():
        return c
    digit = unicodedata.digit(c, None)
    if digit is not None:
        return str(digit)
    return "" if unicodedata.category(c) in ("Cf", "Mn") else " "


def _from_base64(content: bytes) -> Iterator[bytes]:
    for word in {match[0] for words in _BASE64 for match in words.finditer(content)}:
        word = word.translate(bytes.maketrans(b"-_", b"+/"))
        try:
            decoded = base64.b64decode(word + b"=" * (-len(word) % 4))
        except (binascii.Error, ValueError):
            continue
        # Any word decodes to something; only what is text could be read as a phone.
        if len(re.sub(rb"[^0-9]", b"", decoded)) >= SHORTEST_PHONE and decoded.isascii():
            yield decoded
