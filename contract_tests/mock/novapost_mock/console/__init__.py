"""The console: pages under `/__mock__/` for people, where control is for programs.

Only what decides whether a request is for the console is loaded with the mock. Pages, their templates and
Jinja come when the first page is asked for.
"""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Protocol

from novapost_mock.control import ORIGIN, PREFIX, Stage
from novapost_mock.errors import error_response
from novapost_mock.messages import Reply, Request
from novapost_mock.readings import Readings
from novapost_mock.state import Client

FOLDER = "console"
"""The segment below control's prefix under which all pages but the first lie."""

HOME = f"/{PREFIX}/"
ROOT = f"/{PREFIX}/{FOLDER}/"


class Sandbox(Stage, Protocol):
    """What the console works on: what control works on, and the API itself."""

    readings: Readings

    def handle(self, request: Request, now: datetime | None = None) -> Reply: ...
    def remembered(self, phone: str) -> Client: ...


def is_console(segments: Sequence[str]) -> bool:
    """Tell whether a path belongs to the console, by its decoded segments below control's prefix."""
    return not segments or segments == ("",) or segments[0] == FOLDER


def answer(sandbox: Sandbox, request: Request, segments: tuple[str, ...], now: datetime) -> Reply:
    """Answer a request for a page.

    Args:
        sandbox: what the page shows and steers.
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
    reply: Reply = router.answer(sandbox, request, segments, now)
    return reply
