# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Transports of our own: httpx' classes over our pool, made with every fault of their settings told by name.

They are subclasses of httpx.HTTPTransport and httpx.AsyncHTTPTransport, whose `handle_request` they keep: it
turns httpcore's answers and exceptions into httpx', and it is where respx, pytest-httpx and OpenTelemetry
take hold. Only the pool is another one, and `_pool` the one private name that is used.
"""

import importlib.util
import os
import ssl
from collections.abc import Mapping
from typing import Any

import httpcore
import httpx

from . import proxies
from .deadline import Backend
from .errors import UsageError
from .gate import AsyncGate, Gate
from .pool import AsyncPool, Pool, Stock

# How many connections at most, and how many are kept; httpx' own defaults.
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)
_NO_LIMIT = 1_000_000


class Transport(httpx.HTTPTransport):
    """The transport of threads."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool  # type: ignore[assignment]

    @property
    def pool(self) -> Pool:
        """Return its connections."""
        pool: Any = self._pool
        return pool  # type: ignore[no-any-return]


class AsyncTransport(httpx.AsyncHTTPTransport):
    """The transport of one event loop."""

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool  # type: ignore[assignment]

    @property
    def pool(self) -> AsyncPool:
        """Return its connections."""
        pool: Any = self._pool
        return pool  # type: ignore[no-any-return]


class _AsyncStream(httpcore.AsyncNetworkStream):
    """Close a connection when the handshake on it is cancelled; httpcore does so on errors alone."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.read = inner.read  # type: ignore[method-assign]
        self.write = inner.write  # type: ignore[method-assign]
        self.aclose = inner.aclose  # type: ignore[method-assign]
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            return _AsyncStream(await self._inner.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            await self._inner.aclose()
            raise


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    """asyncio's network."""

    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(self, *place: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._inner.connect_tcp(*place, **options))

    async def connect_unix_socket(self, *place: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._inner.connect_unix_socket(*place, **options))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class Plan:
    """How connections to one address are made, settled once and checked: proxy, TLS, limits.

    `arguments` are those of httpx.Client.

    Raises:
        UsageError: a setting or a variable of the environment cannot be used; it is named.
    """

    def __init__(self, base: httpx.URL, arguments: Mapping[str, Any]) -> None:
        self._arguments = arguments
        trust_env = arguments.get("trust_env", True)
        self._http1: bool = arguments.get("http1", True)
        self._http2: bool = arguments.get("http2", False)
        if self._http2 and not _has("h2"):
            raise UsageError("httpx_args['http2'] needs the package h2: pip install 'httpx[http2]'")
        if not (self._http1 or self._http2):
            raise UsageError("httpx_args['http1'] and ['http2'] are both off")
        self._limits = _limits(arguments.get("limits"))
        self.proxy, self.source = self._proxy(base, trust_env=trust_env)
        if trust_env:
            _check_files()
        # Without TLS on the way there is nothing to load, and loading takes longer than a hundred calls.
        needed = base.scheme == "https" or (self.proxy is not None and self.proxy.url.scheme == "https")
        self._tls = tls(arguments) if needed or arguments.get("verify", True) is not True else None

    def _proxy(self, base: httpx.URL, *, trust_env: bool) -> tuple[httpx.Proxy | None, str]:
        wanted, source = self._arguments.get("proxy"), "httpx_args['proxy']"
        proxy: httpx.Proxy | None = None
        if wanted is not None:
            try:
                proxy = proxies.given(wanted)
            except ValueError as error:
                raise UsageError(f"{source} {error}") from None
        elif trust_env:
            proxy, source = proxies.of_environment(base) or (None, "")
        if proxy is not None and proxy.url.scheme.startswith("socks") and not _has("socksio"):
            raise UsageError(
                f"{source} names a SOCKS proxy, which needs a package: pip install 'httpx[socks]'"
            )
        return proxy, source if proxy is not None else ""

    def transport(self, *, direct: bool = False) -> Transport:
        """Make a transport of threads; `direct` goes past the proxy."""
        factory = self._factory(
            httpcore.ConnectionPool, httpcore.HTTPProxy, httpcore.SOCKSProxy, direct=direct
        )
        make = factory(network_backend=Backend())
        stock = Stock(make.create_connection, self._kept, shared=self._http2)
        return Transport(Pool(stock, Gate(self._places)))

    def async_transport(self, *, direct: bool = False) -> AsyncTransport:
        """Make a transport of one event loop; `direct` goes past the proxy."""
        factory = self._factory(
            httpcore.AsyncConnectionPool, httpcore.AsyncHTTPProxy, httpcore.AsyncSOCKSProxy, direct=direct
        )
        make = factory(network_backend=_AsyncBackend())
        stock = Stock(make.create_connection, self._kept, shared=self._http2)
        return AsyncTransport(AsyncPool(stock, AsyncGate(self._places)))

    @property
    def _places(self) -> int:
        return _NO_LIMIT if self._limits.max_connections is None else self._limits.max_connections

    @property
    def _kept(self) -> int:
        kept = self._limits.max_keepalive_connections
        return self._places if kept is None else min(kept, self._places)

    def _factory(self, straight: Any, proxied: Any, socks: Any, *, direct: bool) -> Any:
        """Return what makes one of httpcore's pools, which makes connections, and is not used for more."""
        options: dict[str, Any] = {
            "ssl_context": self._tls,
            "keepalive_expiry": self._limits.keepalive_expiry,
            "http1": self._http1,
            "http2": self._http2,
        }
        proxy = None if direct else self.proxy
        if proxy is None:
            return lambda **more: straight(**options, **more)
        address = httpcore.URL(
            scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=b"/"
        )
        options |= {"proxy_url": address, "proxy_auth": proxy.raw_auth}
        if proxy.url.scheme.startswith("socks"):
            return lambda **more: socks(**options, **more)
        options |= {"proxy_headers": proxy.headers.raw, "proxy_ssl_context": proxy.ssl_context}
        return lambda **more: proxied(**options, **more)


def _has(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _limits(limits: httpx.Limits | None) -> httpx.Limits:
    if limits is None:
        return _LIMITS
    if limits.max_connections is not None and limits.max_connections < 1:
        raise UsageError("httpx_args['limits'] allows no connection at all")
    return limits


def _check_files() -> None:
    """Name a variable that leads nowhere; httpx names none, and accepts a folder that is none."""
    for name, exists in (("SSL_CERT_FILE", os.path.isfile), ("SSL_CERT_DIR", os.path.isdir)):
        path = os.environ.get(name)
        if path and not exists(path):
            raise UsageError(
                f"{name} names {'a folder' if name.endswith('DIR') else 'a file'} that is not there"
            )


def tls(arguments: Mapping[str, Any]) -> ssl.SSLContext:
    """Make the TLS context for the arguments of an httpx client.

    Raises:
        UsageError: a setting or a variable of the environment cannot be used; it is named.
    """
    wanted = {name: arguments[name] for name in ("verify", "cert", "trust_env") if name in arguments}
    try:
        return httpx.create_ssl_context(**wanted)
    except (OSError, ValueError, TypeError) as error:
        text = getattr(error, "strerror", None) or getattr(error, "reason", None) or type(error).__name__
        raise UsageError(f"{_culprit(wanted)} cannot be used: {text}") from None


def _culprit(wanted: Mapping[str, Any]) -> str:
    """Return the setting or variable that kept a TLS context from being made."""
    log = os.environ.get("SSLKEYLOGFILE")
    if log and wanted.get("verify", True) is not False and not _can(lambda fresh: _log_to(fresh, log)):
        return "SSLKEYLOGFILE"
    if wanted.get("cert"):
        return (
            "httpx_args['cert'] or ['verify']"
            if isinstance(wanted.get("verify"), str)
            else "httpx_args['cert']"
        )
    if wanted.get("verify", True) is not True:
        return "httpx_args['verify']"
    return "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"


def _log_to(context: ssl.SSLContext, path: str) -> None:
    context.keylog_filename = path


def _can(act: Any) -> bool:
    try:
        act(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    except (OSError, ValueError):
        return False
    return True
