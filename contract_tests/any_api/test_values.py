"""Is a value that the document allows taken, where another one is?

A refusal of one request alone may be a rule that no schema says. Where a request is taken and the same with
one member at a bound is refused as bad, the bound is another one than the document says.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest

from contract_tests.checks.document import Operation
from contract_tests.checks.operations import is_json
from contract_tests.principles.members import members_of, object_of
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import Options, Samples
from contract_tests.session.subject import chosen

CONTRACT = chosen().contract
OPERATIONS = CONTRACT.operations
_WRITING = [each for each in OPERATIONS if each.body is not None and each.method in ("POST", "PUT", "PATCH")]
_READING = [each for each in OPERATIONS if each.query and each.method == "GET"]
_REFUSED = (400, 422)
_LONGEST = 5000
_MOST = 12


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


def _is_bound(schema: Any, value: Any, taken: Callable[[str], bool]) -> bool:
    """Return whether a refusal of a value is about its bound.

    A text of middle length that is refused as well tells that the text is wrong and not its length: the value
    is one that the server gives out, as a cursor is, or has a form that the document does not say.
    """
    resolved = CONTRACT.resolve(schema)
    if not isinstance(value, str) or resolved.get("enum"):
        return True
    shortest, longest = resolved.get("minLength", 0), resolved.get("maxLength", len(value) + 2)
    ordinary = "a" * ((shortest + longest) // 2)
    return len(ordinary) != len(value) and taken(ordinary)


@pytest.mark.parametrize("operation", _WRITING, ids=[each.label for each in _WRITING])
def test_a_member_at_a_bound_is_taken(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """Off by one is the commonest mistake about bounds."""
    api.calls.begin()
    options = samples.options(operation)
    path = samples.path(operation, resources.values(operation))
    body = _body(samples, operation, options)
    if not isinstance(body, dict) or not 200 <= api.send(operation.method, path, **options).status < 300:
        pytest.skip("unproven: no request of it was taken")
    for name, schema in members_of(CONTRACT, operation.body).items():
        for value in bounds(schema):
            changed = {**body, name: value}
            if CONTRACT.complaints(operation.body, changed, "request"):
                continue
            api.calls.begin()

            def status(value: Any, name: str = name) -> int:
                content = json.dumps({**body, name: value}).encode()
                return api.send(operation.method, path, **{**options, "content": content}).status

            answered = status(value)
            api.expect(
                answered not in _REFUSED
                or not _is_bound(schema, value, lambda text: status(text) not in _REFUSED),
                "fitting-value-is-taken",
                f"{answered} for a value of `{name}` that the document allows",
                operation.label,
            )


# Letters of several scripts, of two code units, right to left; what ends a text or a mark in some program.
_TEXTS = ("Grüße 𝒳😀", "שלום مرحبا", "a\u0000b", "'\"\\<&>%s{}", "\u2028\u200d\ufeff", "\n", "ẞŉ")
# Moments and addresses at the ends of what their formats allow, or just behind.
_ODD = {
    "date": ("0001-01-01", "9999-12-31", "2023-02-29", "0000-00-00"),
    "date-time": (
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2016-12-31T23:59:60Z",
        "2023-02-29T00:00:00Z",
        "2024-01-01T00:00:00.1234567890123Z",
    ),
    "uri": ("http://[", "http://a:99999/", "http://a/%zz"),
    "email": ("@", "a@[127.0.0.1]", '"a b"@example.com'),
}
_PLAIN, _ORDINARY = _TEXTS[:1], ("alpha", "omega", "Alpha Omega")


@pytest.mark.parametrize("operation", _WRITING, ids=[each.label for each in _WRITING])
def test_a_text_may_hold_any_character(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """A text is refused or taken, and what was taken is what was sent."""
    api.calls.begin()
    options = samples.options(operation)
    path = samples.path(operation, resources.values(operation))
    body = _body(samples, operation, options)
    if not isinstance(body, dict):
        pytest.skip("no body of it has a text")
    for name, schema in islice(members_of(CONTRACT, operation.body).items(), _MOST):
        resolved = CONTRACT.resolve(schema)
        for text in _ODD.get(str(resolved.get("format")), ()):
            api.calls.begin()
            content = json.dumps({**body, name: text}).encode()
            api.send(operation.method, path, **{**options, "content": content})
        if {"pattern", "format", "enum", "const"} & resolved.keys():
            continue

        def answered(text: str, name: str = name) -> Any:
            """Return the member of the answer to a text; None where there is none, or it was refused."""
            api.calls.begin()
            content = json.dumps({**body, name: text}).encode()
            answer = api.send(operation.method, path, **{**options, "content": content})
            return object_of(answer).get(name) if 200 <= answer.status < 300 else None

        # What a mock answers, whatever it was sent, is an example.
        ordinary = [text for text in _ORDINARY if _fits(operation, {**body, name: text})]
        shows_it = bool(ordinary) and all(answered(text) == text for text in ordinary)
        for text in (*_TEXTS, "a" * min(int(resolved.get("maxLength", 0)), _LONGEST)):
            if not text or not _fits(operation, {**body, name: text}):
                continue
            told = answered(text)
            api.expect(
                not (shows_it and isinstance(told, str) and _differs(text, told)),
                "text-is-kept",
                f"`{name}` of the answer is another text than was sent",
                operation.label,
            )


def _body(samples: Samples, operation: Operation, options: Options) -> Any:
    """Return the JSON value that is sent; None where something else is."""
    media_type = samples.media_type(operation)
    return json.loads(options.get("content", b"null")) if media_type and is_json(media_type) else None


def _fits(operation: Operation, body: Any) -> bool:
    return not CONTRACT.complaints(operation.body, body, "request")


def _differs(sent: str, told: str) -> bool:
    """Return whether a text lost letters; a server may hide one, or clean it of odd characters."""
    if sent in _PLAIN:
        return unicodedata.normalize("NFKC", told) != unicodedata.normalize("NFKC", sent)
    return set(sent) == {"a"} == set(told) and told != sent


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
            api.calls.begin()

            def status(value: Any, name: str = name) -> int:
                text = value if isinstance(value, str) else json.dumps(value)
                params = [*(p for p in options.get("params", []) if p[0] != name), (name, text)]
                return api.send("GET", path, **{**options, "params": params}).status

            answered = status(value)
            schema = parameter.get("schema")
            api.expect(
                answered not in _REFUSED
                or not _is_bound(schema, value, lambda text: status(text) not in _REFUSED),
                "fitting-value-is-taken",
                f"{answered} for a value of `{name}` that the document allows",
                operation.label,
            )
