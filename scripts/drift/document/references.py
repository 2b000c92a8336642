"""The references in a piece of a document."""

from typing import Any


def references(value: Any) -> set[str]:
    """Every reference in a value, those of discriminator mappings left out."""
    found: set[str] = set()
    level = [value]
    while level:
        node = level.pop()
        if isinstance(node, dict):
            for keyword in ("$ref", "$dynamicRef"):
                target = node.get(keyword)
                if isinstance(target, str):
                    found.add(target)
            level += [child for child in node.values() if isinstance(child, dict | list)]
        elif isinstance(node, list):
            level += [child for child in node if isinstance(child, dict | list)]
    return found
