"""The promises that every answer must keep, one function each, in one visible list.

A promise takes an exchange and the contract and yields what is wrong, in words that hold no secret. All of
them judge all answers, whoever asked: the fuzzer, a test of a rule, the state machine.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.finding import Finding, finding
from contract_tests.target.exchange import Exchange, Received, Sent, strict_json

Promise = Callable[[Exchange, Received, Contract], Iterator[str]]
# Shorter ones may stand in any text by chance.
SHORTEST_SECRET = 12

# Clocks differ and requests take time. Two minutes is more than either, and far less than a day.
ALLOWANCE = timedelta(minutes=2)
# RFC 3339, section 5.6: a date-time has a full date, a time, and "Z" or an offset.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_KEY = re.compile(r"[!-~]{1,512}")
_MAX_PLAIN_BODY = 16 * 1024
_SLOWEST_ANSWER = 10.0


def judge(exchange: Exchange, contract: Contract) -> list[Finding]:
    """Every promise that this exchange breaks."""
    if exchange.received is None:
        return [finding("answers-whole", exchange, f"no whole answer: {exchange.failure}")]
    return [
        finding(promise.__name__.replace("_", "-"), exchange, message)
        for promise in PROMISES
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
    if expected is not None and status not in expected and not _is_about_the_envelope(sent, status):
        yield f"{status} for {expected_reason(sent, expected)}; expected {_list(expected)}"
    elif status >= 500:
        yield f"{status} that nobody asked for"


def expected_reason(sent: Sent, expected: frozenset[int]) -> str:
    """In words, what kind of request expects these statuses."""
    if expected & {200}:
        return "a request that fits the document"
    if sent.method == "GET":
        return "a request without a key"
    return "a request that breaks the document or its rules"


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
    if _documented_schema(exchange, received, contract) is None:
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
    schema = _documented_schema(exchange, received, contract)
    if schema is None:
        return
    try:
        body = received.json()
    except ValueError:
        return
    for complaint in contract.complaints(schema, body):
        yield f"body of {received.status} breaks its schema: {complaint}"


def error_says_so(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """An error is no success and gives at least one reason, each a text that says something."""
    if received.status < 400 or _documented_schema(exchange, received, contract) is None:
        return
    body = _object(received)
    if body.get("success", False) is not False:
        yield f"success of {received.status} is not false"
    errors = body.get("errors")
    reasons = errors.values() if isinstance(errors, dict) else errors
    if not reasons or not all(isinstance(reason, str) and reason.strip() for reason in reasons):
        yield f"errors of {received.status} give no reason"


def dates_make_sense(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """createdAt and expDate are RFC 3339 with an offset; created not in the future, expiring after that."""
    body = _key_answer(exchange, received)
    if body is None:
        return
    moments: dict[str, datetime] = {}
    for name in ("createdAt", "expDate"):
        moment = parse_date(body.get(name))
        if moment is None:
            yield f"{name} is not a date-time with an offset (RFC 3339)"
        else:
            moments[name] = moment
    if len(moments) < 2 or exchange.sent.preferred_status is not None:
        return
    if moments["expDate"] <= moments["createdAt"]:
        yield "expDate is not after createdAt"
    now = exchange.asked_at
    if now is None:
        return
    if moments["createdAt"] > now + ALLOWANCE:
        yield "createdAt lies in the future"
    if body.get("status") == "Active" and moments["expDate"] <= now - ALLOWANCE:
        yield "an Active key whose expDate has passed"


def given_key_is_active(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """Whoever asks for a key gets one that works: an expired one is reactivated, not handed out."""
    body = _key_answer(exchange, received)
    if body is not None and exchange.sent.preferred_status is None and body.get("status") == "Expired":
        yield "the key that was given is Expired: rule expired-reactivated"


def key_is_not_an_echo(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """A key is opaque: it does not contain the phone that it is for, nor white space."""
    body = _key_answer(exchange, received)
    if body is None or not isinstance(body.get("apiKey"), str):
        return
    phone = _object_of(exchange.sent.body).get("phone")
    if isinstance(phone, str) and len(phone) >= 8 and phone in body["apiKey"]:
        yield "the key contains the phone"
    if body["apiKey"] != body["apiKey"].strip() or not body["apiKey"].isprintable():
        yield "the key has white space or control characters"


def jwt_lasts_an_hour(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """The JWT is a JWT (RFC 7519) and, where it says so itself, good for one hour from now."""
    if exchange.sent.path != "/clients/authorization" or received.status != 200:
        return
    if exchange.sent.preferred_status is not None:
        return
    jwt = _object(received).get("jwt")
    parts = jwt.split(".") if isinstance(jwt, str) else []
    if len(parts) != 3:
        return  # the schema's pattern has said so already
    header, claims = (_object_or_none(_base64(part)) for part in parts[:2])
    if header is None or not isinstance(header.get("alg"), str):
        yield "jwt has no header that names an algorithm: not a JWT (RFC 7519)"
    if claims is None:
        yield "jwt holds no claims, which are a JSON object: not a JWT (RFC 7519, section 7.2)"
        return
    for name in ("iat", "nbf", "exp"):
        if name in claims and _number(claims[name]) is None:
            yield f"{name} of the jwt is no number (RFC 7519, section 4.1)"
    issued, begins, expires = (_number(claims.get(name)) for name in ("iat", "nbf", "exp"))
    if begins is not None and exchange.asked_at is not None and _until(begins, exchange) > ALLOWANCE:
        yield "jwt is not good yet: nbf lies in the future"
    if expires is None:
        return
    if issued is not None and abs(expires - issued - 3600) > 1:
        yield f"jwt is good for {expires - issued:.0f} s by its own claims: not one hour"
    if exchange.asked_at is not None:
        left = _until(expires, exchange)
        if abs(left - timedelta(hours=1)) > ALLOWANCE:
            yield f"jwt runs out in {left.total_seconds():.0f} s: not in one hour"


def error_repeats_no_key(exchange: Exchange, received: Received, contract: Contract) -> Iterator[str]:
    """An error never shows an API key or a token: neither the one it is about nor one given before."""
    if received.status < 400:
        return
    for name, value in exchange.sent.query:
        if name.lower() == "apikey" and len(value) >= SHORTEST_SECRET and received.shows(value):
            yield f"the error {received.status} repeats the API key"
    for secret in exchange.secrets:
        if received.shows(secret):
            yield f"the error {received.status} shows a key or token that was given before"
            return


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
    error_says_so,
    dates_make_sense,
    given_key_is_active,
    key_is_not_an_echo,
    jwt_lasts_an_hour,
    error_repeats_no_key,
    answers_in_time,
)


def parse_date(value: Any) -> datetime | None:
    """The moment that an RFC 3339 date-time names, or None if the text is not one."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        return None
    try:
        # More than six digits after the second are more than Python keeps.
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper()))
    except ValueError:
        return None


def _expected_of_key_request(sent: Sent, operation: Operation, contract: Contract) -> frozenset[int] | None:
    if not _is_plain_json(sent):
        return None
    try:
        body = strict_json(sent.body)
    except UnicodeDecodeError:
        # Readers that guess the encoding are many; what they take is JSON all the same.
        return frozenset({400}) if json.detect_encoding(sent.body) == "utf-8" else None
    except ValueError as error:
        # Which of two equal keys counts is not written anywhere, so nothing is expected of it.
        return None if "twice" in str(error) else frozenset({400})
    if contract.complaints(operation.body, body):
        return frozenset({400})
    phone = body.get("phone") if isinstance(body, dict) else None
    if isinstance(phone, str) and phone.startswith("380"):
        # Rule ua-unsupported. Nothing says which comes first where the phone is not registered either.
        return frozenset({400, 404})
    return frozenset({200, 404, 409, 429})


def _expected_of_authorization(sent: Sent, operation: Operation, contract: Contract) -> frozenset[int] | None:
    keys = [value for name, value in sent.query if name == "apiKey"]
    if len(keys) > 1 or sent.body:
        return None
    if keys and keys[0] and not _KEY.fullmatch(keys[0]):
        return frozenset({401, 422})  # no key can look like this, and which status says so is not written
    return frozenset({200, 401}) if keys and keys[0] else frozenset({422})


# Which statuses the rules leave open for a request, by operation; None where nothing is written.
_EXPECTED: dict[str, Callable[[Sent, Operation, Contract], frozenset[int] | None]] = {
    "createTestApiKey": _expected_of_key_request,
    "authorizeClient": _expected_of_authorization,
}


def _expected(sent: Sent, operation: Operation | None, contract: Contract) -> frozenset[int] | None:
    if operation is None or operation.operation_id not in _EXPECTED:
        return None
    return _EXPECTED[operation.operation_id](sent, operation, contract)


def _is_plain_json(sent: Sent) -> bool:
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
    return status == 415 and not _is_plain_json(sent)


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


def _documented_schema(exchange: Exchange, received: Received, contract: Contract) -> Any:
    operation = contract.find(exchange.sent.method, exchange.sent.path)
    return operation.responses.get(received.status) if operation else None


def _key_answer(exchange: Exchange, received: Received) -> dict[str, Any] | None:
    if exchange.sent.path != "/test-api-keys" or received.status != 200:
        return None
    return _object(received)


def _object(received: Received) -> dict[str, Any]:
    return _object_of(received.body)


def _object_of(content: bytes) -> dict[str, Any]:
    return _object_or_none(content) or {}


def _object_or_none(content: bytes) -> dict[str, Any] | None:
    try:
        value = strict_json(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _base64(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _until(seconds: float, exchange: Exchange) -> timedelta:
    """How long it is from the question to a moment in seconds since 1970."""
    assert exchange.asked_at is not None
    return datetime.fromtimestamp(min(max(seconds, 0), 2**33), UTC) - exchange.asked_at


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _list(items: Any) -> str:
    return ", ".join(str(item) for item in sorted(items))
