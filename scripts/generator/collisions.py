"""Names of the document that become one name in Python: each keeps a name of its own.

The first keeps the plain name. Of parameters, those in the path come first, and a later one takes the place
where it stands as a suffix (`id_query`); a later property takes a number (`is_active_2`). On the wire each
has the name that the document gives it.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scripts.document import schema_types
from scripts.document.tree import Node, Operation, Tree
from scripts.generator.python_names import identifier, operation_name
from scripts.generator.renaming import rename_properties, wire_names

_PLACES = ("path", "query", "header", "cookie")
# Names that the generator's functions need; it puts the place after a parameter of such a name.
_RESERVED = ("client", "url")
# What the generator sees as a parameter in a path.
_IN_PATH = re.compile(r"[A-Za-z_-][A-Za-z0-9_-]*")


def parameters_apart(operation: Operation) -> dict[tuple[str, str], str]:
    """Return the arguments of an operation by place and wire name, no two alike."""
    found: dict[tuple[str, str], str] = {}
    listed = [
        (str(one.value.get("in")), one.value["name"])
        for one in operation.parameters
        if isinstance(one.value.get("name"), str)
    ]
    listed.sort(key=lambda key: _PLACES.index(key[0]) if key[0] in _PLACES else len(_PLACES))
    taken: set[str] = set()
    for place, name in listed:
        python = identifier(name)
        if python in (*_RESERVED, "body"):
            python = f"{python}_{place}"
        if python in taken:
            python = _free(f"{python}_{place}", taken)
        taken.add(python)
        found.setdefault((place, name), python)
    return found


def properties_apart(names: Iterable[str]) -> dict[str, str]:
    """Return the attributes that the properties of an object become, no two alike."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        python = identifier(name)
        python = _free(python, taken) if python in taken else python
        taken.add(python)
        found[name] = python
    return found


def _free(wanted: str, taken: set[str]) -> str:
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}_{number}", number + 1
    return found


def tell_apart(document: dict[str, Any]) -> dict[str, str]:
    """Rename in a document what the generator would make one of.

    Returns:
        By what a property or a parameter is called now, what it was called.
    """
    wires = _Wires(wire_names(Tree(document)))
    _parameters(document, wires)
    _properties(Tree(document), wires)
    return wires.originals


class _Wires:
    """Names that stand for names of the document until the package is written."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self.originals: dict[str, str] = {}

    def name(self, original: str, python: str, blank: str = " ") -> str:
        """Return a name that becomes `python` and stands for `original`, and that nothing else has."""
        plain = python
        while plain in self._taken or self.originals.get(plain, original) != original:
            plain += blank
        self.originals[plain] = original
        return plain


def _parameters(document: dict[str, Any], wires: _Wires) -> None:
    by_item: dict[str, list[Operation]] = {}
    for operation in Tree(document).operations:
        by_item.setdefault(operation.path, []).append(operation)
    paths = document.get("paths")
    for path, listed in by_item.items():
        if any(_meets(operation) for operation in listed) and isinstance(paths, dict):
            _rename_parameters(paths, path, listed, wires)


def _usual(place: str, name: str) -> str:
    """Return the argument that the generator and our own rules make of a parameter that meets no other."""
    python = identifier(name)
    return f"{python}_{place}" if python in (*_RESERVED, "body") else python


def _meets(operation: Operation) -> bool:
    """Whether two of an operation's parameters become one argument, or the generator does not see one."""
    return any(
        python != _usual(place, name) or (place == "path" and not _IN_PATH.fullmatch(name))
        for (place, name), python in parameters_apart(operation).items()
    )


def _rename_parameters(paths: dict[str, Any], path: str, operations: list[Operation], wires: _Wires) -> None:
    in_path: dict[str, str] = {}
    for operation in operations:
        apart = parameters_apart(operation)
        # Each operation has its own from here on: what a path item or a component has is not only its own.
        own = []
        for node in operation.parameters:
            value = copy.deepcopy(node.value)
            place, name = str(value.get("in")), value.get("name")
            python = apart.get((place, str(name)), "")
            if isinstance(name, str) and place == "path":
                if python != _usual(place, name) or not _IN_PATH.fullmatch(name):
                    in_path.setdefault(name, wires.name(name, python, "_"))
                    value["name"] = in_path[name]
            elif isinstance(name, str) and python != _usual(place, name):
                value["name"] = wires.name(name, python)
            own.append(value)
        operation.node.value["parameters"] = own
        operation.node.value["operationId"] = operation_name(
            operation.node.value.get("operationId"), operation.method, operation.path
        )
    item = paths[path]
    if isinstance(item, dict):
        item.pop("parameters", None)
    if in_path:
        key = re.sub(r"\{([^{}]*)\}", lambda match: f"{{{in_path.get(match[1], match[1])}}}", path)
        while key in paths and key != path:
            key += "/"
        items = [(key if name == path else name, value) for name, value in paths.items()]
        paths.clear()
        paths.update(items)


def _properties(tree: Tree, wires: _Wires) -> None:
    for family in _families(tree):
        renamed: dict[str, str] = {}
        for node in family:
            names = [name for name in schema_types.properties(tree, node) if name not in renamed]
            apart = properties_apart(names)
            for name, python in apart.items():
                if python != identifier(name):
                    renamed[name] = wires.name(name, python)
        if renamed:
            for node in family:
                rename_properties(node, renamed)


def _families(tree: Tree) -> Iterator[list[Node]]:
    """Schemas with properties, those together that an allOf puts into one object."""
    leader: dict[str, str] = {}

    def lead(pointer: str) -> str:
        while leader.get(pointer, pointer) != pointer:
            pointer = leader[pointer]
        return pointer

    nodes = [
        node for node in tree.of_kind("schema") if node.value.get("properties") or node.value.get("allOf")
    ]
    for node in nodes:
        leader.setdefault(node.pointer, node.pointer)
        for part in tree.children(node, "allOf"):
            other = tree.resolve(part).pointer
            leader.setdefault(other, other)
            one, two = lead(node.pointer), lead(other)
            if one != two:
                leader[two] = one
    families: dict[str, list[Node]] = {}
    for node in nodes:
        families.setdefault(lead(node.pointer), []).append(node)
    yield from families.values()


def told_parameters(tree: Tree) -> Iterator[tuple[Node, str, str]]:
    """Yield node, operation and argument of parameters whose argument has another name."""
    for operation in tree.operations:
        apart = parameters_apart(operation)
        for node in operation.parameters:
            name = node.value.get("name")
            key = (str(node.value.get("in")), name if isinstance(name, str) else "")
            if key in apart and apart[key] != _usual(*key):
                yield node, operation.label, apart[key]


def told_properties(tree: Tree) -> Iterator[tuple[Node, str, str]]:
    """Yield node, name and attribute of properties whose attribute has another name."""
    for family in _families(tree):
        renamed: Mapping[str, str] = {}
        for node in family:
            children = schema_types.properties(tree, node)
            for name, python in properties_apart(children).items():
                if python != identifier(name) and name not in renamed:
                    renamed = {**renamed, name: python}
                    yield children[name], name, python
