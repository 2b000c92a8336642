"""Is JSON of a stranger read without surprises, and every value held against its kind?"""

import contextlib
import copy
import datetime
import gc
import json
import pickle
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scripts.runtime import parsing as p
from scripts.runtime.enums import OpenIntEnum, OpenStrEnum
from scripts.runtime.json_text import MAX_DEPTH, NotJson, loads
from scripts.runtime.values import UNSET, File, Unset


class Colour(OpenStrEnum):
    """For the tests below."""

    RED = "red"
    UNLISTED = "unlisted"


class Size(OpenIntEnum):
    """For the tests below."""

    ONE = 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_json_is_read_as_python_reads_it(value: Any) -> None:
    """What is refused is refused for a reason; the rest is the same."""
    try:
        text = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return

    assert loads(text) == value


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    """A value or NotJson, nothing else."""
    with contextlib.suppress(NotJson):
        loads(content)


def test_depth_is_bounded_where_it_says() -> None:
    """Brackets within text do not count."""
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert loads(json.dumps("[" * 5000).encode()) == "[" * 5000
    with pytest.raises(NotJson, match="deeper"):
        loads(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


PIECES = st.sampled_from(
    ["[", "]", "{", "}", '"', "\\", ":", ",", "a", "b", "1", "\u00e9", "\\u0022", " ", "\n"]
)


def as_python_reads_it(content: bytes) -> tuple[Any, int]:
    """Return the value and the depth of a JSON text, names compared one by one."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(found)) != len(found):
            raise ValueError
        return dict(found)

    def depth(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if inner is None else 1 + max(map(depth, inner), default=0)

    value = json.loads(content, object_pairs_hook=pairs)
    return value, depth(value)


@settings(max_examples=400)
@given(
    st.lists(PIECES, max_size=30).map("".join)
    | st.lists(st.tuples(st.sampled_from(['a"', "[a", "b}", ":", ",", "\\", ""]), JSON), max_size=4).map(
        lambda pairs: "{" + ",".join(f"{json.dumps(k)}:{json.dumps(v)}" for k, v in pairs) + "}"
    )
)
def test_names_and_brackets_are_counted_outside_of_text_alone(text: str) -> None:
    """Twice the same name is refused, and nothing else, whatever stands within names and values."""
    content = text.encode()
    try:
        value, _ = as_python_reads_it(content)
    except ValueError:
        with pytest.raises(NotJson):
            loads(content)
    else:
        assert loads(content) == value


@given(
    st.integers(MAX_DEPTH - 3, MAX_DEPTH + 3),
    st.lists(st.sampled_from("[{"), min_size=110, max_size=110),
    JSON,
)
def test_depth_is_told_to_the_level(depth: int, kinds: list[str], beside: Any) -> None:
    """Of arrays and objects in any mixture, with others beside them."""
    text = "1"
    for kind in kinds[:depth]:
        other = json.dumps(beside)
        text = f"[{other},{text}]" if kind == "[" else f'{{"]}}{{[":{other},"a":{text}}}'
    content = text.encode()
    if as_python_reads_it(content)[1] > MAX_DEPTH:
        with pytest.raises(NotJson, match="nested deeper"):
            loads(content)
    else:
        loads(content)


def test_brackets_that_stay_open_are_no_depth() -> None:
    """The message is of the mistake that there is."""
    with pytest.raises(NotJson, match="no JSON"):
        loads(b"[" * MAX_DEPTH + b"1" + b"]]" + b"[]" * MAX_DEPTH)
    with pytest.raises(NotJson, match="deeper"):
        loads(b"[" * 10_000)


def test_commas_within_text_are_no_values() -> None:
    """A text may be long."""
    assert loads(json.dumps("," * 600_000).encode()) == "," * 600_000
    with pytest.raises(NotJson, match="values"):
        loads(b"[" + b"1," * 500_001 + b"1]")


def test_a_value_of_several_kinds_leaves_no_garbage() -> None:
    """A mismatch that is kept would hold the frame that keeps it, until the collector comes."""
    codec = p.Union(p.DATE, p.Array(p.INTEGER), p.Constant("b"), p.NULL)
    mismatches: list[Any] = ["c", 1.5, ["a"], {}]
    gc.collect()
    gc.disable()
    try:
        for value in (None, "2026-01-01", [1]):
            codec.parse(value)
        for wrong in mismatches:
            with contextlib.suppress(p.Mismatch):
                codec.parse(wrong)
            with contextlib.suppress(p.Mismatch):
                codec.dump(wrong)
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("value", "place"), [(["a"], "$[0]"), ([1, "a"], "$[1]"), ("c", "$"), ({}, "$"), (True, "$")]
)
def test_a_union_tells_the_place_of_the_alternative_that_got_furthest(value: Any, place: str) -> None:
    """An array of numbers with a text in it is a wrong array and no wrong date."""
    with pytest.raises(p.Mismatch) as caught:
        p.Union(p.DATE, p.Array(p.INTEGER), p.NULL).parse(value)
    assert caught.value.json_path == place


def test_a_message_quotes_nothing() -> None:
    """The text may be a key."""
    for content in (b'{"secret"', b'{"secret":1,"secret":1}', b"[secret]", b"\xffsecret", b'"secret'):
        with pytest.raises(NotJson) as caught:
            loads(content)
        assert "secret" not in str(caught.value)


CODECS: list[p.Codec[Any]] = [
    p.TEXT,
    p.BOOLEAN,
    p.INTEGER,
    p.NUMBER,
    p.NULL,
    p.MOMENT,
    p.DATE,
    p.UUID,
    p.Constant("a"),
    p.Constant(1),
    p.Choice(["a", 1]),
    p.Listed(Colour),
    p.Listed(Size),
    p.Array(p.INTEGER),
    p.Union(p.INTEGER, p.TEXT, p.NULL),
    p.ANY,
]


@pytest.mark.parametrize("value", [2**53 + 1, -(2**63) + 1, 10**300 + 1])
def test_a_number_that_is_no_float_loses_no_digit(value: int) -> None:
    """An account or a balance is not to be another one."""
    for codec in (p.NUMBER, p.Union(p.NUMBER, p.NULL), p.ANY):
        assert codec.parse(value) == value
        assert codec.dump(codec.parse(value)) == value
    assert isinstance(p.NUMBER.parse(2**53), float)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: type(codec).__name__)
@settings(max_examples=40)
@given(value=JSON)
@example(value=2**53 + 1)
@example(value=10**400)
def test_a_value_is_of_its_kind_or_a_mismatch(codec: p.Codec[Any], value: Any) -> None:
    """And what was parsed is written as what it came from."""
    try:
        parsed = codec.parse(value)
    except p.Mismatch:
        return
    written = codec.dump(parsed)
    if isinstance(parsed, (datetime.date, datetime.datetime)):
        assert codec.parse(written) == parsed
    else:
        assert written == value
        assert isinstance(written, bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (p.INTEGER, True),
        (p.INTEGER, 1.5),
        (p.INTEGER, "1"),
        (p.NUMBER, False),
        (p.NUMBER, 10**400),
        (p.NUMBER, float("nan")),
        (p.BOOLEAN, 1),
        (p.BOOLEAN, "true"),
        (p.TEXT, None),
        (p.MOMENT, "2026-01-01T00:00:00"),
        (p.MOMENT, "2026-01-01"),
        (p.MOMENT, "2026-01-01T24:00:00Z"),
        (p.MOMENT, "2026-01-01T00:00:00+0000"),
        (p.MOMENT, "2016-12-31T12:59:60Z"),
        (p.MOMENT, "2016-12-31T23:59:60+01:00"),
        (p.MOMENT, "2016-12-31T23:59:61Z"),
        (p.MOMENT, "9999-12-31T23:59:60Z"),
        (p.DATE, "20260101"),
        (p.DATE, "2026-1-1"),
        (p.UUID, "{6f1d2c3b-0a1b-4c2d-8e3f-123456789abc}"),
        (p.Constant(1), True),
        (p.Constant(1), 1.5),
        (p.Constant(0), False),
        (p.Constant(True), 1),
        (p.Constant("1"), 1),
        (p.Choice([1]), 1.5),
        (p.Choice([1]), True),
        (p.Listed(Size), True),
        (p.Listed(Size), "1"),
        (p.Listed(Colour), 1),
        (p.Array(p.TEXT), "text"),
        (p.Array(p.TEXT), {}),
        (p.Union(p.INTEGER, p.NULL), "1"),
    ],
    ids=lambda each: str(each) if isinstance(each, str | int | float | None) else type(each).__name__,
)
def test_what_is_nearly_right_is_wrong(codec: p.Codec[Any], value: Any) -> None:
    """A boolean is no number, a date has no half, and the reason does not hold the value."""
    with pytest.raises(p.Mismatch) as caught:
        codec.parse(value)
    assert str(value) not in caught.value.reason or len(str(value)) < 5


@pytest.mark.parametrize(
    ("codec", "value", "wanted"),
    [
        (p.Constant(1), 1.0, 1),
        (p.Constant(1.0), 1, 1.0),
        (p.Constant(True), True, True),
        (p.Choice([1, "a"]), 1.0, 1),
        (p.Listed(Size), 1.0, Size.ONE),
        (p.Listed(Size), 7.0, Size(7)),
    ],
    ids=["constant", "constant of floats", "true", "choice", "listed", "listed, unknown"],
)
def test_one_and_one_point_zero_are_one_number(codec: p.Codec[Any], value: Any, wanted: Any) -> None:
    """JSON has one kind of number, and a caller gets the one that the document writes."""
    parsed = codec.parse(value)

    assert parsed == wanted
    assert type(parsed) is type(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("1990-12-31t15:59:60-08:00", "1990-12-31T16:00:00-08:00"),
        ("2015-06-30T23:59:60.75Z", "2015-07-01T00:00:00.750000+00:00"),
        ("2017-01-01T05:29:60+05:30", "2017-01-01T05:30:00+05:30"),
    ],
)
def test_a_leap_second_is_a_moment(text: str, wanted: str) -> None:
    """RFC 3339, sections 5.6 and 5.7, and its own examples."""
    assert p.MOMENT.parse(text).isoformat() == wanted


def test_a_union_takes_the_most_particular_kind() -> None:
    """In whatever order the document lists them."""
    for codec in (p.Union(p.TEXT, p.DATE, p.Listed(Colour)), p.Union(p.Listed(Colour), p.DATE, p.TEXT)):
        assert isinstance(codec.parse("2026-01-02"), datetime.date)
        assert codec.parse("red") is Colour.RED
        assert type(codec.parse("other")) is str
    assert p.Union(p.NUMBER, p.INTEGER).parse(1) == 1
    # Where none knows the value, it is that of the first kind that takes it.
    assert type(p.Union(p.NULL, p.Listed(Colour), p.Listed(Size)).parse("green")) is Colour


def test_enumerations_keep_what_they_do_not_know() -> None:
    """It compares, hashes, pickles and says so; two of them are not the same by accident."""
    for members, value in ((Colour, "green"), (Size, 7)):
        unknown = members(value)  # type: ignore[arg-type]
        again = pickle.loads(pickle.dumps(unknown))  # noqa: S301 - our own
        assert unknown == value == again == copy.deepcopy(unknown)
        assert hash(unknown) == hash(value)
        assert not unknown.is_known
        assert isinstance(unknown, members)
        assert unknown not in list(members)
    assert Colour("red").is_known
    assert Colour("unlisted").is_known
    assert Colour("UNLISTED") != Colour.UNLISTED
    assert not Colour("UNLISTED").is_known
    assert f"{Colour('green')} {Size(7)}" == "green 7"
    with pytest.raises(ValueError, match="1"):
        Colour(1)  # type: ignore[arg-type]


def test_unset_is_one() -> None:
    """Copied or pickled, it is the same."""
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET  # noqa: S301 - our own
    assert copy.copy(UNSET) is copy.deepcopy(UNSET) is UNSET
    assert not UNSET
    assert Unset() == UNSET
    assert UNSET != None  # noqa: E711 - null is something else than nothing


def test_a_file_is_read_as_often_as_asked() -> None:
    """A repeated call sends it whole again."""
    file = File(b"abc", "a.txt", "text/plain")

    assert file.read() == file.read() == b"abc"
    assert pickle.loads(pickle.dumps(file)) == file == copy.deepcopy(file)  # noqa: S301 - our own
    assert File(b"abc") != File(b"abd")
