"""Where an API is served, and whether a part of the address moved between the servers and the paths."""

from collections.abc import Sequence
from typing import Any

from scripts.drift.document.spec import Operation, Part, as_dict, as_list


def addresses(owner: Part) -> list[str]:
    """Return the addresses of a document, a path or an operation, variables filled in with their defaults."""
    found = [address(as_dict(server)) for server in as_list(owner.value.get("servers"))]
    # OpenAPI 3: no servers are one with the address "/".
    return found or ([] if owner.pointer else ["/"])


def address(server: dict[str, Any]) -> str:
    """Return the address of a server, variables filled in with their defaults."""
    url = str(server.get("url", ""))
    for name, variable in as_dict(server.get("variables")).items():
        url = url.replace("{" + str(name) + "}", str(as_dict(variable).get("default", "")))
    return url.rstrip("/") or "/"


def moved(
    olds: Sequence[str],
    news: Sequence[str],
    before: Sequence[Operation],
    after: Sequence[Operation],
) -> tuple[str, str]:
    """Return what the paths of either side lack where a part of the address moved.

    It moves from the servers into the paths or back: "/v1" where `https://a/v1` and `/b` became `https://a`
    and `/v1/b`. Both are empty if nothing moved, or if it cannot be told for all operations at once.
    """
    if any(one.kind == "callback" or _has_servers(one) for one in (*before, *after)):
        return "", ""
    lacking = _prefix(news, olds, after)
    if lacking:
        return lacking, ""
    return "", _prefix(olds, news, before)


def _prefix(short: Sequence[str], long: Sequence[str], operations: Sequence[Operation]) -> str:
    """Return the end of the longer addresses with which all paths of the shorter ones begin."""
    starts = {"" if one == "/" else one for one in short}
    for start in sorted(starts):
        for address in long:
            rest = address[len(start) :]
            if not (address.startswith(start) and rest.startswith("/") and len(rest) > 1):
                continue
            paths = [one.path for one in operations if one.kind == "path"]
            below = all(path == rest or path.startswith(f"{rest}/") for path in paths)
            if paths and below and {one + rest for one in starts} == set(long):
                return rest
    return ""


def _has_servers(operation: Operation) -> bool:
    return "servers" in operation.item.value or "servers" in operation.part.value
