"""Choose the page for a request, or answer that there is none."""

from collections.abc import Callable, Mapping
from datetime import datetime

from novapost_mock.console import fault_page, journal_page, key_page, reference_page, signin, state_pages
from novapost_mock.console.addresses import FOLDER, HOME
from novapost_mock.console.rendering import page, static
from novapost_mock.console.shown_mock import ShownMock
from novapost_mock.console.visit import ProblemError, Visit, comes_from_elsewhere
from novapost_mock.control.routes import ORIGIN, is_foreign
from novapost_mock.keys.store import StoreFullError
from novapost_mock.messages import Reply, Request

Handler = Callable[[Visit], Reply]

# By method, then by what stands below `/__mock__/console/`; the first page is the empty one.
SHOW: Mapping[str, Handler] = {
    "": key_page.show,
    "keys": state_pages.show_keys,
    "clients": state_pages.show_clients,
    "clock": state_pages.show_clock,
    "faults": fault_page.show,
    "journal": journal_page.show,
    "journal/entries": journal_page.show_entries,
    "reference": reference_page.show,
    "document.json": reference_page.document,
    "sign-in": signin.show,
}
DO: Mapping[str, Handler] = {
    "": key_page.ask,
    "jwt": key_page.authorize,
    "keys/expire": state_pages.expire,
    "keys/clean-up": state_pages.clean_up,
    "clients": state_pages.register,
    "clients/reset": state_pages.start_over,
    "clock": state_pages.move,
    "faults": fault_page.arm,
    "faults/disarm": fault_page.disarm,
    "journal/clear": journal_page.clear,
    "reference": reference_page.show_with_token,
    "sign-in": signin.without_token,
}


def answer(mock: ShownMock, request: Request, segments: tuple[str, ...], now: datetime) -> Reply:
    """Answer a request for a page. See `novapost_mock.console.entry.answer`."""
    visit = Visit(mock, request, now)
    try:
        return _answer(visit, segments)
    except ProblemError as error:
        return page(visit, "problem", error.status, problem=error.name)
    except StoreFullError:
        return page(visit, "problem", 400, problem="problem.full")


def _answer(visit: Visit, segments: tuple[str, ...]) -> Reply:
    request = visit.request
    if is_foreign(request):
        raise ProblemError(403, "problem.foreign")
    if not segments:
        return Reply(308, (("Location", HOME), ("Content-Length", "0")), b"", None, ORIGIN)
    is_reading = request.method in ("GET", "HEAD")
    if is_reading and segments[:2] == (FOLDER, "static"):
        file = static("/".join(segments[2:]))
        if file is None:
            raise ProblemError(404, "problem.path")
        return file
    if segments in ((FOLDER,), (FOLDER, "")):
        return Reply(308, (("Location", HOME), ("Content-Length", "0")), b"", None, ORIGIN)
    name = "/".join(segments[1:]) if segments[0] == FOLDER else ""
    if not is_reading and comes_from_elsewhere(request):
        raise ProblemError(403, "problem.foreign")
    handlers = SHOW if is_reading else DO if request.method == "POST" else {}
    if name in handlers:
        return handlers[name](visit)
    if name not in SHOW and name not in DO:
        raise ProblemError(404, "problem.path")
    methods = [*(["GET", "HEAD"] if name in SHOW else []), *(["POST"] if name in DO else [])]
    return page(visit, "problem", 405, problem="problem.method").with_header("Allow", ", ".join(methods))
