"""Where clients are kept. All changes go through one atomic step, so that another store can be a database."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Protocol, TypeVar

from novapost_mock.keys.lifecycle import Client
from novapost_mock.keys.shared_settings import SEED, MemorySettings, SharedSettings

MAX_CLIENTS = 10_000

T = TypeVar("T")


class StoreFullError(Exception):
    """There is no room for another phone."""


class StoreUnavailableError(Exception):
    """A store cannot be used now, or at all.

    Attributes:
        reason: one line that says why. It names neither what was to be kept nor a password.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Store(SharedSettings, Protocol):
    """What the rules and the control API need of a store.

    Every method may raise `StoreUnavailableError`; then nothing was changed, or, where a connection broke at
    the wrong moment, all of it was.

    Attributes:
        is_shared: whether other processes may work on the same state, so that nothing that belongs to the
            state may be remembered elsewhere.
    """

    is_shared: ClassVar[bool]

    def open(self, seed: Mapping[str, int]) -> None:
        """Begin: a state that is new gets the seed; one that was used before stays as it is.

        Args:
            seed: the clients of the start, the number of matches by phone.

        Raises:
            StoreFullError: the seed is larger than the room.
        """
        ...

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

    def reset(self) -> None:
        """Forget everything but the lasting settings, and register the seed, as one atomic step."""
        ...

    def close(self) -> None:
        """Let go of files and connections. They come back when the store is used again."""
        ...


def check_seed(seed: Mapping[str, int]) -> dict[str, int]:
    """Return the part of a seed that is worth keeping.

    Raises:
        StoreFullError: there are too many phones.
    """
    registered = {phone: matches for phone, matches in seed.items() if matches}
    if len(registered) > MAX_CLIENTS:
        raise StoreFullError
    return registered


class MemoryStore(MemorySettings):
    """A store that lives as long as its process; safe to use from several threads."""

    is_shared: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._clients_lock = threading.Lock()
        self._clients: dict[str, Client] = {}
        self._phones: dict[str, str] = {}

    def open(self, seed: Mapping[str, int]) -> None:
        """See `Store.open`."""
        registered = check_seed(seed)
        if self.change_setting(SEED, lambda kept: (registered if kept is None else kept, kept is None)):
            self.reset()

    def change(self, phone: str, step: Callable[[Client], tuple[Client, T]]) -> T:
        """See `Store.change`."""
        with self._clients_lock:
            before = self._clients.get(phone) or Client(phone)
            after, result = step(before)
            if after is not before:
                self._keep_client(before, after)
            return result

    def _keep_client(self, before: Client, after: Client) -> None:
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
        with self._clients_lock:
            phone = self._phones.get(api_key)
            return None if phone is None else self._clients[phone]

    def clients(self) -> Sequence[Client]:
        """See `Store.clients`."""
        with self._clients_lock:
            return [self._clients[phone] for phone in sorted(self._clients)]

    def reset(self) -> None:
        """See `Store.reset`."""
        seed: Mapping[str, int] = self.setting(SEED).value or {}
        with self._clients_lock:
            self._phones = {}
            self._clients = {phone: Client(phone, matches) for phone, matches in seed.items()}
            self.clear()

    def close(self) -> None:
        """See `Store.close`. There is nothing to let go of."""
