# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""How far a request has come, so that whoever gets no answer knows whether it may have left.

It waits for a connection, then one is made for it, then it is sent. httpcore tells the last step, for to make
a connection through a proxy takes requests as well. On a connection that was in use before, it comes at once.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

CONNECTING, SENT = "connecting", "sent"
_PROGRESS = "client.progress"
_BEGUN = ("http11.send_request_headers.started", "http2.send_request_headers.started")

Extensions = MutableMapping[str, Any]


def progress_of(extensions: Mapping[str, Any]) -> str | None:
    """Return CONNECTING or SENT, or None while a request waits for a connection."""
    progress: str | None = extensions.get(_PROGRESS)
    return progress


def begin(extensions: Extensions, *, is_new: bool, tasks: bool) -> None:
    """Note that a request has got a connection, which is to be made if `is_new`."""
    if not is_new:
        extensions[_PROGRESS] = SENT
    elif progress_of(extensions) != CONNECTING:
        # Also after a connection in use that turned out not to take the request: nothing was sent on it.
        extensions[_PROGRESS] = CONNECTING
        watch = _watch_tasks if tasks else _watch
        extensions["trace"] = watch(extensions, extensions.get("trace"))


def _note(extensions: Extensions, event: str, facts: Mapping[str, Any]) -> None:
    if event in _BEGUN and facts["request"].method != b"CONNECT":
        extensions[_PROGRESS] = SENT


def _watch(
    extensions: Extensions, told: Callable[[str, Mapping[str, Any]], object] | None
) -> Callable[[str, Mapping[str, Any]], None]:
    def trace(event: str, facts: Mapping[str, Any]) -> None:
        _note(extensions, event, facts)
        if told is not None:
            told(event, facts)

    return trace


def _watch_tasks(
    extensions: Extensions, told: Callable[[str, Mapping[str, Any]], Awaitable[object]] | None
) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    async def trace(event: str, facts: Mapping[str, Any]) -> None:
        _note(extensions, event, facts)
        if told is not None:
            await told(event, facts)

    return trace
