"""Two phones of a pair are one for the program that the pair is named after."""

import hashlib
import zlib
from collections.abc import Callable

import pytest

from contract_tests.novapost.knowledge.strategies import TWINS, UKRAINE_INSIDE

LOW = 2**32 - 1


def _polynomial(base: int, begin: int) -> Callable[[str], int]:
    def digest(text: str) -> int:
        value = begin
        for char in text:
            value = (value * base + ord(char)) & LOW
        return value

    return digest


def _fnv(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & LOW
    return value


DIGESTS: dict[str, Callable[[str], object]] = {
    "a number of few bits": lambda text: int(text) % 2**39,
    "a number folded to 32 bits": lambda text: (int(text) ^ int(text) >> 32) & LOW,
    "CRC-32": lambda text: zlib.crc32(text.encode()),
    "FNV-1a": _fnv,
    "the hash of Java": _polynomial(31, 0),
    "the hash times 33": _polynomial(33, 5381),
    "a cut MD5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8],
    "a cut SHA-256": lambda text: hashlib.sha256(text.encode()).hexdigest()[:8],
}


@pytest.mark.parametrize("name", TWINS)
def test_twins_have_one_digest(name: str) -> None:
    """Else the test of the contract that uses them would show nothing."""
    one, other = TWINS[name]

    assert one != other
    assert DIGESTS[name](one) == DIGESTS[name](other)


def test_the_code_stands_everywhere_but_in_front() -> None:
    """Such a phone is one of another country."""
    assert all("380" in phone[1:] and not phone.startswith("380") for phone in UKRAINE_INSIDE)
    assert {phone.index("380") for phone in UKRAINE_INSIDE} >= set(range(3, 12))
