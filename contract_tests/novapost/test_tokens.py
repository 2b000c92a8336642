"""Which keys buy a JWT, and how is one that does not refused?"""

from datetime import timedelta

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.checks import is_plain_key
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.model import expires
from contract_tests.novapost.knowledge.steps import DAY, MORNING, PHONE, buys_a_jwt, given_key, refused
from contract_tests.novapost.knowledge.strategies import ODD_KEYS


@pytest.mark.rule("jwt")
def test_a_key_buys_jwts(api: Api, morning: KeysControl) -> None:
    """An Active key buys a JWT as often as it is asked, on every day of its life."""
    key = given_key(api, rule="jwt")
    third = (expires(key) - MORNING) / 3
    for age in (timedelta(0), timedelta(minutes=61), min(DAY, third), third, 2 * third):
        morning.set_clock(MORNING + age)
        for _ in range(4):
            buys_a_jwt(api, key["apiKey"], rule="jwt")


@pytest.mark.rule("jwt")
def test_a_key_that_was_never_given_buys_nothing(api: Api, morning: KeysControl) -> None:
    """Not a made-up one, not part of a real one, not a real one with something added."""
    key = given_key(api, rule="jwt")["apiKey"]
    changed = key[:-1] + ("0" if key[-1] != "0" else "1")
    for wrong in (
        *(
            "0" * 40,
            key[:-1],
            f"{key}0",
            f" {key}",
            f"{key} ",
            changed,
            key[::-1],
            key.upper(),
            key.swapcase(),
        ),
        *(
            PHONE,
            "null",
            "*",
            "%",
            "' OR 1=1",
            "key-of-nobody",
            "keyofnobody",
            "a",
            "0" * 64,
            "f" * 128,
            "a" * 300,
        ),
    ):
        if wrong == key:  # a key may read the same from behind, or have no letters to change
            continue
        answer = api.authorize(wrong)
        if answer.status != 422 or is_plain_key(wrong):
            refused(api, answer, 401, "jwt")


@pytest.mark.rule("jwt")
@pytest.mark.parametrize("raw", ODD_KEYS, ids=lambda raw: ascii(raw[:20]))
def test_an_odd_key_is_only_an_unknown_one(raw: str, api: Api, morning: KeysControl) -> None:
    """Keys are copied by hand and by bad scripts: whatever arrives, the answer is an error that says so.

    401 or 422, or what HTTP leaves to a server, such as 414; `status-fits-the-request` judges it.
    """
    api.send("GET", f"/clients/authorization?apiKey={raw}")


@pytest.mark.rule("jwt")
@pytest.mark.parametrize("name", [None, "apikey", "key", "apiKey[]", "apiKey[a]", "api_key"])
def test_no_key_is_not_a_wrong_key(name: str | None, api: Api, morning: KeysControl) -> None:
    """422 says that the parameter is missing; 401 would send people looking at their key."""
    params = {"apiKey": ""} if name is None else {name: "0" * 40}
    answer = api.send("GET", "/clients/authorization", params=params)
    api.expect(answer.status == 422, "jwt", f"{answer.status} instead of 422", "/clients/authorization")


@pytest.mark.rule("jwt")
@pytest.mark.parametrize(
    "more", ["&apiKey={key}", "&apiKey=" + "0" * 40, "&apiKey=", "&lang=uk", "&lang", "&&=&"]
)
def test_a_query_with_more_than_a_key_is_no_crash(more: str, api: Api, morning: KeysControl) -> None:
    """Which of two keys counts is not written, nor whether a parameter too many does harm; 500 is wrong."""
    key = given_key(api, rule="jwt")["apiKey"]
    answer = api.send("GET", f"/clients/authorization?apiKey={key}{more.format(key=key)}")
    told = f"{answer.status} for a query with more than a key"
    api.expect(answer.status in (200, 401, 422), "jwt", told, "/clients/authorization")
