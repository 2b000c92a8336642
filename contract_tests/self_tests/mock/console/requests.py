"""Requests for pages of the console, and what the pages show."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from novapost_mock import Mock, Reply, Request
from novapost_mock.console import texts

FOLDER = Path(texts.__file__).parent
PHONE = "498213437654"
OTHER = "4915112345678"
UKRAINIAN = "380671234567"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
TOKEN = "a-token-of-some-length"


def get(mock: Mock, path: str = "", query: str = "", *headers: tuple[str, str]) -> Reply:
    place = f"/__mock__/console/{path}" if path else "/__mock__/"
    return mock.handle(Request("GET", place, query, headers))


def post(mock: Mock, path: str = "", *headers: tuple[str, str], **fields: object) -> Reply:
    place = f"/__mock__/console/{path}" if path else "/__mock__/"
    return mock.handle(Request("POST", place, "", FORM + headers, urlencode(fields).encode()))


def shown(reply: Reply) -> str:
    """Return the text of a page, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", reply.body.decode())))


def key_of(mock: Mock, phone: str = PHONE) -> str:
    key = mock.remembered(phone).key
    assert key is not None
    return key.api_key
