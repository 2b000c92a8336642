"""The mock on a real port: how it starts, speaks HTTP, and stops."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import novapost_mock

PHONE = "498213437654"
LINE = "novapost-mock listening on "
PACKAGE = Path(novapost_mock.__file__).parents[1]


def command(*arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    return subprocess.Popen(
        [sys.executable, "-m", "novapost_mock", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )


class Running:
    """A mock that was started, with its address."""

    def __init__(self, *arguments: str) -> None:
        self.process = command("--port", "0", *arguments)
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()
        self.second_line = self.process.stdout.readline()
        self.base = self.first_line.removeprefix(LINE).strip()
        self.control = self.base.replace("/v.1.0/", "/__mock__/")

    @property
    def address(self) -> tuple[str, int]:
        url = httpx.URL(self.base)
        assert url.port is not None
        return url.host, url.port

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal; return the exit code and what else was written."""
        self.process.send_signal(number)
        try:
            out, err = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, out, err

    def exchange(self, sent: bytes) -> bytes:
        """Send raw bytes on a connection of its own and return all that comes until it is closed."""
        with socket.create_connection(self.address, timeout=10) as connection:
            connection.sendall(sent)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    mock = Running()
    yield mock
    if mock.process.poll() is None:
        mock.stop()


def test_the_first_line_is_the_address(running: Running) -> None:
    """Scripts wait for this line and read the port from it."""
    host, port = running.address

    assert running.first_line == f"novapost-mock listening on http://127.0.0.1:{port}/v.1.0/\n"
    assert host == "127.0.0.1"
    assert httpx.get(running.control + "health").json()["status"] == "ok"


def test_a_key_and_a_token_over_the_wire(running: Running) -> None:
    """The whole path of an integrator, with the headers a client relies on."""
    key = httpx.post(running.base + "test-api-keys", json={"phone": PHONE})
    token = httpx.get(running.base + "clients/authorization", params={"apiKey": key.json()["apiKey"]})

    assert key.status_code == token.status_code == 200
    assert key.headers["content-type"] == "application/json"
    assert "server" not in key.headers
    assert token.json()["jwt"].count(".") == 2


def test_control_works_over_the_wire(running: Running) -> None:
    """The stage can be set from another process."""
    client = httpx.put(running.control + "clients/4915112345678", json={"matches": 2})

    assert client.json() == {"phone": "4915112345678", "matches": 2}
    reply = httpx.post(running.base + "test-api-keys", json={"phone": "4915112345678"})
    assert reply.status_code == 409
    assert httpx.post(running.control + "reset").status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT"])
def test_other_methods_over_the_wire(running: Running, method: str) -> None:
    """405 with Allow, and a connection that can be used again: HEAD has no body that would be in the way."""
    with httpx.Client() as client:
        for _ in range(2):
            reply = client.request(method, running.base + "test-api-keys")
            assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
            assert bool(reply.content) is (method != "HEAD")


@pytest.mark.parametrize("size", [65_537, 200_000, 3_000_000])
def test_a_body_that_is_too_large_gets_its_400(running: Running, size: int) -> None:
    """The client reads why, rather than that the connection was reset."""
    with httpx.Client() as client:
        reply = client.post(
            running.base + "test-api-keys", content=b" " * size, headers={"Content-Type": "application/json"}
        )

        assert reply.status_code == 400
        assert reply.json()["errors"] == ["Request body is larger than 65536 bytes"]
        assert client.get(running.control + "health").status_code == 200


def test_a_chunked_body_that_is_too_large_gets_its_400(running: Running) -> None:
    """Without an announced length the limit holds all the same."""
    reply = httpx.post(
        running.base + "test-api-keys",
        content=(b" " * 1000 for _ in range(100)),
        headers={"Content-Type": "application/json"},
    )

    assert reply.status_code == 400


def test_a_client_that_asks_first_does_not_send_too_much(running: Running) -> None:
    """RFC 9110, 10.1.1: with Expect, a body that would be refused need not be sent."""
    received = running.exchange(
        b"POST /v.1.0/test-api-keys HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"
    )

    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in received.lower()
    assert b"larger than 65536 bytes" in received


def test_the_absolute_form_of_a_target_is_understood(running: Running) -> None:
    """RFC 9112, 3.2.2: a server must accept it, and clients behind a proxy setting send it."""
    received = running.exchange(
        b"GET http://other.example/v.1.0/clients/authorization?apiKey= HTTP/1.1\r\n"
        b"Host: other.example\r\nConnection: close\r\n\r\n"
    )

    assert received.startswith(b"HTTP/1.1 422 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /v.1.0/test-api-keys HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v.1.0/test-api-keys HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /v.1.0/%zz%ff?%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ],
    ids=ascii,
)
def test_broken_requests_do_not_stop_the_server(running: Running, sent: bytes) -> None:
    """Raw bytes on the socket get a 4xx, and the next client is served."""
    received = running.exchange(sent)

    assert received.startswith(b"HTTP/1.1 4")
    assert httpx.get(running.control + "health").status_code == 200


def test_half_a_request_changes_nothing(running: Running) -> None:
    """A client that leaves in the middle did not ask."""
    httpx.post(running.control + "reset")
    body = json.dumps({"phone": PHONE}).encode()
    with socket.create_connection(running.address, timeout=10) as connection:
        connection.sendall(
            b"POST /v.1.0/test-api-keys HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: " + str(len(body) + 1).encode() + b"\r\n\r\n" + body
        )

    assert httpx.get(running.control + "keys").json() == {"keys": []}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_0_and_silence(number: signal.Signals) -> None:
    """Only the two addresses show, even with a connection open and a request half sent."""
    mock = Running()
    with httpx.Client() as idle, socket.create_connection(mock.address, timeout=10) as half:
        idle.post(mock.base + "test-api-keys", json={"phone": PHONE})
        idle.get(mock.base + "clients/authorization", params={"apiKey": "canary"})
        half.sendall(b"POST /v.1.0/test-api-keys HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")

        assert mock.stop(number) == (0, "", "")


def test_options_set_the_stage_and_the_readings() -> None:
    """What the Python object takes, the command takes."""
    mock = Running("--client", "4915112345678", "--client", "4915112345679=2", "--daily-limit", "strict")
    statuses = [
        httpx.post(mock.base + "test-api-keys", json={"phone": phone}).status_code
        for phone in (PHONE, "4915112345679", "4915112345678", "4915112345678")
    ]
    mock.stop()

    assert statuses == [404, 409, 200, 429]


def refused(*arguments: str) -> str:
    """Run the command to its end; return the one line of a refusal."""
    process = command(*arguments)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert err.count("\n") == 1
    return err


def test_a_port_in_use_is_one_line_and_exit_2(running: Running) -> None:
    """Wrong use is told from a broken contract by the exit code."""
    _, port = running.address

    assert refused("--port", str(port)).startswith(f"error: cannot listen on 127.0.0.1:{port}: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "65536"],
        ["--port", "x"],
        ["--host", ""],
        ["--host", "256.0.0.1."],
        ["--client", "abc"],
        ["--client", f"{PHONE}=x"],
        ["--client", f"{PHONE}=1001"],
        ["--daily-limit", "none"],
        ["--day-zone", "Europe/Atlantis"],
        ["--validity-days", "0"],
        ["--validity-days", "9" * 30],
        ["--host", "two\nlines"],
        ["--unknown"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_one_line_and_exit_2(arguments: list[str]) -> None:
    """Every refusal has the same form."""
    assert refused("--port", "0", *arguments).startswith("error: ")


def test_an_open_address_is_warned_about() -> None:
    """Keys and control are open to whoever reaches it."""
    mock = Running("--host", "0.0.0.0")  # noqa: S104
    _, _, err = mock.stop()

    assert err.startswith("warning: ")
    assert err.count("\n") == 1


def test_help_teaches() -> None:
    """The first screen shows a call that works."""
    process = command("--help")
    out, _ = process.communicate(timeout=30)

    assert process.returncode == 0
    for word in ("test-api-keys", "__mock__/clock", "Prefer: code=503", "--daily-limit", PHONE):
        assert word in out
