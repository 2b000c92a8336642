"""The contract that a target is held against: a document, and what is known of its API beyond it."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from contract_tests.checks.json_schema import plain
from contract_tests.checks.knowledge import Knowledge
from contract_tests.checks.operations import Document, Operation
from scripts.lib.paths import EFFECTIVE

__all__ = ["EFFECTIVE", "Contract", "Operation", "plain"]


@dataclass(frozen=True)
class Contract(Document):
    """A document with the knowledge of its API.

    Attributes:
        knowledge: what is known beyond the document; empty for an API of which nothing else is known.
        file: where the document was read.
    """

    knowledge: Knowledge = field(default_factory=Knowledge, repr=False)
    file: Path = EFFECTIVE

    @cached_property
    def text(self) -> str:
        """The document as one text of JSON."""
        return json.dumps(self.document, ensure_ascii=False)

    @classmethod
    def read(cls, path: Path = EFFECTIVE, knowledge: Knowledge | None = None) -> "Contract":
        """Return the contract of an OpenAPI 3.0 document in a JSON file."""
        return cls(json.loads(path.read_bytes()), knowledge or Knowledge(), path)
