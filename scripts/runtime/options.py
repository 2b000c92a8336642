"""The settings of a client, and what a single call can have otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

if TYPE_CHECKING:
    import httpx

    from .limits import Limits
    from .redaction import Hidden
    from .retry import Retry
    from .token_store import TokenStore
    from .values import Unset

    # What a method takes for one call; `timeout` left out is the client's own.
    CallTimeout: TypeAlias = float | httpx.Timeout | None | Unset
    CallHeaders: TypeAlias = Mapping[str, str] | None


class Options(TypedDict, total=False):
    """The settings of a client; every one can be left out. A wrong name or type is a UsageError at once.

    api_key: the key that buys tokens, where the document has an operation for that; else the credential
        of its first scheme that is a bare key.
    token: a token to use as it is, instead of obtaining one.
    credentials: a credential for each scheme, by its name in the document.
    timeout: seconds for a whole call, repetitions included (default 60); or an httpx.Timeout for the single
        waits; or None for no bound on the whole.
    retry: when calls are repeated; None switches repetition off.
    limits: how much of an answer is taken.
    headers: headers to send with every request; a name is the same in any case.
    environment: the environment that the address belongs to, where its host does not tell.
    allow_insecure: take http to a host that is not this machine. Left out, the environment variable
        ..._ALLOW_INSECURE decides.
    token_store: where tokens are kept so that several processes share one, a `FileTokenStore` or an object
        with the methods of `TokenStore`; left out, each process obtains its own.
    httpx_args: passed to httpx.Client and httpx.AsyncClient: transport, proxy, verify, cert, mounts ...
    http_client: an httpx client of your own, instead: an httpx.Client for calls, or an httpx.AsyncClient for
        those of `aio`. It is used as it is, and never closed.
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
    http_client: httpx.Client | httpx.AsyncClient | None


class PerCall(TypedDict, total=False):
    """What a single call can have otherwise than its client.

    timeout: as in `Options`, for this call with its repetitions.
    headers: headers of this call; they win over those of the client, and over its token. Hidden, no frame of
        a traceback shows them.
    """

    timeout: CallTimeout
    headers: CallHeaders | Hidden[CallHeaders]
