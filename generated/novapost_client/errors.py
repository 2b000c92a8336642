# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The errors of this package. The docstring of `_runtime/errors.py` shows them as a tree."""

from ._runtime import errors as _tree
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

__doc__ = _tree.__doc__

__all__ = [
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
