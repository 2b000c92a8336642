"""Take the OpenAPI document out of a documentation page, or as it is, and record where it came from.

    python -m scripts.vendor --from FILE-or-https-address [--language uk] [--date YYYY-MM-DD]

writes `upstream.json`, the page's OpenAPI block or the document byte for byte (YAML, and a document in
several files, as JSON), and `upstream.toml`, its provenance. What cannot be taken leaves both as they were.
"""

import argparse
import asyncio
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import httpx

from scripts.document import docs_page, parse
from scripts.document.bundle import bundle, gather
from scripts.document.folder import read_inside
from scripts.document.operations import operations
from scripts.document.read import checked
from scripts.lib.errors import Refusal, run
from scripts.lib.files import MAX_BYTES, read_file, write_together

DOCUMENT = "upstream.json"
RECORD = "upstream.toml"
PAGE_TYPES = ("text/markdown", "text/plain")
DOCUMENT_TYPES = (
    *("application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"),
    *("application/octet-stream", "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"),
)
_BARE = (".json", ".yaml", ".yml")
# The language of a document that is no page; ISO 639 has this code for one that is not determined.
_NO_LANGUAGE = "und"
# What stands before the name of a file where an address would stand.
_FILE = "file:"
DEADLINE_SECONDS = 30.0
MAX_REDIRECTS = 5

# All that the documentation's server learns about us. "identity" because a compressed answer has a size
# that shows only when it is unpacked.
_HEADERS = {"User-Agent": "novapost-client-vendor", "Accept": "text/markdown", "Accept-Encoding": "identity"}
_REDIRECTS = (301, 302, 303, 307, 308)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RECORD_HEADER = """\
# Written by `python -m scripts.vendor` (make vendor FROM=<page>). Do not edit; vendor the page again.
# Where upstream.json beside this file comes from. The date is the day on which the page or the block was
# first seen as it is now; block_sha256 is the checksum of upstream.json.

"""
_FIELDS = {
    "address": str,
    "language": str,
    "date": date,
    "operations": int,
    "page_sha256": str,
    "block_sha256": str,
}


@dataclass(frozen=True)
class Record:
    """The provenance of the vendored document, as `upstream.toml` keeps it.

    Attributes:
        address: where the page is published; `file:` and a name if a bare document was a file.
        language: the language of the page, such as `uk`.
        date: the day on which the page was first vendored with this content.
        operations: how many operations the document describes.
        page_sha256: the checksum of the page.
        block_sha256: the checksum of the document, which for a page of one JSON block is that block.
    """

    address: str
    language: str
    date: date
    operations: int
    page_sha256: str
    block_sha256: str

    def toml(self) -> bytes:
        """Return the record as TOML."""
        lines = (f"{name} = {_toml(getattr(self, name))}\n" for name in _FIELDS)
        return (_RECORD_HEADER + "".join(lines)).encode()


def main(arguments: Sequence[str] | None = None, transport: httpx.AsyncBaseTransport | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        arguments: the command line without the program's name; left out, that of this process.
        transport: what to fetch pages through; left out, the network.

    Returns:
        The exit code: 0, or 2 if the page was refused, with one line on stderr.
    """
    return run(lambda: _main(arguments, transport))


def _main(arguments: Sequence[str] | None, transport: httpx.AsyncBaseTransport | None) -> int:
    options = _parser().parse_args(arguments)
    if not options.source:
        raise Refusal("--from", "names no page; give a file or an https address")
    today = _date(options.date) if options.date is not None else datetime.now(UTC).date()
    stated = None if options.address is None else _bare(_checked(options.address, "--address"))
    if _is_address(options.source):
        bare = options.source.partition("?")[0].lower().endswith(_BARE)
        types = DOCUMENT_TYPES if bare else PAGE_TYPES
        content = fetch(options.source, transport, media_types=types)
        fallback: str | None = _bare(_checked(options.source, options.source))
    else:
        bare = options.source.lower().endswith(_BARE)
        content = read_file(Path(options.source), MAX_BYTES if bare else docs_page.MAX_BYTES)
        fallback = None
    lines = vendor(
        content,
        options.source,
        options.into,
        today,
        language=options.language,
        address=stated,
        fallback=fallback,
        folder=None if _is_address(options.source) else Path(options.source).parent,
    )
    # The folder's name need not be something that the terminal can show.
    encoding = sys.stdout.encoding or "utf-8"
    print("\n".join(lines).encode(encoding, "backslashreplace").decode(encoding))
    return 0


def vendor(
    content: bytes,
    place: str,
    into: Path,
    today: date,
    *,
    language: str | None = None,
    address: str | None = None,
    fallback: str | None = None,
    folder: Path | None = None,
) -> tuple[str, str]:
    """Write the document of a page, or a bare one, and its record into a folder, or neither.

    Args:
        content: the page, or an OpenAPI document in JSON or YAML.
        place: what to call the page in a refusal.
        into: the folder.
        today: the date to record if the page or its document is not the recorded one.
        language: the page's language; left out, the recorded one.
        address: the page's address; left out, the one that the page states.
        fallback: the address if the page states none.
        folder: where the files are that a bare document refers to; left out, it must be a single file.

    Returns:
        Two lines for people: what became of the record and of the document.

    Raises:
        Refusal: the page is refused, its language or address is not known, or the files cannot be
            written.
    """
    old = read_record(into / RECORD)
    if place.partition("?")[0].lower().endswith(_BARE):
        document = _bare_document(content, place, folder)
        stated = None if old is None or old.address.startswith(_FILE) else old.address
        # A file has no address where others could find it; its name is all that is recorded.
        fallback = fallback or _FILE + Path(place).name
        spoken = language or (_NO_LANGUAGE if old is None else None)
    else:
        document = docs_page.document(docs_page.blocks(content, place), place)
        stated, spoken = docs_page.address(docs_page.text(content, place)), language
    new = Record(
        address=_address(address, stated, fallback, place),
        language=_language(spoken, old),
        date=today,
        operations=document.operations,
        page_sha256=hashlib.sha256(content).hexdigest(),
        block_sha256=hashlib.sha256(document.content).hexdigest(),
    )
    if old and (old.page_sha256, old.block_sha256) == (new.page_sha256, new.block_sha256):
        new = replace(new, date=old.date)
    files = {into / RECORD: new.toml(), into / DOCUMENT: document.content}
    states = [_state(path, wanted) for path, wanted in files.items()]
    try:
        write_together(files)
    except OSError as error:
        raise Refusal(str(into), f"cannot be written: {error.strerror or type(error).__name__}") from error
    operations = "1 operation" if document.operations == 1 else f"{document.operations} operations"
    return (
        f"{into / RECORD}: {new.language} page of {new.date}, {new.address} ({states[0]})",
        (
            f"{into / DOCUMENT}: {operations}, {len(document.content)} bytes, "
            f"sha256 {new.block_sha256} ({states[1]})"
        ),
    )


def _bare_document(content: bytes, place: str, folder: Path | None) -> docs_page.Document:
    """Return an OpenAPI document that is no part of a page: its own bytes if it is one file of JSON.

    Raises:
        Refusal: it is no OpenAPI 3 document, or a file that it refers to cannot be read.
    """
    name = place.replace("\\", "/").rpartition("/")[2]
    value = parse.parse(content, place)

    def load(names: Sequence[str]) -> dict[str, parse.Json]:
        if folder is None:
            raise Refusal(place, f"refers to {names[0]}; give the document as one file, or as files here")
        return {one: parse.parse(read_inside(folder, one), one) for one in names}

    files = gather(name, value, load)
    if len(files) > 1:
        value = bundle(name, files)
        parse.check_depth(value, place)
    found = checked(value, place)
    is_json = len(files) == 1 and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    raw = content if is_json else parse.canonical(found)
    return docs_page.Document(raw, found, sum(1 for _ in operations(found)))


def read_record(path: Path) -> Record | None:
    """Return the record of an earlier vendoring, None if there is none.

    Raises:
        Refusal: the file is there and is not such a record.
    """
    content = _existing(path)
    if content is None:
        return None
    text = parse.decode(content, str(path))
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refusal(str(path), f"not TOML ({error}); delete it and give --language") from error
    for name, kind in _FIELDS.items():
        if type(table.get(name)) is not kind:  # not isinstance: a bool is an int, a datetime a date
            raise Refusal(str(path), f"has no usable {name}; delete it and give --language")
    return Record(**{name: table[name] for name in _FIELDS})


def fetch(
    address: str,
    transport: httpx.AsyncBaseTransport | None = None,
    *,
    media_types: Collection[str] = PAGE_TYPES,
    limit: int = docs_page.MAX_BYTES,
    deadline: float = DEADLINE_SECONDS,
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return the answer of an https address.

    Redirects are followed on the same host only. Nothing is sent but GET and the headers above.

    Args:
        address: the https address.
        transport: what to send through; left out, the network.
        media_types: the content types to take.
        limit: the most bytes to take.
        deadline: the most seconds that all of it may last, from the first look-up to the last byte.
        headers: filled with those of the answer, their names in small letters.

    Raises:
        Refusal: not an https address, no answer in time, or another answer than asked for.
    """
    url = _checked(address, address)

    async def bounded() -> bytes:
        # Not httpx's time-outs: they begin anew with every byte that a slow server lets drip.
        async with asyncio.timeout(deadline):
            return await _get(url, transport, media_types, limit, {} if headers is None else headers)

    try:
        return asyncio.run(bounded())
    except TimeoutError as error:
        raise Refusal(address, f"no complete answer within {deadline:g} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL, ImportError, OSError, ValueError) as error:
        # ImportError and ValueError: a proxy in the environment that httpx cannot use.
        raise Refusal(address, f"cannot be fetched: {str(error) or type(error).__name__}") from error


async def _get(
    url: httpx.URL,
    transport: httpx.AsyncBaseTransport | None,
    media_types: Collection[str],
    limit: int,
    headers: dict[str, str],
) -> bytes:
    async with httpx.AsyncClient(transport=transport, timeout=None) as client:  # noqa: S113 (see fetch)
        for _ in range(MAX_REDIRECTS + 1):
            # A request made by hand takes along neither httpx's default headers nor a cookie.
            response = await client.send(httpx.Request("GET", url, headers=_HEADERS), stream=True)
            try:
                if response.status_code not in _REDIRECTS:
                    headers.update(response.headers)
                    return await _body(response, media_types, limit)
                url = _next(url, response)
            finally:
                await response.aclose()
    raise Refusal(str(url), f"more than {MAX_REDIRECTS} redirects")


def _next(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    location = response.headers.get("location")
    if location is None:
        raise Refusal(str(url), f"answers {response.status_code} without saying where to")
    target = url.join(location)
    if target.scheme != "https":
        raise Refusal(str(url), f"redirects away from https, to {target}")
    if (target.host, target.port) != (url.host, url.port):
        raise Refusal(str(url), f"redirects to another host, {target.host}")
    return _checked(str(target), str(target))


async def _body(response: httpx.Response, media_types: Collection[str], limit: int) -> bytes:
    place = str(response.request.url)
    if response.status_code != 200:
        raise Refusal(place, f"answers {response.status_code}")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml") and kind not in media_types:
        raise Refusal(place, "answers with HTML; give the address of the page's Markdown, which ends in .md")
    if kind not in media_types:
        wanted = " or ".join(media_types)
        raise Refusal(place, f"answers with {kind or 'no content type'} instead of {wanted}")
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > limit:
            raise Refusal(place, f"larger than {limit} bytes")
    return bytes(content)


def _is_address(source: str) -> bool:
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) is not None


def _checked(address: str, place: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:  # ValueError: a text that has no UTF-8
        raise Refusal(place, f"not an address: {error}") from error
    if url.scheme != "https" or not url.host:
        raise Refusal(place, "not an https address; no other is read")
    if url.userinfo:
        # Only the host: what is refused ends up in logs, where a password does not belong.
        raise Refusal(url.host, "the address carries a user name or password; a published page needs none")
    return url


def _bare(url: httpx.URL) -> str:
    return str(url.copy_with(query=None, fragment=None))


def _address(given: str | None, stated: str | None, fallback: str | None, place: str) -> str:
    address = given or stated or fallback
    if address is None:
        raise Refusal(place, "states no address of its own; give --address")
    if not address.startswith(_FILE):
        _checked(address, place if address == stated else address)
    return address


def _language(given: str | None, old: Record | None) -> str:
    if given is None and old is None:
        raise Refusal("--language", f"is needed, since no {RECORD} records the page's language yet")
    language = given if given is not None else old.language if old else ""
    if not _LANGUAGE.fullmatch(language):
        raise Refusal("--language", f"{language!r} is not a language code such as uk or en")
    return language


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # Python also takes 20261121 and 2026-W47-6
        raise Refusal("--date", f"{text!r} is not a date such as 2026-11-21")
    return day


def _state(path: Path, wanted: bytes) -> str:
    content = _existing(path)
    if content is None:
        return "new"
    return "unchanged" if content == wanted else "changed"


def _existing(path: Path) -> bytes | None:
    try:
        if not path.exists():
            return None
    except OSError as error:  # a folder that may not be looked into
        raise Refusal(str(path), error.strerror or "cannot be read") from error
    return read_file(path)


def _toml(value: str | int | date) -> str:
    if not isinstance(value, str):
        return str(value)
    # A JSON string is a TOML basic string, except that TOML wants DEL escaped as well.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refusal("arguments", f"{message}; see --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m scripts.vendor",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        description=(
            "Write the OpenAPI document of a documentation page (Markdown), or a document itself (JSON or\n"
            "YAML, with the files of its folder), to INTO/upstream.json. Write its origin to\n"
            "INTO/upstream.toml.\n"
            "If the source is refused or already vendored, both files stay unchanged."
        ),
        epilog=(
            "example:\n"
            "  python -m scripts.vendor --from api-key-page.uk.md --language uk --date 2026-11-21\n"
            "writes openapi/upstream.json and prints\n"
            "  openapi/upstream.json: 1 operation, 4002 bytes, sha256 c40077ea... (new)\n"
            "\n"
            "exit codes: 0 vendored or unchanged, 2 refused, with one line on stderr that says why"
        ),
    )
    add = parser.add_argument
    add(
        "--from",
        dest="source",
        metavar="PAGE",
        required=True,
        help="a Markdown, JSON or YAML file, or an https address",
    )
    add("--language", metavar="CODE", help="language of the page, such as uk (default: the recorded one)")
    add("--date", metavar="YYYY-MM-DD", help="date to record for a new or changed page (default: today, UTC)")
    add(
        "--address",
        metavar="URL",
        help="address where the page is published (default: that in the page; for a bare file its name)",
    )
    add(
        "--into",
        metavar="DIR",
        type=Path,
        default=Path("openapi"),
        help="the folder of the two files (default: openapi)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
