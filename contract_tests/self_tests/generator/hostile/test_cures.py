"""Does every refusal of a document say what to do about it, and does that help?"""

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
    plain, _ = normalize.told(document, strict=False)
    try:
        return preflight.examine(plain)
    except Refusal as refusal:
        return [refusal]


def refused() -> list[tuple[Case, dict[str, Any]]]:
    """Return the hostile documents that can be read and are refused."""
    found = []
    for case in [*cases(), *fields.cases()]:
        try:
            document = parse(case.write("/nowhere/canary"), case.name)
        except Refusal:
            continue  # unreadable: the place is a line, and the cure is in the reason
        if case.name not in CURED | dict.fromkeys(OTHER_VERSIONS, "") and isinstance(document, dict):
            found.append((case, document))
    return [(case, document) for case, document in found if refusals(document)]


REFUSED = refused()


@pytest.mark.parametrize(("case", "document"), REFUSED, ids=[case.name for case, _ in REFUSED])
def test_the_cures_lead_to_a_document_that_is_taken(
    case: Case, document: dict[str, Any], tmp_path: Path
) -> None:
    """Whoever follows them, one after the other, gets a client of all the rest."""
    for _ in range(MOST):
        found = refusals(document)
        if not found:
            return
        assert all(refusal.place.startswith("#/") and refusal.reason for refusal in found), found
        cure = cures.cures([found[0].place])[0]
        written = tmp_path / "cure.yaml"
        written.write_text(HEAD + cure + "\n", encoding="utf-8")
        document = overlay.corrected(document, written, case.name)
    raise AssertionError([str(refusal) for refusal in refusals(document)])


def test_the_corpus_has_most_refusals() -> None:
    """The promise above is worth as much as what it is tried on."""
    assert len(REFUSED) > 90


@pytest.mark.parametrize(
    ("place", "cure"),
    [
        ("#/paths/~1a~1{b}/get", "- {target: \"$['paths']['/a/{b}']['get']\", remove: true}"),
        (
            "#/paths/~1a/get/parameters/0/schema/type",
            "- {target: \"$['paths']['/a']['get']['parameters'][0]\", remove: true}",
        ),
        (
            "#/components/schemas/A/properties/parameters/properties/x",
            "- {target: \"$['components']['schemas']['A']['properties']['parameters']['properties']['x']\","
            " remove: true}",
        ),
        ("GET /a", '--allow-missing "GET /a"'),
        ("document.yaml:7:1", None),
        ("#/openapi", None),
    ],
)
def test_a_cure_goes_by_the_place(place: str, cure: str | None) -> None:
    """A part that makes sense only as a whole goes as a whole."""
    assert cures.cures([place]) == ([] if cure is None else [cure])


def test_cures_are_told_below_the_errors(capsys: pytest.CaptureFixture[str]) -> None:
    """Once for each place, and not without end."""

    def verb() -> int:
        raise Refusals([Refusal("#/paths/~1a", why) for why in ("one", "two")])

    assert run(verb) == 2

    told = capsys.readouterr().err.splitlines()
    assert told == [
        "error: #/paths/~1a: one",
        "error: #/paths/~1a: two",
        "cure: correct it by an overlay, or take it away by an action or an option:",
        "cure: - {target: \"$['paths']['/a']\", remove: true}",
    ]
