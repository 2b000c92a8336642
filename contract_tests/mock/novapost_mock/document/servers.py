"""Base paths: where below a host the servers of a document have their operations."""

import re
from collections.abc import Mapping
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from novapost_mock.schemas.violation import DocumentError

_VARIABLE = re.compile(r"\{([^{}]*)\}")


def base_paths(servers: Any) -> tuple[str, ...]:
    """Return the paths of Server Objects, without a slash at the end, each once; the root if there are none.

    Variables have their default values.

    Raises:
        DocumentError: an address cannot be read.
    """
    listed = [each for each in servers if isinstance(each, Mapping)] if isinstance(servers, list) else []
    return tuple(dict.fromkeys(_path(each) for each in listed)) or ("",)


def _path(server: Mapping[str, Any]) -> str:
    variables = server.get("variables")

    def default(match: re.Match[str]) -> str:
        variable = variables.get(match[1]) if isinstance(variables, Mapping) else None
        value = variable.get("default") if isinstance(variable, Mapping) else None
        return match[1] if value is None else str(value)

    url = _VARIABLE.sub(default, str(server.get("url", "/")))
    try:
        path = urlsplit(url).path
    except ValueError:
        raise DocumentError("#/servers: an address that cannot be read") from None
    path = unquote(path).strip()
    if "." in path.split("/") or ".." in path.split("/"):
        # Relative to where the document lies (RFC 3986, 5.2.4); here that is the root.
        path = normpath(f"/{path}")
    path = path.rstrip("/")
    if any(not c.isprintable() for c in path):
        raise DocumentError("#/servers: an address that cannot be read")
    return path if not path or path.startswith("/") else f"/{path}"
