"""The pages that change the state of the mock: keys, clients, clock, faults."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.self_tests.mock.console.requests import (
    HOSTILE,
    NOON,
    OTHER,
    PHONE,
    UKRAINIAN,
    get,
    post,
    shown,
)
from novapost_mock import Mock
from novapost_mock.console import texts
from novapost_mock.console.fault_page import OFFERED


def test_keys_are_listed_as_the_cabinet_lists_them(mock: Mock) -> None:
    """Creation date, name, status, organisation, validity."""
    assert "There are no keys yet" in shown(get(mock, "keys"))
    post(mock, phone=PHONE)

    page = get(mock, "keys")

    head = re.findall(r'<th scope="col">([^<]+)</th>', page.body.decode())
    assert head == ["Created", "Name", "Phone", "Status", "Organisation", "Valid until", "Actions"]
    assert f"{PHONE} active none 2027-03-10 23:59:59 UTC" in shown(page)
    assert post(mock, "keys/expire", phone=PHONE).header_values("location") == [
        "/__mock__/console/keys?did=expired"
    ]
    assert mock.clock.now() == datetime(2027, 3, 11, tzinfo=UTC)
    assert "deactivated" in shown(get(mock, "keys"))
    assert post(mock, "keys/clean-up", phone=PHONE).status == 303
    assert mock.keys() == []
    for path in ("keys/clean-up", "keys/expire"):
        assert post(mock, path, phone=PHONE).status == 404


def test_clients_are_registered_made_ambiguous_and_unregistered(mock: Mock) -> None:
    """And the page says what was done."""
    for matches, did in ((1, "registered"), (2, "ambiguous"), (0, "unregistered")):
        reply = post(mock, "clients", phone=OTHER, count=matches)
        assert reply.header_values("location") == [f"/__mock__/console/clients?did={did}"]
        assert mock.clients().get(OTHER, 0) == matches
    assert "The phone is now ambiguous." in shown(get(mock, "clients", "did=ambiguous"))
    assert "did." not in shown(get(mock, "clients", f"did={HOSTILE}"))
    for wrong in ("-1", "1001", "two", "", "١"):
        assert "whole number" in shown(post(mock, "clients", phone=OTHER, count=wrong))
    assert "8 to 15 digits" in shown(post(mock, "clients", phone="12", count=1))
    mock.register(UKRAINIAN)
    assert "a Ukrainian number" in shown(get(mock, "clients"))


def test_long_lists_end_and_say_so() -> None:
    """Ten thousand clients are no page."""
    mock = Mock([str(491500000000 + number) for number in range(250)])

    assert "50 more are not shown" in shown(get(mock, "clients"))


def test_starting_over_is_one_click(mock: Mock) -> None:
    """Clients, keys, clock, faults and journal."""
    post(mock, phone=PHONE)
    mock.register(OTHER)
    mock.clock.advance(9)

    assert post(mock, "clients/reset").status == 303
    assert (mock.clients(), mock.keys(), mock.clock.now(), mock.journal()) == ({PHONE: 1}, [], NOON, [])


@pytest.mark.parametrize(
    ("to", "moment"),
    [
        ("day", NOON + timedelta(days=1)),
        ("midnight", datetime(2026, 3, 11, 0, 0, 1, tzinfo=UTC)),
        ("expiry", datetime(2027, 3, 11, tzinfo=UTC)),
        ("real", NOON),
    ],
)
def test_the_clock_goes_where_the_button_says(mock: Mock, to: str, moment: datetime) -> None:
    """A day on, over midnight, past expiry, and back to now."""
    post(mock, phone=PHONE)
    if to == "real":
        mock.clock.advance(99)

    assert post(mock, "clock", to=to).status == 303
    assert mock.clock.now() == moment


def test_the_clock_is_set_and_says_what_it_cannot(mock: Mock) -> None:
    """Texts for every way that it does not go."""
    assert post(mock, "clock", to="moment", moment="2027-01-01T10:00:00+02:00").status == 303
    assert mock.clock.now() == datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert "Write a time like" in shown(post(mock, "clock", to="moment", moment="tomorrow"))
    assert "no active keys" in shown(post(mock, "clock", to="expiry"))
    mock.clock.set(datetime(8999, 12, 31, 12, tzinfo=UTC))
    assert "cannot go that far" in shown(post(mock, "clock", to="day"))
    assert "not readable" in shown(post(mock, "clock", to="elsewhere"))


def test_faults_are_armed_beside_those_that_still_act(mock: Mock) -> None:
    """One by one; what is used up goes, and what is left of the others stays."""
    post(mock, "faults", kind="status", status="429", times="2", operation="createTestApiKey")
    assert "Daily limit reached" in shown(post(mock, phone=PHONE))
    post(mock, "faults", kind="html", on_call="5")
    post(mock, "faults", kind="delay", delay_seconds="0.25")

    assert [each.fault.as_json() for each in mock.faults()] == [
        {"operation": "createTestApiKey", "status": 429, "times": 1},
        {"body": "html", "on_call": 5, "times": 1},
        {"delay_seconds": 0.25},
    ]
    page = shown(get(mock, "faults"))
    assert "status 429 createTestApiKey 0 1" in page
    assert "a delay of 0.25 s all operations 0 unlimited" in page
    post(mock, "faults", kind="reset-inside", status="500")
    assert "статус 500 + обрив з’єднання посеред тіла" in shown(get(mock, "faults", "lang=uk"))
    assert post(mock, "faults/disarm", number=4).status == 303
    assert post(mock, "faults/disarm", number=2).status == 303
    assert [each.fault.names for each in mock.faults()] == [("status",), ("delay",)]
    assert post(mock, "faults/disarm", number=7).status == 400
    assert post(mock, "faults/disarm", number="all").status == 303
    assert mock.faults() == []


@pytest.mark.parametrize("kind", OFFERED)
def test_every_kind_of_fault_can_be_armed_by_its_name_alone(mock: Mock, kind: str) -> None:
    """What the form offers works."""
    assert post(mock, "faults", kind=kind).status == 303
    assert len(mock.faults()) == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "status", "status": "99"}, "status"),
        ({"kind": "status", "status": "many"}, "status"),
        ({"kind": "delay", "delay_seconds": "soon"}, "delay_seconds"),
        ({"kind": "delay", "delay_seconds": "nan"}, "delay_seconds"),
        ({"kind": "delay", "delay_seconds": "0"}, "none"),
        ({"kind": "html", "times": "0"}, "times"),
        ({"kind": "html", "on_call": "-1"}, "on_call"),
        ({"kind": "html", "operation": "nothing"}, "operation"),
        ({"kind": HOSTILE}, "kind"),
    ],
)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_fault_that_cannot_be_is_refused_in_the_language_of_the_page(
    mock: Mock, fields: dict[str, str], reason: str, language: str
) -> None:
    """The form keeps its input, and the wrong field is marked."""
    page = post(mock, "faults", ("Accept-Language", language), **fields)

    assert page.status == 400
    assert texts.texts_of(language)(f"refused.{reason}", most="600") in shown(page)
    assert len(re.findall('aria-invalid="true" aria-describedby="problem"', page.body.decode())) == 1
    for name in fields.keys() & {"status", "delay_seconds", "times", "on_call"}:
        assert f'name="{name}"' in page.body.decode()
        assert f'value="{fields[name]}"' in page.body.decode()
    assert "<script>alert" not in page.body.decode()
    assert mock.faults() == []


def test_one_fault_too_many_is_told_in_the_language_of_the_page(mock: Mock) -> None:
    """There is room for a hundred."""
    mock.arm(*[{"kind": "html"}] * 100)

    page = post(mock, "faults", ("Accept-Language", "uk"), kind="html")

    assert page.status == 400
    assert "Увімкнено вже 100 збоїв." in shown(page)


@pytest.mark.parametrize(
    ("path", "fields", "problem", "kept"),
    [
        ("clients", {"phone": "0151", "count": "3"}, "problem.phone", ["0151", "3"]),
        ("clients", {"phone": OTHER, "count": "many"}, "problem.matches", [OTHER, "many"]),
        ("clients", {"phone": HOSTILE, "count": "1"}, "problem.phone", []),
        ("clock", {"to": "moment", "moment": "tomorrow"}, "problem.moment", ["tomorrow"]),
        ("clock", {"to": "moment", "moment": HOSTILE}, "problem.moment", []),
        ("clock", {"to": "expiry"}, "problem.no-active-key", []),
    ],
)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_form_with_a_mistake_stays_with_its_input(
    mock: Mock, path: str, fields: dict[str, str], problem: str, kept: list[str], language: str
) -> None:
    """On its own page, with the reason in the language of the page."""
    reply = post(mock, path, ("Accept-Language", language), **fields)
    page = reply.body.decode()

    assert reply.status in (400, 404)
    assert texts.texts_of(language)(problem) in shown(reply)
    assert '<nav class="menu"' in page
    assert [value for value in kept if f'value="{value}"' not in page] == []
    assert "<script>alert" not in page
    assert (mock.clients(), mock.clock.now()) == ({PHONE: 1}, NOON)
