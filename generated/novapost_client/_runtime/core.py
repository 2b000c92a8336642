# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The client as a caller sees it, without any operation: how it is made, copied, entered and closed.

This module is what `import` of a package costs. What a client works with (httpx, parsing, retries) is
loaded when the first one is made.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypedDict, TypeVar, Unpack

from .errors import ClientError, UsageError
from .redaction import Hidden

if TYPE_CHECKING:
    import httpx

    from .calls import Call
    from .engine import Engine
    from .limits import Limits
    from .operations import Table
    from .retry import Retry
    from .token_store import TokenStore
    from .values import Response

T = TypeVar("T")


class Options(TypedDict, total=False):
    """The settings of a client; every one can be left out.

    api_key: the key that buys tokens, where the document has an operation for that; else the credential
        of its first apiKey scheme.
    token: a token to use as it is, instead of obtaining one.
    credentials: a credential for each scheme, by its name in the document.
    timeout: seconds for a whole call, repetitions included (default 60); or an httpx.Timeout for the single
        waits; or None for no bound on the whole.
    retry: when calls are repeated; None switches repetition off.
    limits: how much of an answer is taken.
    headers: headers to send with every request.
    environment: the environment that the address belongs to, where its host does not tell.
    allow_insecure: take http to a host that is not this machine.
    token_store: where tokens are kept so that several processes share one, a `FileTokenStore` or an object
        with the methods of `TokenStore`; left out, each process obtains its own.
    httpx_args: passed to httpx.Client and httpx.AsyncClient: transport, proxy, verify, cert, mounts ...
    """

    api_key: str | None
    token: str | None
    credentials: Mapping[str, str]
    timeout: float | httpx.Timeout | None
    retry: Retry | None
    limits: Limits
    headers: Mapping[str, str]
    environment: str | None
    allow_insecure: bool
    token_store: TokenStore | None
    httpx_args: Mapping[str, Any]


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
        client = cls.__new__(cls)
        merged: Hidden[Options] = Hidden({**settings.reveal(), "environment": environment})
        client._set_up(Hidden(address), merged, None)
        return client

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **options: Unpack[Options]) -> Self:
        """A client from the environment variables ..._BASE_URL and ..._API_KEY; the second may be missing.

        Raises:
            UsageError: the first is missing.
        """
        prefix = cls._table.prefix
        given = os.environ if environ is None else environ
        address = Hidden(given.get(f"{prefix}BASE_URL") or "")
        from_outside: Options = {"api_key": given.get(f"{prefix}API_KEY") or None}
        settings: Hidden[Options] = Hidden({**from_outside, **options})
        del given, environ, from_outside, options
        if not address.reveal():
            raise UsageError(f"the environment variable {prefix}BASE_URL is not set")
        client = cls.__new__(cls)
        client._set_up(address, settings, None)
        return client

    def with_options(self, base_url: str | None = None, **options: Unpack[Options]) -> Self:
        """A copy with some settings changed; this client stays as it is.

        The copy shares connections with this client unless `httpx_args` changes or the copy is entered by
        `with`, and the token unless the address or a credential changes. Closing the copy leaves shared
        connections open.
        """
        merged: Hidden[Options] = Hidden({**self._engine.settings.reveal(), **options})
        address = Hidden(base_url or self._engine.base)
        del base_url, options
        copy = type(self).__new__(type(self))
        copy._set_up(address, merged, self._engine)
        return copy

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """A copy that sends further headers."""
        return self.with_options(headers={**self._engine.headers, **headers})

    def _set_up(self, address: Hidden[str], settings: Hidden[Options], origin: Engine | None) -> None:
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

    def send(self, call: Call[T], *, raw: bool = False, deferred: bool = False) -> Response[T]:
        """Make a call that one of the package's modules prepared.

        With `raw`, every documented answer is returned, also those that mean an error. With `deferred`, every
        success is returned at once, and its body is parsed when `parsed` is read. A credential that
        the operation asks for and the client was not given is left out; somebody on the way, or a header
        of the caller's own, may have it. The error of a 401 then says so in a note.

        Raises:
            ClientError: as `errors` draws them.
        """
        outcome = self._engine.run(call, raw=raw, deferred=deferred)
        if isinstance(outcome, ClientError):
            raise self._engine.noted(call.operation, outcome)
        return outcome

    async def asend(self, call: Call[T], *, raw: bool = False, deferred: bool = False) -> Response[T]:
        """As `send`, without blocking the event loop.

        Raises:
            ClientError: as `errors` draws them.
        """
        outcome = await self._engine.run_async(call, raw=raw, deferred=deferred)
        if isinstance(outcome, ClientError):
            raise self._engine.noted(call.operation, outcome)
        return outcome
