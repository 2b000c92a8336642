"""The sandbox as a function from request to reply."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast
from urllib.parse import quote

from novapost_mock.console import addresses, entry
from novapost_mock.control import routes
from novapost_mock.control.har import archive
from novapost_mock.control.journal import PAGE, Entry, Journal, page
from novapost_mock.document.document import Document
from novapost_mock.document.operation import Operation
from novapost_mock.errors import error_response
from novapost_mock.faults.fault import Armed, Fault, Faults, MemoryFaults
from novapost_mock.faults.json import label, read_faults, resolved_all
from novapost_mock.faults.shared import SharedFaults
from novapost_mock.keys.clock import Clock, utc
from novapost_mock.keys.document import embedded
from novapost_mock.keys.help import EXAMPLE_PHONE
from novapost_mock.keys.lifecycle import Action, Client, Event, after, life, situation
from novapost_mock.keys.operations import Sandbox
from novapost_mock.keys.rules import PHONE
from novapost_mock.keys.settings import Readings
from novapost_mock.keys.shared_settings import SIGNING
from novapost_mock.keys.start import clients_of, clock_of, faults_of, readings_of, seeded_bytes, with_seed
from novapost_mock.keys.store import MemoryStore, Store, StoreUnavailableError
from novapost_mock.keys.tokens import SECRET_BYTES, TokenSource
from novapost_mock.messages import UNKNOWN, Origin, Reply, Request
from novapost_mock.operation_answers import OperationAnswers, error_body, refused
from novapost_mock.responses.operation import Circumstances
from novapost_mock.responses.security import judge_of

MAX_MATCHES = 1000

FAILURE = Origin(rule="failure")

_log = logging.getLogger("novapost_mock")


class Mock:
    """The sandbox with its clients, its clock and its rules.

    `handle` answers requests under the document's base path by the rules, and requests under `/__mock__/` by
    the control API. The other methods do the same as the control API, for callers in the same process.
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
        not_acceptable: bool = False,
        verify_answers: bool = True,
        faults: Faults | Sequence[Fault | Mapping[str, Any]] | None = None,
        journal: Journal | None = None,
        now: datetime | str | None = None,
        seed: int | None = None,
        **settings: Any,
    ) -> None:
        """Build a mock.

        Args:
            clients: phones that are registered at the start, or the number of matches by phone.
            readings: the readings of the rules (default: the likely ones).
            clock: the clock (default: one that runs with the clock of the machine).
            store: the store of keys and clients (default: in memory). A store that was used before keeps its
                state, its clients included. If other processes may share it, the clock uses its offset.
            document: the document to serve (default: the embedded one).
            random_bytes: the source of keys and tokens; with `random.Random(1).randbytes` they repeat.
            credentials: the credentials that operations with security accept, or `any` for all (default: all
                whose text does not say that they are invalid). The mock's own API keys are not meant.
            not_acceptable: answer 406 if a request accepts none of an operation's media types, even if the
                document has no 406 (default: then send the first media type).
            verify_answers: check each answer of the mock against the document. In place of an answer that
                breaks it, the mock sends a 500 that says so.
            faults: a list of faults, as for `arm`; or an object that stores them (default: in the store if
                other processes share it, otherwise in memory).
            journal: the journal of this process (default: one with the usual bounds).
            now: the time at which the clock stands until it is moved, in place of `clock`: a moment with an
                offset, or its RFC 3339 text.
            seed: the same seed gives the same keys, tokens and faults, in place of `random_bytes`.
            settings: single readings by name, such as `daily_limit="strict"`, in place of `readings`.

        Raises:
            ValueError: a phone is not 8 to 15 digits, a number of matches not 0 to 1000, a setting is wrong
                or unknown, or one is given in two ways.
            StoreFullError: there are more clients than there is room for.
            StoreUnavailableError: the store cannot be used.
        """
        registered = clients_of(clients)
        for phone, matches in registered.items():
            _check_client(phone, matches)
        if seed is not None:
            random_bytes = seeded_bytes(seed)
        self.readings = readings_of(readings, settings)
        self.clock = clock_of(clock, now)
        self.document = document or embedded()
        self._circumstances = Circumstances(judge_of(credentials), not_acceptable=not_acceptable)
        self._store: Store = store if store is not None else MemoryStore()
        self._store.open(registered)
        if self._store.is_shared:
            self.clock.keep_in(self._store)
        sandbox = Sandbox(
            self._store, self.readings, TokenSource(random_bytes, _signing_secret(self._store, random_bytes))
        )
        self._answers = OperationAnswers(sandbox, self._circumstances, verify=verify_answers)
        kept = faults if hasattr(faults, "acting") else None
        if kept is None:
            kept = SharedFaults(self._store) if self._store.is_shared else MemoryFaults()
        self._faults = cast("Faults", kept)
        self._journal = journal if journal is not None else Journal()
        if faults is not None and kept is not faults:
            self.arm(*(with_seed(fault, seed) for fault in faults_of(faults)))

    def handle(self, request: Request, now: datetime | None = None) -> Reply:
        """Answer a request. Every request gets an answer.

        Args:
            request: the request.
            now: the time of the request (default: that of the mock's clock).

        Raises:
            ValueError: `now` has no offset or lies outside the clock's bounds.
        """
        moment = None if now is None else utc(now)
        started = perf_counter()
        try:
            moment = self.clock.now() if moment is None else moment
            reply = self._route(request, moment)
        except StoreUnavailableError as error:
            reply = self._without_state(request, error)
        except Exception as error:
            # The last resort that keeps a traceback off the wire. Neither the reply nor the log shows the
            # error's text, which may quote the request.
            place = _place(error)
            _log.error("novapost-mock failed: %s at %s", type(error).__name__, place)
            reply = refused(500, f"novapost-mock failed: {type(error).__name__} at {place}", FAILURE)
        if request.method == "HEAD":
            reply = reply.without_body()
        if reply.origin is not routes.ORIGIN:
            # Where the state cannot be reached the clock, whose offset it keeps, cannot be read either.
            seen_at = moment if moment is not None else datetime.now(UTC)
            self._journal.add(seen_at, perf_counter() - started, request, reply)
        return reply

    def reset(self) -> None:
        """Go back to the first state: the clients of the start, the real time, no keys, faults or journal."""
        self.clock.reset()
        self._store.reset()
        self._faults.arm(())
        self._journal.clear()
        self._circumstances.removed.clear()

    def register(self, phone: str, matches: int = 1) -> None:
        """Register a phone for a number of clients; 2 or more make it ambiguous, 0 unregisters it.

        The phone keeps its key, and the state of its daily limit.

        Raises:
            ValueError: the phone is not 8 to 15 digits, or the number of matches not 0 to 1000.
            StoreFullError: there is no room for another phone.
        """
        _check_client(phone, matches)
        self._store.change(phone, lambda client: (client.with_matches(matches), None))

    def unregister(self, phone: str) -> None:
        """Unregister a phone. See `register`."""
        self.register(phone, 0)

    def clients(self) -> dict[str, int]:
        """Return the registered phones with their numbers of matches."""
        return {client.phone: client.matches for client in self._store.clients() if client.matches}

    def cleanup(self, phone: str, now: datetime | None = None) -> bool:
        """Delete the key of a phone, as the sandbox's cleanup does; return whether there was one."""
        moment = self.clock.now() if now is None else utc(now)

        def step(client: Client) -> tuple[Client, bool]:
            row = life(self.readings).get((situation(client, moment, self.readings), Event.CLEANUP))
            action = Action.NONE if row is None else row.action
            return after(action, client, moment, self.readings, lambda: ""), row is not None

        return self._store.change(phone, step)

    def keys(self) -> Sequence[Client]:
        """Return the clients that have a key."""
        return [client for client in self._store.clients() if client.key is not None]

    def remembered(self, phone: str) -> Client:
        """Return the state of a phone; an unknown phone has an empty state."""
        return self._store.change(phone, lambda client: (client, client))

    def _without_state(self, request: Request, error: StoreUnavailableError) -> Reply:
        """Answer 503 in the shape that the operation documents for it, if the request is for one."""
        text = f"novapost-mock has no state to work on: {error.reason}"
        _log.error("%s", text)
        segments = request.segments()
        operation = self.document.at(segments).get(request.method)
        answer = operation.answers.of(503) if operation and segments[0] != routes.PREFIX else None
        body = error_response(text) if answer is None else error_body(answer, text)
        is_control = segments[0] == routes.PREFIX
        return Reply.of_json(503, body, (), routes.ORIGIN if is_control else Origin(rule="state"))

    def arm(self, *faults: Fault | Mapping[str, Any]) -> list[Armed]:
        """Replace the list of active faults, and return the new list.

        Args:
            faults: as `Fault`, or as `PUT /__mock__/faults` takes them: `{"status": 503, "times": 1}`.

        Raises:
            ValueError: one of them is wrong, or there are too many.
        """
        if any(isinstance(each, list | tuple) for each in faults):
            raise ValueError("faults are given one by one: arm(first, second), or arm(*several)")
        self._faults.arm(resolved_all(read_faults(list(faults)), self.document))
        return self.faults()

    def disarm(self) -> None:
        """Remove all faults."""
        self._faults.arm(())

    def faults(self) -> list[Armed]:
        """Return the active faults, with how often each will still act."""
        return list(self._faults.armed())

    def journal(self) -> list[Entry]:
        """Return the latest requests with their answers, the oldest first, without calls of the control API.

        They contain the secrets, unlike the answer of `GET /__mock__/journal`. Only their repr is masked.
        """
        return self._journal.entries()

    def clear_journal(self) -> None:
        """Remove all entries of the journal."""
        self._journal.clear()

    def journal_page(self, after: int = 0, limit: int = PAGE) -> dict[str, Any]:
        """Return a part of the journal as JSON, secrets masked. See `journal.page`."""
        return page(self._journal, self.document.vocabulary, after, limit)

    def har(self, after: int = 0, limit: int = PAGE) -> dict[str, Any]:
        """Return a part of the journal as an HTTP Archive, secrets masked. See `har.archive`."""
        return archive(self._journal, self.document.vocabulary, after, limit)

    def _route(self, request: Request, now: datetime) -> Reply:
        segments = request.segments()
        if segments[0] == routes.PREFIX:
            if addresses.is_console(segments[1:]):
                return entry.answer(self, request, segments[1:], now)
            return routes.answer(self, request, segments[1:], now)
        operations = self.document.at(segments)
        base = self.document.base_path
        if not operations and (operations := self.document.without_base_path(segments)):
            request = replace(request, path=f"{quote(base)}/{request.path.removeprefix('/')}")
            segments = request.segments()
        if not operations:
            if segments == ("",) and _is_browser(request):
                headers = (("Location", f"/{routes.PREFIX}/"), ("Content-Length", "0"))
                return Reply(303, headers, origin=Origin(rule="path"))
            text = f"No such path; the API is under {base}/, control under /{routes.PREFIX}/"
            return refused(404, text, Origin(rule="path"))
        operation = operations.get(request.method) or _stands_in(operations, request.method)
        if operation is None:
            allowed = ", ".join(sorted(operations))
            if request.method == "OPTIONS" and not _has_rules(operations):
                return Reply(204, (("Allow", allowed),), origin=Origin(rule="method"))
            return refused(405, "Method not allowed", Origin(rule="method")).with_header("Allow", allowed)
        operation = operation.meant_by(request, segments)
        active = self._faults.acting(label(operation))
        if active is not None and active.fault.status is not None:
            reply = self._answers.failing(operation, request, active.fault.status)
        else:
            reply = self._answers.of(operation, request, segments, now)
        if reply.origin is UNKNOWN:
            reply = replace(reply, origin=Origin(label(operation), "schema"))
        return reply if active is None else active.apply_to(reply)


def _stands_in(operations: Mapping[str, Operation], method: str) -> Operation | None:
    """GET answers for HEAD (RFC 9110, 9.1), but where rules imitate: the sandbox is read to answer 405."""
    got = operations.get("GET") if method == "HEAD" else None
    return None if got is None or got.imitated == "rules" else got


def _is_browser(request: Request) -> bool:
    """Whether somebody opens a page: programs ask for other types, or for any."""
    return request.method in ("GET", "HEAD") and "text/html" in ",".join(request.header_values("accept"))


def _has_rules(operations: Mapping[str, Operation]) -> bool:
    return any(operation.imitated == "rules" for operation in operations.values())


def _check_client(phone: str, matches: int) -> None:
    if not isinstance(phone, str):
        raise ValueError('a phone is a text: "49…"')
    if not PHONE.fullmatch(phone):
        raise ValueError("a phone is 8 to 15 digits, without a plus and not beginning with 0")
    if isinstance(matches, bool) or not isinstance(matches, int) or not 0 <= matches <= MAX_MATCHES:
        raise ValueError(f"matches is a whole number from 0 to {MAX_MATCHES}")


def _signing_secret(store: Store, random_bytes: Callable[[int], bytes]) -> bytes:
    """Return the secret of a state, so that a token made by one process can be told by another."""

    def step(kept: str | None) -> tuple[str, str]:
        secret = kept or random_bytes(SECRET_BYTES).hex()
        return secret, secret

    return bytes.fromhex(store.change_setting(SIGNING, step))


def _place(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return "an unknown place"
    code = traceback.tb_frame.f_code
    return f"{traceback.tb_frame.f_globals.get('__name__', '?')}.{code.co_name}:{traceback.tb_lineno}"
