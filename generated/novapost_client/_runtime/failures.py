# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Exceptions of httpx and of the libraries below it, turned into our errors."""

import ssl
import zlib

import httpx

from .causes import detached, scrubbed
from .errors import (
    CallTimeoutError,
    ClientError,
    ConnectionFailedError,
    ProtocolError,
    TransportError,
    UndecodableBodyError,
    UsageError,
)
from .hooks import HookFailed
from .redaction import one_line, redact

# A proxy's refusal of a tunnel, too: the request comes after it.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# What httpx and the libraries below it raise for something that a server or a network did.
_OUTSIDE = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpx.CookieConflict,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
)


def translated(error: Exception, secrets: frozenset[str] = frozenset()) -> ClientError:
    """Return our error for an exception that a server or the network caused; raise any other again.

    The exception is kept as the cause, scrubbed: its frames hold the address with the key in it.
    """
    if not isinstance(error, (ClientError, HookFailed, *_OUTSIDE)):
        # The frames of a traceback show their variables.
        del secrets
        raise error
    if isinstance(error, ClientError):
        return detached(error, secrets)
    if isinstance(error, HookFailed):
        refusal = UsageError(f"{error.where} raised {type(error.error).__name__}")
        refusal.__cause__ = scrubbed(error.error, secrets)
        return refusal
    ours = _translated(error, secrets)
    ours.__cause__ = scrubbed(error, secrets)
    return ours


def _translated(error: Exception, secrets: frozenset[str]) -> ClientError:
    if isinstance(error, httpx.DecodingError):
        return UndecodableBodyError("the compressed body is damaged")
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        sent = not isinstance(error, _UNSENT)
        return CallTimeoutError(_error_text(error, "took too long", secrets), sent=sent)
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return UsageError(_error_text(error, "the request cannot be sent", secrets))
    if isinstance(error, httpx.RemoteProtocolError):
        return ProtocolError(_error_text(error, "no proper HTTP", secrets))
    kind: type[TransportError] = ConnectionFailedError
    if isinstance(error, (ValueError, httpx.InvalidURL)) and not isinstance(error, ssl.SSLError):
        kind = ProtocolError
    return kind(_error_text(error, "the connection failed", secrets), sent=not isinstance(error, _UNSENT))


def _error_text(error: Exception, otherwise: str, secrets: frozenset[str]) -> str:
    said = redact(one_line(str(error)), secrets)
    return f"{said or otherwise} ({type(error).__name__})"
