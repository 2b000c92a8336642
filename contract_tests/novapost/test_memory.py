"""Does the target remember many phones, and many renewals of one?"""

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.checks import TOKENS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.steps import DAY, buys_a_jwt, given_again, given_key
from contract_tests.novapost.knowledge.strategies import MORNING, fictional
from contract_tests.principles.guessing import Made, guessable, signed_with_a_word

# More than any table, cache or pool of a small server holds.
PHONES = 260
# Of the first phones so many are asked for again, and of one phone the key is renewed so often.
AGAIN, RENEWALS = 40, 24


@pytest.mark.rule("same-day-same-key", "one-active", "registered-phone")
def test_many_phones_keep_their_keys(api: Api, control: KeysControl) -> None:
    """A sandbox serves more than a dozen integrators; the first must not be forgotten for the last."""
    control.begin_at(MORNING)
    phones = [fictional(n) for n in range(1000, 1000 + PHONES)]
    keys = {}
    for phone in phones:
        control.register(phone)
        keys[phone] = given_key(api, phone, rule="same-day-same-key")
    for phone in phones[:AGAIN]:
        given_again(api, keys[phone], phone, rule="same-day-same-key")
        buys_a_jwt(api, keys[phone]["apiKey"], rule="jwt")
    api.observations.covered["phones"] = max(api.observations.covered["phones"], PHONES)
    made = [
        Made(keys[phone]["apiKey"], (phone, f"{MORNING:%Y-%m-%d}", f"{MORNING:%Y%m%d}")) for phone in phones
    ]
    for told in guessable(made):
        api.expect(False, "keys-cannot-be-guessed", told)


@pytest.mark.rule("later-day-renews")
def test_many_renewals_of_one_key(api: Api, control: KeysControl) -> None:
    """A key that is asked for each day lives for years, and stays the same key."""
    control.begin_at(MORNING)
    phone = fictional(990)
    control.register(phone)
    first = given_key(api, phone, rule="later-day-renews")
    for _ in range(RENEWALS):
        control.advance(DAY)
        again = given_key(api, phone, rule="later-day-renews")
        for name in ("apiKey", "createdAt"):
            api.expect(again[name] == first[name], "later-day-renews", f"{name} changed with the renewal")
    buys_a_jwt(api, first["apiKey"], rule="jwt")
    api.observations.covered["renewals"] = max(api.observations.covered["renewals"], RENEWALS)


@pytest.mark.rule("jwt")
def test_tokens_cannot_be_guessed(api: Api, control: KeysControl) -> None:
    """Who knows a phone, its key or another token must not know this one."""
    control.begin_at(MORNING)
    made = []
    for number in range(20):
        phone = fictional(1400 + number)
        control.register(phone)
        key = given_key(api, phone, rule="jwt")["apiKey"]
        answer = api.authorize(key)
        api.expect(
            answer.status == 200, "jwt", f"{answer.status} where a token was due", "/clients/authorization"
        )
        api.expect(
            not signed_with_a_word(answer.json()["jwt"], (phone, key)),
            "tokens-cannot-be-guessed",
            "a token is signed with a word that anybody would try first: whoever does makes tokens of others",
            TOKENS,
        )
        seal = answer.json()["jwt"].rpartition(".")[2]
        made.append(Made(seal, (phone, key, f"{MORNING:%Y-%m-%d}")))
    for told in guessable(made):
        api.expect(False, "tokens-cannot-be-guessed", told, TOKENS)


@pytest.mark.rule("cleaned-new")
def test_the_next_key_of_a_phone_cannot_be_guessed(api: Api, control: KeysControl) -> None:
    """Who had a key that was cleaned up must not know anything of the next one."""
    control.begin_at(MORNING)
    phones = [fictional(1500), fictional(1501)]
    for phone in phones:
        control.register(phone)
    made = []
    for _ in range(3):
        for phone in phones:
            key = given_key(api, phone, rule="cleaned-new")["apiKey"]
            made.append(Made(key, (phone, f"{MORNING:%Y-%m-%d}")))
            control.cleanup(phone)
        control.advance(DAY)
    for told in guessable(made):
        api.expect(False, "keys-cannot-be-guessed", told)
