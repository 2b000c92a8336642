"""An overlay that makes one document of another, an action for each place, to be read by people."""

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from scripts.document.tree import escape
from scripts.lib.errors import Refusal

_HEAD = """\
# Proposed by `python -m scripts.regenerate --fix`: what the document would have to say to be taken as it is,
# its schemas as wide as its examples. Read each action before you use it; an example can be wrong, too.
"""
STARRED = {
    "target": "$..properties.*",
    "description": "A page puts * after what is required; no server reads it. (x-rename is our extension.)",
    "x-rename": {"from": r"[*]+$", "to": ""},
}
Path = tuple[str | int, ...]


def actions(
    before: dict[str, Any], after: dict[str, Any], notes: Sequence[Refusal] = ()
) -> list[dict[str, Any]]:
    """Return the actions that lead from one document to another.

    Args:
        before: the document.
        after: what it is to become.
        notes: why, each with the pointer of its place.
    """
    return [_described(action, path, notes) for path, action in _steps(before, after, ())]


def overlay(title: str, listed: list[dict[str, Any]]) -> bytes:
    """Return an overlay document of some actions, in YAML."""
    document = {"overlay": "1.0.0", "info": {"title": title, "version": "1.0.0"}, "actions": listed}
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    return (_HEAD + text).encode()


def _steps(
    before: dict[str, Any], after: dict[str, Any], path: Path
) -> Iterator[tuple[Path, dict[str, Any]]]:
    for key in before:
        if key not in after:
            yield (*path, key), {"target": json_path((*path, key)), "remove": True}
    for key, value in after.items():
        if key not in before:
            yield (*path, key), {"target": json_path(path), "update": {key: value}}
        elif not _same(before[key], value):
            yield from _changed(before[key], value, path, key)


def _changed(before: Any, after: Any, path: Path, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    whole = (*path, key)
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _steps(before, after, whole)
    elif isinstance(before, list) and isinstance(after, list) and _same(before, after[: len(before)]):
        for item in after[len(before) :]:
            yield whole, {"target": json_path(whole), "update": item}
    elif (
        isinstance(before, list)
        and isinstance(after, list)
        and len(before) == len(after)
        and all(isinstance(item, dict) for item in (*before, *after))
    ):
        for i, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _steps(one, other, (*whole, i))
    elif isinstance(before, list) or isinstance(after, list):
        # An update of a list adds to it; so the old one goes first.
        yield whole, {"target": json_path(whole), "remove": True}
        yield whole, {"target": json_path(path), "update": {key: after}}
    else:
        yield whole, {"target": json_path(path), "x-replaces": True, "update": {key: after}}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other and repr(one) == repr(other)


def json_path(path: Path) -> str:
    """Return a place as a normalized path of RFC 9535."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f"[{_quoted(step)}]" for step in path)


def _quoted(name: str) -> str:
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _described(action: dict[str, Any], path: Path, notes: Sequence[Refusal]) -> dict[str, Any]:
    pointer = "#" + "".join(f"/{escape(str(step))}" for step in path)
    exact = [note for note in notes if note.place == pointer or pointer.startswith(f"{note.place}/")]
    below = [note for note in notes if note.place.startswith(f"{pointer}/")]
    reasons = list(dict.fromkeys(note.reason for note in (exact or below)))[-3:]
    target = {"target": action["target"]}
    if reasons:
        target["description"] = "; ".join(reasons)[:500]
    return {**target, **{key: value for key, value in action.items() if key != "target"}}
