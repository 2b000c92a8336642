"""The control API sets the stage, says clearly what it refuses, and shows no secret."""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novapost_mock import Clock, Mock, Reply, Request
from novapost_mock.keys.clock import EARLIEST, LATEST, read_moment, write_moment
from novapost_mock.keys.document import embedded
from novapost_mock.keys.store import MAX_CLIENTS

PHONE = "498213437654"
OTHER = "4915112345678"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
JSON = (("Content-Type", "application/json"),)


@pytest.fixture
def mock() -> Mock:
    return Mock(clock=Clock(lambda: NOON), random_bytes=random.Random(1).randbytes)


def call(mock: Mock, method: str, path: str, body: object = None) -> Reply:
    content = b"" if body is None else json.dumps(body).encode()
    return mock.handle(Request(method, f"/__mock__/{path}", "", JSON, content))


def ask(mock: Mock, phone: str = PHONE) -> Reply:
    return mock.handle(
        Request("POST", "/v.1.0/test-api-keys", "", JSON, json.dumps({"phone": phone}).encode())
    )


def reason(reply: Reply) -> tuple[int, str]:
    body = reply.json()
    assert body["success"] is False
    return reply.status, body["errors"][0]


def test_health_tells_which_document_is_served(mock: Mock) -> None:
    """A suite can see that it and the mock speak of the same contract."""
    reply = call(mock, "GET", "health")

    assert reply.status == 200
    assert reply.json() == {"status": "ok", "spec_sha256": embedded().sha256}


def test_registering_makes_a_phone_known(mock: Mock) -> None:
    """The stage for 200, 404 and 409 is set by one call."""
    assert ask(mock, OTHER).status == 404

    assert call(mock, "PUT", f"clients/{OTHER}", {"matches": 1}).json() == {"phone": OTHER, "matches": 1}
    assert ask(mock, OTHER).status == 200
    assert call(mock, "PUT", f"clients/{OTHER}", {"matches": 2}).status == 200
    assert ask(mock, OTHER).status == 409
    assert call(mock, "PUT", f"clients/{OTHER}", {"matches": 0}).json() == {"phone": OTHER, "matches": 0}
    assert ask(mock, OTHER).status == 404


def test_deleting_unregisters_and_may_be_repeated(mock: Mock) -> None:
    """A test's tidying up does not fail because somebody else was faster."""
    for _ in range(2):
        assert call(mock, "DELETE", f"clients/{PHONE}").json() == {"phone": PHONE, "matches": 0}

    assert ask(mock).status == 404


def test_clients_can_be_read_back(mock: Mock) -> None:
    """One by one and as a list, in the order of phones."""
    call(mock, "PUT", f"clients/{OTHER}", {"matches": 3})

    listed = {"clients": [{"phone": OTHER, "matches": 3}, {"phone": PHONE, "matches": 1}]}
    assert call(mock, "GET", "clients").json() == listed
    assert call(mock, "GET", f"clients/{PHONE}").json() == {"phone": PHONE, "matches": 1}
    assert call(mock, "GET", "clients/4999999999").json() == {"phone": "4999999999", "matches": 0}


def test_a_phone_in_a_path_is_decoded(mock: Mock) -> None:
    """Percent-encoded digits are the same digits."""
    assert call(mock, "GET", "clients/%34" + PHONE[1:]).json()["matches"] == 1


@pytest.mark.parametrize("phone", ["0", "+498213437654", "%2B498213437654", "498213437654%0A", "a%2Fb", ""])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_path_without_a_phone_is_refused(mock: Mock, method: str, phone: str) -> None:
    """A typo on the stage must not look like a missing client later."""
    status, text = reason(call(mock, method, f"clients/{phone}", {"matches": 1}))

    assert (status, text) == (400, "a phone is 8 to 15 digits, without a plus and not beginning with 0")


@pytest.mark.parametrize("matches", [-1, 1001, True, None, "1", 1.5, [], 10**30])
def test_matches_is_a_whole_number(mock: Mock, matches: object) -> None:
    """True is not one, whatever Python thinks."""
    status, text = reason(call(mock, "PUT", f"clients/{PHONE}", {"matches": matches}))

    assert (status, text) == (400, "matches is a whole number from 0 to 1000")


def test_reset_goes_back_to_the_start(mock: Mock) -> None:
    """The next test finds what the first one found."""
    call(mock, "DELETE", f"clients/{PHONE}")
    call(mock, "PUT", f"clients/{OTHER}", {"matches": 1})
    ask(mock, OTHER)
    call(mock, "PUT", "clock", {"advance_seconds": 5})

    assert call(mock, "POST", "reset").status == 200
    assert call(mock, "GET", "clients").json() == {"clients": [{"phone": PHONE, "matches": 1}]}
    assert call(mock, "GET", "keys").json() == {"keys": []}
    assert call(mock, "GET", "clock").json() == {"now": "2026-03-10T12:00:00Z"}
    assert ask(mock).status == 200


def test_a_key_from_before_a_reset_is_worth_nothing(mock: Mock) -> None:
    """Nothing leaks from one test into the next."""
    key = ask(mock).json()["apiKey"]
    mock.reset()

    assert mock.handle(Request("GET", "/v.1.0/clients/authorization", f"apiKey={key}")).status == 401


def test_the_clock_can_be_set_and_advanced(mock: Mock) -> None:
    """Expiry in a test takes no year."""
    assert call(mock, "GET", "clock").json() == {"now": "2026-03-10T12:00:00Z"}

    there = call(mock, "PUT", "clock", {"now": "2026-01-01T10:00:00+02:00"})
    assert there.json() == {"now": "2026-01-01T08:00:00Z"}
    later = call(mock, "PUT", "clock", {"advance_seconds": 86400.5})
    assert later.json() == {"now": "2026-01-02T08:00:00.500000Z"}
    assert ask(mock).json()["createdAt"] == "2026-01-02T08:00:00.500000Z"


def test_a_clock_that_was_set_runs_on() -> None:
    """It is an offset to the real clock and does not stand still."""
    real = NOON
    clock = Clock(lambda: real)
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    real += timedelta(minutes=1)

    assert clock.now() == datetime(2030, 1, 1, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": "2026-01-01T10:00:00Z", "advance_seconds": 1},
        {"now": "2026-01-01T10:00:00"},
        {"now": "2026-01-01"},
        {"now": "2026-W01-1T10:00:00Z"},
        {"now": "20260101T100000Z"},
        {"now": "2026-02-30T10:00:00Z"},
        {"now": "2026-01-01T10:00:60Z"},
        {"now": "2026-01-01T10:00:00+99:00"},
        {"now": "2026-01-01T10:00:00Z\n"},
        {"now": "0001-01-01T00:00:00+14:00"},
        {"now": "9999-12-31T23:59:59-14:00"},
        {"now": "1969-12-31T23:59:59Z"},
        {"now": 1767261600},
        {"now": None},
        {"advance_seconds": -1},
        {"advance_seconds": True},
        {"advance_seconds": "1"},
        {"advance_seconds": None},
        {"advance_seconds": 10**400},
        {"advance_seconds": 1e300},
        {"advance_seconds": 10**12},
        {"later": 1},
        [],
        "2026-01-01T10:00:00Z",
    ],
    ids=str,
)
def test_a_clock_cannot_be_set_to_nonsense(mock: Mock, body: object) -> None:
    """No setting can make a date overflow later on."""
    assert call(mock, "PUT", "clock", body).status == 400
    assert mock.clock.now() == NOON


def test_a_key_can_be_issued_and_renewed_at_the_end_of_time(mock: Mock) -> None:
    """The latest moment leaves room for what is computed from it."""
    call(mock, "PUT", "clock", {"now": "9000-01-01T00:00:00Z"})

    assert ask(mock).json()["expDate"] == "9001-01-01T23:59:59.000Z"
    assert call(mock, "PUT", "clock", {"advance_seconds": 1}).status == 400


def test_cleanup_deletes_a_key(mock: Mock) -> None:
    """The stage for cleaned-new and for a deleted key."""
    key = ask(mock).json()["apiKey"]

    assert call(mock, "POST", "cleanup", {"phone": PHONE}).json() == {"phone": PHONE, "deleted": True}
    assert call(mock, "GET", "keys").json() == {"keys": []}
    assert mock.handle(Request("GET", "/v.1.0/clients/authorization", f"apiKey={key}")).status == 401


def test_cleanup_without_a_key_is_404(mock: Mock) -> None:
    """A stage that was set wrongly shows at once."""
    assert reason(call(mock, "POST", "cleanup", {"phone": PHONE})) == (404, "this phone has no key")
    assert call(mock, "POST", "cleanup", {"phone": OTHER}).status == 404


@pytest.mark.parametrize("body", [None, {}, {"phone": 1}, {"phone": "x"}, {"phone": PHONE, "x": 1}, []])
def test_cleanup_wants_a_phone(mock: Mock, body: object) -> None:
    """Clear words for a clear mistake."""
    assert call(mock, "POST", "cleanup", body).status == 400


def test_keys_are_listed_with_dates_and_status_but_masked(mock: Mock) -> None:
    """Enough to see what is going on, not enough to use."""
    key = ask(mock).json()["apiKey"]

    [listed] = call(mock, "GET", "keys").json()["keys"]
    assert listed == {
        "phone": PHONE,
        "apiKey": key[:4] + "****",
        "createdAt": "2026-03-10T12:00:00Z",
        "expDate": "2027-03-10T23:59:59Z",
        "status": "Active",
    }
    call(mock, "PUT", "clock", {"now": "2027-03-11T00:00:00Z"})
    assert call(mock, "GET", "keys").json()["keys"][0]["status"] == "Expired"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("health", "GET"),
        ("reset", "POST"),
        ("clients", "GET"),
        (f"clients/{PHONE}", "DELETE, GET, PUT"),
        ("clock", "GET, PUT"),
        ("cleanup", "POST"),
        ("keys", "GET"),
        ("faults", "DELETE, GET, PUT"),
        ("journal", "DELETE, GET"),
        ("openapi.json", "GET"),
    ],
)
def test_other_methods_are_405_with_allow(mock: Mock, path: str, allowed: str) -> None:
    """RFC 9110, 15.5.6: a 405 names what would have worked."""
    for method in ("HEAD", "PATCH", "OPTIONS", "TRACE", "get"):
        reply = call(mock, method, path)
        assert reply.status == 405
        assert reply.header_values("Allow") == [allowed]


@pytest.mark.parametrize("path", ["nothing", "health/", "clients/1/2", "../__mock__/health"])
def test_other_paths_are_404(mock: Mock, path: str) -> None:
    """Nothing is guessed."""
    assert reason(call(mock, "GET", path)) == (404, "No such path under /__mock__/")


@pytest.mark.parametrize("declared", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_is_taken_whatever_it_is_declared_as(mock: Mock, declared: str | None) -> None:
    """`curl -d` declares a form, and the table of calls says nothing of types."""
    headers = (("Content-Type", declared),) if declared else ()
    reply = mock.handle(Request("PUT", "/__mock__/clock", "", headers, b'{"advance_seconds": 1}'))
    assert reply.status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8080", 200),
        ("https://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:9", 403),
    ],
)
def test_a_page_of_another_origin_cannot_steer(mock: Mock, origin: str, status: int) -> None:
    """A browser names the page's origin with every such request; without one it is no page."""
    headers = (("Host", "127.0.0.1:8080"), ("Origin", origin))
    assert mock.handle(Request("POST", "/__mock__/reset", "", headers, b"")).status == status


def test_many_advances_at_once_all_count(mock: Mock) -> None:
    """Reading the time, adding to it and setting it is one step."""
    before = mock.clock.now()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: mock.clock.advance(3600), range(2000)))
    assert mock.clock.now() - before >= timedelta(seconds=3600 * 2000)


@pytest.mark.parametrize("seconds", [-1, True, "1", None, float("nan"), float("inf"), 10**400])
def test_a_step_that_is_no_number_of_seconds_is_refused(seconds: Any, mock: Mock) -> None:
    """By one kind of error, and the clock stays where it is."""
    mock.clock.set("2026-03-10T09:30:00Z")
    with pytest.raises(ValueError, match="the clock"):
        mock.clock.advance(seconds)
    assert f"{mock.clock.now():%H:%M}" == "09:30"


def test_the_number_of_clients_is_bounded(mock: Mock) -> None:
    """A runaway loop fills neither the memory nor the list."""
    for number in range(MAX_CLIENTS - 1):
        mock.register(str(10_000_000 + number))

    status, text = reason(call(mock, "PUT", f"clients/{OTHER}", {"matches": 1}))
    assert (status, text) == (400, "no more than 10000 phones; reset first")
    assert call(mock, "PUT", f"clients/{PHONE}", {"matches": 2}).status == 200
    mock.unregister("10000000")
    assert call(mock, "PUT", f"clients/{OTHER}", {"matches": 1}).status == 200


PATHS = (
    *("health", "reset", "clients", f"clients/{PHONE}", "clock", "cleanup", "keys", "no", "clients/1"),
    *("faults", "journal", "openapi.json"),
)


@given(
    st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]),
    st.sampled_from(PATHS) | st.text(st.characters(codec="latin-1"), max_size=30),
    st.binary(max_size=80)
    | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(
        lambda value: json.dumps(value).encode()
    ),
)
def test_no_control_request_makes_a_server_error(method: str, path: str, body: bytes) -> None:
    """Whatever is sent, the fault is the sender's."""
    reply = Mock().handle(Request(method, f"/__mock__/{path}", "", JSON, body))

    assert reply.status < 500


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "now": st.text() | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
            "advance_seconds": st.floats() | st.integers(),
            "matches": st.integers() | st.booleans(),
            "phone": st.text() | st.from_regex(r"[1-9][0-9]{7,14}", fullmatch=True),
        },
    ),
    st.sampled_from([("PUT", "clock"), ("POST", "cleanup"), ("PUT", f"clients/{PHONE}")]),
)
def test_no_control_body_makes_a_server_error(body: dict[str, Any], route: tuple[str, str]) -> None:
    """Neither there nor in the next request, whatever the stage looks like by then."""
    mock = Mock()

    assert call(mock, *route, body).status < 500
    assert call(mock, "GET", "clock").status == 200
    assert ask(mock).status in {200, 404, 409}
    assert call(mock, "GET", "keys").status == 200


@given(st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None)))
def test_moments_survive_writing_and_reading(moment: datetime) -> None:
    """What the clock answers can be given back to it."""
    moment = moment.replace(tzinfo=UTC)

    assert read_moment(write_moment(moment)) == moment


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Mock(["+498213437654"]),
        lambda: Mock({PHONE: -1}),
        lambda: Mock({PHONE: True}),
        lambda: Mock().register("x"),
        lambda: Mock().register(PHONE, 1001),
        lambda: Mock().clock.set(datetime(2026, 1, 1)),  # noqa: DTZ001 - no zone is what is wrong
        lambda: Mock().handle(Request("GET", "/"), datetime(2026, 1, 1)),  # noqa: DTZ001 - as above
    ],
)
def test_wrong_use_from_python_is_a_value_error(wrong: Callable[[], object]) -> None:
    """The methods refuse what the control API refuses, and repeat no phone."""
    with pytest.raises(ValueError, match=r".") as caught:
        wrong()

    assert PHONE not in str(caught.value)
