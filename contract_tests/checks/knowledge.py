"""What is known of one API beyond its document, as one value that the machinery is given.

The machinery (everything outside the knowledge folders) names no operation. Whoever knows an API fills in a
`Knowledge` and puts it into its `Contract`; every part of the suite finds it there. An empty one is right for
a document of which nothing else is known.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from contract_tests.checks.operations import Document, Operation
from contract_tests.target.exchange import Exchange, Received, Sent

Check = Callable[[Exchange, Received, Document], Iterator[str]]


class Expected(NamedTuple):
    """The statuses that the rules leave open for a request.

    Attributes:
        statuses: any of these is right.
        reason: what kind of request it is, such as "a request without a key"; "" for the usual words.
    """

    statuses: frozenset[int]
    reason: str = ""


Statuses = Callable[[Sent, Operation, Document], Expected | None]


class Sender(Protocol):
    """What a recipe may do with the target: `contract_tests.session.api.Api`, as far as it is needed."""

    def send(self, method: str, path: str, **options: Any) -> Received:
        """Send any request, with the options of `httpx.Client.build_request`."""


# The second argument is the control client, of the class that the API's knowledge gives to the session.
Recipe = Callable[[Sender, Any], Received]


class Asked(NamedTuple):
    """A request: method, path below the base address, and the options of `httpx.Client.build_request`."""

    method: str
    path: str
    options: Mapping[str, Any]


# Uses the control client, or skips the test without one, and returns the request. The client may be None.
Situation = Callable[[Sender, Any], Asked | None]


def _credential(sent: Sent, owner: Callable[[str], str | None]) -> str | None:
    """Return the credential of a request: whoever has it is the client."""
    return sent.headers.get("authorization")


def _no_name(sent: Sent) -> str | None:
    """Return None: nothing is known of how a request names its client."""
    return None


def _prepare_nothing(sender: Sender, control: Any) -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Knowledge:
    """The knowledge of one API. Operations are named by their label, such as "GET /things/{id}".

    Attributes:
        rules: the vendor's rules by id: statement, source, certainty, and reading where it is ours.
        rules_file: where they are written, or None.
        checks: more checks of each answer, as functions like those of `response_checks.py`.
        statuses: by operation, which statuses the rules leave open for a request (None: nothing is written).
        secret_parameters: names of query parameters that hold a secret, with the variable of a shell that
            stands for it in printed commands.
        secret_members: names of members of JSON whose values are secrets that the target gives.
        owner_of: the client that asks, by the request and by whose a secret is; None where nobody can tell.
        name_of: the number by which a request names a client, such as that of a telephone, or None.
        requests: by operation, the options of a request that fits the document.
        recipes: by operation and status, how the status comes about by the rules.
        hooks: hooks of schemathesis (functions named as its hooks are) that steer what it makes up.
        prepare: prepares the target for the requests that schemathesis generates.
        phone_goes_to: the operation whose body alone may carry the phone of a tester on the vendor's server.
        only_documented: whether the API has no other methods, paths and statuses than the documented ones.
        usual_body: the size in bytes from which on a server may find a request's body too large.
        honours_prefer: whether each documented answer is given where `Prefer: code=...` asks for it.
        situations: by name, how to bring a request about that gets the same answer each time it is sent.
        test_checks: names under which tests of this API report findings of their own.
    """

    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rules_file: Path | None = None
    checks: tuple[Check, ...] = ()
    statuses: Mapping[str, Statuses] = field(default_factory=dict)
    secret_parameters: Mapping[str, str] = field(default_factory=dict)
    secret_members: tuple[str, ...] = ()
    owner_of: Callable[[Sent, Callable[[str], str | None]], str | None] = _credential
    name_of: Callable[[Sent], str | None] = _no_name
    requests: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    recipes: Mapping[tuple[str, int], Recipe] = field(default_factory=dict)
    hooks: tuple[Callable[..., Any], ...] = ()
    prepare: Callable[[Sender, Any], None] = _prepare_nothing
    situations: Mapping[str, "Situation"] = field(default_factory=dict)
    test_checks: tuple[str, ...] = ()
    phone_goes_to: str = ""
    only_documented: bool = False
    honours_prefer: bool = False
    usual_body: int = 16 * 1024

    @property
    def certainties(self) -> Mapping[str, str]:
        """By rule, whether a document states it ("stated") or it is our reading ("assumed")."""
        return {name: rule["certainty"] for name, rule in self.rules.items()}
