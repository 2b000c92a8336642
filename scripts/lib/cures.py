"""Cures of refusals: the action of an overlay that takes a place of the document away, or an option.

They go by the place alone. Whoever knows what is meant there corrects it instead, by `update` at the same
target.
"""

import json
import re

_LABEL = re.compile(r"[A-Z]{3,7} /\S*")
# A part that is there as a whole or not at all: what is wrong within it is cured by taking it out.
_WHOLE = frozenset({"parameters", "responses", "securitySchemes", "headers", "servers"})
_LISTS = frozenset({"parameters", "servers", "tags", "security", "allOf", "oneOf", "anyOf", "enum"})
_LISTS |= {"prefixItems"}


def cure(place: str) -> str:
    """Return how a place can be taken out of the document; nothing for places outside of a document."""
    if _LABEL.fullmatch(place):
        return f"--allow-missing {json.dumps(place)}"
    if place.startswith("#/") and place != "#/openapi":
        return f"overlay action {{target: {json.dumps(target(place), ensure_ascii=False)}, remove: true}}"
    return ""


def target(place: str) -> str:
    """Return the JSONPath (RFC 9535) of what an overlay has to remove, for a JSON pointer."""
    names = [name.replace("~1", "/").replace("~0", "~") for name in place.removeprefix("#/").split("/")]
    path = "$"
    for before, name in zip(["", *names], _kept(names), strict=False):
        if any(ord(character) < 32 for character in name):
            break  # no JSONPath names it, so all goes that it is a part of
        is_index = name.isascii() and name.isdecimal() and before in _LISTS
        path += f"[{name}]" if is_index else f"['{_escaped(name)}']"
    return path


def _kept(names: list[str]) -> list[str]:
    for position, name in enumerate(names[:-1]):
        if name in _WHOLE and "properties" not in names[:position] and names[position - 1] != "paths":
            return names[: position + 2]
    return names


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")
