"""What do we read out of a documentation page?"""

import contextlib
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.self_tests.support.folders import PAGES
from scripts.document import docs_page, parse
from scripts.lib.errors import Refusal

UKRAINIAN = (PAGES / "api-key-page.uk.md").read_bytes()
SPEC = '{"openapi":"3.0.0","paths":{"/a":{"get":{"summary":"ключ"}}}}'
FENCED = f"```json\n{SPEC}\n```\n"


def spec(**parts: Any) -> dict[str, Any]:
    """Return a small document, its parts replaced or added."""
    return {"openapi": "3.0.0", "info": {"title": "API", "version": "1"}} | parts


def fenced(*values: Any) -> bytes:
    """Return a page of one JSON block for each value."""
    return "\n".join(f"```json\n{json.dumps(value)}\n```\n" for value in values).encode()


def read(content: bytes) -> docs_page.Document:
    """Return the document of a page."""
    return docs_page.document(docs_page.blocks(content, "page.md"), "page.md")


def raws(text: str) -> list[str]:
    """Return the bytes of a page's blocks, as text."""
    return [block.raw.decode() for block in docs_page.blocks(text.encode(), "page.md")]


def refusal(content: bytes) -> str:
    """Return the line with which a page is refused."""
    with pytest.raises(Refusal) as caught:
        read(content)
    return str(caught.value)


# The published pages


def test_the_published_page_gives_its_block_byte_for_byte() -> None:
    """The vendored document is what the vendor published, not what we made of it."""
    document = read(UKRAINIAN)

    assert len(document.content) == 4002
    expected = "c40077ea524b147ab08a0975e881f5546797e58f314434077234fe1e9814b1a1"
    assert hashlib.sha256(document.content).hexdigest() == expected
    assert document.operations == 1
    assert list(document.value["paths"]) == ["/test-api-keys"]


def test_the_published_page_states_its_address() -> None:
    """The address is recorded without the question that the page suggests to ask."""
    assert docs_page.address(UKRAINIAN.decode()) == (
        "https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi"
        "/stvorennya-api-klyucha.md"
    )


def test_a_page_as_rendered_text_has_no_block() -> None:
    """The published English text is the page without its fences, so there is nothing to vendor."""
    assert refusal((PAGES / "api-key-page.en.txt").read_bytes()) == ("page.md: holds no fenced OpenAPI block")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("GET https://a.example/x.md?ask=1\n", None),
        ("# Agent Instructions: x\n\nnothing here\n", None),
        ("# Agent Instructions: x\n```\nGET http://a.example/x.md\n```\n", None),
        ("# Agent Instructions: x\n```\nGET https://a.example/x.md#y\n```\n", "https://a.example/x.md"),
        ("## Agent Instructions\r\n```\r\nGET https://a.example/x.md?ask=1\r\n", "https://a.example/x.md"),
        (
            "# Agent Instructions\nGET https://a.example/1\n# Agent Instructions\nGET https://b.example/2\n",
            "https://b.example/2",
        ),
    ],
)
def test_only_the_agent_instructions_state_the_address(text: str, address: str | None) -> None:
    """Other GET lines on a page are examples of the API's use."""
    assert docs_page.address(text) == address


# Fences


@pytest.mark.parametrize(
    "text",
    [
        FENCED,
        f"```\n{SPEC}\n```",
        f"~~~ JSON title=x\n{SPEC}\n~~~~\n",
        f"   ````yaml\n   {SPEC}\n   ````\n",
        f"> # Quoted\n> ```json\n> {SPEC}\n> ```\n",
        f"1. step\n\n   ```json\n   {SPEC}\n   ```\n",
        f"* a\n  * b\n    > ~~~\n    > {SPEC}\n    > ~~~\n",
        "- " * 30 + f"```\n{' ' * 60}{SPEC}\n{' ' * 60}```\n",
        f"\ufeff```json\n{SPEC}\n```\n",
        f"text\n```json\n{SPEC}\n```\ntext\n",
        f'```json\n{{"answer": 1}}\n```\n\n{FENCED}',
    ],
)
def test_a_block_is_found_in_every_kind_of_fence(text: str) -> None:
    """How the page is laid out must not decide whether its contract is seen."""
    assert raws(text) == [SPEC]


@pytest.mark.parametrize(
    "text",
    [
        SPEC,
        f"    {SPEC}\n",
        f"    ```json\n    {SPEC}\n    ```\n",
        f"<!--\n{FENCED}-->\n",
        f"````\n{FENCED}````\n",
        '```json\n{"answer": {"openapi": "3.0.0"}}\n```\n',
        '```json\n{"answer": ...}\n```\n',
        '```json\n["openapi"]\n```\n',
        "```sh\ncat > x.yaml <<END\nopenapi: 3.0.0\n  paths: [\nEND\n```\n",
        "```yaml\nservices:\n  openapi: {{ broken\n```\n",
        "```json\n{" + '"a":[' * 300 + "\n```\n",
    ],
)
def test_what_is_not_a_fenced_openapi_block_is_not_taken_for_one(text: str) -> None:
    """Samples, comments and shell scripts are not the contract, even if they cannot be read."""
    assert raws(text) == []


def test_a_block_knows_the_line_of_its_fence() -> None:
    """Whoever reads a refusal finds the block without searching."""
    found = docs_page.blocks(f"# Page\r\n\r\n{FENCED}\n{FENCED}".encode(), "page.md")

    assert [block.line for block in found] == [3, 7]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_block_keeps_the_line_ends_of_its_page(end: str) -> None:
    """Byte for byte also holds for a page written on another system; the last line end is the fence's."""
    lines = ['{"openapi": "3.0.0",', "", '"paths": {"/a": {"get": {}}}}']

    assert raws(end.join(["> ```", *(f"> {line}" for line in lines), "> ```"])) == [end.join(lines)]


# Text that opens no fence, quote, list or HTML of its own, in whatever lines.
prose = st.text(st.characters(exclude_characters="`~<>\0\ufeff", exclude_categories=["Cs"]))
line_ends = st.sampled_from(["\n", "\r\n", "\r"])


@given(before=prose, after=prose, end=line_ends, fence=st.sampled_from(["```", "~~~", "`````"]))
def test_text_around_a_block_never_changes_its_bytes(before: str, after: str, end: str, fence: str) -> None:
    """A page may be rewritten freely; the document changes only if the block does."""
    text = f"{before}{end}{end}{fence}json{end}{SPEC}{end}{fence}{end}{after}"

    assert raws(text) == [SPEC]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(extra=json_values, indent=st.sampled_from([None, 0, 2]), mark=st.sampled_from(["", "> ", "   "]))
def test_any_block_comes_back_as_it_was_put_in(extra: Any, indent: int | None, mark: str) -> None:
    """Whatever a document holds, quoting it in a page and reading it out again loses nothing."""
    raw = json.dumps(spec(paths={"/a": {"get": {}}}, **{"x-extra": extra}), indent=indent)
    text = "\n".join(mark + line for line in ["```json", *raw.split("\n"), "```"])

    (block,) = docs_page.blocks(text.encode(), "page.md")

    assert block.raw.decode() == raw
    assert block.value == json.loads(raw)


@given(content=st.binary(max_size=200) | st.text("`~{}[]\"':>- \n\r\topenapi.0").map(str.encode))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    """Whatever a server sends is a document or a refusal, never a traceback."""
    with contextlib.suppress(Refusal):
        read(content)


# What is refused


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "page.md: empty"),
        (b" \n\n", "page.md: empty"),
        (b"\xff\xfe#", "page.md: not UTF-8 at byte 0"),
        (b"# a\0", "page.md: not text: a zero byte at byte 3"),
        (b"\n<!DOCTYPE html><p>x", "page.md: HTML; give the page's Markdown, whose address ends in .md"),
        (b'<HTML lang="uk">', "page.md: HTML; give the page's Markdown, whose address ends in .md"),
        (b"x" * 5_000_001, "page.md: larger than 5000000 bytes"),
        (b"# Page\n", "page.md: holds no fenced OpenAPI block"),
        (SPEC.encode(), "page.md: holds no fenced OpenAPI block"),
    ],
)
def test_what_is_not_a_page_with_a_block_is_refused(content: bytes, line: str) -> None:
    """The reason tells a wrong file from a page that lost its block."""
    assert refusal(content) == line


@pytest.mark.parametrize(
    ("block", "line"),
    [
        (
            SPEC[:-4],
            (
                "page.md:3:58: the OpenAPI block that opens at line 2 is truncated or not JSON: "
                "Expecting ',' delimiter"
            ),
        ),
        (
            '{"openapi"',
            (
                "page.md:3:11: the OpenAPI block that opens at line 2 is truncated or not JSON: "
                "Expecting ':' delimiter"
            ),
        ),
        (
            '{"info": {},\n"openapi": "3.0',
            (
                "page.md:4:12: the OpenAPI block that opens at line 2 is truncated "
                "or not JSON: Unterminated string starting at"
            ),
        ),
        (
            "{openapi: 3.0.0}",
            (
                "page.md:3:2: the OpenAPI block that opens at line 2 is truncated or not JSON: "
                "Expecting property name enclosed in double quotes"
            ),
        ),
        (
            "# x\n---\nopenapi: 3.0.0\npaths: {",
            (
                "page.md:7:1: the OpenAPI block that opens at line 2 is "
                "truncated or not YAML: did not find expected node content"
            ),
        ),
        (
            '{"openapi": "3.0.0", "openapi": "3.0.0"}',
            (
                "page.md:3:22: the OpenAPI block that opens at line 2 has a fault: "
                "the key 'openapi' stands twice in one object"
            ),
        ),
        (
            '{"openapi": "3.0.0", "x": ' + "[" * 250 + "]" * 250 + "}",
            "page.md:2: in the OpenAPI block that opens here: nested deeper than 200",
        ),
        (
            '{"openapi": "3.0.0", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "page.md:2: in the OpenAPI block that opens here: nested deeper than 200",
        ),
        (
            '{"openapi": "3.0.0", "x": NaN}',
            "page.md:2: in the OpenAPI block that opens here: NaN is not JSON",
        ),
        ('{"swagger": "2.0"}', "page.md:2: describes Swagger 2.0; only OpenAPI 3.0 to 3.2 are read"),
        (
            '{"openapi": "3.3.0"}',
            "page.md:2: the OpenAPI version is '3.3.0'; only 3.0.x to 3.2.x, as text, are read",
        ),
        ("openapi: 3.1\n", "page.md:2: the OpenAPI version is 3.1; only 3.0.x to 3.2.x, as text, are read"),
        ('{"openapi": "3.0.0"}', "page.md:2: the OpenAPI block has no operations"),
        (
            '{"openapi": "3.0.0", "paths": {"/a": {"parameters": []}}}',
            "page.md:2: the OpenAPI block has no operations",
        ),
        ('{"openapi": "3.0.0", "paths": []}', "page.md:2: the value at /paths is not an object"),
        ('{"openapi": "3.0.0", "paths": {"/a": 1}}', "page.md:2: the value at /paths/~1a is not an object"),
        (
            '{"openapi": "3.0.0", "paths": {"/a": {"get": null}}}',
            "page.md:2: the value at /paths/~1a/get is not an object",
        ),
        (
            '{"openapi": "3.0.0", "components": {"schemas": 1}}',
            "page.md:2: the value at /components/schemas is not an object",
        ),
        ('{"openapi": "3.0.0", "tags": [1]}', "page.md:2: the value at /tags is not a list of named tags"),
    ],
)
def test_a_block_that_cannot_be_used_is_refused_with_its_line(block: str, line: str) -> None:
    """Half a contract must not pass for a whole one, and its place is said in the page's lines."""
    assert refusal(f"# Page\n```json\n{block}\n```\n".encode()) == line


@pytest.mark.parametrize("info", ["json", "yaml", "", "http"])
def test_a_truncated_block_is_refused_whatever_its_fence_calls_it(info: str) -> None:
    """A block that begins like OpenAPI was meant as OpenAPI."""
    assert "truncated or not JSON" in refusal(f"```{info}\n{SPEC[:30]}\n```\n".encode())


@pytest.mark.parametrize("end", ["", "\n", "\n\n\ntext\n"])
@pytest.mark.parametrize("mark", ["", "> ", "  "])
def test_a_fence_that_is_never_closed_is_a_truncated_block(mark: str, end: str) -> None:
    """A page that was cut after its JSON happened to be complete is still a page that was cut."""
    line = refusal(f"{mark}```json\n{mark}{SPEC}{end}".encode())

    assert line.startswith("page.md:")
    assert "truncated" in line


# Several blocks


def test_a_block_and_its_repetition_are_one() -> None:
    """Equal values count once, however they are spaced and ordered; the first one's bytes are kept."""
    repeated = json.dumps(dict(reversed(json.loads(SPEC).items())), indent=2)

    assert read(f"{FENCED}\n```\n{repeated}\n```\n".encode()).content == SPEC.encode()


def test_blocks_of_different_operations_make_one_document() -> None:
    """GitBook publishes one block per operation, with the components that it needs."""
    shared = {"servers": [{"url": "https://a.example"}], "security": []}
    document = read(
        fenced(
            spec(
                **shared, tags=[{"name": "A"}], paths={"/a": {"post": {}}}, components={"schemas": {"E": {}}}
            ),
            spec(
                **shared,
                tags=[{"name": "B"}],
                paths={"/a": {"get": {}}, "/b": {"get": {}}, "x-p": 1},
                components={"schemas": {"E": {}, "F": {}}, "x-c": 2},
            ),
            spec(components={"schemas": {"G": {}}}),
            spec(**shared, tags=[{"name": "A"}], paths={"/a": {"post": {}}}),
        )
    )

    assert document.operations == 3
    assert document.content == parse.canonical(document.value)
    assert document.value == spec(
        **shared,
        tags=[{"name": "A"}, {"name": "B"}],
        paths={"/a": {"post": {}, "get": {}}, "/b": {"get": {}}, "x-p": 1},
        components={"schemas": {"E": {}, "F": {}, "G": {}}, "x-c": 2},
    )


def test_a_block_that_states_the_default_agrees_with_one_that_leaves_it_out() -> None:
    """Saying "no security" and saying nothing mean the same, so they do not contradict each other."""
    silent = spec(paths={"/a": {"get": {}}})
    stating = spec(security=[], servers=[{"url": "/"}], paths={"/a": {"put": {}, "parameters": []}})

    assert read(fenced(silent, stating)).operations == 2


@pytest.mark.parametrize(
    ("one", "other", "pointer"),
    [
        (
            {"paths": {"/a": {"get": {"summary": "x"}}}},
            {"paths": {"/a": {"get": {"summary": "y"}}}},
            "/paths/~1a/get/summary",
        ),
        (
            {"paths": {"/a": {"get": {"tags": [1]}}}},
            {"paths": {"/a": {"get": {"tags": [True]}}}},
            "/paths/~1a/get/tags/0",
        ),
        ({"paths": {"/a": {"get": {"tags": []}}}}, {"paths": {"/a": {"get": {}}}}, "/paths/~1a/get/tags"),
        (
            {"paths": {"/a": {"get": {"tags": [1]}}}},
            {"paths": {"/a": {"get": {"tags": [1, 2]}}}},
            "/paths/~1a/get/tags",
        ),
        (
            {"paths": {"/a": {"get": {}, "parameters": [{}]}}},
            {"paths": {"/a": {"put": {}}}},
            "/paths/~1a/parameters",
        ),
        (
            {"components": {"schemas": {"m~": {"type": "string"}}}},
            {"components": {"schemas": {"m~": {}}}},
            "/components/schemas/m~0/type",
        ),
        ({"servers": [{"url": "/1"}]}, {"servers": [{"url": "/2"}]}, "/servers/0/url"),
        (
            {"security": [{"JWT": []}], "paths": {"/a": {"get": {}}}},
            {"paths": {"/a": {"get": {}}}},
            "/paths/~1a/get/security",
        ),
        ({"openapi": "3.0.0"}, {"openapi": "3.0.3"}, "/openapi"),
        ({"info": {"title": "A"}}, {"info": {"title": "B"}}, "/info/title"),
        ({"tags": [{"name": "A"}]}, {"tags": [{"name": "A", "description": "x"}]}, "/tags/A/description"),
    ],
)
def test_blocks_that_contradict_each_other_are_refused(
    one: dict[str, Any], other: dict[str, Any], pointer: str
) -> None:
    """Which of two statements holds is for the vendor to say; we name both places."""
    line = refusal(fenced(spec(**one), spec(**other)))

    assert line == f"page.md:5: contradicts the OpenAPI block at line 1: they differ at {pointer}"


def test_each_block_says_what_credentials_its_own_operations_need() -> None:
    """A portal writes at the top of each block what its one operation needs."""
    own: dict[str, Any] = {"security": [], "responses": {}}
    blocks = [
        spec(security=[{"JWT": []}], paths={"/a": {"get": {}, "put": own}}),
        spec(paths={"/b": {"get": {}}}),
        spec(security=[{"key": []}], paths={"/c": {"get": {}, "parameters": []}}),
    ]

    united = read(fenced(*blocks)).value

    assert "security" not in united
    assert united["paths"]["/a"] == {"get": {"security": [{"JWT": []}]}, "put": own}
    assert united["paths"]["/b"]["get"] == {"security": []}
    assert united["paths"]["/c"]["get"] == {"security": [{"key": []}]}


NEEDED: list[dict[str, list[str]]] = [{"JWT": []}]


@pytest.mark.parametrize(
    ("parts", "way"),
    [
        ({"paths": {"/a": {"get": {}, "query": {}}}}, ("paths", "/a", "query")),
        ({"paths": {"/a": {"query": {}}}}, ("paths", "/a", "query")),
        (
            {"paths": {"/a": {"get": {}, "additionalOperations": {"COPY": {}}}}},
            ("paths", "/a", "additionalOperations", "COPY"),
        ),
        ({"webhooks": {"sent": {"post": {}}}}, ("webhooks", "sent", "post")),
        ({"components": {"pathItems": {"A": {"get": {}}}}}, ("components", "pathItems", "A", "get")),
        (
            {"components": {"callbacks": {"A": {"{$url}": {"post": {}}}}}},
            ("components", "callbacks", "A", "{$url}", "post"),
        ),
        (
            {"paths": {"/a": {"get": {"callbacks": {"A": {"{$url}": {"query": {}}}}}}}},
            ("paths", "/a", "get", "callbacks", "A", "{$url}", "query"),
        ),
    ],
)
def test_no_operation_of_a_block_loses_its_credentials(parts: dict[str, Any], way: tuple[str, ...]) -> None:
    """Wherever it stands; else it would become public where blocks are united."""
    paths = {"/0": {"get": {}}} | parts.get("paths", {})
    blocks = [
        spec(openapi="3.2.0", security=NEEDED, **parts | {"paths": paths}),
        spec(openapi="3.2.0", paths={"/b": {"get": {}}}),
    ]

    found = united = read(fenced(*blocks)).value
    for step in way:
        found = found[step]

    assert found["security"] == NEEDED
    assert "security" not in united


def test_a_block_of_components_is_refused_where_nobody_knows_what_its_operations_need() -> None:
    """The other blocks differ, and it leaves it to them."""
    lent = spec(components={"pathItems": {"A": {"get": {}}}})
    blocks = (
        spec(security=NEEDED, paths={"/a": {"get": {}}}),
        spec(paths={"/b": {"get": {}}}),
    )

    line = refusal(fenced(*blocks, lent))

    assert line.startswith("page.md:9: has operations in its components and does not say what `security`")
    lent["security"] = NEEDED
    read(fenced(*blocks, lent))


def test_a_yaml_block_is_written_as_json() -> None:
    """The document's file is JSON, in whatever language the page writes it."""
    document = read(b"```yaml\nopenapi: 3.0.0\npaths:\n  /a:\n    get: {}\n```\n")

    assert document.content == parse.canonical({"openapi": "3.0.0", "paths": {"/a": {"get": {}}}})


@pytest.mark.parametrize("value", ["1e999", r'"\ud800"'])
def test_a_value_that_json_cannot_carry_is_refused(value: str) -> None:
    """What could not be written again must not be found out while writing."""
    line = refusal(f'```json\n{{"openapi": "3.0.0", "x": {value}}}\n```\n'.encode())

    assert line.startswith("page.md:1: in the OpenAPI block that opens here: holds a number or a text")


paths: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(["/a", "/b", "/c"]),
    st.dictionaries(st.sampled_from(docs_page.METHODS), st.just({}), min_size=1),
    min_size=1,
)


@given(st.lists(paths, min_size=1, max_size=5))
def test_blocks_that_agree_lose_no_operation(parts: list[dict[str, Any]]) -> None:
    """However the operations are spread over blocks, each is in the document once."""
    document = read(fenced(*(spec(paths=part) for part in parts)))

    wanted = {(path, method) for part in parts for path, item in part.items() for method in item}
    assert {(p, m) for p, item in document.value["paths"].items() for m in item} == wanted
    assert document.operations == len(wanted)
