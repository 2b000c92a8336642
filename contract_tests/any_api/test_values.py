"""Is a value that the document allows taken, where another one is?

A refusal of one request alone may be a rule that no schema says. Where a request is taken and the same with
one member at a bound is refused as bad, the bound is another one than the document says.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.checks.document import Operation
from contract_tests.checks.operations import is_json
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import chosen

CONTRACT = chosen().contract
OPERATIONS = CONTRACT.operations
_WRITING = [each for each in OPERATIONS if each.body is not None and each.method in ("POST", "PUT", "PATCH")]
_READING = [each for each in OPERATIONS if each.query and each.method == "GET"]
_REFUSED = (400, 422)
_LONGEST = 5000


def bounds(schema: Any) -> Iterator[Any]:
    """Yield the values at the bounds of a schema, each kind of which a server has to take."""
    schema = CONTRACT.resolve(schema)
    kind = schema.get("type")
    found: list[Any] = list(schema.get("enum") or ())[:12]
    if kind in ("integer", "number") and not found:
        found += [
            schema[name] for name in ("minimum", "maximum") if isinstance(schema.get(name), int | float)
        ]
        found += [each + step for each in found for step in (1, -1)]
    elif kind == "string" and not found and not {"pattern", "format"} & schema.keys():
        lengths = [schema[name] for name in ("minLength", "maxLength") if isinstance(schema.get(name), int)]
        found += ["a" * length for length in lengths if 0 < length <= _LONGEST]
    elif kind == "boolean":
        found += [True, False]
    yield from (each for each in found if not CONTRACT.complaints(schema, each, "request"))


@pytest.mark.parametrize("operation", _WRITING, ids=[each.label for each in _WRITING])
def test_a_member_at_a_bound_is_taken(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """Off by one is the commonest mistake about bounds."""
    api.calls.begin()
    options = samples.options(operation)
    path = samples.path(operation, resources.values(operation))
    media_type = samples.media_type(operation)
    body = json.loads(options.get("content", b"null")) if media_type and is_json(media_type) else None
    if not isinstance(body, dict) or not 200 <= api.send(operation.method, path, **options).status < 300:
        pytest.skip("unproven: no request of it was taken")
    for name, schema in _members(operation.body).items():
        for value in bounds(schema):
            changed = {**body, name: value}
            if CONTRACT.complaints(operation.body, changed, "request"):
                continue
            api.calls.begin()
            answer = api.send(operation.method, path, **{**options, "content": json.dumps(changed).encode()})
            api.expect(
                answer.status not in _REFUSED,
                "fitting-value-is-taken",
                f"{answer.status} for a value of `{name}` that the document allows",
                operation.label,
            )


def _members(schema: Any, depth: int = 0) -> dict[str, Any]:
    resolved = CONTRACT.resolve(schema)
    found = dict(resolved.get("properties") or {})
    for each in (resolved.get("allOf") or ()) if depth < 5 else ():
        found |= _members(each, depth + 1)
    return {n: s for n, s in found.items() if CONTRACT.resolve(s).get("readOnly") is not True}


@pytest.mark.parametrize("operation", _READING, ids=[each.label for each in _READING])
def test_a_parameter_at_a_bound_is_taken(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """The largest page that a document allows is a page."""
    api.calls.begin()
    options = samples.options(operation)
    path = samples.path(operation, resources.values(operation))
    if not 200 <= api.send("GET", path, **options).status < 300:
        pytest.skip("unproven: no request of it was taken")
    for name, parameter in operation.query.items():
        for value in bounds(parameter.get("schema")):
            text = value if isinstance(value, str) else json.dumps(value)
            params = [*(p for p in options.get("params", []) if p[0] != name), (name, text)]
            api.calls.begin()
            answer = api.send("GET", path, **{**options, "params": params})
            api.expect(
                answer.status not in _REFUSED,
                "fitting-value-is-taken",
                f"{answer.status} for a value of `{name}` that the document allows",
                operation.label,
            )
