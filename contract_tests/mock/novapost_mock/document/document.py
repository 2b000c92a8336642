"""The OpenAPI document that the mock serves: operations, what they take, what they may answer.

Everything is compiled once, when the document is read. What the mock does not understand in an operation
takes that operation out, by name and with a reason, rather than being passed over when a request comes.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from novapost_mock.document.compile import Compiler, router
from novapost_mock.document.operation import Operation
from novapost_mock.document.ruled import NO_RULES, Ruled
from novapost_mock.document.servers import base_paths
from novapost_mock.document.version_3_2 import in_words_of_3_1, with_media_types
from novapost_mock.masking import Vocabulary, vocabulary_of
from novapost_mock.responses.routes import Router
from novapost_mock.schemas.pointers import shown
from novapost_mock.schemas.violation import DocumentError


@dataclass(frozen=True)
class Document:
    """A document, read and compiled.

    Attributes:
        sha256: of its bytes, in hexadecimal.
        version: of OpenAPI, such as `3.0.0`.
        base_path: the path of its first server without a slash at the end, such as `/v.1.0`.
        operations: in the document's order.
        notes: what in it has no effect, a line each.
        vocabulary: what it says of names and values, for the journal.
        tree: its value, as it was read.
    """

    sha256: str
    version: str
    base_path: str
    operations: tuple[Operation, ...]
    notes: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary, repr=False)
    tree: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_bytes(cls, content: bytes, seed: int = 0) -> Self:
        """Read a document of OpenAPI 3.0 to 3.2 written as JSON.

        Raises:
            DocumentError: it is no such document.
        """
        try:
            tree = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise DocumentError("the document is not JSON") from error
        return cls.from_tree(tree, content, seed)

    @classmethod
    def from_tree(
        cls,
        tree: Any,
        content: bytes,
        seed: int = 0,
        progress: Callable[[int, int], None] | None = None,
        ruled: Ruled = NO_RULES,
    ) -> Self:
        """Compile a document that was read already.

        Args:
            tree: its value.
            content: its bytes.
            seed: what generated bodies are drawn from.
            progress: called after each operation with how many are compiled, and how many there are.
            ruled: the operations that rules answer.

        Raises:
            DocumentError: it is no document of OpenAPI 3.0 to 3.2, or its servers cannot be understood.
        """
        version = tree.get("openapi") if isinstance(tree, dict) else None
        if not isinstance(version, str) or not re.fullmatch(r"3\.[012](\.[0-9A-Za-z.-]{1,20})?", version):
            raise DocumentError(f"openapi: the mock reads OpenAPI 3.0 to 3.2, {_found(tree)}")
        tree = with_media_types(tree)
        if version.startswith("3.2"):
            tree = in_words_of_3_1(tree)
        compiler = Compiler(tree, _namer(ruled), ruled, seed)
        operations = compiler.operations(progress)
        first = base_paths(tree.get("servers"))[0]
        sha256 = hashlib.sha256(content).hexdigest()
        notes = tuple(compiler.notes.lines())
        vocabulary = vocabulary_of(tree, is_open=all(each.imitated != "rules" for each in operations))
        return cls(sha256, version, first, operations, notes, vocabulary, tree)

    @functools.cached_property
    def _router(self) -> Router[Operation]:
        return router(self.operations)

    def at(self, segments: tuple[str, ...]) -> Mapping[str, Operation]:
        """Return the operations at a path by method; empty where the document has no such path.

        Args:
            segments: the decoded segments of the whole path, base path included.
        """
        return self._router.at(segments)

    def without_base_path(self, segments: tuple[str, ...]) -> Mapping[str, Operation]:
        """Return the operations at a path that leaves the base path out; empty where there are none.

        Other mock servers serve a document there, so tests written for them ask there. A document with the
        sandbox's own operations is served as the sandbox is, under its base path and nowhere else.

        Args:
            segments: the decoded segments of the whole path.
        """
        if not self.may_leave_out_base_path:
            return {}
        base = tuple(self.base_path.removeprefix("/").split("/"))
        return {} if segments[: len(base)] == base else self._router.at((*base, *segments))

    @functools.cached_property
    def may_leave_out_base_path(self) -> bool:
        """Whether there is a base path, and requests without it are understood all the same."""
        return bool(self.base_path) and all(each.imitated != "rules" for each in self.operations)


def _found(tree: Any) -> str:
    """Describe a value that is no document of OpenAPI 3.0 to 3.2."""
    if tree is None:
        return "and this is empty"
    if not isinstance(tree, dict):
        return "and this is no object"
    if "swagger" in tree:
        return f"and this is Swagger {shown(tree['swagger'], 20)}; a converter makes 3.0 of it"
    return f"not {shown(tree['openapi'], 20)}" if "openapi" in tree else "and this does not say that it is"


def _namer(ruled: Ruled) -> Callable[[str, str, str], tuple[str, bool]]:
    """Return what names an operation, and tells whether rules imitate it."""
    taken = frozenset(ruled.names.values())

    def name(method: str, path: str, operation_id: str) -> tuple[str, bool]:
        given = ruled.names.get((method, path))
        if given is not None:
            return given, True
        if operation_id and operation_id not in taken:
            return operation_id, False
        words = re.findall(r"[^\W_]+", f"{method.lower()} {path}")
        return "".join([words[0], *(word[:1].upper() + word[1:] for word in words[1:])]), False

    return name
