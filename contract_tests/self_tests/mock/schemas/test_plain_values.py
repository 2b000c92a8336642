"""A number lies between its bounds and on its steps, and is found wherever there is one."""

from fractions import Fraction
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novapost_mock.schemas.plain_values import NoNumberError, number, plain

# Quarters, so that floats hold them as they are.
QUARTERS = st.integers(-12, 12).map(lambda quarters: quarters / 4)
SCHEMAS = st.fixed_dictionaries(
    {},
    optional={
        "minimum": QUARTERS,
        "exclusiveMinimum": QUARTERS,
        "maximum": QUARTERS,
        "exclusiveMaximum": QUARTERS,
        "multipleOf": st.integers(1, 10).map(lambda quarters: quarters / 4),
    },
)


def fitting(schema: dict[str, Any], kind: str) -> list[Fraction]:
    """Return all eighths near the bounds that fit a schema."""
    fits = jsonschema_rs.Draft202012Validator({"type": kind, **schema}).is_valid
    return [Fraction(eighths, 8) for eighths in range(-200, 201) if fits(eighths / 8)]


@given(SCHEMAS, st.sampled_from(["integer", "number"]), st.none() | st.integers(0, 9).map(Random))
def test_a_number_is_found_if_and_only_if_there_is_one(
    schema: dict[str, Any], kind: str, random: Random | None
) -> None:
    """Bounds that belong to what is allowed and bounds that do not, on a step and beside one."""
    there_are = fitting(schema, kind)

    try:
        made = number(schema, kind == "integer", random)
    except NoNumberError:
        # Between two bounds that are near each other only some places are tried.
        assert not there_are or (kind == "number" and "multipleOf" not in schema and len(there_are) < 8)
        return
    assert jsonschema_rs.Draft202012Validator({"type": kind, **schema}).is_valid(made)


@pytest.mark.parametrize("random", [None, Random(1)], ids=["always the same", "by chance"])
@given(st.integers(0, 60), st.none() | st.integers(0, 60))
def test_a_text_is_as_long_as_is_asked(random: Random | None, least: int, most: int | None) -> None:
    """Up to the longest, where the two contradict each other."""
    text = plain(random, least, most)

    assert len(text) <= (len(text) if most is None else most)
    assert len(text) >= (least if most is None else min(least, most))
