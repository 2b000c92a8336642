"""The page that gives a test key: the key, its errors, and the way out of each."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.self_tests.mock.console.requests import (
    NOON,
    OTHER,
    PHONE,
    UKRAINIAN,
    get,
    key_of,
    post,
    shown,
)
from novapost_mock import Clock, Mock, Readings, Reply
from novapost_mock.faults.json import KINDS


def test_the_first_page_offers_a_phone_that_gets_a_key(mock: Mock) -> None:
    """Whoever has never heard of the project needs one click."""
    page = get(mock)

    assert page.status == 200
    assert f'value="{PHONE}"' in page.body.decode()
    assert "Get a test key" in shown(page)


def test_a_key_is_shown_in_full_once_and_masked_from_then_on(mock: Mock) -> None:
    """In the answer that gives it, and on no page after that."""
    page = post(mock, phone=PHONE)

    key = key_of(mock)
    assert page.body.decode().count(f">{key}<") == 1
    assert "active" in shown(page)
    assert "2026-03-10 12:00:00 UTC" in shown(page)
    assert "2027-03-10 23:59:59 UTC" in shown(page)
    later = [get(mock), get(mock, "keys"), get(mock, "journal"), post(mock, "jwt", phone=PHONE)]
    assert all(key not in each.body.decode() for each in later)
    assert f"{key[:4]}****" in shown(later[1])
    assert f"{key[:4]}****" in shown(later[3])


def test_the_form_goes_through_the_api(mock: Mock) -> None:
    """So that its rules and its journal apply, and the same key comes on the same day."""
    first, second = post(mock, phone=PHONE), post(mock, phone=f" {PHONE} ")

    assert [each.rule for each in mock.journal()] == ["one-active", "same-day-same-key"]
    assert all(key_of(mock) in each.body.decode() for each in (first, second))


@pytest.mark.parametrize(
    ("phone", "words", "advice"),
    [
        ("+49 151", "Invalid phone format", "digits only"),
        ("", "Invalid phone format", "digits only"),
        (UKRAINIAN, "UA key generation is currently not supported", "Business Cabinet of Ukraine"),
        (OTHER, "Client not found", "my.novapost.com"),
    ],
)
def test_an_error_is_told_in_the_words_of_the_api_with_what_to_do(
    mock: Mock, phone: str, words: str, advice: str
) -> None:
    """A newcomer need not look anything up."""
    page = shown(post(mock, phone=phone))

    assert words in page
    assert advice in page


def test_an_unregistered_phone_is_one_click_from_its_key(mock: Mock) -> None:
    """And so is one that several clients have."""
    assert "Register it here and ask again" in shown(post(mock, phone=OTHER))
    assert key_of_answer(post(mock, phone=OTHER, first="register")) == key_of(mock, OTHER)
    mock.register(OTHER, 2)
    page = shown(post(mock, phone=OTHER))
    assert "Multiple matching clients found" in page
    assert "Leave one client and ask again" in page
    assert key_of_answer(post(mock, phone=OTHER, first="register")) == key_of(mock, OTHER)


def key_of_answer(page: Reply) -> str:
    found = re.search(r'<code id="api-key"[^>]*>([0-9a-f]{40})</code>', page.body.decode())
    assert found is not None
    return found[1]


def test_the_limit_tells_when_it_ends_and_can_be_passed(mock: Mock) -> None:
    """By the mock's clock; a second click goes there."""
    old = key_of_answer(post(mock, phone=PHONE))
    post(mock, "keys/clean-up", phone=PHONE)

    page = shown(post(mock, phone=PHONE))

    assert "Daily limit reached" in page
    assert "ends at 2026-03-11 00:00:00 UTC ; the mock's clock shows 2026-03-10 12:00:00 UTC" in page
    assert key_of_answer(post(mock, phone=PHONE, first="midnight")) != old
    assert mock.clock.now() == datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize("reading", ["issuing", "strict"])
def test_the_end_of_the_limit_is_where_it_ends(reading: str) -> None:
    """Also where the clock was moved back, and in a zone of its own: a moment before, 429; then, a key."""
    readings = Readings(daily_limit=reading, day_zone="Europe/Kyiv")  # type: ignore[arg-type]
    clock = Clock(lambda: NOON)
    mock = Mock(clock=clock, readings=readings)
    post(mock, phone=PHONE)
    mock.cleanup(PHONE)
    clock.set(NOON - timedelta(days=3))

    page = shown(post(mock, phone=PHONE))

    found = re.search(r"ends at (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC", page)
    assert found is not None
    end = datetime.fromisoformat(f"{found[1]}T{found[2]}+00:00")
    assert end == datetime(2026, 3, 10, 22, tzinfo=UTC)
    clock.set(end - timedelta(seconds=1))
    assert "Daily limit reached" in shown(post(mock, phone=PHONE))
    clock.set(end)
    assert key_of_answer(post(mock, phone=PHONE)) == key_of(mock)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_told_and_one_click_disarms_it(mock: Mock, kind: str) -> None:
    """Whatever a fault makes of the answer, the page is whole and says which fault it was."""
    mock.arm({"kind": kind})

    page = post(mock, phone=PHONE)

    is_harmless = kind in ("delay", "drip", "content-type")
    assert page.status == 200
    assert ("An armed fault changed" in shown(page)) is not is_harmless
    assert ("the connection breaks" in shown(page)) is (
        kind in ("reset", "reset-before", "reset-inside", "truncated", "raw", "timeout")
    )
    assert key_of_answer(post(mock, phone=PHONE, first="disarm")) == key_of(mock)
    assert mock.faults() == []


def test_a_button_that_no_page_has_is_refused(mock: Mock) -> None:
    """A form is read by its own words, and asks for no key."""
    assert post(mock, phone=PHONE, first="everything").status == 400
    assert mock.keys() == []
