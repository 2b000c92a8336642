"""Does `vendor` take a page as it is, say where it came from, and touch nothing when it refuses?"""

import asyncio
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.self_tests.support.folders import PAGES
from scripts import vendor
from scripts.lib.errors import Refusal
from scripts.lib.paths import ROOT

PAGE = PAGES / "api-key-page.uk.md"
ADDRESS = (
    "https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi"
    "/stvorennya-api-klyucha.md"
)
BLOCK_SHA256 = "c40077ea524b147ab08a0975e881f5546797e58f314434077234fe1e9814b1a1"
FROM = "https://docs.example/key.md"
SPEC = '{"openapi":"3.0.0","paths":{"/a":{"get":{}}}}'
OTHER = '{"openapi":"3.0.0","paths":{"/a":{"get":{"tags":[]}}}}'
MARKDOWN = {"content-type": "text/markdown; charset=utf-8"}

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Return an empty folder to vendor into."""
    return tmp_path / "openapi"


@pytest.fixture
def vendored(into: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a folder into which the published page was vendored."""
    assert run(into, "--from", str(PAGE), "--language", "uk", "--date", "2026-11-21") == 0
    capsys.readouterr()
    return into


def run(into: Path, *arguments: str, handler: Handler | None = None) -> int:
    """Return the verb's exit code; whoever it asks over the network is the handler."""
    return vendor.main([*arguments, "--into", str(into)], httpx.MockTransport(handler or unreachable))


def unreachable(request: httpx.Request) -> httpx.Response:
    """Return the network that no test may use."""
    raise AssertionError(f"asked for {request.url}")


def answering(content: bytes, status: int = 200, **headers: str) -> Handler:
    """Return a server with one answer."""
    named = MARKDOWN | {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: httpx.Response(status, headers=named, content=stream(content))


async def stream(content: bytes) -> AsyncIterator[bytes]:
    """Yield a body that arrives in two pieces."""
    middle = len(content) // 2
    yield content[:middle]
    yield content[middle:]


def record(into: Path) -> dict[str, object]:
    """Return the record."""
    return tomllib.loads((into / "upstream.toml").read_text())


def state(into: Path) -> dict[str, tuple[bytes, int]]:
    """Return the vendored files with their content and time stamp."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in into.iterdir()}


# What is written


def test_the_published_page_is_vendored_byte_for_byte(into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything else in the project is built from these bytes."""
    assert run(into, "--from", str(PAGE), "--language", "uk", "--date", "2026-11-21") == 0

    content = (into / "upstream.json").read_bytes()
    assert len(content) == 4002
    assert hashlib.sha256(content).hexdigest() == BLOCK_SHA256
    assert capsys.readouterr().out.splitlines() == [
        f"{into}/upstream.toml: uk page of 2026-11-21, {ADDRESS} (new)",
        f"{into}/upstream.json: 1 operation, 4002 bytes, sha256 {BLOCK_SHA256} (new)",
    ]


def test_the_record_says_where_the_document_came_from(vendored: Path) -> None:
    """A reader can fetch the same page again and compare."""
    assert record(vendored) == {
        "address": ADDRESS,
        "language": "uk",
        "date": date(2026, 11, 21),
        "operations": 1,
        "page_sha256": hashlib.sha256(PAGE.read_bytes()).hexdigest(),
        "block_sha256": BLOCK_SHA256,
    }


def test_the_record_names_the_command_that_writes_it(vendored: Path) -> None:
    """A path and its first line tell whether one may edit the file."""
    first = (vendored / "upstream.toml").read_text().splitlines()[0]

    assert first.startswith("# Written by `python -m scripts.vendor`")


def test_vendoring_twice_makes_the_same_bytes(vendored: Path, tmp_path: Path) -> None:
    """The files depend on the page and the arguments and on nothing else."""
    again = tmp_path / "again"
    assert run(again, "--from", str(PAGE), "--language", "uk", "--date", "2026-11-21") == 0

    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in vendored.iterdir()
    }


def test_the_identical_page_leaves_both_files_untouched(
    vendored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later date alone is no news, and the language is the recorded one."""
    before = state(vendored)

    assert run(vendored, "--from", str(PAGE), "--date", "2027-01-01") == 0

    assert state(vendored) == before
    assert capsys.readouterr().out.splitlines() == [
        f"{vendored}/upstream.toml: uk page of 2026-11-21, {ADDRESS} (unchanged)",
        f"{vendored}/upstream.json: 1 operation, 4002 bytes, sha256 {BLOCK_SHA256} (unchanged)",
    ]


def test_a_page_whose_text_changed_gets_a_new_date_and_keeps_its_document(
    vendored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prose holds rules too, so a changed page is news even if its block is not."""
    page = tmp_path / "page.md"
    page.write_bytes(b"# New title\n\n" + PAGE.read_bytes())

    assert run(vendored, "--from", str(page), "--date", "2027-01-01") == 0

    assert record(vendored)["date"] == date(2027, 1, 1)
    assert capsys.readouterr().out.splitlines()[-1].endswith(f"sha256 {BLOCK_SHA256} (unchanged)")


def test_a_page_whose_block_changed_replaces_the_document(
    vendored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new document and its record arrive together."""
    page = tmp_path / "page.md"
    page.write_bytes(PAGE.read_bytes().replace(b'"title":"API Nova Post"', b'"title":"API"'))

    assert run(vendored, "--from", str(page), "--date", "2027-01-01") == 0

    content = (vendored / "upstream.json").read_bytes()
    assert json.loads(content)["info"]["title"] == "API"
    assert record(vendored)["block_sha256"] == hashlib.sha256(content).hexdigest()
    assert capsys.readouterr().out.splitlines()[-1].endswith("(changed)")


def test_a_document_that_somebody_edited_is_put_right(vendored: Path) -> None:
    """The vendored file is the published one; its date is still that of the page."""
    (vendored / "upstream.json").write_text("{}")

    assert run(vendored, "--from", str(PAGE), "--date", "2027-01-01") == 0

    assert hashlib.sha256((vendored / "upstream.json").read_bytes()).hexdigest() == BLOCK_SHA256
    assert record(vendored)["date"] == date(2026, 11, 21)


def test_another_language_is_recorded_only_when_it_is_said(vendored: Path) -> None:
    """The same page under another label changes the label and not the date."""
    assert run(vendored, "--from", str(PAGE), "--language", "en", "--date", "2027-01-01") == 0

    assert record(vendored)["language"] == "en"
    assert record(vendored)["date"] == date(2026, 11, 21)


def test_the_date_of_a_new_page_is_today_in_utc(into: Path) -> None:
    """Nobody needs to type the date."""
    before = datetime.now(UTC).date()
    assert run(into, "--from", str(PAGE), "--language", "uk") == 0
    after = datetime.now(UTC).date()

    assert record(into)["date"] in (before, after)


def test_several_blocks_are_counted_together(
    into: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line tells how much of the API is vendored."""
    page = tmp_path / "page.md"
    blocks = (SPEC, SPEC.replace("/a", "/b"), SPEC)
    page.write_text("\n".join(f"```\n{block}\n```\n" for block in blocks))

    assert run(into, "--from", str(page), "--language", "uk", "--address", FROM) == 0

    assert ": 2 operations, " in capsys.readouterr().out.splitlines()[-1]
    assert record(into)["operations"] == 2


@given(
    st.builds(
        vendor.Record,
        address=st.text(st.characters(exclude_categories=["Cs"])),
        language=st.text(st.characters(exclude_categories=["Cs"])),
        date=st.dates(),
        operations=st.integers(0, 10**6),
        page_sha256=st.text("0123456789abcdef"),
        block_sha256=st.text("0123456789abcdef"),
    )
)
def test_a_record_reads_back_as_it_was_written(written: vendor.Record) -> None:
    """No address or name can break out of its line."""
    fields = {name: getattr(written, name) for name in vars(written)}

    assert tomllib.loads(written.toml().decode()) == fields


def test_a_folder_with_a_name_that_is_no_text_can_be_vendored_into(tmp_path: Path) -> None:
    """File systems hold names that terminals cannot show; reporting them must not fail after the fact."""
    into = tmp_path / "caf\udce9"
    arguments = ["--from", str(PAGE), "--into", str(into), "--language", "uk"]

    command = [sys.executable, "-m", "scripts.vendor", *arguments]
    taken = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)

    assert (taken.returncode, taken.stderr) == (0, b"")
    assert b"caf\\udce9/upstream.json: 1 operation" in taken.stdout


# What is refused


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ": empty"),
        (b"# No block\n", ": holds no fenced OpenAPI block"),
        (b"\x89PNG\r\n\x1a\n\0", ": not UTF-8 at byte 0"),
        (b"a\0b", ": not text: a zero byte at byte 1"),
        (b"<!DOCTYPE html>", ": HTML; give the page's Markdown, whose address ends in .md"),
        (b" " * 5_000_001, ": larger than 5000000 bytes"),
        (
            f"```json\n{SPEC[:-1]}\n```\n".encode(),
            ":2:45: the OpenAPI block that opens at line 1 is truncated or not JSON: Expecting ',' delimiter",
        ),
        (
            f"```json\n{SPEC}".encode(),
            ":1: the OpenAPI block that opens here is truncated: its fence is never closed",
        ),
        (
            f"```\n{SPEC}\n```\n```\n{OTHER}\n```\n".encode(),
            ":4: contradicts the OpenAPI block at line 1: they differ at /paths/~1a/get/tags",
        ),
        (
            b'```\n{"openapi":"3.0.0","openapi":"3.0.0"}\n```\n',
            (
                ":2:20: the OpenAPI block that opens at line 1 has a fault: "
                "the key 'openapi' stands twice in one object"
            ),
        ),
        (
            b'```\n{"openapi":' + b"[" * 9999 + b"\n```\n",
            ":1: in the OpenAPI block that opens here: nested deeper than 200",
        ),
        (b'```\n{"swagger":"2.0"}\n```\n', ":1: describes Swagger 2.0; only OpenAPI 3.0 to 3.2 are read"),
        (
            b'```\n{"openapi":"4.0.0"}\n```\n',
            ":1: the OpenAPI version is '4.0.0'; only 3.0.x to 3.2.x, as text, are read",
        ),
        (b'```\n{"openapi":"3.1.0"}\n```\n', ":1: the OpenAPI block has no operations"),
        (f"```\n{SPEC}\n```\n".encode(), ": states no address of its own; give --address"),
        (
            f"```\n{SPEC}\n```\n# Agent Instructions\nGET https://a:b/\n".encode(),
            ": not an address: Invalid port: 'b'",
        ),
    ],
)
def test_a_page_that_is_refused_leaves_the_vendored_files_alone(
    vendored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    """One line says what is wrong and where; the document in use stays in use."""
    page = tmp_path / "page.md"
    page.write_bytes(content)
    before = state(vendored)

    assert run(vendored, "--from", str(page)) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"error: {page}{reason}\n"
    assert state(vendored) == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--from", "no-such-page.md"], "no-such-page.md: no such file"),
        (["--from", str(PAGES)], f"{PAGES}: is not a file"),
        (["--from", ""], "--from: names no page; give a file or an https address"),
        (
            ["--from", "http://docs.example/key.md"],
            "http://docs.example/key.md: not an https address; no other is read",
        ),
        (["--from", "file:///etc/passwd"], "file:///etc/passwd: not an https address; no other is read"),
        (["--from", "https://"], "https://: not an https address; no other is read"),
        (
            ["--from", "https://me:secret@docs.example/"],
            "docs.example: the address carries a user name or password; a published page needs none",
        ),
        (
            ["--from", str(PAGE), "--date", "21.11.2026"],
            "--date: '21.11.2026' is not a date such as 2026-11-21",
        ),
        (["--from", str(PAGE), "--date", "20261121"], "--date: '20261121' is not a date such as 2026-11-21"),
        (["--from", str(PAGE), "--date", ""], "--date: '' is not a date such as 2026-11-21"),
        (
            ["--from", str(PAGE), "--language", "українська"],
            "--language: 'українська' is not a language code such as uk or en",
        ),
        (["--from", str(PAGE), "--language", ""], "--language: '' is not a language code such as uk or en"),
        (["--from", str(PAGE), "--address", "https://a:b"], "--address: not an address: Invalid port: 'b'"),
        (
            ["--from", str(PAGE), "--address", "docs.example"],
            "--address: not an https address; no other is read",
        ),
        ([], "arguments: the following arguments are required: --from; see --help"),
        (["--from", str(PAGE), "--lang", "uk"], "arguments: unrecognized arguments: --lang uk; see --help"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    vendored: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    """The line names the argument and what it should have been."""
    before = state(vendored)

    assert run(vendored, *arguments) == 2

    assert capsys.readouterr().err == f"error: {reason}\n"
    assert state(vendored) == before


def test_a_first_page_needs_its_language(into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The language is never guessed from the text."""
    assert run(into, "--from", str(PAGE)) == 2

    assert capsys.readouterr().err == (
        "error: --language: is needed, since no upstream.toml records the page's language yet\n"
    )
    assert not into.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<<<<<<< ours", r"not TOML \(.*\); delete it and give --language"),
        ("x = " + "[" * 5000, r"not TOML \(.*\); delete it and give --language"),
        ('language = "uk"', "has no usable address; delete it and give --language"),
        ("address = 1", "has no usable address; delete it and give --language"),
    ],
)
def test_a_broken_record_is_refused(
    vendored: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    """A record that cannot be read is not overwritten in passing: somebody broke it for a reason."""
    (vendored / "upstream.toml").write_text(text)

    assert run(vendored, "--from", str(PAGE)) == 2

    line = capsys.readouterr().err
    assert re.fullmatch(f"error: {re.escape(str(vendored))}/upstream.toml: {reason}\n", line)
    assert (vendored / "upstream.toml").read_text() == text


def test_a_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file that stands in the way stays as it was."""
    into = tmp_path / "file"
    into.write_text("x")

    assert run(into, "--from", str(PAGE), "--language", "uk") == 2

    assert capsys.readouterr().err == f"error: {into}: cannot be written: File exists\n"
    assert into.read_text() == "x"


@pytest.mark.parametrize("name", ["upstream.json", "upstream.toml"])
def test_a_folder_in_the_place_of_a_file_is_refused(
    into: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Not one of the two files is written."""
    (into / name).mkdir(parents=True)

    assert run(into, "--from", str(PAGE), "--language", "uk") == 2

    assert capsys.readouterr().err == f"error: {into / name}: is not a file\n"
    assert [path.name for path in into.iterdir()] == [name]


# From an address


def test_a_page_is_fetched_from_its_address(into: Path) -> None:
    """The page's own statement of its address counts for more than the way it was reached."""
    assert run(into, "--from", FROM, "--language", "uk", handler=answering(PAGE.read_bytes())) == 0

    assert record(into)["address"] == ADDRESS
    assert record(into)["block_sha256"] == BLOCK_SHA256


def test_a_page_that_states_no_address_has_the_one_it_was_fetched_from(into: Path) -> None:
    """The question in an address is not part of the page."""
    handler = answering(f"```\n{SPEC}\n```\n".encode())

    assert run(into, "--from", f"{FROM}?ask=1#x", "--language", "uk", handler=handler) == 0

    assert record(into)["address"] == FROM


def test_an_address_that_is_said_counts_for_more_than_the_pages_own(into: Path) -> None:
    """The maintainer has the last word."""
    assert run(into, "--from", str(PAGE), "--language", "uk", "--address", FROM) == 0

    assert record(into)["address"] == FROM


def test_the_request_says_who_asks_and_nothing_else() -> None:
    """A guest shows its name; cookies and credentials stay at home."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if len(seen) == 1:
            return httpx.Response(302, headers={"location": "/other.md", "set-cookie": "a=b"})
        return httpx.Response(200, headers=MARKDOWN, content=b"x")

    vendor.fetch(FROM, httpx.MockTransport(handler))

    assert [(request.method, str(request.url)) for request in seen] == [
        ("GET", FROM),
        ("GET", "https://docs.example/other.md"),
    ]
    assert [dict(request.headers) for request in seen] == 2 * [
        {
            "host": "docs.example",
            "user-agent": "novapost-client-vendor",
            "accept": "text/markdown",
            "accept-encoding": "identity",
        }
    ]


@pytest.mark.parametrize("kind", ["text/markdown", "text/plain; charset=utf-8", "Text/Markdown"])
def test_markdown_is_taken_under_the_names_that_servers_give_it(kind: str) -> None:
    """Some servers know Markdown as plain text only."""
    handler = answering(b"# Page", content_type=kind)

    assert vendor.fetch(FROM, httpx.MockTransport(handler)) == b"# Page"


def test_a_compressed_answer_is_measured_unpacked() -> None:
    """A small answer must not unfold into a large one."""
    small = answering(gzip.compress(b"x" * 100), content_encoding="gzip")
    large = answering(gzip.compress(b"x" * 101), content_encoding="gzip")

    assert vendor.fetch(FROM, httpx.MockTransport(small), limit=100) == b"x" * 100
    with pytest.raises(Refusal, match="larger than 100 bytes"):
        vendor.fetch(FROM, httpx.MockTransport(large), limit=100)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (answering(b"", 404), "answers 404"),
        (answering(b"", 204), "answers 204"),
        (answering(b"", 503), "answers 503"),
        (
            answering(b"", content_type="text/html"),
            "answers with HTML; give the address of the page's Markdown, which ends in .md",
        ),
        (
            answering(b"", content_type="application/pdf"),
            "answers with application/pdf instead of text/markdown or text/plain",
        ),
        (
            answering(b"", content_type=""),
            "answers with no content type instead of text/markdown or text/plain",
        ),
        (answering(b"<html>"), "HTML; give the page's Markdown, whose address ends in .md"),
        (answering(b"x" * 5_000_001), "larger than 5000000 bytes"),
        (
            answering(b"not gzip", content_encoding="gzip"),
            "cannot be fetched: Error -3 while decompressing data: incorrect header check",
        ),
        (answering(b"", 301), "answers 301 without saying where to"),
        (answering(b"", 301, location=FROM), "more than 5 redirects"),
        (
            answering(b"", 302, location="http://docs.example/key.md"),
            "redirects away from https, to http://docs.example/key.md",
        ),
        (
            answering(b"", 302, location="https://evil.example/key.md"),
            "redirects to another host, evil.example",
        ),
        (
            answering(b"", 302, location="https://docs.example:8443/"),
            "redirects to another host, docs.example",
        ),
        (
            answering(b"", 302, location="https://a:b/"),
            "cannot be fetched: Invalid URL in location header: Invalid port: 'b'.",
        ),
    ],
)
def test_an_answer_that_is_not_the_page_is_refused(
    vendored: Path, capsys: pytest.CaptureFixture[str], handler: Handler, reason: str
) -> None:
    """What a server says instead of the page never becomes the document."""
    before = state(vendored)

    assert run(vendored, "--from", FROM, handler=handler) == 2

    assert capsys.readouterr().err == f"error: {FROM}: {reason}\n"
    assert state(vendored) == before


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ConnectError("no route"), "cannot be fetched: no route"),
        (httpx.RemoteProtocolError("peer closed"), "cannot be fetched: peer closed"),
        (httpx.ReadError(""), "cannot be fetched: ReadError"),
        (OSError("no certificates"), "cannot be fetched: no certificates"),
    ],
)
def test_a_server_that_cannot_be_reached_is_told_in_one_line(
    into: Path, capsys: pytest.CaptureFixture[str], error: Exception, reason: str
) -> None:
    """A broken network is no traceback."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    assert run(into, "--from", FROM, "--language", "uk", handler=handler) == 2

    assert capsys.readouterr().err == f"error: {FROM}: {reason}\n"


def test_five_redirects_on_the_same_host_are_followed() -> None:
    """Documentation moves; five steps are more than an honest server needs."""

    def handler(request: httpx.Request) -> httpx.Response:
        step = int(request.url.path[1:])
        if step == 5:
            return httpx.Response(200, headers=MARKDOWN, content=b"x")
        return httpx.Response(307, headers={"location": f"https://docs.example:443/{step + 1}"})

    assert vendor.fetch("https://docs.example/0", httpx.MockTransport(handler)) == b"x"


def test_a_server_that_lets_bytes_drip_runs_into_the_deadline() -> None:
    """The limit is on the whole answer; a byte now and then does not extend it."""

    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=MARKDOWN, content=drip())

    with pytest.raises(
        Refusal, match=r"^https://docs.example/key.md: no complete answer within 0.1 seconds$"
    ):
        vendor.fetch(FROM, httpx.MockTransport(handler), deadline=0.1)


# As a command


def test_help_teaches_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who has never seen the project can vendor a page."""
    with pytest.raises(SystemExit) as ended:
        vendor.main(["--help"])

    assert ended.value.code == 0
    assert "--from api-key-page.uk.md --language uk --date 2026-11-21" in capsys.readouterr().out


def test_the_verb_runs_as_a_module(tmp_path: Path) -> None:
    """This is the line that make and the README run."""
    command = [sys.executable, "-m", "scripts.vendor", "--from", str(PAGE), "--into", str(tmp_path)]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    taken = subprocess.run(
        [*command, "--language", "uk"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("error: --language: ")
    assert taken.stdout.splitlines()[-1].endswith("(new)")


# A document that is no part of a page

BARE = '{"openapi": "3.0.3", "info": {"title": "t", "version": "1"},  "paths": {"/a": {"get": {}}}}'


def taken(tmp_path: Path, files: dict[str, str], *more: str) -> int:
    """Vendor the first of some files into a folder; the exit code."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    source = str(tmp_path / next(iter(files)))
    return vendor.main(["--from", source, "--into", str(tmp_path / "into"), "--date", "2026-11-21", *more])


def test_a_bare_document_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """As a block of a page is; its address is given, its language is not determined."""
    assert taken(tmp_path, {"openapi.json": BARE}, "--address", "https://x.example/openapi.json") == 0

    assert (tmp_path / "into" / "upstream.json").read_text() == BARE
    record = vendor.read_record(tmp_path / "into" / "upstream.toml")
    assert record is not None
    assert (record.address, record.language, record.operations) == (
        "https://x.example/openapi.json",
        "und",
        1,
    )
    assert record.page_sha256 == record.block_sha256


def test_a_bare_document_keeps_the_address_that_is_recorded(tmp_path: Path) -> None:
    """The next version needs no option."""
    taken(tmp_path, {"openapi.json": BARE}, "--address", "https://x.example/o.json", "--language", "uk")

    assert taken(tmp_path, {"openapi.json": BARE.replace("/a", "/b")}) == 0

    record = vendor.read_record(tmp_path / "into" / "upstream.toml")
    assert record is not None
    assert (record.address, record.language) == ("https://x.example/o.json", "uk")


@pytest.mark.parametrize("name", ["openapi.json", "два слова.json"])
def test_a_bare_file_needs_no_option(tmp_path: Path, name: str) -> None:
    """Nobody can say where it is published; its name is recorded, and not its place on this machine."""
    assert taken(tmp_path, {name: BARE}) == 0
    assert taken(tmp_path, {name: BARE}) == 0

    record = vendor.read_record(tmp_path / "into" / "upstream.toml")
    assert record is not None
    assert (record.address, record.language) == (f"file:{name}", "und")
    assert taken(tmp_path, {name: BARE}, "--address", "https://x.example/o.json") == 0
    record = vendor.read_record(tmp_path / "into" / "upstream.toml")
    assert record is not None
    assert record.address == "https://x.example/o.json"


def test_the_name_of_a_file_is_no_address_to_keep(tmp_path: Path) -> None:
    """The next file has another name, and a document that is fetched then has an address."""

    def recorded() -> str:
        found = vendor.read_record(tmp_path / "into" / "upstream.toml")
        assert found is not None
        return found.address

    assert taken(tmp_path, {"a.json": BARE}) == 0
    assert taken(tmp_path, {"b.json": BARE}) == 0
    assert recorded() == "file:b.json"

    address = "https://x.example/openapi.json"
    served = httpx.MockTransport(answering(BARE.encode(), content_type="application/json"))
    into = ["--into", str(tmp_path / "into"), "--date", "2026-11-21"]
    assert vendor.main(["--from", address, *into], served) == 0
    assert recorded() == address
    assert taken(tmp_path, {"a.json": BARE}) == 0
    assert recorded() == address


def test_a_document_in_yaml_and_files_is_written_as_one_of_json(tmp_path: Path) -> None:
    """With what it refers to in its folder."""
    files = {
        "openapi.yaml": "openapi: 3.0.3\npaths: {/a: {get: {responses: {200: {$ref: 'b.yaml#/Ok'}}}}}\n",
        "b.yaml": "Ok: {description: fine}\n",
    }

    assert taken(tmp_path, files, "--address", "https://x.example/openapi.yaml") == 0

    document = json.loads((tmp_path / "into" / "upstream.json").read_text())
    assert document["components"]["responses"] == {"Ok": {"description": "fine"}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ('{"swagger": "2.0"}', "is a Swagger 2.0 document"),
        ('{"openapi": "3.0.0", "x": {"$ref": "gone.json"}}', "gone.json: no such file in the folder"),
    ],
)
def test_a_bare_document_that_cannot_be_taken_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    """One line, exit code 2, and no file."""
    assert taken(tmp_path, {"openapi.json": text}) == 2

    assert reason in capsys.readouterr().err
    assert not (tmp_path / "into").exists()
