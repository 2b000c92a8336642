"""Is the cause of an error kept, by type and text, and nothing else of it?"""

import json
import ssl
from typing import Any

import httpx
import pytest

from scripts.runtime.causes import CauseError, detached, scrubbed
from scripts.runtime.errors import UsageError

SECRET = "s3cr3t-horse"
ADDRESS = f"https://host.example/?apiKey={SECRET}"


class Odd(Exception):
    """An exception that needs more than its text to be made."""

    def __init__(self, one: str, *, two: str) -> None:
        super().__init__(f"{one} {two}")
        self.two = two


class Talkative(Exception):
    """An exception that builds its text from what it has."""

    def __init__(self, request: httpx.Request) -> None:
        super().__init__()
        self.request = request

    def __str__(self) -> str:
        return f"broke at {self.request.url}"


class Mute(Exception):
    """An exception that cannot be printed."""

    def __str__(self) -> str:
        raise ValueError


def undecodable() -> Exception:
    """Return the error of Python's JSON reader; it holds the text that it read."""
    try:
        json.loads(f'{{"key": "{SECRET}"')
    except json.JSONDecodeError as error:
        return error
    raise AssertionError


REQUEST = httpx.Request("GET", ADDRESS)
CAUSES: list[tuple[Exception, type]] = [
    (httpx.ConnectError(f"refused {SECRET}", request=REQUEST), httpx.ConnectError),
    (httpx.ReadTimeout("slow", request=REQUEST), httpx.ReadTimeout),
    (ConnectionResetError(104, f"reset {SECRET}"), ConnectionResetError),
    (ssl.SSLCertVerificationError(1, "certificate verify failed"), ssl.SSLCertVerificationError),
    (KeyError(SECRET), KeyError),
    (ValueError(SECRET.encode(), {"key": SECRET}, 5), ValueError),
    (Odd("a", two=SECRET), Odd),
    (undecodable(), json.JSONDecodeError),
    (UnicodeDecodeError("ascii", SECRET.encode() + b"\xff", 12, 13, "no"), CauseError),
    (Talkative(REQUEST), CauseError),
    (Mute(), CauseError),
    (ExceptionGroup("several", [ValueError(SECRET)]), ExceptionGroup),
]


def shown(error: BaseException | None) -> str:
    """Everything that an exception and its causes hold."""
    text = ""
    while error is not None:
        assert error.__traceback__ is None
        assert error.__context__ is None
        within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        text += f"{type(error)} {error!r} {error} {error.args} {vars(error)} {[shown(one) for one in within]}"
        error = error.__cause__
    return text


@pytest.mark.parametrize(("error", "kind"), CAUSES, ids=lambda each: type(each).__name__)
def test_a_cause_keeps_its_type_and_its_text(error: Exception, kind: type) -> None:
    """Or the name of its type, where it cannot be made again."""
    found = scrubbed(error, {SECRET})

    assert isinstance(found, kind)
    assert type(error).__name__ in shown(found)
    assert SECRET not in shown(found)


def test_a_whole_chain_is_kept_and_a_circle_ends() -> None:
    """The first cause is what somebody looks for."""

    def fail() -> None:
        local = SECRET
        try:
            raise OSError(f"first {local}")
        except OSError as first:
            raise httpx.ConnectError("second") from first

    with pytest.raises(httpx.ConnectError) as caught:
        fail()
    found = scrubbed(caught.value, {SECRET})
    assert isinstance(found.__cause__, OSError)
    assert str(found.__cause__) == "first ***"
    assert SECRET not in shown(found)

    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    assert shown(scrubbed(one)).count("ValueError('one')") < 20


def test_an_error_of_ours_leaves_its_frames_behind() -> None:
    """What was handled while it was raised is a cause unless somebody said that it is none."""

    def fail(hide: bool) -> Any:
        try:
            int(SECRET)
        except ValueError:
            if hide:
                raise UsageError("why") from None
            raise UsageError("why")  # noqa: B904 - so that it has a context

    for hide in (True, False):
        with pytest.raises(UsageError) as caught:
            fail(hide)
        error = detached(caught.value, {SECRET})
        assert error.__traceback__ is None
        assert isinstance(error.__cause__, type(None) if hide else ValueError)
        assert SECRET not in shown(error)
