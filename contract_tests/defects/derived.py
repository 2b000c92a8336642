"""Defects of any document, derived from the document itself: a server that breaks it in one place.

Each defect names the operation, the place and what is wrong there. It changes the answer of an unmodified
target, most often by one keyword of one schema, so that a keyword that no check watches is known by name.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.operations import Response, json_schema
from contract_tests.defects.defect import Defect, Handle, Send, Start
from contract_tests.defects.exchange import Answer, Request
from contract_tests.target.own_servers import with_own_places
from contract_tests.target.targets import Target

Edit = Callable[[Any], Any]
# A document of thousands of keywords gets so many defects, spread over it.
MOST = 400
_DEEPEST = 4
_MISSING = object()


def derived(contract: Contract) -> tuple[Defect, ...]:
    """Return the catalogue of a document's defects, each kind in each place, at most `MOST` of them."""
    found: list[Defect] = []
    for operation in contract.operations:
        found += _of_operation(contract, operation)
    if len(found) > MOST:
        step = len(found) / MOST
        found = [found[int(n * step)] for n in range(MOST)]
    return tuple({each.name: each for each in found}.values())


def _of_operation(contract: Contract, operation: Operation) -> Iterator[Defect]:
    label = operation.label
    for status, response in operation.answers.items():
        if not status.isdigit() or int(status) >= 500:
            continue
        code = int(status)
        if response.content:
            yield _answers(contract, operation, code, f"{label} {status} media type", _other_type)
        for name, header in response.headers.items():
            if header.get("required") is True and name.lower() != "content-type":
                yield _answers(
                    contract, operation, code, f"{label} {status} header {name} missing", _without(name)
                )
        schema = json_schema(response.content)
        for place, edit in _edits(contract, response, schema):
            yield _answers(contract, operation, code, f"{label} {status} {place}", _bodies(edit))
    success = next((int(s) for s in operation.answers if s.isdigit() and 200 <= int(s) < 300), None)
    if success is not None:
        undocumented = 299 if success != 299 else 298
        if operation.response(undocumented) is None:

            def turned(answer: Answer) -> Answer:
                return replace(answer, status=undocumented)

            yield _answers(contract, operation, success, f"{label} undocumented status", turned)
        yield Defect(f"{label} 500 on odd input", _fails_on_odd_input(contract, operation))
        if (
            any(parameter.get("required") is True for parameter in operation.parameters)
            or operation.body_required
        ):
            yield Defect(f"{label} bad input taken", _takes_bad_input(contract, operation, success))
        if operation.security and {} not in operation.security:
            yield Defect(f"{label} no credentials needed", _takes_anybody(contract, operation, success))
        other = _other_operation(contract, operation, success)
        if other is not None:
            yield Defect(f"{label} answers as {other.label}", _answers_as(contract, operation, other))
    if operation.method == "DELETE" and contract.find_operation("GET", operation.path) is not None:
        yield Defect(f"{label} deletes nothing", _deletes_nothing(contract, operation))


def _edits(contract: Contract, response: Response, schema: Any) -> Iterator[tuple[str, Edit]]:
    """Yield by its place each edit of a body that breaks one keyword of its schema."""
    for pointer, keyword, wrong in _breaks(contract, schema, (), 0):
        where = "/".join(map(str, pointer)) or "body"
        yield f"{where} {keyword}", lambda body, pointer=pointer, wrong=wrong: _placed(body, pointer, wrong)  # type: ignore[misc]


def _breaks(
    contract: Contract, schema: Any, way: tuple[Any, ...], depth: int
) -> Iterator[tuple[tuple[Any, ...], str, Edit]]:
    node = contract.resolve(schema) if isinstance(schema, dict) else {}
    if depth > _DEEPEST or not node:
        return
    for part in node.get("allOf") or ():
        yield from _breaks(contract, part, way, depth + 1)
    properties: dict[str, Any] = node.get("properties") or {}
    kind = node.get("type")
    yield from ((way, keyword, wrong) for keyword, wrong in _wrong_values(node, kind))
    for name in node.get("required") or ():
        if contract.resolve(properties.get(name, {})).get("writeOnly") is not True:
            yield (*way, name), "missing", lambda value: _MISSING
    if node.get("additionalProperties") is False and "allOf" not in node:
        yield way, "additionalProperties", lambda value: value | {"undocumented-member": 1}
    for name, child in properties.items():
        yield from _breaks(contract, child, (*way, name), depth + 1)
    if isinstance(node.get("items"), dict):
        yield from _breaks(contract, node["items"], (*way, 0), depth + 1)


def _wrong_values(node: dict[str, Any], kind: Any) -> Iterator[tuple[str, Edit]]:
    kinds = kind if isinstance(kind, list) else [kind]
    if kinds != [None]:
        wrong: Any = {"wrong": "type"} if "object" not in kinds else "wrong type"
        yield "type", lambda value: wrong
    if "enum" in node:
        yield "enum", lambda value: "no-such-value" if isinstance(value, str) else 10**9
    if isinstance(node.get("minLength"), int) and node["minLength"] > 0:
        yield "minLength", lambda value: ""
    if isinstance(node.get("maxLength"), int) and node["maxLength"] < 100_000 and "pattern" not in node:
        yield "maxLength", lambda value: "x" * (node["maxLength"] + 1)
    if isinstance(node.get("pattern"), str):
        yield "pattern", lambda value: "\u00a1 no \u00a1"
    if node.get("format") in ("date", "date-time", "uuid", "email", "uri", "ipv4", "ipv6", "time"):
        yield "format", lambda value: "no such format"
    if isinstance(node.get("minimum"), int | float):
        yield "minimum", lambda value: int(node["minimum"]) - 2
    if isinstance(node.get("maximum"), int | float):
        yield "maximum", lambda value: int(node["maximum"]) + 2
    if isinstance(node.get("minItems"), int) and node["minItems"] > 0:
        yield "minItems", lambda value: []
    if isinstance(node.get("maxItems"), int) and node["maxItems"] < 10_000:
        yield "maxItems", lambda value: (value or [None])[:1] * (node["maxItems"] + 1)


def _placed(body: Any, pointer: tuple[Any, ...], edit: Edit) -> Any:
    """Return a body with the value at a place edited; unchanged where there is no such place."""
    if not pointer:
        try:
            return edit(body)
        except TypeError:
            return body
    body = copy.deepcopy(body)
    node = body
    for key in pointer[:-1]:
        if (isinstance(node, dict) and key in node) or (
            isinstance(node, list) and isinstance(key, int) and key < len(node)
        ):
            node = node[key]
        else:
            return body
    key = pointer[-1]
    there = (isinstance(node, dict) and key in node) or (isinstance(node, list) and key == 0 and node)
    if there:
        try:
            value = edit(node[key])
        except TypeError:
            return body
        if value is _MISSING:
            del node[key]
        else:
            node[key] = value
    return body


def _bodies(edit: Edit) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        try:
            body = json.loads(answer.body)
        except ValueError:
            return answer
        return replace(answer, body=json.dumps(edit(body)).encode())

    return change


def _other_type(answer: Answer) -> Answer:
    return answer.with_header("Content-Type", "text/x-undocumented")


def _without(name: str) -> Callable[[Answer], Answer]:
    return lambda answer: answer.with_header(name, None)


class _Meant:
    """Knows whether a request means an operation: below the document's base path, or the operation's own."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self._contract, self._operation = contract, operation

    @cached_property
    def _target(self) -> Target:
        named = Target("mock", f"http://mock.example{self._contract.base_path}/", None)
        templates = {each.path: each.template for each in self._contract.operations}
        return with_own_places(named, self._contract.document, templates)

    def __call__(self, request: Request) -> bool:
        return not request.asks_for_a_status and self.also_by_preference(request)

    def also_by_preference(self, request: Request) -> bool:
        """Tell whether a request means the operation, perhaps with a status that it asks for."""
        if request.is_control:
            return False
        path = self._target.path_of(f"http://mock.example{request.path}")
        found = self._contract.find(request.method, path)
        return found is not None and found.label == self._operation.label


def _answers(
    contract: Contract, operation: Operation, status: int, name: str, change: Callable[[Answer], Answer]
) -> Defect:
    meant = _Meant(contract, operation)

    def handle(request: Request, send: Send) -> Answer:
        answer = send(request)
        # Also where a status was asked for: many come about in no other way.
        return change(answer) if answer.status == status and meant.also_by_preference(request) else answer

    return Defect(name, lambda: handle)


def _fails_on_odd_input(contract: Contract, operation: Operation) -> Start:
    meant = _Meant(contract, operation)

    def handle(request: Request, send: Send) -> Answer:
        answer = send(request)
        if meant(request) and answer.status in (400, 404, 406, 415, 422):
            return Answer(500, (("Content-Type", "text/plain"),), b"oops")
        return answer

    return lambda: handle


def _takes_bad_input(contract: Contract, operation: Operation, status: int) -> Start:
    meant = _Meant(contract, operation)

    def start() -> Handle:
        good: list[Answer] = []

        def handle(request: Request, send: Send) -> Answer:
            answer = send(request)
            if not meant(request):
                return answer
            if answer.status == status:
                good[:] = [answer]
            elif answer.status in (400, 422) and good:
                return good[0]
            return answer

        return handle

    return start


def _takes_anybody(contract: Contract, operation: Operation, status: int) -> Start:
    meant = _Meant(contract, operation)

    def start() -> Handle:
        good: list[Answer] = []

        def handle(request: Request, send: Send) -> Answer:
            answer = send(request)
            if meant(request) and answer.status == status:
                good[:] = [answer]
            elif meant(request) and answer.status in (401, 403) and good:
                return good[0]
            return answer

        return handle

    return start


def _other_operation(contract: Contract, operation: Operation, status: int) -> Operation | None:
    """Return an operation whose answers this one's schema does not take."""
    mine = json_schema(operation.answers[str(status)].content)
    for other in contract.operations:
        theirs = next((r for s, r in other.answers.items() if s.startswith("2")), None)
        schema = json_schema(theirs.content) if theirs else None
        if None in (mine, schema) or other.label == operation.label:
            continue
        if contract.resolve(schema).get("type") != contract.resolve(mine).get("type"):
            return other
    return None


def _answers_as(contract: Contract, operation: Operation, other: Operation) -> Start:
    meant, theirs = _Meant(contract, operation), _Meant(contract, other)

    def start() -> Handle:
        good: list[Answer] = []

        def handle(request: Request, send: Send) -> Answer:
            answer = send(request)
            if theirs(request) and 200 <= answer.status < 300:
                good[:] = [answer]
            elif meant(request) and 200 <= answer.status < 300 and good:
                return replace(good[0], status=answer.status)
            return answer

        return handle

    return start


def _deletes_nothing(contract: Contract, operation: Operation) -> Start:
    meant = _Meant(contract, operation)

    def handle(request: Request, send: Send) -> Answer:
        if meant(request):
            code = next((int(s) for s in operation.answers if s.startswith("2")), 204)
            return Answer(code)
        return send(request)

    return lambda: handle
