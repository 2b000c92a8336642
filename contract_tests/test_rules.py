"""Does the target keep the rules that no schema can say? One test or more for each rule of rules.toml."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.api import Api
from contract_tests.checks import parse_date
from contract_tests.exchange import Received
from contract_tests.model import expires, year_after
from contract_tests.stage import Stage
from contract_tests.strategies import (
    LONGEST,
    NO_JSON,
    NO_PHONES,
    NO_REQUESTS,
    PUBLISHED_EXAMPLE,
    SHORTEST,
    UKRAINIAN,
    fictional,
    fictional_german,
    phones,
)

PHONE = fictional(1)
OTHER = fictional_german(1)
# A Tuesday, far from the ends of day, month and year.
MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
# The errors that the vendor publishes elsewhere, by the status that carries them.
PUBLISHED_ERRORS = {
    404: "Client not found",
    409: "Multiple matching clients found",
    429: "Daily limit reached",
}


@pytest.fixture
def morning(stage: Stage) -> Stage:
    """The stage at a known time, with two registered phones."""
    stage.set_clock(MORNING)
    stage.register(PHONE)
    stage.register(OTHER)
    return stage


def given_key(api: Api, phone: str = PHONE, *, rule: str) -> dict[str, Any]:
    """The answer to a request that must give a key."""
    answer = api.ask(phone)
    api.expect(answer.status == 200, rule, f"{answer.status} where a key was due")
    body: dict[str, Any] = answer.json()
    return body


def refused(api: Api, answer: Received, status: int, rule: str) -> None:
    """Expect a refusal. Other words than the vendor's own are worth a remark; no document promises them."""
    api.expect(answer.status == status, rule, f"{answer.status} instead of {status}")
    words = PUBLISHED_ERRORS.get(status)
    if words and words.lower() not in " ".join(answer.json()["errors"]).lower():
        api.observations.readings[f"the words of {status}"] = f"others than the vendor's {words!r}"


@pytest.mark.rule("registered-phone")
def test_only_a_registered_phone_gets_a_key(api: Api, morning: Stage) -> None:
    """The key is bound to a client of the portal; without one there is nobody to bind it to."""
    stranger = fictional(2)
    refused(api, api.ask(stranger), 404, "registered-phone")
    morning.register(stranger)
    given_key(api, stranger, rule="registered-phone")
    morning.unregister(stranger)
    refused(api, api.ask(stranger), 404, "registered-phone")


@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize(
    "near",
    [PHONE[:-1], f"{PHONE}1", PHONE[2:], f"44{PHONE}", f"440{PHONE[2:]}", PHONE[::-1], PHONE[:-2] + "10"],
    ids=["shorter", "longer", "without country", "country twice", "trunk zero", "reversed", "other"],
)
def test_a_phone_that_is_only_like_a_registered_one_is_a_stranger(
    near: str, api: Api, morning: Stage
) -> None:
    """Whoever has part of a number, or more than it, does not have the number."""
    given_key(api, rule="registered-phone")
    refused(api, api.ask(near), 404, "registered-phone")


@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize("ending", range(10))
def test_no_number_is_special(ending: int, api: Api, morning: Stage) -> None:
    """What is true of one phone is true of all, whichever digit it ends in."""
    stranger, ambiguous, known = (fictional(300 + 10 * n + ending) for n in range(3))
    morning.register(ambiguous, matches=2)
    morning.register(known)
    refused(api, api.ask(stranger), 404, "registered-phone")
    refused(api, api.ask(ambiguous), 409, "registered-phone")
    _buys_a_jwt(api, given_key(api, known, rule="registered-phone")["apiKey"], rule="jwt")
    morning.cleanup(known)
    refused(api, api.ask(known), 429, "daily-limit")


@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize("matches", [2, 3, 7])
def test_a_phone_of_several_clients_gets_no_key(matches: int, api: Api, morning: Stage) -> None:
    """Nobody can tell whose key it would be, also when the phone had one before."""
    morning.register(OTHER, matches=matches)
    refused(api, api.ask(OTHER), 409, "registered-phone")
    given_key(api, rule="registered-phone")
    morning.register(PHONE, matches=matches)
    refused(api, api.ask(PHONE), 409, "registered-phone")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("phone", NO_PHONES, ids=ascii)
def test_what_is_no_phone_is_refused(phone: str, api: Api, morning: Stage) -> None:
    """A lenient check lets a typing error come back as "not registered", which sends people astray."""
    refused(api, api.ask(phone), 400, "phone-format")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("phone", [SHORTEST, LONGEST, PUBLISHED_EXAMPLE, PHONE])
def test_what_is_a_phone_is_taken(phone: str, api: Api, morning: Stage) -> None:
    """The shortest, the longest, and the published example, whose digits the page itself miscounts."""
    morning.register(phone)
    given_key(api, phone, rule="phone-format")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("body", NO_REQUESTS, ids=ascii)
def test_a_body_that_is_no_request_is_refused(body: object, api: Api, morning: Stage) -> None:
    """Exactly one property, phone, and it is a text: nothing is converted, nothing overlooked."""
    refused(api, api.send("POST", "/test-api-keys", json=body), 400, "phone-format")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_a_body_that_is_not_json_is_refused(body: bytes, api: Api, morning: Stage) -> None:
    """Whatever arrives, the answer is an error that says so, never a failure of the server."""
    headers = {"Content-Type": "application/json"}
    refused(api, api.send("POST", "/test-api-keys", content=body, headers=headers), 400, "phone-format")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("content", [b"", b"{}"], ids=["no body", "an empty object"])
def test_the_phone_is_taken_from_the_body_alone(content: bytes, api: Api, morning: Stage) -> None:
    """A phone in the address ends in every log on the way; it does not count."""
    headers = {"Content-Type": "application/json", "phone": PHONE}
    answer = api.send("POST", f"/test-api-keys?phone={PHONE}", content=content, headers=headers)
    refused(api, answer, 400, "phone-format")


def test_the_usual_ways_to_say_json_are_taken(api: Api, morning: Stage) -> None:
    """Many clients name the charset, though JSON has only one (RFC 8259, section 8.1)."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = api.ask(PHONE, headers=headers)
    api.expect(answer.status == 200, "json-taken", f"{answer.status} for JSON with its charset")


@pytest.mark.parametrize(
    "content",
    [
        b'{"\\u0070hone": "\\u00347700900001"}'.replace(b"\\u0034", b"4\\u0034"),
        b' \r\n\t{ "phone"\n:\t"447700900001" }\r\n',
        b'{"phone":"447700900001"}',
    ],
    ids=["escapes", "white space", "compact"],
)
def test_the_same_json_written_otherwise_is_the_same(content: bytes, api: Api, morning: Stage) -> None:
    """How a JSON text is written has no meaning (RFC 8259)."""
    answer = api.send("POST", "/test-api-keys", content=content, headers={"Content-Type": "application/json"})
    api.expect(answer.status == 200, "json-taken", f"{answer.status} for the same JSON written otherwise")


def test_a_byte_order_mark_is_no_crash(api: Api, morning: Stage) -> None:
    """Some editors write one; a server may overlook it or refuse it (RFC 8259, section 8.1)."""
    content = b'\xef\xbb\xbf{"phone": "447700900001"}'
    answer = api.send("POST", "/test-api-keys", content=content, headers={"Content-Type": "application/json"})
    api.expect(answer.status in (200, 400), "json-taken", f"{answer.status} for a byte order mark")


def test_a_body_of_unusual_size_is_refused(api: Api, morning: Stage) -> None:
    """A request has some forty bytes; a server that reads a megabyte first can be kept busy by anybody."""
    body = b'{"phone": "' + b"4" * 1_000_000 + b'"}'
    answer = api.send("POST", "/test-api-keys", content=body, headers={"Content-Type": "application/json"})
    api.expect(answer.status in (400, 413), "large-body-refused", f"{answer.status} for a body of a megabyte")


@pytest.mark.rule("ua-unsupported")
@pytest.mark.parametrize("phone", UKRAINIAN)
def test_a_ukrainian_phone_gets_no_key(phone: str, api: Api, morning: Stage) -> None:
    """Keys for Ukraine come from the business cabinet, also for a phone that is registered."""
    refused(api, api.ask(phone), 400, "ua-unsupported")
    morning.register(phone)
    refused(api, api.ask(phone), 400, "ua-unsupported")


@pytest.mark.rule("same-day-same-key", "daily-limit")
def test_the_same_day_gives_the_same_key(api: Api, morning: Stage) -> None:
    """Whoever asks again the same day gets the answer of before, unchanged in every field."""
    first = given_key(api, rule="same-day-same-key")
    for later in (timedelta(0), timedelta(seconds=1), timedelta(minutes=5), timedelta(hours=14)):
        morning.advance(later)
        again = given_key(api, rule="same-day-same-key")
        for name in sorted(first.keys() | again.keys()):
            api.expect(
                first.get(name) == again.get(name), "same-day-same-key", f"{name} changed within the day"
            )
    api.observations.readings["daily-limit"] = "issuing (repeats of the same day are not counted)"


@pytest.mark.rule("same-day-same-key")
def test_asking_often_changes_nothing(api: Api, morning: Stage) -> None:
    """The promise holds for the thirtieth time as for the first, with another phone asking in between."""
    first, other = given_key(api, rule="same-day-same-key"), given_key(api, OTHER, rule="same-day-same-key")
    for _ in range(15):
        api.expect(
            given_key(api, rule="same-day-same-key") == first, "same-day-same-key", "the answer changed"
        )
        api.expect(
            given_key(api, OTHER, rule="same-day-same-key") == other,
            "same-day-same-key",
            "the answer changed",
        )


@pytest.mark.rule("later-day-renews", "day")
@pytest.mark.parametrize(
    "later",
    [timedelta(hours=14, minutes=31), DAY, 7 * DAY, 200 * DAY],
    ids=["past midnight", "1", "7", "200"],
)
def test_a_later_day_renews_the_key(later: timedelta, api: Api, morning: Stage) -> None:
    """The same key lives on with a later end: nobody has to change a configuration."""
    first = given_key(api, rule="later-day-renews")
    morning.advance(later)
    renewed = given_key(api, rule="later-day-renews")
    for name in ("apiKey", "createdAt"):
        api.expect(renewed[name] == first[name], "later-day-renews", f"{name} changed with the renewal")
    days = (expires(renewed) - expires(first)).days
    passed = ((MORNING + later).date() - MORNING.date()).days
    api.expect(days == passed, "later-day-renews", f"expDate moved by {days} days after {passed}")
    api.expect(renewed["status"] == "Active", "later-day-renews", "the renewed key is not Active")


@pytest.mark.rule("day")
def test_a_day_ends_at_midnight_utc(api: Api, morning: Stage) -> None:
    """One second before, the answer repeats; one second after, the key is renewed."""
    first = given_key(api, rule="day")
    morning.set_clock(datetime(2026, 3, 10, 23, 59, 40, tzinfo=UTC))
    api.expect(given_key(api, rule="day") == first, "day", "the day ended before midnight UTC")
    morning.set_clock(datetime(2026, 3, 11, 0, 0, 1, tzinfo=UTC))
    api.expect(
        expires(given_key(api, rule="day")) > expires(first), "day", "the day went on past midnight UTC"
    )


@pytest.mark.rule("expired-reactivated")
def test_an_expired_key_is_reactivated(api: Api, morning: Stage) -> None:
    """The same key works again, and again: an integration that slept for a year wakes up with one request."""
    first = given_key(api, rule="expired-reactivated")
    end = expires(first)
    for _ in range(3):
        morning.set_clock(end + timedelta(seconds=1))
        refused(api, api.authorize(first["apiKey"]), 401, "jwt")
        again = given_key(api, rule="expired-reactivated")
        api.expect(again["apiKey"] == first["apiKey"], "expired-reactivated", "another key came")
        api.expect(again["status"] == "Active", "expired-reactivated", "the key is not Active")
        api.expect(expires(again) > end + 300 * DAY, "expired-reactivated", "expDate did not move a year on")
        _buys_a_jwt(api, again["apiKey"], rule="expired-reactivated")
        end = expires(again)


@pytest.mark.rule("expired-reactivated")
def test_a_key_lives_to_its_last_second(api: Api, morning: Stage) -> None:
    """expDate is the end: just before it the key buys a JWT, and long after it does not."""
    first = given_key(api, rule="validity")
    morning.set_clock(expires(first) - timedelta(minutes=1))
    _buys_a_jwt(api, first["apiKey"], rule="validity")
    morning.set_clock(expires(first) + 400 * DAY)
    refused(api, api.authorize(first["apiKey"]), 401, "jwt")


@pytest.mark.rule("cleaned-new")
@pytest.mark.parametrize("later", [DAY, 400 * DAY], ids=["next day", "after its end"])
def test_a_key_that_was_cleaned_up_is_gone_for_good(later: timedelta, api: Api, morning: Stage) -> None:
    """After the cleanup the phone gets another key, and the old one buys nothing any more."""
    first = given_key(api, rule="cleaned-new")
    morning.cleanup(PHONE)
    refused(api, api.authorize(first["apiKey"]), 401, "jwt")
    morning.advance(later)
    second = given_key(api, rule="cleaned-new")
    api.expect(second["apiKey"] != first["apiKey"], "cleaned-new", "the deleted key came back")
    created = parse_date(second["createdAt"])
    api.expect(
        created is not None and created >= MORNING + later - timedelta(minutes=2),
        "cleaned-new",
        "createdAt is that of the deleted key",
    )
    refused(api, api.authorize(first["apiKey"]), 401, "jwt")
    _buys_a_jwt(api, second["apiKey"], rule="cleaned-new")


@pytest.mark.rule("one-active")
def test_a_phone_has_at_most_one_active_key(api: Api, morning: Stage) -> None:
    """Whatever happens to the key of a phone, the cabinet never shows two that work."""
    for step in (timedelta(0), DAY, 3 * DAY, 500 * DAY):
        morning.advance(step)
        for phone in (PHONE, OTHER):
            given_key(api, phone, rule="one-active")
            _one_active(api, morning)
    morning.cleanup(PHONE)
    morning.advance(DAY)
    given_key(api, rule="one-active")
    _one_active(api, morning)


def _one_active(api: Api, stage: Stage) -> None:
    active = [key.get("phone") for key in stage.list_keys() if key.get("status") == "Active"]
    for phone in set(active):
        count = active.count(phone)
        api.expect(count == 1, "one-active", f"{count} Active keys of one phone")


@pytest.mark.rule("one-active")
def test_asking_at_once_gives_one_key(api: Api, morning: Stage) -> None:
    """Eight requests in the same moment are one request eight times, not eight keys."""
    for phone in (PHONE, OTHER):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(api.ask, [phone] * 24))
        given_keys = {answer.json()["apiKey"] for answer in answers if answer.status == 200}
        api.expect(len(given_keys) == 1, "one-active", f"{len(given_keys)} keys for one phone at once")
    _one_active(api, morning)


@pytest.mark.rule("one-active")
def test_answers_at_once_do_not_get_mixed_up(api: Api, morning: Stage) -> None:
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
        if phone in alone:
            same = answer.status == 200 and answer.json() == alone[phone]
            api.expect(same, "one-active", f"another answer came ({answer.status}) when eight asked at once")
        else:
            refused(api, answer, 400 if phone == "no phone" else 404, "registered-phone")


@pytest.mark.rule("one-active")
def test_a_key_belongs_to_one_phone(api: Api, morning: Stage) -> None:
    """Many phones, as many keys, each of which works beside the others."""
    numbers = [fictional(n) for n in range(10, 30)]
    for phone in numbers:
        morning.register(phone)
    keys = [given_key(api, phone, rule="one-active")["apiKey"] for phone in numbers]
    api.expect(len(set(keys)) == len(numbers), "one-active", "two phones share a key")
    for key in keys:
        _buys_a_jwt(api, key, rule="one-active")


@pytest.mark.rule("daily-limit")
def test_a_second_issuing_on_one_day_is_refused(api: Api, morning: Stage) -> None:
    """One key per phone and day, also when the first was deleted: by either reading of the limit."""
    given_key(api, rule="daily-limit")
    morning.cleanup(PHONE)
    for _ in range(3):
        refused(api, api.ask(PHONE), 429, "daily-limit")
    given_key(api, OTHER, rule="daily-limit")
    morning.set_clock(datetime(2026, 3, 10, 23, 59, 30, tzinfo=UTC))
    refused(api, api.ask(PHONE), 429, "daily-limit")
    morning.set_clock(datetime(2026, 3, 11, 0, 0, 1, tzinfo=UTC))
    given_key(api, rule="daily-limit")


@pytest.mark.rule("daily-limit")
@pytest.mark.parametrize("later", [DAY, 500 * DAY], ids=["renewing", "reactivating"])
@pytest.mark.parametrize("cleaned", [False, True], ids=["", "after a cleanup"])
def test_every_kind_of_issuing_uses_up_the_day(
    later: timedelta, cleaned: bool, api: Api, morning: Stage
) -> None:
    """Renewing, reactivating and creating anew count as the first creating does."""
    given_key(api, rule="daily-limit")
    if cleaned:
        morning.cleanup(PHONE)
    morning.advance(later)
    given_key(api, rule="daily-limit")
    morning.cleanup(PHONE)
    refused(api, api.ask(PHONE), 429, "daily-limit")
    morning.advance(DAY)
    given_key(api, rule="daily-limit")


@pytest.mark.rule("daily-limit")
def test_a_refused_request_does_not_use_up_the_day(api: Api, morning: Stage) -> None:
    """Whoever was refused (a typing error, not registered yet) can still get a key the same day."""
    newcomer = fictional(3)
    refused(api, api.ask(newcomer), 404, "registered-phone")
    refused(api, api.ask(f"+{newcomer}"), 400, "phone-format")
    morning.register(newcomer, matches=2)
    refused(api, api.ask(newcomer), 409, "registered-phone")
    morning.register(newcomer)
    given_key(api, newcomer, rule="daily-limit")


@pytest.mark.rule("validity")
@pytest.mark.parametrize(
    "issued",
    [
        MORNING,
        datetime(2026, 12, 31, 23, 50, tzinfo=UTC),
        datetime(2027, 1, 1, 0, 0, 5, tzinfo=UTC),
        datetime(2027, 6, 1, 12, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2028, 3, 1, 0, 0, 5, tzinfo=UTC),
    ],
    ids=["spring", "eve", "new year", "before a leap year", "leap day", "after a leap day"],
)
def test_a_key_is_good_for_a_year_to_the_end_of_the_day(issued: datetime, api: Api, morning: Stage) -> None:
    """expDate is 23:59:59 Z of the day a year after the issue, as the published example has it."""
    morning.set_clock(issued)
    key = given_key(api, rule="validity")
    end = expires(key).astimezone(UTC)
    api.expect(
        (end.hour, end.minute, end.second) == (23, 59, 59), "validity", f"expDate ends at {end:%H:%M:%S} UTC"
    )
    api.expect(
        end.date() in year_after(issued.date()),
        "validity",
        f"expDate of a key of {issued:%d %B} is {end:%d %B}",
    )
    created = parse_date(key["createdAt"])
    api.expect(
        created is not None and abs(created - issued) < timedelta(minutes=2),
        "validity",
        "createdAt is not the moment of the issue",
    )


@pytest.mark.rule("validity", "later-day-renews")
def test_dates_never_run_backwards(api: Api, morning: Stage) -> None:
    """Day by day, createdAt stays and expDate only moves on."""
    keys = []
    for _ in range(12):
        keys.append(given_key(api, rule="later-day-renews"))
        morning.advance(DAY)
    for before, after in pairwise(keys):
        api.expect(before["createdAt"] == after["createdAt"], "later-day-renews", "createdAt changed")
        api.expect(before["apiKey"] == after["apiKey"], "later-day-renews", "apiKey changed")
        api.expect(expires(before) < expires(after), "later-day-renews", "expDate did not move on")


@pytest.mark.rule("jwt")
def test_a_key_buys_jwts(api: Api, morning: Stage) -> None:
    """An Active key buys a JWT as often as it is asked, on every day of its life."""
    key = given_key(api, rule="jwt")["apiKey"]
    for step in (timedelta(0), timedelta(minutes=61), DAY, 100 * DAY):
        morning.advance(step)
        for _ in range(4):
            _buys_a_jwt(api, key, rule="jwt")


@pytest.mark.rule("jwt")
def test_a_key_that_was_never_given_buys_nothing(api: Api, morning: Stage) -> None:
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
        *(PHONE, "null", "*", "%", "' OR 1=1", "key-of-nobody"),
    ):
        if wrong == key:  # a key may read the same from behind, or have no letters to change
            continue
        refused(api, api.authorize(wrong), 401, "jwt")


@pytest.mark.rule("jwt")
@pytest.mark.parametrize(
    "raw",
    ["%FF", "%00", "%", "%zz", "%ED%A0%80", "%F0%9F%98%80", "%2B", "%0d%0aSet-Cookie:x", "a" * 3000],
    ids=ascii,
)
def test_an_odd_key_is_only_an_unknown_one(raw: str, api: Api, morning: Stage) -> None:
    """Keys are copied by hand and by bad scripts: whatever arrives, the answer is an error that says so."""
    answer = api.send("GET", f"/clients/authorization?apiKey={raw}")
    api.expect(
        answer.status in (401, 422, 400), "jwt", f"{answer.status} for an odd key", "/clients/authorization"
    )


@pytest.mark.rule("jwt")
@pytest.mark.parametrize("name", [None, "apikey", "key", "apiKey[]", "apiKey[a]", "api_key"])
def test_no_key_is_not_a_wrong_key(name: str | None, api: Api, morning: Stage) -> None:
    """422 says that the parameter is missing; 401 would send people looking at their key."""
    params = {"apiKey": ""} if name is None else {name: "0" * 40}
    answer = api.send("GET", "/clients/authorization", params=params)
    api.expect(answer.status == 422, "jwt", f"{answer.status} instead of 422", "/clients/authorization")


@pytest.mark.rule("public")
@pytest.mark.parametrize("value", ["Bearer nonsense", "Basic eDp5", "nonsense"])
def test_no_authorisation_is_needed_and_none_disturbs(value: str, api: Api, morning: Stage) -> None:
    """Both operations are public; a header left over from other calls changes nothing."""
    answer = api.ask(PHONE, headers={"Authorization": value})
    api.expect(answer.status == 200, "public", f"{answer.status} with an Authorization header")
    answer = api.authorize(answer.json()["apiKey"], headers={"Authorization": value})
    api.expect(
        answer.status == 200,
        "public",
        f"{answer.status} with an Authorization header",
        "/clients/authorization",
    )


@pytest.mark.rule("time-out")
def test_a_time_out_changes_nothing(api: Api, morning: Stage) -> None:
    """503 has the other error shape, and the request that met it did not count."""
    answer = api.ask(PHONE, headers={"Prefer": "code=503"})
    api.expect(answer.status == 503, "time-out", f"{answer.status} instead of 503")
    api.expect(isinstance(answer.json().get("errors"), dict), "time-out", "errors is no object of text")
    given_key(api, rule="time-out")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_a_method_that_is_not_documented_is_refused(method: str, api: Api, morning: Stage) -> None:
    """405 with the methods that there are, and nothing happens."""
    body = {"phone": PHONE} if method in ("PUT", "PATCH") else None
    answer = api.send(method, f"/test-api-keys?phone={PHONE}", json=body)
    api.expect(answer.status == 405, "methods", f"{answer.status} for {method}")
    api.expect(not morning.list_keys(), "methods", f"{method} made a key")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD"])
def test_a_method_that_is_not_documented_buys_no_jwt(method: str, api: Api, morning: Stage) -> None:
    """405 with the methods that there are."""
    key = given_key(api, rule="methods")["apiKey"]
    answer = api.send(method, "/clients/authorization", params={"apiKey": key})
    api.expect(answer.status == 405, "methods", f"{answer.status} for {method}", "/clients/authorization")


@pytest.mark.parametrize("path", ["/", "/test-api-key", "/test-api-keys/1", "/clients", "/test-api-keys%00"])
def test_a_path_that_is_not_documented_is_not_found(path: str, api: Api, morning: Stage) -> None:
    """404, whatever the method."""
    for method in ("GET", "POST"):
        answer = api.send(method, path)
        api.expect(answer.status == 404, "paths", f"{answer.status} for an unknown path")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=20)
    | st.from_regex(r"\A[+ 0-9-]{1,20}\Z")
    | phones.map(lambda phone: f" {phone}")
    | phones.map(lambda phone: phone + "\u00b2")
)
@pytest.mark.rule("phone-format")
def test_a_text_gets_a_key_only_as_a_registered_phone(api: Api, morning: Stage, text: str) -> None:
    """Whatever is typed into the phone's field: either it is a phone, or the answer says that it is none."""
    answer = api.ask(text)
    api.expect(
        answer.status in (400, 404) or text in (PHONE, OTHER),
        "phone-format",
        f"{answer.status} for a made-up text",
    )


def _buys_a_jwt(api: Api, key: str, *, rule: str) -> None:
    answer = api.authorize(key)
    api.expect(
        answer.status == 200, rule, f"{answer.status} where the key buys a JWT", "/clients/authorization"
    )
