"""Build effective.json: the vendored document with the corrections of the overlay.

    python -m scripts.overlay [--check]

An OpenAPI Overlay 1.0 document (https://spec.openapis.org/overlay/v1.0.0.html), applied more strictly
than the standard asks: an action that matches nothing, changes nothing, or overwrites what it did not
say it would (`x-replaces`) stops the build under its name, and one run tells all such actions. A correction
that upstream has made itself thus announces itself.

An extension of ours renames: `x-rename: NAME`, or `x-rename: {from: PATTERN, to: TEXT}`, in place of `update`
and `remove`, gives another key to each value that the target selects.
"""

import argparse
import copy
import hashlib
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonpath import JSONPathEnvironment, JSONPathError, JSONPathMatch

from scripts.document.parse import Json, canonical, parse_json, parse_yaml
from scripts.document.read import checked
from scripts.document.tree import escape
from scripts.lib.errors import Refusal, Refusals, run
from scripts.lib.files import read_file, write_together
from scripts.lib.paths import EFFECTIVE, EMBEDDED, OVERLAY, PROVENANCE, ROOT, UPSTREAM

# RFC 9535 and nothing beyond it.
_JSONPATH = JSONPathEnvironment(strict=True)
_LONGEST_PATTERN = 200


@dataclass(frozen=True)
class Rename:
    """How a key is renamed: what of it matches `pattern` becomes `text`; a key that does not match stays."""

    pattern: re.Pattern[str]
    text: str


@dataclass(frozen=True)
class Action:
    """One correction: where (`target`, RFC 9535) and what: an update, a rename, or removal."""

    name: str
    target: str
    update: Json
    replaces: bool
    place: str
    rename: Rename | None = None
    removes: bool = False


def read_actions(content: bytes, place: str, *, ours: bool = True) -> tuple[Action, ...]:
    """Return the actions of an overlay document, in order.

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
    found: list[Action] = []
    faults: list[Refusal] = []
    for i, action in enumerate(actions):
        try:
            found.append(_read_action(action, f"{place} actions[{i}]", ours))
        except Refusal as refusal:
            faults.append(refusal)
    _refuse(faults)
    read = tuple(found)
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
    rename = _read_rename(action["x-rename"], place) if "x-rename" in action else None
    removes = action.get("remove") is True
    if ("update" in action) + removes + (rename is not None) != 1:
        raise Refusal(place, "needs one of update, remove: true and x-rename")
    replaces = action.get("x-replaces", not ours) is True
    return Action(name, target, action.get("update"), replaces, place, rename, removes)


def _read_rename(given: Json, place: str) -> Rename:
    if isinstance(given, str) and given:
        return Rename(re.compile(r"\A.*\Z", re.DOTALL), given.replace("\\", r"\\"))
    pattern, text = (given.get("from"), given.get("to")) if isinstance(given, dict) else (None, None)
    if not isinstance(pattern, str) or not isinstance(text, str) or len(pattern) > _LONGEST_PATTERN:
        raise Refusal(place, "x-rename must be a name, or {from: PATTERN, to: TEXT}")
    try:
        compiled = re.compile(pattern)
        compiled.sub(text, "")
    except (re.error, IndexError) as error:
        raise Refusal(place, f"x-rename: {error}") from error
    return Rename(compiled, text)


def _refuse(faults: list[Refusal]) -> None:
    """Raise all faults at once; a single fault as it is."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise Refusals(faults)


def _refuse_unknown(node: dict[str, Any], known: set[str], place: str) -> None:
    for key in node:
        if key not in known and not key.startswith("x-"):
            raise Refusal(place, f"has the unknown field {key!r}")


def apply(document: Json, actions: tuple[Action, ...]) -> Json:
    """Return a copy of `document` with all actions applied in order.

    Raises:
        Refusal: an action matches nothing, changes nothing, or overwrites without `x-replaces`.
        Refusals: several do; each is told.
    """
    result = copy.deepcopy(document)
    faults: list[Refusal] = []
    for action in actions:
        try:
            result = _apply_one(result, action)
        except Refusal as refusal:
            faults.append(refusal)
        except Refusals as several:
            faults += several.refusals
    _refuse(faults)
    return result


def corrected(document: dict[str, Any], overlay: Path, place: str) -> dict[str, Any]:
    """Return a document with the corrections of an overlay in a file.

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
    if action.rename is not None:
        return _rename(document, matches, action, action.rename)
    if action.removes:
        return _remove(document, matches, action)
    faults: list[Refusal] = []
    for match in matches:
        _update(match.obj, action.update, match.path, action, faults)
    _refuse(faults)
    return document


def _rename(document: Json, matches: list[JSONPathMatch], action: Action, rename: Rename) -> Json:
    """Give the selected values other keys, in their places; what requires or refers to them follows."""
    by_holder: dict[int, tuple[dict[str, Any], dict[str, str], JSONPathMatch]] = {}
    for match in matches:
        holder = match.parent.obj if match.parent is not None else None
        key = match.parts[-1] if match.parts else None
        if isinstance(holder, dict) and isinstance(key, str) and match.parent is not None:
            new = rename.pattern.sub(rename.text, key, count=1)
            if new != key:
                by_holder.setdefault(id(holder), (holder, {}, match.parent))[1][key] = new
    if not by_holder:
        raise Refusal(action.place, f"renames nothing: no key at {action.target} matches")
    faults: list[Refusal] = []
    moved: dict[str, str] = {}
    for holder, renamed, parent in by_holder.values():
        kept = holder.keys() - renamed.keys()
        clash = next((new for new in renamed.values() if new in kept or not new), None)
        if clash is not None or len(set(renamed.values())) < len(renamed):
            faults.append(Refusal(action.place, f"two keys at {parent.path} would be {clash!r}"))
            continue
        items = [(renamed.get(key, key), value) for key, value in holder.items()]
        holder.clear()
        holder.update(items)
        _follow_properties(parent, renamed)
        place = "#" + "".join(f"/{escape(str(part))}" for part in parent.parts)
        moved |= {f"{place}/{escape(key)}": f"{place}/{escape(new)}" for key, new in renamed.items()}
    _refuse(faults)
    _follow_references(document, moved)
    return document


def _follow_properties(holder: JSONPathMatch, renamed: dict[str, str]) -> None:
    """Rename properties also where the schema requires them and where they tell its alternatives apart."""
    schema = holder.parent.obj if holder.parent is not None else None
    if not holder.parts or holder.parts[-1] != "properties" or not isinstance(schema, dict):
        return
    required = schema.get("required")
    if isinstance(required, list):
        required[:] = [renamed.get(one, one) if isinstance(one, str) else one for one in required]
    discriminator = schema.get("discriminator")
    if isinstance(discriminator, dict) and discriminator.get("propertyName") in renamed:
        discriminator["propertyName"] = renamed[discriminator["propertyName"]]


def _follow_references(document: Json, moved: dict[str, str]) -> None:
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str):
                for old, new in moved.items():
                    if reference == old or reference.startswith(f"{old}/"):
                        value["$ref"] = new + reference[len(old) :]
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _remove(document: Json, matches: list[JSONPathMatch], action: Action) -> Json:
    # From the last to the first, so that the positions in an array stay true while it shrinks.
    for match in reversed(matches):
        if match.parent is None:
            raise Refusal(action.place, "would remove the whole document")
        parent: Any = match.parent.obj
        del parent[match.parts[-1]]
    return document


def _update(node: Any, update: Json, path: str, action: Action, faults: list[Refusal]) -> None:
    if isinstance(node, list):
        node.append(copy.deepcopy(update))
        return
    if not isinstance(node, dict) or not isinstance(update, dict):
        reason = f"{path} and the update must both be objects, or the target an array"
        faults.append(Refusal(action.place, reason))
        return
    if not update:
        faults.append(Refusal(action.place, f"changes nothing at {path}"))
    for key, value in update.items():
        _merge(node, key, value, f"{path}[{key!r}]", action, faults)


def _merge(
    node: dict[str, Any], key: str, value: Json, path: str, action: Action, faults: list[Refusal]
) -> None:
    if key not in node:
        node[key] = copy.deepcopy(value)
    elif node[key] == value and type(node[key]) is type(value):
        reason = f"changes nothing at {path}: upstream says so itself, drop the correction"
        faults.append(Refusal(action.place, reason))
    elif isinstance(node[key], dict) and isinstance(value, dict):
        _update(node[key], value, path, action, faults)
    elif action.replaces:
        node[key] = copy.deepcopy(value)
    else:
        faults.append(Refusal(action.place, f"would overwrite {path}, which upstream now says otherwise"))


def build(upstream: Path = UPSTREAM, provenance: Path = PROVENANCE, overlay: Path = OVERLAY) -> bytes:
    """Return the bytes of effective.json.

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
    """Build effective.json and the copy that the mock carries; return the exit code."""
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
