"""The answers of the mock to a call of an operation: by its rules, by its schemas, or as a caller prefers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from novapost_mock.document.operation import Operation
from novapost_mock.document.prefer import preferences
from novapost_mock.errors import error_response, phrase
from novapost_mock.faults.fault import bodyless
from novapost_mock.faults.json import label
from novapost_mock.keys.operations import BEHAVIOURS, REMEMBERED_OUTCOMES, Call, Outcome, Sandbox
from novapost_mock.keys.rules import TYPICAL, Rejection
from novapost_mock.messages import UNKNOWN, Origin, Reply, Request
from novapost_mock.responses.operation import (
    FAULTY_REQUEST,
    OTHER_REFUSALS,
    Circumstances,
    refused_preference,
)
from novapost_mock.responses.response import Answer


class OperationAnswers:
    """Answers calls of operations; each answer is checked against the document unless told otherwise."""

    def __init__(self, sandbox: Sandbox, circumstances: Circumstances, *, verify: bool) -> None:
        """Prepare the answers.

        Args:
            sandbox: what the operations with rules work on.
            circumstances: what the others go by.
            verify: check each answer of the rules against the document.
        """
        self._sandbox = sandbox
        self._circumstances = circumstances
        self._verify = verify
        self._replies: dict[Outcome, Reply] = {}

    def failing(self, operation: Operation, request: Request, status: int) -> Reply:
        """Answer with the status of a fault: as documented, or else in words of our own. Asks no rule."""
        origin = Origin(label(operation), "fault")
        answer = operation.answers.of(status)
        if answer is not None and not answer.failure:
            return replace(self._documented(operation, request, status, answer, {}), origin=origin)
        if bodyless(status):
            return Reply(status, origin=origin)
        return refused(status, phrase(status) or "A fault that was asked for", origin)

    def of(self, operation: Operation, request: Request, segments: tuple[str, ...], now: datetime) -> Reply:
        """Answer a call of an operation at a moment."""
        if operation.behaviour is None:
            text = f"{operation.operation_id} is not imitated: {operation.reason}"
            return refused(501, text)
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
            text = f"Prefer: {operation.operation_id} documents the codes {documented}"
            return replace(
                refused_preference(operation.answers, text), origin=Origin(label(operation), "prefer")
            )
        reply = self._documented(operation, request, status, answer, preferred)
        reply = reply.with_header("Preference-Applied", f"code={status}")
        return replace(reply, origin=Origin(label(operation), "prefer"))

    def _documented(
        self,
        operation: Operation,
        request: Request,
        status: int,
        answer: Answer,
        preferred: Mapping[str, str],
    ) -> Reply:
        """Return a documented answer as it typically is."""
        typical = TYPICAL.get((operation.operation_id, status)) if operation.imitated == "rules" else None
        if typical is not None:
            return self._answer(operation, typical)
        assert operation.behaviour is not None  # whatever has answers has one
        return operation.behaviour.given(status, answer, request, preferred, self._circumstances)

    def _answer(self, operation: Operation, result: Outcome | Rejection) -> Reply:
        if not (isinstance(result, Outcome) and result.lasts):
            return self._checked(operation, result)
        reply = self._replies.get(result)
        if reply is None:
            if len(self._replies) >= REMEMBERED_OUTCOMES:
                self._replies.clear()
            reply = self._replies[result] = self._checked(operation, result)
        return reply

    def _checked(self, operation: Operation, result: Outcome | Rejection) -> Reply:
        status, answer = result.status, operation.answers.of(result.status)
        if answer is None and isinstance(result, Rejection) and status in FAULTY_REQUEST:
            status, answer = operation.answers.refusal(FAULTY_REQUEST, OTHER_REFUSALS)
        if answer is None:
            return _broken(operation, result.status, "not documented")
        body = result.body if isinstance(result, Outcome) else error_body(answer, result.text)
        if self._verify and (violations := answer.violations(body)):
            faults = ", ".join(f"{'/'.join(v.path) or 'body'}: {v.keyword}" for v in violations)
            return _broken(operation, status, faults)
        return Reply.of_json(status, body, (), Origin(label(operation), result.rule))


def error_body(answer: Answer, text: str) -> object:
    """Return the JSON body of an error, in the shape that an answer documents."""
    shape = answer.error_shape or error_response
    return shape(text)


def refused(status: int, text: str, origin: Origin = UNKNOWN) -> Reply:
    """Return an error in the shape `ErrorResponse`."""
    return Reply.of_json(status, error_response(text), (), origin)


def _broken(operation: Operation, status: int, faults: str) -> Reply:
    text = f"novapost-mock would break the document: {operation.operation_id} {status}: {faults}"
    return refused(500, text, Origin(label(operation), "failure"))
