"""The sandbox as a function from request to reply."""

import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from novapost_mock import control
from novapost_mock.api import BEHAVIOURS, Call, Outcome, Sandbox
from novapost_mock.clock import Clock, utc
from novapost_mock.document import Document, embedded
from novapost_mock.errors import error_response
from novapost_mock.imitate.answers import Answer
from novapost_mock.imitate.behaviour import Circumstances
from novapost_mock.imitate.security import judge_of
from novapost_mock.messages import Reply, Request
from novapost_mock.mint import Mint
from novapost_mock.operations import Operation
from novapost_mock.prefer import preferences
from novapost_mock.readings import Readings
from novapost_mock.rules import PHONE, TYPICAL, Refusal
from novapost_mock.state import Action, Client, Event, after, life, situation
from novapost_mock.store import MemoryStore, Store

EXAMPLE_PHONE = "498213437654"
"""The phone of the published example; registered unless a mock is started with other clients."""

MAX_MATCHES = 1000

_log = logging.getLogger("novapost_mock")


class Mock:
    """The sandbox with its clients, its clock and its rules.

    `handle` answers requests under the document's base path by the rules, and those under `/__mock__/` as
    control; the methods beside it are what control does, for callers in the same process.
    """

    def __init__(
        self,
        clients: Mapping[str, int] | Sequence[str] = (EXAMPLE_PHONE,),
        *,
        readings: Readings | None = None,
        clock: Clock | None = None,
        store: Store | None = None,
        document: Document | None = None,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        credentials: Sequence[str] = (),
        verify_answers: bool = True,
    ) -> None:
        """Build a mock in its first state.

        Args:
            clients: phones that are registered at the start, or the number of matches by phone.
            readings: how the rules are read; the likely readings unless given.
            clock: one that runs with the machine's unless given.
            store: in memory unless given; it is emptied.
            document: the embedded one unless given.
            random_bytes: the source of keys and tokens; `random.Random(1).randbytes` makes runs repeatable.
            credentials: those that operations with security take for good, `any` for all of them; whatever
                looks like one unless given. The rules' own keys are not meant: they are issued.
            verify_answers: check each own answer against the document. One that breaks it is not sent but
                becomes a 500 that says so.

        Raises:
            ValueError: a phone is not 8 to 15 digits, or a number of matches not 0 to 1000.
        """
        self._seed = dict(clients) if isinstance(clients, Mapping) else dict.fromkeys(clients, 1)
        for phone, matches in self._seed.items():
            _check_client(phone, matches)
        self.readings = readings or Readings()
        self.clock = clock or Clock()
        self.document = document or embedded()
        self._circumstances = Circumstances(judge_of(credentials))
        self._store: Store = store if store is not None else MemoryStore()
        self._sandbox = Sandbox(self._store, self.readings, Mint(random_bytes))
        self._verify_answers = verify_answers
        self._store.refill(self._seed)

    def handle(self, request: Request, now: datetime | None = None) -> Reply:
        """Answer a request. Whatever it holds, there is an answer.

        Args:
            request: the request.
            now: when it arrives; the mock's own clock decides unless given.

        Raises:
            ValueError: `now` has no offset or lies outside the clock's bounds.
        """
        moment = self.clock.now() if now is None else utc(now)
        try:
            reply = self._route(request, moment)
        except Exception as error:
            # The last resort that keeps a traceback off the wire. Neither the reply nor the log shows the
            # error's text, which may quote the request.
            place = _place(error)
            _log.error("novapost-mock failed: %s at %s", type(error).__name__, place)
            reply = _refused(500, f"novapost-mock failed: {type(error).__name__} at {place}")
        return reply.without_body() if request.method == "HEAD" else reply

    def reset(self) -> None:
        """Go back to the start: the first clients, no keys, the real time."""
        self.clock.reset()
        self._store.refill(self._seed)
        self._circumstances.removed.clear()

    def register(self, phone: str, matches: int = 1) -> None:
        """Let a number of clients have a phone; 2 or more make it ambiguous, 0 unregisters it.

        A key that the phone has already stays, and so does what counts towards its daily limit.

        Raises:
            ValueError: the phone is not 8 to 15 digits, or the number of matches not 0 to 1000.
            StoreFullError: there is no room for another phone.
        """
        _check_client(phone, matches)
        self._store.change(phone, lambda client: (client.with_matches(matches), None))

    def unregister(self, phone: str) -> None:
        """Let no client have a phone. See `register`."""
        self.register(phone, 0)

    def clients(self) -> dict[str, int]:
        """Return the number of matches by phone, for the registered ones."""
        return {client.phone: client.matches for client in self._store.clients() if client.matches}

    def cleanup(self, phone: str, now: datetime | None = None) -> bool:
        """Delete the key of a phone as the sandbox's cleanup would, and tell whether there was one."""
        moment = self.clock.now() if now is None else utc(now)

        def step(client: Client) -> tuple[Client, bool]:
            row = life(self.readings).get((situation(client, moment, self.readings), Event.CLEANUP))
            action = Action.NONE if row is None else row.action
            return after(action, client, moment, self.readings, lambda: ""), row is not None

        return self._store.change(phone, step)

    def keys(self) -> Sequence[Client]:
        """Return the clients that have a key."""
        return [client for client in self._store.clients() if client.key is not None]

    def _route(self, request: Request, now: datetime) -> Reply:
        segments = request.segments()
        if segments[0] == control.PREFIX:
            return control.answer(self, request, segments[1:], now)
        operations = self.document.at(segments)
        if not operations:
            base = self.document.base_path
            return _refused(404, f"No such path; the API is under {base}/, control under /{control.PREFIX}/")
        operation = operations.get(request.method) or _stands_in(operations, request.method)
        if operation is None:
            allowed = ", ".join(sorted(operations))
            if request.method == "OPTIONS" and not _has_rules(operations):
                return Reply(204, (("Allow", allowed),))
            return _refused(405, "Method not allowed").with_header("Allow", allowed)
        return self._operate(operation, request, segments, now)

    def _operate(
        self, operation: Operation, request: Request, segments: tuple[str, ...], now: datetime
    ) -> Reply:
        if operation.behaviour is None:
            return _refused(501, f"{operation.operation_id} is not imitated: {operation.reason}")
        prefer = request.header_values("prefer")
        preferred = preferences(prefer) if prefer else {}
        if preferred.get("code"):
            return self._preferred(operation, request, preferred)
        behaviour = BEHAVIOURS.get(operation.operation_id) if operation.imitated == "rules" else None
        if behaviour is None:
            return operation.behaviour.answer(request, segments, preferred, self._circumstances)
        return self._answer(operation, behaviour(self._sandbox, Call(operation, request, now)))

    def _preferred(self, operation: Operation, request: Request, preferred: Mapping[str, str]) -> Reply:
        """Answer as `Prefer: code=…` asks; changes nothing and asks no rule."""
        code = preferred["code"]
        status = int(code) if re.fullmatch("[1-5][0-9]{2}", code) else 0
        answer = operation.answers.of(status) if status else None
        if answer is None:
            # RFC 7240 would let a server pass over what it cannot do. Whoever wrote the header wants that
            # answer, though, and is better told than given another.
            documented = ", ".join(sorted(each.key for each in operation.answers.all()))
            return _refused(400, f"Prefer: {operation.operation_id} documents the codes {documented}")
        applied = ("Preference-Applied", f"code={status}")
        typical = TYPICAL.get((operation.operation_id, status)) if operation.imitated == "rules" else None
        if typical is not None:
            return self._answer(operation, typical).with_header(*applied)
        assert operation.behaviour is not None
        return operation.behaviour.given(status, answer, request, preferred, self._circumstances, (applied,))

    def _answer(self, operation: Operation, result: Outcome | Refusal) -> Reply:
        answer = operation.answers.of(result.status)
        if answer is None:
            return _broken(operation, result.status, "not documented")
        body = result.body if isinstance(result, Outcome) else _error_body(answer, result)
        if self._verify_answers and (violations := answer.violations(body)):
            faults = ", ".join(f"{'/'.join(v.path) or 'body'}: {v.keyword}" for v in violations)
            return _broken(operation, result.status, faults)
        return Reply.of_json(result.status, body)


def _stands_in(operations: Mapping[str, Operation], method: str) -> Operation | None:
    """GET answers for HEAD (RFC 9110, 9.1), but where rules imitate: the sandbox is read to answer 405."""
    got = operations.get("GET") if method == "HEAD" else None
    return None if got is None or got.imitated == "rules" else got


def _has_rules(operations: Mapping[str, Operation]) -> bool:
    return any(operation.imitated == "rules" for operation in operations.values())


def _check_client(phone: str, matches: int) -> None:
    if not PHONE.fullmatch(phone):
        raise ValueError("a phone is 8 to 15 digits, without a plus and not beginning with 0")
    if isinstance(matches, bool) or not isinstance(matches, int) or not 0 <= matches <= MAX_MATCHES:
        raise ValueError(f"matches is a whole number from 0 to {MAX_MATCHES}")


def _error_body(answer: Answer, refusal: Refusal) -> object:
    shape = answer.error_shape or error_response
    return shape(refusal.text)


def _refused(status: int, text: str) -> Reply:
    return Reply.of_json(status, error_response(text))


def _broken(operation: Operation, status: int, faults: str) -> Reply:
    return _refused(
        500, f"novapost-mock would break the document: {operation.operation_id} {status}: {faults}"
    )


def _place(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return "an unknown place"
    code = traceback.tb_frame.f_code
    return f"{traceback.tb_frame.f_globals.get('__name__', '?')}.{code.co_name}:{traceback.tb_lineno}"
