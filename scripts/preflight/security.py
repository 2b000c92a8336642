"""Security schemes: names under which a key would go astray."""

import re
from collections.abc import Iterator

from scripts.document.operations import mapping, resolved
from scripts.document.tree import Tree, escape
from scripts.lib.errors import Refusal

# RFC 9110, section 5.6.2: what the name of a header or a cookie is made of.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What the HTTP library itself says about a message and its connection (RFC 9110 and RFC 9112).
OWN_HEADERS = (
    *("host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection"),
    *("te", "trailer", "upgrade"),
)


def key_names(tree: Tree) -> Iterator[Refusal]:
    """Refuse a key in a header or a cookie that cannot have its name, or that is the message's own."""
    declared = mapping(mapping(tree.document, "components"), "securitySchemes")
    for label, reference in declared.items():
        scheme = resolved(tree.document, reference)
        if not isinstance(scheme, dict) or scheme.get("type") != "apiKey":
            continue
        pointer = f"#/components/securitySchemes/{escape(label)}"
        name, place = scheme.get("name"), scheme.get("in")
        if not isinstance(name, str) or place not in ("header", "query", "cookie"):
            yield Refusal(pointer, "an apiKey needs a `name`, and header, query or cookie as its `in`")
        elif place == "query":
            if not name:
                yield Refusal(pointer, "the name of the key is empty")
        elif not TOKEN.fullmatch(name):
            yield Refusal(pointer, f"{name!r} cannot be the name of a {place} (RFC 9110)")
        elif place == "header" and name.lower() in OWN_HEADERS:
            yield Refusal(pointer, f"the header {name!r} is set by the HTTP library and takes no key")
