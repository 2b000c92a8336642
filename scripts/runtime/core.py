"""The base class of every client, without operations: how a client is made, copied, entered and closed.

`import` of a package loads only this module. Its needs (httpx, parsing, retries) are loaded when the first
client is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar, Unpack

from . import forks
from .errors import ClientError, UsageError
from .options import Options, PerCall
from .redaction import Hidden

if TYPE_CHECKING:
    from .calls import Call
    from .engine import Engine
    from .operations import Table
    from .values import Response

T = TypeVar("T")


class BaseClient:
    """Send the calls that the package's own modules prepare, and read the answers. Threads can share it."""

    _table: ClassVar[Table]
    _engine: Engine

    def __init__(self, base_url: str, **options: Unpack[Options]) -> None:
        # Whoever prints the traceback of a refusal below must not read the key in it.
        address, settings = Hidden(base_url), Hidden(options)
        del base_url, options
        self._set_up(address, settings, None)

    @classmethod
    def _in(cls, environment: str, settings: Hidden[Options]) -> Self:
        address = next(s.address for s in cls._table.servers if s.environment == environment)
        if "environment" in settings.reveal():
            raise UsageError(f"{cls.__name__}.{environment}() has its environment already")
        client = cls.__new__(cls)
        merged: Hidden[Options] = Hidden({**settings.reveal(), "environment": environment})
        client._set_up(Hidden(address), merged, None)
        return client

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **options: Unpack[Options]) -> Self:
        """Return a client from the variables ..._BASE_URL and ..._API_KEY; the second may be missing.

        Every client reads ..._ALLOW_INSECURE and ..._LOG.

        Raises:
            UsageError: ..._BASE_URL is missing, or a variable cannot be used.
        """
        from .variables import settings_of

        settings = Hidden(options)
        del options
        found = settings_of(environ, cls._table.prefix, settings)
        del environ
        if isinstance(found, ClientError):
            raise found
        client = cls.__new__(cls)
        client._set_up(*found, None)
        return client

    def with_options(self, base_url: str | None = None, **options: Unpack[Options]) -> Self:
        """Return a copy with some settings changed; this client does not change.

        The copy shares the connections of this client, except if `httpx_args`, `http_client` or the host
        changes, or the copy is entered by `with`. It shares the token, except if the address or a credential
        changes. Closing the copy does not close shared connections.
        """
        merged: Hidden[Options] = Hidden({**self._engine.settings.reveal(), **options})
        address = Hidden(self._engine.base if base_url is None else base_url)
        del base_url, options
        copy = type(self).__new__(type(self))
        copy._set_up(address, merged, self._engine)
        return copy

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Return a copy that sends more headers.

        Raises:
            UsageError: a header cannot be sent.
        """
        given = Hidden(headers)
        del headers
        merged = self._engine.with_headers(given)
        if isinstance(merged, ClientError):
            raise merged
        return self.with_options(headers=merged.reveal())

    def _set_up(self, address: Hidden[str], settings: Hidden[Options], origin: Engine | None) -> None:
        # Before anything is loaded that a child would need whole.
        forks.expect_calls()
        from .engine import made

        engine = made(self._table, address, settings, origin)
        if isinstance(engine, ClientError):
            raise engine
        self._engine = engine

    @property
    def base_url(self) -> str:
        """The base address, to which paths are appended."""
        return self._engine.base

    @property
    def environment(self) -> str | None:
        """The environment of this client, or None if it is unknown."""
        return next(iter(sorted(self._engine.environments)), None)

    def __repr__(self) -> str:
        engine: Engine | None = getattr(self, "_engine", None)
        return f"{type(self).__name__}({'' if engine is None else repr(engine.base)})"

    def __copy__(self) -> Self:
        return self.with_options()

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        # A transport, a hook or an httpx client that was given cannot be doubled; all else is the copy's own.
        copy = type(self).__new__(type(self))
        memo[id(self)] = copy
        copy._set_up(Hidden(self._engine.base), self._engine.settings, None)
        return copy

    def __reduce__(self) -> str:
        raise TypeError("a client is not pickled, since it holds a key: make one in each process")

    def __enter__(self) -> Self:
        self._engine.own()
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self._engine.own()
        return self

    async def __aexit__(self, *ignored: object) -> None:
        await self.aclose()

    def close(self) -> None:
        """Close the connections; a later call opens new ones.

        The connections of async calls are closed a little later, by their event loop. `async with` and
        `aclose` wait until they are closed.
        """
        self._engine.close()

    async def aclose(self) -> None:
        """Close the connections, those of async calls included."""
        await self._engine.aclose()

    def send(
        self, call: Call[T], *, raw: bool = False, deferred: bool = False, **override: Unpack[PerCall]
    ) -> Response[T]:
        """Send a call that a module of the package prepared, with its own time-out and headers.

        With `raw`, every documented answer is returned, also one that means an error. With `deferred`, every
        success is returned at once, and its body is parsed when `parsed` is read. If the operation needs a
        credential that the client does not have, the call is sent without it, because a proxy or a header of
        the caller may add it. If the answer is 401, a note of the error says so.

        Raises:
            ClientError: see the tree in `errors`.
        """
        own = Hidden(override)
        del override
        outcome = self._engine.run(call, own, raw=raw, deferred=deferred)
        if isinstance(outcome, ClientError):
            raise self._engine.noted(call.operation, outcome)
        return outcome

    async def asend(
        self, call: Call[T], *, raw: bool = False, deferred: bool = False, **override: Unpack[PerCall]
    ) -> Response[T]:
        """Do the same as `send`, without blocking the event loop.

        Raises:
            ClientError: see the tree in `errors`.
        """
        own = Hidden(override)
        del override
        outcome = await self._engine.run_async(call, own, raw=raw, deferred=deferred)
        if isinstance(outcome, ClientError):
            raise self._engine.noted(call.operation, outcome)
        return outcome
