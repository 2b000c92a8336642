# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Contains all the data models used in inputs/outputs"""

from .authorization_response import AuthorizationResponse
from .error import Error
from .error_errors import ErrorErrors
from .error_response import ErrorResponse
from .test_api_key_request import TestApiKeyRequest
from .test_api_key_response import TestApiKeyResponse
from .test_api_key_response_status import TestApiKeyResponseStatus

__all__ = (
    "AuthorizationResponse",
    "Error",
    "ErrorErrors",
    "ErrorResponse",
    "TestApiKeyRequest",
    "TestApiKeyResponse",
    "TestApiKeyResponseStatus",
)
