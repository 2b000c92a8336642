"""Does a thing belong to the one under which it was created, and to no other?

`/rooms/red/bookings/7` is no booking of `/rooms/blue`: it is neither read there nor listed.
"""

import json
import re

import pytest

from contract_tests.any_api.thing import READING, Thing
from contract_tests.checks.document import Operation
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import chosen

CONTRACT = chosen().contract


def _nameless(path: str) -> str:
    """Return a path without the names of its parameters, which differ between operations of one thing."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _is_below_a_thing(reading: Operation) -> bool:
    """Return whether the last parent is created and read by itself; a language or a version is none."""
    before, _, _ = reading.path.rpartition("/")
    parent = before[: before.rfind("}") + 1]
    return any(_nameless(each.path) == _nameless(parent) for each in READING)


BELOW = [each for each in READING if _is_below_a_thing(each)]


def another(reading: Operation, thing: Thing, samples: Samples) -> dict[str, str] | None:
    """Return the values of a path with another last parent, if one can be made."""
    name = reading.path_names[-2]
    for parameter in reading.parameters:
        for variant in range(4) if parameter["name"] == name else ():
            value = samples.parameter(parameter, variant)
            if isinstance(value, str | int) and str(value) != str(thing.values.get(name)):
                return {**thing.values, name: str(value)}
    return None


@pytest.mark.parametrize("reading", BELOW, ids=[each.label for each in BELOW])
def test_a_thing_is_only_with_its_own_parent(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """Whoever sees the things of another parent sees those of another client."""
    thing = Thing(reading, api, samples, resources, 0)
    elsewhere = another(reading, thing, samples)
    if elsewhere is None:
        pytest.skip("unproven: no other parent is known")
    answer = api.send("GET", samples.path(reading, elsewhere), **samples.options(reading))
    api.expect(
        not 200 <= answer.status < 300,
        "things-stay-apart",
        f"{answer.status} for a thing under a parent that it was not created under",
        reading.label,
    )
    listing = CONTRACT.find_operation("GET", reading.path.rpartition("/")[0])
    identity = str(thing.values[reading.path_names[-1]])
    # Short ones stand in many lists by chance.
    if listing is None or len(identity) < 6:
        return
    answer = api.send("GET", samples.path(listing, elsewhere), **samples.options(listing))
    try:
        listed = json.dumps(answer.json()) if 200 <= answer.status < 300 and answer.body else ""
    except ValueError:
        return
    api.expect(
        identity not in listed,
        "things-stay-apart",
        "the list of another parent holds a thing that was not created under it",
        listing.label,
    )
