"""The operations of the sandbox, answered by the rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from novapost_mock.document.operation import Operation
from novapost_mock.keys.clock import write_moment
from novapost_mock.keys.lifecycle import Client, Event, Key, after, life, situation
from novapost_mock.keys.rules import (
    JWT_RULES,
    KEY_RULES_OF_CLIENT,
    KEY_RULES_OF_REQUEST,
    KeyContext,
    KeyRequest,
    Rejection,
    TokenRequest,
    first_rejection,
)
from novapost_mock.keys.settings import Readings
from novapost_mock.keys.store import Store
from novapost_mock.keys.tokens import TokenSource
from novapost_mock.messages import SHORT, Request
from novapost_mock.responses.json_body import BodyError, read_json

REMEMBERED_OUTCOMES = 10_240
"""Of how many keys the answer is remembered: of all that there can be, which takes 13 MB."""

REMEMBERED_BODIES = 10_240
"""Of how many short bodies it is remembered what they ask for: one for each client there can be, in 5 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A granted answer.

    Attributes:
        status: the HTTP status.
        body: the JSON body; nobody changes it.
        rule: the rule that granted it.
        lasts: the same object is given again as long as the answer is the same, so that what was found out
            about it, such as that it fits the document, may be remembered.
    """

    status: int
    body: Any
    rule: str = "schema"
    lasts: bool = False


class Call(NamedTuple):
    """A request with its operation and its time."""

    operation: Operation
    request: Request
    now: datetime


@dataclass(frozen=True)
class Sandbox:
    """The data of the operations.

    Attributes:
        store: the state of every phone.
        readings: the readings of the rules.
        tokens: makes keys and tokens.
        outcomes: what was answered for a key, by the key, whether it is Active, and the rule: most
            requests of a busy client get the same answer as the one before.
        phones: what short bodies ask for, by their content types and their bytes.
    """

    store: Store
    readings: Readings
    tokens: TokenSource
    outcomes: dict[tuple[Key, bool, str], Outcome] = field(default_factory=dict, repr=False, compare=False)
    phones: dict[tuple[bytes, tuple[str, ...]], str | Rejection] = field(
        default_factory=dict, repr=False, compare=False
    )

    def create_test_api_key(self, call: Call) -> Outcome | Rejection:
        """Answer POST /test-api-keys: create, repeat, renew or reactivate the key of a phone."""
        phone = self._requested_phone(call)
        if isinstance(phone, Rejection):
            return phone
        return self.store.change(phone, lambda client: self._decide(client, call.now))

    def _requested_phone(self, call: Call) -> str | Rejection:
        """Return the phone that a request asks for, or how it is refused: what the request alone decides.

        The same bytes always ask for the same, so short ones are looked at once.
        """
        body = call.request.body
        kinds = tuple(call.request.header_values("content-type"))
        if len(body) > SHORT or sum(map(len, kinds)) > SHORT:
            return _read_phone(call)
        question = (body, kinds)
        phone = self.phones.get(question)
        if phone is None:
            if len(self.phones) >= REMEMBERED_BODIES:
                self.phones.clear()
            phone = self.phones[question] = _read_phone(call)
        return phone

    def _decide(self, client: Client, now: datetime) -> tuple[Client, Outcome | Rejection]:
        row = life(self.readings)[situation(client, now, self.readings), Event.ASKED]
        rejection = first_rejection(KEY_RULES_OF_CLIENT, KeyContext(client, row.action, now, self.readings))
        if rejection is not None:
            return client, rejection
        client = after(row.action, client, now, self.readings, self._new_key)
        assert client.key is not None  # whatever the table does when asked, a key is there afterwards
        return client, self._outcome(client.key, now, row.rule)

    def _new_key(self) -> str:
        return self.tokens.api_key(self.readings.key_length)

    def _outcome(self, key: Key, now: datetime, rule: str) -> Outcome:
        state = (key, key.is_active(now), rule)
        outcome = self.outcomes.get(state)
        if outcome is None:
            if len(self.outcomes) >= REMEMBERED_OUTCOMES:
                self.outcomes.clear()
            outcome = self.outcomes[state] = Outcome(200, self._key_body(key, now), rule, lasts=True)
        return outcome

    def _key_body(self, key: Key, now: datetime) -> dict[str, str]:
        return {
            "apiKey": key.api_key,
            "createdAt": write_moment(key.created_at, self.readings.created_digits),
            "expDate": write_moment(key.exp_date, self.readings.expiry_digits),
            "status": "Active" if key.is_active(now) else "Expired",
        }

    def authorize_client(self, call: Call) -> Outcome | Rejection:
        """Answer GET /clients/authorization: a token for an Active key. Changes nothing."""
        values = call.request.parameter_values("apiKey")
        given = values[0] if len(values) == 1 else ""
        client = self.store.owner(given)
        fits = call.operation.parameters["apiKey"].accepts(given)
        rejection = first_rejection(JWT_RULES, TokenRequest(values, fits, client, call.now))
        if rejection is not None:
            return rejection
        assert client is not None  # key_is_active saw to it
        return Outcome(200, {"jwt": self.tokens.jwt(client.phone, call.now)}, "jwt")


def _read_phone(call: Call) -> str | Rejection:
    try:
        body = read_json(call.request)
    except BodyError as error:
        return Rejection("body-readable", 400, error.reason)
    rejection = first_rejection(KEY_RULES_OF_REQUEST, KeyRequest(call.operation, body))
    return rejection if rejection is not None else str(body["phone"])


Behaviour = Callable[[Sandbox, Call], Outcome | Rejection]

BEHAVIOURS: Mapping[str, Behaviour] = {
    "createTestApiKey": Sandbox.create_test_api_key,
    "authorizeClient": Sandbox.authorize_client,
}
"""Hand-written behaviour by operationId."""
