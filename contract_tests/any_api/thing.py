"""One thing that the target was asked to create, and how to read it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.checks.document import Operation
from contract_tests.checks.operations import is_json
from contract_tests.principles.makers import makers
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import chosen
from contract_tests.target.exchange import Received

CONTRACT = chosen().contract


def _creating(reading: Operation) -> Operation | None:
    """Return the operation that creates what another one reads."""
    return next((each for each in makers(CONTRACT, reading.path) if each.method == "POST"), None)


def _single() -> Iterator[Operation]:
    """Yield the operations that read one thing of a collection in which things are created."""
    for operation in CONTRACT.operations:
        last = operation.path.rpartition("/")[2]
        if operation.method == "GET" and last.startswith("{") and _creating(operation):
            yield operation


READING = list(_single())
IDS = [each.label for each in READING]


class Thing:
    """One thing that was created, and how to read it."""

    def __init__(
        self, reading: Operation, api: Api, samples: Samples, resources: Resources, variant: int
    ) -> None:
        self.api, self.samples, self.reading = api, samples, reading
        creating = _creating(reading)
        assert creating is not None
        self.creating = creating
        name = reading.path_names[-1]
        above = resources.values(creating)
        self.options = samples.options(creating, variant)
        self.created = api.send("POST", samples.path(creating, above), **self.options)
        if not 200 <= self.created.status < 300:
            pytest.skip(f"unproven: {creating.label} answered {self.created.status}, nothing was created")
        value = resources.identity(creating, self.created, reading.path, name)
        if value is None:
            pytest.skip(f"unproven: the answer of {creating.label} does not say where the new thing is")
        self.values = {**above, name: value}
        self.sent = object_sent(self.options)

    def read(self) -> Received:
        """Read it."""
        options = self.samples.options(self.reading)
        return self.api.send("GET", self.samples.path(self.reading, self.values), **options)

    def do(self, operation: Operation, options: dict[str, Any]) -> Received:
        """Ask an operation about it."""
        return self.api.send(operation.method, self.samples.path(operation, self.values), **options)


def object_sent(options: dict[str, Any]) -> dict[str, Any]:
    """Return the members of the JSON body of a request; none where there is no object."""
    headers = {name.lower(): value for name, value in options.get("headers", {}).items()}
    if not is_json(headers.get("content-type", "")):
        return {}
    value = json.loads(options.get("content", b"null"))
    return value if isinstance(value, dict) else {}
