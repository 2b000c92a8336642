"""Every check of checks.py notices a broken answer, and lets a kept one pass."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.checks.left_to_http import is_left_to_http
from contract_tests.checks.response_checks import CHECKS, judge
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.target.dates import parse_date
from contract_tests.target.exchange import Exchange, Received, Sent

CONTRACT = contract()
SECRET_NAMES = CONTRACT.knowledge.secret_parameters
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:1/v.1.0"
SECRET = "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2"
KEY = {
    "apiKey": SECRET,
    "createdAt": "2026-03-10T09:30:00.000000Z",
    "expDate": "2027-03-10T23:59:59.000Z",
    "status": "Active",
}
JSON = {"content-type": "application/json"}
PAGE = {"content-type": "text/html"}
# With the base address it has 4,096 characters.
LONGEST = f"/test-api-keys?{'x' * (4096 - len(BASE) - 15)}"
REFUSED = {"success": False, "errors": ["Client not found"]}


def part(value: Any) -> str:
    """Return a part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(
    seconds: float = 3600, *, issued: float = NOW.timestamp(), header: Any = None, **more: Any
) -> dict[str, str]:
    """Return an answer with a JWT that expires after some seconds."""
    claims = {"iat": issued, "exp": issued + seconds} | more
    return {"jwt": f"{part(header or {'alg': 'HS256'})}.{part(claims)}.c2ln"}


def asked(
    status: int,
    body: Any,
    *,
    sent: Any = None,
    headers: dict[str, str] = JSON,
    method: str = "POST",
    path: str = "/test-api-keys",
    seconds: float = 0.1,
    asking: dict[str, str] | None = None,
) -> Exchange:
    """Return an exchange about a key."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = sent if isinstance(sent, bytes) else json.dumps(sent or {"phone": "447700900001"}).encode()
    return Exchange(
        Sent(method, BASE + path, path.partition("?")[0], JSON | (asking or {}), request, SECRET_NAMES),
        Received(status, headers, raw),
        asked_at=NOW,
        seconds=seconds,
    )


def bought(status: int, body: Any, key: str | None = SECRET, *, headers: dict[str, str] = JSON) -> Exchange:
    """Return an exchange about a JWT."""
    query = "" if key is None else f"?apiKey={key}"
    url = f"{BASE}/clients/authorization{query}"
    return Exchange(
        Sent("GET", url, "/clients/authorization", {}, b"", SECRET_NAMES),
        Received(status, headers, json.dumps(body).encode()),
        asked_at=NOW,
    )


KEPT = {
    "a key": asked(200, KEY),
    "a key with an offset": asked(200, KEY | {"expDate": "2027-03-10T23:59:59+02:00"}),
    "a key without digits after the second": asked(200, KEY | {"createdAt": "2026-03-10T09:30:00Z"}),
    "not found": asked(404, REFUSED),
    "several": asked(409, {"success": False, "errors": ["Multiple matching clients found"]}),
    "limit": asked(429, {"success": False, "errors": ["Daily limit reached"]}),
    "no phone": asked(400, {"success": False, "errors": ["Invalid phone format"]}, sent={"phone": "+44"}),
    "Ukrainian": asked(400, {"success": False, "errors": ["no"]}, sent={"phone": "380000000001"}),
    "broken JSON": asked(400, {"success": False, "errors": ["no"]}, sent=b"{"),
    "two equal keys, taken": asked(404, REFUSED, sent=b'{"phone": "1", "phone": "447700900001"}'),
    "a mark in front, ignored": asked(404, REFUSED, sent=b"\xef\xbb\xbf" + b'{"phone": "447700900001"}'),
    "UTF-32 without a mark, taken": asked(404, REFUSED, sent='{"phone": "447700900001"}'.encode("utf-32-le")),
    "UTF-16, taken": asked(404, REFUSED, sent='{"phone": "447700900001"}'.encode("utf-16")),
    "asked-for time-out": asked(503, {"errors": {"": "Connection time-out"}}, asking={"prefer": "code=503"}),
    "charset": asked(200, KEY, headers={"content-type": "Application/JSON; charset=UTF-8"}),
    "method": asked(405, REFUSED, method="GET", headers=JSON | {"allow": "POST, OPTIONS"}),
    "OPTIONS": asked(204, b"", method="OPTIONS", headers={"allow": "OPTIONS, POST"}),
    "HEAD beside GET": replace(
        bought(200, jwt()),
        sent=Sent(
            "HEAD",
            f"{BASE}/clients/authorization?apiKey={SECRET}",
            "/clients/authorization",
            {},
            b"",
            SECRET_NAMES,
        ),
    ),
    "not acceptable": asked(406, b"", headers={}, asking={"accept": "text/html"}),
    "path": asked(404, b"", path="/nowhere", headers={}),
    "too large": asked(413, b"", sent=b"4" * 100_000, headers={}),
    "a method that the server does not know": asked(501, b"", method="TRACE", headers={}),
    "dates and waiting times": asked(
        429,
        REFUSED,
        headers=JSON | {"retry-after": "60", "date": "Tue, 10 Mar 2026 09:30:00 GMT", "age": "0"},
    ),
    "a waiting time as a date": asked(
        429, REFUSED, headers=JSON | {"retry-after": "Wed, 11 Mar 2026 00:00:00 GMT"}
    ),
    "compressed as asked": asked(
        200,
        KEY,
        headers=JSON | {"content-encoding": "gzip"},
        asking={"accept-encoding": "br;q=0, gzip;q=0.5"},
    ),
    **{
        f"compressed with the weight {weight}": asked(
            200,
            KEY,
            headers=JSON | {"content-encoding": "gzip"},
            asking={"accept-encoding": f"gzip{weight}, identity"},
        )
        for weight in ("", ";q=1", ";q=0.001", "; q=0.5", ";Q=1.000")
    },
    "more than a kilobyte": asked(413, b"", sent=b"4" * 1025, headers={}),
    "Prefer overlooked": asked(200, KEY, asking={"prefer": "code=503"}),
    **{
        f"415 for {kind}": asked(415, b"", headers={}, asking={"content-type": f"application/json;{kind}"})
        for kind in ("charset=latin-1", "Charset=latin-1", " CHARSET=UTF-16", 'charset="iso-8859-5"')
    },
    "other media type": asked(415, b"", headers={}, asking={"content-type": "text/plain"}),
    "422 for another media type": asked(422, REFUSED, asking={"content-type": "text/plain"}),
    "422 for another kind of JSON": asked(422, REFUSED, asking={"content-type": "application/vnd.api+json"}),
    "OPTIONS with 200": asked(200, b"", method="OPTIONS", headers={"allow": "OPTIONS, POST"}),
    "a gateway that refuses a zero byte": asked(400, b"<h1>", path="/test-api-keys?%00", headers=PAGE),
    "a gateway that refuses what is no UTF-8": asked(400, b"<h1>", path="/test-api-keys?%FF", headers=PAGE),
    "a gateway that refuses an odd header": asked(400, b"<h1>", headers=PAGE, asking={"prefer": "\xa0"}),
    "a gateway that refuses an odd path": asked(400, b"<h1>", path="/test-api-keys%00", headers=PAGE),
    "a key with a zero byte": bought(400, "", "%00", headers=PAGE),
    "a gateway that refuses a line end in a path": asked(
        400, b"<h1>", path="/test-api-keys%0A", headers=PAGE
    ),
    "an unknown path that leads on": asked(302, b"", path="/nowhere", headers={"location": "/docs"}),
    "jwt": bought(200, jwt()),
    # A server may round the two moments.
    "a jwt for an hour and a second": bought(200, jwt(3601)),
    "a jwt for an hour less a second": bought(200, jwt(3599)),
    "an address of more than four KiB": asked(414, b"", path=LONGEST + "x", headers={}),
    "jwt that began a minute ago": bought(200, jwt(nbf=NOW.timestamp() - 60)),
    "a key that no cache may keep": asked(200, KEY, headers=JSON | {"cache-control": "no-store, max-age=9"}),
    "a key that only its own cache may keep": asked(200, KEY, headers=JSON | {"cache-control": "private"}),
    "an error that every cache may keep": asked(404, REFUSED, headers=JSON | {"cache-control": "public"}),
    "unknown key": bought(401, {"errors": {"": "Unknown key"}}),
    "a key of odd characters": bought(422, {"errors": {"": "no key"}}, "%2B"),
    "no key": bought(422, {"errors": {"apiKey": "Missing"}}, None),
    "empty key": bought(422, {"errors": {"apiKey": "Missing"}}, ""),
}

BROKEN: dict[str, tuple[str, Exchange]] = {
    "a line end in a key is no reason for a 400": (
        "status-fits-the-request",
        bought(400, REFUSED, "a%0Ab"),
    ),
    "no answer": (
        "answers-whole",
        Exchange(Sent("POST", BASE, "/test-api-keys", {}, b""), None, "ReadError: reset"),
    ),
    "a stack trace in an error": (
        "errors-hide-their-cause",
        asked(404, {"success": False, "errors": ['  File "/srv/app.py", line 3, in ask']}),
    ),
    "an undocumented status": ("status-is-documented", asked(418, REFUSED)),
    "a success that is not documented": ("status-is-documented", asked(201, KEY)),
    "a date of another form": (
        "headers-of-http-are-well-formed",
        asked(200, KEY, headers=JSON | {"date": "2026-03-10T09:30:00"}),
    ),
    **{
        f"a {name} of {value}": (
            "headers-of-http-are-well-formed",
            asked(429, REFUSED, headers=JSON | {name: value}),
        )
        for name, value in (
            ("date", "Tue, 10 Mar 2026 09:30:00 GMT+1"),
            ("last-modified", "Tue, 10 Mar 2026 09:30:00 UTC"),
            ("retry-after", "60s"),
            ("retry-after", "-1"),
            ("age", "1.5"),
        )
    },
    "a waiting time in words": (
        "headers-of-http-are-well-formed",
        asked(429, REFUSED, headers=JSON | {"retry-after": "tomorrow"}),
    ),
    "compressed where that was refused": (
        "encoding-is-one-that-was-taken",
        asked(200, KEY, headers=JSON | {"content-encoding": "gzip"}, asking={"accept-encoding": "gzip;q=0"}),
    ),
    "compressed where nothing was said of it": (
        "encoding-is-one-that-was-taken",
        asked(200, KEY, headers=JSON | {"content-encoding": "gzip"}, asking={"accept-encoding": "identity"}),
    ),
    **{
        f"compressed with the weight {weight}": (
            "encoding-is-one-that-was-taken",
            asked(
                200,
                KEY,
                headers=JSON | {"content-encoding": "gzip"},
                asking={"accept-encoding": weight},
            ),
        )
        for weight in ("gzip;q=0.", "gzip;q=0.0", "gzip; q=0.000", "*;q=0.0", "GZIP ; Q=0.00, *")
    },
    "422 for JSON": ("status-is-documented", asked(422, REFUSED)),
    "a page for an honest request": ("content-type-is-documented", asked(400, b"<h1>", headers=PAGE)),
    "400 for letters that are no ASCII": ("status-is-documented", bought(400, REFUSED, "%C3%A9")),
    "a redirection to nowhere": ("status-is-documented", asked(302, b"", path="/nowhere", headers={})),
    "a redirection of a method": (
        "status-is-documented",
        asked(302, b"", method="GET", headers={"location": "/docs"}),
    ),
    "a redirection of an operation": ("status-is-documented", asked(302, b"", headers={"location": "/docs"})),
    "415 for JSON": ("status-is-documented", asked(415, REFUSED)),
    **{
        f"415 for JSON in UTF-8 as {kind}": (
            "status-is-documented",
            asked(415, REFUSED, asking={"content-type": kind}),
        )
        for kind in ("Application/JSON", "application/json; Charset=UTF-8", "application/json;x=y")
    },
    "501 for GET": ("status-is-documented", asked(501, b"", method="GET", headers={})),
    "413 for little": ("status-is-documented", asked(413, REFUSED)),
    "413 for a kilobyte": ("status-is-documented", asked(413, REFUSED, sent=b"4" * 1024)),
    "200 for an unknown path": ("status-is-documented", asked(200, b"", path="/nowhere", headers={})),
    "200 for another method": ("status-is-documented", asked(200, KEY, method="PUT")),
    "OPTIONS that names nothing": (
        "status-is-documented",
        asked(200, b"", method="OPTIONS", headers={}),
    ),
    "200 for HEAD where there is no GET": ("status-is-documented", asked(200, b"", method="HEAD")),
    "200 for HEAD without a key": (
        "status-fits-the-request",
        Exchange(
            Sent("HEAD", f"{BASE}/clients/authorization", "/clients/authorization", {}, b"", SECRET_NAMES),
            Received(200, JSON, b""),
        ),
    ),
    "406 for the usual": ("status-is-documented", asked(406, b"", headers={})),
    "400 for another method": ("status-is-documented", asked(400, REFUSED, method="PUT")),
    "a key for bad input": ("status-fits-the-request", asked(200, KEY, sent={"phone": ""})),
    "success for bad input": ("bad-request-is-refused", asked(200, KEY, sent={"phone": ""})),
    "404 for bad input": ("status-fits-the-request", asked(404, REFUSED, sent={"phone": "+447700900001"})),
    "a key for a Ukrainian": ("status-fits-the-request", asked(200, KEY, sent={"phone": "380000000001"})),
    "404 for broken JSON": ("status-fits-the-request", asked(404, REFUSED, sent=b'{"phone"')),
    "404 for no UTF-8": ("status-fits-the-request", asked(404, REFUSED, sent=b'{"phone": "4477\xff"}')),
    "400 for good input": ("status-fits-the-request", asked(400, REFUSED)),
    "503 that nobody asked for": ("status-fits-the-request", asked(503, {"errors": {"": "t"}})),
    "500": ("status-fits-the-request", asked(500, b"")),
    "500 for an odd request": (
        "status-fits-the-request",
        asked(500, b"", asking={"content-type": "text/plain"}),
    ),
    "500 where Prefer is overlooked": (
        "status-fits-the-request",
        asked(500, REFUSED, asking={"prefer": "code=503"}),
    ),
    "401 without a key": ("status-fits-the-request", bought(401, {"errors": {"": "no"}}, None)),
    "422 with a key": ("status-fits-the-request", bought(422, {"errors": {"": "no"}})),
    "405 without Allow": ("method-refusal-names-methods", asked(405, REFUSED, method="GET")),
    "405 with another Allow": (
        "method-refusal-names-methods",
        asked(405, REFUSED, method="GET", headers=JSON | {"allow": "GET"}),
    ),
    "HTML by name": ("content-type-is-documented", asked(200, KEY, headers={"content-type": "text/html"})),
    "no content type": ("content-type-is-documented", asked(404, REFUSED, headers={})),
    "another charset": (
        "content-type-is-documented",
        asked(200, KEY, headers={"content-type": "application/json; charset=latin-1"}),
    ),
    "HTML inside": ("content-type-is-documented", asked(404, b"<html>")),
    "empty": ("content-type-is-documented", asked(404, b"")),
    "cut": ("content-type-is-documented", asked(200, json.dumps(KEY).encode()[:-9])),
    "NaN": ("content-type-is-documented", asked(404, b'{"success": false, "errors": [NaN]}')),
    "a key twice": ("content-type-is-documented", asked(404, b'{"success": true, "success": false}')),
    **{
        f"no {name}": ("body-fits-the-schema", asked(200, {k: v for k, v in KEY.items() if k != name}))
        for name in KEY
    },
    **{f"{name} null": ("body-fits-the-schema", asked(200, KEY | {name: None})) for name in KEY},
    **{f"{name} a number": ("body-fits-the-schema", asked(200, KEY | {name: 1})) for name in KEY},
    "an extra field": ("body-fits-the-schema", asked(200, KEY | {"phone": "x"})),
    "an unknown status": ("body-fits-the-schema", asked(200, KEY | {"status": "active"})),
    "an empty key": ("body-fits-the-schema", asked(200, KEY | {"apiKey": ""})),
    "the other error shape": ("body-fits-the-schema", asked(404, {"errors": {"": "Client not found"}})),
    "errors as text": ("body-fits-the-schema", asked(404, {"success": False, "errors": "Client not found"})),
    "errors as numbers": ("body-fits-the-schema", asked(404, {"success": False, "errors": [1]})),
    "an error in a list": ("body-fits-the-schema", asked(404, [REFUSED])),
    "503 in the other shape": ("body-fits-the-schema", asked(503, REFUSED, asking={"prefer": "code=503"})),
    "no jwt": ("body-fits-the-schema", bought(200, {})),
    "an empty jwt": ("body-fits-the-schema", bought(200, {"jwt": ""})),
    "the key for a jwt": ("body-fits-the-schema", bought(200, {"jwt": SECRET})),
    "success in an error": ("error-says-so", asked(404, REFUSED | {"success": True})),
    "no reason": ("error-says-so", asked(404, REFUSED | {"errors": []})),
    "an empty reason": ("error-says-so", asked(404, REFUSED | {"errors": [""]})),
    "no errors in 401": ("error-says-so", bought(401, {})),
    "empty errors in 401": ("error-says-so", bought(401, {"errors": {}})),
    "a date without offset": ("dates-make-sense", asked(200, KEY | {"createdAt": "2026-03-10T09:30:00"})),
    "a date without time": ("dates-make-sense", asked(200, KEY | {"expDate": "2027-03-10"})),
    "a date of no calendar": ("dates-make-sense", asked(200, KEY | {"expDate": "2027-02-30T00:00:00Z"})),
    "a date with a blank": ("dates-make-sense", asked(200, KEY | {"createdAt": "2026-03-10 09:30:00Z"})),
    "created tomorrow": ("dates-make-sense", asked(200, KEY | {"createdAt": "2026-03-11T09:30:00Z"})),
    "Active and over": (
        "dates-make-sense",
        asked(200, KEY | {"createdAt": "2020-01-01T00:00:00Z", "expDate": "2021-01-01T23:59:59Z"}),
    ),
    "over before it began": ("dates-make-sense", asked(200, KEY | {"expDate": "2025-03-10T23:59:59Z"})),
    "an Expired key": ("given-key-is-active", asked(200, KEY | {"status": "Expired"})),
    "the phone as key": ("key-is-not-an-echo", asked(200, KEY | {"apiKey": "k-447700900001"})),
    "a key with a line break": ("key-is-not-an-echo", asked(200, KEY | {"apiKey": f"{SECRET}\n"})),
    "no header in the jwt": ("jwt-lasts-an-hour", bought(200, jwt(header={"typ": "JWT"}))),
    "no claims in the jwt": ("jwt-lasts-an-hour", bought(200, {"jwt": f"{part({'alg': 'none'})}.AAAA."})),
    "a list of claims": ("jwt-lasts-an-hour", bought(200, {"jwt": f"{part({'alg': 'none'})}.{part([])}."})),
    "an end in words": ("jwt-lasts-an-hour", bought(200, jwt(exp="1773138600"))),
    "a jwt from tomorrow on": ("jwt-lasts-an-hour", bought(200, jwt(nbf=NOW.timestamp() + 86400))),
    "a jwt for two seconds more": ("jwt-lasts-an-hour", bought(200, jwt(3602))),
    "a jwt for two seconds less": ("jwt-lasts-an-hour", bought(200, jwt(3598))),
    "an address of four KiB": ("status-is-documented", asked(414, b"", path=LONGEST, headers={})),
    "a jwt for a day": ("jwt-lasts-an-hour", bought(200, jwt(86400))),
    "a jwt that is over": ("jwt-lasts-an-hour", bought(200, jwt(issued=NOW.timestamp() - 86400))),
    "the key in an error": ("error-repeats-no-key", bought(401, {"errors": {"": f"Unknown key {SECRET}"}})),
    "a key of before in an error": (
        "error-repeats-no-key",
        replace(asked(429, REFUSED | {"errors": [f"You have {SECRET}"]}), secrets=frozenset({SECRET})),
    ),
    "a key of before in a header": (
        "error-repeats-no-key",
        replace(asked(404, REFUSED, headers=JSON | {"x-key": SECRET}), secrets=frozenset({SECRET})),
    ),
    "a jwt that names no end": (
        "jwt-lasts-an-hour",
        bought(200, {"jwt": f"{part({'alg': 'HS256'})}.{part({'iat': NOW.timestamp()})}.c2ln"}),
    ),
    "a jwt that is not signed": ("jwt-lasts-an-hour", bought(200, jwt(header={"alg": "None"}))),
    "what belongs to another": (
        "nobody-learns-what-belongs-to-another",
        replace(asked(404, REFUSED), shown=("another client's number stands in the body",)),
    ),
    "a key for every cache": (
        "secrets-stay-out-of-shared-caches",
        asked(200, KEY, headers=JSON | {"cache-control": "public"}),
    ),
    "a key that caches keep for an hour": (
        "secrets-stay-out-of-shared-caches",
        asked(200, KEY, headers=JSON | {"cache-control": "max-age=3600"}),
    ),
    "slow": ("answers-in-time", asked(200, KEY, seconds=11)),
}


@pytest.mark.parametrize("exchange", KEPT.values(), ids=KEPT)
def test_a_kept_promise_is_no_finding(exchange: Exchange) -> None:
    """A false alarm costs the trust in all the others."""
    assert judge(exchange, CONTRACT) == []


@pytest.mark.parametrize(
    ("exchange", "is_left"),
    [
        (asked(404, REFUSED, method="PUT"), True),
        (asked(405, REFUSED, method="PUT"), True),
        (asked(501, REFUSED, method="TRACE"), True),
        (asked(200, REFUSED, method="PUT"), False),
        (asked(405, REFUSED, path="/nowhere"), False),
        (asked(404, REFUSED), False),
    ],
)
def test_what_http_leaves_to_a_server_is_told_to_schemathesis(exchange: Exchange, is_left: bool) -> None:
    """Its own checks know of 405 alone."""
    assert exchange.received is not None
    assert is_left_to_http(exchange, exchange.received, CONTRACT) is is_left


@pytest.mark.parametrize(("check", "exchange"), BROKEN.values(), ids=BROKEN)
def test_a_broken_promise_is_found_by_name(check: str, exchange: Exchange) -> None:
    """The check that is meant for it notices it."""
    assert check in {finding.check for finding in judge(exchange, CONTRACT)}


# Nova Post's document has neither; rows for them are in any_api/test_checks.py.
OF_OTHER_DOCUMENTS = ("required_headers_are_there", "empty_statuses_are_empty")


@pytest.mark.parametrize(
    "check",
    [each for each in CHECKS if each.__name__ not in OF_OTHER_DOCUMENTS],
    ids=lambda check: check.__name__,
)
def test_every_promise_has_an_answer_that_breaks_it(check: Any) -> None:
    """A check that never fired is a hope."""
    assert check.__name__.replace("_", "-") in {name for name, _ in BROKEN.values()}


@pytest.mark.parametrize("exchange", [e for _, e in BROKEN.values()], ids=list(BROKEN))
def test_no_finding_shows_a_key(exchange: Exchange) -> None:
    """Findings end in logs and reports: neither message nor command repeats what the target gave away."""
    for finding in judge(exchange, CONTRACT):
        assert SECRET not in f"{finding.message}{finding.curl}"


def test_a_command_line_reproduces_the_request() -> None:
    """Method, headers that matter, body and address, quoted for a shell."""
    exchange = asked(418, REFUSED, sent={"phone": "it's"}, asking={"prefer": "code=503"})

    assert judge(exchange, CONTRACT)[0].curl == (
        "curl -i -X POST -H 'content-type: application/json' -H 'prefer: code=503' "
        """--data-raw '{"phone": "it'"'"'s"}' http://127.0.0.1:1/v.1.0/test-api-keys"""
    )


@pytest.mark.parametrize(
    "text", ["2026-03-10T09:30:00.123456789Z", "2026-03-10t09:30:00z", "2026-03-10T09:30:00-05:30"]
)
def test_dates_of_the_standard_are_dates(text: str) -> None:
    """RFC 3339, section 5.6, allows any number of digits and small letters."""
    moment = parse_date(text)

    assert moment is not None
    assert moment.utcoffset() is not None


@pytest.mark.parametrize(
    "value", [None, 1, "", "2026", "2026-03-10T09:30Z", "2026-W11-2T09:30:00Z", "٢٠٢٦-03-10T09:30:00Z"]
)
def test_other_dates_are_not(value: Any) -> None:
    """What Python would read although RFC 3339 does not know it is no date here."""
    assert parse_date(value) is None
