"""The generated client's own connection to the target, watched: what it exchanges is recorded and judged."""

import time

import httpx

from contract_tests.session.api import Api
from contract_tests.target.transport import trust


class RecordedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """httpx' real transports, sync and async, that tell an `Api` about every exchange."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._sync: httpx.BaseTransport
        self._async: httpx.AsyncBaseTransport
        if api.target.sandbox is not None:
            self._sync = self._async = api.target.sandbox
            return
        # One thread at a time, and a connection for each request.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._sync = httpx.HTTPTransport(verify=trust(), trust_env=False, limits=limits)
        self._async = httpx.AsyncHTTPTransport(verify=trust(), trust_env=False, limits=limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, read its answer and note both."""
        started = time.perf_counter()
        try:
            response = self._sync.handle_request(request)
            response.read()
        except httpx.HTTPError as error:
            self._api.failed(request, error)
            raise
        self._api.saw(request, response, time.perf_counter() - started)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, read its answer and note both."""
        started = time.perf_counter()
        try:
            response = await self._async.handle_async_request(request)
            await response.aread()
        except httpx.HTTPError as error:
            self._api.failed(request, error)
            raise
        self._api.saw(request, response, time.perf_counter() - started)
        return response

    def close(self) -> None:
        """Close the sync connections; the sandbox's transport is the session's."""
        if self._sync is not self._api.target.sandbox:
            self._sync.close()

    async def aclose(self) -> None:
        """Close the async connections; those of the sandbox's transport end with each event loop."""
        await self._async.aclose()
