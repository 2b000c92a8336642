"""Keys under `paths` that say more than a path: what does the client send?"""

import importlib
import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from scripts import regenerate

ANSWER = {"responses": {"204": {"description": "Done"}}}
WORD = {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Depot", "version": "1"},
    "servers": [{"url": "https://depot.example/v1", "description": "sandbox"}],
    "paths": {
        "/labels?format=pdf": {"get": {"operationId": "pdf", "parameters": [WORD], **ANSWER}},
        "/labels": {"get": {"operationId": "labels", **ANSWER}},
        "/find?in={in}&q={q}": {
            "get": {
                "operationId": "find",
                "parameters": [WORD, {**WORD, "name": "in", "in": "path"}],
                **ANSWER,
            }
        },
        "/#Action=Add": {"post": {"operationId": "add", **ANSWER}},
        "/#Action=Drop": {"post": {"operationId": "drop", **ANSWER}},
        "/a b/mål/100%": {"get": {"operationId": "letters", **ANSWER}},
    },
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where each operation of the document is sent."""
    folder = tmp_path_factory.mktemp("package")
    (folder / "odd.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    assert regenerate.main(["--spec", str(folder / "odd.json"), "--output", str(folder / "odd_client")]) == 0
    sys.path.insert(0, str(folder))
    package = importlib.import_module("odd_client")
    seen: dict[str, str] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen[name] = str(request.url)
        return httpx.Response(204)

    client = package.Client.sandbox(httpx_args={"transport": httpx.MockTransport(answer)})
    arguments = {"pdf": {"q": "a&b"}, "find": {"in_": "x/y", "q": "a?"}}
    for name in ("pdf", "labels", "find", "add", "drop", "letters"):
        module = importlib.import_module(f"odd_client.api.default.{name}")
        module.sync(client=client, **arguments.get(name, {}))
    yield seen
    sys.path.remove(str(folder))
    for module_name in [each for each in sys.modules if each.startswith("odd_client")]:
        del sys.modules[module_name]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("pdf", "/labels?format=pdf&q=a%26b"),
        ("labels", "/labels"),
        ("find", "/find?in=x%2Fy&q=a%3F"),
        ("add", "/"),
        ("drop", "/"),
        ("letters", "/a%20b/m%C3%A5l/100%25"),
    ],
)
def test_a_call_goes_where_the_document_means_it(sent: dict[str, str], name: str, target: str) -> None:
    """A query is sent, a fragment is not, letters are encoded, and values stay within their places."""
    assert sent[name] == f"https://depot.example/v1{target}"
