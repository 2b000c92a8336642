"""The journal tells what happened, within bounds, and shows no secret."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novapost_mock import Clock, Fault, Mock, Reply, Request
from novapost_mock.control.journal import Journal
from novapost_mock.masking import Mask, Vocabulary, is_harmless
from novapost_mock.operation_answers import OperationAnswers

PHONE = "498213437654"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
JSON = (("Content-Type", "application/json"),)
ASKED = Request("POST", "/v.1.0/test-api-keys", "", JSON, json.dumps({"phone": PHONE}).encode())


@pytest.fixture
def mock() -> Mock:
    return Mock(clock=Clock(lambda: NOON), random_bytes=random.Random(1).randbytes)


def get(mock: Mock, query: str = "") -> Reply:
    return mock.handle(Request("GET", "/__mock__/journal", query))


def origins(mock: Mock) -> list[tuple[str | None, str | None, int]]:
    return [(e["operation"], e["rule"], e["status"]) for e in get(mock).json()["entries"]]


def test_an_entry_tells_operation_rule_status_and_time(mock: Mock) -> None:
    """What a reader asks first: what was called, which rule decided."""
    mock.handle(ASKED)

    [entry] = get(mock).json()["entries"]
    assert entry.pop("milliseconds") > 0
    assert entry.pop("request")["method"] == "POST"
    assert entry.pop("answer")["status"] == 200
    assert entry == {
        "number": 1,
        "at": "2026-03-10T12:00:00Z",
        "operation": "createTestApiKey",
        "rule": "one-active",
        "fault": None,
        "status": 200,
    }


def test_the_rule_that_decided_is_named(mock: Mock) -> None:
    """A row of the table of a key's life, a refusal, or what stands outside of the rules."""
    key = mock.handle(ASKED).json()["apiKey"]
    mock.handle(ASKED)
    mock.clock.advance(86400)
    mock.handle(ASKED)
    mock.clock.set(datetime(2028, 1, 1, tzinfo=UTC))
    mock.handle(ASKED)
    mock.clock.advance(86400)
    mock.cleanup(PHONE)
    mock.handle(ASKED)
    path = "/v.1.0/test-api-keys"
    mock.handle(Request("POST", path, "", JSON, b'{"phone": "380501234567"}'))
    mock.handle(Request("POST", path, "", JSON, b'{"phone": "4999999999"}'))
    mock.handle(Request("POST", path, "", JSON, b"{"))
    mock.handle(Request("GET", path))
    mock.handle(Request("GET", "/"))
    mock.handle(Request("POST", path, "", (("Prefer", "code=503"),)))
    mock.handle(Request("GET", "/v.1.0/clients/authorization", f"apiKey={key}"))
    mock.arm(Fault(status=503))
    mock.handle(ASKED)

    create = "createTestApiKey"
    assert origins(mock) == [
        (create, "one-active", 200),
        (create, "same-day-same-key", 200),
        (create, "later-day-renews", 200),
        (create, "expired-reactivated", 200),
        (create, "cleaned-new", 200),
        (create, "ua-unsupported", 400),
        (create, "registered-phone", 404),
        (create, "body-readable", 400),
        (None, "method", 405),
        (None, "path", 404),
        (create, "prefer", 503),
        ("authorizeClient", "jwt", 401),
        (create, "fault", 503),
    ]


def test_a_fault_is_told_by_its_names(mock: Mock) -> None:
    """The rule decided first; then the fault spoiled it."""
    mock.arm(Fault(body="html", delay_seconds=1))
    mock.handle(ASKED)

    [entry] = get(mock).json()["entries"]
    assert (entry["rule"], entry["fault"]) == ("one-active", "delay+html")
    assert entry["answer"]["body"].startswith("… (")


def test_a_failure_of_the_mock_is_in_the_journal(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one entry that must not be missing."""
    monkeypatch.setattr(OperationAnswers, "of", lambda *_: 1 / 0)
    assert mock.handle(ASKED).status == 500

    assert origins(mock) == [(None, "failure", 500)]


def test_control_is_not_in_the_journal(mock: Mock) -> None:
    """Reading it would fill it."""
    for path in ("health", "nothing", "faults", "reset", "%5f_mock__"):
        mock.handle(Request("GET", f"/__mock__/{path}"))

    assert mock.journal() == []


def test_it_can_be_cleared_and_reset_clears_it(mock: Mock) -> None:
    """Counting begins anew."""
    mock.handle(ASKED)
    assert mock.handle(Request("DELETE", "/__mock__/journal")).json() == {"status": "ok"}
    assert get(mock).json() == {"entries": [], "count": 0, "dropped": 0, "next": None}

    mock.handle(ASKED)
    mock.reset()
    assert mock.journal() == []
    mock.handle(ASKED)
    assert [entry.number for entry in mock.journal()] == [1]


def test_it_is_read_in_parts(mock: Mock) -> None:
    """Each part names the one after it."""
    for _ in range(5):
        mock.handle(ASKED)

    first = get(mock, "limit=2").json()
    assert ([e["number"] for e in first["entries"]], first["next"]) == ([1, 2], 2)
    rest = get(mock, "after=2").json()
    assert ([e["number"] for e in rest["entries"]], rest["next"]) == ([3, 4, 5], None)
    assert get(mock, "limit=0").json()["entries"] == []


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("limit=-1", "limit is a whole number from 0 to 1000"),
        ("limit=1001", "limit is a whole number from 0 to 1000"),
        ("limit=", "limit is a whole number from 0 to 1000"),
        ("after=x", "after is a whole number from 0 to 1000000000000"),
        ("after=" + "9" * 5000, "after is a whole number from 0 to 1000000000000"),
        ("format=xml", "format is json or har"),
        ("limit=1&limit=2", "the query takes, once each: after, limit, format"),
        ("offset=1", "the query takes, once each: after, limit, format"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_wrong_with_a_query_is_said(mock: Mock, query: str, text: str) -> None:
    """Not an empty journal that looks like the truth."""
    reply = get(mock, query)

    assert (reply.status, reply.json()["errors"]) == (400, [text])


def test_the_number_of_entries_is_bounded_and_the_loss_is_told(mock: Mock) -> None:
    """The latest are kept."""
    for _ in range(1003):
        mock.handle(Request("GET", "/v.1.0/clients/authorization", "apiKey="))

    body = get(mock, "limit=1").json()
    assert (body["count"], body["dropped"], body["entries"][0]["number"]) == (1003, 3, 4)


@pytest.mark.parametrize(
    "big",
    [
        Request("POST", "/", body=b"x" * 5000),
        Request("POST", "/" + "x" * 5000),
        Request("POST", "/", query="x" * 5000),
        Request("POST", "/", headers=(("x", "x" * 5000),)),
    ],
)
def test_the_bytes_are_bounded(big: Request) -> None:
    """Wherever they are."""
    journal = Journal(max_entries=1000, max_bytes=20_000)
    for _ in range(10):
        journal.add(NOON, 0.0, big, Reply(404, (), b""))
    assert len(journal.entries()) == 3

    journal.add(NOON, 0.0, big, Reply(200, (), b"x" * 20_000))
    assert journal.entries() == []
    journal.add(NOON, 0.0, big, Reply(404))
    assert len(journal.entries()) == 1


def secrets_everywhere(secret: str) -> list[Request]:
    """Return requests that carry a secret in every place there is."""
    path = "/v.1.0/test-api-keys"
    bodies = (
        json.dumps({"phone": secret}),
        json.dumps({"phone": {"x": [secret, {secret: secret}]}}),
        json.dumps({secret: 1}),
        json.dumps(secret),
        f'{{"phone": "{secret}',
        f"phone={secret}",
        f"--b\r\n\r\n{secret}\r\n--b--",
        secret,
    )
    return [
        *(Request("POST", path, "", JSON, body.encode()) for body in bodies),
        Request("GET", "/v.1.0/clients/authorization", f"apiKey={secret}"),
        Request("GET", "/v.1.0/clients/authorization", f"apiKey={secret}&apiKey={secret}"),
        Request("GET", "/v.1.0/clients/authorization", f"{secret}={secret}&{secret}"),
        Request("GET", f"/v.1.0/test-api-keys/{secret}"),
        Request("GET", f"/v.1.0/{secret}/test-api-keys", secret),
        Request(secret, path),
        Request("GET", f"/{secret}%20"),
        Request(
            "GET", "/", headers=(("Authorization", secret), ("Cookie", f"a={secret}"), ("X-Api-Key", secret))
        ),
        Request("GET", "/", headers=((secret, secret), (f"x-{secret}", "1"), ("X-Anything", secret))),
        Request("GET", "/", headers=(("User-Agent", secret), ("Accept", f"a/{secret}"), ("Prefer", secret))),
        Request("POST", path, "", (("Content-Type", f"application/json; boundary={secret}"),), b"x"),
        Request("POST", path, "", (("Host", f"{secret}.example"), ("Prefer", f"code={secret}")), b"x"),
    ]


@pytest.mark.parametrize("query", ["", "format=har"])
@pytest.mark.parametrize(
    "secret",
    [
        PHONE,
        "49152288173",
        "+49 152 288 173 86",
        "f3a9" * 10,
        "deadbeefcafebabedeadbeefcafebabe",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "0b5f8c1e-5d2a-4e0e-9a41-3a1f6f0e7c55",
    ],
)
def test_no_secret_shows_wherever_it_is(mock: Mock, secret: str, query: str) -> None:
    """Also in broken JSON, in unknown headers, and where a name should be."""
    for request in secrets_everywhere(secret):
        mock.handle(request)
    shown = get(mock, query).body.decode()
    everything = json.dumps(json.loads(shown), ensure_ascii=False) + repr(mock.journal())

    assert len(mock.journal()) == len(secrets_everywhere(secret))
    assert secret not in everything
    assert secret.replace("+", "%2B").replace(" ", "%20") not in everything
    longest = max(secret.replace("-", ".").replace(" ", ".").split("."), key=len)
    assert len(longest) < 8 or longest not in everything


def test_what_is_given_out_does_not_show_either(mock: Mock) -> None:
    """The answers hold the keys and tokens."""
    key = mock.handle(ASKED).json()["apiKey"]
    jwt = mock.handle(Request("GET", "/v.1.0/clients/authorization", f"apiKey={key}")).json()["jwt"]
    mock.arm(Fault(body="malformed"))
    mock.handle(ASKED)

    for query in ("", "format=har"):
        shown = get(mock, query).body.decode()
        assert PHONE not in shown
        assert key not in shown
        assert key[:8] not in shown
        assert not [part for part in jwt.split(".") if part in shown]


def test_the_same_secret_has_the_same_mark(mock: Mock) -> None:
    """One can follow a key from its answer to the next request without reading it."""
    key = mock.handle(ASKED).json()["apiKey"]
    mock.handle(Request("GET", "/v.1.0/clients/authorization", f"apiKey={key}"))

    first, second = get(mock).json()["entries"]
    assert first["answer"]["body"]["apiKey"] == second["request"]["query"][0]["value"]
    assert first["answer"]["body"]["apiKey"].startswith("****")
    other = Mock()
    other.handle(ASKED)
    marks = {m.journal_page()["entries"][0]["request"]["body"]["phone"] for m in (mock, other)}
    assert len(marks) == 2


def test_what_is_harmless_shows(mock: Mock) -> None:
    """A journal of asterisks helps nobody."""
    mock.handle(ASKED)
    mock.handle(Request("POST", "/v.1.0/test-api-keys", "", JSON, b'{"phone": "x"}'))

    granted, refused = get(mock).json()["entries"]
    assert granted["request"]["path"] == "/v.1.0/test-api-keys"
    assert {"name": "Content-Type", "value": "application/json"} in granted["request"]["headers"]
    assert granted["answer"]["body"]["status"] == "Active"
    assert granted["answer"]["body"]["createdAt"] == "2026-03-10T12:00:00.000000Z"
    assert refused["answer"]["body"] == {"success": False, "errors": ["Invalid phone format"]}
    assert list(refused["request"]["body"]) == ["phone"]


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("name", ["credentials", "sessionTokens", "pin"])
@pytest.mark.parametrize(
    "nested",
    [
        lambda value: value,
        lambda value: [value],
        lambda value: {"user": value},
        lambda value: [{"parts": [{"first": value}]}],
    ],
    ids=["itself", "in a list", "in an object", "far below"],
)
@pytest.mark.parametrize("value", ["open", 7, 1.5])
def test_what_stands_below_a_secret_name_is_secret_with_it(
    value: Any, nested: Callable[[Any], Any], name: str, is_open: bool
) -> None:
    """However deep, and under whichever names; beside it all is shown."""
    mask = Mask(Vocabulary(is_open=is_open), b"secret")

    shown = mask.body(json.dumps({name: nested(value), "note": nested(value)}).encode())

    masked = shown[name]
    while isinstance(masked, dict | list):
        (masked,) = masked.values() if isinstance(masked, dict) else masked
    assert masked.startswith("****")
    assert shown["note"] == nested(value)


@pytest.mark.parametrize("text", ["a" * 21, "a1" * 6, "49 152 288 173", "ключ", "a\nb", "a b " * 90])
def test_what_could_be_a_secret_is_not_harmless(text: str) -> None:
    """Long words, many digits, and what is not plain text."""
    assert not is_harmless(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    ).map(lambda value: json.dumps(value).encode())
    | st.binary(),
    st.text(st.characters(codec="latin-1")),
    st.text(st.characters(codec="latin-1")),
)
def test_whatever_came_can_be_shown(body: bytes, path: str, query: str) -> None:
    """Reading the journal never fails, and what it gives is JSON."""
    mock = Mock()
    mock.handle(Request("POST", f"/{path}", query, ((path, query),), body))

    for format_ in ("json", "har"):
        reply = get(mock, f"format={format_}")
        assert reply.status == 200
        json.loads(reply.body.decode("ascii"), parse_constant=pytest.fail)


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"a":' * 9000 + b"1" + b"}" * 9000, b"1" * 60_000])
def test_a_hostile_body_can_be_shown(mock: Mock, body: bytes) -> None:
    """Depth and length are bounded."""
    mock.handle(Request("POST", "/v.1.0/test-api-keys", "", JSON, body))

    assert get(mock).status == 200
    assert len(get(mock).body) < 3000


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def thing(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


TEXT, NUMBER, WHOLE = {"type": "string"}, {"type": "number"}, {"type": "integer"}
PAIRS = array(thing({"name": TEXT, "value": TEXT}, comment=TEXT))
MILLISECONDS = {"type": "number", "minimum": -1}
# The structure of the HAR 1.2 specification, as far as it is not optional there.
HAR = thing(
    {
        "log": thing(
            {
                "version": {"const": "1.2"},
                "creator": thing({"name": TEXT, "version": TEXT}),
                "entries": array(
                    thing(
                        {
                            "startedDateTime": {"type": "string", "format": "date-time"},
                            "time": {"type": "number", "minimum": 0},
                            "request": thing(
                                {
                                    "method": TEXT,
                                    "url": {"type": "string", "format": "uri"},
                                    "httpVersion": TEXT,
                                    "cookies": array({"type": "object"}),
                                    "headers": PAIRS,
                                    "queryString": PAIRS,
                                    "headersSize": WHOLE,
                                    "bodySize": WHOLE,
                                },
                                postData=thing({"mimeType": TEXT, "text": TEXT}),
                            ),
                            "response": thing(
                                {
                                    "status": WHOLE,
                                    "statusText": TEXT,
                                    "httpVersion": TEXT,
                                    "cookies": array({"type": "object"}),
                                    "headers": PAIRS,
                                    "content": thing({"size": WHOLE, "mimeType": TEXT}, text=TEXT),
                                    "redirectURL": TEXT,
                                    "headersSize": WHOLE,
                                    "bodySize": WHOLE,
                                }
                            ),
                            "cache": {"type": "object"},
                            "timings": thing(
                                {"send": MILLISECONDS, "wait": MILLISECONDS, "receive": MILLISECONDS}
                            ),
                        }
                    )
                ),
            }
        )
    }
)


def test_the_archive_has_the_structure_of_har_1_2(mock: Mock) -> None:
    """Browsers and proxies open it."""
    for request in secrets_everywhere(PHONE):
        mock.handle(request)
    mock.arm(Fault(delay_seconds=2))
    mock.handle(ASKED)

    archive = get(mock, "format=har").json()
    validator = jsonschema_rs.Draft202012Validator(HAR, validate_formats=True)
    assert [error.message for error in validator.iter_errors(archive)] == []
    assert len(archive["log"]["entries"]) == len(mock.journal())
    last = archive["log"]["entries"][-1]
    assert last["time"] == sum(last["timings"].values()) >= 2000
    assert not validator.is_valid({"log": {**archive["log"], "entries": [{}]}})
