# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""POST /test-api-keys"""

from typing import Any

from ..._runtime import answers as _a
from ..._runtime import calls as _c
from ..._runtime import models as _m
from ..._table import TABLE as _TABLE
from ...client import Client
from ...models.error import Error
from ...models.error_response import ErrorResponse
from ...models.test_api_key_request import TestApiKeyRequest
from ...models.test_api_key_response import TestApiKeyResponse
from ...types import Response

_OPERATION = _TABLE.operations["create_test_api_key"]

_ANSWERS = _a.Answers(
    (200, 200, _a.Documented("json", _m.Nested(TestApiKeyResponse))),
    (400, 400, _a.Documented("json", _m.Nested(ErrorResponse))),
    (404, 404, _a.Documented("json", _m.Nested(ErrorResponse))),
    (409, 409, _a.Documented("json", _m.Nested(ErrorResponse))),
    (429, 429, _a.Documented("json", _m.Nested(ErrorResponse))),
    (503, 503, _a.Documented("json", _m.Nested(Error))),
)


def prepare(
    *,
    body: TestApiKeyRequest,
) -> _c.Call[TestApiKeyResponse]:
    """Return the call as a value, for `Client.send` and `Client.asend`."""
    return _c.Call(
        _OPERATION,
        _ANSWERS,
        body=_c.Body("json", "application/json", _m.Nested(TestApiKeyRequest), body),
    )


def sync_detailed(
    *,
    client: Client,
    body: TestApiKeyRequest,
) -> Response[TestApiKeyResponse | ErrorResponse | Error]:
    """Create or renew a test API key (Sandbox only)

    Public endpoint available only in non-production environments (Sandbox)
    to create or renew a test API key for a client identified by phone.

    Requirements:
    - The phone number must be registered in the Client Portal (EBC): https://my.novapost.com/
    - UA key generation is currently not supported

    Behavior:
    - If a key already exists and is Active, a repeated call within the same day
      will return the same key
    - If expired, the key will be reactivated with a new expiration date
    - If deleted by cleanup, a new key will be created
    - Only one active key is allowed per phone, limited to one request per day

    Next step:
    After receiving the apiKey, you must generate a temporary JWT by calling
    GET /clients/authorization
    (https://api-portal.novapost.com/novaposhta-docs/integration-guide/how-to-generate-a-jwt-token). The JWT
    is required for all authorized requests.

    Returns:
        Any documented answer, also one that means an error.

    Raises:
        StatusError: any undocumented status.
        TransportError: there is no whole answer.
        BodyError: the answer cannot be read, or does not fit the document.
        RefusedError: an argument cannot be sent, or the operation cannot be called from here.

    Source: POST /test-api-keys,
            https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi/stvorennya-api-klyucha.md
    """

    _call: _c.Call[Any] = prepare(body=body)
    # The frames of a traceback show their variables, and tracers record them.
    del body

    return client.send(_call, raw=True)


def sync(
    *,
    client: Client,
    body: TestApiKeyRequest,
) -> TestApiKeyResponse:
    """Create or renew a test API key (Sandbox only)

    Public endpoint available only in non-production environments (Sandbox)
    to create or renew a test API key for a client identified by phone.

    Requirements:
    - The phone number must be registered in the Client Portal (EBC): https://my.novapost.com/
    - UA key generation is currently not supported

    Behavior:
    - If a key already exists and is Active, a repeated call within the same day
      will return the same key
    - If expired, the key will be reactivated with a new expiration date
    - If deleted by cleanup, a new key will be created
    - Only one active key is allowed per phone, limited to one request per day

    Next step:
    After receiving the apiKey, you must generate a temporary JWT by calling
    GET /clients/authorization
    (https://api-portal.novapost.com/novaposhta-docs/integration-guide/how-to-generate-a-jwt-token). The JWT
    is required for all authorized requests.

    Raises:
        BadRequestError: 400 Validation error
        NotFoundError: 404 Client not found in EBC
        ConflictError: 409 Multiple matching clients found in EBC
        RateLimitError: 429 Daily limit exceeded for this user (one request per day)
        ServiceUnavailableError: 503 Connection time-out
        StatusError: any other status.
        TransportError: there is no whole answer.
        BodyError: the answer cannot be read, or does not fit the document.
        RefusedError: an argument cannot be sent, or the operation cannot be called from here.

    Source: POST /test-api-keys,
            https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi/stvorennya-api-klyucha.md
    """

    _call = prepare(body=body)
    # The frames of a traceback show their variables, and tracers record them.
    del body

    return client.send(_call).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: TestApiKeyRequest,
) -> Response[TestApiKeyResponse | ErrorResponse | Error]:
    """Do the same as `sync_detailed`, without blocking the event loop."""
    _call: _c.Call[Any] = prepare(body=body)
    # The frames of a traceback show their variables, and tracers record them.
    del body

    return await client.asend(_call, raw=True)


async def asyncio(
    *,
    client: Client,
    body: TestApiKeyRequest,
) -> TestApiKeyResponse:
    """Do the same as `sync`, without blocking the event loop."""
    _call = prepare(body=body)
    # The frames of a traceback show their variables, and tracers record them.
    del body

    return (await client.asend(_call)).parsed
