"""Servers: addresses that a client could not append a path to, or that would lead elsewhere."""

from collections.abc import Iterator

from scripts.document.operations import operations
from scripts.document.tree import Tree
from scripts.generator.tables import environments, own_servers
from scripts.lib.errors import Refusal


def addresses(tree: Tree) -> Iterator[Refusal]:
    """Refuse a server whose address, with the defaults of its variables, is none (RFC 3986)."""
    try:
        environments(tree.document)
    except Refusal as refusal:
        yield refusal
        return
    told: set[str] = set()
    for found in operations(tree.document):
        if found.servers_at in told:
            continue
        told.add(found.servers_at)
        try:
            own_servers(tree.document, found)
        except Refusal as refusal:
            yield refusal
