# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The settings of a client, and the settings of a single call."""

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
    """The settings of a client. All are optional. A wrong name or type raises a UsageError at once.

    api_key: the key with which the client obtains tokens, if the document has an operation for that;
        otherwise the credential of the document's first scheme that needs only a key.
    token: a token that the client uses unchanged, instead of obtaining one.
    credentials: a credential for each scheme, by its name in the document.
    timeout: seconds for a whole call, repetitions included (default 60); or an httpx.Timeout for the single
        waits; or None for no limit of the whole call.
    retry: when calls are repeated; None switches repetitions off.
    limits: the largest answer that the client accepts.
    headers: headers of every request; their names are case-insensitive.
    environment: the environment of the address, if its host does not show it.
    allow_insecure: allow http to a host that is not this machine. If it is left out, the environment
        variable ..._ALLOW_INSECURE decides.
    token_store: a store with which several processes share a token: a `FileTokenStore`, or an object with
        the methods of `TokenStore`. Without it, each process obtains its own token.
    httpx_args: passed to httpx.Client and httpx.AsyncClient: transport, proxy, verify, cert, mounts ...
    http_client: your own httpx client in place of httpx_args: an httpx.Client for calls, or an
        httpx.AsyncClient for those of `aio`. The client uses it with its settings, and never closes it.
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
    """The settings of a single call.

    timeout: as in `Options`, for this call with its repetitions.
    headers: headers of this call; they replace those of the client, and its token. They are hidden, so that
        no frame of a traceback shows them.
    """

    timeout: CallTimeout
    headers: CallHeaders | Hidden[CallHeaders]
