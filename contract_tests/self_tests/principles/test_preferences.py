"""Preferences of clients: which of them may any server honour, and when do two answers share a tag?"""

import pytest

from contract_tests.principles.preferences import EACH, OF_ANY_API
from contract_tests.principles.sameness import Steady
from contract_tests.target.exchange import Received


@pytest.mark.parametrize(
    "meant",
    [
        *(("User-Agent", ""), ("User-Agent", "Googlebot/2.1"), ("Prefer", "return=minimal")),
        *(("Origin", "https://example.org"), ("Origin", "null")),
    ],
)
def test_a_header_that_a_server_may_honour_is_not_sent_to_any(meant: tuple[str, str]) -> None:
    """Ours promises to answer alike."""
    assert meant in EACH
    assert meant not in OF_ANY_API


def test_other_clients_are_still_tried() -> None:
    """A browser and a phone, who say who they are."""
    assert [name for name, _ in OF_ANY_API].count("User-Agent") == 4


@pytest.mark.parametrize(
    ("tags", "bodies", "shared"),
    [
        (('"a"', '"a"'), (b"1", b"2"), '"a"'),
        (('W/"a"', 'W/"a"'), (b"1", b"2"), ""),
        (('"a"', '"b"'), (b"1", b"2"), ""),
        (('"a"', '"a"'), (b"1", b"1"), ""),
        ((None, None), (b"1", b"2"), ""),
    ],
)
def test_only_a_strong_tag_stands_for_one_content(
    tags: tuple[str | None, str | None], bodies: tuple[bytes, bytes], shared: str
) -> None:
    """A weak one may stay while the bytes change (RFC 9110, section 8.8.1)."""
    first, second = (
        Received(200, {"etag": tag} if tag else {}, body) for tag, body in zip(tags, bodies, strict=True)
    )

    assert Steady(first, second).shared_tag == shared
