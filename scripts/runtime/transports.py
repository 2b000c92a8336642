"""Transports of our own: httpx' classes over our pool, made with every fault of their settings told by name.

They are subclasses of httpx.HTTPTransport and httpx.AsyncHTTPTransport, whose `handle_request` they keep: it
turns httpcore's answers and exceptions into httpx', and it is where respx, pytest-httpx and OpenTelemetry
take hold. Only the pool is another one, and `_pool` the one private name that is used.
"""

import importlib.util
import os
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

import httpx

from . import forks, proxies
from .errors import UsageError
from .pool_settings import PoolSettings

if TYPE_CHECKING:
    from .pool import AsyncPool, Pool

# How many connections at most, and how many are kept; httpx' own defaults.
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class Transport(httpx.HTTPTransport):
    """The transport of threads; its pool is made with the first request."""

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self._made: Pool | None = None
        self._lock = threading.Lock()

    @property
    def pool(self) -> "Pool":
        """Return its connections."""
        if self._made is None:
            # Loads httpcore, which takes longer than all the rest of a client.
            from .pools import make_pool

            with self._lock:
                if self._made is None:
                    self._made = make_pool(self._settings)
        return self._made

    _pool = pool  # type: ignore[assignment]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections, if there are any."""
        if self._made is not None:
            self._made.close()


class AsyncTransport(httpx.AsyncHTTPTransport):
    """The transport of one event loop; its pool is made with the first request."""

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self._made: AsyncPool | None = None

    @property
    def pool(self) -> "AsyncPool":
        """Return its connections."""
        if self._made is None:
            from .pools import make_async_pool

            self._made = make_async_pool(self._settings)
        return self._made

    _pool = pool  # type: ignore[assignment]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *ignored: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close its connections, if there are any."""
        if self._made is not None:
            await self._made.aclose()


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
        if self._http2:
            forks.need("httpcore._sync.http2", "httpcore._async.http2")
        if not (self._http1 or self._http2):
            raise UsageError("httpx_args['http1'] and ['http2'] are both off")
        self._limits = _limits(arguments.get("limits"))
        self._proxy, self.source = self._proxy_for(base, trust_env=trust_env)
        if trust_env:
            _check_files()
        # Without TLS on the way there is nothing to load, and loading takes longer than a hundred calls.
        needed = base.scheme == "https" or (self._proxy is not None and self._proxy.url.scheme == "https")
        self._tls = tls(arguments) if needed or arguments.get("verify", True) is not True else None

    def _proxy_for(self, base: httpx.URL, *, trust_env: bool) -> tuple[httpx.Proxy | None, str]:
        wanted, source = self._arguments.get("proxy"), "httpx_args['proxy']"
        proxy: httpx.Proxy | None = None
        if wanted is not None:
            try:
                proxy = proxies.given(wanted)
            except ValueError as error:
                raise UsageError(f"{source} {error}") from None
        elif trust_env:
            proxy, source = proxies.of_environment(base) or (None, "")
        if proxy is not None and proxy.url.scheme.startswith("socks"):
            if not _has("socksio"):
                raise UsageError(
                    f"{source} names a SOCKS proxy, which needs a package: pip install 'httpx[socks]'"
                )
            forks.need("httpcore._sync.socks_proxy", "httpcore._async.socks_proxy")
        return proxy, source if proxy is not None else ""

    def transport(self, *, direct: bool = False) -> Transport:
        """Make a transport of threads; `direct` goes past the proxy."""
        return Transport(self._settings(direct=direct))

    def async_transport(self, *, direct: bool = False) -> AsyncTransport:
        """Make a transport of one event loop; `direct` goes past the proxy."""
        return AsyncTransport(self._settings(direct=direct))

    def _settings(self, *, direct: bool) -> PoolSettings:
        proxy = None if direct else self._proxy
        return PoolSettings(self._limits, http1=self._http1, http2=self._http2, tls=self._tls, proxy=proxy)


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


def _can(act: Callable[[ssl.SSLContext], object]) -> bool:
    try:
        act(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    except (OSError, ValueError):
        return False
    return True
