# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The token of a scheme: obtained once, kept until it runs out, attached to requests.

One refresh at a time, whoever waits for it: threads, tasks, or both. What a refresh found, failure
included, is what everybody gets who waited for it.
"""

import asyncio
import base64
import binascii
import copy
import json
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Mapping
from typing import Any

import httpx

from . import forks
from .addresses import same_origin
from .deadline import left_now
from .errors import CallTimeoutError, ClientError
from .redaction import MASK
from .shared_token import PATIENCE, POLL, Lock, SharedToken
from .token_store import StoredToken
from .values import is_object

Clock = Callable[[], float]

# A token is renewed this many seconds before it runs out, so that it does not die on the way.
MARGIN = 60.0
# Seconds to wait for the token of another thread or task, and between two looks of a task.
_WAIT = 60.0
_POLL = 0.01


class TokenAuth(httpx.Auth):
    """Sends a token, raw, in a header of requests to known hosts, and obtains it when there is none.

    `fetch` and `fetch_async` ask the service for a token and give it, or the error that it ended in.
    `lifetime` is how many seconds a token is good for that does not say when it runs out. Where the token
    is `shared` with other processes, it is taken from there, and one process obtains the next one.
    `others` are further addresses that the document names for some of its operations.
    """

    def __init__(
        self,
        *,
        header: str,
        address: str,
        fetch: Callable[[], str | ClientError],
        fetch_async: Callable[[], Awaitable[str | ClientError]],
        lifetime: float = 3600.0,
        prefix: str = "",
        shared: SharedToken | None = None,
        others: Iterable[str] = (),
        clock: Clock = time.monotonic,
        now: Clock = time.time,
    ) -> None:
        self._header = header
        self._addresses = tuple(map(httpx.URL, (address, *others)))
        self._fetch = fetch
        self._fetch_async = fetch_async
        self._lifetime = lifetime
        self._prefix = prefix
        self._shared = shared
        self._rejected: str | None = None
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        forks.watch(self)
        self._round = 0
        self._failure: ClientError | None = None
        self._token: str | None = None
        self._renew_at = 0.0

    def __repr__(self) -> str:
        return f"TokenAuth({self._header}: {MASK})"

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Attach the token, obtaining it first where needed.

        The second try after a 401 is the client's, not made here: httpx would read the first answer whole
        before it sends the next request, and the answer of a stranger is read within limits only.

        Raises:
            ClientError: no token could be obtained.
        """
        if self._is_known(request.url):
            self._attach(request, self.obtain())
        yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Do as `sync_auth_flow`.

        Raises:
            ClientError: no token could be obtained.
        """
        if self._is_known(request.url):
            self._attach(request, await self.obtain_async())
        yield request

    def _is_known(self, url: httpx.URL) -> bool:
        return any(same_origin(url, address) for address in self._addresses)

    def _attach(self, request: httpx.Request, outcome: str | ClientError) -> None:
        if isinstance(outcome, ClientError):
            raise outcome
        request.headers[self._header] = self._prefix + outcome

    def begin_anew(self) -> None:
        """Forget a refresh that runs in the parent of this process; the token is kept."""
        self._lock = threading.Lock()

    @property
    def current(self) -> str | None:
        """The token that would be sent now, or None."""
        token = self._token
        return token if token is not None and self._clock() < self._renew_at else None

    def forget(self, rejected: str | None) -> bool:
        """Drop a token that the service rejected, given as it was sent; False if none was.

        Where somebody has renewed it meanwhile, the new one is kept.
        """
        token = self._token
        if token is not None and self._prefix + token == rejected:
            self._token = None
        if rejected is not None:
            # Another process may have it from the store; it is deleted there when a token is wanted next.
            self._rejected = rejected.removeprefix(self._prefix)
        return rejected is not None

    def obtain(self) -> str | ClientError:
        """Return the token, or the error of obtaining it; wait at most a minute for another's."""
        token = self.current
        if token is not None:
            return token
        seen, lock = self._round, self._lock
        # Whoever blocks an event loop must not wait for a task of that same loop.
        if not lock.acquire(timeout=0 if _in_event_loop() else left_now(_WAIT)):
            return self._fetch() if _in_event_loop() else _late()
        try:
            found = self._found(seen)
            return found if found is not None else self._renewed()
        finally:
            lock.release()

    async def obtain_async(self) -> str | ClientError:
        """Do as `obtain`, without blocking the event loop."""
        token = self.current
        if token is not None:
            return token
        seen, lock = self._round, self._lock
        end = self._clock() + left_now(_WAIT)
        # An asyncio.Lock belongs to one loop; this one is shared with threads and other loops.
        while not lock.acquire(blocking=False):
            if self._clock() > end:
                return _late()
            await asyncio.sleep(_POLL)
        try:
            found = self._found(seen)
            return found if found is not None else await self._renewed_async()
        finally:
            lock.release()

    def _found(self, seen: int) -> str | ClientError | None:
        """Return the outcome of a refresh that ended while we waited, or None."""
        token = self.current
        if token is not None:
            return token
        if self._round != seen and self._failure is not None:
            return copy.copy(self._failure)
        return None

    def _renewed(self) -> str | ClientError:
        """Return the token of another process, or obtain one now."""
        shared = self._shared
        if shared is None:
            return self._keep(self._fetch())
        # Whoever blocks an event loop must not wait: the other one may be a task of that same loop.
        end = self._clock() + (0.0 if _in_event_loop() else _patience())
        lock: Lock | None = None
        try:
            while True:
                token = shared.load(self._rejected, MARGIN)
                if token is not None:
                    return self._take(token)
                if lock is not None or self._clock() >= end:
                    outcome = self._keep(self._fetch())
                    if isinstance(outcome, str):
                        shared.save(outcome, self._good_for(outcome))
                    return outcome
                lock = shared.lock()
                if lock is None:
                    time.sleep(POLL)
        finally:
            if lock is not None:
                shared.release(lock)

    async def _renewed_async(self) -> str | ClientError:
        shared = self._shared
        if shared is None:
            return self._keep(await self._fetch_async())
        end = self._clock() + _patience()
        lock: Lock | None = None
        try:
            while True:
                token = await asyncio.to_thread(shared.load, self._rejected, MARGIN)
                if token is not None:
                    return self._take(token)
                if lock is not None or self._clock() >= end:
                    outcome = self._keep(await self._fetch_async())
                    if isinstance(outcome, str):
                        await asyncio.to_thread(shared.save, outcome, self._good_for(outcome))
                    return outcome
                lock = await asyncio.to_thread(shared.lock)
                if lock is None:
                    await asyncio.sleep(POLL)
        finally:
            if lock is not None:
                await asyncio.to_thread(shared.release, lock)

    def _take(self, stored: StoredToken) -> str:
        self._round += 1
        self._failure = None
        self._token = stored.token
        self._renew_at = self._clock() + stored.expires_at - self._now() - MARGIN
        return stored.token

    def _keep(self, outcome: str | ClientError) -> str | ClientError:
        self._round += 1
        if isinstance(outcome, ClientError):
            self._failure = outcome
            return copy.copy(outcome)
        self._failure = None
        self._token = outcome
        # Counted on our own clock from now, so that a clock that is wrong by hours does no harm.
        self._renew_at = self._clock() + self._good_for(outcome) - MARGIN
        return outcome

    def _good_for(self, token: str) -> float:
        claims = claims_of(token)
        expires, issued = _moment(claims.get("exp")), _moment(claims.get("iat"))
        if expires is None:
            return self._lifetime
        return expires - (issued if issued is not None and issued < expires else self._now())


def _moment(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e11:
        return None
    return float(value)


def claims_of(token: str) -> Mapping[str, Any]:
    """Return the claims of a JSON Web Token (RFC 7519, section 3), unverified; empty for any other text."""
    parts = token.split(".")
    # Two signs of padding are enough for each length, and none is too many.
    if len(parts) != 3 or len(parts[1]) > 16 * 1024:
        return {}
    try:
        claims: Any = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return claims if is_object(claims) else {}


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _patience() -> float:
    """Seconds to wait for another process: a third of the call's, so that a token of its own is in time."""
    return left_now(3 * PATIENCE) / 3


def _late() -> CallTimeoutError:
    return CallTimeoutError("another call's token did not come in time", sent=False)
