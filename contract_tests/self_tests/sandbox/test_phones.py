"""Does no request leave for a phone that could be somebody's, however it is written?"""

import base64
import json
import random
import re
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.novapost.knowledge import strategies
from contract_tests.sandbox.errors import Withheld
from contract_tests.sandbox.ledger import Ledger
from contract_tests.sandbox.masking import Masker
from contract_tests.sandbox.phones import FICTION, UNASSIGNED_CODES, Phones, is_nobodys
from contract_tests.sandbox.site import Manners, Site
from contract_tests.sandbox.transport import SandboxTransport

# A number that the Bundesnetzagentur reserves stands for the tester's; the transport cannot know that.
OWN = "4915112345678"
BASE = "https://api-stage.novapost.pl/v.1.0"
Write = Callable[[str, random.Random], bytes]


class Sends(httpx.BaseTransport):
    """What would have left."""

    def __init__(self) -> None:
        self.left: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.left.append(request)
        return httpx.Response(404, json={"success": False, "errors": ["Client not found"]})


class Unlimited(Ledger):
    """A ledger that only counts, for properties of what is sent and not of how much."""

    def take(self, allowed: int) -> int:
        return 1

    def wait(self, host: str, per_second: float, burst: int) -> float:
        return 0.0

    def issue(self, phone: str) -> int:
        return 1

    def answered(self, entry: int, status: int) -> None:
        pass


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Sends]]:
    """Yield a client behind the guest's transport, and a list of the requests that pass it."""
    sends = Sends()
    path = tmp_path_factory.mktemp("guest") / "ledger"
    manners = Manners(Phones(OWN), path, "POST /test-api-keys")
    transport = SandboxTransport(Site(), manners, Unlimited(path, "run"), Masker(OWN), "0", inner=sends)
    with httpx.Client(transport=transport) as client:
        yield client, sends


def spaced(phone: str, chance: random.Random) -> bytes:
    marks = [" ", "-", ".", "/", ") ", " (", "\u00a0", "\u200b", "+", "_", "", "\n", ", "]
    return "".join(
        digit + (chance.choice(marks) if chance.random() < 0.5 else "") for digit in phone
    ).encode()


def foreign(phone: str, chance: random.Random) -> bytes:
    zero = chance.choice([0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE])
    return "".join(chr(zero + int(d)) if chance.random() < 0.7 else d for d in phone).encode()


def escaped(phone: str, chance: random.Random) -> bytes:
    forms = [
        r"\u{0:04x}",
        "%{0:02X}",
        "&#{0};",
        "&#x{0:x};",
        r"\x{0:02x}",
        "{1}",
        r"\u{{{0:x}}}",
        "%25{0:02x}",
    ]
    form = chance.choice(forms)
    return "".join(
        form.format(ord(digit), digit) if chance.random() < 0.6 else digit for digit in phone
    ).encode()


WAYS: list[Write] = [
    lambda phone, chance: phone.encode(),
    lambda phone, chance: f"+{phone}".encode(),
    lambda phone, chance: f"00{phone}".encode(),
    lambda phone, chance: f"{phone}.0".encode(),
    lambda phone, chance: f"{phone[0]}.{phone[1:]}e{len(phone) - 1}".encode(),
    lambda phone, chance: base64.b64encode(f'{{"phone": "{phone}"}}'.encode()),
    lambda phone, chance: phone.encode(chance.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"])),
    lambda phone, chance: phone.encode().hex().encode(),
    spaced,
    foreign,
    escaped,
]


def placed(text: bytes, chance: random.Random) -> httpx.Request:
    """Return a request with a text somewhere in it: body of any shape, query, path, header."""
    plain = text.decode("latin-1")
    place = chance.randrange(9)
    method = chance.choice(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    if place == 0:
        return httpx.Request(method, f"{BASE}/test-api-keys", content=b'{"phone": "' + text + b'"}')
    if place == 1:
        return httpx.Request(method, f"{BASE}/test-api-keys", content=text)
    if place == 2:
        body = {"a": [{"b": chance.choice([plain, f"x {plain} y"])}], "phone": "447700900001"}
        return httpx.Request(method, f"{BASE}/test-api-keys", json=body)
    if place == 3:
        return httpx.Request(method, f"{BASE}/test-api-keys?phone={quote(text)}")
    if place == 4:
        return httpx.Request(method, f"{BASE}/test-api-keys/{quote(quote(text))}")
    if place == 5:
        return httpx.Request(method, BASE, headers=[(b"X-Phone", text.replace(b"\n", b" "))])
    if place == 6:
        return httpx.Request(method, BASE, data={"phone": plain, "other": "1"})
    if place == 7:
        return httpx.Request(method, BASE, files={"phone": ("phone.txt", text)})
    return httpx.Request(method, BASE, content=json.dumps({plain: None}, ensure_ascii=chance.random() < 0.5))


def somebodys(chance: random.Random) -> str:
    """Return a number of 7 to 15 digits that is not reserved, often nearly reserved."""
    while True:
        start = chance.choice(["", "", "49", "48", "380", "44", "4477009", "493023125", "4930231", OWN[:8]])
        length = max(chance.randint(8, 15), len(start) + 1)
        phone = start + "".join(chance.choices(string.digits, k=length - len(start)))
        if phone[0] != "0" and phone != OWN and not is_nobodys(phone):
            return phone


@settings(max_examples=250)
@given(st.integers(0, 2**32))
def test_no_phone_of_somebody_leaves(sandbox: tuple[httpx.Client, Sends], seed: int) -> None:
    """10,000 requests (250 times 40), each with a number of somebody's in some place and spelling."""
    client, sends = sandbox
    chance = random.Random(seed)
    for _ in range(40):
        phone, way = somebodys(chance), chance.choice(WAYS)
        request = placed(way(phone, chance), chance)
        sends.left.clear()
        with pytest.raises(Withheld) as caught:
            client.send(request)
        assert sends.left == []
        assert phone not in str(caught.value)


def test_a_boundary_adds_no_digits_to_the_number_before_it(sandbox: tuple[httpx.Client, Sends]) -> None:
    """4930231250 is somebody's; with the 46 of the boundary it would be one of the reserved ones."""
    client, sends = sandbox
    sends.left.clear()
    kind = {"Content-Type": "multipart/form-data; boundary=46c8fbc9bbe98cf7"}
    body = b"--46c8fbc9bbe98cf7\r\n\r\n49 30, 2, 3125_0\r\n--46c8fbc9bbe98cf7--\r\n"
    with pytest.raises(Withheld):
        client.post(BASE, content=body, headers=kind)
    assert sends.left == []


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_what_is_nobodys_leaves(sandbox: tuple[httpx.Client, Sends], seed: int) -> None:
    """A transport that let nothing out would also keep the property above."""
    client, sends = sandbox
    chance = random.Random(seed)
    for _ in range(20):
        phone = chance.choice(
            [
                strategies.fictional(chance.randrange(1000)),
                strategies.fictional_german(chance.randrange(1000)),
                f"999{chance.randrange(10**6, 10**11)}",
            ]
        )
        sends.left.clear()
        client.post(f"{BASE}/test-api-keys", json={"phone": phone})
        client.get(f"{BASE}/clients/authorization", params={"apiKey": f"{phone}-no-key"})
        assert len(sends.left) == 2


def test_the_testers_own_phone_leaves_only_as_a_request_for_a_key(
    sandbox: tuple[httpx.Client, Sends],
) -> None:
    """In an address or a header it would end in logs on the way."""
    client, sends = sandbox
    sends.left.clear()
    client.post(f"{BASE}/test-api-keys", json={"phone": OWN})
    assert len(sends.left) == 1

    for request in (
        httpx.Request("POST", f"{BASE}/test-api-keys?phone={OWN}"),
        httpx.Request("GET", f"{BASE}/test-api-keys", content=OWN),
        httpx.Request("POST", f"{BASE}/clients/authorization", json={"phone": OWN}),
    ):
        with pytest.raises(Withheld, match="PHONE goes nowhere but into the body"):
            client.send(request)
    assert len(sends.left) == 1


@pytest.mark.parametrize("code", UNASSIGNED_CODES)
def test_nobody_has_the_unassigned_codes(code: str) -> None:
    """A second opinion: libphonenumber knows no region for them, nor for what they begin with."""
    known = set(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)

    assert {int(code), int(code[:2]), int(code[:1])} & known == set()
    with pytest.raises(phonenumbers.NumberParseException):
        phonenumbers.parse(f"+{code}12345678")


@pytest.mark.parametrize("pattern", FICTION)
def test_a_reserved_range_is_complete_numbers_of_its_country(pattern: str) -> None:
    """A second opinion: every number of a range has the length that its country's numbers have."""
    for number in list(expanded(pattern))[:2500]:
        parsed = phonenumbers.parse(f"+{number}")
        assert parsed.country_code == int(pattern[:2])
        assert phonenumbers.is_possible_number(parsed)
        assert is_nobodys(number)
        assert not is_nobodys(f"{number}0")
        assert not is_nobodys(number[:-1])


def expanded(pattern: str) -> Iterator[str]:
    """Numbers that a pattern of phones.py means: all of its alternatives, some of its digits."""
    if (group := re.search(r"\(\?:([^()]*)\)", pattern)) is not None:
        for choice in group[1].split("|"):
            yield from expanded(pattern[: group.start()] + choice + pattern[group.end() :])
    elif (several := re.search(r"\[(\d)-?(\d)\]", pattern)) is not None:
        first, last = int(several[1]), int(several[2])
        for digit in range(first, last + 1) if "-" in several[0] else (first, last):
            yield from expanded(f"{pattern[: several.start()]}{digit}{pattern[several.end() :]}")
    elif (digits := re.search(r"\\d\{(\d)\}", pattern)) is not None:
        for ending in ("0", "5", "9"):
            yield from expanded(pattern[: digits.start()] + ending * int(digits[1]) + pattern[digits.end() :])
    else:
        yield pattern


def test_the_suites_own_phones_are_nobodys() -> None:
    """Whatever the tests of the rules use may be asked for on the sandbox, too."""
    ours = [strategies.SHORTEST, strategies.LONGEST, *strategies.LENGTHS, *strategies.ALIKE]
    ours += [make(n) for make in (strategies.fictional, strategies.fictional_german) for n in range(1000)]

    assert [phone for phone in ours if not is_nobodys(phone)] == []
    # Known: the published example, the Ukrainian ones and those from elsewhere. A guest does not send them.
    assert not is_nobodys(strategies.PUBLISHED_EXAMPLE)


@pytest.mark.parametrize(
    ("phone", "reason"),
    [
        ("+4915112345678", "PHONE is a phone with its country code"),
        ("0151 12345678", "PHONE is a phone with its country code"),
        ("123", "PHONE is a phone with its country code"),
        ("380501234567", "PHONE is Ukrainian"),
    ],
)
def test_a_wrong_own_phone_is_refused_without_being_shown(phone: str, reason: str) -> None:
    """The message ends in a log of a CI run."""
    with pytest.raises(ValueError, match=reason) as caught:
        Phones(phone)

    assert phone not in str(caught.value)
    assert phone not in repr(Phones("4915112345678"))


def test_what_the_sandbox_gave_may_go_back(tmp_path: Path) -> None:
    """A key may have digits enough for a phone; the same digits alone may not leave."""
    key = "a4915198765432b0c0ffee00c0ffee00c0ffee00"

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"apiKey": key})

    path = tmp_path / "ledger"
    inner = httpx.MockTransport(answer)
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    ledger = Ledger(path, "run", lambda: now)
    sandbox = SandboxTransport(
        Site(),
        Manners(Phones(OWN), path, "POST /test-api-keys"),
        ledger,
        Masker(OWN),
        "0",
        inner,
        sleep=lambda _: None,
    )
    with httpx.Client(transport=sandbox) as client:
        with pytest.raises(Withheld):
            client.get(f"{BASE}/clients/authorization", params={"apiKey": key})
        client.post(f"{BASE}/test-api-keys", json={"phone": OWN})
        client.get(f"{BASE}/clients/authorization", params={"apiKey": key})
        with pytest.raises(Withheld):
            client.get(f"{BASE}/clients/authorization", params={"apiKey": key[1:14]})
