"""Does a version of a thing (RFC 9110, section 8.8.3) name one state of it?

A change that is based on another version is refused.
"""

import pytest

from contract_tests.any_api.thing import IDS, READING, Thing
from contract_tests.checks.document import Operation
from contract_tests.principles.members import object_of
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import CannotAsk, Options, Samples
from contract_tests.session.subject import chosen

CONTRACT = chosen().contract


def _changing(reading: Operation) -> list[Operation]:
    found = [CONTRACT.find_operation(method, reading.path) for method in ("PUT", "PATCH")]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_another_state_is_another_version(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """A client that keeps an answer by its tag never sees the change, if the tag stays."""
    asked = False
    for operation in _changing(reading):
        thing = Thing(reading, api, samples, resources, 0)
        before = thing.read()
        tag = before.headers.get("etag", "")
        if not 200 <= before.status < 300 or not tag or tag.startswith("W/"):
            continue
        for variant in (1, 2):
            thing.do(operation, _options(samples, operation, variant))
            after = thing.read()
            if not 200 <= after.status < 300 or object_of(after) == object_of(before):
                continue
            asked = True
            api.expect(
                after.headers.get("etag") != tag,
                "a-version-names-one-state",
                "another body has the same strong ETag",
                reading.label,
            )
    if not asked:
        pytest.skip("unproven: no answer with an ETag was changed")


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_a_change_of_another_version_is_refused(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """Two who change the same thing at once lose one of the two changes, if nobody compares the versions."""
    operations = [each for each in _changing(reading) if 412 in each.responses]
    if not operations:
        pytest.skip("the document knows no refusal of another version (412)")
    for operation in operations:
        thing = Thing(reading, api, samples, resources, 0)
        tag = thing.read().headers.get("etag")
        if not tag:
            continue
        options = _options(samples, operation, 1)
        headers = options.get("headers", {})
        thing.do(operation, {**options, "headers": {**headers, "If-Match": tag}})
        changed = thing.read()
        if changed.headers.get("etag") == tag:
            continue
        another = _options(samples, operation, 2)
        if another == options:
            continue  # what is done already may be answered as done (RFC 9110, section 13.1.1)
        answer = thing.do(operation, {**another, "headers": {**headers, "If-Match": tag}})
        api.expect(
            not 200 <= answer.status < 300,
            "another-version-is-refused",
            f"{answer.status} for a change whose If-Match names a version from before another change",
            operation.label,
        )


def _options(samples: Samples, operation: Operation, variant: int) -> Options:
    try:
        return samples.options(operation, variant)
    except CannotAsk:
        return samples.options(operation)
