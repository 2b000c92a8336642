# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""GET /clients/authorization"""

from typing import Any

from ..._runtime import answers as _a
from ..._runtime import calls as _c
from ..._runtime import models as _m
from ..._runtime import parsing as _p
from ..._table import TABLE as _TABLE
from ...client import Client
from ...models.authorization_response import AuthorizationResponse
from ...models.error import Error
from ...types import UNSET, Response, Unset

_OPERATION = _TABLE.operations["authorize_client"]

_ANSWERS = _a.Answers(
    (200, 200, _a.Documented("json", _m.Nested(AuthorizationResponse))),
    (401, 401, _a.Documented("json", _m.Nested(Error))),
    (422, 422, _a.Documented("json", _m.Nested(Error))),
    (503, 503, _a.Documented("json", _m.Nested(Error))),
)


def prepare(
    *,
    api_key: str | Unset = UNSET,
) -> _c.Call[AuthorizationResponse]:
    """Return the call as a value, for `Client.send` and `Client.asend`."""
    return _c.Call(
        _OPERATION,
        _ANSWERS,
        query=(("apiKey", _p.TEXT, api_key),),
    )


def sync_detailed(
    *,
    client: Client,
    api_key: str | Unset = UNSET,
) -> Response[AuthorizationResponse | Error]:
    """Exchange an API key for a JWT

    Gives a temporary JWT, good for one hour, for an API key that is Active.

    Args:
        api_key: the parameter apiKey of the document. If it is left out, the client uses its own.

    Returns:
        Any documented answer, also one that means an error.

    Raises:
        StatusError: any undocumented status.
        TransportError: there is no whole answer.
        BodyError: the answer cannot be read, or does not fit the document.
        RefusedError: an argument cannot be sent, or the operation cannot be called from here.

    Source: GET /clients/authorization,
            https://api-portal.novapost.com/novaposhta-docs/integration-guide/how-to-generate-a-jwt-token
    """

    _call: _c.Call[Any] = prepare(
        api_key=api_key,
    )
    # The frames of a traceback show their variables, and tracers record them.
    del api_key

    return client.send(_call, raw=True)


def sync(
    *,
    client: Client,
    api_key: str | Unset = UNSET,
) -> AuthorizationResponse:
    """Exchange an API key for a JWT

    Gives a temporary JWT, good for one hour, for an API key that is Active.

    Args:
        api_key: the parameter apiKey of the document. If it is left out, the client uses its own.

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

    _call = prepare(
        api_key=api_key,
    )
    # The frames of a traceback show their variables, and tracers record them.
    del api_key

    return client.send(_call).parsed


async def asyncio_detailed(
    *,
    client: Client,
    api_key: str | Unset = UNSET,
) -> Response[AuthorizationResponse | Error]:
    """Do the same as `sync_detailed`, without blocking the event loop."""
    _call: _c.Call[Any] = prepare(
        api_key=api_key,
    )
    # The frames of a traceback show their variables, and tracers record them.
    del api_key

    return await client.asend(_call, raw=True)


async def asyncio(
    *,
    client: Client,
    api_key: str | Unset = UNSET,
) -> AuthorizationResponse:
    """Do the same as `sync`, without blocking the event loop."""
    _call = prepare(
        api_key=api_key,
    )
    # The frames of a traceback show their variables, and tracers record them.
    del api_key

    return (await client.asend(_call)).parsed
