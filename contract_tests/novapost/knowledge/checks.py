"""Checks of each answer that only Nova Post's rules tell, and the statuses that the rules leave open."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from contract_tests.checks.knowledge import Expected
from contract_tests.checks.left_to_http import is_before_the_application, is_plain_json
from contract_tests.checks.operations import Document, Operation
from contract_tests.principles import jwt_form
from contract_tests.target.dates import parse_date
from contract_tests.target.exchange import SHORTEST_SECRET, Exchange, Received, Sent, strict_json

# Clocks differ and requests take time. Two minutes is more than either, and far less than a day.
ALLOWANCE = timedelta(minutes=2)
KEYS = "/test-api-keys"
TOKENS = "/clients/authorization"
_KEY = re.compile(r"[!-~]{1,512}")
_NO_KEY = "a request without a key"


def error_says_so(exchange: Exchange, received: Received, contract: Document) -> Iterator[str]:
    """Check that an error is no success and gives reasons, each a text that is not empty."""
    if received.status < 400 or contract.response_schema(exchange, received) is None:
        return
    if is_before_the_application(exchange.sent, received.status):
        return
    body = _object(received)
    if body.get("success", False) is not False:
        yield f"success of {received.status} is not false"
    errors = body.get("errors")
    reasons = errors.values() if isinstance(errors, dict) else errors
    if not reasons or not all(isinstance(reason, str) and reason.strip() for reason in reasons):
        yield f"errors of {received.status} give no reason"


def dates_make_sense(exchange: Exchange, received: Received, contract: Document) -> Iterator[str]:
    """Check that createdAt and expDate are RFC 3339 with an offset, in their order and not in the future."""
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


def given_key_is_active(exchange: Exchange, received: Received, contract: Document) -> Iterator[str]:
    """Check that a key that is given out is Active: an expired one must be reactivated first."""
    body = _key_answer(exchange, received)
    if body is not None and exchange.sent.preferred_status is None and body.get("status") == "Expired":
        yield "the key that was given is Expired: rule expired-reactivated"


def key_is_not_an_echo(exchange: Exchange, received: Received, contract: Document) -> Iterator[str]:
    """Check that a key contains neither its phone nor white space."""
    body = _key_answer(exchange, received)
    if body is None or not isinstance(body.get("apiKey"), str):
        return
    phone = _object_of(exchange.sent.body).get("phone")
    if isinstance(phone, str) and len(phone) >= 8 and phone in body["apiKey"]:
        yield "the key contains the phone"
    if body["apiKey"] != body["apiKey"].strip() or not body["apiKey"].isprintable():
        yield "the key has white space or control characters"


def jwt_lasts_an_hour(exchange: Exchange, received: Received, contract: Document) -> Iterator[str]:
    """Check that the token is a signed JWT (RFC 7519) that is good for one hour from now."""
    if exchange.sent.path != TOKENS or received.status != 200:
        return
    if exchange.sent.preferred_status is not None:
        return
    jwt = _object(received).get("jwt")
    if not isinstance(jwt, str) or jwt.count(".") != 2:
        return  # the schema's pattern has said so already
    header, claims = jwt_form.parts_of(jwt)
    yield from jwt_form.faults(header, claims)
    if claims is None:
        return
    issued, begins, expires = (jwt_form.number(claims.get(name)) for name in ("iat", "nbf", "exp"))
    if issued is not None and exchange.asked_at is not None and _until(issued, exchange) > ALLOWANCE:
        yield "jwt was issued in the future by its own claims (iat): libraries refuse it"
    if begins is not None and exchange.asked_at is not None and _until(begins, exchange) > ALLOWANCE:
        yield "jwt is not good yet: nbf lies in the future"
    if expires is None:
        yield "jwt does not say when it ends (exp): nobody can hold it to one hour"
        return
    if issued is not None and abs(expires - issued - 3600) > 1:
        yield f"jwt is good for {expires - issued:.0f} s by its own claims: not one hour"
    if exchange.asked_at is not None:
        left = _until(expires, exchange)
        if abs(left - timedelta(hours=1)) > ALLOWANCE:
            yield f"jwt runs out in {left.total_seconds():.0f} s: not in one hour"


def error_repeats_no_key(exchange: Exchange, received: Received, contract: Document) -> Iterator[str]:
    """Check that an error shows no API key and no token, neither its own nor an earlier one."""
    if received.status < 400:
        return
    for name, value in exchange.sent.query:
        if name.lower() == "apikey" and len(value) >= SHORTEST_SECRET and received.shows(value):
            yield f"the error {received.status} repeats the API key"
    for secret in exchange.secrets:
        if received.shows(secret):
            yield f"the error {received.status} shows a key or token that was given before"
            return


def phone_of(sent: Sent) -> str | None:
    """Return the phone that a request for a key names."""
    phone = sent.json_object().get("phone") if sent.path == KEYS else None
    return phone if isinstance(phone, str) else None


def owner_of(sent: Sent, owner: Callable[[str], str | None]) -> str | None:
    """Return the phone of the client that asks: named in the body, or that of the key in the query."""
    if sent.path == KEYS:
        return phone_of(sent)
    # Which of several keys counts is not written; where all that are known are one client's, it is that one.
    owners = {owner(value) for name, value in sent.query if name == "apiKey"} - {None}
    return owners.pop() if len(owners) == 1 else None


def refusals(
    rules: Mapping[str, Mapping[str, Any]], operation: str, phone: str
) -> tuple[frozenset[int], bool]:
    """Return the statuses with which an operation may refuse a well-formed phone, and whether it must."""
    of_operation = [rule for rule in rules.values() if rule.get("refuses") == operation]
    always = [rule for rule in of_operation if "phones" in rule and re.search(rule["phones"], phone)]
    sometimes = [rule for rule in of_operation if "phones" not in rule]
    found = {status for rule in always or sometimes for status in rule["status"] if status >= 400}
    # Nothing says which refusal comes first where such a phone is not registered either.
    return frozenset(found | {404} if always else found), bool(always)


def statuses_of_key_request(
    sent: Sent, operation: Operation, contract: Document, *, rules: Mapping[str, Mapping[str, Any]]
) -> Expected | None:
    """Return the statuses that a request for a key may get, or None if that is unknown."""
    if not is_plain_json(sent):
        return None
    if json.detect_encoding(sent.body) != "utf-8":
        # Many readers guess the encoding, and a reader may ignore a mark in front (RFC 8259, section 8.1).
        return None
    try:
        body = strict_json(sent.body)
    except ValueError as error:
        # Which of two equal keys counts is not written anywhere, so nothing is expected of it.
        return None if "twice" in str(error) else Expected(frozenset({400}))
    if contract.complaints(operation.body, body):
        return Expected(frozenset({400}))
    phone = body.get("phone") if isinstance(body, dict) else None
    refused, is_certain = refusals(rules, operation.label, phone if isinstance(phone, str) else "")
    return Expected(refused if is_certain else refused | {200})


def statuses_of_token_request(sent: Sent, operation: Operation, contract: Document) -> Expected | None:
    """Return the statuses that a request for a token may get, or None if that is unknown."""
    keys = [value for name, value in sent.query if name == "apiKey"]
    if len(keys) > 1 or sent.body:
        return None
    key = "".join(keys)
    if not key:
        return Expected(frozenset({422}), _NO_KEY)
    if not _KEY.fullmatch(key):
        # No key can look like this, and which status says so is not written.
        return Expected(frozenset({401, 422}), _NO_KEY)
    # A server may refuse parameters that it does not know.
    is_plain = is_plain_key(key) and all(name == "apiKey" for name, _ in sent.query)
    return Expected(frozenset({200, 401} if is_plain else {200, 401, 422}))


def is_plain_key(text: str) -> bool:
    """Return whether a text has the characters of keys alone, so that 422 would be wrong of it.

    Which characters a key has is not written; letters and digits are every key's.
    """
    return text.isascii() and text.isalnum()


def _key_answer(exchange: Exchange, received: Received) -> dict[str, Any] | None:
    if exchange.sent.path != KEYS or exchange.sent.method != "POST" or received.status != 200:
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


def _until(seconds: float, exchange: Exchange) -> timedelta:
    """Return how long it is from the question to a moment in seconds since 1970."""
    assert exchange.asked_at is not None
    return datetime.fromtimestamp(min(max(seconds, 0), 2**33), UTC) - exchange.asked_at
