"""Nova Post's document with its rules: the embedded one, and any other that has the same operations."""

import functools
import importlib.resources
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from novapost_mock.document.document import Document
from novapost_mock.document.load import read_document
from novapost_mock.document.ruled import Ruled
from novapost_mock.responses.parameters import Parameter


def _suits(parameters: Sequence[Parameter], takes_json: bool) -> bool:
    return takes_json or any(each.where == "query" and each.name == "apiKey" for each in parameters)


RULED = Ruled(
    {
        ("POST", "/test-api-keys"): "createTestApiKey",
        ("GET", "/clients/authorization"): "authorizeClient",
    },
    _suits,
    {
        "createTestApiKey": {
            "apiKey": "0" * 40,
            "createdAt": "2026-01-01T10:00:00.000000Z",
            "expDate": "2027-01-01T23:59:59.000Z",
            "status": "Active",
        },
        "authorizeClient": {"jwt": "e30.e30.c2ln"},
    },
)
"""The operations of `operations.BEHAVIOURS`. The vendored document names none."""


@functools.cache
def embedded() -> Document:
    """Return the document that ships with the mock, a copy of `openapi/effective.json`."""
    content = importlib.resources.files("novapost_mock").joinpath("effective.json").read_bytes()
    return of_tree(json.loads(content), content)


def of_tree(tree: Any, content: bytes = b"", seed: int = 0) -> Document:
    """Compile a document that was read already, the sandbox's own operations with their rules.

    Args:
        tree: its value.
        content: its bytes.
        seed: what generated bodies are drawn from.

    Raises:
        DocumentError: it is no document of OpenAPI 3.0 to 3.2, or its servers cannot be understood.
    """
    return Document.from_tree(tree, content, seed, ruled=RULED)


def of_file(path: Path, seed: int = 0, progress: Callable[[int, int], None] | None = None) -> Document:
    """Read the document in a file, the sandbox's own operations with their rules. See `read_document`."""
    return read_document(path, seed, progress, RULED)
