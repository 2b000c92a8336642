# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Which credentials a client was given, and where each goes in a request."""

import base64
import operator
import urllib.parse
from typing import Any

from .calls import Argument, Call, Prepared
from .errors import UsageError
from .operations import Operation, Requirement, Scheme, Table
from .redaction import MASK, Hidden
from .settings import check_secret
from .values import Unset


class Credentials:
    """The credentials of one client, by scheme.

    Raises:
        UsageError: a credential is given that the document has no use for, or that cannot be sent.
    """

    __slots__ = ("_given", "_table", "can_obtain", "key")

    def __init__(self, table: Table, settings: Hidden[Any]) -> None:
        self._table = table
        self._given = _given(table, settings)
        self.key: str = settings.reveal().get("api_key") or ""
        self.can_obtain = bool(self.key and table.token and table.token.scheme not in self._given)

    def __repr__(self) -> str:
        return f"<credentials {MASK}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Credentials):
            return NotImplemented
        return self.key == other.key and self._given == other._given

    def __hash__(self) -> int:
        return hash(self.key)

    def completed(self, call: Call[Any]) -> Call[Any]:
        """Return the call for a token with the client's own key, where the caller has left it out.

        Raises:
            UsageError: the client has none.
        """
        source = self._table.token
        if source is None or call.operation.name != source.operation:
            return call
        query = tuple(self._own(argument, source.parameter) for argument in call.query)
        return Call(call.operation, call.answers, query=query)

    def _own(self, argument: Argument, parameter: str) -> Argument:
        name, codec, value = argument
        if name != parameter or not (value is None or isinstance(value, Unset)):
            return argument
        if not self.key:
            raise UsageError(f"{name} is needed: give it to the call, or api_key to the client")
        return name, codec, self.key

    def choose(self, operation: Operation) -> Requirement | None:
        """Return the first alternative of an operation that these credentials meet, or None.

        The one that needs nothing is taken when no other can be met.
        """
        for need in sorted(operation.security, key=operator.not_):
            if all(scheme in self._given or self._obtains(scheme) for scheme in need):
                return need
        return None

    def _obtains(self, scheme: str) -> bool:
        return self.can_obtain and self._table.token is not None and self._table.token.scheme == scheme

    def apply(self, need: Requirement, prepared: Prepared) -> bool:
        """Put what is given into a request; True when a token has to be obtained for it as well."""
        obtained = False
        for name in need:
            if name not in self._given:
                obtained = True
                continue
            _put(self._table.schemes[name], self._given[name], prepared)
        return obtained


def _given(table: Table, settings: Hidden[Any]) -> dict[str, str]:
    options = settings.reveal()
    given = dict(options.get("credentials") or {})
    if options.get("token") is not None:
        given.setdefault(_only(table, "token"), options["token"])
    if options.get("api_key") and table.token is None:
        given.setdefault(_only(table, "api_key"), options["api_key"])
        # A key that buys a token may have other letters, for it stands in an address alone.
        check_secret("api_key", options["api_key"])
    return given


def _only(table: Table, option: str) -> str:
    if table.token is not None:
        return table.token.scheme
    wanted = [name for name, s in table.schemes.items() if (s.form == "raw") == (option == "api_key")]
    names = wanted or list(table.schemes)
    if len(names) != 1:
        raise UsageError(f"{option} fits {len(names)} schemes of the document; use credentials instead")
    (name,) = names
    return name


def _put(scheme: Scheme, value: str, prepared: Prepared) -> None:
    # A server may tell back the credential alone, or the header that it came in.
    prepared.secrets |= {value, urllib.parse.quote(value, safe="")}
    if scheme.form == "basic":
        value = f"Basic {base64.b64encode(value.encode()).decode()}"
    elif scheme.form == "bearer":
        value = f"Bearer {value}"
    prepared.secrets |= {value}
    if scheme.place == "query":
        pair = urllib.parse.urlencode({scheme.name: value}, quote_via=urllib.parse.quote, safe="")
        prepared.target += ("&" if "?" in prepared.target else "?") + pair
    elif scheme.place == "cookie":
        pair = f"{scheme.name}={urllib.parse.quote(value, safe='')}"
        cookies = prepared.headers.get("Cookie")
        prepared.headers["Cookie"] = f"{cookies}; {pair}" if cookies else pair
    else:
        prepared.headers[scheme.name] = value
