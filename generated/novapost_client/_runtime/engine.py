# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What a client does: its settings as they hold, its token, and the two drivers of a call."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

import httpx

from . import connections
from .addresses import base_address, environments_of
from .answers import Answers, Documented, Received
from .auth import TokenAuth
from .calls import Call, Prepared, prepare
from .causes import detached
from .credentials import Credentials
from .deadline import Deadline, holding
from .errors import (
    BodyMismatchError,
    CallTimeoutError,
    ClientError,
    EnvironmentMismatchError,
    UnauthorizedError,
    UsageError,
)
from .exchange import Course, Outcome, Pause, Rules, Send, course
from .limits import Limits
from .masked_url import mask_url
from .operations import Operation, Table
from .parsing import ANY, TEXT
from .redaction import Hidden, own_call, quiet_httpx
from .retry import NEVER, Retry
from .shared_token import SharedToken
from .values import Response, is_object

if TYPE_CHECKING:
    from .core import Options

# Seconds for a whole call with all its repetitions, and for each wait within it.
TOTAL_SECONDS = 60.0
PHASES = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=10.0)


def made(
    table: Table, base_url: Hidden[str], settings: "Hidden[Options]", origin: "Engine | None"
) -> "Engine | ClientError":
    """An engine, or why there can be none; returned, because raised it would carry the settings along."""
    try:
        return Engine(table, base_url, settings, origin)
    except ClientError as error:
        return detached(error)


class Engine:
    """The working part of a client.

    Raises:
        UsageError, InsecureAddressError: a setting cannot be used.
    """

    _connections: connections.Connections

    def __init__(
        self, table: Table, base_url: Hidden[str], settings: "Hidden[Options]", origin: "Engine | None"
    ) -> None:
        options = settings.reveal()
        self._table = table
        self._options = settings
        self.base = base_address(base_url.reveal(), allow_insecure=options.get("allow_insecure", False))
        environment = options.get("environment")
        known = environments_of(self.base, table.servers)
        # A host that the document names decides, so that no setting can make production a sandbox.
        self.environments = known or frozenset({environment} if environment else ())
        self._retry = options.get("retry", Retry()) or NEVER
        self._limits = options.get("limits") or Limits()
        self._total, self._phases = _times(options.get("timeout", TOTAL_SECONDS))
        self.headers = dict(options.get("headers") or {})
        quiet_httpx()
        self._logger = logging.getLogger(table.package)
        self._credentials = Credentials(table, settings)
        arguments = options.get("httpx_args")
        if origin is not None and origin._options.reveal().get("httpx_args") is arguments:
            self._owner, self._connections = False, origin._connections
        else:
            self._owner, self._connections = True, connections.Connections(arguments or {})
        self._auth = self._token_auth(origin)

    def __repr__(self) -> str:
        return f"<engine of {self.base}>"

    @property
    def settings(self) -> "Hidden[Options]":
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
            fetch=self._fetch_token,
            fetch_async=self._fetch_token_async,
        )

    def own(self) -> None:
        """Take connections of its own where they were shared, so that closing them does nobody harm."""
        if not self._owner:
            self._connections = connections.Connections(self._options.reveal().get("httpx_args") or {})
            self._owner = True

    def close(self) -> None:
        """Close the connections, if they are its own."""
        if self._owner:
            self._connections.close()

    async def aclose(self) -> None:
        """As `close`, the async side included."""
        if self._owner:
            await self._connections.aclose()

    def noted(self, operation: Operation, error: ClientError) -> ClientError:
        asked = isinstance(error, UnauthorizedError) and bool(operation.security)
        if asked and self._credentials.choose(operation) is None:
            wanted = " or ".join(" and ".join(need) for need in operation.security if need)
            error.add_note(f"The client was given no credential for {wanted}.")
        return error

    def run(
        self, call: Call[Any], *, raw: bool = False, deferred: bool = False
    ) -> Response[Any] | ClientError:
        begun = self._begin(call, raw=raw, deferred=deferred)
        if isinstance(begun, ClientError):
            return begun
        steps, deadline = begun
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
                    outcome = self._exchange(step)

    async def run_async(
        self, call: Call[Any], *, raw: bool = False, deferred: bool = False
    ) -> Response[Any] | ClientError:
        begun = self._begin(call, raw=raw, deferred=deferred)
        if isinstance(begun, ClientError):
            return begun
        steps, deadline = begun
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
                    outcome = await self._exchange_async(step)

    def _begin(self, call: Call[Any], *, raw: bool, deferred: bool) -> tuple[Course, Deadline] | ClientError:
        operation = call.operation
        try:
            self._require_environment(operation)
            prepared = prepare(self._credentials.completed(call))
            tokened = self._authorize(operation, prepared)
        except ClientError as error:
            error.method, error.path = operation.method, operation.path
            return detached(error)
        deadline = Deadline(self._total)
        rules = Rules(
            base=self.base,
            retry=self._retry,
            limits=self._limits,
            logger=self._logger,
            forget_token=self._forget_token,
        )
        steps = course(call, prepared, rules, deadline, tokened=tokened, raw=raw, deferred=deferred)
        return steps, deadline

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

    # -- one request --

    def _request(self, step: Send, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        prepared = step.prepared
        request = self._connections.request(
            client,
            step.method,
            step.url,
            headers={**self.headers, **prepared.headers},
            content=prepared.content,
            files=prepared.files,
            timeout=self._waits(step.deadline),
        )
        mask_url(request, prepared.secrets)
        return request

    def _waits(self, deadline: Deadline) -> dict[str, float | None]:
        phases = self._phases
        return {
            "connect": deadline.cut(phases.connect),
            "read": deadline.cut(phases.read),
            "write": deadline.cut(phases.write),
            "pool": deadline.cut(phases.pool),
        }

    def _exchange(self, step: Send) -> Received | ClientError:
        if step.deadline.left() == 0:
            return CallTimeoutError("the call took longer than its deadline", sent=False)
        begun = time.monotonic()
        try:
            client = self._connections.sync_client()
            request = self._request(step, client)
            response = client.send(request, stream=True, **self._with_auth(step))
            try:
                content = connections.read(response, self._limits.max_body_bytes)
            finally:
                response.close()
        except Exception as error:
            return connections.translated(error, step.prepared.secrets)
        return connections.received(response, content, time.monotonic() - begun, self._token_header(step))

    async def _exchange_async(self, step: Send) -> Received | ClientError:
        left = step.deadline.left()
        if left == 0:
            return CallTimeoutError("the call took longer than its deadline", sent=False)
        begun = time.monotonic()
        try:
            async with asyncio.timeout(left):
                client = self._connections.async_client()
                request = self._request(step, client)
                response = await client.send(request, stream=True, **self._with_auth(step))
                try:
                    content = await connections.read_async(response, self._limits.max_body_bytes)
                finally:
                    await response.aclose()
        except Exception as error:
            return connections.translated(error, step.prepared.secrets)
        return connections.received(response, content, time.monotonic() - begun, self._token_header(step))

    def _token_header(self, step: Send) -> str | None:
        return (
            self._table.schemes[self._table.token.scheme].name if step.tokened and self._table.token else None
        )

    def _with_auth(self, step: Send) -> dict[str, Any]:
        # Left out, httpx takes the `auth` of httpx_args.
        return {"auth": self._auth} if step.tokened and self._auth is not None else {}

    # -- the token --

    def _forget_token(self, rejected: str | None) -> bool:
        return self._auth is not None and self._auth.forget(rejected)

    def _token_call(self) -> Call[Any]:
        source = self._table.token
        assert source is not None  # noqa: S101 - only a client with a source of tokens comes here
        answers = Answers((200, 299, Documented("json", ANY)))
        key = self._credentials.key
        return Call(self._table.operations[source.operation], answers, query=((source.parameter, TEXT, key),))

    def _fetch_token(self) -> str | ClientError:
        return self._token_of(self.run(self._token_call()))

    async def _fetch_token_async(self) -> str | ClientError:
        return self._token_of(await self.run_async(self._token_call()))

    def _token_of(self, outcome: Response[Any] | ClientError) -> str | ClientError:
        if isinstance(outcome, ClientError):
            return outcome
        source = self._table.token
        assert source is not None  # noqa: S101 - as above
        operation = self._table.operations[source.operation]
        answer: Any = outcome.parsed
        token = answer.get(source.field) if is_object(answer) else None
        # RFC 9110, section 5.5: what else stands in a header would end it or change it.
        if isinstance(token, str) and token and all("!" <= character <= "~" for character in token):
            return token
        return BodyMismatchError(
            "expected a token",
            json_path=f"$.{source.field}",
            status_code=outcome.status_code,
            request_id=outcome.request_id,
            response=outcome,
            method=operation.method,
            path=operation.path,
        )


def _times(timeout: object) -> tuple[float | None, httpx.Timeout]:
    if timeout is None:
        return None, PHASES
    if isinstance(timeout, httpx.Timeout):
        return TOTAL_SECONDS, timeout
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        raise UsageError("timeout takes a number of seconds above zero, an httpx.Timeout, or None")
    return float(timeout), PHASES
