"""The two shapes in which the API reports errors, chosen by what the document wants."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

ErrorShape = Callable[[str], Any]
"""Maps a text to the JSON body of an error."""


def error_response(text: str) -> dict[str, Any]:
    """Shape `ErrorResponse`: 400, 404, 409 and 429 of the key call, and whatever the mock itself refuses."""
    return {"success": False, "errors": [text]}


def error_map(text: str) -> dict[str, Any]:
    """Shape `Error`: 503 of both calls, 401 and 422 of the JWT call.

    Its `errors` is an object, and the one property that the document names is the empty string.
    """
    return {"errors": {"": text}}


ERROR_SHAPES: tuple[ErrorShape, ...] = (error_response, error_map)


def fitting_shape(accepts: Callable[[Any], bool]) -> ErrorShape | None:
    """Return the first of the two shapes that a schema accepts, or None."""
    return next((shape for shape in ERROR_SHAPES if accepts(shape("text"))), None)


def phrase(status: int) -> str:
    """Return the reason phrase of a status; empty for one that is not registered."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
