# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The cause of an error, kept for whoever looks for the reason, and cleared of all that it holds.

The exceptions of httpx and of a caller's own hooks have tracebacks whose frames hold the address with the
key in it, and some have the request itself. The copy here has the type, the text with secrets masked, and
its own cause; tracers and debuggers find nothing else in it.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeGuard, TypeVar

from .errors import ClientError
from .redaction import one_line, redact

E = TypeVar("E", bound=ClientError)
T = TypeVar("T")
# An exception can be its own cause in a circle, and a chain can be as long as a server makes it.
_LONGEST_CHAIN = 8


class CauseError(Exception):
    """Stands for an exception of a type that cannot be copied; its text begins with the type's name."""


def scrubbed(error: BaseException, secrets: Iterable[str] = (), depth: int = _LONGEST_CHAIN) -> BaseException:
    """Return a copy of an exception and of what caused it, without tracebacks, requests and secrets."""
    secrets = frozenset(secrets)
    copy = _copy(error, secrets, depth)
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    copy.__cause__ = scrubbed(before, secrets, depth - 1) if before is not None and depth > 1 else None
    return copy


def detached(error: E, secrets: Iterable[str] = ()) -> E:
    """Return one of our errors without its traceback, its cause scrubbed, ready to be raised elsewhere."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    error.__cause__ = scrubbed(cause, secrets) if cause is not None else None
    error.__context__ = None
    return error.with_traceback(None)


def outcome_of(act: Callable[[], T]) -> T | ClientError:
    """Return what a function gives, or the error that it raises, ready to be raised elsewhere.

    Raised from within, it would carry the frames of those who looked at a key or a header.
    """
    try:
        return act()
    except ClientError as error:
        return detached(error)


def _copy(error: BaseException, secrets: frozenset[str], depth: int) -> BaseException:
    kind = type(error)
    said = _masked(_text(error), secrets)
    if _is_group(error):
        within = [scrubbed(one, secrets, depth - 1) for one in error.exceptions if depth > 1]
        return error.derive(within) if within else CauseError(f"{kind.__name__}: {said}")
    try:
        arguments = tuple(_plain(each, secrets) for each in error.args)
        copy = kind.__new__(kind, *arguments)
        copy.args = arguments
        for name, value in vars(error).items():
            # httpx' errors have their request here, pydantic's and json's the document that they read.
            setattr(copy, name, value if isinstance(value, (bool, int, float)) else None)
        again = str(copy)
    except Exception:
        return CauseError(f"{kind.__name__}: {said}")
    # Some types build their text of the attributes that were taken out above.
    as_before = again == said or kind.__str__ is BaseException.__str__
    return copy if as_before else CauseError(f"{kind.__name__}: {said}")


def _is_group(error: BaseException) -> TypeGuard[BaseExceptionGroup[BaseException]]:
    return isinstance(error, BaseExceptionGroup)


def _plain(value: Any, secrets: frozenset[str]) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return _masked(value if isinstance(value, str) else _text(value), secrets)


def _masked(text: str, secrets: frozenset[str]) -> str:
    return one_line(redact(text, secrets))


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:
        return "(without a text)"
