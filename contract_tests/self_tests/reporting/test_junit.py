"""Is each finding one failure in junit.xml, and is a test that merely met it skipped with its name?"""

from junitparser import Failure, JUnitXml, Skipped

from contract_tests.observations.record import Observations
from contract_tests.reporting import junit, labels
from contract_tests.self_tests.reporting.test_report import summary
from contract_tests.session.plugin.progress import still
from contract_tests.target.exchange import Exchange, Received, Sent

TREE = summary(finding=True)
NAME = labels.name(TREE["findings"][0])


def case(name: str, *met: str) -> str:
    """Return a test that failed, and met some findings."""
    properties = "".join(f'<property name="finding" value="{each}"/>' for each in met)
    return (
        f'<testcase classname="novapost" name="{name}" time="0.1"><properties>{properties}</properties>'
        '<failure message="x">calls of its own</failure></testcase>'
    )


def file_of(*cases: str) -> JUnitXml:
    """Return a file of some tests."""
    return JUnitXml.fromstring(
        f'<testsuites><testsuite name="pytest" tests="{len(cases)}" failures="{len(cases)}" errors="0" '
        f'skipped="0">{"".join(cases)}</testsuite></testsuites>'
    )


def test_the_first_fails_and_the_others_are_skipped() -> None:
    """With what the report says, so that page and file show the same calls."""
    whole = file_of(case("one", NAME), case("two", NAME), case("three"))

    junit.keep_first_failures(whole, TREE)

    one, two, three = (each for suite in whole for each in suite)
    assert isinstance(one.result[0], Failure)
    assert one.result[0].message == NAME
    assert TREE["findings"][0]["reproduce"] in one.result[0].text
    assert isinstance(two.result[0], Skipped)
    assert two.result[0].message == f"met {NAME}, of which novapost::one tells"
    assert three.result[0].text == "calls of its own", "a crash stays what it was"
    assert (whole.failures, whole.skipped, whole.tests) == (2, 1, 3)


def test_a_test_of_another_operation_fails_by_itself() -> None:
    """One cause of the whole server is one finding, and yet no operation looks as if it had been fine."""
    first = TREE["findings"][0]
    other = {name: first[name] for name in ("promise", "message", "test")} | {"operation": "GET /other"}
    tree = {**TREE, "findings": [{**first, "also": [other]}]}
    whole = file_of(case("one", NAME), case("two", labels.name(other)), case("three", labels.name(other)))

    junit.keep_first_failures(whole, tree)

    assert [type(each.result[0]) for suite in whole for each in suite] == [Failure, Failure, Skipped]


def test_progress_says_how_long_it_has_waited() -> None:
    """Zero cases for minutes would tell nothing."""
    observations = Observations()
    assert still("statuses", observations, 20.4) == "statuses: no answer yet after 20 s"

    observations.saw(Exchange(Sent("GET", "http://127.0.0.1/", "/", {}, b""), Received(404, {}, b"")))

    assert still("statuses", observations, 1) == "statuses: 1 case so far"
    assert still("statuses", observations, 12) == "statuses: 1 case so far, none for 12 s"
