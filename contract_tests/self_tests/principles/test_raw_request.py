"""The answer to a request is the last one: what comes before it only announces it."""

import socket
import threading

import pytest

from contract_tests.principles.raw_request import RawRequest, send_raw


@pytest.mark.parametrize(
    "before",
    [b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 2],
    ids=["nothing", "100", "103 twice"],
)
def test_announcements_are_passed_over(before: bytes) -> None:
    """RFC 9110, section 15.2: a client must take any number of them before the answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(before + b"HTTP/1.1 404 No\r\nContent-Length: 2\r\nX-Own: 1\r\n\r\n{}")

        thread = threading.Thread(target=answer)
        thread.start()
        response, _ = send_raw(RawRequest("GET", f"http://127.0.0.1:{listening.getsockname()[1]}/things"))
        thread.join()

    assert (response.status_code, response.content, response.headers["x-own"]) == (404, b"{}", "1")
