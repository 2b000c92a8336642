"""Is a phone itself and nothing else: not its beginning, not its end, not what a header says?"""

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.checks import KEYS, TOKENS
from contract_tests.novapost.knowledge.stage import KeysStage as Stage
from contract_tests.novapost.knowledge.steps import DAY, OTHER, PHONE, buys_a_jwt, given_again, given_key
from contract_tests.novapost.knowledge.strategies import LONGEST, MORNING, fictional
from contract_tests.principles.guessing import Made, guessable
from contract_tests.target.exchange import Received

# What two requests of two clients may have in common, by chance or because one proxy adds it.
IN_COMMON = {
    "Cookie": "session=0123456789abcdef",
    "X-Request-Id": "7",
    "X-Correlation-Id": "7",
    "Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    "Authorization": "nonsense",
    "User-Agent": "integrator/1.0",
    "X-Forwarded-For": "198.51.100.1",
    "If-None-Match": '"7"',
    "Cache-Control": "max-age=60",
}


def _alike() -> list[str]:
    """Return phones that differ in one digit each, at every place behind the code that nobody has."""
    changed = [
        f"{LONGEST[:at]}{(int(LONGEST[at]) + 1) % 10}{LONGEST[at + 1 :]}" for at in range(3, len(LONGEST))
    ]
    # The same end behind another code, and beginnings of the longest.
    return [LONGEST, *changed, f"210{LONGEST[3:]}", *(LONGEST[:length] for length in range(8, len(LONGEST)))]


@pytest.mark.rule("one-active", "registered-phone")
def test_phones_that_differ_in_one_digit_are_two(api: Api, morning: Stage) -> None:
    """At whichever place: a table by the last nine digits, or by a number that is too small, mixes two up."""
    phones, given = _alike(), {}
    for phone in phones:
        morning.register(phone)
        given[phone] = given_key(api, phone, rule="one-active")
    api.expect(
        len({key["apiKey"] for key in given.values()}) == len(phones), "one-active", "two phones share a key"
    )
    morning.cleanup(LONGEST)
    for phone in phones[1:]:
        given_again(api, given[phone], phone, rule="one-active")
        buys_a_jwt(api, given[phone]["apiKey"], rule="one-active")


@pytest.mark.rule("one-active", "jwt")
@pytest.mark.parametrize("name", IN_COMMON)
def test_a_header_in_common_makes_nobody_one(name: str, api: Api, morning: Stage) -> None:
    """A cache that goes by a cookie or by an id of a request gives one client what another one was given."""
    headers = {name: IN_COMMON[name]}
    keys = []
    for phone in (PHONE, OTHER):
        answer = api.ask(phone, headers=headers)
        if name == "Idempotency-Key" and answer.status in (400, 409, 422):
            pytest.skip("the target knows idempotency keys, and refuses one for another request")
        api.expect(answer.status == 200, "equal-requests", f"{answer.status} with {name} in common")
        keys.append(answer.json()["apiKey"])
    api.expect(keys[0] != keys[1], "one-active", f"two phones with one {name} share a key")
    jwts = [_token(api, key, name, headers) for key in keys]
    api.expect(jwts[0] != jwts[1], "jwt", f"two keys with one {name} share a token", TOKENS)
    stranger: Received = api.ask(fictional(2), headers=headers)
    api.expect(stranger.status == 404, "registered-phone", f"{stranger.status} with {name} in common", KEYS)


def _token(api: Api, key: str, name: str, headers: dict[str, str]) -> str:
    answer = api.authorize(key, headers=headers)
    api.expect(answer.status == 200, "jwt", f"{answer.status} with {name} in common", TOKENS)
    return str(answer.json()["jwt"])


@pytest.mark.rule("cleaned-new")
def test_the_next_key_of_a_phone_cannot_be_guessed(api: Api, morning: Stage) -> None:
    """Who had a key that was cleaned up must not know anything of the next one."""
    made = []
    for _ in range(3):
        for phone in (PHONE, OTHER):
            key = given_key(api, phone, rule="cleaned-new")["apiKey"]
            made.append(Made(key, (phone, f"{MORNING:%Y-%m-%d}")))
            morning.cleanup(phone)
        morning.advance(DAY)
    for told in guessable(made):
        api.expect(False, "keys-cannot-be-guessed", told)
