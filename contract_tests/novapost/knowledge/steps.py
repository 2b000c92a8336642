"""What the tests of the rules have in common: two phones, a morning, and how a key is asked for."""

from datetime import timedelta
from typing import Any

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.strategies import MORNING, fictional, fictional_german
from contract_tests.target.exchange import Received

__all__ = ["MORNING"]

PHONE = fictional(1)
OTHER = fictional_german(1)
DAY = timedelta(days=1)
# From the morning on, days that are alike in a part of their date: who compares that alone mixes them up.
ALIKE_IN_PART = {
    "the same weekday": 7 * DAY,
    "the same last digit of the day": 10 * DAY,
    "the same day of the next month": 31 * DAY,
    "the same day of the last month": 275 * DAY,
    "the same day of the next year": 365 * DAY,
}
# How long before a boundary a request is sent: an honest server may take seconds to answer.
ROOM = timedelta(seconds=60)
# The errors that the vendor publishes elsewhere, by the status that carries them.
PUBLISHED_ERRORS = {
    404: "Client not found",
    409: "Multiple matching clients found",
    429: "Daily limit reached",
}


def given_key(api: Api, phone: str = PHONE, *, rule: str) -> dict[str, Any]:
    """Return the answer to a request that must give a key."""
    answer = api.ask(phone)
    api.expect(answer.status == 200, rule, f"{answer.status} where a key was due")
    body: dict[str, Any] = answer.json()
    return body


def renews(api: Api) -> bool:
    """Tell whether the target renews an Active key on a later day; else such a test has nothing to show.

    The calendar, the walk and the histories hold a target that repeats it to that.
    """
    return api.readings.later_day == "renew"


def given_again(api: Api, before: dict[str, Any], phone: str = PHONE, *, rule: str) -> None:
    """Ask once more on the same day: the same key unchanged, or 429 from a target that counts repeats."""
    if api.reading == "strict":
        refused(api, api.ask(phone), 429, "daily-limit")
        return
    again = given_key(api, phone, rule=rule)
    for name in sorted(before.keys() | again.keys()):
        api.expect(before.get(name) == again.get(name), rule, f"{name} changed within the day")


def ambiguous_after_a_key(api: Api, phone: str = PHONE) -> None:
    """Expect 409; where the limit is due as well, nothing says which of the two comes."""
    answer = api.ask(phone)
    if not (api.reading == "strict" and answer.status == 429):
        refused(api, answer, 409, "registered-phone")


def refused(api: Api, answer: Received, status: int, rule: str) -> None:
    """Expect a refusal. Remark on words other than the vendor's; no document promises them."""
    api.expect(answer.status == status, rule, f"{answer.status} instead of {status}")
    words = PUBLISHED_ERRORS.get(status)
    if words and words.lower() not in " ".join(answer.json()["errors"]).lower():
        api.observations.readings[f"the words of {status}"] = f"others than the vendor's {words!r}"


def buys_a_jwt(api: Api, key: str, *, rule: str) -> None:
    answer = api.authorize(key)
    api.expect(
        answer.status == 200, rule, f"{answer.status} where the key buys a JWT", "/clients/authorization"
    )


def one_active(api: Api, control: KeysControl) -> None:
    """Expect no phone with two Active keys, where the target can list its keys; else that is left out."""
    if not control.lists_keys:
        api.observations.rules.ended(["one-active"], "skipped")
        return
    active = [key.get("phone") for key in control.list_keys() if key.get("status") == "Active"]
    for phone in set(filter(None, active)):
        count = active.count(phone)
        api.expect(count == 1, "one-active", f"{count} Active keys of one phone")
