"""A server that keeps to documents/rooms.yaml: bookings below rooms, and notes in whatever language."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from contract_tests.self_tests.honest.whole_body import whole_body
from contract_tests.target.local_server import running

# Each lets the bookings of one room be seen in another.
DEFECTS = ("any-room-lists", "any-room-reads")


@contextmanager
def serving(defect: str = "") -> Iterator[str]:
    """Serve on a free port; gives the address without a path."""
    made: dict[str, list[int]] = {}
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

        def _say(self, status: int, body: object = None) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            if content:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _is_there(self, collection: str) -> bool:
            """Return whether the room of a collection exists; languages always do."""
            above = re.fullmatch(r"/rooms/(\d+)/bookings", collection)
            return above is None or int(above[1]) in made.get("/rooms", ())

        def do_POST(self) -> None:
            whole_body(self)
            collection = re.sub(r"^/(uk|en)/", "/any/", self.path)
            if not self._is_there(collection):
                return self._say(404)
            with lock:
                number = 700_001 + sum(map(len, made.values()))
                made.setdefault(collection, []).append(number)
            return self._say(201, {"id": number})

        def do_GET(self) -> None:
            path = re.sub(r"^/(uk|en)/", "/any/", self.path)
            bookings = [number for name, some in made.items() if "/bookings" in name for number in some]
            if path.endswith("/bookings"):
                if defect == "any-room-lists":
                    return self._say(200, bookings)
                return self._say(200, made.get(path, [])) if self._is_there(path) else self._say(404)
            collection, _, last = path.rpartition("/")
            number = int(last) if last.isdecimal() else 0
            known = made.get(collection, [])
            if defect == "any-room-reads" and collection.endswith("/bookings"):
                known = bookings
            return self._say(200, {"id": number}) if number in known else self._say(404)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with running(server) as address:
        yield address
