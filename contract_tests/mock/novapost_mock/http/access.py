"""Who may talk to a mock on a port: the check of `Host`, and the token that control can want.

A web page that somebody has open can reach a server on the same machine, and by DNS rebinding it can do so
under its own name: it lets that name lead to 127.0.0.1, and for the browser the mock is then the page's own
server. The name gives it away. So a `Host` is let in that no page can have chosen: an address (nobody rebinds
an address), `localhost`, a name without a dot (only the own network knows such names, as Docker's do), a name
below a domain that the public DNS will never have, the host the mock was told to listen on, and names that
were allowed.

Pages of other origins may use the API where `cors` lets them, and never control.
"""

import hmac
import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from novapost_mock.console import session
from novapost_mock.control import routes
from novapost_mock.errors import error_response
from novapost_mock.http import cors
from novapost_mock.http.parser import Head
from novapost_mock.messages import Reply

# RFC 3986, 3.2.2 and 3.2.3, without the percent-encoding that no host in a URL of http needs.
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._~-]{1,255})(?::[0-9]{0,5})?", re.ASCII)
# RFC 6761, and `.internal`, which ICANN set aside in 2024: `host.docker.internal` is a container's host.
_PRIVATE = (".localhost", ".test", ".internal")
_HEALTH = f"/{routes.PREFIX}/health"

NO_HOST = Reply.of_json(400, error_response("A request of HTTP/1.1 names one valid Host"))
OTHER_HOST = Reply.of_json(
    421, error_response("Not a host of this mock; novapost-mock --allow-host NAME lets a name in")
)
NO_TOKEN = Reply.of_json(
    401,
    error_response("Control wants its token: Authorization: Bearer TOKEN"),
    [("WWW-Authenticate", 'Bearer realm="novapost-mock control"')],
)


@dataclass(frozen=True)
class Access:
    """Decide by their heads which requests are let in; to be called with one.

    Attributes:
        hosts: names that are let in beside those that no page can have, in any case.
        token: what control wants as `Authorization: Bearer`, or by the cookie of the console's form; None
            for nothing. Never in the repr.
        origins: whose pages may use the API.
    """

    hosts: frozenset[str] = frozenset()
    token: str | None = None
    origins: cors.Origins = field(default_factory=cors.Origins, compare=False)

    def __call__(self, head: Head) -> Reply | None:
        """Return how a request is refused, or None for one that is let in.

        A preflight is answered here as well. The head notes the origin whose pages may read the answer.
        """
        given = head.values("host")
        if len(given) > 1 or (not given and not head.is_old):
            return NO_HOST
        host = _host(given[0]) if given else ""
        if host is None:
            return NO_HOST
        is_control = _is_control(head.path)
        if head.authority is not None:
            # The absolute form: Host has no meaning then (RFC 9112, 3.2.2). Only a client that takes the mock
            # for its proxy writes it; no page can. It may ask for the API of any host, but steer only ours.
            authority = _host(head.authority)
            if authority is None:
                return NO_HOST
            if is_control and not self._is_known(authority):
                return OTHER_HOST
        elif not self._is_known(host):
            return OTHER_HOST
        if self.token is not None and is_control and head.path != _HEALTH and not self._has_token(head):
            if session.is_open(head.path):
                return None
            return session.TO_SIGN_IN if session.is_for_people(head) else NO_TOKEN
        if not is_control and (origin := cors.allowed_origin(head, self.origins)) is not None:
            refusal = cors.preflight(head, origin)
            if refusal is None:
                head.origin = origin
            return refusal
        return None

    def _is_known(self, host: str) -> bool:
        # An empty one comes with targets that have no authority, and from no browser (RFC 9112, 3.2).
        host = host.removesuffix(".").lower()
        if "." not in host and ":" not in host:
            return True
        if host in self.hosts or host.endswith(_PRIVATE):
            return True
        try:
            ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return False
        return True

    def _has_token(self, head: Head) -> bool:
        given = head.values("authorization")
        if self.token is None:
            return False
        if not given:
            return session.shows_token(head, self.token)
        if len(given) != 1:
            return False
        scheme, _, token = given[0].partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), self.token.encode())

    def __repr__(self) -> str:
        return f"<Access {'with' if self.token else 'without'} token>"


def _host(authority: str) -> str | None:
    """Return the host of an authority, empty for an empty one, or None if it is not valid."""
    if not authority:
        return ""
    found = _AUTHORITY.fullmatch(authority)
    return None if found is None else found[1]


def _is_control(path: str) -> bool:
    return unquote(path.removeprefix("/").partition("/")[0]) == routes.PREFIX
