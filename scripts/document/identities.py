"""Schemas that name themselves (`$id`, `$anchor`) or leave a place open (`$dynamicRef`), in plain references.

JSON Schema 2020-12, core, section 8.2. A generic schema (`Page` of whatever its user binds) becomes one
component for each way in which it is bound.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import urljoin

from scripts.document.discriminators import leads
from scripts.document.objects import objects
from scripts.document.tree import escape
from scripts.lib.errors import Refusal

Scope: TypeAlias = Mapping[str, str]

_NAMES = ("$id", "$anchor", "$dynamicAnchor")
_SCHEMAS = "#/components/schemas"
# As many copies of generic schemas are made; a document whose operations need more is refused.
_MOST = 500


def name_places(document: dict[str, Any]) -> None:
    """Say in references within a document, in place, what it says by addresses, anchors and open places.

    Raises:
        Refusal: its generic schemas are bound in too many ways.
    """
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
        # Components and copies that are still to be rewritten, each with the place of its original.
        self._waiting: list[tuple[Any, str, Scope]] = []
        self._reached: set[str] = set()
        self._is_in_use = True
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
        """Rewrite the document in place, and the copies that it needs: first those of schemas in use."""
        self._rewrite(self._document, "#", {})
        self._finish()
        self._is_in_use = False
        for name in list(_at(self._original, _SCHEMAS) or ()):
            self._reach(f"{_SCHEMAS}/{escape(name)}")
            self._finish()

    def _finish(self) -> None:
        while self._waiting:
            self._rewrite(*self._waiting.pop())

    def _reach(self, pointer: str) -> None:
        """See that the component around a place is rewritten, once."""
        component = "/".join(pointer.split("/")[:4])
        if component.startswith(f"{_SCHEMAS}/") and component not in self._reached:
            self._reached.add(component)
            self._waiting.append((_at(self._document, component), component, {}))

    def _rewrite(self, root: Any, start: str, scope: Scope) -> None:
        scopes: dict[str, Scope] = {start: scope}
        # All places are those of the original, so they are listed before any of them changes.
        for pointer, value in list(objects(root, start)):
            if start == "#" and pointer.startswith(f"{_SCHEMAS}/"):
                continue
            above = scopes[_nearest(scopes, pointer)]
            scopes[pointer] = within = self._entered(value, pointer, above)
            self._rewrite_one(value, pointer, within)

    def _rewrite_one(self, value: dict[str, Any], pointer: str, scope: Scope) -> None:
        mapped = {name: self._bound(lead, scope) for name, lead in self._mapped(value, pointer).items()}
        for holder, key, target in leads(value):
            holder[key] = mapped.get(target, target)
        static, dynamic = self._leads(value, pointer, scope)
        if static is not None:
            value["$ref"] = self._bound(static, scope)
        if dynamic is not None:
            del value["$dynamicRef"]
            lead = {"$ref": self._bound(dynamic, scope)}
            if static is None:
                value.update(lead)
            else:
                value["allOf"] = [*_listed(value.get("allOf")), lead]
        if "$defs" in value and isinstance(value.get("$ref"), str):
            # Definitions beside a reference are places that others refer to.
            value["allOf"] = [{"$ref": value.pop("$ref")}, *_listed(value.get("allOf"))]
        for name in _NAMES:
            if isinstance(value.get(name), str):
                del value[name]

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

    def _leads(self, value: Mapping[str, Any], pointer: str, scope: Scope) -> tuple[str | None, str | None]:
        """Return where the reference and the dynamic reference of a schema lead, as pointers."""
        reference, dynamic = value.get("$ref"), value.get("$dynamicRef")
        static = self._place(reference, pointer) if isinstance(reference, str) else None
        if not isinstance(dynamic, str):
            return static, None
        name = dynamic.rpartition("#")[2]
        target = scope.get(name) or self.anchors.get(name) or self._place(dynamic, pointer)
        return static, target if target.startswith("#/") else None

    def _mapped(self, value: Mapping[str, Any], pointer: str) -> dict[str, str]:
        """Return where a discriminator leads, by what it says; the name of a component stays one."""
        schemas = _at(self._original, _SCHEMAS)
        return {
            target: self._place(target, pointer)
            for _, _, target in leads(value)
            if not (isinstance(schemas, dict) and target in schemas)
        }

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
        if not pointer.startswith("#"):
            return pointer
        target = _at(self._original, pointer)
        within: Scope = {}
        binding: tuple[tuple[str, str], ...] = ()
        if isinstance(target, dict):
            names = self._open_names(pointer)
            within = self._entered(target, pointer, {})
            binding = tuple(sorted((name, scope[name]) for name in names if name in scope))
        if all(within.get(name) == place for name, place in binding):
            self._reach(pointer)
            return pointer
        made = self._made.get((pointer, binding))
        if made is None:
            if len(self._made) >= _MOST:
                if not self._is_in_use:
                    return pointer
                reason = f"more than {_MOST} schemas are made of generic ones ($dynamicRef); bind fewer"
                raise Refusal(pointer, reason)
            schemas = self._document.setdefault("components", {}).setdefault("schemas", {})
            words = [pointer.rpartition("/")[2], *(_word(place) for _, place in binding)]
            name = wanted = re.sub(r"[^A-Za-z0-9.-]+", "_", "_".join(words)).strip("_")
            number = 2
            while name in schemas:
                name, number = f"{wanted}_{number}", number + 1
            made = self._made[pointer, binding] = f"#/components/schemas/{name}"
            schemas[name] = copy.deepcopy(target)
            self._waiting.append((schemas[name], pointer, dict(binding)))
        return made

    def _open_names(self, start: str) -> frozenset[str]:
        """Return the names of the dynamic references in a schema and in all that it refers to."""
        if start in self._open:
            return self._open[start]
        names: set[str] = set()
        seen, waiting = {start}, [start]
        while waiting:
            pointer = waiting.pop()
            for place, value in objects(_at(self._original, pointer), pointer):
                if isinstance(value.get("$dynamicRef"), str):
                    names.add(value["$dynamicRef"].rpartition("#")[2])
                for lead in (*self._leads(value, place, {}), *self._mapped(value, place).values()):
                    if lead is not None and lead not in seen:
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


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _nearest(known: Mapping[str, Any], pointer: str) -> str:
    """Return the place itself or the nearest one around it that is known."""
    while pointer not in known and pointer != "#":
        pointer = pointer.rpartition("/")[0]
    return pointer


def _walked(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Yield every object with its pointer, and with pointer and address of the nearest `$id` above."""
    homes = {"#": ("#", "")}
    for pointer, value in objects(document):
        home, base = homes[_nearest(homes, pointer)]
        if isinstance(value.get("$id"), str) and pointer != "#":
            home, base = pointer, urljoin(base, value["$id"]).rstrip("#")
        homes[pointer] = home, base
        yield pointer, value, home, base
