"""How a browser shows control's token: once, in a form, and from then on by a cookie.

A browser cannot put `Authorization: Bearer` on the pages that somebody opens. The cookie's value is made from
the token and is not the token: who reads it can use this mock's control until the token changes, and cannot
learn what else the token may open. It is HttpOnly, `SameSite=Strict`, ends with the browser, and has a name
of its own for each token, so that mocks on several ports of one host do not put each other's out.
"""

import hmac
from collections.abc import Callable
from importlib import import_module

from novapost_mock.console.addresses import HOME, ROOT
from novapost_mock.console.cookie import cookie_of
from novapost_mock.control.routes import ORIGIN
from novapost_mock.http.parser import Head
from novapost_mock.messages import Reply, Request

SIGN_IN = f"{ROOT}sign-in"
STATIC = f"{ROOT}static/"

TO_SIGN_IN = Reply(303, (("Location", SIGN_IN), ("Cache-Control", "no-store")), origin=ORIGIN)


def shows_token(head: Head, token: str) -> bool:
    """Tell whether a request brings the cookie of a token."""
    name, wanted = cookie_of(token)
    given = [
        value.strip()
        for line in head.values("cookie")
        for key, _, value in (part.partition("=") for part in line.split(";"))
        if key.strip() == name
    ]
    return len(given) == 1 and hmac.compare_digest(given[0].encode(), wanted.encode())


def is_open(path: str) -> bool:
    """Tell whether a path is there for who has no token yet: the form, and what it looks like."""
    return path == SIGN_IN or path.startswith(STATIC)


def is_for_people(head: Head) -> bool:
    """Tell whether somebody opens a page, so that a form helps more than a refusal in JSON."""
    is_page = head.path == HOME or head.path.startswith(ROOT)
    return is_page and head.method == "GET" and "text/html" in ",".join(head.values("accept"))


def guarded(handle: Callable[[Request], Reply], token: str, request: Request) -> Reply:
    """Answer a request, the form with the token included.

    Args:
        handle: what answers all other requests, such as `Mock.handle`.
        token: what control wants.
        request: the request.
    """
    if request.method == "POST" and request.path == SIGN_IN:
        reply: Reply = import_module("novapost_mock.console.signin").answer(request, token)
        return reply
    return handle(request)
