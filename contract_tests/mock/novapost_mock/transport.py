"""The mock behind an httpx client of the same process, sync and async."""

import httpx

from novapost_mock.messages import Reply, Request
from novapost_mock.mock import Mock


class MockTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that hands every request to a mock: `httpx.Client(transport=MockTransport(mock))`.

    The host of an address has no meaning here, so a client keeps the base address of the real sandbox.
    """

    def __init__(self, mock: Mock | None = None) -> None:
        """Put a mock behind a transport.

        Args:
            mock: a new one with the published example's phone unless given.
        """
        self.mock = mock if mock is not None else Mock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of `httpx.Client`."""
        request.read()
        return _response(self.mock.handle(_request(request)), request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of `httpx.AsyncClient`."""
        await request.aread()
        return _response(self.mock.handle(_request(request)), request)


def _request(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(request.method, path, query, headers, request.content)


def _response(reply: Reply, request: httpx.Request) -> httpx.Response:
    return httpx.Response(reply.status, headers=reply.headers, content=reply.body, request=request)
