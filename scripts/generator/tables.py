"""What the document says that the generator's templates do not see: servers, security, environments.

Read from the document once, and written as the module `_table` of the package.
"""

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from scripts.document.media_types import kind
from scripts.document.operations import Operation, mapping, operations, resolved
from scripts.lib.errors import Refusal
from scripts.runtime.redaction import looks_secret

# Ten years; a token that outlives its client needs no lifetime.
_LONGEST_LIFE = 10 * 366 * 24 * 3600
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
# A name of letters, digits and hyphens (RFC 1123), or an IPv6 address; others are written as xn--...
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?)+|[0-9a-f:.]*:[0-9a-f:.]+")
_WHOLE = re.compile(r"https?:", re.IGNORECASE)
_PLACE = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/\[\]-]|%[0-9A-Fa-f]{2})+")


@dataclass(frozen=True)
class Environment:
    """A server of the document: the name of its environment as a Python name, and its address."""

    name: str
    address: str


def environments(document: Mapping[str, Any]) -> list[Environment]:
    """Return the servers that have a whole address, named by `x-environment` or by a short description.

    The first one without a name is called "default"; further ones have the empty name. Several servers may
    belong to one environment.

    Raises:
        Refusal: an address holds more than a place.
    """
    found: list[Environment] = []
    for server, address in _addresses(document.get("servers") or (), "#/servers", relative=False):
        name = environment_name(server.get("x-environment", server.get("description")))
        if not name and "default" not in {one.name for one in found}:
            name = "default"
        found.append(Environment(name, address.rstrip("/")))
    return found


def own_servers(document: Mapping[str, Any], found: Operation) -> list[Environment]:
    """Return the servers that an operation has in place of the document's; empty where it has none.

    A name is that of one of the document's environments, else empty. Of several of one name the first holds.
    An address may be relative; it is resolved against that of the client.

    Raises:
        Refusal: an address holds more than a place.
    """
    known = {one.name for one in environments(document)} - {""}
    servers: dict[str, Environment] = {}
    for server, address in _addresses(found.servers, found.servers_at, relative=True):
        name = environment_name(server.get("x-environment", server.get("description")))
        name = name if name in known else ""
        servers.setdefault(name, Environment(name, address.rstrip("/") or "/"))
    return list(servers.values())


def _addresses(
    servers: Iterable[Any], pointer: str, *, relative: bool
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield servers with their addresses; whoever calls knows more where a variable has no value."""
    for number, server in enumerate(servers):
        if not isinstance(server, Mapping) or not isinstance(server.get("url"), str):
            continue
        address = _address(server)
        whole = _WHOLE.match(address)
        if not (whole or relative) or re.search(r"\{[A-Za-z0-9_.-]+\}", address):
            continue
        if reason := _address_fault(address if whole else f"https://here.example/{address.lstrip('/')}"):
            raise Refusal(f"{pointer}/{number}", reason)
        yield server, address


def _address_fault(address: str) -> str | None:
    """Why a client cannot append a path to an address, or None if it can (RFC 3986)."""
    if "{" in address or "}" in address:
        return "its url has a brace for which no variable has a value"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "its url is no address"
    if parts.query or parts.fragment or parts.username is not None or "?" in address or "#" in address:
        return "the address of a server must not hold a user, a query or a fragment"
    if not _HOST.fullmatch(parts.hostname or "") or not _PLACE.fullmatch(address) or port == 0:
        return "its url is no address of plain letters, digits and what else may stand there (RFC 3986)"
    if any(segment in (".", "..") for segment in unquote(parts.path).split("/")):
        return "its url holds a segment '.' or '..'"
    return None


def environment_name(given: object) -> str:
    """Return the name of an environment as a Python name; "" for what is no name but a sentence."""
    if not isinstance(given, str):
        return ""
    name = re.sub(r"[^a-z0-9]+", "_", given.strip().lower()).strip("_")
    if not _NAME.fullmatch(name) or name.count("_") > 2:
        return ""
    return f"{name}_" if keyword.iskeyword(name) or name in ("property", "classmethod") else name


def _address(server: Mapping[str, Any]) -> str:
    address = str(server["url"])
    for name, variable in mapping(server, "variables").items():
        if isinstance(variable, Mapping):
            address = address.replace(f"{{{name}}}", str(variable.get("default", "")))
    # One without a scheme has that of the page which it stands on (RFC 3986, section 4.2).
    return f"https:{address}" if address.startswith("//") else address


def schemes(document: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Every security scheme that a client can serve, by name: where it goes, its name there, its form."""
    found: dict[str, tuple[str, str, str]] = {}
    declared = mapping(mapping(document, "components"), "securitySchemes")
    for name, reference in declared.items():
        scheme = resolved(document, reference)
        if not isinstance(scheme, Mapping):
            continue
        kind = scheme.get("type")
        if kind == "apiKey" and scheme.get("in") in ("header", "query", "cookie"):
            found[name] = (str(scheme["in"]), str(scheme.get("name", "")), "raw")
        elif kind == "http" and str(scheme.get("scheme", "")).lower() == "basic":
            found[name] = ("header", "Authorization", "basic")
        elif kind in ("oauth2", "openIdConnect") or str(scheme.get("scheme", "")).lower() == "bearer":
            found[name] = ("header", "Authorization", "bearer")
    return found


def security(document: Mapping[str, Any], found: Operation) -> list[tuple[str, ...]]:
    """Return the alternatives of an operation's security, each the schemes that it needs together.

    A scheme that the document does not declare, or that no client can serve, stays among them: the call is
    then made without it, and the error of a 401 says what was missing.
    """
    declared = found.value.get("security", document.get("security"))
    mark = found.value.get("x-autoAuth")
    if mark is not None and "security" not in found.value:
        # A portal's own word for it: whether its page adds the credentials to a call by itself.
        known = list(schemes(document))
        named = [mark] if isinstance(mark, str) and mark in known else known
        declared = declared or [{name: []} for name in named] if mark else []
    needs: list[tuple[str, ...]] = []
    for need in declared if isinstance(declared, list) else ():
        names = tuple(map(str, need)) if isinstance(need, Mapping) else ()
        if names not in needs:
            needs.append(names)
    return [] if needs == [()] else needs


def token_source(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the scheme whose credential an operation of the document gives, as its x-token-... marks say.

    `names` gives the Python name of an operationId.

    Raises:
        Refusal: the marks are incomplete, or name what is not there.
    """
    declared = mapping(mapping(document, "components"), "securitySchemes")
    for name, reference in declared.items():
        scheme = resolved(document, reference)
        if not isinstance(scheme, Mapping) or "x-token-operation" not in scheme:
            continue
        place = f"/components/securitySchemes/{name}"
        wanted = ("x-token-operation", "x-token-parameter", "x-token-field")
        values = [scheme.get(key) for key in wanted]
        if not all(isinstance(value, str) and value for value in values):
            raise Refusal(place, f"needs all of {', '.join(wanted)}")
        operation, parameter, field = (str(value) for value in values)
        if operation not in names:
            raise Refusal(place, f"x-token-operation: no operation is called {operation}")
        found = next(one for one in operations(document) if one.value.get("operationId") == operation)
        if not any(p.get("in") == "query" and p.get("name") == parameter for p in found.parameters):
            raise Refusal(place, f"x-token-parameter: {operation} has no query parameter {parameter}")
        lifetime = scheme.get("x-token-lifetime", 3600)
        number = isinstance(lifetime, (int, float)) and not isinstance(lifetime, bool)
        if not number or not 0 < lifetime <= _LONGEST_LIFE:
            raise Refusal(place, f"x-token-lifetime must be a number of seconds, at most {_LONGEST_LIFE}")
        return {
            "scheme": name,
            "operation": names[operation],
            "parameter": parameter,
            "field": field,
            "lifetime": lifetime,
        }
    return None


def wire_path(path: str) -> str:
    """Return a key of `paths` with all encoded that cannot stand in an address as it is (RFC 3986).

    What follows `#` stays, to tell operations of one path apart; a client does not send it.
    """
    path = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)
    return quote(path, safe="/{}?#%._~!$&'()*+,;=:@-")


def wire_method(found: Operation) -> str:
    """Return the method of an operation as it is sent; OpenAPI 3.2 has others than the generator knows."""
    other = found.value.get("x-http-method")
    is_other = isinstance(other, str) and other.isascii() and other.isalpha() and "#" in found.path
    return str(other) if is_other else found.method.upper()


_JOINTS = {"spaceDelimited": "space", "pipeDelimited": "pipe", "deepObject": "deep"}


def styles(found: Operation) -> dict[str, str]:
    """How query parameters are written that are not written as repeated names."""
    result: dict[str, str] = {}
    for parameter in found.parameters:
        if parameter.get("in") != "query" or parameter.get("name") in result:
            continue
        joint = _joint(parameter)
        if parameter.get("allowReserved") is True:
            joint += " reserved"
        if joint:
            result[str(parameter["name"])] = joint
    return result


def _joint(written: Mapping[str, Any]) -> str:
    """Return what divides the values of a parameter or of a field of a form; "" for a repeated name."""
    style = written.get("style", "form")
    if style == "form":
        return "comma" if written.get("explode") is False else ""
    joint = _JOINTS.get(str(style), "")
    return joint if joint == "deep" or written.get("explode", False) is not True else ""


def encoding(media_type: str, media: Mapping[str, Any]) -> dict[str, str]:
    """How the fields of a form are written that are not written as usual; of multipart, their media types."""
    result: dict[str, str] = {}
    for name, one in mapping(media, "encoding").items():
        if not isinstance(one, Mapping):
            continue
        wanted = str(one.get("contentType", ""))
        if kind(media_type) == "multipart":
            # Of several, or a range such as image/*, the caller's file says which.
            if wanted and "," not in wanted and "*" not in wanted:
                result[str(name)] = wanted
        elif kind(wanted) == "json" and wanted:
            result[str(name)] = "json"
        elif joint := _joint(one):
            result[str(name)] = joint
    return result


def secrets(document: Mapping[str, Any], found: Operation) -> list[str]:
    """Return the names of an operation's parameters that hold what nobody should read."""
    return sorted(
        {
            str(parameter["name"])
            for parameter in found.parameters
            if "name" in parameter
            and (
                looks_secret(str(parameter["name"]))
                or mapping({"s": resolved(document, parameter.get("schema"))}, "s").get("format")
                == "password"
            )
        }
    )


def password_names(document: Any) -> frozenset[str]:
    """Return the names of all properties of `format: password`, wherever in the document they stand."""
    found: set[str] = set()
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            for name, schema in mapping(value, "properties").items():
                if isinstance(schema, Mapping) and schema.get("format") == "password":
                    found.add(name)
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return frozenset(found)


def names_by_id(document: Mapping[str, Any], names: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Return the Python names of operations by their operationId, from those by method and path."""
    return {
        str(found.value["operationId"]): names[found.method, found.path]
        for found in operations(document)
        if "operationId" in found.value
    }


def write(
    document: Mapping[str, Any],
    package: str,
    version: str,
    names: Mapping[tuple[str, str], str],
    accepts: Mapping[str, str],
) -> str:
    """Return the source of the module `_table`.

    `names` gives the Python name of each operation by method and path, `accepts` its Accept header by that
    name. Every text of the document is written by `repr`, so that it is text and nothing else.

    Raises:
        Refusal: see the functions above.
    """
    known = schemes(document)
    source = token_source(document, names_by_id(document, names))
    lines = [
        '"""What the document says about its operations as a whole: servers, security, environments."""',
        "",
        "from ._runtime.operations import Operation, Scheme, Server, Table, TokenSource",
        "",
        "TABLE = Table(",
        f"    package={package!r},",
        f"    prefix={prefix(package)!r},",
        f"    version={_token(version)!r},",
        "    servers=(",
        *(f"        Server({one.name!r}, {one.address!r})," for one in environments(document)),
        "    ),",
        "    schemes={",
        *(f"        {name!r}: Scheme({', '.join(map(repr, parts))})," for name, parts in known.items()),
        "    },",
        f"    token={'None' if source is None else _keywords('TokenSource', source)},",
        "    operations=(",
    ]
    for found in operations(document):
        name = names[found.method, found.path]
        facts = {
            "security": tuple(security(document, found)),
            "environments": tuple(_environments(document, found)),
            "secrets": tuple(secrets(document, found)),
            "styles": styles(found),
            "accept": accepts.get(name, "*/*"),
        }
        given = "".join(f", {key}={value!r}" for key, value in facts.items() if value)
        if own := own_servers(document, found):
            given += f", servers=({' '.join(f'Server({one.name!r}, {one.address!r}),' for one in own)})"
        lines.append(
            f"        Operation({name!r}, {wire_method(found)!r}, {wire_path(found.path)!r}{given}),"
        )
    return "\n".join([*lines, "    ),", ")", ""])


def _keywords(name: str, values: Mapping[str, Any]) -> str:
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in values.items())})"


def _environments(document: Mapping[str, Any], found: Operation) -> list[str]:
    marks = found.value.get("x-environments")
    known = {one.name for one in environments(document)}
    if marks is None:
        return _marked(found.value.get("x-environment"), known)
    names = [environment_name(mark) for mark in marks] if isinstance(marks, list) else []
    if not names or not known.issuperset(names):
        servers = ", ".join(sorted(known)) or "no"
        raise Refusal(found.label, f"x-environments must list some of the servers: {servers}")
    return names


# Words for the two kinds of environments that portals mark operations with.
_KINDS = (
    frozenset(("sandbox", "stage", "staging", "test", "testing", "dev", "development", "uat", "demo", "stg")),
    frozenset(("production", "prod", "live", "prd")),
)


def _marked(mark: object, known: set[str]) -> list[str]:
    """Return the environments that a mark leaves: `x-environment: {allowed: [STAGE], forbidden: [PROD]}`.

    A mark that names no server of the document, or all of them, leaves an operation to all.
    """
    allowed = mark.get("allowed") if isinstance(mark, Mapping) else mark
    forbidden = mark.get("forbidden") if isinstance(mark, Mapping) else None
    wanted, unwanted = _meant(allowed, known), _meant(forbidden, known)
    left = (wanted or known) - unwanted
    return sorted(left) if left and left != known else []


def _meant(names: object, known: set[str]) -> set[str]:
    listed = names if isinstance(names, list) else [names]
    words = {environment_name(one) for one in listed} - {""}
    kinds = [kind for kind in _KINDS if kind & words]
    return {one for one in known if one in words or any(one in kind for kind in kinds)}


def _token(version: str) -> str:
    """Return a version as it can stand in a User-Agent (RFC 9110, section 5.6.2)."""
    return re.sub(r"[^A-Za-z0-9.+_-]+", "-", version)[:40].strip("-") or "0"


def prefix(package: str) -> str:
    """Return the beginning of the package's environment variables: `novapost_client` reads `NOVAPOST_...`."""
    return re.sub(r"_?(client|api|sdk)$", "", package).upper() + "_"
