"""Security: which credentials an operation wants, and whether a request brings them.

A stand-in cannot know whose credentials are good. It takes those that it was given for good, or else whatever
does not call itself bad; so a client that sends none, sends it to the wrong place or in the wrong form is
found out, and a test that wants a refusal sends `invalid`.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from novapost_mock.responses.parameters import Incoming

Judge = Callable[[str], bool]

ANY = "any"
"""The setting under which every credential in the right form is good, also one that calls itself bad."""

_WRAPPINGS = ("bearer", "token", "apikey")
_BAD_WORDS = re.compile(
    r"invalid|wrong|expired|revoked|unknown|forbidden|(?<![a-z0-9])bad(?![a-z0-9])", re.IGNORECASE
)


def is_taken(text: str) -> bool:
    """Tell whether a credential is accepted where none were named.

    There has to be one, and it must not call itself invalid, wrong, expired, revoked, unknown, forbidden
    or bad.
    """
    return bool(text) and _BAD_WORDS.search(text) is None


def judge_of(credentials: Sequence[str]) -> Judge:
    """Return the judge of credentials.

    Args:
        credentials: those that it accepts; if there are none, all that do not call themselves bad.
    """
    if ANY in credentials:
        return bool
    if not credentials:
        return is_taken
    good = frozenset(credentials)
    return good.__contains__


@dataclass(frozen=True)
class Scheme:
    """One security scheme.

    Attributes:
        name: its name in the document.
        kind: key, basic, bearer or another scheme of HTTP in lower case.
        where: query, header or cookie.
        parameter: the name of the parameter, header or cookie.
    """

    name: str
    kind: str
    where: str
    parameter: str

    def accepts(self, incoming: Incoming, judge: Judge) -> bool:
        """Tell whether a request brings what this scheme wants."""
        text = self._text(incoming)
        if not text:
            return False
        if self.kind == "key":
            # People put "Bearer" before keys that travel in Authorization; what follows is the key.
            word, space, rest = text.partition(" ")
            is_wrapped = bool(space) and word.lower() in _WRAPPINGS
            return judge(text) or (is_wrapped and judge(rest.strip()))
        scheme, _, credential = text.partition(" ")
        credential = credential.strip()
        if scheme.lower() != self.kind or not credential:
            return False
        if self.kind == "basic":
            return _basic(credential, judge)
        return judge(credential) if self.kind == "bearer" else True

    def _text(self, incoming: Incoming) -> str:
        if self.where == "query":
            return next((text for name, text in incoming.query if name == self.parameter), "")
        if self.where == "cookie":
            return incoming.cookies.get(self.parameter, "")
        values = incoming.headers.get(self.parameter.lower(), ())
        return values[0].strip() if len(values) == 1 else ""

    @property
    def challenge(self) -> str | None:
        """What WWW-Authenticate says (RFC 9110, 11.6.1); None for schemes that HTTP does not know."""
        if self.kind == "key":
            return None
        return 'Basic realm="mock", charset="UTF-8"' if self.kind == "basic" else self.kind.capitalize()


def _basic(credential: str, judge: Judge) -> bool:
    try:
        text = base64.b64decode(credential, validate=True).decode("utf-8")
    except ValueError:
        return False
    user, colon, password = text.partition(":")
    if not colon:
        return False
    if judge(text) or judge is is_taken:
        return judge(text)
    return any(judge(each) for each in (user, password) if each)


@dataclass(frozen=True)
class Security:
    """The security of an operation: one of several combinations of schemes.

    Without a combination it has none.
    """

    alternatives: Sequence[Sequence[Scheme]]

    def admits(self, incoming: Incoming, judge: Judge) -> bool:
        """Tell whether a request brings one of the combinations."""
        return not self.alternatives or any(
            all(scheme.accepts(incoming, judge) for scheme in schemes) for schemes in self.alternatives
        )

    @property
    def challenge(self) -> str | None:
        """The challenges of all schemes as one header value; None if HTTP knows none of them."""
        schemes = [scheme for schemes in self.alternatives for scheme in schemes]
        challenges = dict.fromkeys(each.challenge for each in schemes if each.challenge)
        return ", ".join(challenges) or None


def scheme_of(name: str, tree: Mapping[str, Any]) -> Scheme | None:
    """Compile a Security Scheme Object; None for one that a request of HTTP does not show (mutualTLS)."""
    kind = tree.get("type")
    if (
        str(kind).lower() == "apikey"
        and tree.get("in") in ("query", "header", "cookie")
        and isinstance(tree.get("name"), str)
    ):
        return Scheme(name, "key", tree["in"], tree["name"])
    if kind == "http":
        return Scheme(name, str(tree.get("scheme", "basic")).lower(), "header", "Authorization")
    if kind in ("oauth2", "openIdConnect"):
        return Scheme(name, "bearer", "header", "Authorization")
    return None
