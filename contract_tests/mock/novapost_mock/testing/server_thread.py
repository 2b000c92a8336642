"""A server for mocks in a thread of this process."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

from novapost_mock.http.access import Access
from novapost_mock.http.event_loop import run
from novapost_mock.http.server import Server
from novapost_mock.messages import Reply, Request
from novapost_mock.mock import Mock

START_SECONDS = 10.0


class Background:
    """A free port of this machine behind which a mock answers; another mock can take its place.

    Attributes:
        port: the port on 127.0.0.1.
        mock: the one that answers.
    """

    def __init__(self, mock: Mock) -> None:
        """Bind a port; nothing is served before `start`."""
        self.mock = mock
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._server = Server(self._answer, Access())
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="novapost-mock", daemon=True)

    def _answer(self, request: Request) -> Reply:
        return self.mock.handle(request)

    def _run(self) -> None:
        async def main() -> None:
            # The port listens already, so a connection that is made from now on is answered.
            asyncio.get_running_loop().call_soon(self._started.set)
            await self._server.run(self._listener)

        run(main())

    def start(self) -> Self:
        """Serve, and return once connections are answered.

        Raises:
            TimeoutError: the thread has not come so far in ten seconds.
        """
        self._thread.start()
        if not self._started.wait(START_SECONDS):
            raise TimeoutError("the mock did not start")
        return self

    def stop(self) -> None:
        """Stop serving and give the port back."""
        if self._thread.is_alive():
            self._server.loop.call_soon_threadsafe(self._server.stop)
            self._thread.join(START_SECONDS)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
