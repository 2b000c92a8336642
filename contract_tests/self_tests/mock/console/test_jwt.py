"""The page that gives a JWT, and the viewer that takes it."""

import json
import re

from contract_tests.self_tests.mock.console.requests import FOLDER, OTHER, PHONE, get, post, shown
from novapost_mock import Mock


def test_a_jwt_is_bought_with_its_remaining_time(mock: Mock) -> None:
    """By the key of the phone, which the page need not hold."""
    post(mock, phone=PHONE)

    page = post(mock, "jwt", phone=PHONE)

    assert re.search(r'<pre id="jwt-value"[^>]*>eyJ[\w-]+\.[\w-]+\.[\w-]+</pre>', page.body.decode())
    assert re.search(r'<code id="jwt">eyJ.\*{4}</code>', page.body.decode())
    assert "60:00" in shown(page)
    assert "2026-03-10 13:00:00 UTC" in shown(page)
    assert [each.rule for each in mock.journal()] == ["one-active", "jwt"]


def test_an_expired_key_buys_none_and_the_page_says_why(mock: Mock) -> None:
    """In the words of the API, with what to do next."""
    post(mock, phone=PHONE)
    post(mock, "keys/expire", phone=PHONE)

    page = shown(post(mock, "jwt", phone=PHONE))

    assert "401 The API key is unknown, expired or deleted" in page
    assert "reactivated" in page
    assert (post(mock, "jwt", phone=OTHER).status, "has no key" in shown(post(mock, "jwt", phone=OTHER))) == (
        404,
        True,
    )


def test_the_viewer_gets_the_jwt_by_a_form_and_the_mock_as_its_only_server(mock: Mock) -> None:
    """No address holds the token, and what is tried goes nowhere else."""
    page = post(mock, "reference", jwt="e.y.J")
    document = get(mock, "document.json").json()

    assert 'data-jwt="e.y.J"' in page.body.decode()
    assert document["servers"] == [{"url": "/v.1.0", "description": "novapost-mock"}]
    own = json.loads((FOLDER.parent / "effective.json").read_text())
    assert {**document, "servers": None} == {**own, "servers": None}
