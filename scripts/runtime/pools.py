"""Pools made by their settings.

httpcore's own pools make the connections, through proxies and TLS, and are not used for more.
"""

from typing import Any

import httpcore

from .gate import AsyncGate, Gate
from .network import AsyncNetwork, Network
from .pool import AsyncPool, Pool
from .pool_settings import PoolSettings
from .stock import AsyncLine, Line, Stock


def make_pool(settings: PoolSettings) -> Pool:
    """Make a pool of threads."""
    kinds = (httpcore.ConnectionPool, httpcore.HTTPProxy, httpcore.SOCKSProxy)

    def connect(origin: httpcore.Origin) -> Line:
        network = Network()
        return Line(_factory(kinds, settings, network).create_connection(origin), network, origin)

    stock = Stock(connect, settings.kept, look=settings.http2 or settings.tls is not None)
    return Pool(stock, Gate(settings.places, late=httpcore.PoolTimeout))


def make_async_pool(settings: PoolSettings) -> AsyncPool:
    """Make a pool of one event loop."""
    kinds = (httpcore.AsyncConnectionPool, httpcore.AsyncHTTPProxy, httpcore.AsyncSOCKSProxy)

    def connect(origin: httpcore.Origin) -> AsyncLine:
        network = AsyncNetwork()
        return AsyncLine(_factory(kinds, settings, network).create_connection(origin), network, origin)

    stock = Stock(connect, settings.kept, look=settings.http2 or settings.tls is not None)
    return AsyncPool(stock, AsyncGate(settings.places, late=httpcore.PoolTimeout))


def _factory(kinds: tuple[Any, Any, Any], settings: PoolSettings, network: Any) -> Any:
    straight, proxied, socks = kinds
    options: dict[str, Any] = {
        "ssl_context": settings.tls,
        "keepalive_expiry": settings.expiry,
        "http1": settings.http1,
        "http2": settings.http2,
        "network_backend": network,
    }
    proxy = settings.proxy
    if proxy is None:
        return straight(**options)
    url = proxy.url
    address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/")
    options |= {"proxy_url": address, "proxy_auth": proxy.raw_auth}
    if url.scheme.startswith("socks"):
        return socks(**options)
    return proxied(**options, proxy_headers=proxy.headers.raw, proxy_ssl_context=proxy.ssl_context)
