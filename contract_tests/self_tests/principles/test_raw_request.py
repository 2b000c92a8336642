"""The answer to a request is the last one: what comes before it only announces it."""

import socket
import threading

import httpx
import pytest

from contract_tests.principles.raw_request import RawRequest, in_a_shell, send_raw


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


def test_chunks_for_a_client_of_http_1_0_are_no_answer() -> None:
    """RFC 9112, section 6.1: such a client takes the sizes of the chunks for content."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                )

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/things"
        with pytest.raises(httpx.ReadError):
            send_raw(RawRequest("GET", address, version="1.0"))
        thread.join()


FORMS = {
    "plain": "{0}",
    "capital escapes": "%{1:02X}",
    "small escapes": "%{1:02x}",
    "JSON": "\\u{1:04x}",
    "JSON in capitals": "\\u{1:04X}",
}


@pytest.mark.parametrize("secret", ["0a1b2c3d4e5f", "a%41b'c\\d+/=", "a.b*cde"])
@pytest.mark.parametrize("form", FORMS)
def test_a_command_shows_no_spelling_of_a_secret(secret: str, form: str) -> None:
    """Every letter may be written in its own way."""
    mixed = "".join(FORMS[form].format(c, ord(c)) if at % 3 else c for at, c in enumerate(secret))
    whole = "".join(FORMS[form].format(c, ord(c)) for c in secret)

    for spelt in (secret, mixed, whole):
        shown = in_a_shell("http://127.0.0.1:1/", [f"a={spelt}&b".encode()], {secret: "$KEY"})
        assert shown == "printf 'a='\"$KEY\"'&b' | nc 127.0.0.1 1"


def test_several_secrets_are_each_their_variable() -> None:
    """The one that begins first, and of two the longer one; an empty one is none."""
    hidden = {"": "$NONE", "abcdefgh": "$SHORT", "abcdefghij": "$LONG", "zzzzzzzz": "$OTHER"}

    shown = in_a_shell("http://127.0.0.1:1/", [b"zzzzzzzz-abcdefghij-abcdefgh"], hidden)

    assert shown.replace("'", "") == 'printf "$OTHER"-"$LONG"-"$SHORT" | nc 127.0.0.1 1'
