"""int32 and int64 bound whole numbers, beside whatever bounds a schema has of its own."""

from typing import Any

import pytest

from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.schema_set import SchemaSet


@pytest.mark.parametrize("is_31", [True, False])
@pytest.mark.parametrize("excluded", [True, False])
@pytest.mark.parametrize("step", [-2, -1, 0, 1, 2])
@pytest.mark.parametrize(("name", "width"), [("int32", 2**31), ("int64", 2**63)])
def test_a_number_fits_if_it_fits_its_format_and_its_bounds(
    name: str, width: int, step: int, excluded: bool, is_31: bool
) -> None:
    """A bound that is excluded stays so on the edge of the format; the flag of 3.0 is a number in 3.1."""
    least, most = step - width, width - 1 + step

    for bounds in (
        {"minimum": least, "exclusiveMinimum": excluded},
        {"maximum": most, "exclusiveMaximum": excluded},
    ):
        schemas = SchemaSet({}, is_31, "request", Notes())
        node: Any = schemas.node({"type": "integer", "format": name, **bounds}, "#")
        accepts = schemas.shape(node).accepts
        for value in (edge + distance for edge in (-width, width - 1) for distance in (-2, -1, 0, 1, 2)):
            is_within = (
                -width <= value < width
                and ("minimum" not in bounds or value >= least + excluded)
                and ("maximum" not in bounds or value <= most - excluded)
            )
            assert accepts(value) == is_within, (bounds, value)
