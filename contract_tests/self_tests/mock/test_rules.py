"""The mock keeps the rules of the sandbox: each rule, each row of the table, each text."""

import base64
import hmac
import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import novapost_mock
from novapost_mock import Clock, Mock, Readings, Reply, Request
from novapost_mock.document.document import Document
from novapost_mock.keys.document import embedded, of_tree
from novapost_mock.keys.lifecycle import (
    LIFE,
    Action,
    Client,
    Event,
    Situation,
    after,
    expiry,
    life,
    situation,
)
from novapost_mock.keys.tokens import TokenSource, signer
from novapost_mock.messages import MAX_BODY
from novapost_mock.schemas.violation import DocumentError
from scripts.lib.paths import EFFECTIVE

PHONE = "498213437654"
KEYS = "/v.1.0/test-api-keys"
JWT = "/v.1.0/clients/authorization"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
READINGS = Readings()


def mock_at(moment: datetime = NOON, clients: Any = (PHONE,), **settings: Any) -> Mock:
    """Return a mock whose real clock stands still."""
    return Mock(clients, clock=Clock(lambda: moment), random_bytes=random.Random(1).randbytes, **settings)


def post(body: bytes, *headers: tuple[str, str]) -> Request:
    return Request("POST", KEYS, "", headers or (("Content-Type", "application/json"),), body)


def ask(mock: Mock, now: datetime | None = None, phone: str = PHONE) -> Reply:
    return mock.handle(post(json.dumps({"phone": phone}).encode()), now)


def authorize(mock: Mock, query: str, now: datetime | None = None) -> Reply:
    return mock.handle(Request("GET", JWT, query), now)


def preferring(code: str, method: str = "POST", path: str = KEYS) -> Request:
    return Request(method, path, "", (("Prefer", code),))


def fits(reply: Reply, method: str = "post", path: str = "/test-api-keys") -> bool:
    """Judge a reply by the document, with nothing of the mock in between."""
    tree = json.loads(EFFECTIVE.read_bytes())
    answer = tree["paths"][path][method]["responses"][str(reply.status)]
    if "$ref" in answer:
        answer = tree["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = answer["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft4Validator(
        {"allOf": [schema], "components": tree["components"]}, validate_formats=True
    )
    return validator.is_valid(reply.json())


def rejection(reply: Reply) -> tuple[int, str]:
    body = reply.json()
    assert body["success"] is False
    [text] = body["errors"]
    return reply.status, text


# The life of a key


def test_a_first_request_creates_an_active_key() -> None:
    """This is what the call is for, and every field is what the document's example shows."""
    reply = ask(mock_at(datetime(2025, 8, 27, 8, 3, 2, tzinfo=UTC)))

    assert reply.status == 200
    assert fits(reply)
    key = reply.json()
    assert len(key["apiKey"]) == 40
    assert set(key["apiKey"]) <= set("0123456789abcdef")
    assert key["createdAt"] == "2025-08-27T08:03:02.000000Z"
    assert key["expDate"] == "2026-08-27T23:59:59.000Z"
    assert key["status"] == "Active"


def test_same_day_gives_the_same_key_unchanged() -> None:
    """Rule same-day-same-key: whoever loses the answer can ask again."""
    mock = mock_at()
    first = ask(mock, NOON)

    last_moment = datetime(2026, 3, 10, 23, 59, 59, 999999, tzinfo=UTC)
    assert ask(mock, last_moment) == first


def test_a_later_day_renews_the_key() -> None:
    """Rule later-day-renews: the key in somebody's settings stays good and lives longer."""
    mock = mock_at()
    first = ask(mock, NOON).json()

    later = ask(mock, datetime(2026, 3, 11, tzinfo=UTC)).json()
    assert later == {**first, "expDate": "2027-03-11T23:59:59.000Z"}


def test_an_expired_key_is_reactivated() -> None:
    """Rule expired-reactivated: the same key works again."""
    mock = mock_at()
    first = ask(mock, NOON).json()

    again = ask(mock, NOON + 400 * DAY).json()
    assert again == {**first, "expDate": "2028-04-14T23:59:59.000Z"}
    assert again["status"] == "Active"


def test_a_cleaned_key_is_replaced_by_a_new_one() -> None:
    """Rule cleaned-new: the old key is gone for good."""
    mock = mock_at()
    first = ask(mock, NOON).json()
    assert mock.cleanup(PHONE) is True

    second = ask(mock, NOON + DAY).json()
    assert second["apiKey"] != first["apiKey"]
    assert second["createdAt"] == "2026-03-11T12:00:00.000000Z"
    assert authorize(mock, f"apiKey={first['apiKey']}", NOON + DAY).status == 401
    assert authorize(mock, f"apiKey={second['apiKey']}", NOON + DAY).status == 200


@pytest.mark.parametrize(
    ("last_moment", "expired"),
    [
        ("2027-03-10T23:59:59+00:00", False),
        ("2027-03-10T23:59:59.000001+00:00", True),
    ],
)
def test_a_key_expires_right_after_its_expiration_date(last_moment: str, expired: bool) -> None:
    """Rule validity: a boundary that is off by one shows once a year, to a customer."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]

    reply = authorize(mock, f"apiKey={key}", datetime.fromisoformat(last_moment))
    assert reply.status == (401 if expired else 200)


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        ("2026-03-10T00:00:00Z", "2027-03-10T23:59:59Z"),
        ("2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z"),
        ("2027-02-28T12:00:00Z", "2028-02-28T23:59:59Z"),
        ("2028-02-29T12:00:00Z", "2029-02-28T23:59:59Z"),
    ],
)
def test_validity_ends_with_the_day_a_year_later(issued: str, expires: str) -> None:
    """Rule validity: leap days included."""
    assert expiry(datetime.fromisoformat(issued), READINGS) == datetime.fromisoformat(expires)


def walk(event: Event, client: Client, now: datetime) -> tuple[Client, datetime]:
    """Let an event happen to a client."""
    match event:
        case Event.ASKED | Event.CLEANUP:
            action = LIFE[situation(client, now, READINGS), event].action
            return after(action, client, now, READINGS, lambda: "a" * 40), now
        case Event.DAY_ENDED:
            return client, now + DAY
        case Event.VALIDITY_ENDED:
            assert client.key is not None
            return client, client.key.exp_date + timedelta(seconds=1)


REACHED_BY: dict[Situation, list[Event]] = {
    Situation.ABSENT: [],
    Situation.SAME_DAY: [Event.ASKED],
    Situation.LATER_DAY: [Event.ASKED, Event.DAY_ENDED],
    Situation.EXPIRED: [Event.ASKED, Event.DAY_ENDED, Event.VALIDITY_ENDED],
    Situation.CLEANED: [Event.ASKED, Event.CLEANUP],
}


@pytest.mark.parametrize(("start", "event"), LIFE, ids=lambda value: value.name)
def test_each_row_of_the_table_leads_where_it_says(start: Situation, event: Event) -> None:
    """The table is what the diagram is drawn from, so it must be what happens."""
    client, now = Client(PHONE, 1), NOON
    for step in REACHED_BY[start]:
        client, now = walk(step, client, now)
    assert situation(client, now, READINGS) is start

    client, now = walk(event, client, now)
    assert situation(client, now, READINGS) is LIFE[start, event].becomes


def test_every_situation_knows_what_to_do_when_asked() -> None:
    """A row that is missing would be a 500."""
    for readings in (READINGS, Readings(later_day="repeat")):
        assert {where for where, event in life(readings) if event is Event.ASKED} == set(Situation)


def test_a_key_issued_in_the_future_counts_as_issued_today() -> None:
    """Whoever moves the clock back must not see dates run backwards."""
    mock = mock_at()
    first = ask(mock, NOON)

    assert ask(mock, NOON - 300 * DAY) == first


# Who gets a key


def test_an_unregistered_phone_gets_404() -> None:
    """Rule registered-phone."""
    reply = ask(mock_at(clients=()))

    assert rejection(reply) == (404, "Client not found")
    assert fits(reply)


def test_an_ambiguous_phone_gets_409() -> None:
    """Rule registered-phone: several clients match."""
    reply = ask(mock_at(clients={PHONE: 2}))

    assert rejection(reply) == (409, "Multiple matching clients found")
    assert fits(reply)


@pytest.mark.parametrize("phone", ["380501234567", "38012345"])
def test_a_ukrainian_phone_gets_400_even_when_unregistered(phone: str) -> None:
    """Rule ua-unsupported, in the order that we assume."""
    reply = ask(mock_at(), phone=phone)

    assert rejection(reply) == (400, "UA key generation is currently not supported")
    assert fits(reply)


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "+498213437654",
        "0498213437654",
        "4982134",
        "4982134376541234",
        "49 8213437654",
        "498213437654\n",
        "\n498213437654",
        "498213437654\u0000",
        "٤٩٨٢١٣٤٣٧٦٥٤",
        "\uff14\uff1982134376",
        "\ud800",
        "49821343765\udfff",
        498213437654,
        True,
        None,
        [PHONE],
        {"phone": PHONE},
        1e300,
    ],
    ids=ascii,
)
def test_a_malformed_phone_gets_400(phone: object) -> None:
    """Rule phone-format: `$` that forgives a line break and digits of other scripts are the classic leaks."""
    reply = mock_at().handle(post(json.dumps({"phone": phone}).encode()))

    assert rejection(reply) == (400, "Invalid phone format")
    assert fits(reply)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "Request body is empty"),
        (b" \r\n", "Request body is empty"),
        (b"{}", "Missing required parameter: phone"),
        (b'{"Phone": "498213437654"}', "Missing required parameter: phone"),
        (b'{"phone": "498213437654", "name": 1}', "Unexpected parameter: name"),
        (b'{"phone": "498213437654", "49821343": 1}', "Unexpected parameter: name not shown"),
        (b'{"phone": "1", "name": 1}', "Invalid phone format"),
        (b'{"phone": "498213437654", "\\ud800": 1}', "Unexpected parameter: name not shown"),
        (b"[]", "Request body must be a JSON object"),
        (b"null", "Request body must be a JSON object"),
        (b"true", "Request body must be a JSON object"),
        (b"1", "Request body must be a JSON object"),
        (b'"498213437654"', "Request body must be a JSON object"),
        (b"{", "Request body is not valid JSON"),
        (b"phone=498213437654", "Request body is not valid JSON"),
        (b"NaN", "Request body is not valid JSON"),
        (b'{"phone": -Infinity}', "Request body is not valid JSON"),
        (b'{"phone": ' + b"9" * 5000 + b"}", "Request body is not valid JSON"),
        (b'{"phone": 1e999}', "Request body holds a number that is out of range"),
        (b'{"phone": "498213437654", "phone": "498213437654"}', "Request body names a property twice"),
        (b"\xff\xfe{}", "Request body is not UTF-8"),
        (json.dumps({"phone": PHONE}).encode("utf-16"), "Request body is not UTF-8"),
        (b"[" * 65 + b"]" * 65, "Request body nests deeper than 64 levels"),
        (b"[" * 60000, "Request body nests deeper than 64 levels"),
        (b'{"a":' * 10000 + b"1" + b"}" * 10000, "Request body nests deeper than 64 levels"),
        (b" " * (MAX_BODY + 1), "Request body is larger than 65536 bytes"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_body_that_cannot_be_read_gets_400_with_a_reason(body: bytes, text: str) -> None:
    """A 500 here would send people looking for the fault in the wrong place."""
    reply = mock_at().handle(post(body))

    assert rejection(reply) == (400, text)
    assert fits(reply)


def test_a_body_of_exactly_the_limit_is_read() -> None:
    """The limit is 64 KiB and not one byte less."""
    body = json.dumps({"phone": PHONE}).encode().ljust(MAX_BODY)

    assert mock_at().handle(post(body)).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("content-type", "application/json")], 200),
        ([("CONTENT-TYPE", "Application/JSON ; charset=utf-8")], 200),
        ([("Content-Type", "text/plain")], 400),
        ([("Content-Type", "application/x-www-form-urlencoded")], 400),
        ([("Content-Type", "application/json"), ("Content-Type", "text/plain")], 400),
        ([("Accept", "application/json")], 400),
    ],
)
def test_only_a_body_declared_as_json_is_read(headers: list[tuple[str, str]], status: int) -> None:
    """The document names one content type."""
    reply = mock_at().handle(post(json.dumps({"phone": PHONE}).encode(), *headers))

    assert reply.status == status
    assert fits(reply)


# The daily limit


def test_repeats_of_a_day_are_free_under_the_issuing_reading() -> None:
    """Rule daily-limit: it counts issuing, or it would contradict same-day-same-key."""
    mock = mock_at()

    assert {ask(mock, NOON + timedelta(minutes=n)).status for n in range(20)} == {200}


def test_a_second_issuing_on_a_day_gets_429() -> None:
    """Rule daily-limit: a cleanup does not give a second key on the same day, the next day does."""
    mock = mock_at()
    ask(mock, NOON)
    mock.cleanup(PHONE)

    reply = ask(mock, NOON)
    assert rejection(reply) == (429, "Daily limit reached")
    assert fits(reply)
    assert ask(mock, NOON + DAY).status == 200


def test_renewing_counts_as_issuing() -> None:
    """Rule daily-limit: renewed today and cleaned today is used up for today."""
    mock = mock_at()
    ask(mock, NOON)
    ask(mock, NOON + DAY)
    mock.cleanup(PHONE)

    assert ask(mock, NOON + DAY).status == 429
    assert ask(mock, NOON + 2 * DAY).status == 200


def test_reactivating_counts_as_issuing() -> None:
    """Rule daily-limit: reactivated today and cleaned today is used up for today."""
    mock = mock_at()
    ask(mock, NOON)
    ask(mock, NOON + 500 * DAY)
    mock.cleanup(PHONE)

    assert ask(mock, NOON + 500 * DAY).status == 429


def test_the_limit_survives_unregistering() -> None:
    """Rule daily-limit: it belongs to the phone and not to its registration."""
    mock = mock_at()
    ask(mock, NOON)
    mock.cleanup(PHONE)
    mock.unregister(PHONE)
    assert ask(mock, NOON).status == 404
    mock.register(PHONE)

    assert ask(mock, NOON).status == 429


def test_one_phone_does_not_use_up_the_day_of_another() -> None:
    """Rule daily-limit: per phone."""
    mock = mock_at(clients=(PHONE, "4915112345678"), readings=Readings(daily_limit="strict"))

    assert ask(mock, NOON).status == 200
    assert ask(mock, NOON, "4915112345678").status == 200


def test_the_strict_reading_refuses_any_second_request_of_a_day() -> None:
    """Rule daily-limit taken by the letter."""
    mock = mock_at(readings=Readings(daily_limit="strict"))

    assert [ask(mock, NOON).status, ask(mock, NOON).status] == [200, 429]
    assert [ask(mock, NOON + DAY).status, ask(mock, NOON + DAY).status] == [200, 429]


def test_the_strict_reading_counts_no_refused_request() -> None:
    """A typo in the phone should not cost a day."""
    mock = mock_at(clients={PHONE: 2}, readings=Readings(daily_limit="strict"))
    assert ask(mock, NOON).status == 409
    mock.register(PHONE)

    assert ask(mock, NOON).status == 200


def test_the_strict_reading_also_counts_repeats_of_a_later_day() -> None:
    """The two readings are independent switches."""
    mock = mock_at(readings=Readings(daily_limit="strict", later_day="repeat"))
    first = ask(mock, NOON)

    assert ask(mock, NOON + DAY) == first
    assert ask(mock, NOON + DAY).status == 429


@pytest.mark.parametrize(("daily_limit", "granted"), [("issuing", 400), ("strict", 1)])
def test_rules_hold_when_many_ask_at_once(daily_limit: Any, granted: int) -> None:
    """Rules one-active and daily-limit: deciding and remembering are one step, also between threads."""
    mock = mock_at(readings=Readings(daily_limit=daily_limit))
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: ask(mock, NOON), range(400)))

    good = [reply for reply in replies if reply.status == 200]
    assert len(good) == granted
    assert len(set(good)) == 1
    assert {reply.status for reply in replies} <= {200, 429}


# The other readings


def test_a_later_day_can_be_read_as_a_repeat() -> None:
    """Rule later-day-renews has an alternative: the key stays as it is until it expires."""
    mock = mock_at(readings=Readings(later_day="repeat"))
    first = ask(mock, NOON)

    assert ask(mock, NOON + 200 * DAY) == first


def test_a_day_can_end_in_another_zone() -> None:
    """Rule day: 23:30 UTC is tomorrow in Kyiv."""
    readings = Readings(day_zone="Europe/Kyiv")
    evening = datetime(2026, 3, 10, 21, 30, tzinfo=UTC)
    mock = mock_at(readings=readings)
    first = ask(mock, evening).json()
    assert first["expDate"] == "2027-03-10T21:59:59.000Z"

    assert ask(mock, evening + timedelta(hours=2)).json()["expDate"] == "2027-03-11T21:59:59.000Z"


def test_lengths_and_digits_can_be_set() -> None:
    """Published examples differ in them, so nobody should depend on one."""
    readings = Readings(key_length=32, created_digits=0, expiry_digits=6, validity=timedelta(days=30))

    key = ask(mock_at(readings=readings), NOON).json()
    assert len(key["apiKey"]) == 32
    assert key["createdAt"] == "2026-03-10T12:00:00Z"
    assert key["expDate"] == "2026-04-09T23:59:59.000000Z"


@pytest.mark.parametrize(
    "setting",
    [
        {"daily_limit": "none"},
        {"later_day": ""},
        {"day_zone": "Europe/Atlantis"},
        {"day_zone": "../etc/passwd"},
        {"validity": timedelta()},
        {"key_length": 4},
        {"created_digits": 7},
    ],
    ids=str,
)
def test_a_reading_that_is_not_known_is_refused(setting: dict[str, Any]) -> None:
    """A typo in a setting must not run as something else."""
    with pytest.raises(ValueError, match=next(iter(setting))):
        Readings(**setting)


# The JWT


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_an_active_key_buys_a_jwt_for_an_hour() -> None:
    """Rule jwt: a real token, so a client that looks inside finds what it expects."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]
    reply = authorize(mock, f"apiKey={key}", NOON)
    header, claims, _ = reply.json()["jwt"].split(".")

    assert reply.status == 200
    assert fits(reply, "get", "/clients/authorization")
    assert decoded(header) == {"alg": "HS256", "typ": "JWT"}
    body = decoded(claims)
    assert body["exp"] - body["iat"] == 3600
    assert body["iat"] == NOON.timestamp()
    assert key not in str(body)
    assert PHONE not in str(body)


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_tokens_are_signed_by_hmac(secret: bytes, message: bytes) -> None:
    """As the standard library computes it; ours is only quicker."""
    assert signer(secret)(message) == hmac.digest(secret, message, "sha256")


def test_no_two_jwts_are_equal() -> None:
    """A client that compares tokens to notice a fresh one can."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]

    tokens = {authorize(mock, f"apiKey={key}", NOON).json()["jwt"] for _ in range(50)}
    assert len(tokens) == 50


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("", {"": "Missing required parameter: apiKey"}),
        ("apiKey", {"": "Missing required parameter: apiKey"}),
        ("apiKey=", {"": "Missing required parameter: apiKey"}),
        ("apikey=abc", {"": "Missing required parameter: apiKey"}),
        ("apiKey=a&apiKey=b", {"": "Parameter given more than once: apiKey"}),
        ("apiKey=a&apiKey=", {"": "Parameter given more than once: apiKey"}),
    ],
)
def test_without_one_key_there_is_422(query: str, errors: dict[str, str]) -> None:
    """Rule jwt: the error names the field at fault."""
    reply = authorize(mock_at(), query)

    assert (reply.status, reply.json()) == (422, {"errors": errors})
    assert fits(reply, "get", "/clients/authorization")


@pytest.mark.parametrize("query", ["apiKey=abc", "apiKey=%FF%00", "apiKey=%ED%A0%80", "x=1&apiKey=0"])
def test_an_unknown_key_gets_401(query: str) -> None:
    """Rule jwt: in the published shape, whose property name is empty."""
    reply = authorize(mock_at(), query)

    text = "The API key is unknown, expired or deleted"
    assert (reply.status, reply.json()) == (401, {"errors": {"": text}})
    assert fits(reply, "get", "/clients/authorization")


def test_expired_deleted_and_unknown_keys_cannot_be_told_apart() -> None:
    """Rule jwt: an answer that differed would tell which keys once existed."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]
    expired = authorize(mock, f"apiKey={key}", NOON + 400 * DAY)
    mock.cleanup(PHONE)

    assert expired == authorize(mock, f"apiKey={key}", NOON) == authorize(mock, "apiKey=other", NOON)
    assert expired.status == 401


def test_unregistering_does_not_take_the_key_away() -> None:
    """What the portal knows decides who gets a key, not whether an Active one works."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]
    mock.unregister(PHONE)

    assert authorize(mock, f"apiKey={key}", NOON).status == 200


# KeyRequest for an answer


@pytest.mark.parametrize("status", [200, 400, 404, 409, 429, 503])
def test_every_documented_answer_of_the_key_call_can_be_asked_for(status: int) -> None:
    """Prefer: code=… reaches what the rules cannot, such as 503, and says that it did."""
    reply = mock_at().handle(preferring(f"code={status}"))

    assert reply.status == status
    assert fits(reply)
    assert reply.header_values("preference-applied") == [f"code={status}"]


@pytest.mark.parametrize("status", [200, 401, 422, 503])
def test_every_documented_answer_of_the_jwt_call_can_be_asked_for(status: int) -> None:
    """The same for the other operation."""
    reply = mock_at().handle(preferring(f"code={status}", "GET", JWT))

    assert reply.status == status
    assert fits(reply, "get", "/clients/authorization")


def test_a_time_out_has_the_other_error_shape() -> None:
    """Rule time-out: 503 carries `Error` with the empty property name."""
    assert mock_at().handle(preferring("code=503")).json() == {"errors": {"": "Connection time-out"}}


def test_an_answer_that_was_asked_for_changes_nothing() -> None:
    """KeyRequest for 200 must not issue a key."""
    mock = mock_at()
    mock.handle(replace(post(json.dumps({"phone": PHONE}).encode()), headers=(("Prefer", "code=200"),)))

    assert mock.keys() == []


@pytest.mark.parametrize("code", ["418", "500", "abc", "2000", "²00", "9" * 5000])
def test_an_undocumented_answer_cannot_be_asked_for(code: str) -> None:
    """A typo is told instead of passed over."""
    status, text = rejection(mock_at().handle(preferring(f'code="{code}"')))

    assert status == 400
    assert text == "Prefer: createTestApiKey documents the codes 200, 400, 404, 409, 429, 503"


def test_an_undocumented_answer_of_the_jwt_call_is_refused_as_it_refuses() -> None:
    """It documents no 400; 422 in its own shape is what its callers can read."""
    reply = mock_at().handle(preferring("code=418", "GET", JWT))

    assert (reply.status, fits(reply, "get", "/clients/authorization")) == (422, True)
    assert reply.json() == {"errors": {"": "Prefer: authorizeClient documents the codes 200, 401, 422, 503"}}


# The document


def test_the_embedded_document_is_the_one_of_the_project() -> None:
    """Two copies that drift apart would make the mock prove the wrong contract."""
    assert (Path(novapost_mock.__file__).parent / "effective.json").read_bytes() == EFFECTIVE.read_bytes()


def test_an_own_answer_that_breaks_the_document_becomes_a_500_that_says_so() -> None:
    """A stand-in that lies in silence is worse than none."""
    tree = json.loads(EFFECTIVE.read_bytes())
    tree["components"]["schemas"]["TestApiKeyResponse"]["properties"]["apiKey"]["minLength"] = 41
    document = of_tree(tree)

    reply = ask(mock_at(document=document))
    assert rejection(reply) == (
        500,
        "novapost-mock would break the document: createTestApiKey 200: apiKey: minLength",
    )
    assert ask(mock_at(document=document, verify_answers=False)).status == 200


def test_an_operation_of_another_form_answers_by_its_schema() -> None:
    """A document that only has the same path is not the one that the rules were written for."""
    tree = json.loads(EFFECTIVE.read_bytes())
    answer = tree["components"]["schemas"]["TestApiKeyResponse"]
    del answer["properties"]["expDate"]
    answer |= {"required": ["apiKey"], "additionalProperties": False}
    document = of_tree(tree)

    reply = ask(mock_at(document=document))

    assert reply.status == 200
    assert "expDate" not in reply.json()
    assert any("the rules answer otherwise" in str(note) for note in document.notes)


def test_an_own_answer_that_is_not_documented_becomes_a_500_that_says_so() -> None:
    """A status that nobody described is no answer."""
    tree = json.loads(EFFECTIVE.read_bytes())
    del tree["paths"]["/test-api-keys"]["post"]["responses"]["404"]
    document = of_tree(tree)

    reply = ask(mock_at(clients=(), document=document))
    assert rejection(reply) == (
        500,
        "novapost-mock would break the document: createTestApiKey 404: not documented",
    )


@pytest.mark.parametrize(
    ("documented", "status"),
    [("422", 422), ("4XX", 400), ("default", 400), ("404", 404), ("403", 403)],
)
@pytest.mark.parametrize("content", [b"\x00", b"{}", b'{"phone": "380501234567"}', b'{"phone": "+"}'])
def test_a_faulty_request_is_refused_with_what_the_document_has_for_it(
    documented: str, status: int, content: bytes
) -> None:
    """The whole document of the vendor refuses with 422 what its page refuses with 400."""
    tree = json.loads(EFFECTIVE.read_bytes())
    answers = tree["paths"]["/test-api-keys"]["post"]["responses"]
    bad, good = answers["400"], answers["200"]
    tree["paths"]["/test-api-keys"]["post"]["responses"] = {"200": good, documented: bad}

    reply = mock_at(document=of_tree(tree)).handle(post(content))

    assert reply.status == status
    assert "would break the document" not in reply.body.decode()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "OpenAPI 3.0 to 3.2"),
        (b'{"openapi": "2.0"}', "OpenAPI 3.0 to 3.2"),
        (b'{"openapi": "3.3.0"}', "OpenAPI 3.0 to 3.2"),
        (b'{"openapi": "3.0.0", "servers": [{"url": "http://[x/"}]}', "#/servers"),
    ],
)
def test_a_document_that_is_not_understood_is_refused_with_its_place(content: bytes, place: str) -> None:
    """Whoever starts the mock learns at once what is wrong with the document."""
    with pytest.raises(DocumentError, match=place):
        Document.from_bytes(content)


# Properties

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text() | st.just("phone"), inner, max_size=4),
)


@given(st.binary(max_size=300))
def test_no_bytes_in_a_body_make_a_server_error(body: bytes) -> None:
    """Whatever is sent, the fault is the sender's and the answer says so."""
    reply = mock_at().handle(post(body))

    assert reply.status == 400
    assert fits(reply)


@given(JSON_VALUES, st.binary(max_size=5))
def test_no_json_in_a_body_makes_a_server_error(value: object, tail: bytes) -> None:
    """The same for what can be read, and for what nearly can."""
    reply = mock_at().handle(post(json.dumps(value).encode() + tail))

    assert reply.status == 400
    assert fits(reply)


@given(st.text(st.characters(codec="latin-1"), max_size=200))
def test_no_query_makes_a_server_error(query: str) -> None:
    """The JWT call takes any query apart."""
    reply = authorize(mock_at(), query)

    assert reply.status in {401, 422}
    assert fits(reply, "get", "/clients/authorization")


class LifeOfKeys(RuleBasedStateMachine):
    """Any sequence of asking, waiting, cleaning and registering."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.clock = Clock(lambda: self.now)
        self.mock = Mock((PHONE, "4915112345678"), clock=self.clock, random_bytes=random.Random(1).randbytes)
        self.seen: dict[str, list[dict[str, str]]] = {}
        self.issued: set[tuple[str, str, str]] = set()
        self.given: set[str] = set()

    phone = st.sampled_from([PHONE, "4915112345678"])

    @rule(phone=phone)
    def ask(self, phone: str) -> None:
        reply = ask(self.mock, phone=phone)
        assert fits(reply)
        if reply.status != 200:
            assert reply.status in {404, 429}
            return
        key = reply.json()
        for earlier in self.seen.setdefault(phone, []):
            assert earlier["createdAt"] <= key["createdAt"]
            assert earlier["expDate"] <= key["expDate"]
        self.seen[phone].append(key)
        assert key["status"] == "Active"
        assert key["createdAt"] <= f"{self.now:%Y-%m-%dT%H:%M:%S.%f}Z" < key["expDate"] + "~"
        self.issued.add((phone, f"{self.now:%Y-%m-%d}", key["apiKey"] + key["expDate"]))
        self.given.add(key["apiKey"])

    @rule(seconds=st.sampled_from([0.5, 3600, 86400, 86400 * 366]) | st.floats(0, 10**8))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(phone=phone)
    def cleanup(self, phone: str) -> None:
        self.mock.cleanup(phone)

    @rule(phone=phone, matches=st.integers(0, 1))
    def register(self, phone: str, matches: int) -> None:
        self.mock.register(phone, matches)

    @invariant()
    def one_active_key_per_phone(self) -> None:
        active = [k for k in self.given if authorize(self.mock, f"apiKey={k}").status == 200]
        assert len(active) <= 2
        holders = self.mock.keys()
        assert len(holders) == len({client.phone for client in holders})
        assert set(active) <= {client.key.api_key for client in holders if client.key is not None}

    @invariant()
    def one_issuing_per_phone_and_day(self) -> None:
        assert len(self.issued) == len({(phone, day) for phone, day, _ in self.issued})


LifeOfKeys.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAnySequence = LifeOfKeys.TestCase


def test_equal_seeds_give_equal_keys() -> None:
    """A run can be repeated to the byte."""
    assert ask(mock_at()) == ask(mock_at())
    assert TokenSource(random.Random(2).randbytes).api_key(40) != TokenSource(
        random.Random(3).randbytes
    ).api_key(40)


def test_keys_are_unpredictable_unless_seeded() -> None:
    """Two mocks do not hand out the same key by default."""
    assert ask(Mock()).json()["apiKey"] != ask(Mock()).json()["apiKey"]


def test_the_document_is_compiled_once() -> None:
    """A fixture that builds a mock per test stays cheap."""
    assert Mock().document is Mock().document is embedded()
    assert Action.NONE not in {row.action for (_, event), row in LIFE.items() if event is Event.ASKED}
