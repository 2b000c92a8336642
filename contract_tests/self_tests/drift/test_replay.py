"""Does a payload pass the old mock and not the new one, and does the client do with it what is said?"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift import replay
from contract_tests.self_tests.drift.samples.edits import CASES
from scripts.lib.paths import ROOT

EFFECTIVE = ROOT / "openapi" / "effective.json"
BY_NAME = {case.name: case for case in CASES}

Replayed = Callable[[str], dict[str, Any]]


@pytest.fixture
def replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Replayed:
    """Return the first payload that an edit of the catalogue leaves, tried out."""

    def run(name: str) -> dict[str, Any]:
        path = tmp_path / "revision.json"
        path.write_text(json.dumps(BY_NAME[name].applied(json.loads(EFFECTIVE.read_text()))))
        assert replay.main([str(EFFECTIVE), str(path), "--format", "json"]) == 1
        report = json.loads(capsys.readouterr().out)
        payload: dict[str, Any] = next(one["payload"] for one in report["findings"] if one["payload"])
        return payload

    return run


@pytest.mark.parametrize(
    "name", ["phone-pattern-narrowed", "phone-max-length-lowered", "new-required-field-in-the-request"]
)
def test_what_an_old_client_sends_is_taken_by_the_old_mock_and_refused_by_the_new(
    name: str, replayed: Replayed
) -> None:
    """The proof of a narrower request, over the mock's own way of answering."""
    outcome = replayed(name)["replay"]

    old, new = outcome["mock"].split("; ")
    assert old.startswith("as the base: accepts it (")
    assert new.startswith("as the revision: refuses it (400)")
    assert "TestApiKeyRequest.from_dict keeps it" in outcome["client"]


def test_a_parameter_is_replayed_as_a_parameter(replayed: Replayed) -> None:
    """The JWT call has no body."""
    outcome = replayed("api-key-parameter-shortened")["replay"]

    assert "as the base: accepts it (200); as the revision: refuses it" in outcome["mock"]
    assert "client" not in outcome


@pytest.mark.parametrize(
    ("name", "client"),
    [
        ("new-status-of-a-key", "keeps it"),
        ("expiry-may-be-missing", "raises BodyMismatchError"),
        ("expiry-may-be-null", "raises BodyMismatchError"),
        ("errors-become-objects", "raises BodyMismatchError"),
        ("new-field-in-a-closed-answer", "keeps it"),
    ],
)
def test_what_a_new_server_answers_is_shown_on_the_client(name: str, client: str, replayed: Replayed) -> None:
    """Raises, loses or keeps: what it means for whoever uses the package of today."""
    outcome = replayed(name)["replay"]

    assert outcome["client"].endswith(client)
    assert outcome["mock"] == "as the base: refuses it; as the revision: accepts it"


def test_a_document_that_the_mock_cannot_serve_is_said_so(replayed: Replayed) -> None:
    """Not every document is one for it; the finding stays."""
    document = {"openapi": "2.0", "paths": {}}
    report: dict[str, Any] = {
        "findings": [{"payload": {"where": "POST /x request a/b", "value": 1, "replay": {}}}]
    }

    replay.replayed(report, document, document)

    assert "cannot be tried" in report["findings"][0]["payload"]["replay"]["mock"]
