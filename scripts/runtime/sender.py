"""One request of a call: sent, and its answer read, with threads or with tasks."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx

from .auth import TokenAuth
from .connections import Connections, running_loop
from .content import Received, read, read_async, received
from .deadline import DEADLINE_PASSED
from .errors import CallTimeoutError, ClientError, TransportError, UsageError
from .exchange import Send
from .failures import translated
from .gate import AsyncGate, Gate, Turns
from .headers import merged
from .masked_url import mask_url
from .progress import CONNECTING, SENT, progress_of

# Seconds after the deadline at which a call is cancelled that should have ended by itself.
_GRACE = 0.5
# So little is left of a deadline that it was the reason for a time-out.
_AN_INSTANT = 0.01
_LATE = {
    None: "no connection was free before the deadline of the call",
    CONNECTING: "no connection was made before the deadline of the call",
    SENT: DEADLINE_PASSED,
}


class Sender:
    """Sends requests through the connections of a client.

    Args:
        connections: those of the client.
        standing: the headers of every request.
        most: how many bytes of a body are read at most.
        token_header: the name of the header that a token travels in, or None.
        auth: obtains the token, or None where the client has no means to.
    """

    __slots__ = ("_auth", "_most", "_standing", "_token_header", "connections")

    def __init__(
        self,
        connections: Connections,
        *,
        standing: Mapping[str, str],
        most: int,
        token_header: str | None,
        auth: TokenAuth | None,
    ) -> None:
        self.connections = connections
        self._standing = standing
        self._most = most
        self._token_header = token_header
        self._auth = auth

    def _request(self, step: Send, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        prepared = step.prepared
        request = self.connections.request(
            client,
            step.method,
            step.url,
            headers=merged(self._standing, prepared.headers),
            content=prepared.content,
            files=prepared.files,
            timeout=step.deadline.waits(),
        )
        mask_url(request, prepared.secrets)
        return request

    def send(self, step: Send) -> Received | ClientError:
        """Return the answer, or the error that the request ended in."""
        if step.deadline.left() == 0:
            return CallTimeoutError(DEADLINE_PASSED, sent=False)
        begun = time.monotonic()
        request: httpx.Request | None = None
        try:
            client = self.connections.sync_client()
            request = self._request(step, client)
            turn = None if self.connections.turns is None else self._turn(step, self.connections.turns)
            try:
                response = client.send(request, stream=True, follow_redirects=False, **self._with_auth(step))
                try:
                    content = read(response, self._most, step.deadline)
                finally:
                    response.close()
            finally:
                if turn is not None:
                    turn.leave()
        except Exception as error:
            return self._failed(error, step, request)
        return received(
            response, content, time.monotonic() - begun, self._token_header if step.tokened else None
        )

    async def send_async(self, step: Send) -> Received | ClientError:
        """Do as `send`, without blocking the event loop."""
        if running_loop() is None:
            return UsageError("the calls of `aio` run in an event loop of asyncio, and none is running here")
        left = step.deadline.left()
        if left == 0:
            return CallTimeoutError(DEADLINE_PASSED, sent=False)
        begun = time.monotonic()
        request: httpx.Request | None = None
        if left is not None and self.connections.is_wrapped:
            # Its waits end with the deadline by themselves; only what ignores them is cancelled.
            left += _GRACE
        try:
            async with asyncio.timeout(left):
                client = self.connections.async_client()
                request = self._request(step, client)
                turns = self.connections.turns
                turn = None if turns is None else await self._turn_async(step, turns)
                try:
                    response = await client.send(
                        request, stream=True, follow_redirects=False, **self._with_auth(step)
                    )
                    try:
                        content = await read_async(response, self._most, step.deadline)
                    finally:
                        await response.aclose()
                finally:
                    if turn is not None:
                        turn.leave()
        except Exception as error:
            return self._failed(error, step, request)
        return received(
            response, content, time.monotonic() - begun, self._token_header if step.tokened else None
        )

    def _turn(self, step: Send, turns: Turns) -> Gate:
        if step.tokened and self._auth is not None:
            # Whoever has a turn and waits for a token would wait behind those that wait for a turn.
            _require(self._auth.obtain())
        gate = turns.threads
        gate.enter(step.deadline.waits()["pool"])
        return gate

    async def _turn_async(self, step: Send, turns: Turns) -> AsyncGate:
        if step.tokened and self._auth is not None:
            _require(await self._auth.obtain_async())
        gate = turns.tasks
        await gate.enter(step.deadline.waits()["pool"])
        return gate

    def _failed(self, error: Exception, step: Send, request: httpx.Request | None) -> ClientError:
        failure = translated(error, step.prepared.secrets)
        if request is None or not self.connections.is_ours or not isinstance(failure, TransportError):
            return failure
        if failure is error:
            # The call for a token, which runs within this one, has told itself what there is to tell.
            return failure
        progress = progress_of(request.extensions)
        left = step.deadline.left()
        late = isinstance(error, TimeoutError) or (left is not None and left < _AN_INSTANT)
        if late and isinstance(failure, CallTimeoutError) and not isinstance(error, httpx.PoolTimeout):
            failure.reason = _LATE[progress]
        failure.sent = progress == SENT
        if progress == CONNECTING and self.connections.proxy:
            failure.reason += f", by the proxy of {self.connections.proxy}"
        return failure

    def _with_auth(self, step: Send) -> dict[str, Any]:
        # Left out, httpx takes the `auth` of httpx_args.
        return {"auth": self._auth} if step.tokened and self._auth is not None else {}


def _require(token: str | ClientError) -> None:
    if isinstance(token, ClientError):
        raise token
