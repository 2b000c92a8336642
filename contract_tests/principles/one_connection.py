"""Different requests over one connection, in turn or all at once, and requests that are given up.

Each gets its own answer, whatever came before it or comes with it. Who leaves without one leaves nothing
behind.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import httpx

from contract_tests.principles.raw_request import (
    Answer,
    RawRequest,
    as_httpx,
    connected,
    raised_as_httpx,
    sent_whole,
)

_CONTENT = json.dumps({"a": 1}).encode()
_TYPE = "Content-Type"
# More than a server reads at once, and no more than any takes.
_LONG = 9_000
# How long a server may be busy with a request whose client has left, and how often it is asked meanwhile.
PATIENCE_SECONDS, PAUSE_SECONDS = 2.0, 0.05
# Before the first question, so that the request that was given up has come in.
ARRIVAL_SECONDS = 0.02


class Neighbour(NamedTuple):
    """A request of another kind that comes before a plain one, on its connection.

    Attributes:
        name: what is odd about it, in words.
    """

    name: str
    request: RawRequest


def neighbours(plain: RawRequest) -> Iterator[Neighbour]:
    """Yield requests with which a server may be done before it has read all of them."""
    body = plain.body or _CONTENT
    full = replace(plain, body=body).with_header(_TYPE, "application/json")
    nowhere = replace(full, method="POST", url=_beside(plain.url, "no-such-path-7f3a"))
    yield Neighbour("content for an unknown path", nowhere)
    yield Neighbour("content in chunks for an unknown path", replace(nowhere, chunks=(7, 16)))
    name = urlsplit(plain.url).path.rpartition("/")[2]
    yield Neighbour("content for a path like its own", replace(full, url=_beside(plain.url, f"{name}-7f3a")))
    yield Neighbour("content of an unknown method", replace(full, method="PROPFIND"))
    yield Neighbour("content of DELETE", replace(full, method="DELETE"))
    yield Neighbour("content of another type", full.with_header(_TYPE, "application/x-nothing"))
    yield Neighbour("content that is no JSON", replace(full, body=b'{"' + body))
    yield Neighbour("long content", replace(full, body=b'{"a": "' + b"a" * _LONG + b'"}'))
    yield Neighbour("HEAD", replace(plain, method="HEAD", body=b"").without_header(_TYPE))
    yield Neighbour("OPTIONS", replace(plain, method="OPTIONS", body=b"").without_header(_TYPE))


def _beside(url: str, name: str) -> str:
    """Return the address of another thing in the same folder."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/{name}", query=""))


class _Lent:
    """The one buffer of a connection, which the reader of one answer may not close."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def makefile(self, mode: str) -> "_Lent":
        return self

    def close(self) -> None:
        """Leave the buffer to the next answer."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def as_kept(requests: Sequence[RawRequest]) -> list[RawRequest]:
    """Return requests of one connection as they are sent: the last one ends it."""
    return [replace(each, keeps=True) for each in requests[:-1]] + [requests[-1]]


def in_a_row(requests: Sequence[RawRequest], *, together: bool) -> list[httpx.Response | None]:
    """Send requests over one connection and read their answers.

    Args:
        together: whether all are sent before the first answer is read (RFC 9112, section 9.3.2).

    Returns:
        For each request its answer; None where the server had closed the connection.

    Raises:
        httpx.TransportError: an answer is none, or ends too early.
    """
    kept = as_kept(requests)
    answers: list[httpx.Response | None] = []
    with (
        raised_as_httpx(),
        connected(requests[0].url) as connection,
        connection.makefile("rb") as file,
    ):
        if together:
            sent_whole(connection, b"".join(each.whole() for each in kept))
        for each in kept:
            if not together and not sent_whole(connection, each.whole()):
                break
            answer = Answer(_Lent(file), method=each.method)  # type: ignore[arg-type]
            try:
                answer.begin()
                answers.append(as_httpx(answer))
            except ConnectionError:
                break
            if answer.will_close or not answer.isclosed():  # or was too large to be read to its end
                break
    return [*answers, *[None] * (len(kept) - len(answers))]


class Part(NamedTuple):
    """How much of a request leaves before its client does."""

    name: str
    of: Callable[[bytes], bytes]


PARTS = (
    Part("all of a request", lambda content: content),
    Part("a request without its last byte", lambda content: content[:-1]),
    Part("the head of a request", lambda content: content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"),
    # Ends in the first name of a header, since a secret that is cut cannot be told from other text.
    Part("the beginning of a head", lambda content: content[: content.index(b"\r\n") + 4]),
)


def give_up(request: RawRequest, content: bytes) -> None:
    """Send what there is of a request, and leave at once, as a client does whose patience or network ends.

    Raises:
        httpx.TransportError: the server cannot be reached.
    """
    with raised_as_httpx(), connected(request.url) as connection:
        sent_whole(connection, content)
