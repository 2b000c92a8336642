"""How defects are put together: from a change of one kind of answer, or of one kind of request."""

from collections.abc import Callable
from typing import Any

from contract_tests.defects import defect, exchange
from contract_tests.defects.defect import Defect, Handle, Start
from contract_tests.novapost.defects.exchange import Answer, Request, error_answer
from contract_tests.novapost.defects.state import Memory

Send = Callable[[Request], Answer]
Break = Callable[[Request, Send, Memory], Answer]
Change = Callable[[Answer], Answer]
When = Callable[[Request, Memory], bool]


def started(does: Break) -> Start:
    """Return a defect with a memory of the target's own exchanges; it leaves the control API alone."""

    def start() -> Handle:
        memory = Memory()

        def handle(request: exchange.Request, send: defect.Send) -> Answer:
            def followed(asked: Request) -> Answer:
                answer = send(asked)
                memory.saw(asked, answer)
                return answer

            read = Request.of(request)
            return followed(read) if read.is_control else does(read, followed, memory)

        return handle

    return start


def changed(operation: str, status: int, change: Change) -> Break:
    """Change every answer of the unmodified target for an operation with this status."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        answer = send(request)
        return change(answer) if request.operation == operation and answer.status == status else answer

    return does


def fields(edit: Callable[[dict[str, Any]], Any]) -> Change:
    """Return a change of the JSON object in the body."""
    return lambda answer: answer.saying(edit(answer.json))


def field_set(name: str, value: Any) -> Change:
    """Set one field to a value, or to the result of a function of the old value."""
    return fields(lambda body: {**body, name: value(body[name]) if callable(value) else value})


def field_missing(name: str) -> Change:
    """Leave one field out."""
    return fields(lambda body: {key: value for key, value in body.items() if key != name})


def instead(when: When, answer: Callable[[Request, Memory], Answer]) -> Break:
    """Answer some requests without the target."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        return answer(request, memory) if when(request, memory) else send(request)

    return does


def understood(repair: Callable[[Request], Request | None]) -> Break:
    """Replace some requests by better ones; None leaves a request as it is."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        better = repair(request) if not request.asks_for_a_status else None
        return send(better or request)

    return does


def refusing(when: When, status: int) -> Break:
    """Answer some correct requests with an error."""
    return instead(when, lambda request, memory: error_answer(status))


def defects(named: dict[str, Break]) -> tuple[Defect, ...]:
    """Return the defects of a group."""
    return tuple(Defect(name, started(does)) for name, does in named.items())
