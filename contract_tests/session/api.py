"""The API as a test talks to it: every answer is recorded and judged before the test sees it."""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import httpx
import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup, ServerError
from schemathesis.openapi.checks import UndefinedStatusCode, UnsupportedMethodResponse

from contract_tests.checks import fault_codes
from contract_tests.checks.deviations import Deviations
from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.finding import Broken, Finding, finding, shown_exchange
from contract_tests.checks.left_to_http import is_before_the_application, is_left_to_http
from contract_tests.checks.response_checks import judge
from contract_tests.observations.record import Observations
from contract_tests.principles.belongings import Belongings
from contract_tests.principles.one_connection import Part, as_kept, give_up, in_a_row
from contract_tests.principles.raw_request import RawRequest, in_a_shell, send_raw
from contract_tests.sandbox.errors import Unavailable, Withheld
from contract_tests.sandbox.transport import secrets_in
from contract_tests.target.call_log import CallLog
from contract_tests.target.control import ControlClient, ControlError
from contract_tests.target.credentials import Credentials
from contract_tests.target.exchange import SHORTEST_SECRET, Exchange, Received, Sent
from contract_tests.target.targets import Target
from contract_tests.target.transport import Wire

# How many of the last keys and tokens an error is searched for.
_REMEMBERED = 60
# A guest sends every fifth case that is made up, and asks again so often where the sandbox is down.
_STRIDE = 5
_PATIENCE = 3
_PAUSE_SECONDS = 2.0
# What checks of schemathesis say of statuses, which the check status-is-documented judges more closely.
_ABOUT_THE_STATUS = (AcceptedNegativeData, ServerError, UndefinedStatusCode, UnsupportedMethodResponse)


class Unwritten(Withheld):
    """A request that HTTP has no way to write, such as one with a header of a control character."""

    def __init__(self) -> None:
        super().__init__("unproven: the request cannot be written")


class Api:
    """Sends requests to the target. An answer that fails a check ends the test as `Broken`."""

    def __init__(
        self,
        target: Target,
        contract: Contract,
        observations: Observations,
        wire: Wire,
        control: ControlClient | None,
        calls: CallLog,
        deviations: Deviations | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self.target = target
        self.contract = contract
        self.observations = observations
        self.control = control
        self.calls = calls
        self.wire = wire
        self.credentials = credentials or Credentials()
        self.deviations = deviations or Deviations()
        self.pending: list[Finding] = []
        self._generated = 0
        self._armed: int | None = None
        self._overlooked: set[tuple[str, int]] = set()
        self._given: list[str] = []
        self.belongings = Belongings()
        if control is not None:
            control.when_reset = self.belongings.begin
        self._last: Exchange | None = None

    def begin(self) -> None:
        """Find out what must be known of the target before the first test; by default nothing."""

    def notice(self, exchange: Exchange) -> None:
        """Follow an exchange that passes. Nothing by itself; for what the knowledge of an API adds."""

    def send(self, method: str, path: str, **options: Any) -> Received:
        """Send any request, with the options of `httpx.Client.build_request`; `credentials=False` sends none.

        Raises:
            Broken: the answer fails a check.
        """
        with_credentials = options.pop("credentials", True)
        request = self.wire.build_request(method, self.target.url(path), **options)
        if with_credentials:
            self.identify(request)
        for attempt in range(1, _PATIENCE + 1):
            exchange, _ = self._exchange(request, path.partition("?")[0])
            self._settle_story(self._judged(exchange), exchange)
            assert exchange.received is not None
            if not self._is_weather(exchange):
                return exchange.received
            if attempt < _PATIENCE and self.target.sandbox is not None:
                self.target.sandbox.pause(_PAUSE_SECONDS * attempt)
        raise Unavailable(f"the sandbox answered {_PATIENCE} times with the documented 503")

    def provoke(
        self, operation: Operation, status: int, ask: Callable[[dict[str, str]], Received]
    ) -> Received:
        """Ask for an answer that has a status, whatever the rules say, and return it.

        A server may ignore `Prefer` (RFC 7240, section 2): then a fault is armed, if the control API can.

        Args:
            ask: sends a request with the headers that it is given.

        Raises:
            Broken: the answer fails a check, or our own mock does not do as Prefer says.
            Withheld: the target can do neither.
        """
        answer = None
        # Once is enough: what is asked with a Prefer that is overlooked is done.
        if (operation.label, status) not in self._overlooked:
            answer = ask({"Prefer": f"code={status}"})
            if answer.status == status or self.target.name == "mock":
                return answer
            self._overlooked.add((operation.label, status))
        # No fault stands for a success: only the rules know what it says.
        if status >= 400:
            answer = self.meet_fault(operation, status, lambda: ask({})) or answer
        if answer is None or answer.status != status:
            raise Withheld(f"unproven: neither Prefer nor a fault gives {status} of {operation.label}")
        return answer

    def meet_fault(self, operation: Operation, status: int, ask: Callable[[], Received]) -> Received | None:
        """Arm a fault, ask, and return the answer; None where the control API cannot arm one.

        A server may look at `Prefer` before all else. A fault meets a request that it takes for a usual one.
        """
        if self.control is None:
            return None
        try:
            self.control.arm(operation.operation_id, status)
            self._armed = status
            return ask()
        except ControlError:
            return None
        finally:
            self._armed = None
            self._disarm()

    def _disarm(self) -> None:
        with contextlib.suppress(ControlError):
            if self.control is not None:
                self.control.disarm()

    def run(self, case: schemathesis.Case[Any], earlier: Sequence[str] = ()) -> None:
        """Send a case of schemathesis, and judge the answer by its checks and by ours.

        Args:
            case: what is sent.
            earlier: commands that made what the case is about.

        Raises:
            Broken: the answer fails a check.
        """
        if self.target.sandbox is None:
            findings, status = self._tried(case)
            self.settle([replace(f, curl="\n".join([*earlier, f.curl])) for f in findings], status)
            return
        self._generated += 1
        if self._generated % _STRIDE:
            return
        try:
            findings, status = self._tried(case)
        except Withheld:
            return
        findings = self._not_accepted(findings, status)
        if findings:
            # No shrinking on somebody else's server: the test ends with this after its last case.
            self.pending = findings
            self.target.sandbox.end_share()

    def identify(self, request: httpx.Request, *, anew: bool = False) -> None:
        """Put the credentials into a request.

        Args:
            anew: in place of those that it has, which were made up.
        """
        for name, value in self.credentials.headers.items():
            if anew or name not in request.headers:
                request.headers[name] = value
        if cookies := self.credentials.cookies:
            own = {} if anew else dict(_pairs(request.headers.get("cookie", "")))
            request.headers["cookie"] = "; ".join(f"{n}={v}" for n, v in {**cookies, **own}.items())
        if missing := {
            name: value
            for name, value in self.credentials.query.items()
            if anew or name not in request.url.params
        }:
            request.url = request.url.copy_merge_params(missing)

    def spell(self, raw: RawRequest) -> Received:
        """Send a request in a spelling of its own; record its answer and leave the judging to the caller.

        Raises:
            Broken: no whole answer came.
        """
        request = _of_raw(raw)
        sent = self._sent(request, self._path(request), told=raw.command(self._hidden(request)))
        try:
            response, seconds = send_raw(raw)
        except httpx.HTTPError as error:
            raise self._unanswered(sent, error) from error
        received = self._seen(sent, response, None, seconds).received
        assert received is not None
        return received

    def spell_in_a_row(self, raws: Sequence[RawRequest], *, together: bool) -> list[Received | None]:
        """Send requests over one connection, record their answers and leave the judging to the caller.

        Args:
            together: whether all are sent before the first answer is read.

        Returns:
            For each request its answer; None where the server had closed the connection.

        Raises:
            Broken: an answer is none, or ends too early.
        """
        contents = [each.whole() for each in as_kept(raws)]
        self.calls.add(self._command(raws, [b"".join(contents)] if together else contents))
        requests = [_of_raw(each) for each in raws]
        sents = [self._sent(each, self._path(each), told="") for each in requests]
        try:
            answers = in_a_row(raws, together=together)
        except httpx.HTTPError as error:
            raise self._unanswered(sents[-1], error) from error
        return [
            None if answer is None else self._seen(sent, answer, None, 0.0).received
            for sent, answer in zip(sents, answers, strict=True)
        ]

    def give_up(self, raw: RawRequest, part: Part) -> None:
        """Send a part of a request and leave without an answer.

        Raises:
            Broken: nobody takes the connection.
        """
        content = part.of(replace(raw, keeps=True).whole())
        self.calls.add(self._command([raw], [content]))
        try:
            give_up(raw, content)
        except httpx.HTTPError as error:
            request = _of_raw(raw)
            raise self._unanswered(self._sent(request, self._path(request), told=""), error) from error

    def _unanswered(self, sent: Sent, error: httpx.HTTPError) -> Withheld:
        """Settle what was found of a request without a whole answer; return what ends the test otherwise."""
        exchange = self._seen(sent, None, _error_text(error), 0.0)
        self._settle_story(judge(exchange, self.contract), exchange)
        return Withheld("known deviation: no whole answer")

    def _command(self, raws: Sequence[RawRequest], contents: Sequence[bytes]) -> str:
        """Return a command that sends bytes over one connection, without secrets."""
        hidden: dict[str, str] = {}
        for each in raws:
            hidden |= self._hidden(_of_raw(each))
        return in_a_shell(raws[0].url, contents, hidden)

    def _hidden(self, request: httpx.Request) -> dict[str, str]:
        names = {**self.contract.knowledge.secret_parameters, **self.credentials.variables}
        own = {name: value for name, value in request.headers.items() if name in self.credentials.variables}
        given = [*request.url.params.multi_items(), *own.items()]
        hidden = {value: names[name] for name, value in given if name in names}
        # A cookie stands inside a header, beside others.
        cookies = self.credentials.cookies.items()
        return hidden | {
            value: f"$COOKIE_{re.sub(r'[^0-9A-Za-z]', '_', name).upper()}" for name, value in cookies
        }

    def _tried(self, case: schemathesis.Case[Any]) -> tuple[list[Finding], int | None]:
        request = _request_of(case, self.target.base_of(case.formatted_path))
        self.identify(request, anew=True)
        try:
            exchange, response = self._exchange(request, case.formatted_path)
        except Unwritten:
            return [], None
        findings = self._judged(exchange)
        if response is None:
            return findings, None
        if not self._is_weather(exchange):
            # What one of our checks says already is said once.
            kinds = {fault_codes.of(each.check, each.message) for each in findings} - {fault_codes.OWN}
            findings += [
                each
                for each in self._failures(case, response, exchange)
                if fault_codes.of(each.check, each.message) not in kinds
            ]
        return findings, response.status_code

    def _failures(
        self, case: schemathesis.Case[Any], response: httpx.Response, exchange: Exchange
    ) -> list[Finding]:
        failures = _failures(case, response)
        assert exchange.received is not None
        if is_before_the_application(exchange.sent, exchange.received.status):
            return []
        if is_left_to_http(exchange, exchange.received, self.contract):
            failures = [each for each in failures if not isinstance(each, _ABOUT_THE_STATUS)]
        return [
            finding(f"schemathesis: {each.title}", exchange, _first_line(each.message, response))
            for each in failures
        ]

    def settle(self, findings: list[Finding], status: int | None = None) -> None:
        """Record findings that no deviation of the target describes and, if there are any, end the test.

        Args:
            status: that of the answer which they are about, if they are about one.
        """
        findings = self._not_accepted(findings, status)
        if findings:
            self.observations.found(findings)
            raise Broken(findings)

    def settle_pending(self) -> None:
        """Settle findings of a test on the sandbox, which went on without a further request."""
        findings, self.pending = self.pending, []
        if findings:
            self.observations.found(findings)
            raise Broken(findings)

    def _not_accepted(self, findings: list[Finding], status: int | None) -> list[Finding]:
        if self.target.phone is not None or self.target.sandbox is not None:
            mask = self.target.masker.mask
            findings = [
                replace(
                    f,
                    **{name: mask(getattr(f, name)) for name in ("message", "curl", "asked", "answered")},
                )
                for f in findings
            ]
        return self.deviations.sift(findings, status)

    def _judged(self, exchange: Exchange) -> list[Finding]:
        findings = judge(exchange, self.contract)
        if self._is_weather(exchange):
            self.observations.unavailable += 1
            return [each for each in findings if each.check != "status-fits-the-request"]
        return findings

    def _is_weather(self, exchange: Exchange) -> bool:
        """Tell whether a documented 503 came unasked: on somebody else's server that is no finding."""
        sent, received = exchange.sent, exchange.received
        if self.target.sandbox is None or received is None or received.status != 503:
            return False
        operation = self.contract.find(sent.method, sent.path)
        return sent.preferred_status is None and operation is not None and 503 in operation.responses

    def expect(self, condition: bool, check: str, message: str, path: str) -> None:
        """Record a finding about a rule, with all calls of this test, if `condition` does not hold.

        For what one exchange alone cannot show.

        Raises:
            Broken: the condition does not hold.
        """
        if not condition:
            named = next((o.label for o in self.contract.operations if path in (o.path, o.label)), path)
            seen = shown_exchange(self._last) if self._last else ("", "")
            self.settle([Finding(check, named, message, self.calls.text(), *seen)])
            # Only an accepted deviation comes here; what the test would go on to do rests on what is not so.
            raise Withheld(f"known deviation: {self.deviations.met[-1]}")

    def forget(self) -> None:
        """Forget the calls of a test that has ended: they say nothing about the next one."""
        self._last = None
        self.calls.begin()

    def object(self, check: str, message: str) -> None:
        """Record a finding that a test made by an assertion of its own, with all calls of this test.

        It is about the last answer. Nothing is recorded where the test has had none.

        Raises:
            Broken: the test has had an answer.
        """
        if self._last is None:
            return
        sent = self._last.sent
        label = f"{sent.method} {sent.path}"
        self.settle([Finding(check, label, message, self.calls.text(), *shown_exchange(self._last))])

    def _exchange(self, request: httpx.Request, path: str) -> tuple[Exchange, httpx.Response | None]:
        sent = self._sent(request, path)
        started = time.perf_counter()
        response, failure = None, None
        try:
            response = self.wire.send(request)
        except httpx.LocalProtocolError:
            # Nothing went over the wire: such a request is none, and says nothing about the target.
            raise Unwritten from None
        except httpx.HTTPError as error:
            failure = _error_text(error)
        seconds = time.perf_counter() - started - request.extensions.get("waited", 0.0)
        return self._seen(sent, response, failure, seconds), response

    def saw(self, request: httpx.Request, response: httpx.Response, seconds: float) -> Received:
        """Record and judge an exchange that somebody else had with the target; its body has been read.

        Raises:
            Broken: the answer fails a check.
        """
        exchange = self._seen(self._sent(request, self._path(request)), response, None, seconds)
        self._settle_story(self._judged(exchange), exchange)
        assert exchange.received is not None
        return exchange.received

    def tell_of(self, request: httpx.Request) -> None:
        """Note a request that somebody else sent, for the commands that do it again."""
        self._sent(request, self._path(request))

    def failed(self, request: httpx.Request, error: httpx.HTTPError) -> None:
        """Note an exchange, as `saw` does, of a request that got no whole answer.

        Raises:
            Broken: always.
        """
        exchange = self._seen(self._sent(request, self._path(request)), None, _error_text(error), 0.0)
        self._settle_story(self._judged(exchange), exchange)

    def _path(self, request: httpx.Request) -> str:
        return self.target.path_of(str(request.url))

    def _sent(self, request: httpx.Request, path: str, told: str | None = None) -> Sent:
        headers = {name.lower(): value for name, value in request.headers.items()}
        secret = {**self.contract.knowledge.secret_parameters, **self.credentials.variables}
        meant = self.contract.find(request.method, path)
        label = meant.label if meant else ""
        sent = Sent(
            request.method, _address(request.url), path, headers, request.read(), secret, label, self._armed
        )
        if told != "":
            self.calls.add(told or sent.curl())
        return sent

    def _seen(
        self, sent: Sent, response: httpx.Response | None, failure: str | None, seconds: float
    ) -> Exchange:
        received = None
        if response is not None:
            headers = {name.lower(): value for name, value in response.headers.items()}
            received = Received(response.status_code, headers, response.content, response.http_version)
        asked_at = self.control.now() if self.control else None
        shown = tuple(self._shown(sent, received)) if received is not None else ()
        exchange = Exchange(sent, received, failure, asked_at, seconds, frozenset(self._given), shown)
        if received is not None and received.status == 200:
            self._given = [*self._secrets(received), *self._given][:_REMEMBERED]
        if received is not None:
            # Under whatever names lead to them: a defect may have put them elsewhere.
            self.observations.secrets.update(secrets_in(received.body))
        self.observations.saw(exchange)
        self._last = exchange
        self.notice(exchange)
        return exchange

    def _shown(self, sent: Sent, received: Received) -> Iterator[str]:
        """Note what the client was given, and yield what the answer shows that it should not."""
        knowledge, belongings = self.contract.knowledge, self.belongings
        if sent.preferred_status is not None:
            return
        owner, name = knowledge.owner_of(sent, belongings.owner), knowledge.name_of(sent)
        if name is not None:
            belongings.name(name)
        if received.status < 300 and owner is not None:
            for secret in self._secrets(received):
                if belongings.give(secret, owner) is not None:
                    yield "the secret that another client was given is given again"
        # An error says no more of a client than the request did.
        own_name = name or (owner if received.status < 400 else None)
        yield from belongings.shown(received, owner, own_name)
        if owner is None:
            return
        if received.status < 300 and (place := belongings.header_that_shows_own(received, owner)):
            yield f"a secret that belongs into the body stands in {place}"
        if received.status >= 400 and (place := belongings.shows_own(received, owner)):
            yield f"an error shows a piece of the client's own secret in {place}"

    def _secrets(self, received: Received) -> list[str]:
        """Return the secrets in an answer, such as a key or a token."""
        try:
            body = received.json()
        except ValueError:
            return []
        names = self.contract.knowledge.secret_members
        found = [body.get(name) for name in names] if isinstance(body, dict) else []
        return [text for text in found if isinstance(text, str) and len(text) >= SHORTEST_SECRET]

    def _settle_story(self, findings: list[Finding], exchange: Exchange) -> None:
        """Settle findings with all earlier calls of the test: the last request alone may not repeat them."""
        status = exchange.received.status if exchange.received else None
        self.settle([replace(finding, curl=self.calls.text()) for finding in findings], status)


def _address(url: httpx.URL) -> str:
    """Return an address as it is sent; the text of a generated client's address hides its secrets."""
    target = url.raw_path.decode("ascii")
    return f"{url.scheme}://{url.netloc.decode('ascii')}{target}"


def _request_of(case: schemathesis.Case[Any], base_url: str) -> httpx.Request:
    """Return the request that schemathesis would send, for our own transport, which keeps its connection."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=base_url.removesuffix("/"))).prepare()
    body: Any = prepared.body or b""
    return httpx.Request(
        prepared.method or case.method,
        prepared.url or "",
        # Blanks around a value are none of it (RFC 9110, section 5.5).
        headers=[(_latin1(name), _latin1(value).strip(b" \t")) for name, value in prepared.headers.items()],
        content=body.encode() if isinstance(body, str) else body,
    )


def _of_raw(raw: RawRequest) -> httpx.Request:
    return httpx.Request(raw.method, raw.url, headers=list(raw.headers), content=raw.body)


def _pairs(cookie: str) -> Iterator[tuple[str, str]]:
    for each in cookie.split(";"):
        name, equals, value = each.strip().partition("=")
        if equals:
            yield name, value


def _error_text(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}"


def _latin1(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1", "replace")


def _failures(case: schemathesis.Case[Any], response: httpx.Response) -> list[Failure]:
    try:
        case.validate_response(response)
    except FailureGroup as group:
        return [failure for failure in group.exceptions if isinstance(failure, Failure)]
    return []


def _first_line(message: str, response: httpx.Response) -> str:
    """Return the message of a check, without the values of the answer that it may quote."""
    line = next(iter(message.strip().splitlines()), "")
    for secret in _texts(response.content):
        line = line.replace(secret, "***")
    return line


def _texts(content: bytes) -> list[str]:
    """Yield every value in a JSON body that is a text and long enough to be a secret."""
    try:
        level: list[Any] = [json.loads(content)]
    except (ValueError, RecursionError):
        return []
    texts = []
    while level:
        node = level.pop()
        if isinstance(node, str) and len(node) >= SHORTEST_SECRET:
            texts.append(node)
        elif isinstance(node, dict | list):
            level += node.values() if isinstance(node, dict) else node
    return texts
