"""The viewer of the page "Try it" on documents of others, with all of its parts opened, in both schemes."""

import json
from collections.abc import Iterator

import pytest

from contract_tests.self_tests.support.browser import Browser, browsing
from contract_tests.self_tests.support.browser_installed import AXE, IS_THERE, MISSING
from contract_tests.self_tests.support.mock_process import started

if not IS_THERE:
    pytest.skip(MISSING, allow_module_level=True)

_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
}
_KIND = {
    "name": "kind",
    "in": "query",
    "deprecated": True,
    "description": "Of **which** `kind`",
    "schema": {"type": "string", "enum": ["dog", "cat"]},
}
_PET = {
    "type": "object",
    "description": "A pet",
    "externalDocs": {"url": "https://docs.example", "description": "More"},
    "required": ["name"],
    "properties": {
        "name": {
            "type": "string",
            "minLength": 1,
            "pattern": "^R",
            "example": "Rex",
            "description": "Its name",
        },
        "kind": {"type": "string", "enum": ["dog", "cat"], "default": "dog", "deprecated": True},
        "age": {"type": "number", "multipleOf": 0.5, "example": 7, "readOnly": True},
    },
}
_BODY = {"content": {"application/json": {"schema": _PET}}}
_HEADERS = {"X-Rest": {"description": "Left", "schema": {"type": "integer"}}}
DOCUMENT = {
    "info": {"title": "Pets", "version": "1", "description": "[All](https://docs.example) of `them`"},
    "servers": [{"url": "/v.1.0"}],
    "tags": [{"name": "pets", "description": "Pets", "externalDocs": {"url": "https://docs.example"}}],
    "paths": {
        "/pets/{id}": {
            "parameters": [_ID],
            "get": {
                "tags": ["pets"],
                "summary": "One",
                "description": "One **pet**",
                "deprecated": True,
                "parameters": [{**_ID, "example": 3}, _KIND],
                "responses": {"200": {"description": "It", "headers": _HEADERS, **_BODY}},
            },
            "put": {"requestBody": _BODY, "responses": {"200": {"description": "Kept", **_BODY}}},
            **{
                method: {"responses": {"204": {"description": "Done"}}, "security": [{"token": []}]}
                for method in ("delete", "patch", "head", "options")
            },
        }
    },
    "components": {
        "schemas": {"Pet": _PET},
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "A token"},
            "key": {"type": "apiKey", "in": "query", "name": "key"},
            "login": {"type": "http", "scheme": "basic"},
        },
    },
}


@pytest.fixture(scope="module", params=["3.0.3", "3.1.0"])
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("viewer")
    document = folder / "pets.json"
    document.write_text(json.dumps({"openapi": request.param, **DOCUMENT}), encoding="utf-8")
    with started("--spec", str(document)) as mock, browsing(mock.control, folder / "profile") as opened:
        yield opened


def press_all(browser: Browser, *selectors: str) -> None:
    """Press everything that one of the selectors names, and expect that there is something."""
    pressed = browser.driver.execute_script(
        "const found = [...document.querySelectorAll(arguments[0])];"
        "for (const each of found) each.click();"
        "return found.length;",
        ", ".join(selectors),
    )
    assert pressed, selectors


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_part_of_the_viewer_can_be_read(browser: Browser, scheme: str) -> None:
    """Operations, schemas, an answer, what a form lacks, credentials: axe finds nothing in any of them."""
    browser.prefer(scheme)
    browser.resize(1280)
    browser.open("console/reference?lang=en")
    browser.until("#reference .opblock")
    press_all(browser, "#reference .opblock-summary-control")
    browser.wait(lambda: len(browser.all("#reference .execute")) == 6)
    assert browser.violations(AXE) == []

    press_all(browser, "#reference .tab li:not(.active) button")
    press_all(browser, "#reference .models-control")
    press_all(browser, "#reference .model-toggle", "#reference .json-schema-2020-12-expand-deep-button")
    press_all(browser, "#reference .execute")
    browser.until("#reference .opblock-deprecated .live-responses-table")
    browser.until("#reference .validation-errors")
    assert browser.violations(AXE) == []

    press_all(browser, "#reference .btn.authorize")
    browser.until("#reference .dialog-ux .close-modal")
    assert browser.violations(AXE) == []


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_the_viewer_follows_the_scheme_of_the_reader(browser: Browser, scheme: str, is_dark: bool) -> None:
    """A white page among dark ones would dazzle. It follows while it is open, too."""
    browser.prefer("light" if is_dark else "dark")
    browser.open("console/reference?lang=en")
    browser.until("#reference .opblock")
    browser.prefer(scheme)
    browser.wait(lambda: ("dark-mode" in str(browser.one("html").get_attribute("class"))) is is_dark)
    browser.wait(lambda: not browser.driver.execute_script("return document.getAnimations().length"))

    def has(css: str, name: str) -> list[int]:
        found = browser.driver.execute_script(
            "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
            ".match(/[0-9]+/g).slice(0, 3).map(Number);",
            css,
            name,
        )
        assert isinstance(found, list)
        return found

    assert (max(has("#reference", "backgroundColor")) < 80) is is_dark
    assert (min(has("#reference .info .title", "color")) > 180) is is_dark
    assert (max(has(".opblock-put .opblock-summary-description", "color")) > 180) is is_dark
