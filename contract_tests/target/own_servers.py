"""Operations with servers of their own: which of them a target has, and at which address.

As the generated client has it: where TARGET is an address of the document, the suite does not ask for what
the document has on other hosts. Any other TARGET, such as a mock or the machine of a developer, has all of it
below its address, except what the document has at a relative address.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from contract_tests.target.targets import Target
from scripts.document.operations import Operation as Found
from scripts.document.operations import operations
from scripts.generator.tables import environments, own_servers


def without_other_hosts(document: dict[str, Any], target: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a document without operations that are on other hosts than a target, and a line for each place.

    Args:
        target: the option; nothing is left out where it is no address of the document.

    Raises:
        Refusal: the address of a server holds more than a place.
    """
    named = [one.address for one in environments(document)]
    own = [(found, _addresses(document, found, named)) for found in operations(document)]
    if not any(
        _is_same(target, address) for address in (*named, *(each for _, some in own for each in some))
    ):
        return document, ()
    paths = dict(document["paths"])
    left_out: Counter[tuple[str, str]] = Counter()
    for found, addresses in own:
        places = addresses or named
        if not any(_origin(target) == _origin(address) for address in places):
            item = dict(paths[found.path])
            del item[found.method]
            paths[found.path] = item
            left_out[found.servers_at if addresses else "#/servers", places[0]] += 1
    lines = tuple(
        f"{place} has {count} operation{'s' * (count > 1)} elsewhere, not asked for; TARGET={address} has"
        " them"
        for (place, address), count in left_out.items()
    )
    return {**document, "paths": paths}, lines


def with_own_places(
    target: Target, document: dict[str, Any], templates: Mapping[str, re.Pattern[str]]
) -> Target:
    """Return a target that knows which paths it has at another address than its own.

    A path of which only some methods have an address of their own is asked for where all others are.

    Args:
        target: with an address of its own.
        document: the document.
        templates: what matches the paths that are asked for, by their keys in the document.
    """
    named = [one.address for one in environments(document)]
    is_named = any(_is_same(target.base_url, address) for address in named)
    found: dict[str, set[str]] = {}
    for each in operations(document):
        found.setdefault(each.path, set()).add(_place(target.base_url, document, each, named, is_named))
    places = [
        (templates[path], bases.pop() if len(bases) == 1 else target.base_url)
        for path, bases in found.items()
        if path in templates
    ]
    if all(base == target.base_url for _, base in places):
        return target
    # `/things/search` comes before `/things/{id}`, as `Document.find` has it.
    return replace(target, places=tuple(sorted(places, key=lambda each: each[0].groups)))


def _place(base: str, document: dict[str, Any], found: Found, named: list[str], is_named: bool) -> str:
    for server in own_servers(document, found):
        if "://" not in server.address:
            return urljoin(base, server.address).rstrip("/") + "/"
        if is_named and _origin(server.address) == _origin(base):
            return f"{server.address}/"
    return base


def _addresses(document: dict[str, Any], found: Found, named: list[str]) -> list[str]:
    base = f"{named[0]}/" if named else ""
    return [urljoin(base, server.address) for server in own_servers(document, found)]


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme.lower(), re.sub(r":(?:80|443)$", "", parts.netloc.lower())


def _is_same(one: str, other: str) -> bool:
    paths = {urlsplit(address).path.rstrip("/") for address in (one, other)}
    return _origin(one) == _origin(other) and len(paths) == 1
