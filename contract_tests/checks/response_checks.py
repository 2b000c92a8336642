"""The checks that every answer must pass, one function each, in one visible list.

A check takes an exchange and the contract and yields what is wrong, in words that hold no secret. All of
them judge all answers, whoever asked: the fuzzer, a test of a rule, the state machine.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat

from contract_tests.checks import inner_workings
from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.finding import Finding, finding
from contract_tests.checks.knowledge import Expected
from contract_tests.checks.left_to_http import (
    allowed,
    is_about_the_envelope,
    is_before_the_application,
    is_left_to_http,
    is_of_http_itself,
)
from contract_tests.checks.operations import Response, covers, is_json, json_schema
from contract_tests.checks.requests import faults, is_doubtful, is_unclear, text_fits
from contract_tests.target.exchange import Exchange, Received, Sent

CheckFunction = Callable[[Exchange, Received, Contract], Iterator[str]]
_SLOWEST_ANSWER = 10.0
_HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
    r"[0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT"
)
_SECONDS = re.compile(r"[0-9]{1,10}")
_FORMS = {
    "date": (_HTTP_DATE,),
    "last-modified": (_HTTP_DATE,),
    "retry-after": (_SECONDS, _HTTP_DATE),
    "age": (_SECONDS,),
}
_NO_CONTENT = (204, 304)
# HTTP itself gives these a meaning, whatever a document says (RFC 9110, section 9.3).
_OF_EVERY_SERVER = ("HEAD", "OPTIONS", "TRACE")


def judge(exchange: Exchange, contract: Contract) -> list[Finding]:
    """Return a finding for each check that this exchange fails."""
    if exchange.received is None:
        return [finding("answers-whole", exchange, f"no whole answer: {exchange.failure}")]
    return [
        finding(check.__name__.replace("_", "-"), exchange, message)
        for check in (*CHECKS, *contract.knowledge.checks)
        for message in check(exchange, exchange.received, contract)
    ]


def status_is_documented(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that a documented operation answers with a documented status, and all else with a refusal."""
    sent, status = exchange.sent, received.status
    operation = contract.find(sent.method, sent.path)
    if operation is None:
        yield from _status_of_nothing(exchange, received, contract)
    elif operation.response(status) is None and not (
        is_about_the_envelope(sent, status, contract)
        or (not contract.knowledge.only_documented and _is_left_open(sent, status, operation, contract))
    ):
        yield f"{status} is not documented; documented are {', '.join(sorted(operation.answers))}"


def _status_of_nothing(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Judge the answer to a request for no documented operation."""
    sent, status, known = exchange.sent, received.status, contract.methods(exchange.sent.path)
    if is_of_http_itself(sent, received, contract) or is_left_to_http(exchange, received, contract):
        return
    if contract.knowledge.only_documented:
        wanted = "405 or 404" if known else "404"
        yield f"{status} where the document has no such operation; {wanted} was expected"
    elif 200 <= status < 300 and known and sent.method not in _OF_EVERY_SERVER:
        # A path that the document does not know may be another one of the server's.
        yield f"{status} for a method that the document does not have; it was to be refused"


def _is_left_open(sent: Sent, status: int, operation: Operation, contract: Contract) -> bool:
    """Return whether HTTP lets a server answer so, whatever the document says (RFC 9110, section 15)."""
    if status in (401, 403):
        # Some documents have their credentials as a parameter, which OpenAPI passes over.
        return bool(operation.security) or any(
            each.get("in") == "header" and each["name"].lower() == "authorization"
            for each in operation.parameters
        )
    if status == 404:
        return bool(operation.path_names)
    if status in (400, 422):
        return is_unclear(sent) or is_doubtful(sent, operation, contract)
    return status in (304, 405, 429, 501, 505)


def status_fits_the_request(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that bad input gets its status, that good input does not, and that nothing fails unasked."""
    sent, status = exchange.sent, received.status
    operation = contract.find(sent.method, sent.path)
    if sent.preferred_status is not None and (
        status == sent.preferred_status or not contract.knowledge.honours_prefer
    ):
        return
    if operation is None and sent.method == "HEAD" and status not in (404, 405):
        operation = contract.find("GET", sent.path)
    expected = _expected(sent, operation, contract)
    if expected and status not in expected.statuses and not is_about_the_envelope(sent, status, contract):
        yield f"{status} for {_reason(expected)}; expected {_list(expected.statuses)}"
    elif status >= 500 and not (status in (501, 505) and operation is None):
        yield f"{status} that nobody asked for"


def bad_request_is_refused(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that a request that the document does not allow gets no success."""
    sent = exchange.sent
    operation = contract.find(sent.method, sent.path)
    if operation is None or not 200 <= received.status < 300 or sent.preferred_status is not None:
        return
    for fault in faults(sent, operation, contract):
        yield f"{received.status} although {fault}"
        return


def method_refusal_names_methods(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that a 405 carries Allow with the path's methods (RFC 9110, section 15.5.6)."""
    if received.status != 405:
        return
    named = allowed(received)
    missing = contract.methods(exchange.sent.path) - named
    if not named or missing:
        yield f"405 whose Allow lacks methods: {_list(missing) or 'everything'}"


def content_type_is_documented(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that a documented answer has a documented media type, and that an answer named JSON is JSON."""
    response = _documented(exchange, received, contract)
    if response is None or not response.content or received.status in _NO_CONTENT:
        return
    if not any(covers(media, received.content_type) for media in response.content):
        found = received.content_type or "missing"
        yield f"Content-Type of {received.status} is {found}: not {' or '.join(response.content)}"
    if json_schema(response.content) is None or not _may_be_json(received, response):
        yield from _misnamed(received)
        return
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", received.headers.get("content-type", ""), re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        yield f"Content-Type names the charset {charset[1]}: JSON is UTF-8 (RFC 8259, section 8.1)"
    try:
        received.json()
    except ValueError as error:
        yield f"body of {received.status} is not JSON: {type(error).__name__}, {len(received.body)} bytes"


def _misnamed(received: Received) -> Iterator[str]:
    """Yield what an answer that is not JSON is not, though its media type says so."""
    if not received.body:
        return
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", received.headers.get("content-type", ""), re.IGNORECASE)
    if received.content_type.endswith(("/xml", "+xml")):
        try:
            named = codecs.lookup(charset[1]).name if charset else None
            expat.ParserCreate(named).Parse(received.body, True)
        except (ValueError, LookupError):
            pass  # a charset that is not known here
        except expat.ExpatError as error:
            yield f"body of {received.status} is not XML: {type(error).__name__}, {len(received.body)} bytes"
    elif received.content_type.startswith("text/") and charset:
        try:
            received.body.decode(charset[1])
        except UnicodeDecodeError:
            yield f"body of {received.status} is not text in {charset[1]}"
        except LookupError:
            pass  # a charset that is not known here


def _may_be_json(received: Received, response: Response) -> bool:
    """Return whether an answer has to be JSON: it says so, or the document knows nothing else for it."""
    return is_json(received.content_type) or all(is_json(media) for media in response.content)


def required_headers_are_there(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that a documented answer has the headers that the document requires, valid by their schemas."""
    response = _documented(exchange, received, contract)
    for name, header in response.headers.items() if response else ():
        value = received.headers.get(name.lower())
        if name.lower() == "content-type":
            continue  # the media types say it (OpenAPI, Response Object)
        if value is None:
            if header.get("required") is True:
                yield f"the header {name} of {received.status} is missing"
        elif isinstance(header.get("schema"), dict) and not text_fits(value, header["schema"], contract):
            yield f"the header {name} of {received.status} does not fit its schema"


def headers_of_http_are_well_formed(
    exchange: Exchange, received: Received, contract: Contract
) -> Iterator[str]:
    """Check that dates and waiting times in headers can be read (RFC 9110, sections 5.6.7 and 10.2.3)."""
    for name, forms in _FORMS.items():
        value = received.headers.get(name)
        if value is not None and not any(form.fullmatch(value.strip()) for form in forms):
            yield f"the header {name.title()} of {received.status} has a form that HTTP does not know"


def encoding_is_one_that_was_taken(
    exchange: Exchange, received: Received, contract: Contract
) -> Iterator[str]:
    """Check that content is compressed only for a caller that takes it so (RFC 9110, section 12.5.3)."""
    used = received.headers.get("content-encoding", "identity").strip().lower()
    wanted = exchange.sent.headers.get("accept-encoding")
    if wanted is None or used in ("", "identity"):
        return
    weights = {}
    for part in wanted.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = not re.fullmatch(r"q=0(\.0*)?", weight.replace(" ", ""))
    if not all(weights.get(each.strip(), weights.get("*", False)) for each in used.split(",")):
        yield f"Content-Encoding of {received.status} is one that Accept-Encoding does not take"


def empty_statuses_are_empty(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that 204 and 304 have no content (RFC 9110, section 6.4.1)."""
    if received.status in _NO_CONTENT and received.body:
        yield f"{received.status} has a body of {len(received.body)} bytes"


def _documented(exchange: Exchange, received: Received, contract: Contract) -> Response | None:
    operation = contract.find(exchange.sent.method, exchange.sent.path)
    if operation is None or exchange.sent.method == "HEAD":
        return None
    if is_before_the_application(exchange.sent, received.status):
        return None
    return operation.response(received.status)


def body_fits_the_schema(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that the body of a documented answer is valid under its schema, formats included."""
    response = _documented(exchange, received, contract)
    if response is None or received.status in _NO_CONTENT or not _may_be_json(received, response):
        return
    schema = next(
        (each for media, each in response.content.items() if media == received.content_type),
        json_schema(response.content),
    )
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
    """Check that an answer holds no secret or number of another client, and an error no secret at all."""
    yield from exchange.shown


def secrets_stay_out_of_shared_caches(
    exchange: Exchange, received: Received, contract: Contract
) -> Iterator[str]:
    """Check that an answer with a secret is not offered to shared caches (RFC 9111, sections 3 and 5.2.2)."""
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
    """Check that an answer shows nothing of the server's inside: no stack trace, no password in an error."""
    sent = exchange.sent
    asked = "\n".join((unquote(sent.url), *sent.headers.values(), sent.body.decode("utf-8", "replace")))
    body = received.body.decode("utf-8", "replace")
    # Within JSON a trace has its quotes and line ends escaped.
    text = "\n".join((*received.headers.values(), body, body.replace('\\"', '"').replace("\\n", "\n")))
    for language in inner_workings.traces(text, asked):
        yield f"an answer shows a stack trace or an error of {language}"
    if received.status >= 400:
        for place in inner_workings.passwords(received.body, asked, contract.text):
            yield f"an error shows a password {place}"


def answers_in_time(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Check that an answer takes less than ten seconds."""
    if exchange.seconds > _SLOWEST_ANSWER:
        yield f"took longer than {_SLOWEST_ANSWER:.0f} s"


CHECKS: tuple[CheckFunction, ...] = (
    status_is_documented,
    status_fits_the_request,
    bad_request_is_refused,
    method_refusal_names_methods,
    content_type_is_documented,
    required_headers_are_there,
    headers_of_http_are_well_formed,
    encoding_is_one_that_was_taken,
    empty_statuses_are_empty,
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
    """Return in words which kind of request expects these statuses."""
    if expected.reason:
        return expected.reason
    if any(200 <= status < 300 for status in expected.statuses):
        return "a request that fits the document"
    return "a request that breaks the document or its rules"


def _list(items: Any) -> str:
    return ", ".join(str(item) for item in sorted(items))
