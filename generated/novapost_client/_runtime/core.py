# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The client as a caller sees it, without any operation: how it is made, copied, entered and closed.

This module is what `import` of a package costs. What a client works with (httpx, parsing, retries) is
loaded when the first one is made.
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
    """Calls prepared by the package's own modules, sent and understood. Safe to share between threads."""

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

        ..._ALLOW_INSECURE and ..._LOG are heeded by every client.

        Raises:
            UsageError: the first is missing, or one cannot be used.
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
        """Return a copy with some settings changed; this client stays as it is.

        The copy shares connections with this client unless `httpx_args`, `http_client` or the host changes or
        the copy is entered by `with`, and the token unless the address or a credential changes. Closing the
        copy leaves shared connections open.
        """
        merged: Hidden[Options] = Hidden({**self._engine.settings.reveal(), **options})
        address = Hidden(self._engine.base if base_url is None else base_url)
        del base_url, options
        copy = type(self).__new__(type(self))
        copy._set_up(address, merged, self._engine)
        return copy

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Return a copy that sends further headers.

        Raises:
            UsageError: they cannot be sent.
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
        """The address that paths are appended to."""
        return self._engine.base

    @property
    def environment(self) -> str | None:
        """The environment that this client talks to, or None if nobody knows."""
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
        """Close the connections; a later call opens them anew.

        Those of the async side are closed as soon as their event loop gets to it; `async with` or `aclose`
        waits until they are.
        """
        self._engine.close()

    async def aclose(self) -> None:
        """Close the connections, those of the async side included."""
        await self._engine.aclose()

    def send(
        self, call: Call[T], *, raw: bool = False, deferred: bool = False, **override: Unpack[PerCall]
    ) -> Response[T]:
        """Make a call that one of the package's modules prepared, with a time-out and headers of its own.

        With `raw`, every documented answer is returned, also those that mean an error. With `deferred`, every
        success is returned at once, and its body is parsed when `parsed` is read. A credential that
        the operation asks for and the client was not given is left out; somebody on the way, or a header
        of the caller's own, may have it. The error of a 401 then says so in a note.

        Raises:
            ClientError: as `errors` draws them.
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
        """Do as `send`, without blocking the event loop.

        Raises:
            ClientError: as `errors` draws them.
        """
        own = Hidden(override)
        del override
        outcome = await self._engine.run_async(call, own, raw=raw, deferred=deferred)
        if isinstance(outcome, ClientError):
            raise self._engine.noted(call.operation, outcome)
        return outcome
