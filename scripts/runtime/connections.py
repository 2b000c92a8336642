"""The rim: httpx clients, made when first used."""

import asyncio
import http.cookiejar
import os
import threading
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx

from . import forks
from .errors import UsageError
from .gate import Turns
from .hooks import guarded
from .transports import Plan

_Client = TypeVar("_Client", httpx.Client, httpx.AsyncClient)

# With any of these, httpx has to merge every request; without, requests are made directly, which is faster.
_MERGED = frozenset({"cookies", "headers", "params"})
# What is given to httpx as it is; the rest is settled by the plan of our own transports.
_PASSED = ("auth", "cookies", "default_encoding", "headers", "mounts", "params", "transport")


class Connections:
    """One httpx client for threads, and one for each event loop, in each process.

    Made at once for threads, so that whatever is wrong with a setting is told when it is given.

    Args:
        base: the address that they are for.
        arguments: those of httpx.Client.
        given: an httpx client of the caller's own, which is used instead and never closed.

    Raises:
        UsageError: something in the arguments or in the environment cannot be used.
    """

    def __init__(
        self,
        base: str,
        arguments: Mapping[str, Any],
        given: httpx.Client | httpx.AsyncClient | None = None,
    ) -> None:
        self._base = httpx.URL(base)
        self._arguments = dict(arguments)
        self._given = given
        # A server's cookies would travel from one caller's request into another's.
        self._arguments.setdefault(
            "cookies", http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        )
        self._merged = given is not None or bool(_MERGED & set(arguments))
        self._plan: Plan | None = None
        self._foreign: list[Any] = []
        kept = given is None and not self._brought()
        if not kept:
            # Loads httpcore, which takes longer than all the rest of a client.
            from .foreign import keep_to_deadline, pools_within

            self._foreign = pools_within(given if given is not None else [*self._brought()])
            kept = keep_to_deadline(self._foreign) or self._is_in_process()
        self._begin()
        # Whether every wait is known to end with the total deadline; where not, somebody should be told.
        self.keeps_deadline = kept
        self._used_in: int | None = None
        if given is None:
            self._check()
        forks.watch(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._sync: httpx.Client | None = None
        self._async: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}
        self._closing: set[asyncio.Future[None]] = set()
        # None for our own pool, which has its gate within.
        self.turns: Turns | None = None
        if self._foreign:
            from .foreign import turns_of

            self.turns = turns_of(self._foreign)

    def begin_anew(self) -> None:
        """Leave all connections to the parent of this process."""
        forks.leave(self._sync, self._async, self._closing, self._lock, self.turns)
        self._begin()

    def _brought(self) -> list[Any]:
        """Return the transports that the caller brought along."""
        mounts: Mapping[str, Any] = self._arguments.get("mounts") or {}
        return [one for one in (self._arguments.get("transport"), *mounts.values()) if one is not None]

    def _is_in_process(self) -> bool:
        return all(
            isinstance(one, (httpx.MockTransport, httpx.WSGITransport))
            or not hasattr(one, "handle_request")
            or getattr(one, "keeps_timeouts", False)
            for one in self._brought()
        )

    @property
    def is_ours(self) -> bool:
        """Return whether the transport is our own, which tells whether a request may have left."""
        return self._plan is not None and not self._brought()

    @property
    def is_wrapped(self) -> bool:
        """Return whether httpcore's own pool is in use, which loses a slot when a call is cancelled."""
        return bool(self._foreign)

    @property
    def proxy(self) -> str:
        """Where the proxy comes from that is used, such as a variable of the environment; "" without one."""
        return self._plan.source if self._plan is not None else ""

    def _check(self) -> None:
        """Make the client of threads, or where only tasks can be served, one of theirs.

        Raises:
            UsageError: something cannot be used.
        """
        transport = self._arguments.get("transport")
        if transport is None:
            self._plan = Plan(self._base, self._arguments)
        if transport is None or hasattr(transport, "handle_request"):
            self._sync = self._made(httpx.Client)
        else:
            self._made(httpx.AsyncClient)

    def _made(self, kind: type[_Client]) -> _Client:
        threads = kind is httpx.Client
        arguments = {name: self._arguments[name] for name in _PASSED if name in self._arguments}
        plan = self._plan
        if plan is not None:
            build = plan.transport if threads else plan.async_transport
            arguments["transport"] = build()
            # httpx would go past a proxy where a mount is None; it has no other way to be told so now.
            mounts: Mapping[str, Any] = arguments.get("mounts") or {}
            arguments["mounts"] = {
                pattern: build(direct=True) if mount is None else mount for pattern, mount in mounts.items()
            }
        # Everything that httpx would read from the environment is settled already.
        arguments["trust_env"] = False
        arguments["event_hooks"] = guarded(self._arguments.get("event_hooks"), tasks=not threads)
        try:
            return kind(**arguments)
        except (TypeError, ValueError, AttributeError, LookupError, httpx.InvalidURL) as error:
            raise UsageError(f"httpx_args cannot be used: {type(error).__name__}") from None

    def sync_client(self) -> httpx.Client:
        """Return the httpx client for threads.

        Raises:
            UsageError: the caller's own client or transport is not one for threads, or is of another process.
        """
        if self._foreign:
            self._require_own_process()
        client = self._sync
        if client is not None and not client.is_closed:
            return client
        if self._given is not None:
            if not isinstance(self._given, httpx.Client):
                raise UsageError(
                    "http_client is an httpx.AsyncClient; calls without await need an httpx.Client"
                )
            return self._given
        self._require("handle_request")
        with self._lock:
            if self._sync is None or self._sync.is_closed:
                self._sync = self._made(httpx.Client)
            return self._sync

    def async_client(self) -> httpx.AsyncClient:
        """Return the httpx client for the event loop that runs.

        Connections belong to the loop that opened them, so another loop gets another client.

        Raises:
            UsageError: the caller's own client or transport is not one for tasks, or is of another process.
        """
        if self._foreign:
            self._require_own_process()
        loop = asyncio.get_running_loop()
        client = self._async.get(loop)
        if client is not None and not client.is_closed:
            return client
        if self._given is not None:
            if not isinstance(self._given, httpx.AsyncClient):
                raise UsageError("http_client is an httpx.Client; calls of `aio` need an httpx.AsyncClient")
            return self._given
        self._require("handle_async_request")
        with self._lock:
            # Those of loops that are over: they hold their loop, and nobody can close them any more.
            for over in [one for one in self._async if one.is_closed()]:
                del self._async[over]
            made = self._made(httpx.AsyncClient)
            self._async[loop] = made
            return made

    def _require(self, method: str) -> None:
        transport = self._arguments.get("transport")
        if transport is not None and not hasattr(transport, method):
            raise UsageError(f"the transport in httpx_args has no {method}")

    def _require_own_process(self) -> None:
        """Refuse to share the sockets of a transport of the caller's own with another process."""
        here = os.getpid()
        if self._used_in is None:
            self._used_in = here
        elif self._used_in != here:
            what = "http_client" if self._given is not None else "the transport in httpx_args"
            raise UsageError(
                f"{what} has connections of process {self._used_in}, and this is another one, where answers"
                " would be mixed up: make it, and the client, in each process"
            )

    def close(self) -> None:
        """Close the connections of the threads' side, and ask the event loop to close its own."""
        forks.notice()
        loop = running_loop()
        client = self._async.pop(loop, None) if loop is not None else None
        if client is not None:
            # The task must be held by somebody until it is done.
            closing = asyncio.ensure_future(client.aclose())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        if self._sync is not None:
            self._sync.close()

    async def aclose(self) -> None:
        """Close all connections; those of another event loop are left to it."""
        forks.notice()
        loop = running_loop()
        client = self._async.pop(loop, None) if loop is not None else None
        try:
            self.close()
        finally:
            if client is not None:
                await client.aclose()

    def request(
        self,
        client: httpx.Client | httpx.AsyncClient,
        method: str,
        url: str | httpx.URL,
        *,
        headers: dict[str, str],
        content: bytes | None,
        files: Any,
        timeout: dict[str, float | None],
    ) -> httpx.Request:
        """Return a request with these headers, and with what httpx_args ask for."""
        extensions = {"timeout": timeout}
        build = client.build_request if self._merged else httpx.Request
        request = build(method, url, headers=headers, content=content, files=files, extensions=extensions)
        if self._merged and client.params:
            # httpx 0.28 puts them in place of the call's own query.
            whole = httpx.URL(url)
            parts = [whole.query, str(client.params).encode()]
            request.url = whole.copy_with(query=b"&".join(part for part in parts if part))
        return request

    @property
    def agent(self) -> str | None:
        """The User-Agent that the caller has given to httpx, or None."""
        own = (
            self._given.headers if self._given is not None else httpx.Headers(self._arguments.get("headers"))
        )
        agent = own.get("user-agent")
        return None if agent is None or agent.startswith("python-httpx/") else agent


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that runs in this thread, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
