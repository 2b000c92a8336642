"""Objects: their classes, their properties, and what of them the generator leaves out."""

from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Node, Tree, escape
from scripts.generator.python_names import class_name, fault, identifier, module_of
from scripts.lib.errors import Refusal
from scripts.lib.word_set import words

# Keywords of JSON Schema that change what a value looks like, and of which the generator knows nothing.
_UNKNOWN = words(
    """
    patternProperties dependentSchemas dependentRequired dependencies if then else not prefixItems
    contains $defs definitions contentSchema contentEncoding contentMediaType unevaluatedItems extends
    """
)


def class_names(tree: Tree) -> Iterator[Refusal]:
    """Two schemas that become one class or module."""
    seen: dict[str, tuple[Node, str]] = {}
    for node in tree.of_kind("schema"):
        if node.parent is None or node.parent.kind != "components" or not _is_class(node):
            continue
        title = node.value.get("title")
        name = title if isinstance(title, str) and title else node.name
        python = class_name(name)
        if reason := fault(name, python):
            yield Refusal(node.pointer, reason)
        other, was = seen.setdefault(module_of(python), (node, python))
        if other is not node:
            yield Refusal(
                node.pointer, f"the classes {was!r} and {python!r} become one module, as {other.pointer}"
            )


def property_names(tree: Tree) -> Iterator[Refusal]:
    """Refuse a property that gives no attribute."""
    for node in tree.of_kind("schema"):
        for name in node.value.get("properties") or ():
            if reason := fault(name, identifier(name), travels=True):
                yield Refusal(f"{node.pointer}/properties/{escape(name)}", reason)


def starred_names(tree: Tree) -> Iterator[Refusal]:
    """Refuse a name that ends in `*`, which pages put after what is required; a note."""
    for node in tree.of_kind("schema"):
        for name in node.value.get("properties") or ():
            if name.endswith("*"):
                yield Refusal(
                    f"{node.pointer}/properties/{escape(name)}",
                    f"the name {name!r} ends in '*', which pages put after what is required; sent as it is, "
                    "and --fix writes an overlay that renames it",
                )


def required_names(tree: Tree) -> Iterator[Refusal]:
    """Refuse a name that is required and that no property has; the generator requires nothing."""
    for node in tree.of_kind("schema"):
        needed = node.value.get("required")
        if not isinstance(needed, list):
            continue
        owner = node
        # A part of an allOf may require what another part declares.
        while owner.parent is not None and owner.parent.kind == "schema" and "/allOf/" in owner.pointer[-9:]:
            owner = owner.parent
        declared = schema_types.properties(tree, owner) | schema_types.properties(tree, node)
        for name in dict.fromkeys(needed):
            if name not in declared:
                yield Refusal(
                    f"{node.pointer}/required", f"{name!r} is required, but no property has that name"
                )


def arrays(tree: Tree) -> Iterator[Refusal]:
    """Refuse an array that does not say of what; the generator drops every operation that needs it."""
    for node in tree.of_kind("schema"):
        if "array" in schema_types.declared_types(node) and "items" not in node.value:
            yield Refusal(node.pointer, "an array without `items`; the generator drops whatever needs it")


def unknown_keywords(tree: Tree) -> Iterator[Refusal]:
    """Refuse a keyword that changes what a value looks like, and that the generator does not read."""
    for node in tree.of_kind("schema"):
        for key in sorted(_UNKNOWN.intersection(node.value)):
            yield Refusal(f"{node.pointer}/{escape(key)}", f"the generator does not read {key!r}")


def _is_class(node: Node) -> bool:
    return bool(
        node.value.get("enum") or "object" in schema_types.declared_types(node) or "properties" in node.value
    ) or bool(node.value.get("allOf"))
