"""Keeping the tester's phone, keys and tokens out of whatever is written."""

import base64
import logging
import re
import threading
from collections.abc import Iterable
from typing import Any

MASK = "***"
# So much of a key, a token or a phone in a row is as good as the whole, or better than nothing.
_PIECE = 8
_PHONE_PIECE = 7


class Masker:
    """Knows the secrets of a run and takes them out of texts, also in pieces and in other spellings.

    Safe to use from several threads.
    """

    def __init__(self, phone: str | None = None) -> None:
        self._lock = threading.Lock()
        self._secrets: list[str] = []
        self._pieces: dict[int, set[str]] = {}
        self._spaced: re.Pattern[str] | None = None
        if phone:
            self._spaced = re.compile(r"[^0-9A-Za-z]{0,3}".join(phone))
            self._add(phone, _PHONE_PIECE)
            for spelling in _spellings(phone):
                self._add(spelling, len(spelling) - 4)

    def learn(self, secrets: Iterable[str]) -> None:
        """Take further texts for secrets: keys and tokens that were given, if they have eight characters."""
        for secret in secrets:
            if len(secret) >= _PIECE:
                self._add(secret, _PIECE)

    def given(self) -> tuple[str, ...]:
        """Return every secret that was learnt, the latest first."""
        with self._lock:
            return tuple(reversed(self._secrets))

    def _add(self, secret: str, size: int) -> None:
        with self._lock:
            if secret not in self._secrets:
                self._secrets.append(secret)
                pieces = self._pieces.setdefault(size, set())
                pieces.update(secret[n : n + size] for n in range(len(secret) - size + 1))

    def mask(self, text: str) -> str:
        """Replace every piece of a secret in a text by `***`."""
        if self._spaced is not None:
            text = self._spaced.sub(MASK, text)
        with self._lock:
            sizes = list(self._pieces.items())
        for size, pieces in sizes:
            text = _without(text, size, pieces)
        return text

    def mask_all(self, value: Any) -> Any:
        """Mask every text in a JSON value, names included."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask(str(name)): self.mask_all(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_all(item) for item in value]
        return value


def _without(text: str, size: int, pieces: set[str]) -> str:
    kept: list[str] = []
    covered_to, start = -1, 0
    for n in range(len(text) - size + 1):
        if text[n : n + size] in pieces:
            if n > covered_to:
                kept += [text[start:n], MASK]
            covered_to = n + size
            start = covered_to
    return text if not kept else "".join([*kept, text[start:]])


def _spellings(phone: str) -> Iterable[str]:
    yield base64.b64encode(phone.encode()).decode().rstrip("=")
    yield phone.encode().hex()
    yield "".join(f"%{byte:02x}" for byte in phone.encode())
    yield "".join(f"\\u{ord(digit):04x}" for digit in phone)


def mask_logging(masker: Masker) -> None:
    """Mask every log record as it is made, whichever handler writes it, to whatever file."""
    make = logging.getLogRecordFactory()

    def masked(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            told = record.getMessage()
        except (TypeError, ValueError, KeyError):
            return record
        if (clean := masker.mask(told)) != told:
            record.msg, record.args = clean, ()
        return record

    logging.setLogRecordFactory(masked)


def mask_report(report: Any, masker: Masker) -> None:
    """Mask what a report of pytest says, before a plugin writes it: failure, reason, output, properties."""
    mask = masker.mask
    if isinstance(report.longrepr, tuple):
        path, line, reason = report.longrepr
        report.longrepr = path, line, mask(reason)
    elif report.longrepr is not None:
        told = str(report.longrepr)
        if (clean := mask(told)) != told:
            report.longrepr = clean
    report.sections = [(mask(name), mask(content)) for name, content in report.sections]
    if hasattr(report, "user_properties"):
        report.user_properties = [(name, mask(str(value))) for name, value in report.user_properties]
