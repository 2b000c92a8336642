"""Edits of the two published pages, each with its truth: the worst level, and what the report must say.

Each of them is something that writers of documentation do. A level that is not in `levels` is a wrong
judgement, a text of `mentions` that is not in the report is a finding that nobody would find.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from contract_tests.self_tests.support.folders import PAGES

UK = (PAGES / "api-key-page.uk.md").read_text()
EN = (PAGES / "api-key-page.en.txt").read_text()

SILENT = frozenset({"none", "docs"})
READ = frozenset({"behaviour"})
TOLD = frozenset({"docs", "behaviour"})
BROKEN = frozenset({"breaking"})


@dataclass(frozen=True)
class PageEdit:
    """A pair of pages and what there is to find.

    Attributes:
        name: the name of the test.
        base: the older page.
        revision: the newer one.
        levels: the worst levels that are right; "none" for no finding.
        mentions: what the report says.
        most: how many findings of level behaviour or worse there may be.
    """

    name: str
    base: str
    revision: str
    levels: frozenset[str]
    mentions: tuple[str, ...] = ()
    most: int = 3


def _changed(page: str, old: str, new: str) -> str:
    assert old in page, old
    return page.replace(old, new)


def _with_operation(page: str) -> str:
    """Return the page with a second operation, which is described in thirty rules."""
    rules = [f"A key must be cancelled within {n} days after issue number {n}." for n in range(2, 32)]
    block = json.loads(page.split("```json\n", 1)[1].split("\n```", 1)[0])
    block["paths"] = {
        "/cancel": {
            "delete": {"description": "\n".join(rules), "responses": {"204": {"description": "gone"}}}
        }
    }
    del block["components"]
    quote = " \\\n> ".join(rules)
    section = f"## Cancel a test key\n\n> {quote}\n\n```json\n{json.dumps(block)}\n```\n\n"
    return _changed(
        page, "#### Як створити ключ клієнту з України", section + "#### Як створити ключ клієнту з України"
    )


def _pretty(page: str) -> str:
    before, block = page.split("```json\n", 1)
    block, after = block.split("\n```", 1)
    return f"{before}```json\n{json.dumps(json.loads(block), indent=2, ensure_ascii=False)}\n```{after}"


def _moved(page: str) -> str:
    first, second = page.index("#### Як створити ключ клієнту з України"), page.index("#### Додаткові")
    end = page.index("\n---\n")
    return f"{page[:first]}{page[second:end]}\n{page[first:second]}{page[end:]}"


Edit = Callable[[str], str]
_LIMIT = "limited to one request per day"
_QUOTE = "> \\- UA key generation is currently not supported\\\n"
_ENUM = '"enum":["Active","Expired"]'
_VALUES = _changed(EN, "Possible values:", "Possible values: Active, Expired")
_EMAIL = '"required":["phone","email"],"properties":{"email":{"type":"string"},'


def _uk(name: str, old: str, new: str, levels: frozenset[str], *mentions: str, most: int = 3) -> PageEdit:
    return PageEdit(f"uk-{name}", UK, _changed(UK, old, new), levels, mentions, most)


def _en(name: str, old: str, new: str, levels: frozenset[str], *mentions: str, most: int = 3) -> PageEdit:
    return PageEdit(f"en-{name}", EN, _changed(EN, old, new), levels, mentions, most)


EDITS = (
    # Of the Markdown page: what changes nothing
    PageEdit("uk-line-ends", UK, UK.replace("\n", "\r\n"), frozenset({"none"}), most=0),
    _uk("blanks-that-do-not-break", "ключ ", "ключ\u00a0", frozenset({"none"}), most=0),
    _uk("bullets", "\n* ", "\n- ", SILENT, most=0),
    _uk("blanks-at-line-ends", ".\n", ".   \n", frozenset({"none"}), most=0),
    PageEdit(
        "uk-tildes", UK, UK.replace("```json", "~~~json").replace("}}}\n```", "}}}\n~~~"), SILENT, (), 0
    ),
    PageEdit("uk-pretty-block", UK, _pretty(UK), SILENT, (), 0),
    # Sentences
    _uk("limit", _LIMIT, _LIMIT.replace("one", "two"), READ, "daily-limit", most=6),
    _uk(
        "rule-in-the-quote",
        _QUOTE,
        f"{_QUOTE}> \\- Requests from outside the EU are rejected\\\n",
        READ,
        "outside the EU",
    ),
    _uk("any-words-among-rules", _QUOTE, f"{_QUOTE}> \\- Our mascot likes blue\\\n", READ, "mascot", "read"),
    _uk(
        "rule-in-a-list",
        "* дату створення",
        "* Ключі прив’язуються до адреси IP.\n* дату створення",
        READ,
        "прив’язуються",
    ),
    _uk("item-gone", "* назву\n", "", TOLD, "назву"),
    _uk(
        "row-of-a-table",
        "\n```json\n{",
        "\n| what | how many |\n|---|---|\n| keys per phone | 3 |\n\n```json\n{",
        READ,
        "keys per phone",
    ),
    # Headings
    _uk("heading-renamed", "#### Додаткові рекомендації", "#### Поради", TOLD, "Поради"),
    _uk("heading-of-another-level", "#### Додаткові", "## Додаткові", TOLD, "level 2 instead of 4"),
    _uk("heading-new", "**Спосіб 2**", "### Спосіб 2", TOLD, "Спосіб 2"),
    PageEdit("uk-section-moved", UK, _moved(UK), TOLD, ("stands elsewhere",)),
    PageEdit(
        "uk-heading-hides-no-schema",
        UK,
        _changed(
            _changed(UK, "#### Додаткові рекомендації\n", ""), _ENUM, '"enum":["Active","Expired","Blocked"]'
        ),
        BROKEN,
        ("response-enum", "Додаткові рекомендації"),
    ),
    # Other parts
    PageEdit(
        "uk-operation-added",
        UK,
        _with_operation(UK),
        frozenset({"docs", "compatible"}),
        ("DELETE /cancel", "30 of them"),
        0,
    ),
    _uk(
        "sample-added",
        "#### Додаткові",
        "```sh\ncurl -H 'X-Trace: 1'\n```\n\n#### Додаткові",
        TOLD,
        "X-Trace",
        most=0,
    ),
    _uk(
        "link-elsewhere", "(https://my.novapost.com/)", "(https://you.example/)", TOLD, "you.example", most=0
    ),
    _uk("image-replaced", "lmWHIKH9Vi5Hws9hV4yS", "XXXX", frozenset({"docs"}), "images", most=0),
    # Of the rendered page
    PageEdit("en-line-ends", EN, EN.replace("\n", "\r"), frozenset({"none"}), (), 0),
    _en("field-optional", "phonestringRequired", "phonestring", frozenset({"compatible"}), "phone", most=0),
    _en(
        "field-gone",
        "createdAtstring · date-timeRequiredExample: 2025-08-27T08:03:02.000000Z\n",
        "",
        BROKEN,
        "createdAt",
    ),
    _en("format", "expDatestring · date-time", "expDatestring · date", BROKEN, "expDate"),
    _en("type", "apiKeystring", "apiKeyinteger", BROKEN, "apiKey"),
    _en("method", "post\n/test", "put\n/test", BROKEN, "POST /test-api-keys", "PUT /test-api-keys", most=4),
    _en(
        "field-required",
        "Body\nphone",
        "Body\nemailstring · emailRequired\nphone",
        BROKEN,
        "email",
        '"where"',
    ),
    _en("status", "Responses\n200", "Responses\n201", frozenset({"breaking"}), "201"),
    _en(
        "enum-gone",
        "string · enumRequiredExample: ActivePossible values:",
        "stringRequiredExample: Active",
        frozenset({"unknown"}),
        "status",
    ),
    _en(
        "enum-marked-otherwise",
        "string · enumRequired",
        "stringRequired",
        frozenset({"docs"}),
        "marks",
        most=0,
    ),
    PageEdit(
        "en-value",
        _VALUES,
        _changed(_VALUES, "Active, Expired", "Active, Expired, Blocked"),
        BROKEN,
        ("Blocked",),
    ),
    _en("step", "  1. Affiliate", "  1. Verify your identity with BankID\n\n  1. Affiliate", TOLD, "BankID"),
    _en("example", "Example: 498213437654", "Example: 498213437655", frozenset({"docs"}), "phone", most=0),
    _en("limit", _LIMIT, _LIMIT.replace("one", "two"), READ, "daily-limit", most=6),
    # The two against each other
    PageEdit(
        "uk-and-en",
        UK,
        EN,
        frozenset({"docs"}),
        (
            "only the English page new has the step 'Affiliate an individual to the organization'",
            "only the English page new shows an example of phone",
            "only the Ukrainian page old holds an OpenAPI document",
            "the vendored document is that of",
        ),
        0,
    ),
    PageEdit(
        "en-and-uk", EN, UK, frozenset({"docs"}), ("only the English page old has the step 'Affiliate",), 0
    ),
    PageEdit(
        "uk-and-en-of-another-type", UK, _changed(EN, "apiKeystring", "apiKeyinteger"), BROKEN, ("apiKey",)
    ),
    PageEdit(
        "uk-with-a-field-and-en",
        _changed(UK, '"required":["phone"],"properties":{', _EMAIL),
        EN,
        BROKEN,
        ("email", "another version of that of"),
    ),
    PageEdit(
        "uk-and-en-of-another-limit", UK, _changed(EN, _LIMIT, "without a limit"), READ, ("daily-limit",), 6
    ),
    PageEdit(
        "en-of-another-path-and-uk",
        _changed(EN, "/test-api-keys", "/keys"),
        UK,
        TOLD | {"compatible", "breaking"},
        ("/keys",),
    ),
)
