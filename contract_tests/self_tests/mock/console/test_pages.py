"""The console does what its forms say, shows no secret twice, and lets no other page in."""

import json
import random
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from contract_tests.self_tests.support.browser_installed import AXE
from contract_tests.self_tests.support.mock_process import Started, started
from novapost_mock import Clock, Mock, Readings, Reply, Request
from novapost_mock.console import texts
from novapost_mock.console.fault_page import OFFERED
from novapost_mock.console.rendering import PAGES, STATIC
from novapost_mock.console.router import DO, SHOW
from novapost_mock.faults.json import KINDS
from scripts.lib.paths import ROOT

FOLDER = Path(texts.__file__).parent
PHONE = "498213437654"
OTHER = "4915112345678"
UKRAINIAN = "380671234567"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
TOKEN = "a-token-of-some-length"


@pytest.fixture
def mock() -> Mock:
    return Mock(clock=Clock(lambda: NOON), random_bytes=random.Random(1).randbytes)


def get(mock: Mock, path: str = "", query: str = "", *headers: tuple[str, str]) -> Reply:
    place = f"/__mock__/console/{path}" if path else "/__mock__/"
    return mock.handle(Request("GET", place, query, headers))


def post(mock: Mock, path: str = "", *headers: tuple[str, str], **fields: object) -> Reply:
    place = f"/__mock__/console/{path}" if path else "/__mock__/"
    return mock.handle(Request("POST", place, "", FORM + headers, urlencode(fields).encode()))


def shown(reply: Reply) -> str:
    """Return the text of a page, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", reply.body.decode())))


def key_of(mock: Mock, phone: str = PHONE) -> str:
    key = mock.remembered(phone).key
    assert key is not None
    return key.api_key


# A test key


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


# A JWT


def test_a_jwt_is_bought_with_its_remaining_time(mock: Mock) -> None:
    """By the key of the phone, which the page need not hold."""
    post(mock, phone=PHONE)

    page = post(mock, "jwt", phone=PHONE)

    assert re.search(r'<pre id="jwt-value"[^>]*>eyJ[\w-]+\.[\w-]+\.[\w-]+</pre>', page.body.decode())
    assert re.search(r'<code id="jwt">eyJ.\*{4}</code>', page.body.decode())
    assert "60:00" in shown(page)
    assert "2026-03-10 13:00:00 UTC" in shown(page)
    assert [each.rule for each in mock.journal()] == ["one-active", "jwt"]


def test_an_expired_key_buys_none_and_the_page_says_why(mock: Mock) -> None:
    """In the words of the API, with what to do next."""
    post(mock, phone=PHONE)
    post(mock, "keys/expire", phone=PHONE)

    page = shown(post(mock, "jwt", phone=PHONE))

    assert "401 The API key is unknown, expired or deleted" in page
    assert "reactivated" in page
    assert (post(mock, "jwt", phone=OTHER).status, "has no key" in shown(post(mock, "jwt", phone=OTHER))) == (
        404,
        True,
    )


def test_the_viewer_gets_the_jwt_by_a_form_and_the_mock_as_its_only_server(mock: Mock) -> None:
    """No address holds the token, and what is tried goes nowhere else."""
    page = post(mock, "reference", jwt="e.y.J")
    document = get(mock, "document.json").json()

    assert 'data-jwt="e.y.J"' in page.body.decode()
    assert document["servers"] == [{"url": "/v.1.0", "description": "novapost-mock"}]
    own = json.loads((FOLDER.parent / "effective.json").read_text())
    assert {**document, "servers": None} == {**own, "servers": None}


# The stage


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


# The life of a key


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


# The journal


def numbers_of(page: Reply) -> list[str]:
    return re.findall(r'data-number="(\d+)"', page.body.decode())


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=one-active", ["1"]),
        ("q=ONE-active+post", ["1"]),
        ("q=one-active+get", []),
        ("status=4", ["2"]),
        ("status=2", ["3", "1"]),
        ("status=5", []),
        ("status=2&q=authorization", ["3"]),
        ("status=2&q=authorization&after=3", []),
        ("status=9&q=+", ["3", "2", "1"]),
    ],
)
def test_the_journal_is_searched_and_filtered(mock: Mock, query: str, numbers: list[str]) -> None:
    """On the page, and in what its script asks for."""
    post(mock, phone=PHONE)
    post(mock, phone="+49")
    post(mock, "jwt", phone=PHONE)

    assert numbers_of(get(mock, "journal/entries", query)) == numbers
    if "after" not in query:
        assert numbers_of(get(mock, "journal", query)) == numbers


def test_a_search_reaches_the_whole_journal_and_finds_out_no_secret(mock: Mock) -> None:
    """The oldest entry is found among many; a key or a phone is not, whoever searches for its beginning."""
    post(mock, phone="+49")
    for _ in range(120):
        post(mock, phone=PHONE)

    assert numbers_of(get(mock, "journal", "q=phone-format")) == ["1"]
    for secret in (key_of(mock), key_of(mock)[:12], PHONE, PHONE[:8]):
        assert numbers_of(get(mock, "journal", urlencode({"q": secret}))) == []
    hostile = get(mock, "journal", urlencode({"q": HOSTILE}))
    assert "<script>alert" not in hostile.body.decode()
    assert "No entries match" in shown(hostile)


def test_a_closed_entry_shows_its_time_and_one_exchange_is_an_archive_of_its_own(mock: Mock) -> None:
    """The day stands there where it is not today."""
    post(mock, phone=PHONE)
    mock.clock.advance(86400)
    post(mock, "jwt", phone=PHONE)

    page = get(mock, "journal").body.decode()

    heads = [re.sub(r"<[^>]*>", "", each) for each in re.findall(r"<summary>(.*?)</summary>", page)]
    assert [each.split(" ")[:3] for each in heads] == [
        ["2", "12:00:00", "200"],
        ["1", "2026-03-10", "12:00:00"],
    ]
    links = [unescape(each) for each in re.findall(r'href="([^"]+limit=1)"', page)]
    assert len(links) == 2
    path, _, query = links[0].partition("?")
    (exchange,) = mock.handle(Request("GET", path, query)).json()["log"]["entries"]
    assert "clients/authorization" in exchange["request"]["url"]


def test_the_journal_opens_to_request_answer_rule_and_curl(mock: Mock) -> None:
    """Masked as the journal of control is."""
    post(mock, phone=PHONE)
    post(mock, "jwt", phone=PHONE)

    page = shown(get(mock, "journal", "", ("Host", "127.0.0.1:8080")))

    assert "A phone has at most one active key" in page
    assert re.search(r"curl -X POST http://127\.0\.0\.1:8080/v\.1\.0/test-api-keys", page)
    assert re.search(r"""-d '\{"phone": "\*{4}[0-9a-f]{4}"\}'""", page)
    assert re.search(r"GET /v\.1\.0/clients/authorization\?apiKey=\*{4}[0-9a-f]{4}", page)
    assert PHONE not in page
    assert key_of(mock) not in page
    assert page.index("clients/authorization") < page.index("test-api-keys")


def test_the_script_gets_what_came_since(mock: Mock) -> None:
    """The number of the last entry it knows is enough; nonsense counts as none."""
    for _ in range(3):
        post(mock, phone=PHONE)

    def numbers(query: str) -> list[str]:
        return re.findall(r'data-number="(\d+)"', get(mock, "journal/entries", query).body.decode())

    assert numbers("after=1") == ["3", "2"]
    assert numbers("after=3") == []
    assert numbers(f"after={HOSTILE}") == ["3", "2", "1"]
    assert 'data-count="3"' in get(mock, "journal/entries", "after=3").body.decode()
    assert post(mock, "journal/clear").status == 303
    assert 'data-count="0"' in get(mock, "journal/entries", "after=3").body.decode()


def test_a_long_journal_begins_with_its_latest_entries(mock: Mock) -> None:
    """A page of fifty."""
    for _ in range(60):
        post(mock, phone=PHONE)

    page = get(mock, "journal").body.decode()

    assert re.findall(r'data-number="(\d+)"', page) == [str(number) for number in range(60, 10, -1)]


# What a page lets in


def test_what_is_hostile_is_shown_as_text(mock: Mock) -> None:
    """Phones, paths, queries, headers, bodies, tokens, hosts: escaped wherever they stand."""
    mock.handle(
        Request(
            "POST",
            f"/v.1.0/{HOSTILE}",
            f"apiKey={HOSTILE}&{HOSTILE}=1",
            ((HOSTILE, HOSTILE), ("Accept", HOSTILE), ("Content-Type", "<script>alert(1)</script>")),
            json.dumps({HOSTILE: HOSTILE, "phone": "<script>alert(1)"}).encode(),
        )
    )
    mock.handle(Request("<b>", "/v.1.0/test-api-keys", "", (), HOSTILE.encode()))
    mock.arm({"kind": "content-type", "content_type": "<script>alert(1)</script>"})

    pages = [
        post(mock, phone=HOSTILE),
        post(mock, "reference", jwt=HOSTILE),
        get(mock, "journal", "", ("Host", HOSTILE), ("Accept-Language", HOSTILE), ("Cookie", HOSTILE)),
        get(mock, "journal/entries", f"after={HOSTILE}&lang={HOSTILE}"),
        get(mock, "faults", f"did={HOSTILE}"),
        get(mock, HOSTILE),
        post(mock, "clients", phone=HOSTILE, count=HOSTILE),
        post(mock, "clock", to="moment", moment=HOSTILE),
    ]

    for page in pages:
        body = page.body.decode()
        assert "<script>alert" not in body
        assert "<img" not in body
        assert "<b>" not in body
        assert "49" not in re.findall(r">\s*(49)\s*<", body)
    assert unescape(pages[0].body.decode()).count(HOSTILE) == 2
    assert unescape(pages[1].body.decode()).count(HOSTILE) == 1


def every_page(mock: Mock) -> Iterator[tuple[str, Reply]]:
    for name in SHOW:
        for language in ("uk", "en"):
            yield name, get(mock, name, f"lang={language}")
    yield "answer", post(mock, phone=PHONE)
    yield "jwt", post(mock, "jwt", phone=PHONE)
    yield "refusal", post(mock, phone=OTHER)
    yield "nothing", get(mock, "nothing")
    for name in STATIC:
        yield name, get(mock, f"static/{name}")


def test_every_reply_has_the_strict_policy(mock: Mock) -> None:
    """Scripts and styles from files of the mock's own, and nothing else."""
    for name, reply in every_page(mock):
        (policy,) = reply.header_values("content-security-policy")
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert parts["default-src"] == "'none'", name
        assert parts["script-src"] == parts["style-src"] == parts["form-action"] == "'self'"
        assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
        assert "unsafe" not in policy
        assert reply.header_values("x-content-type-options") == ["nosniff"]
        is_static = name in STATIC
        assert ("no-store" in reply.header_values("cache-control")[0]) is not is_static


def test_no_page_has_script_or_style_or_an_address_of_elsewhere_in_it(mock: Mock) -> None:
    """The policy would stop it; it is not there in the first place."""
    own = [name for name in STATIC if not name.startswith("swagger-ui/")]
    for name, reply in every_page(mock):
        if name in STATIC and name not in own:
            continue
        if name == "document.json":
            continue  # the vendor's words, which a link in the viewer may show
        body = reply.body.decode().replace('xmlns="http://www.w3.org/2000/svg"', "")
        body = re.sub(r"curl -X [^<]*", "", body)
        assert not re.search(r"(https?:)?//[\w.-]+\.\w", re.sub(r"(?m)^\s*//.*$| // .*$", "", body)), name
        if name not in STATIC:
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", body), name
            assert set(re.findall(r"<script[^>]*>(.*?)</script>", body)) <= {""}, name


@pytest.mark.parametrize("folder", [FOLDER / "static" / "swagger-ui", AXE.parent], ids=lambda path: path.name)
def test_what_others_publish_is_kept_as_they_published_it(folder: Path) -> None:
    """Byte for byte the files of the package that SOURCE.toml names, with its licence."""
    source = tomllib.loads((folder / "SOURCE.toml").read_text())

    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    assert found.pop("SOURCE.toml")
    assert found == source["sha256"]
    assert "LICENSE" in found


@pytest.mark.parametrize("path", [path for path in DO if path != "sign-in"])
@pytest.mark.parametrize(
    "header",
    [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:9999"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ],
)
def test_no_other_page_can_send_a_form(mock: Mock, path: str, header: tuple[str, str]) -> None:
    """Neither of another site nor of another port of this machine."""
    post(mock, phone=PHONE)
    before = mock.clients(), mock.keys(), mock.clock.now(), mock.faults(), len(mock.journal())

    fields = {"phone": PHONE, "count": 2, "to": "day", "kind": "html", "number": "all"}
    reply = post(mock, path, ("Host", "127.0.0.1:8080"), header, **fields)

    assert reply.status == 403
    assert "Another site sent this" in shown(reply)
    assert (mock.clients(), mock.keys(), mock.clock.now(), mock.faults(), len(mock.journal())) == before


def test_the_own_page_can(mock: Mock) -> None:
    """As a browser sends it."""
    own = ("Host", "127.0.0.1:8080"), ("Origin", "http://127.0.0.1:8080"), ("Sec-Fetch-Site", "same-origin")

    assert post(mock, "clock", *own, to="day").status == 303


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"phone": "1"}', 415),
        ("text/plain", b"phone=1", 415),
        ("application/x-www-form-urlencoded", b"phone=1&phone=2", 400),
        ("application/x-www-form-urlencoded", b"\xff", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % each for each in range(50)), 400),
        ("application/x-www-form-urlencoded", b"a" * (64 * 1024 + 1), 413),
    ],
)
def test_what_is_no_form_is_refused(mock: Mock, content_type: str, body: bytes, status: int) -> None:
    """On a page, with its status."""
    reply = mock.handle(
        Request("POST", "/__mock__/console/clients", "", (("Content-Type", content_type),), body)
    )

    assert reply.status == status
    assert "This did not work" in shown(reply)


def test_paths_and_methods_that_are_not_there_are_told(mock: Mock) -> None:
    """Nothing outside the list of files is served, whatever the path says."""
    for path in (
        "nothing",
        "static/",
        "static/../texts.py",
        "static/%2e%2e/texts.py",
        "static/../../effective.json",
    ):
        assert get(mock, path).status == 404
    assert mock.handle(Request("PUT", "/__mock__/console/keys")).header_values("allow") == ["GET, HEAD"]
    assert mock.handle(Request("DELETE", "/__mock__/")).header_values("allow") == ["GET, HEAD, POST"]
    assert get(mock, "jwt").header_values("allow") == ["POST"]
    head = mock.handle(Request("HEAD", "/__mock__/"))
    assert (head.status, head.body) == (200, b"")
    for path in ("/__mock__", "/__mock__/console", "/__mock__/console/"):
        assert mock.handle(Request("GET", path)).header_values("location") == ["/__mock__/"]


def test_pages_are_no_part_of_the_journal(mock: Mock) -> None:
    """It is about the API."""
    for name in SHOW:
        get(mock, name)

    assert mock.journal() == []


# Languages


def test_both_languages_say_the_same_things() -> None:
    """The same texts, with the same places to fill in, and none of them in the wrong language."""
    english, ukrainian = (
        json.loads((FOLDER / "texts" / f"{each}.json").read_text()) for each in ("en", "uk")
    )

    assert english.keys() == ukrainian.keys()
    for name, text in english.items():
        assert re.findall(r"\{\w*\}", text) == re.findall(r"\{\w*\}", ukrainian[name]), name
        assert not re.search("[а-яіїєґ]", text, re.IGNORECASE), name
        assert re.search("[а-яіїєґ]", ukrainian[name], re.IGNORECASE) or name == "journal.har", name


def test_every_rule_and_every_fault_has_a_text() -> None:
    """The journal explains what decided, in both languages."""
    rules = tomllib.loads((ROOT / "openapi" / "rules.toml").read_text())
    other = ("body-readable", "path", "method", "prefer", "schema", "fault", "failure", "state")
    for language in ("uk", "en"):
        text = texts.texts_of(language)
        assert [name for name in (*rules, *other) if not text.has(f"rule.{name}")] == []
        assert [kind for kind in OFFERED if not text.has(f"kind.{kind}")] == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("uk", "uk"),
        ("uk-UA,uk;q=0.9,en-US;q=0.8,en;q=0.7", "uk"),
        ("en-US,en;q=0.9,uk;q=0.8", "en"),
        ("de,uk;q=0.3", "uk"),
        ("de, en;q=0.5, uk;q=0.6", "uk"),
        ("uk;q=0", "en"),
        ("*", "en"),
        ("uk;q=2,;;,=", "en"),
    ],
)
def test_the_browser_says_which_language(mock: Mock, accepted: str, language: str) -> None:
    """RFC 9110, 12.5.4; English where nothing is said."""
    page = get(mock, "", "", ("Accept-Language", accepted))

    assert f'<html lang="{language}">' in page.body.decode()


def test_the_switch_is_remembered(mock: Mock) -> None:
    """In a cookie that the address sets, and that goes before what the browser says."""
    page = get(mock, "keys", "lang=uk", ("Accept-Language", "en"))

    (cookie,) = page.header_values("set-cookie")
    assert '<html lang="uk">' in page.body.decode()
    assert "Path=/__mock__/" in cookie
    assert "SameSite=Strict" in cookie
    again = get(mock, "keys", "", ("Accept-Language", "en"), ("Cookie", f"a=b; {cookie.partition(';')[0]}"))
    assert '<html lang="uk">' in again.body.decode()
    for name in PAGES:
        place = "/__mock__/" if name == "key" else f"/__mock__/console/{name}"
        assert f'href="{place}?lang=en"' in get(mock, "" if name == "key" else name).body.decode()


# On a port


def test_the_token_is_asked_for_once_and_kept_in_a_cookie() -> None:
    """Where control wants its token; the cookie is not the token, and no script can read it."""
    with started("--control-token", TOKEN) as mock, httpx.Client(base_url=mock.control) as browser:
        browser.headers["Accept"] = "text/html"
        asked = browser.get("./")
        assert (asked.status_code, asked.headers["location"]) == (303, "/__mock__/console/sign-in")
        form = browser.get("console/sign-in")
        assert form.status_code == 200
        assert "Control token" in form.text
        assert browser.get("console/static/console.css").status_code == 200
        for path in ("keys", "console/document.json", "console/journal/entries"):
            assert browser.get(path, headers={"Accept": "*/*"}).status_code == 401
        assert browser.post("./", data={"phone": PHONE}).status_code == 401
        wrong = browser.post("console/sign-in", data={"token": "wrong" + HOSTILE})
        assert (wrong.status_code, "not the token" in wrong.text, "<img" in wrong.text) == (403, True, False)
        assert wrong.headers.get("set-cookie") is None
        foreign = {"Origin": "https://evil.example"}
        assert browser.post("console/sign-in", data={"token": TOKEN}, headers=foreign).status_code == 403
        signed = browser.post("console/sign-in", data={"token": TOKEN})
        assert (signed.status_code, signed.headers["location"]) == (303, "/__mock__/")
        cookie = signed.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Strict", "Path=/__mock__/"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert TOKEN not in cookie
        assert "Get a test key" in browser.get("./").text
        assert browser.get("keys").status_code == 200
        page = browser.post("./", data={"phone": PHONE})
        assert 'id="api-key"' in page.text
        name, _, value = cookie.partition(";")[0].partition("=")
        for other in (f"{name}={value[:-1]}", f"{name}={TOKEN}", f"{name}={value}; {name}=x", "a=b"):
            assert httpx.get(mock.control + "keys", headers={"Cookie": other}).status_code == 401


def test_a_mock_that_wants_no_token_does_not_ask(mock: Mock) -> None:
    """The form leads on."""
    assert post(mock, "sign-in", token="x").header_values("location") == ["/__mock__/"]


@pytest.fixture(scope="module")
def served() -> Iterator[Started]:
    with started() as mock:
        yield mock


def test_a_port_serves_the_console(served: Started) -> None:
    """The viewer's large files included, and kept by the browser."""
    with httpx.Client(base_url=served.control) as browser:
        page = browser.get("console/reference")
        assert page.status_code == 200
        for address in re.findall(r'(?:src|href)="(/__mock__/console/static/[^"]+)"', page.text):
            file = browser.get(served.base.removesuffix("/v.1.0/") + address)
            assert file.status_code == 200
            assert "immutable" in file.headers["cache-control"]
            assert len(file.content) == int(file.headers["content-length"])


LOADED = """
import sys
NAMES = "jinja2", "markupsafe", "novapost_mock.console.router"
from novapost_mock import Mock, Request
mock = Mock()
def loaded(): return [name for name in NAMES if name in sys.modules]
mock.handle(Request("GET", "/__mock__/keys")); mock.handle(Request("GET", "/v.1.0/nothing"))
import novapost_mock.cli
before = loaded()
mock.handle(Request("GET", "/__mock__/"))
print(before, len(loaded()))
"""


def test_nothing_of_it_is_loaded_before_a_page_is_asked_for() -> None:
    """A mock in a test suite starts as fast as it did."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert done.stdout == "[] 3\n"


MISSING = """
import sys
sys.modules["jinja2"] = None
from novapost_mock import Mock, Request
reply = Mock().handle(Request("GET", "/__mock__/"))
print(reply.status, reply.json()["errors"][0])
"""


def test_an_install_without_its_templates_says_what_to_install() -> None:
    """One sentence, and control goes on."""
    done = subprocess.run([sys.executable, "-c", MISSING], capture_output=True, text=True, check=True)

    assert done.stdout == "501 The console needs more: pip install 'novapost-client[mock]'\n"


def test_every_text_of_a_button_is_pressed_in_a_browser() -> None:
    """A new button needs a test: what the templates offer to press is named there."""
    folder = FOLDER / "templates"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))
    offered = set(re.findall(r"""act\(root, [^,]+, t\("([\w.-]+)"\)""", source))
    offered |= set(re.findall(r"""<button[^>]*>\{\{ t\("([\w.-]+)"\) \}\}""", source))
    there = Path(__file__).with_name("test_browser.py").read_text(encoding="utf-8")

    assert len(offered) > 20
    assert sorted(name for name in offered if f'"{name}"' not in there and name != "journal.live") == []


def test_texts_hold_no_markup() -> None:
    """They are escaped; a tag would be read as one by nobody."""
    folder = FOLDER / "texts"
    for path in folder.glob("*.json"):
        assert not any("<" in text for text in json.loads(path.read_text(encoding="utf-8")).values())
