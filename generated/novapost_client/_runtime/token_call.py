# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The call by which a client obtains its token, and the token in the answer."""

from typing import Any

from .answers import Answers, Documented
from .calls import Call
from .errors import BodyMismatchError, ClientError
from .operations import Table, TokenSource
from .scalars import ANY, TEXT
from .values import Response, is_object


def token_call(table: Table, source: TokenSource, key: str) -> Call[Any]:
    """Return the call that exchanges a key for a token."""
    answers = Answers((200, 299, Documented("json", ANY)))
    return Call(table.operations[source.operation], answers, query=((source.parameter, TEXT, key),))


def token_of(table: Table, source: TokenSource, outcome: Response[Any] | ClientError) -> str | ClientError:
    """Return the token of an answer, or the error that the call ended in."""
    if isinstance(outcome, ClientError):
        return outcome
    operation = table.operations[source.operation]
    answer: Any = outcome.parsed
    token = answer.get(source.field) if is_object(answer) else None
    # RFC 9110, section 5.5: what else stands in a header would end it or change it.
    if isinstance(token, str) and token and all("!" <= character <= "~" for character in token):
        return token
    return BodyMismatchError(
        "expected a token",
        json_path=f"$.{source.field}",
        status_code=outcome.status_code,
        request_id=outcome.request_id,
        response=outcome,
        method=operation.method,
        path=operation.path,
    )
