"""Classes whose names would be too long for a file: a shorter title of the same words names them."""

from collections.abc import Iterator

from scripts.document.tree import Node, Tree
from scripts.generator.long_words import shortened
from scripts.generator.python_names import LONGEST, alteration, class_name, module_of
from scripts.lib.errors import Refusal

# The generator adds words such as "Response200" and "Type1", and numbers, to what is counted here.
_MOST = LONGEST - 40
_BETWEEN = frozenset(("items", "additionalProperties", "schema"))


def classes(tree: Tree) -> Iterator[Refusal]:
    """Give a title to a schema whose own name, or the names it stands within, are too long together."""
    taken: set[str] = set()
    for node in tree.of_kind("schema"):
        if node.value.get("type") not in ("object", None) and not node.value.get("enum"):
            continue
        name = _grown(node)
        if len(name) <= _MOST or alteration(name):
            continue
        short, number = shortened(name), 2
        while module_of(class_name(short)) in taken:
            short, number = f"{shortened(name)} {number}", number + 1
        taken.add(module_of(class_name(short)))
        node.value["title"] = short
        yield Refusal(node.pointer, f"its name is too long for a file; the class is {class_name(short)}")


def _grown(node: Node) -> str:
    """Return the words that the name of a class is made of, from its title or component downwards."""
    title = node.value.get("title")
    if isinstance(title, str) and title:
        return title
    parent = node.parent
    if parent is None or parent.kind == "components":
        return node.name
    if parent.kind == "path item":
        given = node.value.get("operationId")
        return given if isinstance(given, str) else f"{node.name} {parent.name}"
    return f"{_grown(parent)} {node.name}" if node.name not in _BETWEEN else f"{_grown(parent)} Item"
