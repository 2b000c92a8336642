# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What a pool of connections is made with, as plain values."""

import ssl

import httpx

_NO_LIMIT = 1_000_000


class PoolSettings:
    """How many connections there are, and how each is made.

    Attributes:
        places: how many connections there are at most.
        kept: how many are kept idle.
        expiry: seconds that an idle one is kept, or None for no end.
        http1, http2: the protocols that are offered.
        tls: the context for TLS, or None for httpcore's own.
        proxy: the proxy on the way, or None.
    """

    __slots__ = ("expiry", "http1", "http2", "kept", "places", "proxy", "tls")

    def __init__(
        self,
        limits: httpx.Limits,
        *,
        http1: bool,
        http2: bool,
        tls: ssl.SSLContext | None,
        proxy: httpx.Proxy | None,
    ) -> None:
        self.places = _NO_LIMIT if limits.max_connections is None else limits.max_connections
        kept = limits.max_keepalive_connections
        self.kept = self.places if kept is None else min(kept, self.places)
        self.expiry = limits.keepalive_expiry
        self.http1 = http1
        self.http2 = http2
        self.tls = tls
        self.proxy = proxy
