# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The operations of test_api_keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.redaction import Hidden
from ..types import UNSET

if TYPE_CHECKING:
    from .._runtime.options import CallHeaders, CallTimeout
    from ..client import Client
    from ..models.test_api_key_response import TestApiKeyResponse
    from ..types import Response


class TestApiKeysResource:
    """The operations of test_api_keys."""

    __test__ = False

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def with_raw_response(self) -> TestApiKeysRaw:
        """The same operations, which return the whole answer of a success, even if its body does not fit."""
        return TestApiKeysRaw(self._client)

    def create(
        self,
        *,
        phone: str,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
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
        (https://api-portal.novapost.com/novaposhta-docs/integration-guide/how-to-generate-a-jwt-token). The
        JWT is required for all authorized requests.

        Args:
            phone: Phone number registered in EBC. Format like 49XXXXXXXXX (no '+'). UA keys generation is
                currently not supported.
            timeout: seconds for this call, in place of the client's time-out
            headers: headers of this call, which replace the client's

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

        from ..api.authorization import create_test_api_key as _operation
        from ..models.test_api_key_request import TestApiKeyRequest as _Body

        _call = _operation.prepare(
            body=_Body(
                phone=phone,
            )
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del phone, headers

        return self._client.send(_call, timeout=timeout, headers=_headers).parsed


class TestApiKeysRaw:
    """The operations of test_api_keys, which return the whole answer."""

    __test__ = False

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self,
        *,
        phone: str,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
    ) -> Response[TestApiKeyResponse]:
        """Do the same as the method of this name, but return the whole answer. Reading `parsed` parses its body."""
        from ..api.authorization import create_test_api_key as _operation
        from ..models.test_api_key_request import TestApiKeyRequest as _Body

        _call = _operation.prepare(
            body=_Body(
                phone=phone,
            )
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del phone, headers

        return self._client.send(_call, deferred=True, timeout=timeout, headers=_headers)


class AsyncTestApiKeysResource:
    """The operations of test_api_keys, without blocking the event loop."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def with_raw_response(self) -> AsyncTestApiKeysRaw:
        """The same operations, which return the whole answer of a success, even if its body does not fit."""
        return AsyncTestApiKeysRaw(self._client)

    async def create(
        self,
        *,
        phone: str,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
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
        (https://api-portal.novapost.com/novaposhta-docs/integration-guide/how-to-generate-a-jwt-token). The
        JWT is required for all authorized requests.

        Args:
            phone: Phone number registered in EBC. Format like 49XXXXXXXXX (no '+'). UA keys generation is
                currently not supported.
            timeout: seconds for this call, in place of the client's time-out
            headers: headers of this call, which replace the client's

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

        from ..api.authorization import create_test_api_key as _operation
        from ..models.test_api_key_request import TestApiKeyRequest as _Body

        _call = _operation.prepare(
            body=_Body(
                phone=phone,
            )
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del phone, headers

        return (await self._client.asend(_call, timeout=timeout, headers=_headers)).parsed


class AsyncTestApiKeysRaw:
    """The operations of test_api_keys, which return the whole answer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(
        self,
        *,
        phone: str,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
    ) -> Response[TestApiKeyResponse]:
        """Do the same as the method of this name, but return the whole answer. Reading `parsed` parses its body."""
        from ..api.authorization import create_test_api_key as _operation
        from ..models.test_api_key_request import TestApiKeyRequest as _Body

        _call = _operation.prepare(
            body=_Body(
                phone=phone,
            )
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del phone, headers

        return await self._client.asend(_call, deferred=True, timeout=timeout, headers=_headers)
