"""Whose key is it: registered phones and strangers, one client or several, many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.checks import KEYS, TOKENS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.steps import (
    DAY,
    MORNING,
    OTHER,
    PHONE,
    ambiguous_after_a_key,
    buys_a_jwt,
    given_again,
    given_key,
    one_active,
    refused,
)
from contract_tests.novapost.knowledge.strategies import ALIKE, LONGEST, TWINS, fictional

if TYPE_CHECKING:
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


@pytest.mark.rule("registered-phone")
def test_only_a_registered_phone_gets_a_key(api: Api, morning: KeysControl) -> None:
    """The key is bound to a client of the portal; without one there is nobody to bind it to."""
    stranger = fictional(2)
    refused(api, api.ask(stranger), 404, "registered-phone")
    morning.register(stranger)
    given_key(api, stranger, rule="registered-phone")
    morning.unregister(stranger)
    for later in (timedelta(0), DAY, 500 * DAY):
        morning.advance(later)
        answer = api.ask(stranger)
        if answer.status == 429 and api.reading == "strict" and not later:
            continue  # two refusals are due, and nothing says which of them comes
        refused(api, answer, 404, "registered-phone")


@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize(
    "near",
    [
        *(PHONE[:-1], f"{PHONE}1", PHONE[2:], f"44{PHONE}", PHONE[::-1], PHONE[:-2] + "10"),
        *(f"{phone[:2]}0{phone[2:]}" for phone in (PHONE, OTHER)),
        *(f"{phone[:2]}{phone[3:]}" for phone in (PHONE, OTHER)),
    ],
)
def test_a_phone_that_is_only_like_a_registered_one_is_a_stranger(
    near: str, api: Api, morning: KeysControl
) -> None:
    """Whoever has part of a number, or more than it, does not have the number."""
    given_key(api, rule="registered-phone")
    refused(api, api.ask(near), 404, "registered-phone")


@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize("ending", range(10))
def test_no_number_is_special(ending: int, api: Api, morning: KeysControl) -> None:
    """What is true of one phone is true of all, whichever digit it ends in."""
    stranger, ambiguous, known = (fictional(300 + 10 * n + ending) for n in range(3))
    morning.register(ambiguous, matches=2)
    morning.register(known)
    refused(api, api.ask(stranger), 404, "registered-phone")
    refused(api, api.ask(ambiguous), 409, "registered-phone")
    buys_a_jwt(api, given_key(api, known, rule="registered-phone")["apiKey"], rule="jwt")
    morning.cleanup(known)
    refused(api, api.ask(known), 429, "daily-limit")


@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize("matches", [2, 3, 7])
def test_a_phone_of_several_clients_gets_no_key(matches: int, api: Api, morning: KeysControl) -> None:
    """Nobody can tell whose key it would be, also when the phone had one before."""
    morning.register(OTHER, matches=matches)
    refused(api, api.ask(OTHER), 409, "registered-phone")
    given_key(api, rule="registered-phone")
    morning.register(PHONE, matches=matches)
    ambiguous_after_a_key(api)
    for later in (DAY, 500 * DAY):
        morning.advance(later)
        refused(api, api.ask(PHONE), 409, "registered-phone")


@pytest.mark.rule("registered-phone", "same-day-same-key")
def test_only_the_cleanup_deletes_a_key(api: Api, morning: KeysControl) -> None:
    """A phone that was ambiguous for a while finds its key again."""
    key = given_key(api, rule="same-day-same-key")
    morning.register(PHONE, matches=2)
    ambiguous_after_a_key(api)
    morning.register(PHONE)
    given_again(api, key, rule="same-day-same-key")
    buys_a_jwt(api, key["apiKey"], rule="jwt")


@pytest.mark.rule("one-active")
def test_phones_that_are_alike_are_two(api: Api, morning: KeysControl) -> None:
    """Equal endings, equal beginnings: each phone has its own key."""
    for phone in ALIKE:
        morning.register(phone)
    keys = {given_key(api, phone, rule="one-active")["apiKey"] for phone in ALIKE}
    api.expect(len(keys) == len(ALIKE), "one-active", "two phones share a key")


@pytest.mark.rule("one-active")
def test_a_key_belongs_to_one_phone(api: Api, morning: KeysControl) -> None:
    """Many phones, as many keys, each of which works beside the others."""
    numbers = [fictional(n) for n in range(10, 30)]
    for phone in numbers:
        morning.register(phone)
    keys = [given_key(api, phone, rule="one-active")["apiKey"] for phone in numbers]
    api.expect(len(set(keys)) == len(numbers), "one-active", "two phones share a key")
    for key in keys:
        buys_a_jwt(api, key, rule="one-active")


@pytest.mark.rule("one-active")
def test_asking_at_once_gives_one_key(api: Api, morning: KeysControl) -> None:
    """Eight requests in the same moment are one request eight times, not eight keys."""
    for phone in (PHONE, OTHER):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(api.ask, [phone] * 24))
        given_keys = {answer.json()["apiKey"] for answer in answers if answer.status == 200}
        api.expect(len(given_keys) == 1, "one-active", f"{len(given_keys)} keys for one phone at once")
        counts = sum(answer.status == 200 for answer in answers)
        wanted = 1 if api.reading == "strict" else len(answers)
        api.expect(counts == wanted, "daily-limit", f"{counts} of {len(answers)} at once got the key")
    one_active(api, morning)


@pytest.mark.rule("one-active")
def test_answers_at_once_do_not_get_mixed_up(api: Api, morning: KeysControl) -> None:
    """Each caller gets the answer to its own question, however many ask in the same moment."""
    numbers = [fictional(n) for n in range(40, 46)]
    for phone in numbers:
        morning.register(phone)
    alone = {phone: given_key(api, phone, rule="one-active") for phone in numbers}
    api.expect(len({key["apiKey"] for key in alone.values()}) == 6, "one-active", "two phones share a key")
    asked = [*numbers, fictional(46), "no phone"] * 8
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(api.ask, asked))
    for phone, answer in zip(asked, answers, strict=True):
        if phone in alone and api.reading == "strict":
            refused(api, answer, 429, "daily-limit")
        elif phone in alone:
            same = answer.status == 200 and answer.json() == alone[phone]
            api.expect(same, "one-active", f"another answer came ({answer.status}) when eight asked at once")
        else:
            refused(api, answer, 400 if phone == "no phone" else 404, "registered-phone")


@pytest.mark.rule("jwt")
def test_jwts_bought_at_once_are_bought(api: Api, morning: KeysControl) -> None:
    """A key works for however many callers share it, and beside other keys; a wrong one for none."""
    numbers = [fictional(n) for n in range(50, 53)]
    for phone in numbers:
        morning.register(phone)
    keys = [given_key(api, phone, rule="jwt")["apiKey"] for phone in numbers]
    asked = [*keys, "0" * 40] * 6
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(api.authorize, asked))
    for key, answer in zip(asked, answers, strict=True):
        status = 200 if key in keys else 401
        told = f"{answer.status} instead of {status} when eight asked at once"
        api.expect(answer.status == status, "jwt", told, "/clients/authorization")


def _alike() -> list[str]:
    """Return phones that differ in one digit each, at every place behind the code that nobody has."""
    changed = [
        f"{LONGEST[:at]}{(int(LONGEST[at]) + 1) % 10}{LONGEST[at + 1 :]}" for at in range(3, len(LONGEST))
    ]
    # The same end behind another code, and beginnings of the longest.
    return [LONGEST, *changed, f"210{LONGEST[3:]}", *(LONGEST[:length] for length in range(8, len(LONGEST)))]


@pytest.mark.rule("one-active", "registered-phone")
def test_phones_that_differ_in_one_digit_are_two(api: Api, morning: KeysControl) -> None:
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


@pytest.mark.rule("one-active", "registered-phone")
@pytest.mark.parametrize("digest", TWINS)
def test_a_phone_is_more_than_a_digest_of_it(digest: str, api: Api, morning: KeysControl) -> None:
    """A table by a number of 32 bits, or by a checksum, gives one client what belongs to another."""
    for one, other in (TWINS[digest], TWINS[digest][::-1]):
        morning.reset()
        morning.begin_at(MORNING)
        morning.register(one)
        first = given_key(api, one, rule="registered-phone")
        refused(api, api.ask(other), 404, "registered-phone")
        morning.register(other)
        second = given_key(api, other, rule="one-active")
        api.expect(first["apiKey"] != second["apiKey"], "one-active", "two phones share a key")
        morning.cleanup(other)
        given_again(api, first, one, rule="one-active")
        buys_a_jwt(api, first["apiKey"], rule="one-active")


@pytest.mark.rule("one-active", "jwt")
@pytest.mark.parametrize("name", IN_COMMON)
def test_a_header_in_common_makes_nobody_one(name: str, api: Api, morning: KeysControl) -> None:
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
