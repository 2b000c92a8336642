"""Servers: addresses that a client could not append a path to, or that would lead elsewhere."""

from collections.abc import Iterator

from scripts.preflight.tree import Tree
from scripts.refusal import Refusal
from scripts.tables import environments


def addresses(tree: Tree) -> Iterator[Refusal]:
    """A server whose address, with the defaults of its variables, is none (RFC 3986)."""
    try:
        environments(tree.document)
    except Refusal as refusal:
        yield refusal
