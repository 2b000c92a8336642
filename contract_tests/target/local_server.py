"""Run a server of the standard library in a thread, for as long as somebody needs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import TCPServer


@contextmanager
def running(server: TCPServer) -> Iterator[str]:
    """Serve in a thread; yield the address, as http without a path; close the server at the end.

    The server's own `daemon_threads` decides whether closing waits for the answers that are still under way.
    """
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
