# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""All models. Each is loaded when it is first used."""

from typing import TYPE_CHECKING, Any

from .._runtime import lazy as _lazy

if TYPE_CHECKING:
    from .authorization_response import AuthorizationResponse
    from .error import Error
    from .error_errors import ErrorErrors
    from .error_response import ErrorResponse
    from .test_api_key_request import TestApiKeyRequest
    from .test_api_key_response import TestApiKeyResponse
    from .test_api_key_response_status import TestApiKeyResponseStatus

_HOME = {
    "AuthorizationResponse": "authorization_response",
    "Error": "error",
    "ErrorErrors": "error_errors",
    "ErrorResponse": "error_response",
    "TestApiKeyRequest": "test_api_key_request",
    "TestApiKeyResponse": "test_api_key_response",
    "TestApiKeyResponseStatus": "test_api_key_response_status",
}

__all__ = [
    "AuthorizationResponse",
    "Error",
    "ErrorErrors",
    "ErrorResponse",
    "TestApiKeyRequest",
    "TestApiKeyResponse",
    "TestApiKeyResponseStatus",
]


def __getattr__(name: str) -> Any:
    return _lazy.load(__name__, _HOME, name)


def __dir__() -> list[str]:
    return _lazy.names(__name__, __all__)
