"""Where each check of headers and content begins and ends: the neighbours on both sides of every boundary."""

import json
from typing import Any

import pytest

from contract_tests.checks.knowledge import Knowledge
from contract_tests.checks.response_checks import judge
from contract_tests.self_tests.checks.small_contract import (
    HTML,
    JSON,
    TEXT,
    answer_of,
    contract,
    found,
)
from contract_tests.target.exchange import Exchange, Received, Sent

BOTH = {"application/json": TEXT, "text/html": TEXT}


@pytest.mark.parametrize(
    ("content", "headers", "body", "message"),
    [
        ({"application/json": TEXT}, JSON, b'""', None),
        ({"application/json": TEXT}, JSON, b"<p>", "body of 200 is not JSON: ValueError, 3 bytes"),
        ({"application/json": TEXT}, {}, b'""', "Content-Type of 200 is missing: not application/json"),
        (
            BOTH,
            {"content-type": "a/b"},
            b"<p>",
            "Content-Type of 200 is a/b: not application/json or text/html",
        ),
        (BOTH, HTML, b"<p>", None),
        ({"text/html": TEXT}, HTML, b"<p>", None),
        ({}, HTML, b"<p>", None),
        ({"application/json": TEXT}, {"content-type": 'application/json; Charset = "UTF8"'}, b'""', None),
        ({"application/json": TEXT}, {"content-type": "application/json;charset=utf-8"}, b'""', None),
        (
            {"application/json": TEXT},
            {"content-type": "application/json; CHARSET=utf-16"},
            b'""',
            "Content-Type names the charset utf-16: JSON is UTF-8 (RFC 8259, section 8.1)",
        ),
    ],
)
def test_the_content_is_of_a_documented_type(
    content: dict[str, Any], headers: dict[str, str], body: bytes, message: str | None
) -> None:
    """And JSON where it says so, or where nothing else is documented."""
    said = found(contract(responses=answer_of(content)), 200, headers=headers, body=body)

    said = {name: text.replace("JSONDecodeError", "ValueError") for name, text in said.items()}
    assert said.get("content-type-is-documented") == message


def test_html_where_only_json_is_documented_is_read_as_json() -> None:
    """So both faults are told: the name and the content."""
    document = contract(responses=answer_of({"application/json": {"type": "integer"}}))

    messages = [each.message for each in judge(answered_with(HTML, b"<p>"), document)]
    assert [message.partition(" is")[0] for message in messages] == ["Content-Type of 200", "body of 200"]
    assert "body-fits-the-schema" in found(document, 200, headers=HTML, body=b'""')


def answered_with(headers: dict[str, str], body: bytes) -> Exchange:
    return Exchange(Sent("GET", "http://127.0.0.1/a", "/a", {}, b""), Received(200, headers, body))


@pytest.mark.parametrize(
    ("status", "is_empty"), [(203, False), (204, True), (205, False), (303, False), (304, True), (305, False)]
)
def test_only_204_and_304_have_no_content(status: int, is_empty: bool) -> None:
    """Their type and schema mean nothing; of all others they do."""
    document = contract(responses=answer_of({"application/json": {"type": "integer"}}, str(status)))

    for body in (b'"x"', b""):
        said = found(document, status, headers=HTML, body=body)
        assert ("content-type-is-documented" in said) is not is_empty
        assert ("body-fits-the-schema" in said) is (not is_empty and bool(body))
        assert ("empty-statuses-are-empty" in said) is (is_empty and bool(body))
    assert found(document, 304, body=b"123").get("empty-statuses-are-empty") == "304 has a body of 3 bytes"


def test_a_body_is_held_to_the_schema_of_its_own_type() -> None:
    """Else to that of JSON; a type without a schema allows everything."""
    content = {"application/json": TEXT, "application/problem+json": {"type": "integer"}}
    document = contract(responses=answer_of(content))

    for media, body, is_broken in (
        ("application/json", b'""', False),
        ("application/json", b"1", True),
        ("application/problem+json", b"1", False),
        ("application/problem+json", b'""', True),
        ("application/other+json", b"1", True),
        ("text/html", b"1", True),
        ("application/json", b"{", False),
    ):
        said = found(document, 200, headers={"content-type": media}, body=body)
        assert ("body-fits-the-schema" in said) is is_broken, media


@pytest.mark.parametrize(
    ("header", "value", "message"),
    [
        ({"required": True, "schema": {"type": "integer"}}, None, "the header X-Total of 200 is missing"),
        ({"required": False, "schema": {"type": "integer"}}, None, None),
        ({"schema": {"type": "integer"}}, None, None),
        ({"required": "yes", "schema": {"type": "integer"}}, None, None),
        ({"required": True, "schema": {"type": "integer"}}, "7", None),
        ({"schema": {"type": "integer"}}, "many", "the header X-Total of 200 does not fit its schema"),
        ({"schema": True}, "many", None),
        ({"description": "a number"}, "many", None),
    ],
)
def test_a_header_that_is_documented_is_there_and_fits(
    header: dict[str, Any], value: str | None, message: str | None
) -> None:
    """The media types speak of Content-Type, so a description of that header is passed over."""
    headers = {"Content-Type": {"required": True, "schema": {"type": "integer"}}, "X-Total": header}
    document = contract(responses={"200": {"description": "", "headers": headers}})

    for sent in ({}, HTML):
        said = found(document, 200, headers=sent | ({} if value is None else {"x-total": value}))
        assert said.get("required-headers-are-there") == message


DATE = "Tue, 10 Mar 2026 09:30:00 GMT"
DAYS = [f"{day}{DATE[3:]}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
MONTHS = [
    DATE.replace("Mar", month)
    for month in ("Jan", "Feb", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
]


@pytest.mark.parametrize("name", ["date", "last-modified", "retry-after", "age"])
@pytest.mark.parametrize(
    ("value", "forms"),
    [
        *((date, {"date"}) for date in [*DAYS, *MONTHS, DATE.replace("10 ", "31 "), f" {DATE} "]),
        *((date, set[str]()) for date in ("", DATE[5:], DATE[:-4], DATE.lower(), f"{DATE}+1", "2026-03-10")),
        *((seconds, {"seconds"}) for seconds in ("0", "60", " 60 ", "9" * 10)),
        *((text, set[str]()) for text in ("9" * 11, "-1", "1.5", "60 s", "٦")),
    ],
)
def test_each_header_of_http_has_its_forms(name: str, value: str, forms: set[str]) -> None:
    """A date, seconds, or either of them."""
    allowed = {"retry-after": {"date", "seconds"}, "age": {"seconds"}}.get(name, {"date"})

    said = found(contract(), 200, headers={name: value})
    expected = (
        None if forms & allowed else f"the header {name.title()} of 200 has a form that HTTP does not know"
    )
    assert said.get("headers-of-http-are-well-formed") == expected


@pytest.mark.parametrize(
    ("accepted", "used", "is_taken"),
    [
        *((None, "br", True), ("gzip", "", True), ("gzip", "identity", True), ("gzip;q=0", "IDENTITY", True)),
        *(
            ("gzip", "gzip", True),
            ("GZIP ; q=1", "gzip", True),
            ("gzip", " Gzip ", True),
            ("gzip", "br", False),
        ),
        *(("gzip;q=0", "gzip", False), ("gzip;q=0.", "gzip", False), ("gzip; q = 0.000", "gzip", False)),
        *(("gzip;q=0.001", "gzip", True), ("gzip;q=0.0", "gzip", False), ("br, gzip", "gzip", True)),
        *(
            ("*", "br", True),
            ("*;q=0", "br", False),
            ("gzip, *;q=0", "gzip", True),
            ("br;q=0, *", "br", False),
        ),
        *(("gzip", "gzip, br", False), ("gzip, br", "gzip, br", True), ("", "gzip", False)),
    ],
)
def test_content_is_encoded_only_as_the_caller_takes_it(
    accepted: str | None, used: str, is_taken: bool
) -> None:
    """RFC 9110, 12.5.3: a weight of zero refuses, `*` stands for all that are not named."""
    asking = {} if accepted is None else {"accept-encoding": accepted}

    said = found(contract(), 200, asking=asking, headers={"content-encoding": used})
    assert ("encoding-is-one-that-was-taken" not in said) is is_taken
    assert "encoding-is-one-that-was-taken" not in found(contract(), 200, asking=asking)


SECRET = b'{"token": "abc"}'


@pytest.mark.parametrize(
    ("control", "is_kept"),
    [
        *((None, False), ("", False), ("public", True), ("PUBLIC", True), ("max-age=1", True)),
        *(("s-maxage=60", True), ('max-age="60"', True), ("max-age=0", False), ("max-age=", False)),
        *(("s-maxage=0, max-age=0", False), ("private, max-age=60", False), ("no-store", False)),
        *(("no-cache, max-age=60", False), ("max-age=60, no-store", False), ("public, private", False)),
        *(("must-revalidate", False), ("Max-Age=5 ", True)),
    ],
)
def test_a_secret_is_offered_to_no_shared_cache(control: str | None, is_kept: bool) -> None:
    """RFC 9111: public, or fresh for a while, unless another word forbids it."""
    known = contract(knowledge=Knowledge(secret_members=("key", "token")))
    headers = {} if control is None else {"cache-control": control}

    name = "secrets-stay-out-of-shared-caches"
    assert (name in found(known, 200, headers=headers, body=SECRET)) is is_kept
    assert (name in found(known, 299, headers=headers, body=SECRET)) is is_kept
    for problems in (
        found(known, 300, headers=headers, body=SECRET),
        found(known, 200, headers=headers, body=b'{"other": "abc"}'),
        found(known, 200, headers=headers, body=SECRET, asking={"prefer": "code=200"}),
        found(contract(), 200, headers=headers, body=SECRET),
    ):
        assert name not in problems


TRACE = 'File "/srv/app.py", line 3'


@pytest.mark.parametrize(
    ("body", "headers", "asked_in", "is_found"),
    [
        (TRACE.encode(), {}, "nothing", True),
        (json.dumps({"errors": [TRACE]}).encode(), {}, "nothing", True),
        (json.dumps({"errors": ["a\nSystem.Exception"]}).encode(), {}, "nothing", True),
        (b"\xff" + TRACE.encode(), {}, "nothing", True),
        (b"", {"x-error": TRACE}, "nothing", True),
        (b"", {}, "nothing", False),
        *((TRACE.encode(), {}, place, False) for place in ("target", "headers", "body")),
    ],
)
def test_an_answer_shows_no_trace_but_that_of_the_request(
    body: bytes, headers: dict[str, str], asked_in: str, is_found: bool
) -> None:
    """In body or headers, escaped or not; an echo of the request is no error of the server."""
    target = f"/a?q={TRACE.replace(' ', '%20')}" if asked_in == "target" else "/a"
    asking = {"x-a": TRACE} if asked_in == "headers" else {}
    sent = b"\xff" + TRACE.encode() if asked_in == "body" else b""

    said = found(contract(), 200, target, asking=asking, sent=sent, headers=headers, body=body)
    assert ("errors-hide-their-cause" in said) is is_found


def test_a_trace_is_named_by_its_language() -> None:
    """Within JSON its line ends are escaped."""
    body = json.dumps({"error": "x\nat com.App.run(App.java:3)"}).encode()

    assert found(contract(), 200, body=body)["errors-hide-their-cause"].endswith("of Java")


@pytest.mark.parametrize(("status", "is_error"), [(399, False), (400, True), (599, True)])
def test_only_an_error_is_searched_for_passwords(status: int, is_error: bool) -> None:
    """A success may have a field of that name."""
    said = found(contract(), status, body=b'{"password": "hunter22"}')

    assert ("errors-hide-their-cause" in said) is is_error


@pytest.mark.parametrize(("seconds", "is_slow"), [(9.9, False), (10.0, False), (10.01, True)])
def test_an_answer_may_take_ten_seconds(seconds: float, is_slow: bool) -> None:
    """And not longer."""
    said = found(contract(), 200, seconds=seconds)

    assert said.get("answers-in-time") == ("took longer than 10 s" if is_slow else None)


def test_no_answer_is_judged_by_that_alone() -> None:
    """There is nothing to check; the reason is told."""
    sent = Sent("GET", "http://127.0.0.1/a", "/a", {}, b"")

    [only] = judge(Exchange(sent, None, "ReadError: reset"), contract())
    assert (only.check, only.message) == ("answers-whole", "no whole answer: ReadError: reset")
