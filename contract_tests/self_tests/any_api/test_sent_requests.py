"""Are requests that schemathesis makes up sent as HTTP has them, and is one that cannot be no finding?"""

import re
import socket
import threading
from datetime import timedelta
from typing import Any

import httpx
import pytest
import schemathesis

from contract_tests.checks.document import Contract
from contract_tests.observations.record import Observations
from contract_tests.principles.raw_request import RawRequest
from contract_tests.session.api import Api
from contract_tests.target.call_log import CallLog
from contract_tests.target.targets import Target

ANSWER = {"responses": {"204": {"description": "Done"}}}
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": ANSWER}}}


class Wire:
    """Keeps what is sent, or fails as an HTTP library does."""

    def __init__(self, error: httpx.HTTPError | None = None) -> None:
        self.error = error
        self.sent: list[httpx.Request] = []

    def send(self, request: httpx.Request) -> httpx.Response:
        """Answer 204."""
        if self.error is not None:
            raise self.error
        self.sent.append(request)
        response = httpx.Response(204, request=request)
        response.elapsed = timedelta(0)
        return response


def api_over(wire: Any) -> Api:
    """Return an API that sends through a wire."""
    contract = Contract(DOCUMENT)
    target = Target("url", "http://127.0.0.1:1/", None)
    return Api(target, contract, Observations(), wire, None, CallLog())


def case(**headers: str) -> schemathesis.Case[Any]:
    """Return a case with these headers."""
    return schemathesis.openapi.from_dict(DOCUMENT)["/a"]["GET"].Case(headers=headers)


@pytest.mark.parametrize("value", ["Bearer ", "Bearer\t"])
def test_blanks_around_a_header_are_not_sent(value: str) -> None:
    """They are none of its value (RFC 9110, section 5.5), and no library writes them."""
    wire = Wire()

    api_over(wire).run(case(Authorization=value))

    assert wire.sent[0].headers["authorization"] == "Bearer"


def test_a_request_that_cannot_be_written_says_nothing_of_the_target() -> None:
    """Nothing went over the wire."""
    api_over(Wire(httpx.LocalProtocolError("Illegal header value"))).run(case())


@pytest.mark.parametrize("together", [False, True])
def test_a_command_of_a_row_sends_what_was_sent(together: bool) -> None:
    """The last request ends the connection, and what was sent in turn has pauses between."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as file:
                for _ in range(2):
                    received.extend(iter(file.readline, b"\r\n"))
                    received.append(b"\r\n")
                    connection.sendall(b"HTTP/1.1 204 No\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        raw = RawRequest("GET", f"http://127.0.0.1:{listening.getsockname()[1]}/a")
        api = api_over(Wire())
        api.spell_in_a_row([raw, raw], together=together)
        thread.join()

    printed = re.findall("printf '([^']*)'", api.calls.lines()[-1])
    assert "".join(printed).replace("\\r\\n", "\r\n") == b"".join(received).decode()
    assert len(printed) == (1 if together else 2)
