"""How a documented status may come about for an API of which only the document is known."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from contract_tests.checks.document import Operation
from contract_tests.checks.operations import is_json
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import CannotAsk, Options, Samples
from contract_tests.target.exchange import Received

Ask = Callable[[], Received | None]
_VARIANTS = 4
_JSON = {"Content-Type": "application/json"}
_WRONG = "wrong-credential"


def attempts(
    operation: Operation, status: int, api: Api, samples: Samples, resources: Resources
) -> Iterator[Ask]:
    """Yield requests that may bring a status about, the likeliest first."""
    maker = _Attempts(operation, api, samples, resources)
    if 200 <= status < 400:
        yield from maker.good(status)
    elif status in (400, 422):
        yield from maker.bad()
    elif status in (401, 403):
        yield from maker.without_credentials()
    elif status in (404, 410):
        yield from maker.missing()
    elif status == 409:
        yield from maker.twice()
    elif status == 412:
        yield maker.of_another_version
    elif status in (406, 415, 413):
        yield from maker.envelope(status)
    if status in (404, 409, 422):
        yield from maker.bad()
    yield maker.preferring(status)


def unknown_value(operation: Operation, name: str, api: Api, samples: Samples, variant: int) -> str | None:
    """Return a value of a path parameter that most likely nothing has."""
    parameter = next((p for p in operation.parameters if p["name"] == name), None)
    schema = parameter.get("schema") if parameter else None
    chance = random.Random(f"{variant} {len(api.calls.text())} {api.observations.cases}")
    digits = chance.randrange(10**8, 10**9)
    likely: list[Any] = [
        f"00000000-0000-4000-8000-000{digits}",
        digits,
        digits % 10**6,
        f"nobody-{digits}",
        "zz",
    ]
    fitting = [each for each in likely if not api.contract.complaints(schema, each, "request")]
    if variant < len(fitting):
        return str(fitting[variant])
    try:
        return str(samples.value(schema, variant + 100))
    except CannotAsk:
        return None


class _Attempts:
    def __init__(self, operation: Operation, api: Api, samples: Samples, resources: Resources) -> None:
        self._operation, self._api, self._samples, self._resources = operation, api, samples, resources

    def _send(self, values: dict[str, str], options: Options, variant: int = 0) -> Received | None:
        try:
            path = self._samples.path(self._operation, values, variant)
        except CannotAsk:
            return None
        return self._api.send(self._operation.method, path, **options)

    def _fitting(self, variant: int = 0, *, fresh: bool = False, optional: bool = False) -> Received | None:
        try:
            options = self._samples.options(self._operation, variant, optional=optional)
        except CannotAsk:
            return None
        fresh = fresh or self._operation.method == "DELETE"
        values = self._resources.values(self._operation, fresh=fresh, variant=variant)
        return self._send(values, options, variant)

    def good(self, status: int) -> Iterator[Ask]:
        """Send what fits: examples first, with what exists in the path."""
        for variant in range(_VARIANTS):
            yield lambda variant=variant: self._fitting(variant)  # type: ignore[misc]
        yield lambda: self._fitting(optional=True)
        if self._operation.method == "GET":
            yield self._written_first
        if status == 304:
            yield self._unchanged

    def _written_first(self) -> Received | None:
        """Read what is only there once it was written."""
        writing = self._api.contract.find_operation("PUT", self._operation.path)
        if writing is None:
            return None
        values = self._resources.values(writing)
        self._resources.ask(writing, values)
        return self._send(values, self._plain())

    def _unchanged(self) -> Received | None:
        first = self._fitting()
        tag = first.headers.get("etag") if first else None
        date = first.headers.get("last-modified") if first else None
        if tag is None and date is None:
            return None
        headers = {"If-None-Match": tag} if tag else {"If-Modified-Since": date}
        return self._send(self._resources.values(self._operation), {"headers": headers})

    def of_another_version(self) -> Received | None:
        """Ask for a change of a version that the thing never had (RFC 9110, section 13.1.1)."""
        plain = self._plain()
        headers = {**plain.get("headers", {}), "If-Match": '"no-such-version"'}
        return self._send(self._resources.values(self._operation), {**plain, "headers": headers})

    def bad(self) -> Iterator[Ask]:
        """Send what the schema forbids, to what exists."""
        for options in self._broken():
            yield lambda options=options: self._send(  # type: ignore[misc]
                self._resources.values(self._operation), options
            )
        for name in self._operation.path_names:
            yield lambda name=name: self._send(  # type: ignore[misc]
                {**self._resources.values(self._operation), name: "~"}, self._plain()
            )

    def _plain(self) -> Options:
        try:
            return self._samples.options(self._operation)
        except CannotAsk:
            return {}

    def _broken(self) -> Iterator[Options]:
        plain = self._plain()
        media_type = self._samples.media_type(self._operation)
        if media_type is not None and is_json(media_type):
            kept = {name: value for name, value in plain.items() if name not in ("content", "headers")}
            headers = {**plain.get("headers", {}), "Content-Type": media_type}
            for content in _broken_bodies(json.loads(plain.get("content", b"null"))):
                yield {**kept, "headers": headers, "content": content}
        elif media_type is not None:
            yield {name: value for name, value in plain.items() if name in ("params", "headers")}
        for parameter in self._operation.parameters:
            name, place = parameter["name"], parameter.get("in")
            if place == "query":
                others = [pair for pair in plain.get("params", []) if pair[0] != name]
                if parameter.get("required") is True:
                    yield {**plain, "params": others}
                for value in ("~", "-1", "99999999999", "x" * 300):
                    yield {**plain, "params": [*others, (name, value)]}
            elif place == "header" and parameter.get("required") is True:
                headers = {n: v for n, v in plain.get("headers", {}).items() if n != name}
                yield {**plain, "headers": headers}

    def without_credentials(self) -> Iterator[Ask]:
        """Send no credentials, then wrong ones."""
        plain = self._plain()
        yield lambda: self._send(self._resources.values(self._operation), {**plain, "credentials": False})
        headers = {**plain.get("headers", {}), "Authorization": f"Bearer {_WRONG}", "X-API-Key": _WRONG}
        yield lambda: self._send(
            self._resources.values(self._operation), {**plain, "credentials": False, "headers": headers}
        )

    def missing(self) -> Iterator[Ask]:
        """Ask for what does not exist: values of the right kind that nobody has, and what was deleted."""
        names = self._operation.path_names
        for variant in range(3):
            made = {
                name: value
                for name in names
                if (value := unknown_value(self._operation, name, self._api, self._samples, variant))
                is not None
            }
            for kept in (False, True):
                yield (
                    lambda made=made, kept=kept: self._send(  # type: ignore[misc]
                        {
                            **(self._resources.values(self._operation) if kept else {}),
                            **dict([*made.items()][-1:] if kept else made),
                        },
                        self._plain(),
                    )
                )
        yield self._deleted

    def _deleted(self) -> Received | None:
        path = self._operation.path
        delete = self._api.contract.find_operation("DELETE", path)
        if delete is None:
            return None
        values = self._resources.values(delete, fresh=True)
        try:
            self._api.send("DELETE", self._samples.path(delete, values), **self._samples.options(delete))
        except CannotAsk:
            return None
        return self._send(values, self._plain())

    def twice(self) -> Iterator[Ask]:
        """Send the same twice."""

        def ask() -> Received | None:
            values = self._resources.values(self._operation, fresh=True)
            self._send(values, self._plain())
            return self._send(values, self._plain())

        yield ask

    def envelope(self, status: int) -> Iterator[Ask]:
        """Send what HTTP itself lets a server refuse: a media type, what is accepted, a size."""
        plain = self._plain()
        headers = dict(plain.get("headers", {}))
        if status == 406:
            headers["Accept"] = "application/x-nothing"
            plain = {**plain, "headers": headers}
        else:
            content = b"x" if status == 415 else b'"' + b"x" * 3_000_000 + b'"'
            headers["Content-Type"] = "application/x-nothing" if status == 415 else "application/json"
            plain = {"params": plain.get("params", []), "headers": headers, "content": content}
        yield lambda: self._send(self._resources.values(self._operation), plain)

    def preferring(self, status: int) -> Ask:
        """Ask for the status by `Prefer` (RFC 7240)."""
        plain = self._plain()
        headers = {**plain.get("headers", {}), "Prefer": f"code={status}"}
        return lambda: self._send({}, {**plain, "headers": headers})


def _broken_bodies(value: Any) -> Iterator[bytes]:
    """Yield bodies that most schemas forbid, from one that fits."""
    if isinstance(value, dict):
        for name in value:
            yield json.dumps({key: each for key, each in value.items() if key != name}).encode()
        for name in value:
            for wrong in ({"wrong": ["type"]}, None, -1, "", "~", "x" * 5000):
                yield json.dumps({**copy.copy(value), name: wrong}).encode()
        yield json.dumps({**value, "unknown-property": 1}).encode()
    yield b"{}"
    yield b"[]"
    yield b'"text"'
    yield b'{"cut'
