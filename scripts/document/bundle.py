"""Make one document of a document in several files (`$ref: ./schemas.yaml#/X`).

Nothing here opens a file: the caller passes what loads one. The target of a reference becomes a component,
once for each target, however many references name it; a path item, and whatever has no section under
`components`, is put in the place of its reference. A reference to an address, or out of the folder of the
document, stays as it is: `outside_reason` says why, and whoever reads the document decides.
"""

import copy
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import unquote

from scripts.document.discriminators import leads, place
from scripts.document.parse import MAX_DEPTH, Json
from scripts.document.transliteration import spelled
from scripts.document.tree import SECTIONS, SHAPES, escape
from scripts.lib.errors import Refusal

# The values of some files, by their names relative to the folder of the document.
Load: TypeAlias = Callable[[Sequence[str]], Mapping[str, Json]]

MAX_FILES = 2000
# From file to file to file …; an honest document has three or four.
MAX_ROUNDS = 50
# What the references that are not shared unfold to; the largest honest documents have a million values.
MAX_VALUES = 2_000_000

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DATA_FILE = re.compile(r"[^#]+\.(?:json|ya?ml)(?:#.*)?", re.IGNORECASE)
_NAMED = re.compile(
    r"/components/[A-Za-z]+/([^/]+)|/(?:definitions|\$defs|schemas|parameters|responses)/([^/]+)"
)
_CURE = "save the file beside the document and refer to it as ./NAME, or give the document as one file"
_EXAMPLES = {"examples": ("map", "example")}
_KINDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    **SHAPES,
    "components": {
        **SHAPES["components"],
        **_EXAMPLES,
        "links": ("map", "link"),
        "securitySchemes": ("map", "security scheme"),
    },
    "response": {**SHAPES["response"], "links": ("map", "link")},
    **{kind: {**SHAPES[kind], **_EXAMPLES} for kind in ("parameter", "header", "media type")},
}
_SECTIONS = {**SECTIONS, "example": "examples", "link": "links", "security scheme": "securitySchemes"}
# A reference to one of these is replaced by its target: readers of OpenAPI 3.0 do not follow it.
_INLINE = frozenset(("path item", "callback"))


def gather(name: str, value: Json, load: Load) -> dict[str, Json]:
    """Load a document and all files that it refers to, directly or through others.

    Args:
        name: the document's file, relative to its folder.
        value: its value.
        load: gives the values of files by their names, which lie within the folder.

    Raises:
        Refusal: there are too many files, or too long a chain of them.
    """
    found: dict[str, Json] = {name: value}
    waiting = files_of(name, value)
    for _ in range(MAX_ROUNDS):
        wanted = [one for one in dict.fromkeys(waiting) if one not in found]
        if not wanted:
            return found
        if len(found) + len(wanted) > MAX_FILES:
            raise Refusal(name, f"refers to more than {MAX_FILES} files")
        loaded = load(wanted)
        found.update(loaded)
        waiting = [other for one in wanted for other in files_of(one, loaded[one])]
    raise Refusal(name, f"refers from file to file more than {MAX_ROUNDS} times in a row")


def files_of(name: str, value: Json) -> list[str]:
    """Return the files that a file refers to, each once, as paths within the folder of the document."""
    return list(dict.fromkeys(target for target in _targets(name, value) if target != name))


def names_itself(name: str, value: Json) -> bool:
    """Whether a file refers to itself by its name: `openapi.yaml#/X` instead of `#/X`."""
    return name in _targets(name, value)


def _targets(name: str, value: Json) -> Iterator[str]:
    # What a part of another file is, only the reference to it says; what a whole document is, it says itself.
    is_document = isinstance(value, dict) and "openapi" in value
    waiting: list[tuple[Json, Any]] = [(value, "document" if is_document else None)]
    while waiting:
        node, shape = waiting.pop()
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and (found := _elsewhere(name, reference, node)):
                yield found[0]
            yield from (found[0] for *_, found in _mapped(name, node))
            waiting += reversed(
                [(child, _below(shape, key)) for key, child in node.items() if not _is_extension(shape, key)]
            )
        elif isinstance(node, list):
            inner = shape[1] if isinstance(shape, tuple) and shape[0] == "list" else None
            waiting += reversed([(child, inner) for child in node])


def _elsewhere(name: str, reference: str, node: Mapping[str, Any]) -> tuple[str, str] | None:
    """File and pointer of a reference to a file; an object of data may have a `$ref` that is no reference."""
    if reference.startswith("#") or outside_reason(name, reference):
        return None
    alone = len(node) == 1 and ("/" in reference or "." in reference)
    return _located(name, reference) if alone or _DATA_FILE.fullmatch(reference) else None


def _mapped(name: str, node: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, tuple[str, str]]]:
    """Yield the entries of a discriminator that name a file, as their holders, keys and targets."""
    for holder, key, target in leads(node):
        if _DATA_FILE.fullmatch(target) and not outside_reason(name, target):
            yield holder, key, _located(name, target)


def outside_reason(name: str, reference: str) -> str | None:
    """Why a reference in file `name` is not read, with the cure; None if it means a file of the folder."""
    file = reference.partition("#")[0]
    if _SCHEME.match(file) or file.startswith("//"):
        return f"refers to {reference!r}; no address is read: {_CURE}"
    path = unquote(file)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
    if path.startswith("/") or target.split("/")[0] == ".." or "\\" in path or "\0" in path or "?" in path:
        return f"refers to {reference!r}; only files in the folder of the document are read: {_CURE}"
    return None


def _located(name: str, reference: str) -> tuple[str, str]:
    """Return the file, relative to the folder, and the JSON pointer that a reference in file `name` means."""
    file, _, fragment = reference.partition("#")
    path = posixpath.join(posixpath.dirname(name), unquote(file))
    return posixpath.normpath(path) if file else name, unquote(fragment)


def bundle(name: str, files: Mapping[str, Json]) -> Json:
    """One document of the files that `gather` found.

    Args:
        name: the document's file.
        files: the values of all files by name.

    Raises:
        Refusal: a reference leads to what is not there, in a circle without end, or unfolds to too much.
    """
    return _Bundle(name, files).document()


class _Bundle:
    """The work on one document: which components there are, and which targets they stand for."""

    def __init__(self, name: str, files: Mapping[str, Json]) -> None:
        self._name = name
        self._files = files
        self._values = 0
        # By section: what each name holds, and by target the name that it has.
        self._taken: dict[str, set[str]] = {}
        self._names: dict[tuple[str, str, str], str] = {}
        self._waiting: list[tuple[str, str, str, str, str]] = []

    def document(self) -> Json:
        """Return the whole document."""
        root = self._files[self._name]
        if not isinstance(root, dict):
            return root
        components = root.get("components")
        for section, held in components.items() if isinstance(components, dict) else ():
            self._taken[section] = set(held) if isinstance(held, dict) else set()
        self._name_components(components)
        result: dict[str, Any] = self._copy(root, self._name, "", "document", 0)
        while self._waiting:
            section, name, file, pointer, kind = self._waiting.pop(0)
            value = self._copy(self._find(file, pointer, f"{file}#{pointer}"), file, pointer, kind, 0)
            result.setdefault("components", {}).setdefault(section, {})[name] = value
        return result

    def _name_components(self, components: Any) -> None:
        """Let a component that is nothing but a reference to a file give its name to the target."""
        for kind, section in _SECTIONS.items():
            held = components.get(section) if isinstance(components, dict) else None
            for name, value in held.items() if isinstance(held, dict) else ():
                reference = value.get("$ref") if isinstance(value, dict) else None
                if not isinstance(reference, str) or kind in _INLINE:
                    continue
                if found := _elsewhere(self._name, reference, value):
                    place = f"{self._name}#/components/{section}/{escape(name)}"
                    file, pointer = self._followed(*found, place)
                    if file != self._name:
                        self._names.setdefault((section, file, pointer), name)

    def _copy(self, value: Any, file: str, pointer: str, shape: Any, depth: int) -> Any:
        """Return a copy of a value of `file` in which every reference is one within the whole document."""
        self._values += 1
        if self._values > MAX_VALUES:
            raise Refusal(self._name, f"its references unfold to more than {MAX_VALUES} values")
        if depth > MAX_DEPTH:
            raise Refusal(
                f"{file}#{pointer}", f"nested deeper than {MAX_DEPTH}, or refers to itself without end"
            )
        if isinstance(value, list):
            inner = shape[1] if isinstance(shape, tuple) and shape[0] == "list" else None
            return [
                self._copy(child, file, f"{pointer}/{i}", inner, depth + 1) for i, child in enumerate(value)
            ]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str):
            return self._referred(value, reference, file, pointer, shape, depth)
        result: dict[str, Any] = {}
        for key, child in value.items():
            if _is_extension(shape, key):
                result[key] = child
                continue
            result[key] = self._copy(child, file, f"{pointer}/{escape(key)}", _below(shape, key), depth + 1)
        if shape == "schema" and "discriminator" in result:
            self._map(result, file, pointer)
        return result

    def _referred(
        self, value: dict[str, Any], reference: str, file: str, pointer: str, shape: Any, depth: int
    ) -> Any:
        place = f"{file}#{pointer}"
        found = _elsewhere(file, reference, value)
        if found is None and reference.startswith("#") and file != self._name and shape is not None:
            found = _located(file, reference)
        if found is None:
            return dict(value)
        target = self._followed(*found, place)
        more = {key: child for key, child in value.items() if key != "$ref"}
        section = _SECTIONS.get(shape) if isinstance(shape, str) else None
        if section is not None and shape not in _INLINE:
            own = f"/components/{section}/"
            at_home = file == self._name and pointer.startswith(own) and "/" not in pointer[len(own) :]
            named = self._names.get((section, *target))
            if not (at_home and named == _unescape(pointer[len(own) :])):
                more = self._copy(more, file, pointer, shape, depth + 1) if more else {}
                return {"$ref": self._component(shape, section, *target), **more}
        result = self._copy(self._find(*target, place), *target, shape, depth + 1)
        if more and isinstance(result, dict):
            result = {**result, **self._copy(more, file, pointer, shape, depth + 1)}
        return result

    def _component(self, kind: str, section: str, file: str, pointer: str) -> str:
        """Return the reference to the component that a target is, or becomes."""
        if file == self._name:
            return f"#{pointer}"
        key = (section, file, pointer)
        if key not in self._names:
            name = self._names[key] = self._new_name(section, file, pointer)
            self._taken.setdefault(section, set()).add(name)
            self._waiting.append((section, name, file, pointer, kind))
        return f"#/components/{section}/{escape(self._names[key])}"

    def _new_name(self, section: str, file: str, pointer: str) -> str:
        named = _NAMED.fullmatch(pointer)
        stem = posixpath.basename(file).rsplit(".", 1)[0]
        last = _unescape((named[1] or named[2]) if named else pointer.rpartition("/")[2])
        taken = self._taken.setdefault(section, set())
        folder = posixpath.dirname(file).replace("/", "_")
        tries = [last or stem, f"{stem}_{last}" if last else f"{folder}_{stem}", f"{folder}_{stem}_{last}"]
        for wanted in tries:
            if (name := re.sub(r"[^A-Za-z0-9._-]+", "_", spelled(wanted)).strip("_")) and name not in taken:
                return name
        number = 2
        while f"{name}_{number}" in taken:
            number += 1
        return f"{name}_{number}"

    def _map(self, schema: dict[str, Any], file: str, pointer: str) -> None:
        """Let a discriminator name components."""
        schema["discriminator"] = copy.deepcopy(schema.get("discriminator"))
        targets = list(_mapped(file, schema))
        for holder, key, target in leads(schema):
            if target.startswith("#") and file != self._name:
                targets.append((holder, key, _located(file, target)))
        for holder, key, found in targets:
            named = place(f"{file}#{pointer}", schema, holder, key)
            holder[key] = self._component("schema", "schemas", *self._followed(*found, named))

    def _followed(self, file: str, pointer: str, place: str) -> tuple[str, str]:
        """Where a target finally is, if it is nothing but another reference."""
        seen = {(file, pointer)}
        while True:
            value = self._find(file, pointer, place)
            reference = value.get("$ref") if isinstance(value, dict) and len(value) == 1 else None
            inside = file == self._name and pointer.startswith("/components/")
            if not isinstance(reference, str) or (inside and reference.startswith("#")):
                return file, pointer
            if outside_reason(file, reference):
                return file, pointer
            file, pointer = _located(file, reference)
            if (file, pointer) in seen:
                raise Refusal(place, "refers to itself, through nothing but references")
            seen.add((file, pointer))

    def _find(self, file: str, pointer: str, place: str) -> Any:
        value: Any = self._files.get(file)
        for step in pointer.split("/")[1:] if pointer else ():
            step = _unescape(step)
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                raise Refusal(
                    place, f"refers to {file}#{pointer}, where nothing stands; correct the reference"
                )
        if pointer and not pointer.startswith("/"):
            raise Refusal(place, f"refers to {file}#{pointer}; a place within a file is written #/A/B")
        return value


def _is_extension(shape: Any, key: str) -> bool:
    """Whether a key of a part of the document is an extension, whose files nobody here reads."""
    return isinstance(shape, str) and shape != "callback" and key.startswith("x-")


def _below(shape: Any, key: str) -> Any:
    """Return what stands below a node under a key: a kind, a list or map of a kind, or data (None)."""
    if isinstance(shape, tuple):
        return shape[1] if shape[0] == "map" and not key.startswith("x-") else None
    if shape == "callback":
        return None if key.startswith("x-") else "path item"
    field = _KINDS.get(shape, {}).get(key) if isinstance(shape, str) else None
    if field is None:
        return None
    return field[1] if field[0] == "one" else field


def _unescape(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
