"""Answer requests for pages; the first request loads the pages."""

from datetime import datetime
from importlib import import_module

from novapost_mock.console.shown_mock import ShownMock
from novapost_mock.control.routes import ORIGIN
from novapost_mock.errors import error_response
from novapost_mock.messages import Reply, Request


def answer(mock: ShownMock, request: Request, segments: tuple[str, ...], now: datetime) -> Reply:
    """Answer a request for a page.

    Args:
        mock: the mock that the page shows and changes.
        request: the request.
        segments: the decoded segments of its path below control's prefix.
        now: the time of the request on the mock's clock.
    """
    try:
        router = import_module("novapost_mock.console.router")
    except ModuleNotFoundError as error:
        if error.name != "jinja2":
            raise
        text = "The console needs more: pip install 'novapost-client[mock]'"
        return Reply.of_json(501, error_response(text), (), ORIGIN)
    reply: Reply = router.answer(mock, request, segments, now)
    return reply
