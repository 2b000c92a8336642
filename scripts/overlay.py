"""Build effective.json: the vendored document with the corrections of the overlay.

    python -m scripts.overlay [--check]

An OpenAPI Overlay 1.0 document (https://spec.openapis.org/overlay/v1.0.0.html), applied more strictly
than the standard asks: an action that matches nothing, changes nothing, or overwrites what it did not
say it would (`x-replaces`) stops the build under its name. A correction that upstream has made itself
thus announces itself.
"""

import argparse
import copy
import hashlib
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonpath import JSONPathEnvironment, JSONPathError, JSONPathMatch

from scripts.document.parse import Json, canonical, parse_json, parse_yaml
from scripts.document.read import checked
from scripts.lib.errors import Refusal, run
from scripts.lib.files import read_file, write_together
from scripts.lib.paths import EFFECTIVE, EMBEDDED, OVERLAY, PROVENANCE, ROOT, UPSTREAM

# RFC 9535 and nothing beyond it.
_JSONPATH = JSONPathEnvironment(strict=True)


@dataclass(frozen=True)
class Action:
    """One correction: where (`target`, RFC 9535) and what (`update`, or removal when that is None)."""

    name: str
    target: str
    update: Json
    replaces: bool
    place: str


def read_actions(content: bytes, place: str, *, ours: bool = True) -> tuple[Action, ...]:
    """The actions of an overlay document, in order.

    `ours` asks for what our own overlay must have beyond the standard: a name, a reason and evidence for each
    action, and a word where something is overwritten.

    Raises:
        Refusal: not an Overlay 1.0 document, or an action that lacks a name, a reason or evidence.
    """
    overlay = parse_yaml(content, place)
    if not isinstance(overlay, dict) or not str(overlay.get("overlay", "")).startswith("1.0."):
        raise Refusal(place, "not an OpenAPI Overlay 1.0 document")
    _refuse_unknown(overlay, {"overlay", "info", "extends", "actions"}, place)
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise Refusal(place, "has no actions")
    read = tuple(_read_action(action, f"{place} actions[{i}]", ours) for i, action in enumerate(actions))
    names = [action.name for action in read]
    for action in read:
        if action.name and names.count(action.name) > 1:
            raise Refusal(action.place, f"the x-id {action.name!r} is taken twice")
    return read


def _read_action(action: Json, place: str, ours: bool) -> Action:
    if not isinstance(action, dict):
        raise Refusal(place, "not an object")
    name = action.get("x-id", "" if not ours else None)
    if not isinstance(name, str) or (ours and not name):
        raise Refusal(place, "has no x-id")
    place = f"{place} ({name})" if name else place
    _refuse_unknown(action, {"target", "description", "update", "remove"}, place)
    target = action.get("target")
    if not isinstance(target, str):
        raise Refusal(place, "has no target")
    if ours and (not action.get("description") or not action.get("x-evidence")):
        raise Refusal(place, "has no reason (description) or no evidence (x-evidence)")
    if ("update" in action) == (action.get("remove") is True):
        raise Refusal(place, "needs either update or remove: true")
    replaces = action.get("x-replaces", not ours) is True
    return Action(name, target, action.get("update"), replaces, place)


def _refuse_unknown(node: dict[str, Any], known: set[str], place: str) -> None:
    for key in node:
        if key not in known and not key.startswith("x-"):
            raise Refusal(place, f"has the unknown field {key!r}")


def apply(document: Json, actions: tuple[Action, ...]) -> Json:
    """A copy of `document` with all actions applied in order.

    Raises:
        Refusal: an action matches nothing, changes nothing, or overwrites without `x-replaces`.
    """
    result = copy.deepcopy(document)
    for action in actions:
        result = _apply_one(result, action)
    return result


def corrected(document: dict[str, Any], overlay: Path, place: str) -> dict[str, Any]:
    """A document with the corrections of an overlay in a file.

    Raises:
        Refusal: see `read_actions` and `apply`; or nothing is left of the document.
    """
    result = apply(document, read_actions(read_file(overlay), overlay.name, ours=False))
    return checked(result, place)


def _apply_one(document: Json, action: Action) -> Json:
    try:
        matches = list(_JSONPATH.finditer(action.target, document))
    except JSONPathError as error:
        raise Refusal(action.place, f"the target is not JSONPath (RFC 9535): {error}") from error
    if not matches:
        raise Refusal(action.place, f"matches nothing: {action.target}")
    if action.update is None:
        return _remove(document, matches, action)
    for match in matches:
        _update(match.obj, action.update, match.path, action)
    return document


def _remove(document: Json, matches: list[JSONPathMatch], action: Action) -> Json:
    # From the last to the first, so that the positions in an array stay true while it shrinks.
    for match in reversed(matches):
        if match.parent is None:
            raise Refusal(action.place, "would remove the whole document")
        parent: Any = match.parent.obj
        del parent[match.parts[-1]]
    return document


def _update(node: Any, update: Json, path: str, action: Action) -> None:
    if isinstance(node, list):
        node.append(copy.deepcopy(update))
        return
    if not isinstance(node, dict) or not isinstance(update, dict):
        raise Refusal(action.place, f"{path} and the update must both be objects, or the target an array")
    if not update:
        raise Refusal(action.place, f"changes nothing at {path}")
    for key, value in update.items():
        _merge(node, key, value, f"{path}[{key!r}]", action)


def _merge(node: dict[str, Any], key: str, value: Json, path: str, action: Action) -> None:
    if key not in node:
        node[key] = copy.deepcopy(value)
    elif node[key] == value and type(node[key]) is type(value):
        raise Refusal(
            action.place, f"changes nothing at {path}: upstream says so itself, drop the correction"
        )
    elif isinstance(node[key], dict) and isinstance(value, dict):
        _update(node[key], value, path, action)
    elif action.replaces:
        node[key] = copy.deepcopy(value)
    else:
        raise Refusal(action.place, f"would overwrite {path}, which upstream now says otherwise")


def build(upstream: Path = UPSTREAM, provenance: Path = PROVENANCE, overlay: Path = OVERLAY) -> bytes:
    """The bytes of effective.json.

    Raises:
        Refusal: the vendored document is not the one that the provenance records, or see `apply`.
    """
    block = read_file(upstream)
    if hashlib.sha256(block).hexdigest() != _recorded(provenance):
        raise Refusal(str(upstream), f"is not the block that {provenance.name} records; run make vendor")
    document = parse_json(block, str(upstream))
    actions = read_actions(read_file(overlay), overlay.name)
    return canonical(apply(document, actions))


def _recorded(provenance: Path) -> Json:
    try:
        return tomllib.loads(read_file(provenance).decode()).get("block_sha256")
    except ValueError as error:
        raise Refusal(str(provenance), f"not TOML: {error}") from error


def main(arguments: list[str] | None = None) -> int:
    """The verb: build effective.json and the copy that the mock carries."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.overlay",
        description="Build openapi/effective.json from upstream.json and overlay.yaml.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a byte would differ")
    options = parser.parse_args(arguments)
    effective = build()
    stale = [path for path in (EFFECTIVE, EMBEDDED) if not path.is_file() or path.read_bytes() != effective]
    if options.check and stale:
        for path in stale:
            print(
                f"{path.relative_to(ROOT)}: differs from a fresh build; run make regenerate", file=sys.stderr
            )
        return 1
    if not options.check:
        write_together(dict.fromkeys((EFFECTIVE, EMBEDDED), effective))
    print(f"openapi/effective.json: {len(effective)} bytes, sha256 {hashlib.sha256(effective).hexdigest()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(run(main))
