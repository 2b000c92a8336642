"""Make one document of several: an API that its owners describe service by service.

Operations keep what their own document says of security and servers. Components of one name and different
content are told apart by the name of their file.
"""

from collections.abc import Iterator, Mapping, Sequence
from glob import glob
from pathlib import Path
from typing import Any

from scripts.drift.document.equality import equal
from scripts.drift.document.spec import FILE, METHODS, as_dict, as_list
from scripts.lib.errors import Refusal, printable

MAX_FILES = 500
_ENDINGS = (".json", ".yaml", ".yml")


def files_of(source: str) -> list[str]:
    """Return the files that a folder or a pattern such as `services/*.yaml` names, sorted.

    Raises:
        Refusal: none, or more than `MAX_FILES`.
    """
    if Path(source).is_dir():
        found = [str(one) for one in sorted(Path(source).iterdir()) if one.suffix.lower() in _ENDINGS]
    elif Path(source).is_file():
        found = [source]
    else:
        every = glob(source, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        found = sorted(one for one in every if Path(one).is_file())
    if not found:
        raise Refusal(printable(source, 200), "no file is there that --composed could read")
    if len(found) > MAX_FILES:
        raise Refusal(printable(source, 200), f"more than {MAX_FILES} files")
    return found


def composed(documents: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return the one document that several make.

    Args:
        documents: each with the name of its file.

    Raises:
        Refusal: two documents describe the same operation.
    """
    if len(documents) == 1:
        return documents[0][1]
    whole: dict[str, Any] = {
        "openapi": max((str(one.get("openapi", "3.0.3")) for _, one in documents), default="3.0.3"),
        "info": _info([as_dict(document.get("info")) for _, document in documents]),
        "paths": {},
        "components": {},
    }
    owners: dict[tuple[str, str, str], str] = {}
    for name, document in documents:
        renamed = _renamed(whole["components"], as_dict(document.get("components")), Path(name).stem)
        document = _with_references(document, renamed) if renamed else document
        for group, parts in as_dict(document.get("components")).items():
            into = whole["components"].setdefault(group, {})
            for key, part in as_dict(parts).items():
                into.setdefault(renamed.get(f"#/components/{group}/{key}", key), part)
        for key, value in document.items():
            # References lead to a file by its path, so it cannot have another name.
            if key.startswith(FILE) and key in whole and not equal(whole[key], value):
                shown = printable(key, 200)
                raise Refusal(name, f"refers to {shown}, which is another file for another document")
        _others(whole, document, Path(name).stem)
        for kind in ("paths", "webhooks"):
            for path, item in as_dict(document.get(kind)).items():
                _add(whole, _with_own_security(document, renamed), (kind, path), as_dict(item), name, owners)
    return whole


def _info(infos: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what all documents say of themselves, each text once."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys(key for info in infos for key in info):
        values = [info[key] for info in infos if key in info]
        texts = list(dict.fromkeys(value for value in values if isinstance(value, str)))
        found[key] = "\n\n".join(texts) if texts else values[0]
    return found


def _others(whole: dict[str, Any], document: dict[str, Any], stem: str) -> None:
    """Take over what else a document says, under a name of its own where another document says otherwise."""
    for key, value in document.items():
        if key in ("openapi", "info", "paths", "webhooks", "components", "security", "servers"):
            continue
        if key == "tags":
            known = whole.setdefault("tags", [])
            known += [tag for tag in as_list(value) if tag not in known]
        elif key in whole and not equal(whole[key], value):
            whole[f"{key}.{stem}"] = value
        else:
            whole[key] = value


def _add(
    whole: dict[str, Any],
    document: dict[str, Any],
    at: tuple[str, str],
    item: dict[str, Any],
    name: str,
    owners: dict[tuple[str, str, str], str],
) -> None:
    kind, path = at
    into: dict[str, Any] = whole.setdefault(kind, {}).setdefault(path, {})
    for key, value in item.items():
        if key not in METHODS:
            if key != "parameters":
                into.setdefault(key, value)
            continue
        other = owners.setdefault((kind, path, key), name)
        if key in into:
            where = f"{key.upper()} {path}"
            raise Refusal(name, f"describes {printable(where, 200)}, which {other} describes as well")
        operation = dict(as_dict(value))
        # Another document may add operations to this path, which do not take these parameters.
        if item.get("parameters"):
            operation["parameters"] = [*as_list(operation.get("parameters")), *as_list(item["parameters"])]
        for shared in ("security", "servers"):
            if shared in document and shared not in operation and shared not in item:
                operation[shared] = document[shared]
        into[key] = operation


def _with_own_security(document: dict[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """Return a document whose requirements name the security schemes by their new names."""
    start = "#/components/securitySchemes/"
    names = {old.removeprefix(start): new for old, new in renamed.items() if old.startswith(start)}
    if not names:
        return document

    def changed(node: Any, depth: int) -> Any:
        if not isinstance(node, dict):
            return node
        copy = {key: changed(child, depth - 1) if depth else child for key, child in node.items()}
        if isinstance(node.get("security"), list):
            copy["security"] = [
                {names.get(name, name): scopes for name, scopes in as_dict(one).items()}
                for one in node["security"]
            ]
        return copy

    # The document itself, and operations: /paths/PATH/METHOD.
    result: dict[str, Any] = changed(document, 3)
    return result


def _renamed(known: Mapping[str, Any], components: Mapping[str, Any], stem: str) -> dict[str, str]:
    """Return the components whose names another document uses for something else, and their new names."""
    found = {}
    for group, parts in components.items():
        for key, part in as_dict(parts).items():
            there = as_dict(known.get(group))
            if key in there and not equal(there[key], part):
                found[f"#/components/{group}/{key}"] = f"{key}.{stem}"
    return found


def _with_references(node: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        copy = {key: _with_references(child, renamed) for key, child in node.items()}
        reference = str(node.get("$ref"))
        for old, new in renamed.items():
            if reference == old or reference.startswith(f"{old}/"):
                copy["$ref"] = old.rpartition("/")[0] + "/" + new + reference[len(old) :]
        return copy
    if isinstance(node, list):
        return [_with_references(child, renamed) for child in node]
    return node


def with_prefix(document: dict[str, Any], strip: str, add: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a document whose paths have another prefix, and the old path of each new one."""
    if not strip and not add:
        return document, {}
    written: dict[str, str] = {}
    paths: dict[str, Any] = {}
    for path, item in _paths(document):
        new = path
        if strip and (path == strip or path.startswith(strip.rstrip("/") + "/")):
            new = path[len(strip.rstrip("/")) :] or "/"
        new = add.rstrip("/") + new if add else new
        written[new] = path
        paths[new] = item
    return {**document, "paths": paths}, written


def _paths(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, item in as_dict(document.get("paths")).items():
        yield str(path), item
