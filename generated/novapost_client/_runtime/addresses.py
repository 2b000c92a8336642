# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Where requests go: a base address that is safe to use, and paths whose values stay in their segment."""

import contextlib
import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

import httpx

from .errors import EnvironmentMismatchError, InsecureAddressError, UsageError
from .operations import Operation, Server
from .values import Encoded

_NAME = re.compile(r"\{([^{}/]+)\}")
_SCHEMES = ("http", "https")
_LAST_PORT = 65535
# RFC 1035, section 2.3.4. No public name has an underscore, and names within a company or a compose file do.
_LABEL = re.compile(r"[0-9A-Za-z_-]{1,63}")
_LONGEST_NAME = 254


def base_address(text: str, *, allow_insecure: bool, prefix: str = "", setting: str = "base_url") -> str:
    """Return the address that paths are appended to, without a slash at its end.

    `prefix` is the beginning of the environment variables, for the error that names one, and `setting` names
    what holds the address.

    Raises:
        UsageError: it is no http or https address, or holds a user, a query or a fragment.
        InsecureAddressError: it is http to another machine, and `allow_insecure` is not given.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError, ValueError):
        raise UsageError(f"{setting}: the base address is no address") from None
    if url.scheme not in _SCHEMES or not url.raw_host:
        raise UsageError(f"{setting}: the base address must begin with https:// and name a host")
    if str(text) != str(text).strip() or not has_possible_place(url):
        raise UsageError(f"{setting}: the base address names no host and port that there can be")
    address = str(url)
    # An empty query or fragment, too: whatever path follows its sign would be no path.
    if url.userinfo or "?" in address or "#" in address:
        raise UsageError(f"{setting}: the base address must not hold a user, a query or a fragment")
    if url.scheme == "http" and not (allow_insecure or is_loopback(url.host)):
        raise InsecureAddressError(
            f"http to {url.host} would show keys and tokens on the way; use https, or allow_insecure=True"
            f" or {prefix}ALLOW_INSECURE=1 where the way is safe"
        )
    return address.rstrip("/")


def has_possible_place(url: httpx.URL) -> bool:
    """Return whether there can be a host and a port such as an address has.

    httpx encodes what no name of a host can have, instead of refusing it, and takes any number for a port.
    """
    if not 0 < (_LAST_PORT if url.port is None else url.port) <= _LAST_PORT:
        return False
    try:
        # Where a name is written in ASCII's letters (RFC 3490), httpx reads it with the first look at it.
        name = url.host and url.raw_host.decode("ascii")
    except ValueError:
        return False
    if ":" in name:
        # An address of version 6, which httpx has looked at.
        return True
    labels = name.removesuffix(".").split(".")
    if len(name) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        return False
    try:
        # What ends in a number is an address of version 4, for there is no such domain (RFC 3696, section 2).
        return not labels[-1].isdigit() or bool(socket.inet_aton(name.removesuffix(".")))
    except OSError:
        return False


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine (RFC 6761, section 6.3 for names)."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Return whether two addresses have scheme, host and port in common (RFC 6454)."""
    return _origin(one) == _origin(other)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    # httpx drops a port that is the default of the scheme.
    return url.scheme, url.host.rstrip(".").lower(), url.port


def environments_of(base: str, servers: tuple[Server, ...]) -> frozenset[str]:
    """Return the environments whose servers an address may be, by its host; empty for an unknown host.

    Where environments share a host, the longest path that fits decides.
    """
    url = httpx.URL(base)
    host = url.host.rstrip(".").lower()
    found: list[tuple[int, str]] = []
    for server in servers:
        known = httpx.URL(server.address)
        if known.host.rstrip(".").lower() == host and server.environment:
            path = known.path.rstrip("/")
            fits = f"{url.path.rstrip('/')}/".startswith(f"{path}/")
            found.append((len(path) if fits else -1, server.environment))
    best = max((length for length, _ in found), default=0)
    return frozenset(environment for length, environment in found if length == best)


def address_of(operation: Operation, base: str, servers: tuple[Server, ...]) -> str:
    """Return the address that the path of an operation is appended to, without a slash at its end.

    An operation's own server takes the place of the document's, so it holds where the client has an address
    of the document. A client with another address, such as that of a mock, sends everything there; only a
    relative address, which is on the same host, holds for it as well.

    Raises:
        EnvironmentMismatchError: the operation is on servers of other environments only.
    """
    own = operation.servers
    if not own:
        return base
    here = {server.environment for server in servers if _same_place(server.address, base)}
    if not here:
        relative = next((server.address for server in own if "://" not in server.address), None)
        return base if relative is None else _joined(base, relative)
    named = next((one for one in own if one.environment in here), None)
    chosen = named or next((one for one in own if not one.environment), None)
    if chosen is None:
        only = " and ".join(sorted(one.environment for one in own))
        raise EnvironmentMismatchError(f"exists only in {only}, and {base} is {' or '.join(sorted(here))}")
    return _joined(base, chosen.address)


def own_addresses(operations: Iterable[Operation], base: str, servers: tuple[Server, ...]) -> frozenset[str]:
    """Return the addresses besides its own that a client sends requests to, since the document names them."""
    found: set[str] = set()
    for operation in operations:
        with contextlib.suppress(EnvironmentMismatchError):
            found.add(address_of(operation, base, servers))
    return frozenset(found - {base})


def _joined(base: str, address: str) -> str:
    return str(httpx.URL(f"{base}/").join(address)).rstrip("/")


def _same_place(address: str, base: str) -> bool:
    one, other = httpx.URL(address), httpx.URL(base)
    return same_origin(one, other) and one.path.rstrip("/") == other.path.rstrip("/")


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a path with its names replaced by values, each encoded so that it stays within its segment.

    Raises:
        UsageError: a value is missing or empty, or would make its segment `.` or `..`.
    """
    if "{" not in template:
        return template
    segments: list[str] = []
    for segment in template.split("/"):
        if "{" not in segment:
            segments.append(segment)
            continue
        names = _NAME.findall(segment)
        for name in names:
            if not values.get(name):
                raise UsageError(f"the path needs a value for {name}")
        try:
            done = _NAME.sub(lambda match: _encoded(values[match.group(1)]), segment)
        except UnicodeEncodeError:
            raise UsageError(f"the value for {names[0]} is no text that can be sent") from None
        # Every reader of an address takes these two as directions (RFC 3986, section 5.2.4), encoded or not.
        if unquote(done) in (".", ".."):
            raise UsageError(f"the value for {names[0]} would leave its place in the path")
        segments.append(done)
    return "/".join(segments)


def _encoded(text: str) -> str:
    return str(text) if isinstance(text, Encoded) else quote(text, safe="")
