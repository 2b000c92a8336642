# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Limit the size of an answer, also while it is decompressed.

The bytes of a body are counted twice: as they arrive, and after decompression. Decompression stops
one byte after the limit, so a gigabyte of zeros, which arrives as a megabyte of gzip, needs no more memory.
"""

import zlib
from typing import Any, Protocol

from .checks import whole_number

MIB = 1024 * 1024
# What we can unpack step by step. Sent with every request, so that no honest server uses anything else.
ACCEPT_ENCODING = "gzip, deflate"
# So much of a body that is too large is kept with the error.
_BEGINNING = 64 * 1024


class Limits:
    """The limits of an answer.

    Attributes:
        max_body_bytes: the largest body, both as it arrives and decompressed. The default is 16 MiB.
        max_redirects: how many redirects are followed, all to the same host. The default is 5.

    Raises:
        UsageError: one of the values cannot be used.
    """

    __slots__ = ("max_body_bytes", "max_redirects")

    def __init__(self, *, max_body_bytes: int = 16 * MIB, max_redirects: int = 5) -> None:
        self.max_body_bytes = whole_number("Limits(max_body_bytes)", max_body_bytes, 1)
        self.max_redirects = whole_number("Limits(max_redirects)", max_redirects, 0)

    def __repr__(self) -> str:
        return f"Limits(max_body_bytes={self.max_body_bytes}, max_redirects={self.max_redirects})"


class TooLarge(Exception):
    """A body passed the limit."""


class Garbled(Exception):
    """A body is not what its Content-Encoding says."""


class _Unpacker(Protocol):
    def feed(self, chunk: bytes, room: int) -> bytes: ...
    def end(self) -> None: ...


class _Plain:
    def feed(self, chunk: bytes, room: int) -> bytes:
        return chunk

    def end(self) -> None:
        """Do nothing, for nothing can be missing."""


class _Gzip:
    """One or more gzip members in a row (RFC 1952, section 2.2), each whole."""

    def __init__(self) -> None:
        self._member = self._fresh()
        self._begun = False

    def _fresh(self) -> Any:
        return zlib.decompressobj(16 + zlib.MAX_WBITS)

    def feed(self, chunk: bytes, room: int) -> bytes:
        parts: list[bytes] = []
        while chunk:
            self._begun = True
            if self._member.eof:
                self._member = self._fresh()
            part = self._member.decompress(chunk, room + 1)
            room -= len(part)
            parts.append(part)
            if room < 0:
                break
            chunk = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return b"".join(parts)

    def end(self) -> None:
        if self._begun and not self._member.eof:
            raise Garbled("the compressed body is cut off")


class _Deflate(_Gzip):
    """zlib (RFC 1950), or the bare form that some servers send under the same name."""

    def _fresh(self) -> Any:
        return zlib.decompressobj()

    def feed(self, chunk: bytes, room: int) -> bytes:
        # RFC 1950, section 2.2: the first byte of zlib says "method 8" in its low half.
        if chunk and not self._begun and chunk[0] & 0x0F != 8:
            self._member = zlib.decompressobj(-zlib.MAX_WBITS)
        return super().feed(chunk, room)


class _Unknown:
    """What we cannot unpack: taken as it is, and refused at its end."""

    def __init__(self, reason: str = "its Content-Encoding is none that was asked for") -> None:
        self._reason = reason

    def feed(self, chunk: bytes, room: int) -> bytes:
        return b""

    def end(self) -> None:
        raise Garbled(self._reason)


class Intake:
    """Takes a body chunk by chunk, unpacks it, and refuses when it grows too large.

    `declared` is the value of Content-Length and `encoding` that of Content-Encoding, or None.

    Attributes:
        is_hopeless: the announced length is over the limit; then only the beginning is worth taking.
    """

    def __init__(self, limit: int, encoding: str | None, declared: str | None) -> None:
        self._limit = limit
        self._arrived = 0
        self._unpacked = 0
        self._parts: list[bytes] = []
        self._packed: list[bytes] = []
        self._unpacker = _unpacker(encoding)
        self._keeps = not isinstance(self._unpacker, _Plain)
        length, most = (declared or "").lstrip("0"), str(limit)
        # Not as a number: Python refuses to read one of some thousand digits.
        self.is_hopeless = length.isascii() and length.isdigit() and (len(length), length) > (len(most), most)

    def ready(self, content: bytes) -> bytes:
        """Return a body that was read and unpacked by somebody else.

        Raises:
            TooLarge: it is over the limit.
        """
        self._add(content)
        return content

    def take(self, chunk: bytes) -> None:
        """Take one chunk as it arrived.

        Raises:
            TooLarge: the body is over the limit, as it arrives or unpacked, or will be and has begun.
        """
        self._arrived += len(chunk)
        if self._keeps:
            self._packed.append(chunk)
        try:
            part = self._unpacker.feed(chunk, self._limit - self._unpacked)
        except zlib.error:
            # What follows is still taken, for whoever wants to save something from it.
            self._unpacker = _Unknown("the compressed body is damaged")
            part = b""
        self._add(part)
        if self.is_hopeless and self._size >= _BEGINNING:
            raise TooLarge

    def _add(self, part: bytes) -> None:
        self._parts.append(part)
        self._unpacked += len(part)
        if self._size > self._limit:
            raise TooLarge

    @property
    def _size(self) -> int:
        return max(self._arrived, self._unpacked)

    def whole(self) -> bytes:
        """Return the body.

        Raises:
            TooLarge: more was announced than the limit.
            Garbled: the compressed body is damaged or cut off.
        """
        if self.is_hopeless:
            raise TooLarge
        self._unpacker.end()
        return b"".join(self._parts)

    def rest(self) -> bytes:
        """Return all that is left of a body that was refused, so that something can be saved from it.

        The bytes as they arrived where they could not be unpacked; the beginning of a body that is too large.
        """
        packed = b"".join(self._packed)
        if self.is_hopeless or self._size > self._limit:
            return (b"".join(self._parts) or packed)[:_BEGINNING]
        return packed


def _unpacker(encoding: str | None) -> _Unpacker:
    name = (encoding or "identity").strip().lower()
    if name in ("", "identity"):
        return _Plain()
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    return _Unknown()
