"""Tests that are careless with secrets on purpose; run by path from test_guest_campaign.py.

Each prints, logs, raises or compares what nobody should read. None of it may be in any artefact of the run.
"""

import base64
import logging
import warnings

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.novapost.knowledge.api import KeysApi as Api

pytestmark = pytest.mark.guest(requests=3)


@pytest.fixture(scope="session")
def secrets(api: Api) -> tuple[str, str, str]:
    """Return the tester's phone, a key and a token."""
    assert api.target.sandbox is not None
    phone = api.target.sandbox.manners.phones.own
    assert phone is not None
    key = api.ask(phone).json()["apiKey"]
    return phone, key, api.authorize(key).json()["jwt"]


def test_prints_and_passes(secrets: tuple[str, str, str], record_property: pytest.FixtureRequest) -> None:
    print(*secrets)
    logging.getLogger("careless").error("phone %s, key %s, token %s", *secrets)
    record_property("secrets", " ".join(secrets))  # type: ignore[operator]


def test_prints_and_fails(secrets: tuple[str, str, str], capfd: pytest.CaptureFixture[str]) -> None:
    with capfd.disabled():
        print(*secrets)
    print(*secrets)
    logging.getLogger("careless").error("phone %s, key %s, token %s", *secrets)
    raise RuntimeError(secrets)


def test_compares(secrets: tuple[str, str, str]) -> None:
    phone, key, token = secrets
    assert {"phone": phone, "key": key, "token": token} == {"phone": "none"}


def test_cuts_and_encodes(secrets: tuple[str, str, str]) -> None:
    phone, key, token = secrets
    spaced = f"+{phone[:2]} {phone[2:5]} {phone[5:]}"
    pytest.fail(f"{spaced} {base64.b64encode(phone.encode())!r} {key[:20]}... {token[-30:]}", pytrace=False)


def test_warns(secrets: tuple[str, str, str]) -> None:
    warnings.warn(" ".join(secrets), UserWarning, stacklevel=1)


@given(n=st.integers())
def test_generates(secrets: tuple[str, str, str], n: int) -> None:
    assert str(secrets) == str(n)


def test_skips(secrets: tuple[str, str, str]) -> None:
    pytest.skip(" ".join(secrets))


def test_goes_round_the_door(secrets: tuple[str, str, str]) -> None:
    httpx.get("https://192.0.2.1/", params={"phone": secrets[0]}, timeout=1)
