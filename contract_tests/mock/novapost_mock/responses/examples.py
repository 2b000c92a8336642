"""Examples of a media type, as they are meant."""

from typing import Any

from novapost_mock.responses.json_body import BodyError, parse_json


def meant(example: Any) -> Any:
    """Return an example of a JSON type that its schema does not take as it is written.

    An object or array that is written as a text is that object or array; anything else stays as it is.
    """
    if not isinstance(example, str) or not example.lstrip().startswith(("{", "[")):
        return example
    try:
        return parse_json(example)
    except BodyError:
        return example
