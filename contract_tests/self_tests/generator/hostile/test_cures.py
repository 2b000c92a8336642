"""Does every refusal of a document say what to do about it, and does that help?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.self_tests.generator.hostile import fields
from contract_tests.self_tests.generator.hostile.cured import CURED
from contract_tests.self_tests.generator.hostile.documents import Case, cases
from scripts import normalize, overlay, preflight
from scripts.document.parse import parse
from scripts.lib import cures
from scripts.lib.errors import Refusal, Refusals, run

# A document of another version is converted, not corrected.
OTHER_VERSIONS = {"Swagger 2.0", "a later version", "a version that is a number"}
# So many faults has none of them.
MOST = 12
HEAD = "overlay: 1.0.0\ninfo: {title: t, version: 1.0.0}\nactions:\n"


def refusals(document: dict[str, Any]) -> list[Refusal]:
    """Return what the preflight has to say of a document."""
    plain, _ = normalize.plain_with_notes(document, strict=False)
    try:
        return preflight.examine(plain)
    except Refusal as refusal:
        return [refusal]


def candidates() -> Iterator[Case]:
    """Yield the hostile documents that are refused, without reading them: each test reads its own."""
    for case in [*cases(), *fields.cases()]:
        if case.refused is not None and case.name not in CURED | dict.fromkeys(OTHER_VERSIONS, ""):
            yield case


def read(case: Case) -> dict[str, Any] | None:
    """Return a document; None where it cannot be read: its place is a line, and the cure is in the reason."""
    try:
        document = parse(case.write("/nowhere/canary"), case.name)
    except Refusal:
        return None
    return document if isinstance(document, dict) else None


@pytest.mark.parametrize("case", list(candidates()), ids=lambda case: case.name)
def test_the_cures_lead_to_a_document_that_is_taken(case: Case, tmp_path: Path) -> None:
    """Whoever follows them, one after the other, gets a client of all the rest."""
    document = read(case)
    if document is None:
        pytest.skip("it cannot be read: its refusal names a line and the cure")
    for _ in range(MOST):
        found = refusals(document)
        if not found:
            return
        assert all(refusal.place.startswith("#/") and refusal.reason for refusal in found), found
        cure = cures.cure(found[0].place).replace("overlay action ", "- ")
        written = tmp_path / "cure.yaml"
        written.write_text(HEAD + cure + "\n", encoding="utf-8")
        document = overlay.corrected(document, written, case.name)
    raise AssertionError([str(refusal) for refusal in refusals(document)])


def test_the_corpus_has_most_refusals() -> None:
    """The promise above is worth as much as what it is tried on."""
    assert sum(bool(refusals(document)) for document in map(read, candidates()) if document) > 90


@pytest.mark.parametrize(
    ("place", "cure"),
    [
        ("#/paths/~1a~1{b}/get", "overlay action {target: \"$['paths']['/a/{b}']['get']\", remove: true}"),
        (
            "#/paths/~1a/get/parameters/0/schema/type",
            "overlay action {target: \"$['paths']['/a']['get']['parameters'][0]\", remove: true}",
        ),
        (
            "#/components/schemas/A/properties/parameters/properties/x",
            "overlay action {target: \"$['components']['schemas']['A']['properties']"
            "['parameters']['properties']['x']\", remove: true}",
        ),
        ("GET /a", '--allow-missing "GET /a"'),
        ("document.yaml:7:1", ""),
        ("#/openapi", ""),
    ],
)
def test_a_cure_goes_by_the_place(place: str, cure: str) -> None:
    """A part that makes sense only as a whole goes as a whole."""
    assert cures.cure(place) == cure


def test_a_cure_stands_in_the_line_of_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    """One refusal is one line, so that logs and editors show the cure with it."""

    def verb() -> int:
        raise Refusals([Refusal("#/paths/~1a", "one"), Refusal("document.yaml:7:1", "two")])

    assert run(verb) == 2

    assert capsys.readouterr().err.splitlines() == [
        "error: #/paths/~1a: one; to leave it out: overlay action "
        "{target: \"$['paths']['/a']\", remove: true}",
        "error: document.yaml:7:1: two",
    ]
