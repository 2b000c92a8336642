"""Where the values of path parameters come from: what was created, what is listed, what links name."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

import schemathesis
from schemathesis.core import NOT_SET

from contract_tests.checks.operations import Operation
from contract_tests.principles.makers import is_part, linked, makers
from contract_tests.session.api import Api
from contract_tests.session.sample_requests import CannotAsk, Samples
from contract_tests.target.exchange import Received

if TYPE_CHECKING:
    from contract_tests.checks.document import Contract

_USUAL = ("id", "uuid", "key", "code", "number", "name", "slug", "ref", "token")
_DEEPEST = 6
# So often a thing is asked about before it is made anew: a request may have changed or deleted it.
_USES = 20
# Of so many requests one is left as it is.
_LEFT = 4


class Resources:
    """Finds things of a target that exist, by the paths of its document."""

    def __init__(self, api: Api, samples: Samples) -> None:
        self._api, self._samples = api, samples
        self._contract: Contract = api.contract
        # What is being asked, so that two operations that need each other end.
        self._asking: list[str] = []

    def values(self, operation: Operation, *, fresh: bool = False, variant: int = 0) -> dict[str, str]:
        """Return values of the path parameters of an operation that exist, as far as they can be found.

        Args:
            fresh: whether the last thing is created anew, if it can be.
        """
        values: dict[str, str] = {}
        prefix = ""
        names = operation.path_names
        for segment in operation.path.strip("/").split("/"):
            found = re.findall(r"\{([^{}]*)\}", segment)
            for name in found:
                last = name == names[-1]
                value = self._value(prefix, name, values, fresh=fresh and last, variant=variant)
                if value is not None:
                    values[name] = value
            prefix += f"/{segment}"
        return values

    def _value(
        self, collection: str, name: str, values: Mapping[str, str], *, fresh: bool, variant: int
    ) -> str | None:
        order = ("POST", "GET") if fresh else ("GET", "POST")
        for method in order:
            operation = self._contract.find_operation(method, collection)
            if operation is None:
                continue
            answer = self.ask(operation, values, variant)
            if answer is not None and 200 <= answer.status < 300:
                value = self.identity(operation, answer, f"{collection}/{{{name}}}", name)
                if value is not None:
                    return value
        return self._made_elsewhere(f"{collection}/{{{name}}}", name, variant)

    def _made_elsewhere(self, template: str, name: str, variant: int) -> str | None:
        """Return the value of a thing that is not created or listed in its own collection."""
        for maker in makers(self._contract, template):
            if maker.path == template.rpartition("/")[0] or maker.label in self._asking:
                continue
            self._asking.append(maker.label)
            try:
                answer = self.ask(maker, self.values(maker), variant)
            finally:
                self._asking.pop()
            if answer is not None and 200 <= answer.status < 300:
                value = self.identity(maker, answer, template, name)
                if value is not None:
                    return value
        return None

    def ask(self, operation: Operation, values: Mapping[str, str], variant: int = 0) -> Received | None:
        """Send a request that fits; None if none could be made."""
        try:
            path = self._samples.path(operation, values, variant)
            options = self._samples.options(operation, variant)
        except CannotAsk:
            return None
        return self._api.send(operation.method, path, **options)

    def identity(self, operation: Operation, answer: Received, template: str, name: str) -> str | None:
        """Return the value that leads to what an answer is about: by link, header or member."""
        for value in self._candidates(operation, answer, template, name):
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
                return str(value)
        return None

    def _candidates(self, operation: Operation, answer: Received, template: str, name: str) -> Iterator[Any]:
        try:
            body = answer.json() if answer.body else None
        except ValueError:
            body = None
        response = operation.response(answer.status)
        for link in response.links.values() if response else ():
            leads = linked(self._contract, link)
            if leads is not None and not is_part(leads.path, template):
                continue
            expression = (link.get("parameters") or {}).get(name) or (link.get("parameters") or {}).get(
                f"path.{name}"
            )
            if isinstance(expression, str):
                yield followed(expression, body, answer.headers)
        if location := answer.headers.get("location"):
            path = urlsplit(location).path
            pattern = re.compile(".*" + "([^/]+)".join(map(re.escape, re.split(r"\{[^{}]*\}", template))))
            if match := pattern.fullmatch(path):
                yield unquote(match.groups()[-1])
        for item in _items(body):
            yield from _members(item, name, template)


def followed(expression: str, body: Any, headers: Mapping[str, str]) -> Any:
    """Return what a runtime expression of a link names in an answer; None if there is nothing."""
    if expression.startswith("$response.header."):
        return headers.get(expression.removeprefix("$response.header.").lower())
    if not expression.startswith("$response.body"):
        return None
    node = body
    for key in expression.partition("#")[2].split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            node = node.get(key) if isinstance(node, dict) else None
    return node


def _items(body: Any) -> Iterator[dict[str, Any]]:
    """Yield what an answer may be about: itself, what it wraps, the things that it lists."""
    waiting, seen = [body], 0
    while waiting and seen < _DEEPEST:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, dict):
            yield node
            waiting += [each for each in node.values() if isinstance(each, dict | list)]
        elif isinstance(node, list):
            waiting += [each for each in node[-1:] if isinstance(each, dict)]


def _members(item: Mapping[str, Any], name: str, template: str) -> Iterator[Any]:
    """Yield the members of an object that a path parameter is most likely named after."""
    plain = {_plain(key): value for key, value in item.items()}
    wanted = [_plain(name)]
    thing = _plain(template.rpartition("/{")[0].rpartition("/")[2])
    for end in ("id", "uuid", "key", "code", "number", "name", "slug"):
        if wanted[0].endswith(end):
            wanted.append(end)
    wanted += [f"{thing.removesuffix('s')}id", *_USUAL]
    for each in dict.fromkeys(wanted):
        if each in plain:
            yield plain[each]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Existing:
    """Finds for each operation values of its path that exist, and keeps them for a while."""

    def __init__(self, api: Api, resources: Resources) -> None:
        self._api, self._resources = api, resources
        self._contract: Contract = api.contract
        self._values: dict[str, dict[str, str]] = {}
        self._calls: dict[str, list[str]] = {}
        self._uses: Counter[str] = Counter()

    def put_into(self, case: schemathesis.Case[Any]) -> list[str]:
        """Let a request be about something that exists, if its path is not what is odd about it.

        404 for what does not exist comes before all that the body and the query would show.

        Returns:
            The commands that made the thing.
        """
        operation = self._contract.find_operation(case.method.upper(), case.operation.path)
        if operation is None or not operation.path_names or (case.body is NOT_SET and not case.query):
            return []
        odd = f"{case.body!r} {case.query!r}".encode("utf-8", "backslashreplace")
        if zlib.crc32(odd) % _LEFT == 0 or not self._fits(operation, case.path_parameters or {}):
            return []
        values = self._found(operation)
        if not values:
            return []
        quoted = {name: quote(value, safe="") for name, value in values.items()}
        case.path_parameters = {**(case.path_parameters or {}), **quoted}
        return self._calls[operation.label]

    def _fits(self, operation: Operation, given: dict[str, Any]) -> bool:
        schemas = {p["name"]: p.get("schema") for p in operation.parameters if p.get("in") == "path"}
        return given.keys() == schemas.keys() and not any(
            self._contract.complaints(schema, value, "request")
            and self._contract.complaints(schema, _number(value), "request")
            for name, schema in schemas.items()
            for value in (unquote(given[name]) if isinstance(given[name], str) else given[name],)
        )

    def _found(self, operation: Operation) -> dict[str, str]:
        label = operation.label
        self._uses[label] += 1
        if self._uses[label] % _USES == 1:
            self._api.calls.begin()
            self._values[label] = self._resources.values(operation, fresh=True)
            self._calls[label] = self._api.calls.lines()
        return self._values[label]


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else value
