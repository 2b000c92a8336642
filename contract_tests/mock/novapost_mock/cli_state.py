"""The options `--state` and `--workers`, and the lines about them at the start."""

import os
import stat
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path

from novapost_mock.keys.shared_settings import SEED
from novapost_mock.keys.store import MAX_CLIENTS, Store, StoreFullError, StoreUnavailableError
from novapost_mock.mock import Mock


def store_of(address: str | None, workers: int) -> Store | None:
    """Return the store of `--state`, or None without one.

    Args:
        address: a file or an address, as for `store_at`.
        workers: the number of processes that will share the store.

    Raises:
        ValueError: the two options do not fit together, or a package is missing.
        StoreUnavailableError: the store at this address cannot be used.
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
        store: Store = import_module("novapost_mock.keys.sql.url").store_at(address)
    except ImportError as error:
        package = (error.name or "psycopg").partition(".")[0]  # without a name: it finds no libpq to load
        if package not in ("sqlalchemy", "psycopg"):
            raise
        # An address of PostgreSQL needs both, so that nobody is sent twice.
        kind, extra = ("", "state") if "://" not in address else (" with PostgreSQL", "postgres")
        raise ValueError(f"--state{kind} needs more: pip install 'novapost-client[mock-{extra}]'") from None
    return store


def reseed(mock: Mock, store: Store, clients: dict[str, int]) -> None:
    """Register clients in a new or old state; a reset goes back to them."""
    store.change_setting(SEED, lambda _: (clients, None))
    for phone, matches in clients.items():
        mock.register(phone, matches)


def state_reason(error: StoreUnavailableError | StoreFullError) -> str:
    """Return one line with the reason why the state cannot be used."""
    if isinstance(error, StoreFullError):
        return f"there is room for {MAX_CLIENTS} phones and no more"
    return f"--state: {error.reason}"


def version() -> str:
    """Return the version of the installed package."""
    try:
        return metadata.version("novapost-client")
    except metadata.PackageNotFoundError:
        return "of a source tree that is not installed"


def warnings(address: str | None) -> Iterator[str]:
    """Return one line for each problem of a state file."""
    if address is not None and "://" not in address and os.name == "posix" and Path(address).exists():
        mode = stat.S_IMODE(Path(address).stat().st_mode)
        if mode & (stat.S_IRGRP | stat.S_IROTH):
            yield f"--state: other users of this machine can read the keys in it (mode {mode:o}); chmod 600"
