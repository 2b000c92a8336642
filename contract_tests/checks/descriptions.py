"""What a promise says and where it is written, by the name under which a finding carries it."""

import inspect
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from contract_tests.checks.document import Operation
from contract_tests.checks.response_checks import PROMISES
from contract_tests.novapost.knowledge.rules import RULES

_RFC = re.compile(r"RFC \d+(?:, section [\d.]+\d)?")
_CHECKS = {promise.__name__.replace("_", "-"): inspect.getdoc(promise) or "" for promise in PROMISES} | {
    "answers-whole": "Every request gets a whole answer (RFC 9112, section 8)."
}


@dataclass(frozen=True)
class Promise:
    """A promise in words.

    Attributes:
        statement: what is promised, in a sentence; "" if nobody has put it in words.
        written: where: files with places in them, lines of the vendor's pages, RFCs.
    """

    statement: str
    written: tuple[str, ...]


@cache
def rules() -> Mapping[str, Mapping[str, Any]]:
    """openapi/rules.toml by id: statement, source, certainty, and reading where it is ours."""
    return tomllib.loads(RULES.read_text("utf-8"))


def promise(name: str, operation: Operation | None, intent: str = "") -> Promise:
    """The promise of a name.

    Args:
        operation: what the finding is about, if the document knows it.
        intent: what the test says that noticed, for promises that only tests have.
    """
    document = () if operation is None else (f"openapi/effective.json#{pointer(operation)}",)
    if rule := rules().get(name):
        return Promise(rule["statement"], (f"openapi/rules.toml [{name}]", *rule["source"]))
    if name in _CHECKS:
        said = " ".join(_CHECKS[name].split())
        return Promise(
            said, (*_RFC.findall(said), *document, f"contract_tests/checks/response_checks.py {name}")
        )
    if name.startswith("schemathesis: "):
        return Promise(f"The document holds, by schemathesis' check {name[14:]!r}.", document)
    said = " ".join(intent.split())
    return Promise(said, (*_RFC.findall(said), *document))


def pointer(operation: Operation) -> str:
    """Where the document describes an operation, as a JSON pointer (RFC 6901)."""
    path = operation.path.replace("~", "~0").replace("/", "~1")
    return f"/paths/{path}/{operation.method.lower()}"
