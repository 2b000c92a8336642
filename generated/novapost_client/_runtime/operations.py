# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What the document says about operations as a whole, as plain values: the rows of `_table`."""

from collections.abc import Mapping

Requirement = tuple[str, ...]


class Server:
    """An address of the service, and the name of the environment that it belongs to ("" for none)."""

    __slots__ = ("address", "environment")

    def __init__(self, environment: str, address: str) -> None:
        self.environment = environment
        self.address = address


class Scheme:
    """How a credential is sent.

    `place` is "header", "query" or "cookie", `name` the name there; `form` is "raw" for the credential as
    it is, "bearer" or "basic" for the schemes of RFC 6750 and RFC 7617.
    """

    __slots__ = ("form", "name", "place")

    def __init__(self, place: str, name: str, form: str = "raw") -> None:
        self.place = place
        self.name = name
        self.form = form


class TokenSource:
    """Which operation gives the credential of a scheme: what it is asked with, and where the answer has it.

    `parameter` is the query parameter that takes the caller's key; `field` is the name in the JSON answer;
    `lifetime` is how many seconds a token is good for when it does not say so itself.
    """

    __slots__ = ("field", "lifetime", "operation", "parameter", "scheme")

    def __init__(
        self, *, scheme: str, operation: str, parameter: str, field: str, lifetime: float = 3600
    ) -> None:
        self.scheme = scheme
        self.operation = operation
        self.parameter = parameter
        self.field = field
        self.lifetime = lifetime


class Operation:
    """One operation of the document.

    Attributes:
        name: its operationId as a Python name.
        method: the HTTP method in capitals.
        path: the path as the document has it.
        security: alternatives, each the names of the schemes that it needs together; an empty one means
            that the operation can be called without. No alternatives: nothing is needed.
        environments: the only environments that have it; empty for all.
        secrets: names of parameters that nobody should read.
        styles: query parameters that are not written as repeated names, with "comma", "space", "pipe" or
            "deep".
        accept: the value of the Accept header.
        servers: the only addresses that have it, in place of the document's; empty for all of those. An
            address may be relative.
    """

    __slots__ = (
        "accept",
        "environments",
        "method",
        "name",
        "path",
        "secrets",
        "security",
        "servers",
        "styles",
    )

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        *,
        security: tuple[Requirement, ...] = (),
        environments: tuple[str, ...] = (),
        secrets: tuple[str, ...] = (),
        styles: Mapping[str, str] | None = None,
        accept: str = "*/*",
        servers: tuple[Server, ...] = (),
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.security = security
        self.environments = environments
        self.secrets = frozenset(secrets)
        self.styles = dict(styles or {})
        self.accept = accept
        self.servers = servers

    def __repr__(self) -> str:
        return f"<{self.name}: {self.method} {self.path}>"


class Table:
    """Everything that a client needs to know about its document besides models and signatures."""

    __slots__ = ("operations", "package", "prefix", "schemes", "servers", "token", "version")

    def __init__(
        self,
        *,
        package: str,
        prefix: str,
        version: str = "0",
        servers: tuple[Server, ...],
        schemes: Mapping[str, Scheme],
        token: TokenSource | None,
        operations: tuple[Operation, ...],
    ) -> None:
        self.package = package
        self.prefix = prefix
        self.version = version
        self.servers = servers
        self.schemes = dict(schemes)
        self.token = token
        self.operations = {operation.name: operation for operation in operations}
