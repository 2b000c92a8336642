"""The operations of a document: the one place that knows where they stand and what their path lends them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# More than this many references in a row lead nowhere.
_MAX_REFS = 20


@dataclass(frozen=True)
class Operation:
    """One operation of the document, with the parameters of its path item, references resolved.

    Attributes:
        method: in small letters.
        path: the key of its path item.
        value: what stands there.
        parameters: its own first; of two by one name and place the first one holds.
        servers: its own or those of its path item, in place of the document's; empty where it has none.
        servers_at: where they stand.
    """

    method: str
    path: str
    value: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]
    servers: Sequence[Any] = ()
    servers_at: str = ""

    @property
    def label(self) -> str:
        """How people call it."""
        return f"{self.method.upper()} {self.path}"


def resolved(document: Mapping[str, Any], value: Any) -> Any:
    """Return what a local reference points to, None if it leads nowhere; anything else as it is."""
    for _ in range(_MAX_REFS):
        if not isinstance(value, Mapping) or not isinstance(value.get("$ref"), str):
            return value
        target: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            step = step.replace("~1", "/").replace("~0", "~")
            target = target.get(step) if isinstance(target, Mapping) else None
        value = target
    return None


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation, in the document's order."""
    for path, item in mapping(document, "paths").items():
        if not isinstance(item, Mapping):
            continue
        shared = _list(item, "parameters")
        for method in METHODS:
            if isinstance(item.get(method), Mapping):
                own = [resolved(document, one) for one in (*_list(item[method], "parameters"), *shared)]
                parameters = {
                    (one.get("in"), one.get("name")): one for one in reversed(own) if isinstance(one, Mapping)
                }
                place = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}"
                servers_at = (
                    f"{place}/{method}/servers" if _list(item[method], "servers") else f"{place}/servers"
                )
                yield Operation(
                    method,
                    path,
                    item[method],
                    tuple(reversed(parameters.values())),
                    _list(item[method], "servers") or _list(item, "servers"),
                    servers_at,
                )


def mapping(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object that stands under a name; an empty one if there is none."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _list(value: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else ()
