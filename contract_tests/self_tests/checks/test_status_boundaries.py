"""Where each check of a status begins and ends: the neighbours on both sides of every boundary."""

from typing import Any

import pytest

from contract_tests.checks import response_checks
from contract_tests.checks.document import Contract
from contract_tests.checks.knowledge import Expected, Knowledge
from contract_tests.checks.response_checks import judge
from contract_tests.self_tests.checks.small_contract import (
    STATUSES,
    TEXT,
    contract,
    found,
    noticed,
)
from contract_tests.target.exchange import Exchange, Received, Sent

OPEN = {304, 405, 429, 501, 505}


@pytest.mark.parametrize(
    ("target", "method", "expected"),
    [
        ("/a", "PUT", set(range(200, 300))),
        ("/nowhere", "PUT", set()),
        ("/a", "HEAD", set()),
        ("/a", "OPTIONS", set()),
        ("/a", "TRACE", set()),
    ],
)
def test_a_method_that_no_document_has_gets_no_success(target: str, method: str, expected: set[int]) -> None:
    """A path that the document does not know may be the server's, and some methods are HTTP's own."""
    check = response_checks.status_is_documented

    assert noticed(check, contract(), target, method=method) == expected


@pytest.mark.parametrize(
    ("target", "wanted"), [("/a", "405 or 404 was expected"), ("/nowhere", "; 404 was expected")]
)
def test_an_api_that_is_documented_whole_refuses_all_else(target: str, wanted: str) -> None:
    """405 is for a path that has other methods."""
    known = contract(knowledge=Knowledge(only_documented=True))

    assert found(known, 200, target, method="PUT")["status-is-documented"].endswith(wanted)
    assert "status-is-documented" not in found(known, 404, target, method="PUT")
    assert ("status-is-documented" in found(known, 405, target, method="PUT")) is (target != "/a")
    assert "status-is-documented" in found(known, 429)


def named(name: str, place: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": TEXT, **more}


@pytest.mark.parametrize(
    ("target", "path", "operation", "left_open"),
    [
        ("/a", "/a", {}, set()),
        ("/a", "/a", {"security": [{"key": []}]}, {401, 403}),
        ("/a", "/a", {"parameters": [named("AUTHORIZATION", "header")]}, {401, 403}),
        ("/a", "/a", {"parameters": [named("authorization", "query")]}, set()),
        ("/a", "/a", {"parameters": [named("x-key", "header")]}, set()),
        ("/a", "/{id}", {"parameters": [named("id", "path", required=True)]}, {404}),
        ("/a?q=", "/a", {"parameters": [named("q", "query")]}, {400, 422}),
        ("/a?q=x", "/a", {"parameters": [named("q", "query")]}, set()),
        ("/a?q%0A=x", "/a", {"parameters": [named("q", "query")]}, {400, 422}),
    ],
)
def test_http_leaves_a_status_open_only_for_its_own_reason(
    target: str, path: str, operation: dict[str, Any], left_open: set[int]
) -> None:
    """Credentials, a path with names, an unclear request, and a few statuses of every server."""
    check = response_checks.status_is_documented
    document = contract(path, **operation)

    # 415 is for a request without a media type, too.
    every = {200, 415, *OPEN, *left_open}
    assert set(STATUSES) - noticed(check, document, target) == every


@pytest.mark.parametrize(("target", "excused"), [("/a", set()), ("/nowhere", {501, 505})])
def test_a_failure_of_the_server_begins_at_500(target: str, excused: set[int]) -> None:
    """Only what the document does not know may be answered as unknown to the server."""
    check = response_checks.status_fits_the_request
    method = "GET" if target == "/a" else "BREW"

    seen = noticed(check, contract(), target, method=method)
    assert seen == set(range(500, 600)) - excused
    assert found(contract(), 500)["status-fits-the-request"] == "500 that nobody asked for"


def expecting(*statuses: int, reason: str = "", **more: Any) -> Contract:
    """Return a contract whose rules expect these statuses of `GET /a`."""
    expected = Expected(frozenset(statuses), reason)
    return contract(knowledge=Knowledge(statuses={"GET /a": lambda *_: expected}, **more), methods="get post")


@pytest.mark.parametrize(
    ("statuses", "reason", "message"),
    [
        ((200,), "", "418 for a request that fits the document; expected 200"),
        ((299, 404), "", "418 for a request that fits the document; expected 299, 404"),
        ((300,), "", "418 for a request that breaks the document or its rules; expected 300"),
        ((199, 400), "", "418 for a request that breaks the document or its rules; expected 199, 400"),
        ((200,), "a request without a key", "418 for a request without a key; expected 200"),
    ],
)
def test_a_status_that_the_rules_do_not_expect_is_named_with_its_reason(
    statuses: tuple[int, ...], reason: str, message: str
) -> None:
    """What kind of request it was, and what was right for it."""
    document = expecting(*statuses, reason=reason)

    assert found(document, 418)["status-fits-the-request"] == message
    assert "status-fits-the-request" not in found(document, statuses[0])
    assert "status-fits-the-request" not in found(document, 418, method="POST")
    # HTTP lets any server say so of an unusual request.
    assert "status-fits-the-request" not in found(document, 406, asking={"accept": "text/css"})


@pytest.mark.parametrize(
    ("status", "is_judged"), [(404, False), (405, False), (403, True), (406, True), (400, True)]
)
def test_head_is_held_to_what_get_expects(status: int, is_judged: bool) -> None:
    """Where the server has HEAD at all; it may not have it."""
    assert ("status-fits-the-request" in found(expecting(200), status, method="HEAD")) is is_judged


@pytest.mark.parametrize(
    ("honours", "status", "is_found"),
    [(True, 503, False), (True, 500, True), (False, 500, False), (False, 503, False), (True, 418, True)],
)
def test_a_status_that_was_asked_for_is_expected(honours: bool, status: int, is_found: bool) -> None:
    """A server that does not know `Prefer` is not judged by it."""
    document = expecting(200, honours_prefer=honours)

    problems = found(document, status, asking={"prefer": "code=503"})
    assert ("status-fits-the-request" in problems) is is_found


def test_a_success_for_a_bad_request_is_found_once() -> None:
    """From 200 to 299, with the first fault; not where the status itself was asked for."""
    check = response_checks.bad_request_is_refused
    numbers = [named(name, "query", required=True) for name in ("b", "c")]
    document = contract(parameters=numbers)

    assert noticed(check, document) == set(range(200, 300))
    assert noticed(check, document, "/a?b=x&c=x") == set()
    assert noticed(check, document, method="PUT") == set()
    assert noticed(check, document, asking={"prefer": "code=200"}) == set()
    faults = [each for each in judge(exchange_of("/a"), document) if each.check == "bad-request-is-refused"]
    assert len(faults) == 1
    assert faults[0].message.startswith("200 although ")


def exchange_of(target: str) -> Exchange:
    return Exchange(Sent("GET", f"http://127.0.0.1{target}", target, {}, b""), Received(200, {}, b""))


@pytest.mark.parametrize(
    ("allow", "message"),
    [
        ("GET, post", None),
        ("GET,POST,OPTIONS", None),
        ("GET", "405 whose Allow lacks methods: POST"),
        ("PUT", "405 whose Allow lacks methods: GET, POST"),
        ("", "405 whose Allow lacks methods: GET, POST"),
    ],
)
def test_allow_names_every_method_of_the_path(allow: str, message: str | None) -> None:
    """More may stand there; and nothing else than a 405 needs it."""
    document = contract(methods="get post")

    name = "method-refusal-names-methods"
    assert found(document, 405, method="PUT", headers={"allow": allow}).get(name) == message
    assert name not in found(document, 404, method="PUT", headers={"allow": allow})
    nothing = found(document, 405, "/nowhere", method="PUT")
    assert nothing[name] == "405 whose Allow lacks methods: everything"
