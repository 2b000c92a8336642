"""Is every request taken for what it is: a phone, no phone, no JSON, another method, another path?"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.steps import OTHER, PHONE, given_key, refused
from contract_tests.novapost.knowledge.strategies import (
    ELSEWHERE,
    LENGTHS,
    LONGEST,
    NO_JSON,
    NO_PHONES,
    NO_REQUESTS,
    ODD_TYPES,
    PUBLISHED_EXAMPLE,
    SHORTEST,
    UKRAINE_INSIDE,
    UKRAINIAN,
    phones,
)
from contract_tests.target.exchange import Received


def _refused(api: Api, answer: Received, size: int) -> None:
    """Expect 400, or 413 where a server may find the body too large before it reads it."""
    if answer.status != 413 or size <= api.contract.knowledge.usual_body:
        refused(api, answer, 400, "phone-format")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("phone", NO_PHONES, ids=ascii)
def test_what_is_no_phone_is_refused(phone: str, api: Api, morning: KeysControl) -> None:
    """A lenient check lets a typing error come back as "not registered", which sends people astray."""
    _refused(api, api.ask(phone), len(phone.encode()))


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("phone", [SHORTEST, LONGEST, PUBLISHED_EXAMPLE, PHONE, *LENGTHS, *ELSEWHERE])
def test_what_is_a_phone_is_taken(phone: str, api: Api, morning: KeysControl) -> None:
    """Every length and country, and the published example, whose digits the page itself miscounts."""
    morning.register(phone)
    given_key(api, phone, rule="phone-format")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=20)
    | st.from_regex(r"\A[+ 0-9-]{1,20}\Z")
    | phones.map(lambda phone: f" {phone}")
    | phones.map(lambda phone: phone + "\u00b2")
)
@pytest.mark.rule("phone-format")
def test_a_text_gets_a_key_only_as_a_registered_phone(api: Api, morning: KeysControl, text: str) -> None:
    """Whatever is typed into the phone's field: either it is a phone, or the answer says that it is none."""
    answer = api.ask(text)
    api.expect(
        answer.status in (400, 404) or text in (PHONE, OTHER),
        "phone-format",
        f"{answer.status} for a made-up text",
    )


@pytest.mark.rule("ua-unsupported")
@pytest.mark.parametrize("phone", UKRAINIAN)
def test_a_ukrainian_phone_gets_no_key(phone: str, api: Api, morning: KeysControl) -> None:
    """Keys for Ukraine come from the business cabinet, also for a phone that is registered."""
    stranger = api.ask(phone)
    told = f"{stranger.status} for a Ukrainian phone"
    api.expect(stranger.status in (400, 404), "ua-unsupported", told)
    morning.register(phone)
    refused(api, api.ask(phone), 400, "ua-unsupported")


@pytest.mark.rule("ua-unsupported")
def test_only_the_code_in_front_makes_a_phone_ukrainian(api: Api, morning: KeysControl) -> None:
    """A search for the code anywhere in a number turns away people of all countries."""
    for phone in UKRAINE_INSIDE:
        refused(api, api.ask(phone), 404, "registered-phone")
        morning.register(phone)
        given_key(api, phone, rule="ua-unsupported")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("body", NO_REQUESTS, ids=ascii)
def test_a_body_that_is_no_request_is_refused(body: object, api: Api, morning: KeysControl) -> None:
    """Exactly one property, phone, and it is a text: nothing is converted, nothing overlooked."""
    # Not json=: that sends nothing at all for null.
    content, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    _refused(api, api.send("POST", "/test-api-keys", content=content, headers=headers), len(content))


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_a_body_that_is_not_json_is_refused(body: bytes, api: Api, morning: KeysControl) -> None:
    """Whatever arrives, the answer is an error that says so, never a failure of the server."""
    headers = {"Content-Type": "application/json"}
    _refused(api, api.send("POST", "/test-api-keys", content=body, headers=headers), len(body))


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("content", [b"", b"{}"], ids=["no body", "an empty object"])
def test_the_phone_is_taken_from_the_body_alone(content: bytes, api: Api, morning: KeysControl) -> None:
    """A phone in the address ends in every log on the way; it does not count."""
    headers = {"Content-Type": "application/json", "phone": PHONE}
    answer = api.send("POST", f"/test-api-keys?phone={PHONE}", content=content, headers=headers)
    refused(api, answer, 400, "phone-format")


@pytest.mark.rule("phone-format")
@pytest.mark.parametrize("options", [{"data": {"phone": PHONE}}, {"files": {"phone": (None, PHONE)}}])
def test_a_form_is_no_request(options: dict[str, Any], api: Api, morning: KeysControl) -> None:
    """The body is JSON: a form that says honestly what it is has no phone in it either."""
    answer = api.send("POST", "/test-api-keys", **options)
    api.expect(answer.status in (400, 415, 422), "phone-format", f"{answer.status} for a form")


def test_the_usual_ways_to_say_json_are_taken(api: Api, morning: KeysControl) -> None:
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
def test_the_same_json_written_otherwise_is_the_same(content: bytes, api: Api, morning: KeysControl) -> None:
    """How a JSON text is written has no meaning (RFC 8259)."""
    answer = api.send("POST", "/test-api-keys", content=content, headers={"Content-Type": "application/json"})
    api.expect(answer.status == 200, "json-taken", f"{answer.status} for the same JSON written otherwise")


@pytest.mark.parametrize("value", [None, *ODD_TYPES], ids=lambda value: ascii(value and value[:30]))
def test_an_odd_content_type_is_no_crash(value: str | None, api: Api, morning: KeysControl) -> None:
    """Whatever a program calls its JSON: a server may take it or refuse it, with an error that says so."""
    content = b'{"phone": "447700900001"}'
    headers = {} if value is None else {"Content-Type": value}
    answer = api.send("POST", "/test-api-keys", content=content, headers=headers)
    told = f"{answer.status} for an odd Content-Type"
    api.expect(answer.status in (200, 400, 415, 422), "json-taken", told)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Prefer", "respond-async, wait=10"),
        ("Prefer", "\u00a0;;,=,"),
        ("Accept", "text/html, application/xml;q=0.9"),
        ("Accept-Language", "uk, en;q=0.5, *;q=0"),
        ("Cookie", "a=b; c"),
        ("X-Forwarded-For", "198.51.100.1, nonsense"),
        ("Range", "bytes=5-2"),
        ("If-None-Match", "*"),
        ("Accept-Encoding", "identity;q=0, *;q=0"),
    ],
    ids=lambda value: ascii(value),
)
def test_a_header_that_means_nothing_here_changes_nothing(
    name: str, value: str, api: Api, morning: KeysControl
) -> None:
    """What a server does not know it overlooks (RFC 9110, section 5.1; for Prefer RFC 7240, section 2)."""
    headers = {name: value.encode("latin-1")}
    answer = api.ask(PHONE, headers=headers)
    api.expect(answer.status < 500, "headers-overlooked", f"{answer.status} with an odd {name}")
    answer = api.send("GET", "/clients/authorization", params={"apiKey": "0" * 40}, headers=headers)
    told = f"{answer.status} with an odd {name}"
    api.expect(answer.status < 500, "headers-overlooked", told, "/clients/authorization")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_another_encoding_is_no_crash(encoding: str, api: Api, morning: KeysControl) -> None:
    """JSON is UTF-8 without a mark (RFC 8259, section 8.1); other ways to write it may be read or refused."""
    content = '{"phone": "447700900001"}'.encode(encoding)
    answer = api.send("POST", "/test-api-keys", content=content, headers={"Content-Type": "application/json"})
    api.expect(answer.status in (200, 400), "json-taken", f"{answer.status} for {encoding}")


def test_a_body_of_unusual_size_is_refused(api: Api, morning: KeysControl) -> None:
    """A request has some forty bytes; a server that reads a megabyte first can be kept busy by anybody."""
    body = b'{"phone": "' + b"4" * 1_000_000 + b'"}'
    answer = api.send("POST", "/test-api-keys", content=body, headers={"Content-Type": "application/json"})
    api.expect(answer.status in (400, 413), "large-body-refused", f"{answer.status} for a body of a megabyte")


@pytest.mark.rule("public")
@pytest.mark.parametrize("value", ["Bearer nonsense", "Basic eDp5", "nonsense"])
def test_no_authorisation_is_needed_and_none_disturbs(value: str, api: Api, morning: KeysControl) -> None:
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
def test_a_time_out_changes_nothing(api: Api, morning: KeysControl) -> None:
    """503 has the other error shape, and the request that met it did not count."""
    operation = api.contract.find("POST", "/test-api-keys")
    assert operation is not None
    answer = api.provoke(operation, 503, lambda headers: api.ask(PHONE, headers=headers))
    api.expect(answer.status == 503, "time-out", f"{answer.status} instead of 503")
    api.expect(isinstance(answer.json().get("errors"), dict), "time-out", "errors is no object of text")
    api.meet_fault(operation, 503, lambda: api.ask(PHONE))
    given_key(api, rule="time-out")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_a_method_that_is_not_documented_makes_no_key(method: str, api: Api, morning: KeysControl) -> None:
    """405 with the methods that there are, which OPTIONS may tell as well, and nothing happens."""
    body = {"phone": PHONE} if method in ("PUT", "PATCH") else None
    answer = api.send(method, f"/test-api-keys?phone={PHONE}", json=body)
    told = method == "OPTIONS" and answer.status in (200, 204)
    # 501 is for a method that a server does not know at all (RFC 9110, section 15.6.2).
    refused_ = answer.status in (404, 405) or (answer.status == 501 and method not in ("GET", "HEAD"))
    api.expect(refused_ or told, "methods", f"{answer.status} for {method}")
    api.expect(not morning.has_key(PHONE), "methods", f"{method} made a key")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_method_that_is_not_documented_buys_no_jwt(method: str, api: Api, morning: KeysControl) -> None:
    """405 with the methods that there are."""
    key = given_key(api, rule="methods")["apiKey"]
    answer = api.send(method, "/clients/authorization", params={"apiKey": key})
    api.expect(
        answer.status in (404, 405, 501), "methods", f"{answer.status} for {method}", "/clients/authorization"
    )


@pytest.mark.parametrize(("key", "status"), [(None, 422), ("", 422), ("0" * 40, 401), (PHONE, 200)])
def test_head_is_not_there_or_answers_as_get(
    key: str | None, status: int, api: Api, morning: KeysControl
) -> None:
    """Many servers answer HEAD where there is a GET (RFC 9110, section 9.3.2): as that, or else with 405."""
    if key == PHONE:
        key = given_key(api, rule="methods")["apiKey"]
    answer = api.send("HEAD", "/clients/authorization", params={} if key is None else {"apiKey": key})
    told = f"{answer.status} for HEAD where GET gives {status}"
    api.expect(answer.status in (404, 405, status), "methods", told, "/clients/authorization")


@pytest.mark.parametrize("path", ["/test-api-key", "/test-api-keys/1", "/clients", "/test-api-keys%00"])
def test_a_path_that_is_not_documented_is_not_found(path: str, api: Api, morning: KeysControl) -> None:
    """404, whatever the method, or what HTTP lets a server say there; `status-is-documented` judges it."""
    for method in ("GET", "POST"):
        api.send(method, path)
