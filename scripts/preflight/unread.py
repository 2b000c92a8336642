"""What a document has and a client has no use for: notes, so that nobody believes that it is there."""

from collections.abc import Iterable, Iterator

from scripts.document.operations import mapping, operations
from scripts.document.tree import Tree, escape
from scripts.generator import collisions
from scripts.generator.tables import environments, own_servers, schemes
from scripts.lib.errors import Refusal
from scripts.lib.word_set import words
from scripts.preflight import models, paths

# The fields that OpenAPI 3.0 and 3.1 have for each kind of object; what else stands there is a slip.
_FIELDS = {
    "document": words(
        "openapi info jsonSchemaDialect servers paths webhooks components security tags externalDocs"
    ),
    "path item": words(
        "$ref summary description servers parameters get put post delete options head patch trace"
    ),
    "operation": words(
        "tags summary description externalDocs operationId parameters requestBody responses callbacks "
        "deprecated security servers"
    ),
    "parameter": words(
        "name in description required deprecated allowEmptyValue style explode allowReserved schema example "
        "examples content"
    ),
    "request body": words("description content required"),
    "response": words("description headers content links summary"),
    "media type": words("schema example examples encoding"),
}


def notes(tree: Tree) -> Iterator[Refusal]:
    """All of them, in the order of the document's parts."""
    for rule in _RULES:
        yield from rule(tree)


def servers(tree: Tree) -> Iterable[Refusal]:
    """Servers of which none is a whole address: who calls has to give one."""
    listed = tree.document.get("servers")
    if listed and not environments(tree.document):
        yield Refusal(
            "#/servers", "no whole http or https address is among them; Client() has to be given one"
        )
    for number, server in enumerate(listed if isinstance(listed, list) else ()):
        for name, variable in mapping(server, "variables").items() if isinstance(server, dict) else ():
            default = variable.get("default") if isinstance(variable, dict) else None
            yield Refusal(
                f"#/servers/{number}/variables/{escape(name)}",
                f"the client has {default!r} in its place; another address is given as Client(base_url)",
            )


def security(tree: Tree) -> Iterable[Refusal]:
    """Schemes that are asked for and that the document does not declare, or no client of ours can serve."""
    known = schemes(tree.document)
    declared = mapping(mapping(tree.document, "components"), "securitySchemes")
    asked = [("#/security", tree.document.get("security"))]
    asked += [
        (f"{operation.node.pointer}/security", operation.node.value.get("security"))
        for operation in tree.operations
    ]
    told: set[str] = set()
    for pointer, needs in asked:
        for need in needs if isinstance(needs, list) else ():
            for name in need if isinstance(need, dict) else ():
                if name in known or name in told:
                    continue
                told.add(name)
                why = "which the client cannot serve" if name in declared else "which the document lacks"
                yield Refusal(pointer, f"needs the scheme {name!r}, {why}; the client sends nothing for it")


def calls_back(tree: Tree) -> Iterable[Refusal]:
    """Note calls that a service makes; a client answers none."""
    if tree.document.get("webhooks"):
        yield Refusal("#/webhooks", "are calls that the service makes; the client has nothing for them")
    for operation in tree.operations:
        if operation.node.value.get("callbacks"):
            yield Refusal(
                f"{operation.node.pointer}/callbacks",
                "are calls that the service makes; the client has nothing for them",
            )


def unknown_fields(tree: Tree) -> Iterable[Refusal]:
    """Note a field that OpenAPI does not have, which may be one that it has in another spelling."""
    for node in tree.nodes:
        known = _FIELDS.get(node.kind)
        if known is None or "$ref" in node.value:
            continue
        for name in node.value:
            if name not in known and not name.startswith("x-"):
                yield Refusal(
                    f"{node.pointer}/{escape(name)}",
                    f"OpenAPI has no such field here ({node.kind}); not read",
                )


def empty(tree: Tree) -> Iterable[Refusal]:
    """Note a document without operations."""
    if not tree.operations:
        yield Refusal("#/paths", "there are no operations; the client has no methods")


def elsewhere(tree: Tree) -> Iterable[Refusal]:
    """Name the hosts that an operation of its own server takes credentials to."""
    told: set[str] = set()
    for found in operations(tree.document):
        own = () if found.servers_at in told else own_servers(tree.document, found)
        if own:
            told.add(found.servers_at)
            places = ", ".join(server.address for server in own)
            yield Refusal(
                found.servers_at,
                f"requests go to {places}, with credentials, if the client has an address of the document;"
                " a client with another base_url sends them there",
            )


def arguments(tree: Tree) -> Iterable[Refusal]:
    """Parameters and properties whose names meet others in Python."""
    for node, label, python in collisions.told_parameters(tree):
        name, place = node.value["name"], node.value.get("in")
        yield Refusal(
            node.pointer, f"the parameter {name!r} in {place} of {label} is the argument {python!r}"
        )
    for node, name, python in collisions.told_properties(tree):
        yield Refusal(node.pointer, f"the property {name!r} is the attribute {python!r}")


_RULES = (
    *(servers, security, calls_back, unknown_fields, empty, elsewhere, arguments),
    *(paths.alike_paths, models.starred_names),
)
