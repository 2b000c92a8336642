"""Hostile texts, foreign forms, and addresses of elsewhere."""

import json
import re
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest

from contract_tests.self_tests.mock.console.requests import FOLDER, HOSTILE, OTHER, PHONE, get, post, shown
from contract_tests.self_tests.support.browser_installed import AXE
from novapost_mock import Mock, Reply, Request
from novapost_mock.console.rendering import STATIC
from novapost_mock.console.router import DO, SHOW


def test_what_is_hostile_is_shown_as_text(mock: Mock) -> None:
    """Phones, paths, queries, headers, bodies, tokens, hosts: escaped wherever they stand."""
    mock.handle(
        Request(
            "POST",
            f"/v.1.0/{HOSTILE}",
            f"apiKey={HOSTILE}&{HOSTILE}=1",
            ((HOSTILE, HOSTILE), ("Accept", HOSTILE), ("Content-Type", "<script>alert(1)</script>")),
            json.dumps({HOSTILE: HOSTILE, "phone": "<script>alert(1)"}).encode(),
        )
    )
    mock.handle(Request("<b>", "/v.1.0/test-api-keys", "", (), HOSTILE.encode()))
    mock.arm({"kind": "content-type", "content_type": "<script>alert(1)</script>"})

    pages = [
        post(mock, phone=HOSTILE),
        post(mock, "reference", jwt=HOSTILE),
        get(mock, "journal", "", ("Host", HOSTILE), ("Accept-Language", HOSTILE), ("Cookie", HOSTILE)),
        get(mock, "journal/entries", f"after={HOSTILE}&lang={HOSTILE}"),
        get(mock, "faults", f"did={HOSTILE}"),
        get(mock, HOSTILE),
        post(mock, "clients", phone=HOSTILE, count=HOSTILE),
        post(mock, "clock", to="moment", moment=HOSTILE),
    ]

    for page in pages:
        body = page.body.decode()
        assert "<script>alert" not in body
        assert "<img" not in body
        assert "<b>" not in body
        assert "49" not in re.findall(r">\s*(49)\s*<", body)
    assert unescape(pages[0].body.decode()).count(HOSTILE) == 2
    assert unescape(pages[1].body.decode()).count(HOSTILE) == 1


def every_page(mock: Mock) -> Iterator[tuple[str, Reply]]:
    for name in SHOW:
        for language in ("uk", "en"):
            yield name, get(mock, name, f"lang={language}")
    yield "answer", post(mock, phone=PHONE)
    yield "jwt", post(mock, "jwt", phone=PHONE)
    yield "refusal", post(mock, phone=OTHER)
    yield "nothing", get(mock, "nothing")
    for name in STATIC:
        yield name, get(mock, f"static/{name}")


def test_every_reply_has_the_strict_policy(mock: Mock) -> None:
    """Scripts and styles from files of the mock's own, and nothing else."""
    for name, reply in every_page(mock):
        (policy,) = reply.header_values("content-security-policy")
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert parts["default-src"] == "'none'", name
        assert parts["script-src"] == parts["style-src"] == parts["form-action"] == "'self'"
        assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
        assert "unsafe" not in policy
        assert reply.header_values("x-content-type-options") == ["nosniff"]
        is_static = name in STATIC
        assert ("no-store" in reply.header_values("cache-control")[0]) is not is_static


def test_no_page_has_script_or_style_or_an_address_of_elsewhere_in_it(mock: Mock) -> None:
    """The policy would stop it; it is not there in the first place."""
    own = [name for name in STATIC if not name.startswith("swagger-ui/")]
    for name, reply in every_page(mock):
        if name in STATIC and name not in own:
            continue
        if name == "document.json":
            continue  # the vendor's words, which a link in the viewer may show
        body = reply.body.decode().replace('xmlns="http://www.w3.org/2000/svg"', "")
        body = re.sub(r"curl -X [^<]*", "", body)
        assert not re.search(r"(https?:)?//[\w.-]+\.\w", re.sub(r"(?m)^\s*//.*$| // .*$", "", body)), name
        if name not in STATIC:
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", body), name
            assert set(re.findall(r"<script[^>]*>(.*?)</script>", body)) <= {""}, name


@pytest.mark.parametrize("folder", [FOLDER / "static" / "swagger-ui", AXE.parent], ids=lambda path: path.name)
def test_what_others_publish_is_kept_as_they_published_it(folder: Path) -> None:
    """Byte for byte the files of the package that SOURCE.toml names, with its licence."""
    source = tomllib.loads((folder / "SOURCE.toml").read_text())

    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    assert found.pop("SOURCE.toml")
    assert found == source["sha256"]
    assert "LICENSE" in found


@pytest.mark.parametrize("path", [path for path in DO if path != "sign-in"])
@pytest.mark.parametrize(
    "header",
    [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:9999"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ],
)
def test_no_other_page_can_send_a_form(mock: Mock, path: str, header: tuple[str, str]) -> None:
    """Neither of another site nor of another port of this machine."""
    post(mock, phone=PHONE)
    before = mock.clients(), mock.keys(), mock.clock.now(), mock.faults(), len(mock.journal())

    fields = {"phone": PHONE, "count": 2, "to": "day", "kind": "html", "number": "all"}
    reply = post(mock, path, ("Host", "127.0.0.1:8080"), header, **fields)

    assert reply.status == 403
    assert "Another site sent this" in shown(reply)
    assert (mock.clients(), mock.keys(), mock.clock.now(), mock.faults(), len(mock.journal())) == before


def test_the_own_page_can(mock: Mock) -> None:
    """As a browser sends it."""
    own = ("Host", "127.0.0.1:8080"), ("Origin", "http://127.0.0.1:8080"), ("Sec-Fetch-Site", "same-origin")

    assert post(mock, "clock", *own, to="day").status == 303


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"phone": "1"}', 415),
        ("text/plain", b"phone=1", 415),
        ("application/x-www-form-urlencoded", b"phone=1&phone=2", 400),
        ("application/x-www-form-urlencoded", b"\xff", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % each for each in range(50)), 400),
        ("application/x-www-form-urlencoded", b"a" * (64 * 1024 + 1), 413),
    ],
)
def test_what_is_no_form_is_refused(mock: Mock, content_type: str, body: bytes, status: int) -> None:
    """On a page, with its status."""
    reply = mock.handle(
        Request("POST", "/__mock__/console/clients", "", (("Content-Type", content_type),), body)
    )

    assert reply.status == status
    assert "This did not work" in shown(reply)


def test_paths_and_methods_that_are_not_there_are_told(mock: Mock) -> None:
    """Nothing outside the list of files is served, whatever the path says."""
    for path in (
        "nothing",
        "static/",
        "static/../texts.py",
        "static/%2e%2e/texts.py",
        "static/../../effective.json",
    ):
        assert get(mock, path).status == 404
    assert mock.handle(Request("PUT", "/__mock__/console/keys")).header_values("allow") == ["GET, HEAD"]
    assert mock.handle(Request("DELETE", "/__mock__/")).header_values("allow") == ["GET, HEAD, POST"]
    assert get(mock, "jwt").header_values("allow") == ["POST"]
    head = mock.handle(Request("HEAD", "/__mock__/"))
    assert (head.status, head.body) == (200, b"")
    for path in ("/__mock__", "/__mock__/console", "/__mock__/console/"):
        assert mock.handle(Request("GET", path)).header_values("location") == ["/__mock__/"]


def test_pages_are_no_part_of_the_journal(mock: Mock) -> None:
    """It is about the API."""
    for name in SHOW:
        get(mock, name)

    assert mock.journal() == []
