"""Keys under `paths` that say more than a path: a query, a fragment, letters that are encoded on the way."""

import re
from collections.abc import Iterator
from typing import Any

from scripts.document.tree import Operation, Tree, escape
from scripts.generator.tables import wire_path
from scripts.lib.errors import Refusal

_OPEN = re.compile(r"[^=&]*=\{([^{}]+)\}")


def extensions(tree: Tree) -> Iterator[Refusal]:
    """Leave out the extensions among paths and answers; the generator takes each for a path or a status."""
    held = [node.value.get("responses") for node in tree.of_kind("operation")]
    for holder in (tree.document.get("paths"), *held):
        if isinstance(holder, dict):
            for key in [key for key in holder if key.startswith("x-")]:
                del holder[key]
    yield from ()


def path_keys(tree: Tree) -> Iterator[Refusal]:
    """Tell what of a key is sent and what is not; a query that parameters repeat is left to them."""
    paths = tree.document.get("paths")
    for path in list(paths) if isinstance(paths, dict) else ():
        if not path.startswith("/") or not isinstance(paths, dict):
            continue
        place = f"#/paths/{escape(path)}"
        whole, _, fragment = path.partition("#")
        bare, _, query = whole.partition("?")
        operations = [one for one in tree.operations if one.path == path]
        kept = [pair for pair in query.split("&") if pair and not _is_declared(pair, operations)]
        if len(kept) != len([pair for pair in query.split("&") if pair]):
            shorter = bare + ("?" + "&".join(kept) if kept else "") + ("#" + fragment if fragment else "")
            if shorter not in paths:
                yield Refusal(place, f"its query is that of the parameters; taken for {shorter!r}")
                _rename(paths, path, shorter)
                path = shorter
        elif query:
            yield Refusal(place, f"the client sends '?{query}' with each call of it")
        if fragment:
            yield Refusal(place, f"'#{fragment}' tells it from others of its path and is not sent")
        if (wire := wire_path(path)) != path:
            yield Refusal(place, f"is sent as {wire!r} (RFC 3986, section 2.1)")


def _is_declared(pair: str, operations: list[Operation]) -> bool:
    """Return whether every operation has a parameter in the query for what a pair leaves open."""
    found = _OPEN.fullmatch(pair)
    names = {pair.partition("=")[0], found[1]} if found else set()
    return bool(found and operations) and all(
        any(p.value.get("in") == "query" and p.value.get("name") in names for p in one.parameters)
        for one in operations
    )


def _rename(holder: dict[str, Any], name: str, other: str) -> None:
    items = [(other if key == name else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(items)
