"""The form for the control token."""

import hmac

from novapost_mock.console.addresses import HOME
from novapost_mock.console.cookie import cookie_of
from novapost_mock.console.rendering import back_to, bare
from novapost_mock.console.texts import language_of, texts_of
from novapost_mock.console.visit import ProblemError, Visit, comes_from_elsewhere, read_form
from novapost_mock.control.routes import is_foreign
from novapost_mock.messages import Reply, Request


def show(visit: Visit) -> Reply:
    """GET sign-in: the form."""
    return bare(visit.request, visit.texts, "sign_in", wrong=False)


def without_token(visit: Visit) -> Reply:
    """POST sign-in if the mock needs no control token: go on to the console."""
    return back_to("key")


def answer(request: Request, token: str) -> Reply:
    """Answer the form if the mock needs a control token.

    Args:
        request: the request.
        token: the control token.
    """
    texts = texts_of(language_of(request))
    try:
        if is_foreign(request) or comes_from_elsewhere(request):
            raise ProblemError(403, "problem.foreign")
        given = read_form(request).get("token", "").strip()
    except ProblemError as error:
        return bare(request, texts, "problem", error.status, problem=error.name)
    if not hmac.compare_digest(given.encode(), token.encode()):
        return bare(request, texts, "sign_in", 403, wrong=True)
    name, value = cookie_of(token)
    return back_to("key").with_header("Set-Cookie", f"{name}={value}; Path={HOME}; SameSite=Strict; HttpOnly")
