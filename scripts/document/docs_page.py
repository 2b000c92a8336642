"""What a documentation page says in OpenAPI: its fenced blocks, and the one document they make.

A page comes in as bytes and goes out as values; nothing here opens a file or a socket. Markdown decides
what a fence is (CommonMark, by markdown-it-py), so a block inside an HTML comment, or inside a longer
fence that shows how to write one, is not a block of the page.

GitBook publishes one block per operation, each with the components it needs. Blocks that agree are
therefore parts of one document, and blocks that do not agree are refused.
"""

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.document import parse
from scripts.document.parse import Json
from scripts.lib.errors import Refusal

Pointer: TypeAlias = tuple[str, ...]

MAX_BYTES = 5_000_000
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# What OpenAPI 3 says a document means that leaves these out. Needed to tell whether a block that states
# them and a block that does not would change each other's operations once they stand in one document.
_UNSTATED: dict[str, Json] = {"servers": [{"url": "/"}], "security": []}

_LINE_END = re.compile(r"\r\n|\r|\n")
_VERSION = re.compile(r"3\.[012]\.\d+(-.+)?")
_KEY = re.compile(r"""["']?(openapi|swagger)["']?[ \t]*:""")
_KEY_OF_A_LINE = re.compile(rf"^[ \t]*{_KEY.pattern}", re.MULTILINE)
_KEY_UNINDENTED = re.compile(rf"^{_KEY.pattern}", re.MULTILINE)
_KEY_OF_JSON = re.compile(r'"(openapi|swagger)"\s*:')
_START_OF_JSON = re.compile(r"""\{\s*(["'](openapi|swagger)["']|(openapi|swagger)\s*:)""")
_HTML = re.compile(r"\s*(<!doctype html|<html|<head|<body|<\?xml)\b", re.IGNORECASE)
_INSTRUCTIONS = re.compile(r"^#+[ \t]*Agent Instructions\b.*$", re.MULTILINE)
_GET = re.compile(r"^[ \t]*GET[ \t]+(https://[!-~]+)[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced OpenAPI block.

    Attributes:
        line: the line of the page, from 1, on which the fence opens.
        raw: the block's bytes as the page has them, with its line ends, without the fences and without
            the line end before the closing one. The marks of a quote or list around the block, and the
            indentation of its fence, belong to the page and are taken off.
        value: what those bytes say.
    """

    line: int
    raw: bytes
    value: dict[str, Any]

    @property
    def is_json(self) -> bool:
        """Whether the block is written in JSON (YAML otherwise)."""
        return _starts_with_brace(self.raw.decode())


@dataclass(frozen=True)
class Document:
    """The OpenAPI document of a page.

    Attributes:
        content: its bytes as JSON.
        value: what they say.
        operations: how many operations it describes.
    """

    content: bytes
    value: dict[str, Any]
    operations: int


def text(content: bytes, place: str) -> str:
    """Return the text of a Markdown page.

    Raises:
        Refusal: larger than `MAX_BYTES`, not UTF-8, not text, empty, or HTML.
    """
    if len(content) > MAX_BYTES:
        raise Refusal(place, f"larger than {MAX_BYTES} bytes")
    page = parse.decode(content, place)
    zero = content.find(b"\0")
    if zero >= 0:
        raise Refusal(place, f"not text: a zero byte at byte {zero}")
    if not page.strip():
        raise Refusal(place, "empty")
    if _HTML.match(page):
        raise Refusal(place, "HTML; give the page's Markdown, whose address ends in .md")
    return page


def blocks(content: bytes, place: str) -> tuple[Block, ...]:
    """Return the fenced OpenAPI blocks of a Markdown page, in its order; none if it has none.

    Raises:
        Refusal: not a Markdown page, or an OpenAPI block that is cut off, cannot be read, or is of another
            version than 3.0 to 3.2. The place is then the page and the line.
    """
    page = text(content, place)
    ends = _LINE_END.findall(page)
    found = (_block(token, ends, place) for token in _fences(page))
    return tuple(block for block in found if block)


def document(blocks: Sequence[Block], place: str) -> Document:
    """Return the one document that the blocks of a page make.

    A single JSON block, however often the page repeats it, keeps its exact bytes (those of its first
    appearance). YAML, and several blocks united, are written as `documents.canonical` writes.

    Raises:
        Refusal: no block, no operation, or two blocks that contradict each other.
    """
    if not blocks:
        raise Refusal(place, "holds no fenced OpenAPI block")
    first, *others = blocks
    if all(_difference(first.value, other.value) is None for other in others):
        value = first.value
        content = first.raw if first.is_json else parse.canonical(value)
    else:
        value = _unite(blocks, place)
        content = parse.canonical(value)
    count = sum(_is_operation(pointer) for pointer in _parts(value, place))
    if not count:
        raise Refusal(f"{place}:{first.line}", "the OpenAPI block has no operations")
    return Document(content, value, count)


def address(text: str) -> str | None:
    """Return the address that a page states for itself, without query and fragment.

    GitBook ends a page with "Agent Instructions", which show a GET line with the page's address.
    """
    headings = list(_INSTRUCTIONS.finditer(text))
    if not headings:
        return None
    line = _GET.search(text, headings[-1].end())
    return re.split(r"[?#]", line[1])[0] if line else None


# Finding the blocks


def _fences(page: str) -> Iterator[Token]:
    markdown = MarkdownIt("commonmark", {"maxNesting": 100})
    # Only the block structure matters; without the inline rules a hostile page has less to play with.
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return (token for token in markdown.parse(page) if token.type == "fence")


def _block(token: Token, ends: Sequence[str], place: str) -> Block | None:
    opening, after = token.map or (0, 0)  # every fence has its lines
    value = _value(token, opening + 1, place)
    if value is None:
        return None
    lines = token.content.removesuffix("\n").split("\n")
    if len(lines) != after - opening - 2:
        reason = "the OpenAPI block that opens here is truncated: its fence is never closed"
        raise Refusal(f"{place}:{opening + 1}", reason)
    _check(value, f"{place}:{opening + 1}")
    # markdown-it-py turns every line end into \n; the page's own ones are put back.
    own_ends = [*ends[opening + 1 : opening + len(lines)], ""]
    raw = "".join(line + end for line, end in zip(lines, own_ends, strict=False))
    return Block(opening + 1, raw.encode(), value)


def _value(token: Token, line: int, place: str) -> dict[str, Any] | None:
    """Return what a fenced block says if it is an OpenAPI block; `line` is the one on which it opens."""
    if not (_starts_with_brace(token.content) or _KEY_OF_A_LINE.search(token.content)):
        return None
    try:
        value = parse.parse(token.content.removesuffix("\n").encode(), place)
    except Refusal as refusal:
        if _claims_to_be_openapi(token):
            raise _in_page(refusal, line, place) from refusal
        return None
    if isinstance(value, dict) and ("openapi" in value or "swagger" in value):
        return value
    return None


def _starts_with_brace(block: str) -> bool:
    return block.lstrip("\ufeff \t\r\n").startswith("{")


def _claims_to_be_openapi(token: Token) -> bool:
    """Whether a block that cannot be read was meant to be an OpenAPI block.

    Samples with an ellipsis and shell scripts that write a specification are not.
    """
    block = token.content.lstrip("\ufeff \t\r\n")
    if block.startswith("{"):
        return bool(_START_OF_JSON.match(block) or _KEY_OF_JSON.search(block))
    if _KEY.match(_first_line(block)):
        return True
    language = token.info.lower().split()[:1]
    key = {"json": _KEY_OF_JSON, "yaml": _KEY_UNINDENTED, "yml": _KEY_UNINDENTED}.get("".join(language))
    return key is not None and key.search(block) is not None


def _first_line(yaml: str) -> str:
    lines = (line.strip() for line in yaml.splitlines())
    return next((line for line in lines if line and not line.startswith(("#", "---", "%"))), "")


def _in_page(refusal: Refusal, line: int, place: str) -> Refusal:
    """Return a refusal of a block's text, its line counted in the page."""
    _, *position = refusal.place.removeprefix(place).split(":")
    if not position:
        return Refusal(f"{place}:{line}", f"in the OpenAPI block that opens here: {refusal.reason}")
    row, column = position
    # Text that is no JSON or YAML may have lost its end; a key that stands twice has lost nothing.
    fault = (
        f"is truncated or {refusal.reason}"
        if refusal.reason.startswith("not ")
        else f"has a fault: {refusal.reason}"
    )
    reason = f"the OpenAPI block that opens at line {line} {fault}"
    return Refusal(f"{place}:{line + int(row)}:{column}", reason)


def _check(value: dict[str, Any], place: str) -> None:
    if "openapi" not in value:
        raise Refusal(place, "describes Swagger 2.0; only OpenAPI 3.0 to 3.2 are read")
    version = value["openapi"]
    if not (isinstance(version, str) and _VERSION.fullmatch(version)):
        reason = f"the OpenAPI version is {_short(version)}; only 3.0.x to 3.2.x, as text, are read"
        raise Refusal(place, reason)
    _parts(value, place)


def _short(value: Json) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


# Uniting them


def _unite(blocks: Sequence[Block], place: str) -> dict[str, Any]:
    """One document of several: each part once, in the order of the page."""
    known: dict[Pointer, tuple[Json, int]] = {}
    united: dict[Pointer, Json] = {}
    given = [
        block.value.get("security", _UNSTATED["security"]) for block in blocks if _has_operations(block.value)
    ]
    apart = any(_difference(given[0], other) is not None for other in given[1:])
    for block in blocks:
        parts = _parts(_with_own_security(block, place) if apart else block.value, place)
        for pointer, value in (_unstated(parts) | parts).items():
            first, line = known.setdefault(pointer, (value, block.line))
            below = _difference(first, value)
            if below is not None:
                where = _text(pointer + below)
                reason = f"contradicts the OpenAPI block at line {line}: they differ at {where}"
                raise Refusal(f"{place}:{block.line}", reason)
        for pointer, value in parts.items():
            united.setdefault(pointer, value)
    return _assemble(united)


def _has_operations(value: dict[str, Any]) -> bool:
    """Whether a block has operations, and not only components for those of other blocks."""
    return any(True for _ in _operations(_map_of(value, "paths"), _map_of(value, "webhooks")))


def _with_own_security(block: Block, place: str) -> dict[str, Any]:
    """Let each operation of a block say itself what credentials the block says that it needs."""
    value = copy.deepcopy(block.value)
    components = _map_of(value, "components")
    callbacks = _map_of(components, "callbacks").values()
    paths, hooks = _map_of(value, "paths"), _map_of(value, "webhooks")
    lent = (_map_of(components, "pathItems"), *(one for one in callbacks if isinstance(one, dict)))
    is_known = "security" in value or _has_operations(value)
    given = value.pop("security", _UNSTATED["security"])
    for operation in _operations(paths, hooks, *lent):
        if not is_known and "security" not in operation:
            reason = (
                "has operations in its components and does not say what `security` they need, "
                "and the other blocks differ in it"
            )
            raise Refusal(f"{place}:{block.line}", reason)
        operation.setdefault("security", given)
    return value


def _operations(*maps: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the operations of maps of path items, those of OpenAPI 3.2 and of callbacks among them."""
    waiting = [item for each in maps for item in each.values()]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict):
            continue
        others = _map_of(item, "additionalOperations").values()
        for operation in (*(item.get(method) for method in (*METHODS, "query")), *others):
            if isinstance(operation, dict):
                yield operation
                for callback in _map_of(operation, "callbacks").values():
                    waiting += callback.values() if isinstance(callback, dict) else ()


def _map_of(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _parts(value: dict[str, Any], place: str) -> dict[Pointer, Json]:
    """Return a document as the parts that blocks can bring along independently of each other.

    They are: an operation (or another key of a path), a component, a tag, and every other top-level key.
    """
    parts: dict[Pointer, Json] = {}
    for key, child in value.items():
        if key in ("paths", "webhooks", "components"):
            for name, item in _object(child, (key,), place).items():
                if name.startswith("x-"):
                    parts[key, name] = item
                else:
                    for last, part in _object(item, (key, name), place).items():
                        parts[key, name, last] = part
        elif key == "tags":
            parts.update(_tags(child, place))
        else:
            parts[(key,)] = child
    for pointer, part in parts.items():
        if _is_operation(pointer):
            _object(part, pointer, place)
    return parts


def _tags(tags: Json, place: str) -> Iterator[tuple[Pointer, Json]]:
    for tag in tags if isinstance(tags, list) else [tags]:
        name = tag.get("name") if isinstance(tag, dict) else None
        if not isinstance(name, str):
            raise Refusal(place, "the value at /tags is not a list of named tags")
        yield ("tags", name), tag


def _object(value: Json, pointer: Pointer, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(place, f"the value at {_text(pointer)} is not an object")
    return value


def _is_operation(pointer: Pointer) -> bool:
    return len(pointer) == 3 and pointer[0] == "paths" and pointer[2] in METHODS


def _unstated(parts: dict[Pointer, Json]) -> dict[Pointer, Json]:
    """Return what a block means where it says nothing, as far as its own operations depend on it.

    A block of components only has no operations, so it may leave out what the others state.
    """
    items = {pointer[:2] for pointer in parts if _is_operation(pointer)}
    if not items:
        return {}
    shared: dict[Pointer, Json] = {(*item, key): [] for item in items for key in ("parameters", "servers")}
    return {(key,): value for key, value in _UNSTATED.items()} | shared


def _assemble(parts: dict[Pointer, Json]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for pointer, part in parts.items():
        if pointer[0] == "tags":
            value.setdefault("tags", []).append(part)
            continue
        node = value
        for key in pointer[:-1]:
            node = node.setdefault(key, {})
        node[pointer[-1]] = part
    return value


def _difference(one: Json, other: Json) -> Pointer | None:
    """Return the way to the first place where two JSON values differ, None if they are equal.

    Python's own == holds 1 and true for equal; JSON does not.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *other]:
            if key not in one or key not in other:
                return (key,)
            below = _difference(one[key], other[key])
            if below is not None:
                return (key, *below)
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other, strict=True)):
            below = _difference(*pair)
            if below is not None:
                return (str(index), *below)
        return None
    same = isinstance(one, bool) == isinstance(other, bool) and one == other
    return None if same else ()


def _text(pointer: Pointer) -> str:
    """Return a JSON pointer as RFC 6901 writes it."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in pointer)
