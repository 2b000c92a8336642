"""The journal: the latest requests with their answers.

Writing an entry only keeps references, so that it costs little time for each request. Secrets are masked when
an entry is shown.
"""

import secrets
from collections import deque
from datetime import datetime
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple

from novapost_mock.keys.clock import write_moment
from novapost_mock.masking import Mask, Vocabulary
from novapost_mock.messages import Reply, Request

MAX_ENTRIES = 1_000
MAX_BYTES = 8 * 1024 * 1024
"""Bounds of what is kept: the number of requests, and the bytes of their texts."""

PAGE = 100
"""Entries that are shown at once unless asked otherwise."""

# What an entry takes beside its texts, roughly.
_ENTRY_BYTES = 1_000


class Entry(NamedTuple):
    """One request and its answer, secrets included; its repr shows no secret.

    Attributes:
        number: counted from 1 since the start or the last reset.
        at: the time of the request on the mock's clock.
        milliseconds: the time that the mock needed, without the pauses of a fault.
        request: the request as it was received.
        reply: the answer; `reply.delivery` says how a fault changed its sending.
        size: the number of bytes that it counts for.
    """

    number: int
    at: datetime
    milliseconds: float
    request: Request
    reply: Reply
    size: int

    @property
    def operation(self) -> str:
        """The called operation; empty if there is none."""
        return self.reply.origin.operation

    @property
    def rule(self) -> str:
        """The rule that decided; see `Origin.rule`."""
        return self.reply.origin.rule

    @property
    def fault(self) -> str:
        """The names of the fault that acted; empty if no fault acted."""
        return self.reply.origin.fault

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.reply.status

    def __repr__(self) -> str:
        return f"<Entry {self.number}: {self.request!r} {self.status} by {self.rule or 'nothing'}>"


class Journal:
    """The latest requests, up to a limit; several threads may use it."""

    def __init__(self, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        """Begin an empty journal.

        Args:
            max_entries: the largest number of stored requests; 0 stores none.
            max_bytes: the largest number of their bytes. A larger request is not stored.
        """
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._entries: deque[tuple[int, datetime, float, Request, Reply, int]] = deque()
        self._size = 0
        self._count = 0
        # For the marks of `Mask`. It never leaves the process and decides nothing, so it need not repeat.
        self._secret = secrets.token_bytes(16)

    def add(self, at: datetime, seconds: float, request: Request, reply: Reply) -> None:
        """Store a request and its answer, and remove the oldest entries if there is no room."""
        # A plain tuple, and lengths added up without a loop of ours: every request pays for this.
        size = _ENTRY_BYTES + len(request.path) + len(request.query) + len(request.body) + len(reply.body)
        size += sum(map(len, chain.from_iterable(request.headers)))
        with self._lock:
            self._count += 1
            self._entries.append((self._count, at, seconds * 1000, request, reply, size))
            self._size += size
            while self._size > self._max_bytes or len(self._entries) > self._max_entries:
                self._size -= self._entries.popleft()[-1]

    def clear(self) -> None:
        """Remove all entries, and count from 1 again."""
        with self._lock:
            self._entries.clear()
            self._size = self._count = 0

    def entries(self) -> list[Entry]:
        """Return the stored entries, the oldest first."""
        with self._lock:
            return [Entry(*each) for each in self._entries]

    @property
    def count(self) -> int:
        """The number of requests since the start or the last reset, also those that are no longer stored."""
        return self._count

    def mask(self, vocabulary: Vocabulary) -> Mask:
        """Return a mask that gives the same mark for the same secret as long as this journal exists."""
        return Mask(vocabulary, self._secret)


def page(journal: Journal, vocabulary: Vocabulary, after: int = 0, limit: int = PAGE) -> dict[str, Any]:
    """Return a part of the journal as JSON, secrets masked.

    Args:
        journal: the journal.
        vocabulary: the names and values of the document.
        after: the number of the last entry that is already known.
        limit: how many entries at most.

    Returns:
        `entries`; `count`, how many requests there were; `dropped`, how many of them are no longer kept;
        `next`, the number to ask `after`, or None if these are the latest.
    """
    kept = journal.entries()
    chosen, more = select(kept, after, limit)
    mask = journal.mask(vocabulary)
    count = max(journal.count, kept[-1].number if kept else 0)
    return {
        "entries": [shown(entry, mask) for entry in chosen],
        "count": count,
        "dropped": count - len(kept),
        "next": (chosen[-1].number if chosen else after) if more else None,
    }


def select(entries: list[Entry], after: int, limit: int) -> tuple[list[Entry], bool]:
    """Return the first entries after a number, and whether there are more."""
    later = [entry for entry in entries if entry.number > after]
    return later[:limit], len(later) > limit


def shown(entry: Entry, mask: Mask) -> dict[str, Any]:
    """Return an entry as JSON, secrets masked."""
    request, reply = entry.request, entry.reply
    return {
        "number": entry.number,
        "at": write_moment(entry.at),
        "milliseconds": round(entry.milliseconds, 3),
        "operation": entry.operation or None,
        "rule": entry.rule or None,
        "fault": entry.fault or None,
        "status": entry.status,
        "request": {
            "method": mask.method(request.method),
            "path": mask.path(request.path),
            "query": _pairs(mask.query(request.query)),
            "headers": _pairs(mask.headers(request.headers)),
            "bytes": len(request.body),
            "body": mask.body(request.body),
        },
        "answer": {
            "status": reply.status,
            "headers": _pairs(mask.headers(reply.headers)),
            "bytes": len(reply.body),
            "body": answer_body(entry, mask),
        },
    }


def answer_body(entry: Entry, mask: Mask) -> Any:
    """Return the body of an answer, masked; the sentences of a refusal are the mock's own and are shown."""
    return mask.body(entry.reply.body, texts_are_ours=entry.status >= 400)


def _pairs(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
