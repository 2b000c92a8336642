"""The picture of a key's life."""

import re

from contract_tests.self_tests.mock.console.requests import NOON, PHONE, post, shown
from novapost_mock import Clock, Mock, Readings, Reply


def life_of(page: Reply) -> tuple[str, list[str]]:
    """Return the state of the key on a page, and the rules that can change it next."""
    text = page.body.decode()
    stations = re.findall(r'<li aria-current="step">([^<]+) <strong>', text)
    assert len(stations) == 1
    return stations[0], re.findall(r"<code>([\w-]+)</code></li>", text)


def test_the_page_shows_where_this_key_stands_in_its_life(mock: Mock) -> None:
    """By the table of the life, with the moments at which something happens by itself."""
    page = post(mock, phone=PHONE)

    assert life_of(page) == ("active, issued today", ["same-day-same-key", "day", "cleaned-new"])
    assert "The day ends ( 2026-03-11 00:00:00 UTC ) → active, issued before today" in shown(page)


def test_the_life_goes_by_the_readings_and_the_clock() -> None:
    """With the reading `repeat` a key that is asked for on a later day stays one of before."""
    clock = Clock(lambda: NOON)
    mock = Mock(clock=clock, readings=Readings(later_day="repeat"))
    post(mock, phone=PHONE)
    clock.advance(86400)

    page = post(mock, phone=PHONE)

    station, rules = life_of(page)
    assert station == "active, issued before today"
    assert rules == ["later-day-renews", "validity", "cleaned-new"]
    assert "The validity ends ( 2027-03-10 23:59:59 UTC ) → expired" in shown(page)
