"""Are the plain values of a call, files and answers, what they say they are?"""

import io
from typing import Any

import pytest

from scripts.runtime.enums import OpenIntEnum
from scripts.runtime.errors import NotFoundError
from scripts.runtime.values import File, Response


class Once(io.BytesIO):
    """A stream that cannot go back, such as a pipe."""

    def seekable(self) -> bool:
        """Return that it is none that can."""
        return False


class Size(OpenIntEnum):
    """For the test below."""

    ONE = 1


def answer(status: int = 200, content: bytes = b"{}", **headers: str) -> Response[Any]:
    """Return an answer."""
    return Response(status_code=status, headers=headers, content=content, read=lambda _: None)


def test_a_file_is_equal_by_name_type_and_content() -> None:
    """Of the same stream it is, whatever can be read of that."""
    stream = Once(b"x")

    assert File(b"x", "a", "b") == File(io.BytesIO(b"x"), "a", "b")
    assert File(stream) == File(stream)
    for other in (File(b"y", "a", "b"), File(b"x", "b", "b"), File(b"x", "a", None), b"x"):
        assert File(b"x", "a", "b") != other


def test_a_stream_that_cannot_go_back_is_read_from_where_it_is() -> None:
    """Nothing is asked of it that it cannot do."""
    stream = Once(b"abc")
    stream.read(1)

    assert File(stream).read() == b"bc"


def test_an_answer_is_equal_by_status_body_and_headers() -> None:
    """What was made of it does not count."""
    assert answer(a="1") == answer(a="1")
    assert hash(answer(a="1")) == hash(answer(a="1"))
    for other in (answer(201, a="1"), answer(200, b"[]", a="1"), answer(a="2"), b"{}"):
        assert answer(a="1") != other


def test_an_error_names_the_request_by_its_identifier() -> None:
    """Whoever runs the service finds it in a log."""
    assert str(NotFoundError("Not Found", status_code=404, request_id="r-1")).endswith("[request r-1]")
    assert "[request" not in str(NotFoundError("Not Found", status_code=404))


@pytest.mark.parametrize("value", ["1", None, 1.5, True])
def test_a_number_of_an_enumeration_is_an_integer(value: object) -> None:
    """An integer that the document does not list is kept; anything else is no member."""
    assert Size(7) == 7
    if value is not True:
        with pytest.raises(ValueError, match="is not a valid Size"):
            Size(value)  # type: ignore[arg-type]
