"""How a browser sends the control token: once in a form, then as a cookie.

A browser cannot send `Authorization: Bearer` for the pages that somebody opens. The value of the cookie is
derived from the token, and is not the token. So a person who reads the cookie can use the control API of this
mock until the token changes, but does not learn the token. The cookie is HttpOnly and `SameSite=Strict`, and
ends with the browser. Each token has its own cookie name, so that mocks on several ports of one host do not
overwrite each other's cookies.
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
    """Return whether a request has the cookie of a token."""
    name, wanted = cookie_of(token)
    given = [
        value.strip()
        for line in head.values("cookie")
        for key, _, value in (part.partition("=") for part in line.split(";"))
        if key.strip() == name
    ]
    return len(given) == 1 and hmac.compare_digest(given[0].encode(), wanted.encode())


def is_open(path: str) -> bool:
    """Return whether a path needs no token: the form and its style sheets."""
    return path == SIGN_IN or path.startswith(STATIC)


def is_for_people(head: Head) -> bool:
    """Return whether a person opens a page and needs a form, not a refusal in JSON."""
    is_page = head.path == HOME or head.path.startswith(ROOT)
    return is_page and head.method == "GET" and "text/html" in ",".join(head.values("accept"))


def guarded(handle: Callable[[Request], Reply], token: str, request: Request) -> Reply:
    """Answer a request, the form with the token included.

    Args:
        handle: the function that answers all other requests, such as `Mock.handle`.
        token: the control token.
        request: the request.
    """
    if request.method == "POST" and request.path == SIGN_IN:
        reply: Reply = import_module("novapost_mock.console.signin").answer(request, token)
        return reply
    return handle(request)
