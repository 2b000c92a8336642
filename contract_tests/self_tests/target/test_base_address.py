"""Is a base address at which nothing of the document is told in one line, and a right one never?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contract_tests.target.base_address import objection
from contract_tests.target.local_server import running

OPERATIONS = [("POST", "/things"), ("GET", "/things/{id}"), ("GET", "/token")]
Answers = Callable[[str, str], tuple[int, dict[str, str], str]]


@contextmanager
def answering(answers: Answers) -> Iterator[str]:
    """Run a server that answers by method and path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, text = answers(self.command, self.path)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815 (http.server wants this name)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name for it)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with running(server) as address:
        yield f"{address}/"


def below_v1(method: str, path: str) -> tuple[int, dict[str, str], str]:
    """Return an API below /v1/, of which one operation says 404 by its rules."""
    if not path.startswith("/v1/"):
        return 404, {}, f'{{"detail": "no {path}"}}'
    return (401, {}, "{}") if path == "/v1/token" else (404, {}, '{"detail": "unknown"}')


def test_a_missing_prefix_is_named() -> None:
    """The document knows where its servers have it."""
    with answering(below_v1) as base:
        said = objection(base, OPERATIONS, ["/v1"])

        assert said == (
            f"at {base} is nothing of the document: every path gets 404; TARGET={base}v1/ has them"
        )
        assert objection(f"{base}v1/", OPERATIONS, ["/v1"]) == ""


def test_a_prefix_too_many_is_named() -> None:
    """A server may have its operations at its root."""
    with answering(lambda method, path: (401, {}, "{}") if path == "/token" else (404, {}, "")) as base:
        assert objection(f"{base}v1/", OPERATIONS).endswith("TARGET is what stands before /token")
        assert objection(f"{base}v1/", OPERATIONS, ["/"]).endswith(f"TARGET={base} has them")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((301, {"Location": "https://example.org/"}, ""), "every path gets 301 to https://example.org/"),
        ((200, {"Content-Type": "text/html"}, "<html>"), "every path gets 200 with a page of HTML"),
        ((502, {}, "down"), "every path gets 502"),
        ((501, {}, ""), "every path gets 501"),
    ],
)
def test_whatever_is_the_same_everywhere_is_nothing(
    answer: tuple[int, dict[str, str], str], said: str
) -> None:
    """A redirect of all, the page of an application, a gateway without a server."""
    with answering(lambda method, path: answer) as base:
        assert said in objection(base, OPERATIONS)


@pytest.mark.parametrize("status", [400, 401, 403, 422, 429, 500, 503])
def test_what_an_api_says_of_every_request_is_left_to_the_suite(status: int) -> None:
    """Credentials that are missing, a limit, a defect: the suite tells more of it."""
    with answering(lambda method, path: (status, {}, "{}")) as base:
        assert objection(base, OPERATIONS) == ""


def test_an_operation_that_answers_404_otherwise_is_there() -> None:
    """By its rules it may know nobody; a path that is not there says something else."""
    with answering(lambda m, path: (404, {}, "no route" if "no-such" in path else "no client")) as base:
        assert objection(base, OPERATIONS) == ""


def test_a_document_of_paths_with_parameters_is_not_judged() -> None:
    """What 404 means there depends on the parameter."""
    with answering(lambda method, path: (404, {}, "")) as base:
        assert objection(base, [("GET", "/things/{id}")]) == ""
