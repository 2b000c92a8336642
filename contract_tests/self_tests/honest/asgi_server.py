"""A small server of ASGI on h11 and asyncio, in a thread: HTTP/1.1 with chunks and kept connections."""

import asyncio
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any

import h11

from contract_tests.self_tests.honest.asgi_application import FACTORS as OF_APPLICATION
from contract_tests.self_tests.honest.asgi_application import Application

FACTORS = {
    **OF_APPLICATION,
    "early": ("", "early-hints"),
    "connection": ("", "closes-each", "closes-after-five"),
    "names": ("", "names-in-lower-case"),
    "date": ("", "with-date-and-server"),
    "trailers": ("", "trailers"),
    "length": ("", "length-known"),
}
_DATE = ("date", "Mon, 07 Dec 2026 10:00:00 GMT")


class _Connection:
    """One connection: h11 says what the bytes mean, the application what the answer is."""

    def __init__(
        self, application: Application, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.application, self.does = application, application.does
        self.reader, self.writer = reader, writer
        self.http = h11.Connection(h11.SERVER, max_incomplete_event_size=65_536)

    async def serve(self) -> None:
        """Answer requests until one side closes."""
        count = 0
        with suppress(h11.RemoteProtocolError, h11.LocalProtocolError, ConnectionError):
            while isinstance(request := await self._event(), h11.Request):
                count += 1
                last = "closes-each" in self.does or ("closes-after-five" in self.does and count == 5)
                await self._answer(request, last)
                if self.http.our_state is not h11.DONE or self.http.their_state is not h11.DONE:
                    break
                self.http.start_next_cycle()
        self.writer.close()

    async def _event(self) -> Any:
        while (event := self.http.next_event()) is h11.NEED_DATA:
            if self.http.they_are_waiting_for_100_continue:
                self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self.http.receive_data(await self.reader.read(4096))
        return event

    def _send(self, event: h11.Event) -> None:
        self.writer.write(self.http.send(event) or b"")

    async def _answer(self, request: h11.Request, last: bool) -> None:
        path, _, query = request.target.partition(b"?")
        path = path[path.find(b"/", 8) :] if path.startswith(b"http://") else path
        scope = {
            "type": "http",
            "method": request.method.decode(),
            "path": path.decode("latin-1"),
            "query_string": query,
            "headers": list(request.headers),
        }
        started: MutableMapping[str, Any] = {}
        whole: list[bytes] = []

        async def receive() -> MutableMapping[str, Any]:
            event = await self._event()
            data = bytes(event.data) if isinstance(event, h11.Data) else b""
            return {"type": "http.request", "body": data, "more_body": isinstance(event, h11.Data)}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
                if "length-known" not in self.does:
                    self._begin(started, last, None)
            elif "length-known" in self.does:
                whole.append(message["body"])
                if not message.get("more_body"):
                    self._begin(started, last, len(b"".join(whole)))
                    self._send(h11.Data(data=b"".join(whole)))
                    self._end(None)
            elif message.get("more_body"):
                self._send(h11.Data(data=message["body"]))
            else:
                self._end(("trailers" in self.does and request.http_version == b"1.1") or None)
            await self.writer.drain()

        await self.application(scope, receive, send)
        # What the application did not read is read, so that closing loses no answer.
        with suppress(h11.RemoteProtocolError):
            while self.http.their_state is h11.SEND_BODY:
                await self._event()

    def _begin(self, started: MutableMapping[str, Any], last: bool, length: int | None) -> None:
        if "early-hints" in self.does:
            self._send(
                h11.InformationalResponse(status_code=103, headers=[("link", "</style.css>; rel=preload")])
            )
        headers = [(name.decode(), value.decode()) for name, value in started["headers"]]
        if "names-in-lower-case" not in self.does:
            headers = [(name.title(), value) for name, value in headers]
        if length is not None and started["status"] != 204:
            headers.append(("Content-Length", str(length)))
        if "with-date-and-server" in self.does:
            headers += [_DATE, ("server", "own/2.0")]
        if last:
            headers.append(("Connection", "close"))
        self._send(h11.Response(status_code=started["status"], headers=headers))

    def _end(self, trailers: bool | None) -> None:
        told = [("x-checked", "yes")] if trailers else []
        try:
            self._send(h11.EndOfMessage(headers=told))
        except h11.LocalProtocolError:
            self._send(h11.EndOfMessage())


@contextmanager
def asgi_server(*does: str) -> Iterator[str]:
    """Run it in a thread, with some levels of the factors, and give its address without a path."""
    ready = threading.Event()
    kept: dict[str, Any] = {}

    async def run() -> None:
        application, ended = Application(*does), asyncio.Event()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _Connection(application, reader, writer).serve()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=128)
        kept.update(loop=asyncio.get_running_loop(), ended=ended, port=server.sockets[0].getsockname()[1])
        ready.set()
        await ended.wait()
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield f"http://127.0.0.1:{kept['port']}"
    finally:
        kept["loop"].call_soon_threadsafe(kept["ended"].set)
        thread.join()
