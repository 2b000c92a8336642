"""Operations of a document tree before they are compiled: where they stand, and the query in their paths."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from novapost_mock.schemas.pointers import shown

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# A path ends where a query or a fragment begins.
DIVIDED = re.compile(r"[?#]")
_OPEN = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Found:
    """An operation of the tree, not yet read."""

    method: str
    path: str
    item: Mapping[str, Any]
    tree: Mapping[str, Any]

    @property
    def place(self) -> str:
        """The place of the operation in the document."""
        return f"#/paths/{shown(self.path)}/{self.method}"

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query that stands in its path."""
        text = self.path.partition("#")[0].partition("?")[2]
        return [(unquote_plus(n), v) for n, _, v in (each.partition("=") for each in text.split("&")) if n]


def add_query(found: Found, listed: dict[tuple[str, str], tuple[Mapping[str, Any], str]]) -> None:
    """Add the query that stands in a path to the parameters: a value, or `{name}` for that of a parameter."""
    for name, text in found.query:
        open_ = _OPEN.fullmatch(text)
        if open_ is None:
            only = {"type": "string", "enum": [unquote_plus(text)]}
            listed[name, "query"] = (
                {"name": name, "in": "query", "required": True, "schema": only},
                found.place,
            )
        elif (open_[1], "path") in listed:
            tree, place = listed.pop((open_[1], "path"))
            listed[name, "query"] = {**tree, "name": name, "in": "query", "style": "form"}, place
