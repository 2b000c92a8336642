# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""A client library for accessing API Nova Post

    from novapost_client import Client

Each part is loaded when it is first used, so importing this package is fast.
"""

from typing import TYPE_CHECKING, Any

from ._runtime import lazy as _lazy

if TYPE_CHECKING:
    from ._runtime.errors import (
        BadRequestError,
        BodyError,
        BodyMismatchError,
        BodyTooLargeError,
        CallTimeoutError,
        ClientError,
        ConflictError,
        ConnectionFailedError,
        EnvironmentMismatchError,
        ForbiddenError,
        InsecureAddressError,
        NotFoundError,
        ProtocolError,
        RateLimitError,
        RedirectError,
        RefusedError,
        ServerError,
        ServiceUnavailableError,
        StatusError,
        TransportError,
        UnauthorizedError,
        UndecodableBodyError,
        UnexpectedStatusError,
        UnprocessableError,
        UsageError,
    )
    from ._runtime.limits import Limits
    from ._runtime.options import Options
    from ._runtime.retry import Retry
    from ._runtime.token_store import FileTokenStore, StoredToken, TokenStore
    from ._runtime.values import UNSET, File, Response, Unset
    from .client import Client

_HOME = {
    "Client": "client",
    "File": "_runtime.values",
    "FileTokenStore": "_runtime.token_store",
    "Limits": "_runtime.limits",
    "Options": "_runtime.options",
    "Response": "_runtime.values",
    "Retry": "_runtime.retry",
    "StoredToken": "_runtime.token_store",
    "TokenStore": "_runtime.token_store",
    "UNSET": "_runtime.values",
    "Unset": "_runtime.values",
    "BadRequestError": "_runtime.errors",
    "BodyError": "_runtime.errors",
    "BodyMismatchError": "_runtime.errors",
    "BodyTooLargeError": "_runtime.errors",
    "CallTimeoutError": "_runtime.errors",
    "ClientError": "_runtime.errors",
    "ConflictError": "_runtime.errors",
    "ConnectionFailedError": "_runtime.errors",
    "EnvironmentMismatchError": "_runtime.errors",
    "ForbiddenError": "_runtime.errors",
    "InsecureAddressError": "_runtime.errors",
    "NotFoundError": "_runtime.errors",
    "ProtocolError": "_runtime.errors",
    "RateLimitError": "_runtime.errors",
    "RedirectError": "_runtime.errors",
    "RefusedError": "_runtime.errors",
    "ServerError": "_runtime.errors",
    "ServiceUnavailableError": "_runtime.errors",
    "StatusError": "_runtime.errors",
    "TransportError": "_runtime.errors",
    "UnauthorizedError": "_runtime.errors",
    "UndecodableBodyError": "_runtime.errors",
    "UnexpectedStatusError": "_runtime.errors",
    "UnprocessableError": "_runtime.errors",
    "UsageError": "_runtime.errors",
}

__version__ = "0.1.0"

__all__ = [
    "UNSET",
    "Client",
    "File",
    "FileTokenStore",
    "Limits",
    "Options",
    "Response",
    "Retry",
    "StoredToken",
    "TokenStore",
    "Unset",
    "BadRequestError",
    "BodyError",
    "BodyMismatchError",
    "BodyTooLargeError",
    "CallTimeoutError",
    "ClientError",
    "ConflictError",
    "ConnectionFailedError",
    "EnvironmentMismatchError",
    "ForbiddenError",
    "InsecureAddressError",
    "NotFoundError",
    "ProtocolError",
    "RateLimitError",
    "RedirectError",
    "RefusedError",
    "ServerError",
    "ServiceUnavailableError",
    "StatusError",
    "TransportError",
    "UnauthorizedError",
    "UndecodableBodyError",
    "UnexpectedStatusError",
    "UnprocessableError",
    "UsageError",
]


def __getattr__(name: str) -> Any:
    return _lazy.load(__name__, _HOME, name)


def __dir__() -> list[str]:
    return _lazy.names(__name__, __all__)
