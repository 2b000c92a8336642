"""Does the generated client understand every answer that the target can give, sync and async alike?"""

import asyncio
import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.checks import KEYS, TOKENS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.strategies import fictional
from contract_tests.session.recorded_transport import RecordedTransport
from contract_tests.target.exchange import Received
from novapost_client import CallTimeoutError, Client, EnvironmentMismatchError, Retry, models
from novapost_client.api.authorization import authorize_client, create_test_api_key
from novapost_client.types import Response

PHONE = fictional(200)
KEY_TYPES = {
    200: models.TestApiKeyResponse,
    **dict.fromkeys((400, 404, 409, 429), models.ErrorResponse),
    503: models.Error,
}
JWT_TYPES = {200: models.AuthorizationResponse, 401: models.Error, 422: models.Error, 503: models.Error}


@pytest.fixture
def client(api: Api) -> Iterator[Client]:
    """Return the generated client, whose calls to the target are recorded and checked."""
    watched = {"transport": RecordedTransport(api), "trust_env": False}
    # Each answer once: a repetition after 503 would only wait.
    with Client(base_url=api.target.base_url, retry=Retry(attempts=1), httpx_args=watched) as client:
        yield client


Asks = Callable[[Client, str], Response[Any]]


def call_key(asking: Client, how: str) -> Response[Any]:
    """Send `POST /test-api-keys` through the client."""
    body = models.TestApiKeyRequest(phone=PHONE)
    if how == "sync":
        with asking:
            return create_test_api_key.sync_detailed(client=asking, body=body)

    async def call() -> Response[Any]:
        async with asking:
            return await create_test_api_key.asyncio_detailed(client=asking, body=body)

    return asyncio.run(call())


def call_jwt(asking: Client, how: str) -> Response[Any]:
    """Send `GET /clients/authorization` through the client."""
    if how == "sync":
        with asking:
            return authorize_client.sync_detailed(client=asking, api_key="0" * 40)

    async def call() -> Response[Any]:
        async with asking:
            return await authorize_client.asyncio_detailed(client=asking, api_key="0" * 40)

    return asyncio.run(call())


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("status", KEY_TYPES)
def test_every_answer_about_a_key_is_understood(
    status: int, how: str, client: Client, api: Api, control: KeysControl
) -> None:
    """Parsed to the documented type, and what is parsed writes back to the same JSON."""
    _understood(api, client, call_key, status, how, KEY_TYPES[status], KEYS)


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("status", JWT_TYPES)
def test_every_answer_about_a_jwt_is_understood(
    status: int, how: str, client: Client, api: Api, control: KeysControl
) -> None:
    """Parsed to the documented type, and what is parsed writes back to the same JSON."""
    _understood(api, client, call_jwt, status, how, JWT_TYPES[status], TOKENS)


def test_a_key_travels_from_one_call_to_the_next(client: Client, api: Api, control: KeysControl) -> None:
    """What an integrator does first: phone to key, key to JWT."""
    control.register(PHONE)

    key = create_test_api_key.sync(client=client, body=models.TestApiKeyRequest(phone=PHONE))
    assert isinstance(key, models.TestApiKeyResponse)
    jwt = authorize_client.sync(client=client, api_key=key.api_key)

    assert isinstance(jwt, models.AuthorizationResponse)


@pytest.mark.rule("sandbox-only")
@pytest.mark.parametrize("how", ["sync", "async"])
def test_production_is_never_asked_for_a_sandbox_key(how: str) -> None:
    """The operation exists only outside production, so the client refuses before anything is sent."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(404)

    with Client.production(httpx_args={"transport": httpx.MockTransport(answer)}) as client:
        if how == "sync":
            with pytest.raises(EnvironmentMismatchError):
                client.test_api_keys.create(phone=PHONE)
        else:
            with pytest.raises(EnvironmentMismatchError):
                asyncio.run(client.aio.test_api_keys.create(phone=PHONE))
    assert sent == []


def test_no_answer_is_an_error_of_httpx(api: Api) -> None:
    """A time-out is raised as one of the client's own errors, not turned into an answer."""

    def stall(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("stalled", request=request)

    with (
        Client(base_url="http://127.0.0.1/", httpx_args={"transport": httpx.MockTransport(stall)}) as client,
        pytest.raises(CallTimeoutError),
    ):
        create_test_api_key.sync(client=client, body=models.TestApiKeyRequest(phone=PHONE))


def _understood(api: Api, client: Client, call: Asks, status: int, how: str, wanted: type, path: str) -> None:
    operation = api.contract.find("POST" if path == KEYS else "GET", path)
    assert operation is not None
    answers: list[Response[Any]] = []

    def ask(headers: dict[str, str]) -> Received:
        answers.append(answer := call(client.with_headers(headers), how))
        return Received(int(answer.status_code), dict(answer.headers), answer.content)

    api.provoke(operation, status, ask)
    answer = answers[-1]
    api.expect(
        answer.status_code == HTTPStatus(status),
        "client-understands",
        f"{int(answer.status_code)} where Prefer asked for {status}",
        path,
    )
    api.expect(
        isinstance(answer.parsed, wanted),
        "client-understands",
        f"{status} became {type(answer.parsed).__name__}, not {wanted.__name__}",
        path,
    )
    assert answer.parsed is not None
    written = answer.parsed.to_dict()
    sent = json.loads(answer.content)
    for name in ("createdAt", "expDate"):
        # The same moment may be written with other digits.
        written.pop(name, None)
        sent.pop(name, None)
    api.expect(written == sent, "client-understands", f"the body of {status} did not survive parsing", path)
