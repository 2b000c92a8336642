"""Defects in statuses and errors: swapped for others, in another shape, as HTML, empty, cut."""

from collections.abc import Callable
from dataclasses import replace

from contract_tests.novapost.defects.builders import Break, Change, Send, changed, defects, field_set
from contract_tests.novapost.defects.exchange import JWT, KEY, Answer, Request, error_answer
from contract_tests.novapost.defects.state import Memory

_SHORT = {KEY: "key", JWT: "jwt"}
_ERRORS = [(KEY, status) for status in (400, 404, 409, 429, 503)] + [
    (JWT, status) for status in (401, 422, 503)
]
_SWAPPED = {
    (KEY, 200): (201, 202, 204),
    (KEY, 400): (200, 404, 415, 422, 500),
    (KEY, 404): (200, 400, 403, 409, 410, 500),
    (KEY, 409): (400, 404, 429),
    (KEY, 429): (400, 409, 503),
    (KEY, 503): (429, 500, 504),
    (JWT, 200): (201,),
    (JWT, 401): (400, 403, 404, 422),
    (JWT, 422): (400, 401),
    (JWT, 503): (500, 502),
}
_HTML = b"<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>"


def _status(status: int) -> Change:
    """Only the status is another."""
    return lambda answer: replace(answer, status=status, body=b"" if status == 204 else answer.body)


def _other_shape(status: int) -> Change:
    """Return the error shape of the other statuses."""
    if status in (401, 422, 503):
        return lambda answer: answer.saying({"success": False, "errors": ["no"]})
    return lambda answer: answer.saying({"errors": {"": "no"}})


def _shapes(status: int) -> dict[str, Change]:
    return {
        "as-html": lambda answer: replace(answer, body=_HTML).with_header("Content-Type", "text/html"),
        "as-text": lambda answer: replace(answer, body=b"no").with_header("Content-Type", "text/plain"),
        "empty": lambda answer: replace(answer, body=b""),
        "cut": lambda answer: replace(answer, length=str(len(answer.body)), body=answer.body[:-3]),
        "in-the-other-shape": _other_shape(status),
        "without-errors": lambda answer: answer.saying({"success": False}),
        "with-errors-null": field_set("errors", None),
        "with-no-reason": field_set("errors", [] if status in (400, 404, 409, 429) else {"": ""}),
        "as-problem": lambda answer: answer.saying({"title": "no", "status": answer.status}).with_header(
            "Content-Type", "application/problem+json"
        ),
    }


def _success_in_an_error(status: int) -> Break:
    return changed(KEY, status, field_set("success", True))


def _showing(secret: Callable[[Request, Memory], str | None]) -> Break:
    """Show a secret in the words of an error."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        answer = send(request)
        shown = secret(request, memory)
        if request.operation is None or answer.status < 400 or not shown:
            return answer
        return error_answer(answer.status, f"no: {shown}")

    return does


def _last_key(request: Request, memory: Memory) -> str | None:
    """Return the key that was given last, to anybody."""
    return next(reversed(memory.owners), None)


def _in_a_header(request: Request, send: Send, memory: Memory) -> Answer:
    answer = send(request)
    shown = request.api_key if request.operation == JWT and answer.status == 401 else None
    return answer.with_header("X-Refused-Key", shown) if shown and shown.isalnum() else answer


REFUSALS = defects(
    {
        **{
            f"{_SHORT[operation]}-{status}-as-{other}": changed(operation, status, _status(other))
            for (operation, status), others in _SWAPPED.items()
            for other in others
        },
        **{
            f"{_SHORT[operation]}-{status}-{name}": changed(operation, status, change)
            for operation, status in _ERRORS
            for name, change in _shapes(status).items()
        },
        **{f"key-{status}-with-success": _success_in_an_error(status) for status in (400, 404, 409, 429)},
        "key-404-told-as-400": changed(KEY, 404, lambda answer: error_answer(400)),
        "key-409-told-as-404": changed(KEY, 409, lambda answer: error_answer(404)),
        "key-429-told-as-409": changed(KEY, 429, lambda answer: error_answer(409)),
        "jwt-401-redirects": changed(
            JWT, 401, lambda answer: replace(answer, status=302, body=b"").with_header("Location", "/login")
        ),
        "error-repeats-the-key": _showing(lambda request, memory: request.api_key),
        "error-shows-the-last-key": _showing(_last_key),
        "error-repeats-the-key-in-a-header": _in_a_header,
    }
)
