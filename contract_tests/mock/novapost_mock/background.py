"""A server for mocks in a thread of this process."""

import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn

from novapost_mock.asgi import application
from novapost_mock.messages import Reply, Request
from novapost_mock.mock import Mock

START_SECONDS = 10.0


class _Current:
    """Hands each request to the mock of the moment."""

    def __init__(self, background: "Background") -> None:
        self._background = background

    def handle(self, request: Request) -> Reply:
        return self._background.mock.handle(request)


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
        config = uvicorn.Config(
            application(_Current(self)),
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listener],), name="novapost-mock", daemon=True
        )

    def start(self) -> Self:
        """Serve, and return once connections are answered.

        Raises:
            TimeoutError: the thread has not come so far in ten seconds.
        """
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > until:
                raise TimeoutError("the mock did not start")
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        """Stop serving and give the port back."""
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
