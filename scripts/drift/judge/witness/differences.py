"""Values of the schemas that the library gives out: what one schema takes and another does not."""

from itertools import islice
from typing import Any

from scripts.drift.document.spec import Spec
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.witness.samples import Samples

MAX_SAMPLES = 8


def samples_of(schema: Any) -> tuple[Any, ...]:
    """Return some values of a JSON Schema that stands alone. Not checked."""
    if not isinstance(schema, dict):
        return ()
    reader = Reader(
        Spec({"openapi": "3.1.0", **{k: v for k, v in schema.items() if k != "openapi"}}), "schema"
    )
    try:
        shape = reader.shape(schema)
        samples = Samples(reader)
        found = list(islice(samples.values(shape), MAX_SAMPLES))
        return tuple(found)
    except (RecursionError, OverflowError, ValueError):
        return ()
