"""The console behind a port: its token, its parts that load late."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from contract_tests.self_tests.mock.console.requests import FOLDER, HOSTILE, PHONE, TOKEN, post
from contract_tests.self_tests.support.mock_process import Started, started
from novapost_mock import Mock


def test_the_token_is_asked_for_once_and_kept_in_a_cookie() -> None:
    """Where control wants its token; the cookie is not the token, and no script can read it."""
    with started("--control-token", TOKEN) as mock, httpx.Client(base_url=mock.control) as browser:
        browser.headers["Accept"] = "text/html"
        asked = browser.get("./")
        assert (asked.status_code, asked.headers["location"]) == (303, "/__mock__/console/sign-in")
        form = browser.get("console/sign-in")
        assert form.status_code == 200
        assert "Control token" in form.text
        assert browser.get("console/static/console.css").status_code == 200
        for path in ("keys", "console/document.json", "console/journal/entries"):
            assert browser.get(path, headers={"Accept": "*/*"}).status_code == 401
        assert browser.post("./", data={"phone": PHONE}).status_code == 401
        wrong = browser.post("console/sign-in", data={"token": "wrong" + HOSTILE})
        assert (wrong.status_code, "not the token" in wrong.text, "<img" in wrong.text) == (403, True, False)
        assert wrong.headers.get("set-cookie") is None
        foreign = {"Origin": "https://evil.example"}
        assert browser.post("console/sign-in", data={"token": TOKEN}, headers=foreign).status_code == 403
        signed = browser.post("console/sign-in", data={"token": TOKEN})
        assert (signed.status_code, signed.headers["location"]) == (303, "/__mock__/")
        cookie = signed.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Strict", "Path=/__mock__/"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert TOKEN not in cookie
        assert "Get a test key" in browser.get("./").text
        assert browser.get("keys").status_code == 200
        page = browser.post("./", data={"phone": PHONE})
        assert 'id="api-key"' in page.text
        name, _, value = cookie.partition(";")[0].partition("=")
        for other in (f"{name}={value[:-1]}", f"{name}={TOKEN}", f"{name}={value}; {name}=x", "a=b"):
            assert httpx.get(mock.control + "keys", headers={"Cookie": other}).status_code == 401


def test_a_mock_that_wants_no_token_does_not_ask(mock: Mock) -> None:
    """The form leads on."""
    assert post(mock, "sign-in", token="x").header_values("location") == ["/__mock__/"]


@pytest.fixture(scope="module")
def served() -> Iterator[Started]:
    with started() as mock:
        yield mock


def test_a_port_serves_the_console(served: Started) -> None:
    """The viewer's large files included, and kept by the browser."""
    with httpx.Client(base_url=served.control) as browser:
        page = browser.get("console/reference")
        assert page.status_code == 200
        for address in re.findall(r'(?:src|href)="(/__mock__/console/static/[^"]+)"', page.text):
            file = browser.get(served.base.removesuffix("/v.1.0/") + address)
            assert file.status_code == 200
            assert "immutable" in file.headers["cache-control"]
            assert len(file.content) == int(file.headers["content-length"])


LOADED = """
import sys
NAMES = "jinja2", "markupsafe", "novapost_mock.console.router"
from novapost_mock import Mock, Request
mock = Mock()
def loaded(): return [name for name in NAMES if name in sys.modules]
mock.handle(Request("GET", "/__mock__/keys")); mock.handle(Request("GET", "/v.1.0/nothing"))
import novapost_mock.cli
before = loaded()
mock.handle(Request("GET", "/__mock__/"))
print(before, len(loaded()))
"""


def test_nothing_of_it_is_loaded_before_a_page_is_asked_for() -> None:
    """A mock in a test suite starts as fast as it did."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert done.stdout == "[] 3\n"


MISSING = """
import sys
sys.modules["jinja2"] = None
from novapost_mock import Mock, Request
reply = Mock().handle(Request("GET", "/__mock__/"))
print(reply.status, reply.json()["errors"][0])
"""


def test_an_install_without_its_templates_says_what_to_install() -> None:
    """One sentence, and control goes on."""
    done = subprocess.run([sys.executable, "-c", MISSING], capture_output=True, text=True, check=True)

    assert done.stdout == "501 The console needs more: pip install 'novapost-client[mock]'\n"


def test_every_text_of_a_button_is_pressed_in_a_browser() -> None:
    """A new button needs a test: what the templates offer to press is named there."""
    folder = FOLDER / "templates"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))
    offered = set(re.findall(r"""act\(root, [^,]+, t\("([\w.-]+)"\)""", source))
    offered |= set(re.findall(r"""<button[^>]*>\{\{ t\("([\w.-]+)"\) \}\}""", source))
    there = Path(__file__).with_name("test_browser.py").read_text(encoding="utf-8")

    assert len(offered) > 20
    assert sorted(name for name in offered if f'"{name}"' not in there and name != "journal.live") == []


def test_texts_hold_no_markup() -> None:
    """They are escaped; a tag would be read as one by nobody."""
    folder = FOLDER / "texts"
    for path in folder.glob("*.json"):
        assert not any("<" in text for text in json.loads(path.read_text(encoding="utf-8")).values())
