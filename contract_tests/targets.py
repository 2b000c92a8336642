"""What the suite runs against, as a value.

A target is a base address that speaks HTTP, whoever made it, and where it has one the address of a control
API through which the suite may set the stage.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

_START_SECONDS = 20
_ANSWER_SECONDS = 10
_LISTENING = "novapost-mock listening on "
# The vendor's own hosts are reached only by the guest's way in, which keeps a guest's manners.
_VENDOR = ("novapost.com", "novapost.pl", "novaposhta.ua")

EXAMPLES_VARIABLE = "NOVAPOST_EXAMPLES"


class WrongUse(Exception):
    """The suite was asked for something that it cannot do; the message says what and why."""


@dataclass(frozen=True)
class Target:
    """Where requests go.

    Attributes:
        name: "mock", or "url" for an address given by the user.
        base_url: ends in a slash, such as "http://127.0.0.1:8080/v.1.0/".
        control_url: ends in a slash, or None where the suite may not set the stage.
        control_token: what the control API wants as a bearer token, or None.
    """

    name: str
    base_url: str
    control_url: str | None
    control_token: str | None = field(default=None, repr=False)

    def url(self, path: str) -> str:
        """The full address of a path of the document, such as "/test-api-keys"."""
        return self.base_url + path.removeprefix("/")


def require(target: str, control: str | None) -> None:
    """Refuse options that name no target, or one where nothing answers: that is no finding about it.

    Raises:
        WrongUse: with what is wrong.
    """
    if target == "sandbox":
        raise WrongUse("TARGET=sandbox is not built yet: the real sandbox needs a guest's manners first")
    if target == "mock" and control:
        raise WrongUse("CONTROL goes with TARGET=URL; the mock that the suite starts has its own")
    if target == "mock":
        return
    for address, name in ((target, "TARGET"), (control, "CONTROL")):
        if address:
            _require_listener(_checked(address, name))
    if control:
        _require_answer(_checked(control, "CONTROL"))
        _require_health(_checked(control, "CONTROL"))


def _require_listener(address: str) -> None:
    parts = urlsplit(address)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    try:
        socket.create_connection((parts.hostname or "", port), timeout=_ANSWER_SECONDS).close()
    except (OSError, UnicodeError) as error:
        raise WrongUse(f"nothing answers at {address}: {error}") from error


def _require_answer(address: str) -> None:
    try:
        httpx.get(address, timeout=_ANSWER_SECONDS, trust_env=False)
    except (httpx.HTTPError, UnicodeError) as error:
        raise WrongUse(f"nothing answers at {address}: {error}") from error


def _require_health(control: str) -> None:
    answer = httpx.get(f"{control}health", timeout=_ANSWER_SECONDS, trust_env=False)
    try:
        healthy = answer.is_success and answer.json().get("status") == "ok"
    except (ValueError, AttributeError):
        healthy = False
    if not healthy:
        raise WrongUse(f"CONTROL {control} is no control API: {control}health does not say that it is ok")


def examples_setting() -> str:
    """Where failing examples are kept, as the user's environment has it; examples.py says what it may be."""
    return os.environ.get(EXAMPLES_VARIABLE, "")


@contextmanager
def opened(target: str, control: str | None) -> Iterator[Target]:
    """The target that the options name, running until the block ends.

    Raises:
        WrongUse: the mock does not start.
    """
    # The variable that novapost-mock reads as well, so that a token is given in one place.
    token = os.environ.get("NOVAPOST_MOCK_CONTROL_TOKEN") or None
    if target == "mock":
        with _running_mock() as address:
            yield Target("mock", address, address.removesuffix("v.1.0/") + "__mock__/", token)
        return
    # Only now: the first request begins the run, and reading the tests would count into its time.
    _require_answer(_checked(target, "TARGET"))
    yield Target("url", _checked(target, "TARGET"), _checked(control, "CONTROL") if control else None, token)


def _checked(address: str, name: str) -> str:
    try:
        parts = urlsplit(address)
        _ = parts.port, httpx.URL(address)
    except (ValueError, httpx.InvalidURL) as error:
        raise WrongUse(f"{name} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUse(
            f"{name} is mock, sandbox or an address such as http://127.0.0.1:8080/v.1.0/, not {address!r}"
        )
    if parts.query or parts.fragment or parts.username:
        raise WrongUse(f"{name} is a base address: no query, fragment or user")
    host = parts.hostname.lower().rstrip(".")
    if any(host == vendor or host.endswith(f".{vendor}") for vendor in _VENDOR):
        raise WrongUse(f"{name} names the vendor's host {host}: the suite sends no fuzz there")
    return address if address.endswith("/") else f"{address}/"


@contextmanager
def _running_mock() -> Iterator[str]:
    command = [sys.executable, "-m", "novapost_mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        # A mock that hangs would hang the suite in the read below; ending it ends the read.
        watch = threading.Timer(_START_SECONDS, process.kill)
        watch.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
        finally:
            watch.cancel()
        if not line.startswith(_LISTENING):
            process.kill()
            raise WrongUse(f"the mock did not start: it said {line!r}")
        try:
            yield line.removeprefix(_LISTENING)
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
