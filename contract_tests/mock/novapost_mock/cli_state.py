"""What `--state` and `--workers` ask for, and what is said when it cannot be had."""

import os
from importlib import import_module

from novapost_mock.keys.shared_settings import SEED
from novapost_mock.keys.store import MAX_CLIENTS, Store, StoreFullError, StoreUnavailableError
from novapost_mock.mock import Mock


def store_of(address: str | None, workers: int) -> Store | None:
    """Return the store of `--state`, or None without one.

    Args:
        address: a file or an address, as `store_at` takes it.
        workers: how many processes will share it.

    Raises:
        ValueError: the two do not fit together, or a package is missing.
        StoreUnavailableError: there can be no state at this address.
    """
    if workers > 1 and os.name != "posix":
        raise ValueError("--workers: several need a system with fork, such as Linux or macOS")
    if workers > 1 and address is None:
        # Each would have keys of its own, and a caller would meet now one and now another.
        raise ValueError("--workers: several workers need a state that they share: --state FILE")
    if address is None:
        return None
    try:
        # Only now: SQLAlchemy takes longer to load than all the rest of the mock.
        store: Store = import_module("novapost_mock.sql.url").store_at(address)
    except ImportError as error:
        package = (error.name or "psycopg").partition(".")[0]  # without a name: it finds no libpq to load
        if package == "sqlalchemy":
            raise ValueError("--state needs more: pip install 'novapost-client[mock-state]'") from None
        if package == "psycopg":
            raise ValueError(
                "--state with PostgreSQL needs more: pip install 'novapost-client[mock-postgres]'"
            ) from None
        raise
    return store


def reseed(mock: Mock, store: Store, clients: dict[str, int]) -> None:
    """Register clients in a state that may be an old one, and let a reset come back to them."""
    store.change_setting(SEED, lambda _: (clients, None))
    for phone, matches in clients.items():
        mock.register(phone, matches)


def state_reason(error: StoreUnavailableError | StoreFullError) -> str:
    """Put into one line why there is no state."""
    if isinstance(error, StoreFullError):
        return f"there is room for {MAX_CLIENTS} phones and no more"
    return f"--state: {error.reason}"
