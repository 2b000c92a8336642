"""The contract of any document: read from a file, with the recipes that lie beside it."""

import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from contract_tests.checks.document import Contract
from contract_tests.checks.json_schema import with_typed_enums
from contract_tests.session import recipe_file
from contract_tests.session.credentials import OF_THE_MOCK
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import Subject
from contract_tests.target.asked_paths import in_words_of_3_1, with_asked_paths
from contract_tests.target.own_servers import with_own_places, without_other_hosts
from contract_tests.target.targets import Target, WrongUse
from novapost_mock.schemas.violation import DocumentError
from scripts.confinement.run import Deadline
from scripts.document.identities import name_places
from scripts.document.read import read_document
from scripts.lib.errors import Refusal, Refusals

_SECONDS = 10


def subject_of(file: Path, target: str = "mock") -> Subject:
    """Return what a session about a document is about.

    Args:
        file: the document.
        target: the option that says what is asked.

    Raises:
        WrongUse: the document, or the recipes beside it, cannot be used.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="contract-document-") as folder:
            document = read_document(file, Path(folder), Deadline.after())
        name_places(document)
        document, newer = in_words_of_3_1(with_typed_enums(document))
        document, left_out = with_asked_paths(document)
        document, elsewhere = without_other_hosts(document, target)
        contract = Contract(document, file=file.resolve(), left_out=newer + left_out + elsewhere)
        if not contract.operations:
            raise WrongUse(f"{file.name}: the document has no operations")
        samples = Samples(contract)
    except (Refusal, Refusals, DocumentError, OSError) as error:
        raise WrongUse(str(error).splitlines()[0]) from error
    except RecursionError as error:
        reason = "its schemas lead from one to the next in too long a chain; shorten it"
        raise WrongUse(f"{file.name}: {reason}") from error
    recipes = file.resolve().parent / recipe_file.NAME
    if recipes.is_file():
        known = recipe_file.read(recipes, contract, samples)
        contract = replace(contract, knowledge=replace(contract.knowledge, recipes=known))
    return Subject(contract, is_ours=False)


def served(document: Path | None) -> list[str]:
    """Return the options of a mock that serves a document and takes the credential of the suite."""
    if document is None:
        return []
    pair = f"{OF_THE_MOCK}:{OF_THE_MOCK}"
    return ["--spec", str(document), "--credential", OF_THE_MOCK, "--credential", pair]


def with_base_path(target: Target, contract: Contract) -> Target:
    """Return a target that is given by its host alone with the base path of the document, if it is there.

    It also knows where operations are that have servers of their own.
    """
    if target.name == "url" and urlsplit(target.base_url).path == "/" and contract.base_path:
        below = replace(target, base_url=f"{target.base_url.rstrip('/')}{contract.base_path}/")
        target = below if _answers(below, contract) or not _answers(target, contract) else target
    templates = {operation.path: operation.template for operation in contract.operations}
    return with_own_places(target, contract.document, templates)


def _answers(target: Target, contract: Contract) -> bool:
    """Return whether one of the document's paths is known at an address."""
    paths = [o.path for o in contract.operations if o.method == "GET" and not o.path_names]
    paths = paths or [o.path for o in contract.operations if not o.path_names]
    for path in paths[:5]:
        try:
            if httpx.get(target.url(path), timeout=_SECONDS, trust_env=False).status_code != 404:
                return True
        except httpx.HTTPError:
            continue
    return False
