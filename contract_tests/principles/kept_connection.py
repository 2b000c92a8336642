"""Many requests over one connection, one after the other without a pause."""

from collections.abc import Iterator
from typing import NamedTuple

import httpx

from contract_tests.target.transport import KeptTransport, Wire


class Turn(NamedTuple):
    """One request of many.

    Attributes:
        number: its place on its connection, from 1 on.
        answer: what came; None where the connection ended without an answer although it had not been idle.
    """

    number: int
    answer: httpx.Response | None


def turns(request: httpx.Request, count: int) -> Iterator[Turn]:
    """Send a request so often over as few connections as the server lets it be.

    A server may close a connection after each answer, if it says so (RFC 9112, section 9.6): the next request
    is the first one of another connection.

    Raises:
        httpx.TransportError: no whole answer came, on a new connection either.
    """
    transport = KeptTransport()
    wire, number = Wire(transport), 0
    try:
        for _ in range(count):
            number = number + 1 if transport.has_idle else 1
            answer = wire.send(request)
            if not transport.keeps:
                # The kept connection swallowed the request, and a new one has answered it.
                yield Turn(number, None)
                return
            yield Turn(number, answer)
    finally:
        wire.close()
