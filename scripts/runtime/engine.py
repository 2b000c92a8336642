"""What a client does: its settings as they hold, its token, and the two drivers of a call."""

import logging
import platform
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import httpx

from . import forks, headers
from .addresses import address_of, base_address, environments_of, own_addresses, same_origin
from .auth import TokenAuth
from .calls import Call, Prepared, prepare
from .causes import detached, outcome_of
from .connections import Connections
from .credentials import Credentials
from .deadline import Deadline, holding
from .errors import ClientError, EnvironmentMismatchError, UnauthorizedError
from .exchange import Course, Outcome, Pause, Rules, course
from .limits import ACCEPT_ENCODING, Limits
from .operations import Operation, Table, TokenSource
from .options import Options, PerCall
from .redaction import Hidden, own_call, quiet_httpx, revealed
from .retry import NEVER, Retry
from .sender import Sender
from .settings import TOTAL_SECONDS, check, times
from .shared_token import SharedToken
from .token_call import token_call, token_of
from .values import UNSET, Response, Unset
from .variables import allows_insecure, set_up_log

_AS_MADE: Hidden[PerCall] = Hidden({})


def made(
    table: Table, base_url: Hidden[str], settings: Hidden[Options], origin: "Engine | None"
) -> "Engine | ClientError":
    """Return an engine, or the error; if it were raised here, it would carry the settings along."""
    return outcome_of(lambda: Engine(table, base_url, settings, origin))


class Engine:
    """The working part of a client.

    Raises:
        UsageError, InsecureAddressError: a setting cannot be used.
    """

    _sender: Sender

    def __init__(
        self, table: Table, base_url: Hidden[str], settings: Hidden[Options], origin: "Engine | None"
    ) -> None:
        options = settings.reveal()
        check(options, table)
        self._table = table
        self._options = settings
        allow_insecure = options.get("allow_insecure")
        if allow_insecure is None:
            allow_insecure = allows_insecure(table.prefix)
        self.base = base_address(base_url.reveal(), allow_insecure=allow_insecure, prefix=table.prefix)
        environment = options.get("environment")
        known = environments_of(self.base, table.servers)
        # A host that the document names decides, so that no setting can make production a sandbox.
        self.environments = known or frozenset({environment} if environment else ())
        self._retry = options.get("retry", Retry()) or NEVER
        self._limits = options.get("limits") or Limits()
        self._total, self._phases = times(options.get("timeout", TOTAL_SECONDS))
        self.headers = headers.checked(options.get("headers"), "headers")
        quiet_httpx()
        self._logger = logging.getLogger(table.package)
        set_up_log(table.prefix, self._logger)
        self._credentials = Credentials(table, settings)
        self._owner = origin is None or not self._shares(origin)
        connections = (
            self._connect(self.base) if origin is None or self._owner else origin._sender.connections
        )
        standing = {
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "keep-alive",
            "User-Agent": connections.agent or _agent(table),
        }
        self._token_header = None if table.token is None else table.schemes[table.token.scheme].name
        self._auth = self._token_auth(origin)
        self._allow_insecure = allow_insecure
        self._standing = headers.merged(standing, self.headers)
        self._sender = self._sending(connections)
        # By host, for operations that have servers of their own; which proxy is used depends on the host.
        self._elsewhere: dict[str, Connections] = {} if origin is None or self._owner else origin._elsewhere
        # By address, of which the document has so many.
        self._senders = {self.base: self._sender}

    def _sending(self, connections: Connections) -> Sender:
        return Sender(
            connections,
            standing=self._standing,
            most=self._limits.max_body_bytes,
            token_header=self._token_header,
            auth=self._auth,
        )

    def _address_of(self, operation: Operation) -> str:
        """Return the address that an operation's path is appended to.

        Raises:
            EnvironmentMismatchError: the operation is on servers of other environments only.
            InsecureAddressError: it is http to another machine, which nobody has allowed.
        """
        if not operation.servers:
            return self.base
        address = address_of(operation, self.base, self._table.servers)
        return base_address(
            address,
            allow_insecure=self._allow_insecure,
            prefix=self._table.prefix,
            setting="the server of the operation",
        )

    def _sender_to(self, address: str) -> Sender:
        sender = self._senders.get(address)
        if sender is None:
            sender = self._senders[address] = self._made_for(address)
        return sender

    def _made_for(self, address: str) -> Sender:
        url = httpx.URL(address)
        if same_origin(url, httpx.URL(self.base)):
            return self._sender
        place = str(url.copy_with(raw_path=b"/"))
        connections = self._elsewhere.get(place)
        if connections is None:
            # Of two threads that come at once one wins; what the other one made has no connection yet.
            connections = self._elsewhere.setdefault(place, self._connect(address))
        return self._sending(connections)

    def _shares(self, origin: "Engine") -> bool:
        """Return whether a copy can use the connections of its origin."""
        ours, theirs = self._options.reveal(), origin._options.reveal()
        if any(ours.get(name) is not theirs.get(name) for name in ("httpx_args", "http_client")):
            return False
        return same_origin(httpx.URL(self.base), httpx.URL(origin.base))

    def _connect(self, address: str) -> Connections:
        options = self._options.reveal()
        made = Connections(address, options.get("httpx_args") or {}, options.get("http_client"))
        if not made.keeps_deadline and self._total is not None:
            self._logger.warning(
                "the transport in httpx_args is not known to keep time-outs: the total time-out of a call"
                " holds only between the parts of an answer"
            )
        if made.proxy:
            self._logger.debug("connections go through the proxy of %s", made.proxy)
        return made

    def __repr__(self) -> str:
        return f"<engine of {self.base}>"

    @property
    def settings(self) -> Hidden[Options]:
        """The settings as they were given."""
        return self._options

    def _token_auth(self, origin: "Engine | None") -> TokenAuth | None:
        source = self._table.token
        if source is None or not self._credentials.can_obtain:
            return None
        store = self._options.reveal().get("token_store")
        if (
            origin is not None
            and origin.base == self.base
            and origin._credentials == self._credentials
            and origin._options.reveal().get("token_store") is store
        ):
            return origin._auth
        scheme = self._table.schemes[source.scheme]
        return TokenAuth(
            header=scheme.name,
            address=self.base,
            prefix="Bearer " if scheme.form == "bearer" else "",
            lifetime=source.lifetime,
            shared=None
            if store is None
            else SharedToken(
                store, package=self._table.package, address=self.base, secret=self._credentials.key
            ),
            fetch=lambda: self._fetch_token(source),
            fetch_async=lambda: self._fetch_token_async(source),
            others=own_addresses(self._table.operations.values(), self.base, self._table.servers),
        )

    def with_headers(self, more: Hidden[Any]) -> Hidden[dict[str, str]] | ClientError:
        """Return the headers of every request and further ones, or why they cannot be sent."""
        return outcome_of(
            lambda: Hidden(headers.merged(self.headers, headers.checked(more.reveal(), "headers")))
        )

    def own(self) -> None:
        """Take connections of its own where they were shared, so that closing them does nobody harm."""
        if not self._owner:
            self._sender.connections = self._connect(self.base)
            self._elsewhere = {}
            self._senders = {self.base: self._sender}
            self._owner = True

    def close(self) -> None:
        """Close the connections, if they are its own."""
        # Of several hosts, one whose connections fail to close does not keep the others open.
        with ExitStack() as closing:
            for connections in self._owned():
                closing.callback(connections.close)

    async def aclose(self) -> None:
        """Do as `close`, the async side included."""
        async with AsyncExitStack() as closing:
            for connections in self._owned():
                closing.push_async_callback(connections.aclose)

    def _owned(self) -> list[Connections]:
        return [self._sender.connections, *self._elsewhere.values()] if self._owner else []

    def noted(self, operation: Operation, error: ClientError) -> ClientError:
        """Add the cure of a missing credential to an error."""
        asked = isinstance(error, UnauthorizedError) and bool(operation.security)
        if asked and self._credentials.choose(operation) is None:
            wanted = " or ".join(" and ".join(need) for need in operation.security if need)
            error.add_note(f"The client was given no credential for {wanted}.")
        return error

    def run(
        self,
        call: Call[Any],
        override: Hidden[PerCall] = _AS_MADE,
        *,
        raw: bool = False,
        deferred: bool = False,
    ) -> Response[Any] | ClientError:
        """Run a call to its end."""
        begun = self._begin(call, override, raw=raw, deferred=deferred)
        if isinstance(begun, ClientError):
            return begun
        steps, deadline, sender = begun
        outcome: Outcome = None
        with holding(deadline), own_call():
            while True:
                try:
                    step = steps.send(outcome)
                except StopIteration as stop:
                    done: Response[Any] | ClientError = stop.value
                    return done
                if isinstance(step, Pause):
                    self._retry.sleep(step.seconds)
                    outcome = None
                else:
                    outcome = sender.send(step)

    async def run_async(
        self,
        call: Call[Any],
        override: Hidden[PerCall] = _AS_MADE,
        *,
        raw: bool = False,
        deferred: bool = False,
    ) -> Response[Any] | ClientError:
        """Run a call to its end, in an event loop."""
        begun = self._begin(call, override, raw=raw, deferred=deferred)
        if isinstance(begun, ClientError):
            return begun
        steps, deadline, sender = begun
        outcome: Outcome = None
        with holding(deadline), own_call():
            while True:
                try:
                    step = steps.send(outcome)
                except StopIteration as stop:
                    done: Response[Any] | ClientError = stop.value
                    return done
                if isinstance(step, Pause):
                    await self._retry.async_sleep(step.seconds)
                    outcome = None
                else:
                    outcome = await sender.send_async(step)

    def _begin(
        self, call: Call[Any], override: Hidden[PerCall], *, raw: bool, deferred: bool
    ) -> tuple[Course, Deadline, Sender] | ClientError:
        forks.notice()
        operation = call.operation
        total, phases = self._total, self._phases
        try:
            self._require_environment(operation)
            address = self._address_of(operation)
            sender = self._sender_to(address)
            prepared = prepare(self._credentials.completed(call))
            tokened = self._authorize(operation, prepared)
            own = override.reveal()
            if own:
                timeout = own.get("timeout", UNSET)
                if not isinstance(timeout, Unset):
                    total, phases = times(timeout)
                extra = headers.checked(revealed(own.get("headers")), "headers")
                prepared.headers = headers.merged(prepared.headers, extra)
                # Whoever sends a token of their own with this call means it.
                tokened = tokened and not self._is_token_among(extra)
        except ClientError as error:
            error.method, error.path = operation.method, operation.path
            return detached(error)
        deadline = Deadline(total, phases=phases)
        rules = Rules(
            base=address,
            retry=self._retry,
            limits=self._limits,
            logger=self._logger,
            forget_token=self._forget_token,
        )
        steps = course(call, prepared, rules, deadline, tokened=tokened, raw=raw, deferred=deferred)
        return steps, deadline, sender

    def _require_environment(self, operation: Operation) -> None:
        allowed = operation.environments
        if allowed and self.environments and not self.environments.intersection(allowed):
            here = " or ".join(sorted(self.environments))
            raise EnvironmentMismatchError(
                f"exists only in {' and '.join(allowed)}, and {self.base} is {here}"
            )

    def _authorize(self, operation: Operation, prepared: Prepared) -> bool:
        """Put the credentials that an operation needs into its request; True if the token goes with it."""
        if not operation.security:
            return False
        if self._credentials.key:
            # It buys the token, and a server knows it by that.
            prepared.secrets |= {self._credentials.key}
        choice = self._credentials.choose(operation)
        return choice is not None and self._credentials.apply(choice, prepared)

    def _is_token_among(self, extra: Mapping[str, str]) -> bool:
        name = (self._token_header or "").lower()
        return any(one.lower() == name for one in extra)

    # -- the token --

    def _forget_token(self, rejected: str | None) -> bool:
        return self._auth is not None and self._auth.forget(rejected)

    def _fetch_token(self, source: TokenSource) -> str | ClientError:
        call = token_call(self._table, source, self._credentials.key)
        return token_of(self._table, source, self.run(call))

    async def _fetch_token_async(self, source: TokenSource) -> str | ClientError:
        call = token_call(self._table, source, self._credentials.key)
        return token_of(self._table, source, await self.run_async(call))


def _agent(table: Table) -> str:
    """Return the User-Agent: whose client in which version, and on what it runs."""
    product = f"{table.package.replace('_', '-')}/{table.version}"
    return f"{product} python/{platform.python_version()} httpx/{httpx.__version__}"
