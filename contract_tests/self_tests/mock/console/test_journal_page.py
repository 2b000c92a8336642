"""The page of the journal: search, filter, archive."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from contract_tests.self_tests.mock.console.requests import HOSTILE, PHONE, get, key_of, post, shown
from novapost_mock import Mock, Reply, Request


def numbers_of(page: Reply) -> list[str]:
    return re.findall(r'data-number="(\d+)"', page.body.decode())


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=one-active", ["1"]),
        ("q=ONE-active+post", ["1"]),
        ("q=one-active+get", []),
        ("status=4", ["2"]),
        ("status=2", ["3", "1"]),
        ("status=5", []),
        ("status=2&q=authorization", ["3"]),
        ("status=2&q=authorization&after=3", []),
        ("status=9&q=+", ["3", "2", "1"]),
    ],
)
def test_the_journal_is_searched_and_filtered(mock: Mock, query: str, numbers: list[str]) -> None:
    """On the page, and in what its script asks for."""
    post(mock, phone=PHONE)
    post(mock, phone="+49")
    post(mock, "jwt", phone=PHONE)

    assert numbers_of(get(mock, "journal/entries", query)) == numbers
    if "after" not in query:
        assert numbers_of(get(mock, "journal", query)) == numbers


def test_a_search_reaches_the_whole_journal_and_finds_out_no_secret(mock: Mock) -> None:
    """The oldest entry is found among many; a key or a phone is not, whoever searches for its beginning."""
    post(mock, phone="+49")
    for _ in range(120):
        post(mock, phone=PHONE)

    assert numbers_of(get(mock, "journal", "q=phone-format")) == ["1"]
    for secret in (key_of(mock), key_of(mock)[:12], PHONE, PHONE[:8]):
        assert numbers_of(get(mock, "journal", urlencode({"q": secret}))) == []
    hostile = get(mock, "journal", urlencode({"q": HOSTILE}))
    assert "<script>alert" not in hostile.body.decode()
    assert "No entries match" in shown(hostile)


def test_a_closed_entry_shows_its_time_and_one_exchange_is_an_archive_of_its_own(mock: Mock) -> None:
    """The day stands there where it is not today."""
    post(mock, phone=PHONE)
    mock.clock.advance(86400)
    post(mock, "jwt", phone=PHONE)

    page = get(mock, "journal").body.decode()

    heads = [re.sub(r"<[^>]*>", "", each) for each in re.findall(r"<summary>(.*?)</summary>", page)]
    assert [each.split(" ")[:3] for each in heads] == [
        ["2", "12:00:00", "200"],
        ["1", "2026-03-10", "12:00:00"],
    ]
    links = [unescape(each) for each in re.findall(r'href="([^"]+limit=1)"', page)]
    assert len(links) == 2
    path, _, query = links[0].partition("?")
    (exchange,) = mock.handle(Request("GET", path, query)).json()["log"]["entries"]
    assert "clients/authorization" in exchange["request"]["url"]


def test_the_journal_opens_to_request_answer_rule_and_curl(mock: Mock) -> None:
    """Masked as the journal of control is."""
    post(mock, phone=PHONE)
    post(mock, "jwt", phone=PHONE)

    page = shown(get(mock, "journal", "", ("Host", "127.0.0.1:8080")))

    assert "A phone has at most one active key" in page
    assert re.search(r"curl -X POST http://127\.0\.0\.1:8080/v\.1\.0/test-api-keys", page)
    assert re.search(r"""-d '\{"phone": "\*{4}[0-9a-f]{4}"\}'""", page)
    assert re.search(r"GET /v\.1\.0/clients/authorization\?apiKey=\*{4}[0-9a-f]{4}", page)
    assert PHONE not in page
    assert key_of(mock) not in page
    assert page.index("clients/authorization") < page.index("test-api-keys")


def test_a_curl_command_has_an_option_a_line(mock: Mock) -> None:
    """A shell takes it as it is, and an eye finds its parts."""
    post(mock, phone=PHONE)

    page = unescape(get(mock, "journal", "", ("Host", "127.0.0.1:8080")).body.decode())

    _, _, found = page.partition("/v.1.0/test-api-keys \\\n")
    assert found.startswith("  -H 'Content-Type: application/json' \\\n  -d '{\"phone\": \"****")


def test_the_script_gets_what_came_since(mock: Mock) -> None:
    """The number of the last entry it knows is enough; nonsense counts as none."""
    for _ in range(3):
        post(mock, phone=PHONE)

    def numbers(query: str) -> list[str]:
        return re.findall(r'data-number="(\d+)"', get(mock, "journal/entries", query).body.decode())

    assert numbers("after=1") == ["3", "2"]
    assert numbers("after=3") == []
    assert numbers(f"after={HOSTILE}") == ["3", "2", "1"]
    assert 'data-count="3"' in get(mock, "journal/entries", "after=3").body.decode()
    assert post(mock, "journal/clear").status == 303
    assert 'data-count="0"' in get(mock, "journal/entries", "after=3").body.decode()


def test_a_long_journal_begins_with_its_latest_entries(mock: Mock) -> None:
    """A page of fifty."""
    for _ in range(60):
        post(mock, phone=PHONE)

    page = get(mock, "journal").body.decode()

    assert re.findall(r'data-number="(\d+)"', page) == [str(number) for number in range(60, 10, -1)]
