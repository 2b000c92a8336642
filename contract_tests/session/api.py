"""The API as a test talks to it: every answer is recorded and judged before the test sees it."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import httpx
import schemathesis

from contract_tests.checks import fault_codes
from contract_tests.checks.deviations import Deviations
from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.finding import Broken, Finding, finding, shown_exchange
from contract_tests.checks.left_to_http import is_before_the_application, is_left_to_http
from contract_tests.checks.response_checks import judge
from contract_tests.observations.record import Observations
from contract_tests.principles.one_connection import Part, as_kept, give_up, in_a_row
from contract_tests.principles.raw_request import RawRequest, in_a_shell, send_raw
from contract_tests.sandbox.errors import Unavailable, Withheld
from contract_tests.session.cases import ABOUT_THE_STATUS, failures_of, first_line, request_of
from contract_tests.session.recorder import Recorder, Unwritten, error_text
from contract_tests.target.call_log import CallLog
from contract_tests.target.control import ControlClient, ControlError
from contract_tests.target.credentials import Credentials
from contract_tests.target.exchange import Exchange, Received, Sent
from contract_tests.target.targets import Target
from contract_tests.target.transport import Wire

# A guest sends every fifth case that is made up, and asks again so often where the sandbox is down.
_STRIDE = 5
_PATIENCE = 3
_PAUSE_SECONDS = 2.0


class Api(Recorder):
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
        super().__init__(target, contract, observations, wire, control, calls, credentials)
        self.deviations = deviations or Deviations()
        self.pending: list[Finding] = []
        self._generated = 0
        self._overlooked: set[tuple[str, int]] = set()

    def begin(self) -> None:
        """Find out what must be known of the target before the first test; by default nothing."""

    def send(self, method: str, path: str, **options: Any) -> Received:
        """Send any request, with the options of `httpx.Client.build_request`; `credentials=False` sends none.

        Raises:
            Broken: the answer fails a check.
        """
        with_credentials = options.pop("credentials", True)
        request = self.wire.build_request(method, self.target.url(path), **options)
        if with_credentials:
            self.credentials.put_into(request)
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
        exchange = self._seen(sent, None, error_text(error), 0.0)
        self._settle_story(judge(exchange, self.contract), exchange)
        return Withheld("known deviation: no whole answer")

    def _command(self, raws: Sequence[RawRequest], contents: Sequence[bytes]) -> str:
        """Return a command that sends bytes over one connection, without secrets."""
        hidden: dict[str, str] = {}
        for each in raws:
            hidden |= self._hidden(_of_raw(each))
        return in_a_shell(raws[0].url, contents, hidden)

    def _tried(self, case: schemathesis.Case[Any]) -> tuple[list[Finding], int | None]:
        request = request_of(case, self.target.base_of(case.formatted_path))
        self.credentials.put_into(request, anew=True)
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
        failures = failures_of(case, response)
        assert exchange.received is not None
        if is_before_the_application(exchange.sent, exchange.received.status):
            return []
        if is_left_to_http(exchange, exchange.received, self.contract):
            failures = [each for each in failures if not isinstance(each, ABOUT_THE_STATUS)]
        return [
            finding(f"schemathesis: {each.title}", exchange, first_line(each.message, response))
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

    def saw(self, request: httpx.Request, response: httpx.Response, seconds: float) -> Received:
        """Record and judge an exchange that somebody else had with the target; its body has been read.

        Raises:
            Broken: the answer fails a check.
        """
        exchange = self._seen(self._sent(request, self._path(request)), response, None, seconds)
        self._settle_story(self._judged(exchange), exchange)
        assert exchange.received is not None
        return exchange.received

    def failed(self, request: httpx.Request, error: httpx.HTTPError) -> None:
        """Note an exchange, as `saw` does, of a request that got no whole answer.

        Raises:
            Broken: always.
        """
        exchange = self._seen(self._sent(request, self._path(request)), None, error_text(error), 0.0)
        self._settle_story(self._judged(exchange), exchange)

    def _settle_story(self, findings: list[Finding], exchange: Exchange) -> None:
        """Settle findings with all earlier calls of the test: the last request alone may not repeat them."""
        status = exchange.received.status if exchange.received else None
        self.settle([replace(finding, curl=self.calls.text()) for finding in findings], status)


def _of_raw(raw: RawRequest) -> httpx.Request:
    return httpx.Request(raw.method, raw.url, headers=list(raw.headers), content=raw.body)
