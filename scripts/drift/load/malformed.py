"""Notes on parts of a document that are of another kind than OpenAPI knows: nobody can judge these."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.drift.document.spec import METHODS, as_dict
from scripts.lib.errors import printable

MAX_NOTES = 20
_ITEM: Mapping[str, type[Any]] = {**dict.fromkeys(METHODS, dict), "parameters": list, "servers": list}
_OPERATION: Mapping[str, type[Any]] = {
    **dict.fromkeys(("requestBody", "responses", "callbacks"), dict),
    **dict.fromkeys(("parameters", "security", "servers", "tags"), list),
}
_DOCUMENT: Mapping[str, type[Any]] = {"info": dict, **dict.fromkeys(("servers", "security", "tags"), list)}
_KINDS: Mapping[type[Any], str] = {dict: "object", list: "list"}


def malformed(document: Mapping[str, Any]) -> list[str]:
    """Return a note on each part of the wrong kind; what they hold is compared to the letter."""
    notes = list(_all(document))
    more = len(notes) - MAX_NOTES
    return [*notes[:MAX_NOTES], *([f"and {more} more of this kind"] if more > 0 else [])]


def _all(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _notes("", document, _DOCUMENT)
    for group, parts in as_dict(document.get("components")).items():
        if not str(group).startswith("x-"):
            yield from _notes("/components", {group: parts}, {group: dict})
    for key in ("paths", "webhooks"):
        for path, item in as_dict(document.get(key)).items():
            place = f"/{key}/{str(path).replace('~', '~0').replace('/', '~1')}"
            if str(path).startswith("x-"):
                continue
            if not isinstance(item, dict):
                yield _note(place, dict)
                continue
            yield from _notes(place, item, _ITEM)
            for method in METHODS:
                yield from _notes(f"{place}/{method}", as_dict(item.get(method)), _OPERATION)


def _notes(place: str, owner: Mapping[str, Any], kinds: Mapping[str, type[Any]]) -> Iterator[str]:
    for key, value in owner.items():
        if key in kinds and value is not None and not isinstance(value, kinds[key]):
            yield _note(f"{place}/{key}", kinds[key])
        elif key == "parameters" and isinstance(value, list):
            wrong = (index for index, one in enumerate(value) if not isinstance(one, dict))
            yield from (_note(f"{place}/parameters/{index}", dict) for index in wrong)


def _note(place: str, kind: type[Any]) -> str:
    return f"{printable(place, 200)} is not an {_KINDS[kind]} and is not judged".replace("an list", "a list")
