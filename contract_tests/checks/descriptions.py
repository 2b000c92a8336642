"""Say what a check holds and where it is written, by the name that a finding carries."""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path

from contract_tests.checks import response_checks
from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.response_checks import CHECKS
from scripts.lib.paths import ROOT

_RFC = re.compile(r"RFC \d+(?:, section [\d.]+\d)?")
_WHOLE = "Every request gets a whole answer (RFC 9112, section 8)."


@dataclass(frozen=True)
class Description:
    """A check in words.

    Attributes:
        statement: what holds, in a sentence; "" if nobody has put it in words.
        written: where: files with places in them, lines of the vendor's pages, RFCs.
    """

    statement: str
    written: tuple[str, ...]


def describe(name: str, operation: Operation | None, contract: Contract, intent: str = "") -> Description:
    """Return the description of a check or rule, by its name.

    Args:
        operation: what the finding is about, if the document knows it.
        contract: with the rules and checks that are known of its API.
        intent: what the test says that noticed, for checks that only tests have.
    """
    knowledge = contract.knowledge
    document = () if operation is None else (f"{shown_path(contract.file)}#{pointer(operation)}",)
    if rule := knowledge.rules.get(name):
        file = shown_path(knowledge.rules_file) if knowledge.rules_file else "rules"
        return Description(rule["statement"], (f"{file} [{name}]", *rule["source"]))
    check = next((c for c in (*CHECKS, *knowledge.checks) if c.__name__.replace("_", "-") == name), None)
    if check is not None or name == "answers-whole":
        said = " ".join((inspect.getdoc(check) or "").split()) if check else _WHOLE
        code = check.__code__.co_filename if check else response_checks.__file__
        return Description(said, (*_RFC.findall(said), *document, f"{shown_path(Path(code))} {name}"))
    if name.startswith("schemathesis: "):
        return Description(f"The document holds, by schemathesis' check {name[14:]!r}.", document)
    said = " ".join(intent.split())
    return Description(said, (*_RFC.findall(said), *document))


def shown_path(file: Path) -> str:
    """Return a path below the root of the repository, or the name alone of a file elsewhere."""
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name


def pointer(operation: Operation) -> str:
    """Return the place of an operation in the document, as a JSON pointer (RFC 6901)."""
    path = operation.path.replace("~", "~0").replace("/", "~1")
    return f"/paths/{path}/{operation.method.lower()}"
