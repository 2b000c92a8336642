"""Walking through parsed Python, quickly: a package of a thousand operations has millions of nodes."""

import ast


def nodes(tree: ast.AST) -> list[ast.AST]:
    """Return the node and all below it, those above before those below.

    As `ast.walk` gives them, but for `Load`, `Store` and `Del`, a fourth of all, which only say what the
    `ctx` of their node says.
    """
    found = [tree]
    for node in found:
        for name in _CHILDREN[type(node)]:
            value = getattr(node, name)
            if type(value) is list:
                # None stands for what is not there, such as the key of `{**other}`; texts are names.
                found += [child for child in value if isinstance(child, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


class _Children(dict[type[ast.AST], tuple[str, ...]]):
    """The fields in which other nodes may be, by the kind of a node."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        plain = kind._fields if kind is ast.Constant else _PLAIN
        names = self[kind] = tuple(name for name in kind._fields if name not in plain)
        return names


# Fields that hold no nodes, whatever the kind; and the one that holds what is not wanted.
_PLAIN = frozenset(
    ("ctx", "id", "attr", "asname", "module", "level", "type_comment", "conversion", "simple", "is_async")
)
_CHILDREN = _Children()
