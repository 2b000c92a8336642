"""Requests and answers: sent, and noted with the secrets that they show. Nothing is judged here."""

import re
import time
from collections.abc import Iterator

import httpx

from contract_tests.checks.document import Contract
from contract_tests.observations.record import Observations
from contract_tests.principles.belongings import Belongings
from contract_tests.sandbox.errors import Withheld
from contract_tests.sandbox.transport import secrets_in
from contract_tests.target.call_log import CallLog
from contract_tests.target.control import ControlClient
from contract_tests.target.credentials import Credentials
from contract_tests.target.exchange import SHORTEST_SECRET, Exchange, Received, Sent
from contract_tests.target.targets import Target
from contract_tests.target.transport import Wire

# How many of the last keys and tokens an error is searched for.
_REMEMBERED = 60


class Unwritten(Withheld):
    """A request that HTTP has no way to write, such as one with a header of a control character."""

    def __init__(self) -> None:
        super().__init__("unproven: the request cannot be written")


class Recorder:
    """Sends requests to the target, and notes each exchange in the log of calls and in the observations."""

    def __init__(
        self,
        target: Target,
        contract: Contract,
        observations: Observations,
        wire: Wire,
        control: ControlClient | None,
        calls: CallLog,
        credentials: Credentials | None = None,
    ) -> None:
        self.target = target
        self.contract = contract
        self.observations = observations
        self.control = control
        self.calls = calls
        self.wire = wire
        self.credentials = credentials or Credentials()
        self.belongings = Belongings()
        if control is not None:
            control.when_reset = self.belongings.begin
        self._armed: int | None = None
        self._given: list[str] = []
        self._last: Exchange | None = None

    def notice(self, exchange: Exchange) -> None:
        """Follow an exchange that passes. Nothing by itself; for what the knowledge of an API adds."""

    def tell_of(self, request: httpx.Request) -> None:
        """Note a request that somebody else sent, for the commands that do it again."""
        self._sent(request, self._path(request))

    def _exchange(self, request: httpx.Request, path: str) -> tuple[Exchange, httpx.Response | None]:
        sent = self._sent(request, path)
        started = time.perf_counter()
        response, failure = None, None
        try:
            response = self.wire.send(request)
        except httpx.LocalProtocolError:
            # Nothing went over the wire: such a request is none, and says nothing about the target.
            raise Unwritten from None
        except httpx.HTTPError as error:
            failure = error_text(error)
        seconds = time.perf_counter() - started - request.extensions.get("waited", 0.0)
        return self._seen(sent, response, failure, seconds), response

    def _path(self, request: httpx.Request) -> str:
        return self.target.path_of(str(request.url))

    def _sent(self, request: httpx.Request, path: str, told: str | None = None) -> Sent:
        headers = {name.lower(): value for name, value in request.headers.items()}
        secret = {**self.contract.knowledge.secret_parameters, **self.credentials.variables}
        meant = self.contract.find(request.method, path)
        label = meant.label if meant else ""
        sent = Sent(
            request.method, _address(request.url), path, headers, request.read(), secret, label, self._armed
        )
        if told != "":
            self.calls.add(told or sent.curl())
        return sent

    def _seen(
        self, sent: Sent, response: httpx.Response | None, failure: str | None, seconds: float
    ) -> Exchange:
        received = None
        if response is not None:
            headers = {name.lower(): value for name, value in response.headers.items()}
            received = Received(response.status_code, headers, response.content, response.http_version)
        asked_at = self.control.now() if self.control else None
        shown = tuple(self._shown(sent, received)) if received is not None else ()
        exchange = Exchange(sent, received, failure, asked_at, seconds, frozenset(self._given), shown)
        if received is not None and received.status == 200:
            self._given = [*self._secrets(received), *self._given][:_REMEMBERED]
        if received is not None:
            # Under whatever names lead to them: a defect may have put them elsewhere.
            self.observations.secrets.update(secrets_in(received.body))
        self.observations.saw(exchange)
        self._last = exchange
        self.notice(exchange)
        return exchange

    def _shown(self, sent: Sent, received: Received) -> Iterator[str]:
        """Note what the client was given, and yield what the answer shows that it should not."""
        knowledge, belongings = self.contract.knowledge, self.belongings
        if sent.preferred_status is not None:
            return
        owner, name = knowledge.owner_of(sent, belongings.owner), knowledge.name_of(sent)
        if name is not None:
            belongings.name(name)
        if received.status < 300 and owner is not None:
            for secret in self._secrets(received):
                if belongings.give(secret, owner) is not None:
                    yield "the secret that another client was given is given again"
        # An error says no more of a client than the request did.
        own_name = name or (owner if received.status < 400 else None)
        yield from belongings.shown(received, owner, own_name)
        if owner is None:
            return
        if received.status < 300 and (place := belongings.header_that_shows_own(received, owner)):
            yield f"a secret that belongs into the body stands in {place}"
        if received.status >= 400 and (place := belongings.shows_own(received, owner)):
            yield f"an error shows a piece of the client's own secret in {place}"

    def _secrets(self, received: Received) -> list[str]:
        """Return the secrets in an answer, such as a key or a token."""
        try:
            body = received.json()
        except ValueError:
            return []
        names = self.contract.knowledge.secret_members
        found = [body.get(name) for name in names] if isinstance(body, dict) else []
        return [text for text in found if isinstance(text, str) and len(text) >= SHORTEST_SECRET]

    def _hidden(self, request: httpx.Request) -> dict[str, str]:
        names = {**self.contract.knowledge.secret_parameters, **self.credentials.variables}
        own = {name: value for name, value in request.headers.items() if name in self.credentials.variables}
        given = [*request.url.params.multi_items(), *own.items()]
        hidden = {value: names[name] for name, value in given if name in names}
        # A cookie stands inside a header, beside others.
        cookies = self.credentials.cookies.items()
        return hidden | {
            value: f"$COOKIE_{re.sub(r'[^0-9A-Za-z]', '_', name).upper()}" for name, value in cookies
        }


def _address(url: httpx.URL) -> str:
    """Return an address as it is sent; the text of a generated client's address hides its secrets."""
    target = url.raw_path.decode("ascii")
    return f"{url.scheme}://{url.netloc.decode('ascii')}{target}"


def error_text(error: httpx.HTTPError) -> str:
    """Return why no whole answer came."""
    return f"{type(error).__name__}: {error}"
