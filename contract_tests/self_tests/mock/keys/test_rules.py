"""Which rule decides about a request, what it is called, and what its refusal says."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract_tests.self_tests.mock.keys.requests import (
    JWT,
    KEYS,
    NOON,
    PHONE,
    ask,
    authorize,
    mock_at,
    post,
    preferring,
)
from novapost_mock import Mock, Readings
from novapost_mock.console.texts import LANGUAGES
from novapost_mock.keys.document import of_tree
from novapost_mock.keys.lifecycle import ISSUING, Action, Client, Key
from novapost_mock.keys.operations import BEHAVIOURS
from novapost_mock.keys.rules import (
    DAILY_LIMIT,
    SENTENCES,
    TYPICAL,
    KeyContext,
    daily_limit,
    shape_text,
)
from novapost_mock.keys.settings import LONGEST_VALIDITY, zone
from novapost_mock.schemas.violation import Violation
from scripts.lib.paths import EFFECTIVE, ROOT

RULES = tomllib.loads((ROOT / "openapi" / "rules.toml").read_text(encoding="utf-8"))
SECOND = timedelta(seconds=1)


def with_key(mock: Mock) -> str:
    """Give the phone a key, and return the key."""
    return str(ask(mock).json()["apiKey"])


def used_up(mock: Mock) -> None:
    ask(mock)
    mock.cleanup(PHONE)


@pytest.mark.parametrize(
    ("body", "matches", "rule", "status", "text"),
    [
        (b"", 1, "body-readable", 400, "Request body is empty"),
        (b"[]", 1, "phone-format", 400, "Request body must be a JSON object"),
        (b'{"phone": "1"}', 1, "phone-format", 400, "Invalid phone format"),
        (
            b'{"phone": "380501234567"}',
            1,
            "ua-unsupported",
            400,
            "UA key generation is currently not supported",
        ),
        (b'{"phone": "498213437654"}', 0, "registered-phone", 404, "Client not found"),
        (b'{"phone": "498213437654"}', 2, "registered-phone", 409, "Multiple matching clients found"),
        (b'{"phone": "498213437654"}', 1, "daily-limit", 429, "Daily limit reached"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_refused_request_for_a_key_names_its_rule(
    body: bytes, matches: int, rule: str, status: int, text: str
) -> None:
    """The journal and the console say by the id in rules.toml why a request was refused."""
    mock = mock_at()
    used_up(mock)
    mock.unregister(PHONE)
    if matches:
        mock.register(PHONE, matches)

    reply = mock.handle(post(body))
    assert (mock.journal()[-1].rule, reply.status) == (rule, status)
    assert reply.json() == {"success": False, "errors": [text]}


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("", 422, "Missing required parameter: apiKey"),
        ("apiKey=&apiKey=", 422, "Missing required parameter: apiKey"),
        ("apiKey=a&apiKey=b", 422, "Parameter given more than once: apiKey"),
        ("apiKey=0", 401, "The API key is unknown, expired or deleted"),
    ],
)
def test_a_refused_request_for_a_token_names_its_rule(query: str, status: int, text: str) -> None:
    """All of them are rule jwt."""
    mock = mock_at()

    reply = authorize(mock, query)
    assert (mock.journal()[-1].rule, reply.status) == ("jwt", status)
    assert reply.json() == {"errors": {"": text}}


def test_a_granted_request_names_its_rule() -> None:
    """The rule that granted it, for a token, too."""
    mock = mock_at()
    authorize(mock, f"apiKey={with_key(mock)}")

    assert [each.rule for each in mock.journal()] == ["one-active", "jwt"]


def test_a_key_that_the_document_does_not_describe_gets_422() -> None:
    """Another document may describe the parameter more closely than the page does."""
    tree = json.loads(EFFECTIVE.read_bytes())
    [parameter] = tree["paths"]["/clients/authorization"]["get"]["parameters"]
    parameter["schema"]["minLength"] = 40
    mock = mock_at(document=of_tree(tree))

    for key, status in (("a" * 39, 422), ("a" * 40, 401)):
        assert authorize(mock, f"apiKey={key}").status == status
    assert authorize(mock, "apiKey=a").json() == {"errors": {"": "Invalid apiKey format"}}


@pytest.mark.parametrize(("operation", "status"), TYPICAL)
def test_a_refusal_that_is_asked_for_is_the_one_of_the_rules(operation: str, status: int) -> None:
    """`Prefer` shows the very text that the rules give for this status."""
    method, path = {"createTestApiKey": ("POST", KEYS), "authorizeClient": ("GET", JWT)}[operation]
    reply = mock_at().handle(preferring(f"code={status}", method, path))

    rejection = TYPICAL[operation, status]
    assert (reply.status, rejection.status) == (status, status)
    assert rejection.text in reply.body.decode()


def test_each_status_of_the_rules_has_a_typical_refusal() -> None:
    """Each status that a rule gives, of the operation that the rule belongs to."""
    named = {"createTestApiKey": {400, 404, 409, 429}, "authorizeClient": {401, 422}}

    assert set(named) == set(BEHAVIOURS)
    assert {(name, status) for name, each in named.items() for status in each} == set(TYPICAL)


def test_each_rule_has_a_sentence_in_each_language() -> None:
    """The console shows the sentence of whichever rule decided."""
    assert set(SENTENCES) == set(RULES)
    for sentence in SENTENCES.values():
        assert set(sentence) == set(LANGUAGES)
        assert all(text.endswith(".") for text in sentence.values())


UNEXPECTED = Violation((), "additionalProperties", ("one", "two"))


@pytest.mark.parametrize(
    ("violations", "text"),
    [
        ([Violation(("phone",), "type"), Violation((), "type")], "Request body must be a JSON object"),
        (
            [Violation((), "required", ("a",)), Violation((), "required", ("b",))],
            "Missing required parameter: a",
        ),
        (
            [UNEXPECTED, Violation(("a",), "type"), Violation((), "required", ("b",))],
            "Missing required parameter: b",
        ),
        ([UNEXPECTED, Violation(("a", "0"), "type"), Violation(("b",), "type")], "Invalid a format"),
        ([Violation(("a",), "additionalProperties", ("b",))], "Invalid a format"),
        ([UNEXPECTED, Violation((), "additionalProperties", ("three",))], "Unexpected parameter: one"),
        ([Violation(("4982134",), "type")], "Invalid parameter format"),
        ([Violation((), "additionalProperties", ("4982134",))], "Unexpected parameter: name not shown"),
        ([Violation((), "dependentRequired", ("a",))], "Invalid body"),
    ],
    ids=lambda value: ascii(value)[-30:],
)
def test_of_several_faults_of_a_body_the_first_in_our_order_is_reported(
    violations: list[Violation], text: str
) -> None:
    """No object, then a missing parameter, a malformed one, an unexpected one; of two, the first."""
    assert shape_text(violations) == text


@pytest.mark.parametrize(
    ("name", "is_repeated"),
    [
        ("a" * 30, True),
        ("a" * 31, False),
        ("A_b-Z", True),
        ("", False),
        ("a1", False),
        ("a\n", False),
        ("é", False),
    ],
    ids=ascii,
)
def test_only_a_short_name_of_letters_is_repeated(name: str, is_repeated: bool) -> None:
    """All other names could be a phone or a key."""
    assert (
        shape_text([Violation((name,), "type")]) == f"Invalid {name if is_repeated else 'parameter'} format"
    )
    unexpected = shape_text([Violation((), "additionalProperties", (name,))])
    assert unexpected == f"Unexpected parameter: {name if is_repeated else 'name not shown'}"


MIDNIGHT = NOON.replace(hour=0)


@pytest.mark.parametrize("last", [None, MIDNIGHT - SECOND, MIDNIGHT, NOON, NOON + SECOND])
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("reading", ["issuing", "strict"])
def test_each_reading_of_the_daily_limit_counts_its_own_moments(
    reading: Any, action: Action, last: datetime | None
) -> None:
    """`issuing` looks at issued keys and asks for issuing alone; `strict` looks at each answered request."""
    is_used = last is not None and last >= MIDNIGHT
    counts = reading == "strict" or action in ISSUING
    key = Key("a", NOON, NOON)
    of_this, of_other = ("issued_at", "answered_at") if reading == "issuing" else ("answered_at", "issued_at")
    readings = Readings(daily_limit=reading)

    moments: dict[str, Any] = {of_this: last, of_other: None}
    client = Client(PHONE, 1, key, **moments)
    assert daily_limit(KeyContext(client, action, NOON, readings)) is (
        DAILY_LIMIT if counts and is_used else None
    )
    moments = {of_this: None, of_other: NOON}
    client = Client(PHONE, 1, key, **moments)
    assert daily_limit(KeyContext(client, action, NOON, readings)) is None


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("key_length", 16, 128), ("created_digits", 0, 6), ("expiry_digits", 0, 6)],
)
def test_a_number_in_the_readings_has_bounds(name: str, least: int, most: int) -> None:
    """Both bounds may be set, and nothing beyond them."""
    settings: list[dict[str, Any]] = [{name: value} for value in (least, most, least - 1, most + 1)]
    for allowed in settings[:2]:
        assert getattr(Readings(**allowed), name) == allowed[name]
    for refused in settings[2:]:
        with pytest.raises(ValueError, match=name):
            Readings(**refused)


def test_the_defaults_are_the_readings_that_the_page_shows() -> None:
    """The key of its example has 40 digits, six digits of a second, then three."""
    default = Readings()

    assert (default.key_length, default.created_digits, default.expiry_digits) == (40, 6, 3)
    assert (default.daily_limit, default.later_day, default.validity) == ("issuing", "renew", None)
    assert zone(default.day_zone) is UTC
    assert hash(default) == hash(Readings())


def test_the_validity_has_bounds() -> None:
    """A day at least and a hundred years at most, so that no date leaves the calendar."""
    assert timedelta(days=36_500) == LONGEST_VALIDITY
    for value in (timedelta(days=1), LONGEST_VALIDITY):
        assert Readings(validity=value).validity == value
    for value in (timedelta(days=1) - SECOND, LONGEST_VALIDITY + SECOND):
        with pytest.raises(ValueError, match="validity is 1 to 36500 days"):
            Readings(validity=value)
