"""int32 and int64 bound whole numbers, beside whatever bounds a schema has of its own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.schema_set import SchemaSet

WIDTHS = {"int32": 2**31, "int64": 2**63}


@st.composite
def bounded(draw: st.DrawFn) -> tuple[str, dict[str, Any], int]:
    """Return a format, bounds near its own, and a number near one of them."""
    name = draw(st.sampled_from([*WIDTHS]))
    near = st.sampled_from([-WIDTHS[name], WIDTHS[name] - 1]).flatmap(
        lambda edge: st.integers(-2, 2).map(lambda step: edge + step)
    )
    bounds = draw(st.fixed_dictionaries({}, optional={"minimum": near, "maximum": near}))
    for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if plain in bounds and draw(st.booleans()):
            bounds[exclusive] = True
    return name, bounds, draw(near)


def fits(name: str, bounds: dict[str, Any], value: int) -> bool:
    """Tell whether a number lies within the format and within the bounds."""
    low, high = bounds.get("minimum"), bounds.get("maximum")
    return (
        -WIDTHS[name] <= value < WIDTHS[name]
        and (low is None or value > low - (not bounds.get("exclusiveMinimum")))
        and (high is None or value < high + (not bounds.get("exclusiveMaximum")))
    )


@pytest.mark.parametrize("is_31", [True, False])
@given(bounded())
def test_a_number_fits_if_it_fits_its_format_and_its_bounds(
    is_31: bool, case: tuple[str, dict[str, Any], int]
) -> None:
    """A bound that is excluded stays so on the edge of the format; the flag of 3.0 is a number in 3.1."""
    name, bounds, value = case
    schemas = SchemaSet({}, is_31, "request", Notes())

    node = schemas.node({"type": "integer", "format": name, **bounds}, "#")

    assert schemas.shape(node).accepts(value) == fits(name, bounds, value)
