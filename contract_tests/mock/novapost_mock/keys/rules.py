"""The rules that the schema cannot express: one function for each, in the order in which the mock asks them.

If a request breaks two rules, the first of them answers. Nobody has seen which rule the real sandbox asks
first, so the order is ours; the places say so. No text repeats a value of the request.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from novapost_mock.document.operation import Operation
from novapost_mock.keys.lifecycle import ISSUING, Action, Client, is_same_day_or_later
from novapost_mock.keys.settings import Readings
from novapost_mock.schemas.violation import Violation

PHONE = re.compile(r"[1-9][0-9]{7,14}", re.ASCII)
"""The reading of rule phone-format: E.164 without the plus. To be matched in full."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """The refusal of a request by a rule.

    Attributes:
        rule: the id in openapi/rules.toml, or body-readable, which comes before all of them.
        status: the HTTP status.
        text: the text for the caller.
    """

    rule: str
    status: int
    text: str


# The vendor publishes these texts elsewhere; for the other rules no text is known and ours stand in.
CLIENT_NOT_FOUND = Rejection("registered-phone", 404, "Client not found")
SEVERAL_CLIENTS = Rejection("registered-phone", 409, "Multiple matching clients found")
DAILY_LIMIT = Rejection("daily-limit", 429, "Daily limit reached")
INVALID_PHONE = Rejection("phone-format", 400, "Invalid phone format")
UA_UNSUPPORTED = Rejection("ua-unsupported", 400, "UA key generation is currently not supported")
NO_KEY = Rejection("jwt", 422, "Missing required parameter: apiKey")
SEVERAL_KEYS = Rejection("jwt", 422, "Parameter given more than once: apiKey")
INVALID_KEY = Rejection("jwt", 422, "Invalid apiKey format")
# One text for all three, so that an answer does not tell which keys once existed. The property name is the
# empty one that the document publishes for `Error`.
KEY_NOT_GOOD = Rejection("jwt", 401, "The API key is unknown, expired or deleted")

TYPICAL: dict[tuple[str, int], Rejection] = {
    ("createTestApiKey", 400): INVALID_PHONE,
    ("createTestApiKey", 404): CLIENT_NOT_FOUND,
    ("createTestApiKey", 409): SEVERAL_CLIENTS,
    ("createTestApiKey", 429): DAILY_LIMIT,
    ("authorizeClient", 401): KEY_NOT_GOOD,
    ("authorizeClient", 422): NO_KEY,
}
"""The rejection that stands for a status when a caller asks for the status itself (`Prefer: code=404`)."""


class KeyRequest(NamedTuple):
    """The input of the rules for a request: the JSON body, and the operation."""

    operation: Operation
    body: Any


class KeyContext(NamedTuple):
    """The input of the rules for a client: the client, the time, and the effect by the table of the life."""

    client: Client
    action: Action
    now: datetime
    readings: Readings


class TokenRequest(NamedTuple):
    """The input of the rules of the JWT call.

    Attributes:
        values: the values of apiKey, in order.
        fits: whether the first of them fits the parameter's schema.
        client: the client that has this key now, if any.
        now: the time of the call, in UTC.
    """

    values: Sequence[str]
    fits: bool
    client: Client | None
    now: datetime


Subject = TypeVar("Subject")
Rule = Callable[[Subject], Rejection | None]


def first_rejection(rules: Iterable[Rule[Subject]], subject: Subject) -> Rejection | None:
    """Ask rules in their order, and return the first rejection, or None if no rule rejects."""
    for rule in rules:
        rejection = rule(subject)
        if rejection is not None:
            return rejection
    return None


def phone_format(request: KeyRequest) -> Rejection | None:
    """Rule phone-format and the rest of the body's shape: as the document has it, 400."""
    shape = request.operation.body
    violations = [] if shape is None else shape.violations(request.body)
    return Rejection("phone-format", 400, shape_text(violations)) if violations else None


def ua_unsupported(request: KeyRequest) -> Rejection | None:
    """Rule ua-unsupported: a phone with the country code 380 gets no key here, 400."""
    return UA_UNSUPPORTED if request.body["phone"].startswith("380") else None


def phone_is_registered(context: KeyContext) -> Rejection | None:
    """Rule registered-phone, first half: no client has the phone, 404."""
    return CLIENT_NOT_FOUND if context.client.matches == 0 else None


def phone_is_unambiguous(context: KeyContext) -> Rejection | None:
    """Rule registered-phone, second half: several clients have the phone, 409."""
    return SEVERAL_CLIENTS if context.client.matches > 1 else None


def daily_limit(context: KeyContext) -> Rejection | None:
    """Rule daily-limit: one request per phone and day, 429, under the reading that is set.

    What counts belongs to the phone, so neither a cleanup nor a new registration gives a second one.
    """
    if context.readings.daily_limit == "strict":
        last = context.client.answered_at
    elif context.action in ISSUING:
        last = context.client.issued_at
    else:
        return None
    used = last is not None and is_same_day_or_later(last, context.now, context.readings)
    return DAILY_LIMIT if used else None


def key_is_given(request: TokenRequest) -> Rejection | None:
    """Rule jwt: there is an apiKey and it is not empty, 422."""
    return None if any(request.values) else NO_KEY


def key_is_given_once(request: TokenRequest) -> Rejection | None:
    """Rule jwt: there is one apiKey and not several, 422. Assumed; a server may as well take one of them."""
    return SEVERAL_KEYS if len(request.values) > 1 else None


def key_fits(request: TokenRequest) -> Rejection | None:
    """Rule jwt: the apiKey is as the document describes it, 422."""
    return None if request.fits else INVALID_KEY


def key_is_active(request: TokenRequest) -> Rejection | None:
    """Rule jwt: only an Active key buys a token, 401."""
    key = None if request.client is None else request.client.key
    return None if key is not None and key.is_active(request.now) else KEY_NOT_GOOD


# POST /test-api-keys, from top to bottom. Before these, a body that cannot be read gets its 400.
# Assumed, all of it: what the request alone decides comes before what needs the Client Portal, so an
# unregistered Ukrainian phone gets 400 and not 404; and the limit comes last, so an ambiguous phone gets 409
# although its day is used up.
KEY_RULES_OF_REQUEST: Sequence[Rule[KeyRequest]] = (phone_format, ua_unsupported)
KEY_RULES_OF_CLIENT: Sequence[Rule[KeyContext]] = (phone_is_registered, phone_is_unambiguous, daily_limit)


# GET /clients/authorization, from top to bottom. Assumed: the page names the statuses and no order. A key
# that is missing, given twice or malformed is told as such (422) before anybody looks whether it is known.
JWT_RULES: Sequence[Rule[TokenRequest]] = (key_is_given, key_is_given_once, key_fits, key_is_active)

_PLAIN_NAME = re.compile(r"[A-Za-z_-]{1,30}")


def shape_text(violations: Sequence[Violation]) -> str:
    """Put what is wrong with a body's shape into the vendor's words.

    Of several faults one is told. Assumed order: not an object, something missing, something malformed,
    something that does not belong.
    """
    wrong_type = [v for v in violations if not v.path and not v.names]
    missing = [name for v in violations if v.keyword == "required" for name in v.names]
    malformed = [v.path[0] for v in violations if v.path]
    unexpected = [name for v in violations if v.keyword == "additionalProperties" for name in v.names]
    if wrong_type:
        return "Request body must be a JSON object"
    if missing:
        return f"Missing required parameter: {missing[0]}"
    if malformed:
        return f"Invalid {_masked_name(malformed[0], 'parameter')} format"
    return (
        f"Unexpected parameter: {_masked_name(unexpected[0], 'name not shown')}"
        if unexpected
        else "Invalid body"
    )


def _masked_name(name: str, otherwise: str) -> str:
    # A property name is the caller's own text and could be a phone or a key: only one that consists of
    # letters is repeated.
    return name if _PLAIN_NAME.fullmatch(name) else otherwise


SENTENCES: Mapping[str, Mapping[str, str]] = {
    "registered-phone": {
        "en": "The phone must be registered by exactly one client.",
        "uk": "Телефон має бути зареєстрований рівно в одного клієнта.",
    },
    "phone-format": {
        "en": "A phone consists of digits: the country code first, no plus.",
        "uk": "Телефон – це цифри з кодом країни, без плюса.",
    },
    "ua-unsupported": {
        "en": "Ukrainian numbers get no key here.",
        "uk": "Для українських номерів ключів тут немає.",
    },
    "same-day-same-key": {
        "en": "Asking again on the same day returns the same key.",
        "uk": "Повторний запит того самого дня повертає той самий ключ.",
    },
    "later-day-renews": {
        "en": "Asking on a later day returns the same key and extends it.",
        "uk": "Запит іншого дня повертає той самий ключ і продовжує його.",
    },
    "expired-reactivated": {
        "en": "The key had expired. Asking again reactivates it.",
        "uk": "Термін дії ключа минув. Повторний запит активує його знову.",
    },
    "cleaned-new": {
        "en": "A cleanup deleted the key. Asking again returns a new key.",
        "uk": "Очищення видалило ключ. Повторний запит повертає новий ключ.",
    },
    "one-active": {
        "en": "A phone has at most one active key. This is its first key.",
        "uk": "Телефон має щонайбільше один активний ключ. Це його перший ключ.",
    },
    "daily-limit": {
        "en": "Each phone gets at most one new key per day.",
        "uk": "Кожен телефон отримує щонайбільше один новий ключ на день.",
    },
    "day": {
        "en": "A day ends at midnight.",
        "uk": "День закінчується опівночі.",
    },
    "validity": {
        "en": "A key is valid for one year, until the end of the last day.",
        "uk": "Ключ діє один рік, до кінця останнього дня.",
    },
    "sandbox-only": {
        "en": "This operation exists only outside production.",
        "uk": "Операція є лише поза продакшн-середовищем.",
    },
    "public": {
        "en": "This operation needs no authorisation.",
        "uk": "Операція не потребує авторизації.",
    },
    "jwt": {
        "en": "An active key can get a JWT, which is valid for one hour.",
        "uk": "З активним ключем можна отримати JWT, який діє одну годину.",
    },
    "time-out": {
        "en": "The portal behind the API did not answer.",
        "uk": "Портал за цим API не відповів.",
    },
}
"""How the console tells a reader of each language which rule decided: what the rule says, in one sentence."""
