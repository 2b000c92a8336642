"""Limits of the server's connections."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a connection may take, in seconds, and how many there may be.

    Attributes:
        connections: enough for any test run, and below the 1024 open files that many systems allow a
            process: past it a client gets a plain 503 instead of a connection that nobody accepts.
        head_seconds: from the connection, or the first byte of a request, to the end of its headers.
        body_seconds: from there to the end of its body.
        idle_seconds: between two requests.
        write_seconds: until a client that takes no answers begins to.
        linger_seconds: how long bytes are dropped after a last answer.
    """

    connections: int = 900
    head_seconds: float = 10.0
    body_seconds: float = 20.0
    idle_seconds: float = 30.0
    write_seconds: float = 20.0
    linger_seconds: float = 2.0
