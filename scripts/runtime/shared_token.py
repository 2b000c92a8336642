"""The token of one client in a store that several processes share: read, kept, and renewed by one of them.

What goes wrong in a store is told to the log and costs a call nothing but the token that it would have had.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

from .redaction import MASK, one_line, redact
from .token_store import StoredToken, TokenStore

# Seconds to wait for another process that is about to renew, and between two looks.
PATIENCE = 10.0
POLL = 0.05


class Lock(Protocol):
    """What a store's `lock` gives."""

    def release(self) -> object:
        """Give it to the next one."""


class NoLock:
    """Stands for the lock of a store that has none."""

    def release(self) -> None:
        """No-op: there is nothing to give back."""


class SharedToken:
    """One key of a store."""

    def __init__(
        self,
        store: TokenStore,
        *,
        package: str,
        address: str,
        secret: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store: Any = store
        # The address belongs to it: one key may stand for different things on two servers.
        digest = hashlib.sha256(f"{address}\n{secret}".encode()).hexdigest()
        self._key = f"{package}-{digest}"
        self._now = now
        self._logger = logging.getLogger(package)

    def __repr__(self) -> str:
        return f"<shared token {MASK}>"

    def load(self, rejected: str | None, margin: float) -> StoredToken | None:
        """Return the stored token if it can be sent and is good for longer than `margin` seconds, or None.

        The one that the service has just rejected is deleted.
        """
        found: Any = self._tried("read", self._store.get, self._key)
        if found is None:
            return None
        if not isinstance(found, StoredToken) or not found.is_usable():
            self._logger.warning("the token store gave something that is no token")
            return None
        if found.token == rejected:
            self._tried("delete from", self._store.delete, self._key)
            return None
        return found if found.expires_at - margin > self._now() else None

    def save(self, token: str, seconds: float) -> None:
        """Keep a token that is good for so many seconds."""
        self._tried("write", self._store.save, self._key, StoredToken(token, self._now() + seconds))

    def lock(self) -> Lock | None:
        """Return the right to renew, or None while another process has it."""
        lock = getattr(self._store, "lock", None)
        if not callable(lock):
            return NoLock()
        failed = NoLock()
        found: Lock | None = self._tried("lock", lock, self._key, otherwise=failed)
        return found

    def release(self, lock: Lock) -> None:
        """Give the right to renew to the next one; one that ran out meanwhile is another one's already."""
        self._tried("unlock", lock.release)

    def _tried(self, what: str, call: Callable[..., Any], *arguments: Any, otherwise: Any = None) -> Any:
        try:
            return call(*arguments)
        except Exception as error:
            # The text of any other may have the address of a server with a password in it.
            number = error.errno if isinstance(error, OSError) else None
            reason = type(error).__name__ if number is None else redact(one_line(str(error)))
            self._logger.warning("cannot %s the token store: %s", what, reason)
        return otherwise
