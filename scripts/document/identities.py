"""Schemas that name themselves (`$id`, `$anchor`) or leave a place open (`$dynamicRef`), in plain references.

JSON Schema 2020-12, core, section 8.2. A generic schema (`Page` of whatever its user binds) becomes one
component for each way in which it is bound.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import urljoin

from scripts.document.tree import escape

Scope: TypeAlias = Mapping[str, str]

_DATA = frozenset(("example", "examples", "default", "enum", "const", "dataValue", "serializedValue"))
_NAMES = ("$id", "$anchor", "$dynamicAnchor")
# As many copies of generic schemas are made; what is left is refused by the preflight.
_MOST = 500


def name_places(document: dict[str, Any]) -> None:
    """Say in references within a document, in place, what it says by addresses, anchors and open places."""
    if str(document.get("openapi")).startswith("3.0"):
        return
    found = _Identities(document)
    if found.anchors or found.addresses:
        found.rewrite_all()


class _Identities:
    """The names that schemas of a document have, and the copies that were made of generic ones."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._original = copy.deepcopy(document)
        self.addresses: dict[str, str] = {}
        self.anchors: dict[str, str] = {}
        self._homes: dict[str, tuple[str, str]] = {}
        self._open: dict[str, frozenset[str]] = {}
        self._made: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
        for pointer, value, home, base in _walked(document):
            self._homes[pointer] = home, base
            if isinstance(value.get("$id"), str):
                self.addresses.setdefault(base, pointer)
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(value.get(keyword), str):
                    self.addresses.setdefault(f"{base}#{value[keyword]}", pointer)
            if isinstance(value.get("$dynamicAnchor"), str):
                self.anchors.setdefault(value["$dynamicAnchor"], pointer)

    def rewrite_all(self) -> None:
        """Rewrite the document in place."""
        self._rewrite(self._document, "#", {})

    def _rewrite(self, value: Any, pointer: str, scope: Scope) -> None:
        # A document is no deeper than its reader allows.
        if isinstance(value, list):
            for place, each in enumerate(value):
                self._rewrite(each, f"{pointer}/{place}", scope)
            return
        if not isinstance(value, dict):
            return
        scope = self._entered(value, pointer, scope)
        leads = [self._bound(lead, scope) for lead in self._leads(value, pointer, scope)]
        dynamic = isinstance(value.get("$dynamicRef"), str) and len(leads) > ("$ref" in value)
        if leads and "$ref" in value:
            value["$ref"] = leads[0]
        if dynamic:
            del value["$dynamicRef"]
            if "$ref" in value:
                value["allOf"] = [*value.get("allOf", ()), {"$ref": leads[-1]}]
            else:
                value["$ref"] = leads[-1]
        if "$ref" in value and "$defs" in value:
            # Definitions beside a reference are places that others refer to.
            value["allOf"] = [{"$ref": value.pop("$ref")}, *value.get("allOf", ())]
        for name in _NAMES:
            if isinstance(value.get(name), str):
                del value[name]
        for name, each in list(value.items()):
            if name not in _DATA:
                self._rewrite(each, f"{pointer}/{escape(name)}", scope)

    def _entered(self, value: dict[str, Any], pointer: str, scope: Scope) -> Scope:
        """Bind the dynamic anchors of a schema and of its definitions, unless they are bound further out."""
        definitions = value.get("$defs")
        inner = definitions.items() if isinstance(definitions, dict) else ()
        places = [(pointer, value), *((f"{pointer}/$defs/{escape(name)}", each) for name, each in inner)]
        own = {
            each["$dynamicAnchor"]: place
            for place, each in reversed(places)
            if isinstance(each, dict) and isinstance(each.get("$dynamicAnchor"), str)
        }
        return {**own, **scope} if own else scope

    def _leads(self, value: Mapping[str, Any], pointer: str, scope: Scope) -> list[str]:
        """Return where the reference and the dynamic reference of a schema lead, as pointers."""
        found = []
        if isinstance(value.get("$ref"), str):
            found.append(self._place(value["$ref"], pointer))
        dynamic = value.get("$dynamicRef")
        if isinstance(dynamic, str):
            name = dynamic.rpartition("#")[2]
            target = scope.get(name) or self.anchors.get(name) or self._place(dynamic, pointer)
            if target.startswith("#/"):
                found.append(target)
        return found

    def _place(self, reference: str, pointer: str) -> str:
        """Return the pointer that a reference means; one that means nothing here as it is."""
        home, base = self._homes.get(pointer, ("#", ""))
        if reference.startswith("#/"):
            inside = f"{home}{reference[1:]}"
            return reference if _at(self._original, reference) is not None or home == "#" else inside
        for address in (reference, urljoin(base, reference), f"{base}{reference}"):
            if address in self.addresses:
                return self.addresses[address]
        address, _, rest = reference.partition("#")
        whole = self.addresses.get(urljoin(base, address))
        return f"{whole}{rest}" if whole and rest.startswith("/") else reference

    def _bound(self, pointer: str, scope: Scope) -> str:
        """Return the component that a schema is where its user has bound what it leaves open."""
        target = _at(self._original, pointer)
        if not isinstance(target, dict):
            return pointer
        names = self._open_names(pointer)
        within = self._entered(target, pointer, {})
        binding = tuple(sorted((name, scope[name]) for name in names if name in scope))
        if all(within.get(name) == place for name, place in binding) or len(self._made) >= _MOST:
            return pointer
        made = self._made.get((pointer, binding))
        if made is None:
            schemas = self._document.setdefault("components", {}).setdefault("schemas", {})
            words = [pointer.rpartition("/")[2], *(_word(place) for _, place in binding)]
            name = wanted = re.sub(r"[^A-Za-z0-9.-]+", "_", "_".join(words)).strip("_")
            number = 2
            while name in schemas:
                name, number = f"{wanted}_{number}", number + 1
            made = self._made[pointer, binding] = f"#/components/schemas/{name}"
            schemas[name] = copy.deepcopy(target)
            self._rewrite(schemas[name], pointer, dict(binding))
        return made

    def _open_names(self, start: str) -> frozenset[str]:
        """Return the names of the dynamic references in a schema and in all that it refers to."""
        if start in self._open:
            return self._open[start]
        names: set[str] = set()
        seen, waiting = {start}, [start]
        while waiting:
            pointer = waiting.pop()
            for place, value in _below(_at(self._original, pointer), pointer):
                if isinstance(value.get("$dynamicRef"), str):
                    names.add(value["$dynamicRef"].rpartition("#")[2])
                for lead in self._leads(value, place, {}):
                    if lead not in seen:
                        seen.add(lead)
                        waiting.append(lead)
        self._open[start] = frozenset(names)
        return self._open[start]


def _word(pointer: str) -> str:
    """Return a word for what is bound: the name of the component around it."""
    steps = pointer.split("/")
    named = steps[3] if steps[1:3] == ["components", "schemas"] else "_".join(steps[2:4])
    return named.replace("~1", "_").strip("_")


def _at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


def _below(value: Any, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a value that is no data, with its pointer."""
    waiting = [(pointer, value)]
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, dict):
            yield place, node
            waiting += [(f"{place}/{escape(k)}", each) for k, each in node.items() if k not in _DATA]
        elif isinstance(node, list):
            waiting += [(f"{place}/{number}", each) for number, each in enumerate(node)]


def _walked(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Yield every object with its pointer, and with pointer and address of the nearest `$id` above."""
    waiting: list[tuple[str, Any, str, str]] = [("#", document, "#", "")]
    while waiting:
        pointer, value, home, base = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$id"), str) and pointer != "#":
                home, base = pointer, urljoin(base, value["$id"]).rstrip("#")
            yield pointer, value, home, base
            steps = [(escape(name), each) for name, each in value.items() if name not in _DATA]
        else:
            steps = [(str(number), each) for number, each in enumerate(value)]
        waiting += [
            (f"{pointer}/{step}", each, home, base)
            for step, each in reversed(steps)
            if isinstance(each, dict | list)
        ]
