"""Is the report for other fuzzers' viewers valid by their schema, and has each fault its code?"""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from contract_tests.checks import fault_codes
from contract_tests.checks.response_checks import CHECKS
from contract_tests.reporting import fuzzing_commons
from contract_tests.reporting.report import Report
from contract_tests.self_tests.reporting.test_report import SECRET, summary
from contract_tests.self_tests.support import folders
from scripts.lib.paths import ROOT

SCHEMA: dict[str, Any] = yaml.safe_load(
    (Path(folders.__file__).parent / "fuzzing_commons" / "report.yaml").read_text("utf-8")
)
PAGE = ROOT / "docs" / "explanation" / "faults-catalogue.md"


def faults_of(document: dict[str, Any]) -> list[str]:
    """Return the violations of their schema in a report."""
    validator = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
    return [f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in validator.iter_errors(document)]


def with_fault(code: int) -> Report:
    """Return a summary with one finding of a kind."""
    tree = summary(finding=True)
    tree["findings"][0]["fault"] = {"code": code, "name": "of some kind"}
    return tree


@pytest.mark.parametrize("code", [each.code for each in (*fault_codes.CATALOGUE, fault_codes.OWN)])
def test_the_report_is_valid_by_their_schema(code: int) -> None:
    """Every kind of fault, also those that their schema does not admit yet."""
    document = fuzzing_commons.converted(with_fault(code))

    assert faults_of(document) == []
    assert document["faults"]["totalNumber"] == 1
    [found] = document["faults"]["foundFaults"]
    assert found["operationId"] == found["endpointId"] == "GET:/clients/authorization"
    [category] = found["faultCategories"]
    assert str(code) in f"{category['code']} {category['context']}"


def test_a_run_without_findings_has_a_report_too() -> None:
    """It says which statuses of which operation were seen, and how many requests there were."""
    tree = summary()
    document = fuzzing_commons.converted(tree)

    assert faults_of(document) == []
    assert document["faults"] == {"totalNumber": 0, "foundFaults": []}
    rest = document["problemDetails"]["rest"]
    assert rest["evaluatedHttpCalls"] == tree["counts"]["cases"] > 0
    seen = {row["endpointId"]: row["httpStatus"] for row in rest["coveredHttpStatus"]}
    assert 401 in seen["GET:/clients/authorization"]
    assert set(rest["endpointIds"]) == set(seen) == {"GET:/clients/authorization", "POST:/test-api-keys"}


def test_the_schema_refuses_what_is_wrong() -> None:
    """Else the tests above would prove nothing."""
    document = fuzzing_commons.converted(summary(finding=True))
    document["faults"]["foundFaults"][0]["faultCategories"] = [{"code": 555}]

    assert any("foundFaults/0/faultCategories" in each for each in faults_of(document))


def test_the_file_lies_beside_the_summary_and_shows_no_secret(tmp_path: Path) -> None:
    """Under a name of its own for each shard."""
    path = fuzzing_commons.beside(tmp_path / "contract-1-of-2.json")
    fuzzing_commons.write(summary(finding=True), path)

    assert path.name == "fuzzing-commons-1-of-2.json"
    assert SECRET not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("promise", "message", "code"),
    [
        ("status-fits-the-request", "500 that nobody asked for", 100),
        ("body-fits-the-schema", "body of 200 breaks its schema: x", 101),
        (
            "status-fits-the-request",
            "200 for a request that breaks the document or its rules; expected 400",
            102,
        ),
        ("status-fits-the-request", "404 for a request that fits the document; expected 200", 900),
        ("status-is-documented", "200 where the document has no such operation; 404 was expected", 210),
        ("status-is-documented", "399 where the document has no such operation; 404 was expected", 210),
        ("status-is-documented", "400 where the document has no such operation; 404 was expected", 101),
        ("status-is-documented", "500 where the document has no such operation; 404 was expected", 100),
        ("status-is-documented", "200 is not documented; documented are 404", 101),
        ("status-fits-the-request", "300 for a request that breaks the document; expected 400", 900),
        ("status-fits-the-request", "501 that nobody asked for", 900),
        ("errors-hide-their-cause", "an error shows a stack trace", 209),
        ("daily-limit", "two keys", 900),
    ],
)
def test_a_finding_has_the_code_of_its_kind(promise: str, message: str, code: int) -> None:
    """What no kind of the catalogue fits is a rule of the API, which is 900."""
    assert fault_codes.of(promise, message).code == code


def test_each_kind_is_tried_or_it_is_said_why_not() -> None:
    """The page has a row for each kind, and each check it names is there."""
    rows = [line.split("|")[1:-1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    described = {cells[0].strip(): cells[1:] for cells in rows}

    assert {str(each.code) for each in fault_codes.CATALOGUE} <= set(described)
    assert all(all(cell.strip() for cell in cells) for cells in described.values())


def test_every_check_of_the_machinery_has_a_kind() -> None:
    """Each is in the table, decided by its message, or named here as one that the catalogue does not have."""
    by_message = {"status-fits-the-request"}
    not_in_it = {
        "nobody-learns-what-belongs-to-another",
        "secrets-stay-out-of-shared-caches",
        "answers-in-time",
    }
    names = {check.__name__.replace("_", "-") for check in CHECKS}

    assert names == (names & set(fault_codes.OF_CHECKS)) | by_message | not_in_it
