"""Is a body unpacked step by step, whole, and never beyond the limit?"""

import contextlib
import gzip
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.runtime.deadline import Deadline, holding
from scripts.runtime.errors import UsageError
from scripts.runtime.limits import Garbled, Intake, Limits, TooLarge

BARE = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
CONTENT = b"parcel " * 5_000
BARE_CONTENT = BARE.compress(CONTENT) + BARE.flush()


def unpacked(body: bytes, encoding: str | None, limit: int = 1_000_000, step: int = 7) -> bytes:
    """Return a body that arrives in small chunks."""
    intake = Intake(limit, encoding, None)
    for start in range(0, len(body), step):
        intake.take(body[start : start + step])
    return intake.whole()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (None, CONTENT),
        ("", CONTENT),
        ("Identity", CONTENT),
        ("gzip", gzip.compress(CONTENT, mtime=0)),
        (" X-GZIP ", gzip.compress(CONTENT, mtime=0)),
        ("gzip", gzip.compress(CONTENT[:100], mtime=0) + gzip.compress(CONTENT[100:], mtime=0)),
        ("deflate", zlib.compress(CONTENT)),
        ("deflate", BARE_CONTENT),
        # A block that is not compressed, with a bit set that nobody reads (RFC 1951, section 3.2.4).
        ("deflate", b"\x09" + struct.pack("<HH", len(CONTENT), 0xFFFF - len(CONTENT)) + CONTENT),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 10_000_000])
def test_a_body_arrives_whole(encoding: str | None, body: bytes, step: int) -> None:
    """However it is packed, and however it is cut on the way."""
    assert unpacked(body, encoding, step=step) == CONTENT


def test_nothing_packed_is_nothing() -> None:
    """An empty body with an encoding is empty."""
    assert unpacked(b"", "gzip") == unpacked(b"", "deflate") == b""


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", None]))
def test_no_bytes_make_it_fail(body: bytes, encoding: str | None) -> None:
    """Content, Garbled, or TooLarge."""
    with contextlib.suppress(Garbled, TooLarge):
        assert isinstance(unpacked(body, encoding), bytes)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_cut_body_is_none(encoding: str) -> None:
    """Half of a list is not the list."""
    body = gzip.compress(CONTENT) if encoding == "gzip" else zlib.compress(CONTENT)
    with pytest.raises(Garbled):
        unpacked(body[:-1], encoding)


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
def test_the_limit_is_exact(encoding: str | None) -> None:
    """As many bytes as allowed, and not one more."""
    fits, more = b"x" * 1000, b"x" * 1001
    if encoding is not None:
        pack = gzip.compress if encoding == "gzip" else zlib.compress
        fits, more = pack(fits), pack(more)

    assert unpacked(fits, encoding, limit=1000, step=64) == b"x" * 1000
    with pytest.raises(TooLarge):
        unpacked(more, encoding, limit=1000, step=64)


@pytest.mark.parametrize("declared", ["1001", "999999999999", "9" * 400])
@pytest.mark.parametrize("encoding", [None, "gzip", "br"])
def test_of_a_length_that_is_too_large_the_beginning_is_taken(declared: str, encoding: str | None) -> None:
    """And no more than that, so that there is something to save."""
    body = zlib.compress(b"x", wbits=31)[:-1] if encoding == "gzip" else b"x"
    intake = Intake(1000, encoding, declared)
    assert intake.is_hopeless
    with pytest.raises(TooLarge):
        _take_all(intake, body)
    assert intake.rest() == b"x"

    long = Intake(1_000_000, encoding, "1000001")
    chunk = gzip.compress(b"x" * 70_000) if encoding == "gzip" else b"x" * 70_000
    with pytest.raises(TooLarge):
        long.take(chunk)
    assert 60_000 < len(long.rest()) < 70_000


@pytest.mark.parametrize("declared", ["-5", "x", "", "1.5", "1000", None])
def test_a_length_without_sense_says_nothing(declared: str | None) -> None:
    """The body itself is counted."""
    assert not Intake(1000, None, declared).is_hopeless


def _take_all(intake: Intake, *chunks: bytes) -> bytes:
    for chunk in chunks:
        intake.take(chunk)
    return intake.whole()


def test_what_was_refused_can_still_be_saved() -> None:
    """As it arrived where it could not be unpacked; the beginning of what is too large."""
    for encoding in ("gzip", "deflate", "br"):
        intake = Intake(1000, encoding, None)
        with pytest.raises(Garbled):
            _take_all(intake, b"plain ", b"text")
        assert intake.rest() == b"plain text"
    intake = Intake(1000, None, None)
    intake.take(b"a" * 900)
    with pytest.raises(TooLarge):
        intake.take(b"b" * 900)
    assert intake.rest() == b"a" * 900 + b"b" * 900
    packed = Intake(1000, "gzip", None)
    with pytest.raises(TooLarge):
        _take_all(packed, gzip.compress(CONTENT))
    assert packed.rest().startswith(CONTENT[:1000])


def test_a_deadline_is_never_later_than_the_one_around_it() -> None:
    """A call within a call has no more time than the call."""
    now = [100.0]
    outer = Deadline(10, lambda: now[0])
    with holding(outer):
        assert Deadline(60, lambda: now[0]).left() == 10
        assert Deadline(None, lambda: now[0]).left() == 10
        assert Deadline(3, lambda: now[0]).left() == 3
    assert Deadline(60, lambda: now[0]).left() == 60
    now[0] += 11
    assert outer.left() == 0
    assert outer.cut(5) == 0
    assert Deadline(None).cut(5) == 5
    assert Deadline(None).cut(None) is None


def test_the_default_limits_are_those_of_the_pages() -> None:
    """Sixteen MiB and five redirects."""
    assert repr(Limits()) == "Limits(max_body_bytes=16777216, max_redirects=5)"


@pytest.mark.parametrize(("name", "least"), [("max_body_bytes", 1), ("max_redirects", 0)])
def test_a_limit_below_its_least_is_refused_by_name(name: str, least: int) -> None:
    """And the least itself is taken."""
    assert getattr(Limits(**{name: least}), name) == least
    with pytest.raises(UsageError, match=rf"Limits\({name}\)"):
        Limits(**{name: least - 1})


@pytest.mark.parametrize("digits", [2, 19, 20, 21, 10_000])
def test_an_announced_length_may_have_any_number_of_digits(digits: int) -> None:
    """Python refuses to read some thousand of them as a number."""
    assert Intake(10, None, "9" * digits).is_hopeless
    assert Intake(10, None, "0" * digits + "11").is_hopeless
    assert not Intake(10, None, "0" * digits + "10").is_hopeless
    assert not Intake(10, None, "0" * digits).is_hopeless


def test_after_a_fitting_announcement_the_whole_limit_is_left() -> None:
    """What is announced is not counted twice."""
    intake = Intake(10, None, "10")

    intake.take(b"0123456789")

    assert intake.whole() == b"0123456789"
    with pytest.raises(TooLarge):
        intake.take(b"x")


def test_the_beginning_that_is_saved_has_64_kib() -> None:
    """Of a body that is too large."""
    intake = Intake(10, None, None)

    with pytest.raises(TooLarge):
        intake.take(b"x" * 100_000)

    assert len(intake.rest()) == 65_536


def test_gzip_is_what_it_says() -> None:
    """The other form of compression has a name of its own."""
    with pytest.raises(Garbled):
        unpacked(zlib.compress(CONTENT), "gzip")


@pytest.mark.parametrize("step", [500, 10_000])
@pytest.mark.parametrize("level", [0, 9])
def test_nothing_is_unpacked_beyond_the_byte_that_is_too_much(step: int, level: int) -> None:
    """Whatever a chunk holds, and however much was unpacked before it."""
    intake = Intake(1000, "gzip", None)
    body = gzip.compress(CONTENT[:3000], level)

    with pytest.raises(TooLarge):
        _take_all(intake, *(body[start : start + step] for start in range(0, len(body), step)))

    assert intake.rest() == CONTENT[:1001]


def test_what_follows_a_body_that_fills_the_limit_is_too_much() -> None:
    """It is not dropped without a word."""
    full = gzip.compress(b"x" * 1000)

    assert unpacked(full + gzip.compress(b""), "gzip", limit=1000, step=10_000) == b"x" * 1000
    with pytest.raises(TooLarge):
        unpacked(full + gzip.compress(b"y"), "gzip", limit=1000, step=10_000)


def test_what_cannot_be_unpacked_is_counted_as_it_arrives() -> None:
    """To the byte."""
    intake = Intake(10, "br", None)

    intake.take(b"0123456789")
    with pytest.raises(TooLarge):
        intake.take(b"x")


def test_of_a_body_that_is_announced_as_too_large_64_kib_are_taken() -> None:
    """Of any other body all of it."""
    intake = Intake(100_000, None, "100001")

    intake.take(b"x" * 65_535)
    with pytest.raises(TooLarge):
        intake.take(b"x")
    assert unpacked(b"x" * 100_000, None, limit=100_000, step=10_000) == b"x" * 100_000
