"""Is the daily limit kept: per phone, per day, whatever kind of issuing uses it up?"""

from datetime import timedelta

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.steps import (
    ALIKE_IN_PART,
    DAY,
    MORNING,
    OTHER,
    PHONE,
    ROOM,
    given_key,
    refused,
    renews,
)
from contract_tests.novapost.knowledge.strategies import fictional


@pytest.mark.rule("daily-limit")
def test_a_second_issuing_on_one_day_is_refused(api: Api, morning: KeysControl) -> None:
    """One key per phone and day, also when the first was deleted: by either reading of the limit."""
    given_key(api, rule="daily-limit")
    morning.cleanup(PHONE)
    for _ in range(3):
        refused(api, api.ask(PHONE), 429, "daily-limit")
    given_key(api, OTHER, rule="daily-limit")
    morning.cleanup(OTHER)
    refused(api, api.ask(OTHER), 429, "daily-limit")
    midnight = api.readings.next_day(MORNING)
    morning.set_clock(midnight - ROOM)
    refused(api, api.ask(PHONE), 429, "daily-limit")
    morning.set_clock(midnight + timedelta(seconds=1))
    given_key(api, rule="daily-limit")


@pytest.mark.rule("daily-limit")
@pytest.mark.parametrize("later", [DAY, 500 * DAY], ids=["renewing", "reactivating"])
@pytest.mark.parametrize("cleaned", [False, True], ids=["", "after a cleanup"])
def test_every_kind_of_issuing_uses_up_the_day(
    later: timedelta, cleaned: bool, api: Api, morning: KeysControl
) -> None:
    """Renewing, reactivating and creating anew count as the first creating does."""
    if later == DAY and not cleaned and not renews(api):
        return
    given_key(api, rule="daily-limit")
    if cleaned:
        morning.cleanup(PHONE)
    morning.advance(later)
    given_key(api, rule="daily-limit")
    morning.cleanup(PHONE)
    refused(api, api.ask(PHONE), 429, "daily-limit")
    morning.advance(DAY)
    given_key(api, rule="daily-limit")


@pytest.mark.rule("daily-limit", "day")
@pytest.mark.parametrize("later", ALIKE_IN_PART.values(), ids=ALIKE_IN_PART)
def test_the_limit_is_of_one_day_alone(later: timedelta, api: Api, morning: KeysControl) -> None:
    """A day is more than its number or its name: the limit of the 10th says nothing of the next 10th."""
    given_key(api, rule="daily-limit")
    morning.cleanup(PHONE)
    morning.advance(later)
    given_key(api, rule="daily-limit")


@pytest.mark.rule("daily-limit")
def test_a_refused_request_does_not_use_up_the_day(api: Api, morning: KeysControl) -> None:
    """Whoever was refused (a typing error, not registered yet) can still get a key the same day."""
    newcomer = fictional(3)
    refused(api, api.ask(newcomer), 404, "registered-phone")
    refused(api, api.ask(f"+{newcomer}"), 400, "phone-format")
    morning.register(newcomer, matches=2)
    refused(api, api.ask(newcomer), 409, "registered-phone")
    morning.register(newcomer)
    given_key(api, newcomer, rule="daily-limit")
