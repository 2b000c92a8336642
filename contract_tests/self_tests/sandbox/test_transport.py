"""Does the guest's transport keep host, pace, budget, one issuing a day and a name, with no way around it?"""

import asyncio
import multiprocessing
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from contract_tests.sandbox.errors import Spent, Withheld
from contract_tests.sandbox.ledger import Ledger
from contract_tests.sandbox.masking import Masker
from contract_tests.sandbox.phones import Phones
from contract_tests.sandbox.site import Manners, Site
from contract_tests.sandbox.transport import LARGEST_BODY, SandboxTransport
from scripts.lib.paths import ROOT

OWN = "4915112345678"
BASE = "https://api-stage.novapost.pl/v.1.0"
KEY = "0123456789abcdef0123456789abcdef01234567"


class Clock:
    """A clock that only sleeping and `advance` move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Harness:
    """Transports on one ledger, and the requests that passed them."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock, self.status = path, Clock(), 200
        self.sent: list[tuple[datetime, httpx.Request]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((self.clock.now, request))
        return httpx.Response(self.status, json={"apiKey": KEY})

    def client(self, run: str = "run", **manners: float) -> httpx.Client:
        return httpx.Client(transport=self.sandbox(run, **manners))

    def sandbox(self, run: str = "run", **manners: float) -> SandboxTransport:
        kept = Manners(Phones(OWN), self.path, "POST /test-api-keys", contact="team@example.com", **manners)  # type: ignore[arg-type]
        inner = httpx.MockTransport(self.answer)
        ledger = Ledger(self.path, run, self.clock)
        return SandboxTransport(Site(), kept, ledger, Masker(OWN), "0.1.0", inner, inner, self.clock.sleep)


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    """Return a harness with an empty ledger."""
    return Harness(tmp_path / "state" / "ledger.sqlite")


def ask(client: httpx.Client, phone: str = OWN) -> httpx.Response:
    return client.post(f"{BASE}/test-api-keys", json={"phone": phone})


@pytest.mark.parametrize(
    "address",
    [
        "https://api.novapost.com/v.1.0/test-api-keys",
        "https://api.novapost.pl/v.1.0/test-api-keys",
        "http://api-stage.novapost.pl/v.1.0/test-api-keys",
        "https://api-stage.novapost.pl:8443/v.1.0/test-api-keys",
        "https://api-stage.novapost.pl.example.com/v.1.0/test-api-keys",
        "https://me@api-stage.novapost.pl/v.1.0/test-api-keys",
    ],
)
def test_nothing_leaves_for_another_host(address: str, harness: Harness) -> None:
    """Production least of all, and also not because an answer redirected there."""
    with harness.client() as client, pytest.raises(Withheld):
        client.post(address, json={"phone": "447700900001"})

    assert harness.sent == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"headers": {"Host": "api.novapost.com"}}, "another host"),
        ({"headers": {"Host": "api-stage.novapost.pl:4915198765432"}}, "another host"),
        ({"extensions": {"target": b"/v.1.0/4915198765432"}}, "unusual place"),
        ({"extensions": {"sni_hostname": "api.novapost.com"}}, "unusual place"),
        ({"content": b"x" * (LARGEST_BODY + 1)}, "its body has more than 32 KiB"),
        ({"headers": {"X": "x" * 20_000}}, "its head has more than 16 KiB"),
        ({"headers": {"Content-Encoding": "gzip"}, "content": b"x"}, "its body is encoded"),
        ({"headers": {"Connection": "4915198765432"}}, "somebody's phone"),
        ({"headers": {"Content-Length": "4915198765432"}}, "somebody's phone"),
        ({"cookies": {"phone": "4915198765432"}}, "somebody's phone"),
    ],
)
def test_other_ways_to_misbehave_are_refused(
    options: dict[str, object], reason: str, harness: Harness
) -> None:
    """Whatever httpx lets a test say beside the address and the body."""
    with harness.client() as client, pytest.raises(Withheld, match=reason):
        client.send(client.build_request("POST", f"{BASE}/test-api-keys", **options))  # type: ignore[arg-type]

    assert harness.sent == []


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://api-stage.novapost.pl/v.1.0/", True),
        ("https://127.0.0.1:8443/v.1.0/", True),
        ("https://api.novapost.com/v.1.0/", False),
        ("https://api-stage.novapost.pl:8443/v.1.0/", False),
        ("https://192.0.2.1/v.1.0/", False),
        ("http://127.0.0.1:8080/v.1.0/", False),
    ],
)
def test_a_site_is_the_sandbox_or_this_machine(address: str, allowed: bool) -> None:
    """Not even the tests' own way to put another site in place leads to production."""
    if allowed:
        assert Site(address).base_url == address
        return
    with pytest.raises(ValueError, match=r"is not a sandbox|is an https address"):
        Site(address)


def test_every_request_says_who_calls(harness: Harness) -> None:
    """Whoever reads the vendor's log knows whom to write to; a test cannot change it."""
    with harness.client() as client:
        client.get(f"{BASE}/clients/authorization", headers={"User-Agent": "curl 4915198765432"})

    assert harness.sent[0][1].headers["User-Agent"] == (
        "novapost-client-contract/0.1.0 (contract tests; team@example.com)"
    )


@pytest.mark.parametrize("contact", ["+49 151 98765432", "two\nlines", "x" * 300])
def test_a_contact_is_an_address(contact: str, tmp_path: Path) -> None:
    """It goes into a header of every request."""
    with pytest.raises(ValueError, match="the contact"):
        Manners(Phones(), tmp_path / "ledger", "POST /test-api-keys", contact=contact)


def test_the_budget_holds_for_all_workers_together(harness: Harness) -> None:
    """Five transports with one ledger send ten requests, not fifty."""
    clients = [harness.client(requests=10, per_second=5.0) for _ in range(5)]

    def send(client: httpx.Client) -> int:
        for sent in range(10):
            try:
                ask(client, "447700900001")
            except Spent:
                return sent
        return 10

    with ThreadPoolExecutor(5) as pool:
        sent = list(pool.map(send, clients))

    assert sum(sent) == len(harness.sent) == 10


def test_another_run_has_a_budget_of_its_own(harness: Harness) -> None:
    """A run is what shares a name; the pace is for all of them."""
    for run in ("one", "two"):
        with harness.client(run, requests=1) as client:
            ask(client, "447700900001")
            with pytest.raises(Spent):
                ask(client, "447700900001")


def test_the_pace_holds_for_all_runs_together(harness: Harness) -> None:
    """After a burst of three, two transports send one request a second, not two."""
    transports = [harness.client(run, per_second=1.0, burst=3) for run in ("one", "two")]
    for _ in range(5):
        for client in transports:
            ask(client, "447700900001")

    first, last = harness.sent[0][0], harness.sent[-1][0]
    assert (last - first).total_seconds() == pytest.approx(7.0)


def test_a_clock_set_back_does_not_stop_the_run(harness: Harness) -> None:
    """A pace from the future is none."""
    with harness.client() as client:
        ask(client, "447700900001")
        harness.clock.now -= timedelta(days=2)
        before = harness.clock.now
        ask(client, "447700900001")

    assert harness.clock.now - before < timedelta(seconds=2)


def test_a_phone_has_one_issuing_a_day(harness: Harness) -> None:
    """One, and in the same run one repeat to see how the limit is read; nothing more until tomorrow."""
    with harness.client() as client:
        ask(client)
        ask(client)
        with pytest.raises(Withheld, match="PHONE has had its request of the day"):
            ask(client)
    with harness.client("a later run") as client, pytest.raises(Withheld):
        ask(client)

    assert len(harness.sent) == 2
    kinds = [kind for _, kind in Ledger(harness.path, "x", harness.clock).issuings(OWN)]
    assert kinds == ["issuing", "repeat"]

    harness.clock.now += timedelta(days=1)
    with harness.client("tomorrow") as client:
        ask(client)
    assert len(harness.sent) == 3


@pytest.mark.parametrize("status", [404, 429, 503])
def test_what_was_not_answered_with_a_key_is_not_asked_again(status: int, harness: Harness) -> None:
    """Only a repeat of what was given surely issues nothing."""
    harness.status = status
    with harness.client() as client:
        ask(client)
        with pytest.raises(Withheld):
            ask(client)

    assert len(harness.sent) == 1


@pytest.mark.parametrize(
    ("first", "second", "leaves"),
    [
        ("2026-03-10T09:00", "2026-03-10T23:59", False),
        # In Kyiv both are 11 March: midnight UTC has passed between them, but the day may not have.
        ("2026-03-10T22:30", "2026-03-11T00:30", False),
        ("2026-03-10T22:30", "2026-03-11T20:59", False),
        ("2026-03-10T09:00", "2026-03-11T00:01", True),
        ("2026-03-10T22:30", "2026-03-12T00:01", True),
        # A clock that was set back.
        ("2026-03-10T09:00", "2026-03-08T09:00", False),
    ],
)
def test_a_day_is_over_when_it_is_over_everywhere(
    first: str, second: str, leaves: bool, harness: Harness
) -> None:
    """Nobody has said in which zone the vendor's day ends."""
    harness.clock.now = datetime.fromisoformat(f"{first}:00+00:00")
    with harness.client("first") as client:
        ask(client)
    harness.clock.now = datetime.fromisoformat(f"{second}:00+00:00")
    with harness.client("second") as client:
        if leaves:
            ask(client)
        else:
            with pytest.raises(Withheld):
                ask(client)

    assert len(harness.sent) == 1 + leaves


def test_an_issuing_is_on_record_before_it_leaves(harness: Harness) -> None:
    """A run that dies in between has still used up the day."""

    def dies(request: httpx.Request) -> httpx.Response:
        assert [kind for _, kind in Ledger(harness.path, "x", harness.clock).issuings(OWN)] == ["issuing"]
        raise httpx.ReadError("gone", request=request)

    sandbox = harness.sandbox()
    sandbox._inner = httpx.MockTransport(dies)
    with httpx.Client(transport=sandbox) as client:
        with pytest.raises(httpx.ReadError):
            ask(client)
        with pytest.raises(Withheld):
            ask(client)


def _issue(path: Path) -> bool:
    try:
        Ledger(path, f"run {os.getpid()}").issue(OWN)
    except Withheld:
        return False
    return True


def test_of_many_processes_one_issues(harness: Harness) -> None:
    """Workers are processes: the file decides, not a lock of one of them."""
    Ledger(harness.path, "first")
    with multiprocessing.get_context("fork").Pool(4) as pool:
        issued = pool.map(_issue, [harness.path] * 8)

    assert sum(issued) == 1


def test_the_ledger_does_not_show_the_phone(harness: Harness) -> None:
    """It is kept for months, and copied by CI from run to run."""
    with harness.client() as client:
        ask(client)

    for file in harness.path.parent.iterdir():
        assert OWN.encode() not in file.read_bytes()
    assert stat.S_IMODE(harness.path.stat().st_mode) == 0o600


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """Without a ledger there is no issuing."""
    path = tmp_path / "ledger"
    path.write_text("notes, and many of them " * 100)

    with pytest.raises(OSError, match="the ledger ledger cannot be used"):
        Ledger(path, "run")


def test_asyncio_goes_through_the_same_door(harness: Harness) -> None:
    """The generated client has an async side, too."""

    async def both() -> None:
        async with httpx.AsyncClient(transport=harness.sandbox()) as client:
            await client.post(f"{BASE}/test-api-keys", json={"phone": OWN})
            with pytest.raises(Withheld):
                await client.post(f"{BASE}/test-api-keys", json={"phone": "4915198765432"})

    asyncio.run(both())

    assert len(harness.sent) == 1
    assert len(Ledger(harness.path, "x", harness.clock).issuings(OWN)) == 1


def test_a_test_sends_no_more_than_it_said(harness: Harness) -> None:
    """Each test says how much it asks of the sandbox, and is held to it."""
    sandbox = harness.sandbox()
    with httpx.Client(transport=sandbox) as client:
        with sandbox.share(2):
            for _ in range(2):
                ask(client, "447700900001")
            with pytest.raises(Spent):
                ask(client, "447700900001")
        ask(client, "447700900001")

    assert len(harness.sent) == sandbox.tally.sent == 3
    assert sandbox.tally.withheld == {"the test has sent as many requests as it said it would": 1}


SEALED = """
import asyncio, socket, httpx
from contract_tests.sandbox.transport import block_other_connections
block_other_connections()
def attempts():
    yield lambda: socket.create_connection(("192.0.2.1", 443), timeout=1)
    yield lambda: httpx.get("https://192.0.2.1/", timeout=1, trust_env=False)
    yield lambda: asyncio.run(httpx.AsyncClient(timeout=1, trust_env=False).get("https://192.0.2.1/"))
    yield lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))
for attempt in attempts():
    try:
        attempt()
    except BaseException as error:
        error = getattr(error, "exceptions", [error])[0]
        print(type(error).__name__)
listener = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listener.getsockname()).close()
print("here it may")
"""


def test_there_is_no_way_round_the_door() -> None:
    """A test that forgets the fixtures fails before a packet leaves (192.0.2.1 is nobody's, RFC 5737)."""
    done = subprocess.run(
        [sys.executable, "-c", SEALED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stdout.split("\n") == [*["Impolite"] * 4, "here it may", ""], done.stderr[-2000:]
