"""What can be proven without the control API? All of it may be asked of the sandbox."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.daily_limit import GIVEN_UP_BY_STRICT
from contract_tests.novapost.knowledge.steps import buys_a_jwt, refused
from contract_tests.novapost.knowledge.strategies import (
    NO_JSON,
    NO_PHONES,
    NO_REQUESTS,
    fictional,
    fictional_german,
)
from contract_tests.sandbox.phone_scan import phone_like
from contract_tests.sandbox.phones import is_nobodys
from contract_tests.session.recorded_transport import RecordedTransport
from novapost_client import Client, NotFoundError, ServiceUnavailableError, UnauthorizedError

OWN = fictional(500)
STRANGERS = (fictional(501), fictional_german(501), "99900000501")


def _polite(text: str) -> bool:
    """Tell whether a guest may send a text, which it may not if digits in it could be somebody's phone."""
    return all(is_nobodys(digits) for digits in phone_like(text.encode()))


ODD_PHONES = [text for text in NO_PHONES if _polite(text)][:12]
ODD_BODIES = [body for body in NO_REQUESTS if _polite(repr(body))][:10]
ODD_JSON = {name: NO_JSON[name] for name in ("empty", "cut short", "single quotes", "trailing comma")}


@pytest.fixture
def own_phone(api: Api, shared_control: KeysControl | None) -> str:
    """Return a phone of exactly one client: registered through the control API, else the user's own phone."""
    if shared_control is None:
        if api.target.phone is None:
            pytest.skip("no PHONE is set, so no phone is known to be registered")
        return api.target.phone
    api.calls.begin()
    shared_control.reset()
    shared_control.register(OWN)
    return OWN


@pytest.fixture
def client(api: Api) -> Iterator[Client]:
    """Return the generated client, whose calls to the target are recorded and checked."""
    watched = {"transport": RecordedTransport(api), "trust_env": False}
    with Client(base_url=api.target.base_url, httpx_args=watched) as client:
        yield client


@pytest.mark.guest(requests=9)
@pytest.mark.rule("jwt")
def test_the_testers_own_phone(api: Api, own_phone: str, shared_control: KeysControl | None) -> None:
    """One issuing and one repeat show a day of a key's life, and how the limit is read."""
    first = api.ask(own_phone)
    if first.status in (404, 409, 429) and shared_control is None:
        pytest.skip(f"PHONE gets no key today: the target answered {first.status}")
    api.expect(first.status == 200, "registered-phone", f"{first.status} where a key was due")
    key = first.json()
    buys_a_jwt(api, key["apiKey"], rule="jwt")

    again = api.ask(own_phone)

    api.expect(
        again.status in (200, 429), "same-day-same-key", f"{again.status} for a repeat of the same day"
    )
    if again.status == 200:
        api.expect(again.json() == key, "same-day-same-key", "the answer changed within the day")
        api.observations.rules.ended(["same-day-same-key"], "passed")
    else:
        api.observations.rules.contradicted(GIVEN_UP_BY_STRICT)
    api.observations.rules.ended(["daily-limit"], "passed")
    buys_a_jwt(api, key["apiKey"], rule="jwt")
    changed = key["apiKey"][:-1] + ("0" if key["apiKey"][-1] != "0" else "1")
    if _polite(changed):
        refused(api, api.authorize(changed), 401, "jwt")


@pytest.mark.guest(requests=3)
@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize("phone", STRANGERS)
def test_a_phone_of_nobody_is_not_found(phone: str, api: Api) -> None:
    """No client has a number that belongs to nobody."""
    refused(api, api.ask(phone), 404, "registered-phone")


@pytest.mark.guest(requests=3)
@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("phone", ODD_PHONES, ids=ascii)
def test_a_text_that_is_no_phone_is_refused(phone: str, api: Api) -> None:
    """400 tells a typing error from a phone that is not registered."""
    refused(api, api.ask(phone), 400, "phone-format")


@pytest.mark.guest(requests=3)
@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("body", ODD_BODIES, ids=ascii)
def test_json_that_is_no_request_is_refused(body: object, api: Api) -> None:
    """Exactly one property, phone, and it is a text."""
    # Not json=: that sends nothing at all for null.
    content, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    refused(api, api.send("POST", "/test-api-keys", content=content, headers=headers), 400, "phone-format")


@pytest.mark.guest(requests=3)
@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("body", ODD_JSON.values(), ids=ODD_JSON)
def test_what_is_not_json_is_refused(body: bytes, api: Api) -> None:
    """An error that says so, not a failure of the server."""
    headers = {"Content-Type": "application/json"}
    refused(api, api.send("POST", "/test-api-keys", content=body, headers=headers), 400, "phone-format")


@pytest.mark.guest(requests=3)
@pytest.mark.rule("jwt")
@pytest.mark.parametrize("key", ["0" * 40, "0" * 32, "keyofnobody", "a" * 40])
def test_a_made_up_key_buys_nothing(key: str, api: Api) -> None:
    """401 for a key that was never given."""
    refused(api, api.authorize(key), 401, "jwt")


@pytest.mark.guest(requests=3)
@pytest.mark.rule("jwt")
@pytest.mark.parametrize("params", [{}, {"apiKey": ""}, {"key": "0" * 40}], ids=["none", "empty", "other"])
def test_without_a_key_422_says_so(params: dict[str, str], api: Api) -> None:
    """401 would send people looking at a key that they did not send."""
    refused(api, api.send("GET", "/clients/authorization", params=params), 422, "jwt")


@pytest.mark.guest(requests=6)
@pytest.mark.rule("public")
def test_a_header_left_over_changes_nothing(api: Api) -> None:
    """Both operations are public: what is asked with an Authorization header is answered as without."""
    headers = {"Authorization": "nonsense"}
    refused(api, api.ask(STRANGERS[0], headers=headers), 404, "public")
    refused(api, api.authorize("0" * 40, headers=headers), 401, "public")


@pytest.mark.guest(requests=3)
@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/test-api-keys"), ("DELETE", "/clients/authorization"), ("GET", "/nothing")],
)
def test_what_is_not_documented_is_refused(method: str, path: str, api: Api) -> None:
    """405 for a method, or 404; 404 for a path. `status-is-documented` judges it."""
    api.send(method, path)


@pytest.mark.guest(requests=8)
@pytest.mark.rule("registered-phone", "jwt")
def test_the_client_raises_what_the_target_says(client: Client, api: Api) -> None:
    """The errors of a real server become the client's own, sync and async."""

    async def asked() -> None:
        async with client:
            with pytest.raises(NotFoundError):
                await client.aio.test_api_keys.create(phone=STRANGERS[1])

    try:
        with pytest.raises(NotFoundError):
            client.test_api_keys.create(phone=STRANGERS[1])
        with pytest.raises(UnauthorizedError):
            client.clients.authorization(api_key="0" * 40)
        asyncio.run(asked())
    except ServiceUnavailableError:
        pytest.skip("the target answered with the documented 503")
