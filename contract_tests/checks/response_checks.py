"""The promises that every answer must keep, one function each, in one visible list.

A promise takes an exchange and the contract and yields what is wrong, in words that hold no secret. All of
them judge all answers, whoever asked: the fuzzer, a test of a rule, the state machine.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from contract_tests.checks import inner_workings
from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.finding import Finding, finding
from contract_tests.checks.knowledge import Expected
from contract_tests.target.exchange import Exchange, Received, Sent

Promise = Callable[[Exchange, Received, Contract], Iterator[str]]
_MAX_PLAIN_BODY = 16 * 1024
_SLOWEST_ANSWER = 10.0


def judge(exchange: Exchange, contract: Contract) -> list[Finding]:
    """Every promise that this exchange breaks."""
    if exchange.received is None:
        return [finding("answers-whole", exchange, f"no whole answer: {exchange.failure}")]
    return [
        finding(promise.__name__.replace("_", "-"), exchange, message)
        for promise in (*PROMISES, *contract.knowledge.checks)
        for message in promise(exchange, exchange.received, contract)
    ]


def status_is_documented(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """A documented operation answers with a documented status; anything else with 404 or 405."""
    sent, status = exchange.sent, received.status
    operation = contract.find(sent.method, sent.path)
    if operation is None:
        if _is_of_http_itself(sent, received, contract):
            return
        wanted = 405 if contract.methods(sent.path) else 404
        if status != wanted:
            yield f"{status} where the document has no such operation; {wanted} was expected"
    elif status not in operation.responses and not _is_about_the_envelope(sent, status):
        yield f"{status} is not documented; documented are {_list(operation.responses)}"


def status_fits_the_request(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Bad input is refused with the status for bad input, good input is not, and nothing fails unasked."""
    sent, status = exchange.sent, received.status
    operation = contract.find(sent.method, sent.path)
    if sent.preferred_status is not None:
        if operation and sent.preferred_status in operation.responses and status != sent.preferred_status:
            yield f"{status} although Prefer asked for {sent.preferred_status}"
        return
    if operation is None and sent.method == "HEAD" and status != 405:
        operation = contract.find("GET", sent.path)
    expected = _expected(sent, operation, contract)
    if expected and status not in expected.statuses and not _is_about_the_envelope(sent, status):
        yield f"{status} for {_reason(expected)}; expected {_list(expected.statuses)}"
    elif status >= 500:
        yield f"{status} that nobody asked for"


def method_refusal_names_methods(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """A 405 carries Allow with the methods that there are (RFC 9110, section 15.5.6)."""
    if received.status != 405:
        return
    allowed = _allowed(received)
    missing = contract.methods(exchange.sent.path) - allowed
    if not allowed or missing:
        yield f"405 whose Allow lacks {_list(missing) or 'everything'}"


def content_type_is_documented(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """A documented answer says that it is JSON, and is."""
    if contract.response_schema(exchange, received) is None:
        return
    if received.content_type != "application/json":
        found = received.content_type or "missing"
        yield f"Content-Type of {received.status} is {found}: not application/json"
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", received.headers.get("content-type", ""), re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        yield f"Content-Type names the charset {charset[1]}: JSON is UTF-8 (RFC 8259, section 8.1)"
    try:
        received.json()
    except ValueError as error:
        yield f"body of {received.status} is not JSON: {type(error).__name__}, {len(received.body)} bytes"


def body_fits_the_schema(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """The body of a documented answer is valid under its schema, formats included."""
    schema = contract.response_schema(exchange, received)
    if schema is None:
        return
    try:
        body = received.json()
    except ValueError:
        return
    for complaint in contract.complaints(schema, body):
        yield f"body of {received.status} breaks its schema: {complaint}"


def nobody_learns_what_belongs_to_another(
    exchange: Exchange, received: Received, contract: Contract
) -> Iterator[str]:
    """An answer holds no secret or number of another client, an error no secret at all, in any form."""
    yield from exchange.shown


def secrets_stay_out_of_shared_caches(
    exchange: Exchange, received: Received, contract: Contract
) -> Iterator[str]:
    """An answer with a secret is not offered to caches that others use (RFC 9111, sections 3 and 5.2.2)."""
    names = contract.knowledge.secret_members
    if received.status >= 300 or not names or exchange.sent.preferred_status is not None:
        return
    if not any(f'"{name}"'.encode() in received.body for name in names):
        return
    directives = {
        part.strip().partition("=")[0].lower(): part.strip().partition("=")[2].strip('"')
        for part in received.headers.get("cache-control", "").split(",")
    }
    if {"private", "no-store", "no-cache"} & directives.keys():
        return
    fresh = any(directives.get(name, "0") not in ("", "0") for name in ("max-age", "s-maxage"))
    if "public" in directives or fresh:
        yield "an answer with a secret may be kept by shared caches"


def errors_hide_their_cause(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """An answer tells nothing of the inside of its server: no stack trace, and no password in an error."""
    sent = exchange.sent
    asked = "\n".join((unquote(sent.url), *sent.headers.values(), sent.body.decode("utf-8", "replace")))
    text = "\n".join((*received.headers.values(), received.body.decode("utf-8", "replace")))
    for language in inner_workings.traces(text, asked):
        yield f"an answer shows a stack trace or an error of {language}"
    if received.status >= 400:
        for place in inner_workings.passwords(received.body, asked, contract.text):
            yield f"an error shows a password {place}"


def answers_in_time(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """An answer takes less than ten seconds."""
    if exchange.seconds > _SLOWEST_ANSWER:
        yield f"took longer than {_SLOWEST_ANSWER:.0f} s"


PROMISES: tuple[Promise, ...] = (
    status_is_documented,
    status_fits_the_request,
    method_refusal_names_methods,
    content_type_is_documented,
    body_fits_the_schema,
    nobody_learns_what_belongs_to_another,
    secrets_stay_out_of_shared_caches,
    errors_hide_their_cause,
    answers_in_time,
)


def _expected(sent: Sent, operation: Operation | None, contract: Contract) -> Expected | None:
    """Return what the knowledge of the API expects of a request; None where nothing is written."""
    statuses = contract.knowledge.statuses.get(operation.label) if operation else None
    return statuses(sent, operation, contract) if statuses and operation else None


def _reason(expected: Expected) -> str:
    """In words, what kind of request expects these statuses."""
    if expected.reason:
        return expected.reason
    if any(200 <= status < 300 for status in expected.statuses):
        return "a request that fits the document"
    return "a request that breaks the document or its rules"


def is_plain_json(sent: Sent) -> bool:
    """A request whose body a server cannot refuse for its envelope: JSON by name, UTF-8, of usual size."""
    media_type, _, parameters = sent.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json" or len(sent.body) > _MAX_PLAIN_BODY:
        return False
    return "charset" not in parameters.lower() or "utf-8" in parameters.lower()


def _is_about_the_envelope(sent: Sent, status: int) -> bool:
    """Statuses of HTTP itself that any server may give to an unusual request (RFC 9110, section 15.5)."""
    if status == 406:
        return not re.search(r"\*/\*|application/(\*|json)", sent.headers.get("accept", "*/*"))
    if status == 413:
        return len(sent.body) > _MAX_PLAIN_BODY
    if status == 414:
        return len(sent.url) > 4096
    if status == 431:
        return sum(map(len, sent.headers.values())) > 4096
    return status == 415 and not is_plain_json(sent)


def _is_of_http_itself(sent: Sent, received: Received, contract: Contract) -> bool:
    """HEAD beside GET, and OPTIONS that names the methods, need no document (RFC 9110, section 9.3)."""
    methods = contract.methods(sent.path)
    if sent.method == "OPTIONS":
        return bool(methods) and received.status in (200, 204) and methods <= _allowed(received)
    got = contract.find("GET", sent.path)
    return sent.method == "HEAD" and got is not None and received.status in got.responses


def _allowed(received: Received) -> set[str]:
    """The methods that Allow names."""
    return {method.strip().upper() for method in received.headers.get("allow", "").split(",")} - {""}


def _list(items: Any) -> str:
    return ", ".join(str(item) for item in sorted(items))
