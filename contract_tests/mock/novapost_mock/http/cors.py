"""Let pages of other origins use the API: preflights, and what each answer says to the browser.

Pages of this machine may, since front ends are developed there under another port; further origins are named.
Control and console are never shared: whoever decides that a request is for them must not ask here.
"""

import re
from collections.abc import Iterable

from novapost_mock.http.parser import Head
from novapost_mock.messages import Headers, Reply

ANY = "*"
"""The setting that lets pages of all origins in."""
NONE = "none"
"""The setting that lets in only pages of the origins that are named beside it."""

PREFLIGHT_SECONDS = 600
MAX_PORT = 65_535

_LOOPBACK = re.compile(
    r"https?://(?:localhost|(?:[a-z0-9-]{1,63}\.)+localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?",
    re.ASCII,
)
_ORIGIN = re.compile(
    r"[a-z][a-z0-9+.-]{0,30}://(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(?P<port>[0-9]{1,5}))?",
    re.ASCII,
)
_NAMES = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z, -]{1,2000}", re.ASCII)
# What a browser shows a page anyway (Fetch, "CORS-safelisted response-header name").
_ALWAYS_SHOWN = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified"}
)


class Origins:
    """The origins whose pages may use the API."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        """Read the settings.

        Args:
            named: origins such as `https://app.example`; `*` for all; `none` to leave loopback out.

        Raises:
            ValueError: one of them is none of these.
        """
        given = [each.lower().removesuffix("/") for each in named]
        for each in given:
            if each not in (ANY, NONE, "null") and not _is_origin(each):
                raise ValueError("an origin is a scheme, a host and perhaps a port: https://app.example")
        self._named = frozenset(given)

    def allows(self, origin: str) -> bool:
        """Tell whether pages of an origin may use the API."""
        lower = origin.lower()
        if ANY in self._named or lower in self._named:
            return lower != NONE
        return NONE not in self._named and _LOOPBACK.fullmatch(lower) is not None


def _is_origin(text: str) -> bool:
    found = _ORIGIN.fullmatch(text)
    return found is not None and int(found["port"] or 0) <= MAX_PORT


def allowed_origin(head: Head, origins: Origins) -> str | None:
    """Return the origin that a request comes from, if its pages may use the API."""
    given = head.values("origin")
    return given[0] if len(given) == 1 and origins.allows(given[0]) else None


def preflight(head: Head, origin: str) -> Reply | None:
    """Return the answer to a preflight; None if the request is none (Fetch, "CORS-preflight request")."""
    if head.method != "OPTIONS":
        return None
    wanted = head.values("access-control-request-method")
    if len(wanted) != 1 or not _NAMES.fullmatch(wanted[0]):
        return None
    headers = [("Access-Control-Allow-Methods", wanted[0])]
    names = ", ".join(head.values("access-control-request-headers"))
    if names and _NAMES.fullmatch(names):
        headers.append(("Access-Control-Allow-Headers", names))
    if head.values("access-control-request-private-network"):
        headers.append(("Access-Control-Allow-Private-Network", "true"))
    headers.append(("Access-Control-Max-Age", str(PREFLIGHT_SECONDS)))
    return Reply(204, (*_allowing(origin), *headers))


def shared(reply: Reply, origin: str) -> Reply:
    """Return a reply that a page of the origin may read, its headers included.

    What a document says of these headers itself goes before.
    """
    present = {name.lower() for name, _ in reply.headers}
    if "access-control-allow-origin" in present:
        return reply
    added = list(_allowing(origin))
    shown = dict.fromkeys(n for n, _ in reply.headers if n.lower() not in _ALWAYS_SHOWN | {"set-cookie"})
    if shown:
        added.append(("Access-Control-Expose-Headers", ", ".join(shown)))
    for name, value in added:
        if name == "Vary" or name.lower() not in present:
            reply = reply.with_header(name, value)
    return reply


def _allowing(origin: str) -> Headers:
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    )
