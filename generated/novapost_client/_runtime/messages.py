# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The messages of a service: whatever in the body of an error is text for people."""

from typing import Any

from . import json_text
from .redaction import one_line, redact
from .values import is_array, is_object

_MAX_MESSAGES = 20


def messages(content: bytes, secrets: frozenset[str]) -> list[str]:
    """Return whatever in an error's body reads like a message, whether the body is as documented or not."""
    try:
        value = json_text.loads(content)
    except json_text.NotJson:
        return []
    found: list[str] = []
    for name in ("errors", "error", "message", "detail", "title"):
        if is_object(value) and name in value:
            found += _texts(value[name])
            if found:
                break
    return [one_line(redact(text, secrets)) for text in found[:_MAX_MESSAGES]]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    if is_array(value):
        return [text for item in value[:_MAX_MESSAGES] for text in _texts(item)]
    if is_object(value):
        named = list(value.items())[:_MAX_MESSAGES]
        return [f"{name}: {text}" if name else text for name, item in named for text in _texts(item)]
    return []
