"""Read the files that a document refers to, and make one document of them.

Each file stands in the document under its path, `./schemas/pet.yaml`, and references lead there. Only files
in the folder of the document are read. What cannot be read stops the comparison under its name, for what was
not read was not compared.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote

from scripts.document.objects import DATA, NAMES
from scripts.drift.document.references import references
from scripts.drift.document.spec import FILE
from scripts.drift.load.lenient import parse
from scripts.lib.errors import Refusal, printable
from scripts.lib.files import MAX_BYTES

# Reads a file by its path relative to the folder of the document.
Beside: TypeAlias = Callable[[str], bytes]

MAX_FILES = 1000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_ENDINGS = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Bundle:
    """A document with the files that it refers to.

    Attributes:
        document: the document; the same one if it refers to no file.
        contents: the bytes of each file by its path.
        notes: what was doubtful in the files.
    """

    document: dict[str, Any]
    contents: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def bundled(document: dict[str, Any], name: str, own: str, beside: Beside | None) -> Bundle:
    """Return a document with the files that it refers to.

    Args:
        document: the document.
        name: what to call it.
        own: the name of its own file, by which others may refer to it.
        beside: what reads files of its folder; None where there is no folder.

    Raises:
        Refusal: a file cannot be read, lies outside the folder, or does not have what it is asked for.
    """
    if all(one.startswith("#") or not one for one in references(document)):
        return Bundle(document)
    reading = _Reading(name, own, beside)
    whole = reading.rewritten(document, "")
    while reading.waiting:
        path = reading.waiting.pop()
        reading.values[path] = reading.rewritten(reading.values[path], path)
    reading.check()
    files = {f"{FILE}{path}": value for path, value in reading.values.items()}
    return Bundle({**whole, **files}, reading.contents, tuple(reading.notes))


class _Reading:
    """The files of one document."""

    def __init__(self, name: str, own: str, beside: Beside | None) -> None:
        self.values: dict[str, Any] = {}
        self.contents: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.waiting: list[str] = []
        self._name = name
        self._own = own
        self._beside = beside
        self._asked: list[tuple[str, str, str]] = []
        self._size = 0

    def rewritten(self, value: Any, path: str) -> Any:
        """Return a copy in which references to files lead to where these stand."""
        return self._value(value, path, False)

    def _value(self, value: Any, path: str, is_named: bool) -> Any:
        if isinstance(value, list):
            entries = [self._value(one, path, False) for one in value]
            return entries if any(one is not old for one, old in zip(entries, value, strict=True)) else value
        if not isinstance(value, dict):
            return value
        changed: dict[str, Any] = {}
        for key, child in value.items():
            new = child
            if is_named:
                new = self._value(child, path, False)
            elif isinstance(child, str) and (key == "$ref" or (key == "$dynamicRef" and child[:1] != "#")):
                new = self._reference(child, path)
            elif (
                key == "discriminator" and isinstance(child, dict) and isinstance(child.get("mapping"), dict)
            ):
                new = self._mapping(child, path)
            elif key == "examples" and isinstance(child, dict):
                new = {name: self._example(one, path) for name, one in child.items()}
                new = child if new == child else new
            elif isinstance(child, dict | list) and key not in DATA and key[:2] != "x-" and key != "examples":
                new = self._value(child, path, key in NAMES)
            if new is not child:
                changed[key] = new
        return {**value, **changed} if changed else value

    def _example(self, value: Any, path: str) -> Any:
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            return {**value, "$ref": self._reference(value["$ref"], path)}
        return value

    def _mapping(self, discriminator: dict[str, Any], path: str) -> dict[str, Any]:
        mapping = {
            mark: self._reference(target, path)
            if isinstance(target, str) and target.partition("#")[0].lower().endswith(_ENDINGS)
            else target
            for mark, target in discriminator["mapping"].items()
        }
        return discriminator if mapping == discriminator["mapping"] else {**discriminator, "mapping": mapping}

    def _reference(self, reference: str, path: str) -> str:
        file, _, fragment = reference.partition("#")
        if not file and not path:
            return reference
        target = path if not file else self._path(file, path, reference)
        if target is None:
            return f"#{fragment}"
        if target not in self.values:
            self._read(target, path)
        if fragment and not fragment.startswith("/"):
            found = _anchored(self.values[target], unquote(fragment))
            shown = printable(reference, 200)
            if found is None:
                raise self._refusal(path, f"refers to {shown}, and no anchor of that name is there")
            fragment = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in found)
        self._asked.append((path, target, fragment))
        quoted = f"{FILE}{target}".replace("~", "~0").replace("/", "~1").replace("%", "%25")
        return f"#/{quoted}{fragment}"

    def _path(self, file: str, path: str, reference: str) -> str | None:
        """Return the path of a file in the folder; None for the document itself."""
        shown = printable(reference, 200)
        if _SCHEME.match(file):
            why = "which is not read; bring it into the folder of the document"
            raise self._refusal(path, f"refers to {shown}, {why}")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))
        if target.startswith(("/", "../")) or target == "..":
            why = "which lies outside the folder of the document and is not read"
            raise self._refusal(path, f"refers to {shown}, {why}")
        return None if target == self._own else target

    def _read(self, target: str, path: str) -> None:
        if self._beside is None:
            why = "which cannot be read: the document comes without a folder; give it as a file in its own"
            raise self._refusal(path, f"refers to {printable(target, 200)}, {why}")
        if len(self.values) >= MAX_FILES:
            raise Refusal(self._name, f"refers to more than {MAX_FILES} files")
        try:
            content = self._beside(target)
        except Refusal as refusal:
            text = f"refers to {printable(target, 200)}: {refusal.reason}"
            raise self._refusal(path, text) from refusal
        self._size += len(content)
        if self._size > MAX_BYTES:
            raise Refusal(self._name, f"refers to files of more than {MAX_BYTES} bytes together")
        value, notes = parse(content, printable(target, 200))
        self.values[target], self.contents[target] = value, content
        self.notes += [f"{printable(target, 200)}: {note}" for note in notes]
        self.waiting.append(target)

    def check(self) -> None:
        """Refuse a reference to a place that its file does not have.

        Raises:
            Refusal: there is one.
        """
        for path, target, fragment in self._asked:
            node = self.values[target]
            for token in fragment.split("/")[1:]:
                key = unquote(token).replace("~1", "/").replace("~0", "~")
                if isinstance(node, dict) and key in node:
                    node = node[key]
                elif isinstance(node, list) and key.isdecimal() and len(key) < 7 and int(key) < len(node):
                    node = node[int(key)]
                else:
                    shown = printable(f"{target}#{fragment}", 200)
                    raise self._refusal(path, f"refers to {shown}, which is not there")

    def _refusal(self, path: str, reason: str) -> Refusal:
        return Refusal(f"{self._name}: {printable(path, 200)}" if path else self._name, reason)


def _anchored(value: Any, name: str) -> tuple[str, ...] | None:
    for pointer, node in _objects(value):
        if name in (node.get("$anchor"), node.get("$dynamicAnchor")):
            return pointer
    return None


def _objects(value: Any) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while waiting:
        pointer, node = waiting.pop()
        if isinstance(node, dict):
            yield pointer, node
            waiting += [((*pointer, str(key)), child) for key, child in node.items()]
        elif isinstance(node, list):
            waiting += [((*pointer, str(index)), child) for index, child in enumerate(node)]
