"""One request and what came of it, as plain values."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contract_tests.target import shell

_DEEPEST = 100
# What a client adds by itself, and what says nothing about a request.
_OF_THE_CLIENT = {
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "user-agent",
    "transfer-encoding",
}
_OF_THE_CLIENT |= {"x-schemathesis-testcaseid"}
_SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization", "x-api-key"}
# Shorter texts may stand anywhere by chance.
SHORTEST_SECRET = 12
# Shorter values are what a fuzzer made up.
_SHORTEST_SHOWN_SECRET = 16


@dataclass(frozen=True)
class Sent:
    """A request as it went over the wire.

    Attributes:
        path: the path below the base address, such as "/things/17".
        headers: names in lower case.
        secret_parameters: names of query parameters whose values are not to be shown, with the variable of a
            shell that stands for each in printed commands.
        operation: the label of the documented operation that is meant; "" for none.
        armed_status: the status that a fault was armed for, whatever is asked; None for none.
    """

    method: str
    url: str = field(repr=False)
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    secret_parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    operation: str = ""
    armed_status: int | None = None

    @property
    def label(self) -> str:
        """The operation that is meant, such as "GET /things/{id}"; method and path where none is."""
        return self.operation or f"{self.method} {self.path}"

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's parameters, decoded, in order."""
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True, errors="replace")

    @property
    def preferred_status(self) -> int | None:
        """The status that a fault was armed for, or that `Prefer: code=…` (RFC 7240) asks for."""
        if self.armed_status is not None:
            return self.armed_status
        for preference in self.headers.get("prefer", "").split(","):
            name, _, value = preference.strip().partition("=")
            if name.lower() == "code" and value.strip('"').isdigit():
                return int(value.strip('"'))
        return None

    def json_object(self) -> dict[str, Any]:
        """Return the body if it is a JSON object, read strictly; else an empty one."""
        try:
            body = strict_json(self.body)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def curl(self) -> str:
        """Return a shell command that sends the same request, with keys replaced by a variable."""
        parts = ["curl", "--head"] if self.method == "HEAD" else ["curl", "-i", "-X", self.method]
        for name, value in self.headers.items():
            if name in _SECRET_HEADERS or name in self.secret_parameters:
                variable = self.secret_parameters.get(name, "$" + name.replace("-", "_").upper())
                parts += ["-H", f'"{name}: {variable}"']
            elif name not in _OF_THE_CLIENT:
                parts += ["-H", shlex.quote(f"{name}: {value[:300]}")]
        piped = remark = ""
        if self.body:
            if "content-type" not in self.headers:
                parts += ["-H", "content-type:"]
            option, word, remark = shell.body(self.body)
            piped = f"{word} | " if option == shell.PIPED else ""
            parts += option if piped else [*option, word]
        address, mark, query = self.url.partition("?")
        for name, variable in self.secret_parameters.items():
            if any(key == name and len(value) >= _SHORTEST_SHOWN_SECRET for key, value in self.query):
                return piped + " ".join([*parts, f'"{address}?{name}={variable}"']) + remark
        return piped + " ".join([*parts, shlex.quote(f"{address}{mark}{query}")]) + remark


@dataclass(frozen=True)
class Received:
    """An answer that arrived whole. Header names are in lower case, repeated ones joined by a comma."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    http_version: str = field(default="HTTP/1.1", repr=False, compare=False)

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty if there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def shows(self, secret: str) -> bool:
        """Tell whether a text stands anywhere in the body or the headers."""
        return secret.encode() in self.body or any(secret in value for value in self.headers.values())

    def json(self) -> Any:
        """Return the body as JSON, read strictly (RFC 8259): no NaN, no key twice.

        Raises:
            ValueError: it is not that.
        """
        return strict_json(self.body)


@dataclass(frozen=True)
class Exchange:
    """A request with its answer, or with the reason why none arrived whole.

    Attributes:
        asked_at: what the target's clock said, if the suite set it or could read it.
        seconds: from sending to the last byte.
        secrets: keys and tokens that the target gave before.
        shown: what the answer shows of other clients, and of this one where it is an error; without values.
    """

    sent: Sent
    received: Received | None
    failure: str | None = None
    asked_at: datetime | None = None
    seconds: float = 0.0
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    shown: tuple[str, ...] = ()


def strict_json(content: bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: not UTF-8, not JSON, NaN or Infinity, a key twice in one object, nested too deep.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            raise ValueError("a key stands twice in one object")
        return result

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return value
    # Newer Pythons read what the validator then cannot walk through.
    raise ValueError("nested too deep")
