"""Where the checks of Nova Post's rules begin and end: the neighbours on both sides of every boundary."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract_tests.novapost.knowledge import checks
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.target.exchange import Exchange, Received, Sent

CONTRACT = contract()
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
KEY = {
    "apiKey": "a" * 40,
    "createdAt": "2026-03-10T09:30:00Z",
    "expDate": "2027-03-10T23:59:59Z",
    "status": "Active",
}
PHONE = "447700900001"
ASKED = {"phone": PHONE}
PREFER = {"prefer": "code=200"}
Check = Callable[[Exchange, Received, Any], Iterator[str]]
_DEFAULT: Any = object()


def about_key(
    status: int,
    body: Any,
    *,
    method: str = "POST",
    sent: Any = _DEFAULT,
    headers: dict[str, str] | None = None,
    now: Any = NOW,
) -> Exchange:
    """Return an exchange about a key."""
    content = json.dumps(ASKED if sent is _DEFAULT else sent).encode()
    asking = {"content-type": "application/json"} | (headers or {})
    request = Sent(method, "http://127.0.0.1/test-api-keys", "/test-api-keys", asking, content)
    return Exchange(request, Received(status, {}, json.dumps(body).encode()), asked_at=now)


def about_token(
    status: int,
    body: Any,
    query: str = "apiKey=k",
    *,
    path: str = checks.TOKENS,
    headers: dict[str, str] | None = None,
    now: Any = NOW,
) -> Exchange:
    """Return an exchange about a token."""
    request = Sent("GET", f"http://127.0.0.1{path}?{query}", path, headers or {}, b"")
    return Exchange(request, Received(status, {}, json.dumps(body).encode()), asked_at=now)


def said(check: Check, exchange: Exchange) -> list[str]:
    """Return what a check finds."""
    assert exchange.received is not None
    return list(check(exchange, exchange.received, CONTRACT))


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({"success": False, "errors": ["no"]}, []),
        ({"errors": ["no"]}, []),
        ({"errors": {"": "no"}}, []),
        *(
            ({"success": value, "errors": ["no"]}, ["success of 404 is not false"])
            for value in (True, None, 0, "")
        ),
        *(
            ({"success": False, "errors": errors}, ["errors of 404 give no reason"])
            for errors in (
                None,
                [],
                {},
                [""],
                [" "],
                ["no", ""],
                [1],
                {"a": ""},
                {"": " "},
                {"": "no", "b": None},
            )
        ),
        ({"success": True}, ["success of 404 is not false", "errors of 404 give no reason"]),
        ([], ["errors of 404 give no reason"]),
    ],
)
def test_an_error_gives_reasons_and_is_no_success(body: Any, problems: list[str]) -> None:
    """Each reason is a text that is not empty."""
    assert said(checks.error_says_so, about_key(404, body)) == problems


def test_only_a_documented_error_has_to_give_reasons() -> None:
    """Not a success, not a status without a schema, not the word of a gateway."""
    assert said(checks.error_says_so, about_key(200, {})) == []
    assert said(checks.error_says_so, about_key(418, {})) == []
    assert said(checks.error_says_so, about_key(400, {})) != []
    assert said(checks.error_says_so, about_key(400, {}, headers={"x-odd": "\x01"})) == []


def moment(**since: float) -> str:
    return (NOW + timedelta(**since)).isoformat()


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        ({"createdAt": moment(minutes=2)}, []),
        ({"createdAt": moment(minutes=2, microseconds=1)}, ["createdAt lies in the future"]),
        ({"createdAt": moment(days=-2), "expDate": moment(minutes=-2, microseconds=1)}, []),
        (
            {"createdAt": moment(days=-2), "expDate": moment(minutes=-2)},
            ["an Active key whose expDate has passed"],
        ),
        ({"createdAt": moment(days=-2), "expDate": moment(days=-1), "status": "Expired"}, []),
        ({"expDate": moment(microseconds=1)}, []),
        ({"expDate": moment()}, ["expDate is not after createdAt"]),
        ({"expDate": moment(microseconds=-1)}, ["expDate is not after createdAt"]),
        ({"createdAt": "yesterday"}, ["createdAt is not a date-time with an offset (RFC 3339)"]),
        ({"expDate": None}, ["expDate is not a date-time with an offset (RFC 3339)"]),
    ],
)
def test_the_dates_of_a_key_make_sense(changes: dict[str, Any], problems: list[str]) -> None:
    """With two minutes for clocks that differ; without a clock their order alone is judged."""
    check = checks.dates_make_sense

    assert said(check, about_key(200, KEY | changes)) == problems
    of_form = [each for each in problems if "RFC 3339" in each]
    assert said(check, about_key(200, KEY | changes, headers=PREFER)) == of_form
    of_order = [each for each in problems if each.startswith("expDate is not after")]
    assert said(check, about_key(200, KEY | changes, now=None)) == of_form + of_order


@pytest.mark.parametrize(("status", "method"), [(201, "POST"), (404, "POST"), (200, "GET")])
def test_only_the_answer_that_gives_a_key_is_judged_as_one(status: int, method: str) -> None:
    """Other answers and other paths have no key."""
    wrong = KEY | {"createdAt": "", "status": "Expired", "apiKey": f" {PHONE}"}
    by = (checks.dates_make_sense, checks.given_key_is_active, checks.key_is_not_an_echo)

    assert [said(check, about_key(status, wrong, method=method)) for check in by] == [[], [], []]
    assert [said(check, about_token(200, wrong)) for check in by] == [[], [], []]
    assert all(said(check, about_key(200, wrong)) for check in by)


@pytest.mark.parametrize(("status", "is_wrong"), [("Active", False), ("Expired", True), ("expired", False)])
def test_a_key_that_is_given_is_active(status: str, is_wrong: bool) -> None:
    """An expired one must be reactivated; an example that was asked for may be any."""
    problems = ["the key that was given is Expired: rule expired-reactivated"] if is_wrong else []

    assert said(checks.given_key_is_active, about_key(200, KEY | {"status": status})) == problems
    assert said(checks.given_key_is_active, about_key(200, KEY | {"status": status}, headers=PREFER)) == []


ECHO, SPACE = "the key contains the phone", "the key has white space or control characters"


@pytest.mark.parametrize(
    ("phone", "key", "problems"),
    [
        (PHONE, "a" * 40, []),
        (PHONE, f"k{PHONE}k", [ECHO]),
        ("12345678", "a12345678", [ECHO]),
        ("1234567", "a1234567", []),
        (None, "None", []),
        (PHONE, "a b", []),
        *((PHONE, key, [SPACE]) for key in (" a", "a ", "a\n", "a\x00b", "a\tb", "\x7f")),
        (PHONE, f"{PHONE} ", [ECHO, SPACE]),
        *((PHONE, key, []) for key in (None, 7, [PHONE])),
    ],
)
def test_a_key_repeats_nothing(phone: Any, key: Any, problems: list[str]) -> None:
    """No phone of eight digits or more, and it can be pasted."""
    assert (
        said(checks.key_is_not_an_echo, about_key(200, KEY | {"apiKey": key}, sent={"phone": phone}))
        == problems
    )


def jwt(claims: Any, header: Any = None) -> dict[str, str]:
    """Return an answer with a token."""
    parts = (json.dumps(each).encode() for each in (header or {"alg": "HS256"}, claims))
    return {
        "jwt": ".".join([*(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts), "c2ln"])
    }


AT = NOW.timestamp()
ISSUED = "jwt was issued in the future by its own claims (iat): libraries refuse it"
BEGINS = "jwt is not good yet: nbf lies in the future"
NO_END = "jwt does not say when it ends (exp): nobody can hold it to one hour"


@pytest.mark.parametrize(
    ("claims", "problems"),
    [
        ({"exp": AT + 3600}, []),
        *(({"exp": AT + 3600 + off}, []) for off in (-120, 120)),
        ({"exp": AT + 3600 + 121}, ["jwt runs out in 3721 s: not in one hour"]),
        ({"exp": AT + 3600 - 121}, ["jwt runs out in 3479 s: not in one hour"]),
        *(({"iat": AT, "exp": AT + 3600 + off}, []) for off in (-1, 1)),
        *(
            (
                {"iat": AT, "exp": AT + seconds},
                [f"jwt is good for {seconds} s by its own claims: not one hour"],
            )
            for seconds in (3598, 3602)
        ),
        ({"iat": AT + 120, "exp": AT + 3720}, []),
        ({"iat": AT + 121, "exp": AT + 3720}, [ISSUED]),
        ({"nbf": AT + 120, "exp": AT + 3600}, []),
        ({"nbf": AT + 121, "exp": AT + 3600}, [BEGINS]),
        ({"iat": AT}, [NO_END]),
        ({"iat": AT + 121, "nbf": AT + 121}, [ISSUED, BEGINS, NO_END]),
        ({"exp": -5}, [f"jwt runs out in {-AT:.0f} s: not in one hour"]),
        ({"exp": 1e300}, [f"jwt runs out in {2**33 - AT:.0f} s: not in one hour"]),
    ],
    ids=str,
)
def test_a_token_lasts_an_hour_from_now(claims: dict[str, Any], problems: list[str]) -> None:
    """To a second by its own claims, and to two minutes by the clock, of which the suite may know nothing."""
    check = checks.jwt_lasts_an_hour

    assert said(check, about_token(200, jwt(claims))) == problems
    without_clock = [each for each in problems if "good for" in each or each == NO_END]
    assert said(check, about_token(200, jwt(claims), now=None)) == without_clock
    for other in (
        about_token(200, jwt(claims), headers=PREFER),
        about_token(201, jwt(claims)),
        about_token(200, jwt(claims), path="/other"),
    ):
        assert said(check, other) == []


@pytest.mark.parametrize("token", [None, 7, "", "a.b", "a.b.c.d"])
def test_a_text_without_three_parts_is_left_to_the_schema(token: Any) -> None:
    """One cause is one finding."""
    assert said(checks.jwt_lasts_an_hour, about_token(200, {"jwt": token})) == []


def test_a_token_without_claims_is_told_once() -> None:
    """Nothing more can be said of it."""
    problems = said(checks.jwt_lasts_an_hour, about_token(200, jwt([])))

    assert [each.partition(",")[0] for each in problems] == ["jwt holds no claims"]


@pytest.mark.parametrize("name", ["apiKey", "APIKEY"])
@pytest.mark.parametrize(("length", "is_secret"), [(11, False), (12, True)])
def test_an_error_repeats_no_key(name: str, length: int, is_secret: bool) -> None:
    """Of twelve characters or more: shorter texts stand anywhere by chance."""
    key = "k" * length
    repeats = ["the error 401 repeats the API key"] if is_secret else []
    check = checks.error_repeats_no_key

    assert said(check, about_token(401, {"errors": {"": key}}, f"{name}={key}")) == repeats
    assert said(check, about_token(399, {"errors": {"": key}}, f"{name}={key}")) == []
    assert said(check, about_token(401, {"errors": {"": key}}, f"other={key}")) == []
    assert said(check, about_token(401, {"errors": {"": "no"}}, f"{name}={key}")) == []


def test_an_error_shows_no_earlier_secret() -> None:
    """However many it shows, it is told once; a success may give one again."""
    sent, answer = about_key(404, {}).sent, json.dumps(["one-secret", "two-secret"]).encode()

    def found(status: int, *secrets: str) -> list[str]:
        return said(
            checks.error_repeats_no_key,
            Exchange(sent, Received(status, {}, answer), secrets=frozenset(secrets)),
        )

    assert found(400, "one-secret", "two-secret") == [
        "the error 400 shows a key or token that was given before"
    ]
    assert found(400, "absent", "two-secret") == ["the error 400 shows a key or token that was given before"]
    assert found(400, "absent") == found(399, "one-secret") == []


@pytest.mark.parametrize(
    ("exchange", "phone"),
    [
        (about_key(200, {}), PHONE),
        (about_key(200, {}, sent={"phone": 7}), None),
        (about_key(200, {}, sent=[PHONE]), None),
        (about_token(200, {}), None),
    ],
)
def test_a_request_for_a_key_names_its_phone(exchange: Exchange, phone: str | None) -> None:
    """Its body does; what owns a key is not asked there."""
    assert checks.phone_of(exchange.sent) == phone
    if exchange.sent.path == checks.KEYS:
        assert checks.owner_of(exchange.sent, lambda key: "another") == phone


@pytest.mark.parametrize(
    ("query", "owner"),
    [
        ("apiKey=a1", "a"),
        ("apiKey=a1&apiKey=a2", "a"),
        ("apiKey=a1&apiKey=x", "a"),
        ("apiKey=a1&other=b1", "a"),
        ("apiKey=a1&apiKey=b1", None),
        *((query, None) for query in ("apiKey=x", "", "other=a1", "apikey=a1")),
    ],
)
def test_a_request_for_a_token_is_made_by_the_owner_of_its_key(query: str, owner: str | None) -> None:
    """Where all keys that are known are one client's."""
    known = {"a1": "a", "a2": "a", "b1": "b"}

    assert checks.owner_of(about_token(200, {}, query).sent, known.get) == owner
