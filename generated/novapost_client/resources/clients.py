# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The operations of clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.redaction import Hidden
from ..types import UNSET

if TYPE_CHECKING:
    from .._runtime.options import CallHeaders, CallTimeout
    from ..client import Client
    from ..models.authorization_response import AuthorizationResponse
    from ..types import Response, Unset


class ClientsResource:
    """The operations of clients."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def with_raw_response(self) -> ClientsRaw:
        """The same operations, which return the whole answer of a success, even if its body does not fit."""
        return ClientsRaw(self._client)

    def authorization(
        self,
        *,
        api_key: str | Unset = UNSET,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
    ) -> AuthorizationResponse:
        """Exchange an API key for a JWT

        Gives a temporary JWT, good for one hour, for an API key that is Active.

        Args:
            api_key: the parameter apiKey of the document. If it is left out, the client uses its own.
            timeout: seconds for this call, in place of the client's time-out
            headers: headers of this call, which replace the client's

        Raises:
            UnauthorizedError: 401 The key is unknown, expired or deleted
            UnprocessableError: 422 No key given
            ServiceUnavailableError: 503 Connection time-out
            StatusError: any other status.
            TransportError: there is no whole answer.
            BodyError: the answer cannot be read, or does not fit the document.
            RefusedError: an argument cannot be sent, or the operation cannot be called from here.

        Source: GET /clients/authorization,
                https://api-portal.novapost.com/novaposhta-docs/integration-guide/how-to-generate-a-jwt-token
        """

        from ..api.authorization import authorize_client as _operation

        _call = _operation.prepare(
            api_key=api_key,
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del api_key, headers

        return self._client.send(_call, timeout=timeout, headers=_headers).parsed


class ClientsRaw:
    """The operations of clients, which return the whole answer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def authorization(
        self,
        *,
        api_key: str | Unset = UNSET,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
    ) -> Response[AuthorizationResponse]:
        """Do the same as the method of this name, but return the whole answer. Reading `parsed` parses its body."""
        from ..api.authorization import authorize_client as _operation

        _call = _operation.prepare(
            api_key=api_key,
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del api_key, headers

        return self._client.send(_call, deferred=True, timeout=timeout, headers=_headers)


class AsyncClientsResource:
    """The operations of clients, without blocking the event loop."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def with_raw_response(self) -> AsyncClientsRaw:
        """The same operations, which return the whole answer of a success, even if its body does not fit."""
        return AsyncClientsRaw(self._client)

    async def authorization(
        self,
        *,
        api_key: str | Unset = UNSET,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
    ) -> AuthorizationResponse:
        """Exchange an API key for a JWT

        Gives a temporary JWT, good for one hour, for an API key that is Active.

        Args:
            api_key: the parameter apiKey of the document. If it is left out, the client uses its own.
            timeout: seconds for this call, in place of the client's time-out
            headers: headers of this call, which replace the client's

        Raises:
            UnauthorizedError: 401 The key is unknown, expired or deleted
            UnprocessableError: 422 No key given
            ServiceUnavailableError: 503 Connection time-out
            StatusError: any other status.
            TransportError: there is no whole answer.
            BodyError: the answer cannot be read, or does not fit the document.
            RefusedError: an argument cannot be sent, or the operation cannot be called from here.

        Source: GET /clients/authorization,
                https://api-portal.novapost.com/novaposhta-docs/integration-guide/how-to-generate-a-jwt-token
        """

        from ..api.authorization import authorize_client as _operation

        _call = _operation.prepare(
            api_key=api_key,
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del api_key, headers

        return (await self._client.asend(_call, timeout=timeout, headers=_headers)).parsed


class AsyncClientsRaw:
    """The operations of clients, which return the whole answer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def authorization(
        self,
        *,
        api_key: str | Unset = UNSET,
        timeout: CallTimeout = UNSET,
        headers: CallHeaders = None,
    ) -> Response[AuthorizationResponse]:
        """Do the same as the method of this name, but return the whole answer. Reading `parsed` parses its body."""
        from ..api.authorization import authorize_client as _operation

        _call = _operation.prepare(
            api_key=api_key,
        )
        # The frames of a traceback show their variables, and tracers record them.
        _headers = Hidden(headers)
        del api_key, headers

        return await self._client.asend(_call, deferred=True, timeout=timeout, headers=_headers)
