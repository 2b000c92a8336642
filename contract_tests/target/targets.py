"""What the suite runs against, as a value.

A target is a base address that speaks HTTP, whoever made it, and where it has one the address of a control
API through which the suite may set its state. This module alone reads the environment.
"""

import contextlib
import importlib.metadata
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import httpx

from contract_tests.sandbox.ledger import Ledger
from contract_tests.sandbox.masking import Masker
from contract_tests.sandbox.phones import Phones
from contract_tests.sandbox.site import Manners, Site
from contract_tests.sandbox.transport import SandboxTransport
from contract_tests.target.shards import Shard

_START_SECONDS = 120
_ANSWER_SECONDS = 10
_LISTENING = "novapost-mock listening on "
# The vendor's own hosts are reached only through the sandbox's transport, which keeps its limits.
_VENDOR = ("novapost.com", "novapost.pl", "novaposhta.ua")

EXAMPLES_VARIABLE = "NOVAPOST_EXAMPLES"


class WrongUse(Exception):
    """The suite was asked for something that it cannot do; the message says what and why."""


@dataclass(frozen=True)
class Target:
    """Where requests go.

    Attributes:
        name: "mock", "sandbox", or "url" for an address given by the user.
        base_url: ends in a slash, such as "http://127.0.0.1:8080/v.1.0/".
        control_url: ends in a slash, or None where there is no control API.
        control_token: what the control API wants as a bearer token, or None.
        sandbox: the transport to the vendor's sandbox; None for every other target.
        phone: one that a client of the target has, as its user says; None where nobody says so.
        places: what matches the paths of the document, the most literal first, each with the address that
            they are below; empty where that is `base_url` for all.
    """

    name: str
    base_url: str
    control_url: str | None
    control_token: str | None = field(default=None, repr=False)
    sandbox: SandboxTransport | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    places: tuple[tuple[re.Pattern[str], str], ...] = ()

    @cached_property
    def masker(self) -> Masker:
        """What keeps the secrets of the run out of whatever is written."""
        return self.sandbox.masker if self.sandbox else Masker(self.phone)

    def url(self, path: str) -> str:
        """Return the full address of a path of the document, such as "/things/17"."""
        return self.base_of(path) + path.removeprefix("/")

    def base_of(self, path: str) -> str:
        """Return the address that a path of the document is below; it ends in a slash."""
        bare = path.partition("?")[0]
        return next((base for template, base in self.places if template.fullmatch(bare)), self.base_url)

    def path_of(self, url: str) -> str:
        """Return the path of the document that an address is about."""
        bare = url.partition("?")[0]
        for template, base in self.places:
            path = f"/{bare.removeprefix(base)}"
            if bare.startswith(base) and template.fullmatch(path):
                return path
        return "/" + bare.removeprefix(self.base_url)


def require(target: str, control: str | None) -> None:
    """Refuse options that name no target, or one where nothing answers: that is no finding about it.

    Raises:
        WrongUse: with what is wrong.
    """
    if target == "mock" and control:
        raise WrongUse("CONTROL goes with TARGET=URL; the mock that the suite starts has its own")
    if target == "sandbox" and control:
        raise WrongUse("CONTROL goes with TARGET=URL; the sandbox has no control API")
    if target in ("mock", "sandbox"):
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
    """Return where failing examples are kept; `session/plugin/example_database.py` says what it may be."""
    return os.environ.get(EXAMPLES_VARIABLE, "")


def step_summary() -> Path | None:
    """Return the file to which a job of GitHub Actions appends its summary; None elsewhere."""
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    return Path(path) if path and os.environ.get("GITHUB_ACTIONS") == "true" else None


def surroundings_of_a_part() -> dict[str, str]:
    """Return the environment of a run inside another run, which alone reports to GitHub Actions."""
    return {name: value for name, value in os.environ.items() if name != "GITHUB_STEP_SUMMARY"}


def sandbox_transport(
    site: Site,
    *,
    phone: str | None,
    phone_goes_to: str,
    requests: int | None = None,
    run: str | None = None,
) -> SandboxTransport:
    """Return the transport to the sandbox, as the options and the environment say.

    Args:
        phone: the tester's own phone; None for that of NOVAPOST_TEST_PHONE, if it is set.
        phone_goes_to: the operation whose body alone may carry that phone.
        requests: the budget of the run; None for the usual one.
        run: a name that all workers of one run share.

    Raises:
        WrongUse: a setting is wrong, or the ledger cannot be used. No message shows the phone.
    """
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    ledger = Path(os.environ.get("NOVAPOST_TEST_LEDGER") or Path(state) / "novapost-client" / "ledger.sqlite")
    try:
        manners = Manners(
            Phones(own_phone(phone)),
            ledger,
            phone_goes_to,
            contact=os.environ.get("NOVAPOST_TEST_CONTACT", "").strip(),
            **({} if requests is None else {"requests": requests}),
        )
        book = Ledger(ledger, run or secrets.token_hex(8))
    except (ValueError, OSError) as error:
        raise WrongUse(str(error)) from error
    version = importlib.metadata.version("novapost-client")
    return SandboxTransport(site, manners, book, Masker(manners.phones.own), version)


def shard(text: str | None) -> Shard:
    """Return the shard that an option or, in an indexed job, JOB_COMPLETION_INDEX names; None for all tests.

    Raises:
        WrongUse: it names none.
    """
    try:
        return Shard() if text is None else Shard.read(text, os.environ.get("JOB_COMPLETION_INDEX"))
    except ValueError as error:
        raise WrongUse(str(error)) from error


def known_phone(target: str, option: str | None) -> str | None:
    """Return a phone that the user's own target knows; None for mock and sandbox, or if none is given.

    NOVAPOST_TEST_PHONE is not asked: that phone is for the sandbox, and goes nowhere else by itself.

    Raises:
        WrongUse: it is no phone, or one for which there are no keys. The message does not show it.
    """
    if target in ("mock", "sandbox"):
        return None
    given = os.environ.get("NOVAPOST_TARGET_PHONE", "") if option is None else option
    try:
        return Phones(given.strip() or None).own
    except ValueError as error:
        raise WrongUse(str(error)) from error


def own_phone(option: str | None) -> str | None:
    """Return the tester's own phone, as given or from NOVAPOST_TEST_PHONE; None if there is none."""
    return (os.environ.get("NOVAPOST_TEST_PHONE", "") if option is None else option).strip() or None


def named(target: str) -> str | None:
    """Return the name of a target in deviations.toml; None for our own mock, which may not deviate.

    Raises:
        WrongUse: it is no target.
    """
    if target in ("mock", "sandbox"):
        return None if target == "mock" else target
    return _checked(target, "TARGET")


@contextmanager
def opened(
    target: str,
    control: str | None,
    sandbox: SandboxTransport | None = None,
    phone: str | None = None,
    served: Sequence[str] = (),
) -> Iterator[Target]:
    """Yield the target that the options name, and keep it running until the block ends.

    Args:
        phone: one that a client of the target has, where the user says so.
        served: options for the mock that is started, such as which document it serves.

    Raises:
        WrongUse: the mock does not start, or nothing answers.
    """
    if target == "sandbox":
        if sandbox is None:
            raise WrongUse("the sandbox is reached through its own transport only")
        try:
            sandbox.check_reachable()
        except OSError as error:
            # Nobody at home is no finding about the sandbox, and no reason to ask three hundred times.
            raise WrongUse(f"nothing answers at {sandbox.site.base_url}: {error}") from error
        yield Target(
            "sandbox", sandbox.site.base_url, None, sandbox=sandbox, phone=sandbox.manners.phones.own
        )
        return
    # The variable that novapost-mock reads as well, so that a token is given in one place.
    token = os.environ.get("NOVAPOST_MOCK_CONTROL_TOKEN") or None
    if target == "mock":
        with _running_mock(served) as address:
            parts = urlsplit(address)
            yield Target("mock", address, f"{parts.scheme}://{parts.netloc}/__mock__/", token)
        return
    # Only now: the first request begins the run, and reading the tests would count into its time.
    _require_answer(_checked(target, "TARGET"))
    steered = _checked(control, "CONTROL") if control else None
    yield Target("url", _checked(target, "TARGET"), steered, token, phone=phone)


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
        raise WrongUse(f"{name} names the vendor's host {host}: only TARGET=sandbox goes there, as a guest")
    return address if address.endswith("/") else f"{address}/"


@contextmanager
def _running_mock(served: Sequence[str]) -> Iterator[str]:
    command = [sys.executable, "-m", "novapost_mock", "--port", "0", *served]
    # A document of any size may be served, and what the mock notes of it is its own affair.
    quiet = subprocess.PIPE if served else None
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=quiet, text=True, encoding="utf-8"
    ) as process:
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
            said = process.stderr.read().strip().splitlines() if process.stderr else []
            raise WrongUse(f"the mock did not start: it said {next(iter(said), line)!r}")
        if process.stderr or served:
            for stream in filter(None, (process.stdout, process.stderr)):
                threading.Thread(target=_drain, args=(stream,), daemon=True).start()
        try:
            yield line.removeprefix(_LISTENING)
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()


def _drain(stream: TextIO) -> None:
    """Read what nobody asks for, so that its writer never waits."""
    with contextlib.suppress(ValueError):
        for _ in stream:
            pass
