"""Is what was written there afterwards, and is what was deleted gone?

A target that answers 200 for what it never had keeps no state (a mock): for it nothing of this is asked.
"""

import json
from typing import Any

import pytest

from contract_tests.any_api.thing import IDS, READING, Thing, object_sent
from contract_tests.checks.document import Operation
from contract_tests.principles.lists import PAGES, items_of
from contract_tests.principles.members import alike, object_of, plain_name
from contract_tests.session.api import Api
from contract_tests.session.attempts import unknown_value
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import CannotAsk, Samples
from contract_tests.session.subject import chosen
from contract_tests.target.exchange import Received

CONTRACT = chosen().contract
OPERATIONS = CONTRACT.operations


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_what_was_created_is_there(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """A creation that was confirmed can be read, and two things stay apart."""
    one = Thing(reading, api, samples, resources, 0)
    other = Thing(reading, api, samples, resources, 1)
    api.expect(
        one.values != other.values,
        "things-stay-apart",
        "two creations gave one thing",
        reading.label,
    )
    for thing in (one, other):
        answer = thing.read()
        api.expect(
            200 <= answer.status < 300,
            "state-is-kept",
            f"{answer.status} for what was just created",
            reading.label,
        )
        told = object_of(thing.created) or thing.sent
        # What was only accepted (202) goes on by itself.
        kept = told if thing.created.status != 202 else {n: told[n] for n in told if n in thing.sent}
        _alike(api, reading, kept, answer)
    _listed(api, samples, reading, one)


def _listed(api: Api, samples: Samples, reading: Operation, thing: Thing) -> None:
    listing = CONTRACT.find_operation("GET", thing.creating.path)
    if listing is None or any(
        p.get("in") == "query" and plain_name(p["name"]) in PAGES for p in listing.parameters
    ):
        return
    try:
        answer = api.send("GET", samples.path(listing, thing.values), **samples.options(listing))
    except CannotAsk:
        return
    items = items_of(answer)
    if 200 <= answer.status < 300 and items is not None and len(items) < 10:
        identity = json.dumps(thing.values[reading.path_names[-1]]).strip('"')
        api.expect(
            any(identity in map(str, item.values()) for item in items),
            "state-is-kept",
            "what was just created is not in the list",
            listing.label,
        )


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_what_was_changed_stays_changed(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """A change that was confirmed can be read."""
    changing = [
        found
        for method in ("PUT", "PATCH")
        if (found := CONTRACT.find_operation(method, reading.path)) is not None
    ]
    if not changing:
        pytest.skip("nothing of it can be changed")
    for operation in changing:
        thing = Thing(reading, api, samples, resources, 0)
        other = Thing(reading, api, samples, resources, 1)
        before = other.read()
        options = samples.options(operation, 2)
        answer = thing.do(operation, options)
        if not 200 <= answer.status < 300 or answer.status == 202:
            continue
        now = thing.read()
        api.expect(200 <= now.status < 300, "state-is-kept", f"{now.status} after a change", reading.label)
        sent, told = object_sent(options), object_of(answer)
        _alike(api, reading, {n: told.get(n, v) if told else v for n, v in sent.items()}, now)
        _alike(api, reading, object_of(before), other.read(), "another thing changed as well")


_DELETABLE = [
    each for each in OPERATIONS if each.method == "DELETE" and CONTRACT.find_operation("GET", each.path)
]


# What a mock answers for what was deleted, so that an answer is documented.
_GONE = (404, 410, 403, 409)


@pytest.mark.parametrize("deleting", _DELETABLE, ids=[each.label for each in _DELETABLE])
def test_a_mock_remembers_what_was_deleted(
    deleting: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """A mock with a control API keeps no state but this."""
    api.calls.begin()
    if api.target.control_url is None:
        pytest.skip("the target is no mock")
    reading = CONTRACT.find_operation("GET", deleting.path)
    assert reading is not None
    if not any(reading.response(status) for status in _GONE):
        pytest.skip(f"unproven: no documented status of {reading.label} could say that it is gone")
    values = {
        **resources.values(deleting),
        **{
            name: found
            for name in deleting.path_names[-1:]
            if (found := unknown_value(deleting, name, api, samples, 0)) is not None
        },
    }
    before = api.send("GET", samples.path(reading, values), **samples.options(reading))
    answer = api.send("DELETE", samples.path(deleting, values), **samples.options(deleting))
    now = api.send("GET", samples.path(reading, values), **samples.options(reading))
    if not (200 <= before.status < 300 and 200 <= answer.status < 300):
        pytest.skip(f"unproven: {deleting.label} answered {answer.status}")
    api.expect(
        not (200 <= now.status < 300 and now.body == before.body),
        "deleted-is-gone",
        f"{now.status} and the same body after {answer.status} of {deleting.label}",
        reading.label,
    )


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_what_was_deleted_is_gone(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """A deletion that was confirmed deletes that thing and no other."""
    deleting = CONTRACT.find_operation("DELETE", reading.path)
    if deleting is None:
        pytest.skip("nothing of it can be deleted")
    thing = Thing(reading, api, samples, resources, 0)
    other = Thing(reading, api, samples, resources, 1)
    before = thing.read()
    answer = thing.do(deleting, samples.options(deleting))
    if not 200 <= answer.status < 300 or answer.status == 202:
        pytest.skip(f"unproven: {deleting.label} answered {answer.status}")
    now = thing.read()
    # What is only marked as deleted, which another answer shows, is left to the API.
    api.expect(
        not (200 <= now.status < 300 and now.body == before.body),
        "deleted-is-gone",
        f"{now.status} and the same body after {answer.status} of {deleting.label}",
        reading.label,
    )
    left = other.read()
    api.expect(
        200 <= left.status < 300, "things-stay-apart", f"{left.status} for another thing", reading.label
    )


def _alike(api: Api, reading: Operation, told: dict[str, Any], answer: Received, what: str = "") -> None:
    for name in alike(told, answer):
        api.expect(False, "state-is-kept", what or f"`{name}` is not what was written", reading.label)
