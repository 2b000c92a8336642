"""Call the client under Sentry or OpenTelemetry, and print what they recorded and what was on the wire.

    python -m contract_tests.self_tests.client.instrumented sentry|opentelemetry

A program of its own, because both change httpx for the whole process. It talks to a server on this machine.
"""

import asyncio
import json
import logging
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import novapost_client as sdk
from novapost_client import Client
from novapost_client._runtime.answers import Answers, Documented
from novapost_client._runtime.calls import Call
from novapost_client._runtime.operations import Operation
from novapost_client._runtime.parsing import ANY

# What must be on the wire and nowhere else. A key without the shape of one, so that no pattern hides it.
KEY, PHONE, TOKEN = "correct-horse%battery", "491522881738", "tok.en.value"
REFUSED = "another-key-that-is-refused"


class _Server(BaseHTTPRequestHandler):
    """Give a token for a key, answer a ping, and refuse everything else with an echo of the request."""

    seen: list[str] = []  # noqa: RUF012 - one server in this process

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self.seen.append(f"{self.path} {self.headers.get('authorization')} {body}")
        refused = REFUSED in self.path or self.command == "POST"
        told = json.dumps({"errors": [f"no: {self.path} {body}"]} if refused else {"jwt": TOKEN}).encode()
        self.send_response(401 if refused else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = _answer  # noqa: N815 - the names that http.server calls

    def log_message(self, *ignored: Any) -> None:
        """No-op: the program prints one line of JSON and nothing else."""


def _calls(address: str, tell: Callable[[Exception], object]) -> None:
    ping: Call[Any] = Call(
        Operation("ping", "GET", "/ping", security=(("JWT",),)),
        Answers((200, 200, Documented("json", ANY))),
    )

    async def again() -> None:
        async with Client(address, api_key=KEY, environment="sandbox") as client:
            await client.asend(ping)
            await client.aio.clients.authorization(api_key=KEY)
            with suppress(sdk.StatusError):
                await client.aio.test_api_keys.create(phone=PHONE)

    with Client(address, api_key=KEY, environment="sandbox") as client:
        client.send(ping)
        client.clients.authorization(api_key=KEY)
        for call in (
            lambda: client.test_api_keys.create(phone=PHONE),
            lambda: client.clients.authorization(api_key=REFUSED),
            lambda: client.clients.authorization(api_key=f"{KEY}\ud800"),
            lambda: client.with_options("http://127.0.0.1:1").clients.authorization(api_key=KEY),
        ):
            try:
                call()
            except sdk.ClientError as error:
                tell(error)
    asyncio.run(again())


def _sentry(address: str) -> str:
    import sentry_sdk

    recorded: list[str] = []

    class Keep(sentry_sdk.Transport):
        def capture_envelope(self, envelope: Any) -> None:
            recorded.append(envelope.serialize().decode())

    sentry_sdk.init(dsn="https://key@sentry.invalid/1", transport=Keep, traces_sample_rate=1.0)
    with sentry_sdk.start_transaction(name="calls"):
        _calls(address, sentry_sdk.capture_exception)
    sentry_sdk.flush()
    return "\n".join(recorded)


def _opentelemetry(address: str) -> str:
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    with provider.get_tracer("calls").start_as_current_span("calls") as span:
        _calls(address, span.record_exception)
    return "\n".join(span.to_json() for span in kept.get_finished_spans())


def main(tracer: str) -> None:
    """Run the calls under one tracer."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/v.1.0"
        recorded = {"sentry": _sentry, "opentelemetry": _opentelemetry}[tracer](address)
        server.shutdown()
    print(json.dumps({"recorded": recorded, "wire": "\n".join(_Server.seen)}))


if __name__ == "__main__":
    main(sys.argv[1])
