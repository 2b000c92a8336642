"""Examples of a media type, as they are meant."""

from collections.abc import Mapping
from typing import Any

from novapost_mock.responses.json_body import BodyError, parse_json
from novapost_mock.schemas.pointers import resolved
from novapost_mock.schemas.violation import DocumentError


def meant(example: Any, schema: Any, tree: Mapping[str, Any]) -> Any:
    """Return an example of a JSON type: an object or array that is written as a text is that object or array.

    Args:
        example: what the document has.
        schema: its schema; if that is of texts, a text stays one.
        tree: the document.
    """
    if not isinstance(example, str) or not example.lstrip().startswith(("{", "[")):
        return example
    try:
        kinds = resolved(tree, schema, "").get("type") if isinstance(schema, Mapping) else None
        return example if kinds == "string" or "string" in (kinds or ()) else parse_json(example)
    except (DocumentError, BodyError):
        return example
