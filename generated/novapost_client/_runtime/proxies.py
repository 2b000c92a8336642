# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Which proxy of the environment serves an address, and which variable is wrong.

The variables are those of curl and httpx: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, in small letters as
well. They are read here, once for the one address that a client has, because httpx reads NO_PROXY as
patterns of addresses, in which a network such as 10.0.0.0/8 has no place and `::1/128` is an error. And no
proxy of the environment serves this machine: a key for a server on it would leave it in clear.
"""

import ipaddress
import os
import urllib.request

import httpx

from .addresses import has_possible_place, is_loopback
from .errors import UsageError

_PORTS = {"http": 80, "https": 443}


def of_environment(base: httpx.URL) -> tuple[httpx.Proxy, str] | None:
    """Return the proxy for an address and the name of its variable, or None where there is none.

    Raises:
        UsageError: a variable holds no address of a proxy.
    """
    found = urllib.request.getproxies()
    proxies = {scheme: _proxy(found[scheme], _variable(scheme)) for scheme in _KINDS if found.get(scheme)}
    scheme = base.scheme if base.scheme in proxies else "all"
    if scheme not in proxies or is_loopback(base.host) or is_exempt(base, found.get("no", "")):
        return None
    return proxies[scheme], _variable(scheme)


_KINDS = ("http", "https", "all")


def _variable(scheme: str) -> str:
    for name in (f"{scheme}_proxy", f"{scheme.upper()}_PROXY"):
        if os.environ.get(name):
            return name
    return f"the system's proxy for {scheme}"


def _proxy(text: str, source: str) -> httpx.Proxy:
    try:
        return given(text if "://" in text else _with_scheme(text))
    except ValueError as error:
        raise UsageError(f"{source} {error}") from None


def _with_scheme(text: str) -> str:
    # `HTTPS_PROXY=proxy:3128` is what many write. A bare word is no address that somebody has meant.
    if ":" not in text and "." not in text:
        raise ValueError(_WRONG)
    return f"http://{text}"


_WRONG = "does not hold the address of a proxy, such as http://proxy.example:3128"


def given(proxy: object) -> httpx.Proxy:
    """Make a proxy as httpx takes it, from what somebody gives as one.

    Raises:
        ValueError: it is none; the text goes with the name of the setting before it.
    """
    try:
        made = proxy if isinstance(proxy, httpx.Proxy) else httpx.Proxy(proxy)  # type: ignore[arg-type]
    except (httpx.InvalidURL, ValueError, TypeError, AttributeError):
        raise ValueError(_WRONG) from None
    if not made.url.raw_host or not has_possible_place(made.url):
        raise ValueError(_WRONG)
    return made


def is_exempt(base: httpx.URL, exceptions: str) -> bool:
    """Return whether NO_PROXY names an address: by host, domain, network or address, with or without a port.

    What cannot be read there exempts nothing.
    """
    host = base.host.rstrip(".").lower()
    port = base.port or _PORTS.get(base.scheme)
    return any(
        _names(entry, base.scheme, host, port) for entry in exceptions.replace(",", " ").lower().split()
    )


def _names(entry: str, scheme: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    if "://" in entry:
        wanted, _, entry = entry.partition("://")
        if wanted not in (scheme, "all"):
            return False
    address = _address(host)
    if address is not None and (network := _network(entry)) is not None:
        return address in network
    name, wanted_port = _divided(entry)
    if wanted_port is not None and wanted_port != port:
        return False
    if address is not None:
        return (network := _network(name)) is not None and address in network
    # `.example.com` stands for what is below it, `example.com` for itself as well; as httpx and Go read them.
    name = name.rstrip(".")
    if name.startswith("*."):
        name = name[1:]
    if name.startswith("."):
        return host.endswith(name)
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _divided(entry: str) -> tuple[str, int | None]:
    name, colon, port = entry.rpartition(":")
    if not colon or not port.isdigit() or (":" in name and not name.endswith("]")):
        return entry, None
    return name, int(port)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    address, slash, length = text.partition("/")
    try:
        return ipaddress.ip_network(f"{address.strip('[]')}{slash}{length}", strict=False)
    except ValueError:
        return None
