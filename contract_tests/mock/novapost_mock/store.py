"""Where clients are kept. All changes go through one atomic step, so that another store can be a database."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from novapost_mock.state import Client

MAX_CLIENTS = 10_000

T = TypeVar("T")


class StoreFullError(Exception):
    """There is no room for another phone."""


class Store(Protocol):
    """What the rules and the control API need of a store."""

    def change(self, phone: str, step: Callable[[Client], tuple[Client, T]]) -> T:
        """Read a phone, let `step` decide, and keep what it decided, as one atomic step.

        Args:
            phone: one that was never heard of is given to `step` with nothing remembered.
            step: maps what is remembered to what is to be remembered and a result. It may be called more
                than once when a store has to try again, so it does nothing else.

        Returns:
            The result of `step`.

        Raises:
            StoreFullError: the phone is new and there is no room; nothing was changed.
        """
        ...

    def owner(self, api_key: str) -> Client | None:
        """Return the client that has this key now, or None."""
        ...

    def clients(self) -> Sequence[Client]:
        """Return everything remembered, in the order of phones."""
        ...

    def refill(self, seed: Mapping[str, int]) -> None:
        """Forget everything and register the seed: number of matches by phone."""
        ...


class MemoryStore:
    """A store that lives as long as its process; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[str, Client] = {}
        self._phones: dict[str, str] = {}

    def change(self, phone: str, step: Callable[[Client], tuple[Client, T]]) -> T:
        """See `Store.change`."""
        with self._lock:
            before = self._clients.get(phone) or Client(phone)
            after, result = step(before)
            if after is not before:
                self._keep(before, after)
            return result

    def _keep(self, before: Client, after: Client) -> None:
        if after.is_blank:
            self._clients.pop(after.phone, None)
            return
        if after.phone not in self._clients and len(self._clients) >= MAX_CLIENTS:
            raise StoreFullError
        self._clients[after.phone] = after
        if before.key is not None:
            self._phones.pop(before.key.api_key, None)
        if after.key is not None:
            self._phones[after.key.api_key] = after.phone

    def owner(self, api_key: str) -> Client | None:
        """See `Store.owner`."""
        with self._lock:
            phone = self._phones.get(api_key)
            return None if phone is None else self._clients[phone]

    def clients(self) -> Sequence[Client]:
        """See `Store.clients`."""
        with self._lock:
            return [self._clients[phone] for phone in sorted(self._clients)]

    def refill(self, seed: Mapping[str, int]) -> None:
        """See `Store.refill`."""
        with self._lock:
            self._phones = {}
            self._clients = {phone: Client(phone, matches) for phone, matches in seed.items() if matches}
