"""Check the settings of a client.

The errors name a setting and its allowed values, but never show the given value.
"""

import difflib
import http.cookiejar
import math
import ssl
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx

from . import headers
from .errors import UsageError
from .limits import Limits
from .operations import Table
from .options import Options
from .retry import Retry
from .values import is_mapping, is_row

# Seconds for a whole call with all its repetitions, and for each wait within it.
TOTAL_SECONDS = 60.0
PHASES = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=TOTAL_SECONDS)

NAMES = frozenset(Options.__annotations__)
# What httpx.Client takes and leaves to whoever makes one.
HTTPX_NAMES = frozenset(
    (
        *("auth", "cert", "cookies", "default_encoding", "event_hooks", "headers", "http1", "http2"),
        *("limits", "mounts", "params", "proxy", "transport", "trust_env", "verify"),
    )
)
# The client's own business; in httpx_args they would go past the rules that it keeps.
_OURS = frozenset({"base_url", "follow_redirects", "max_redirects", "timeout"})
_STORE = ("get", "save", "delete")
_KINDS: tuple[tuple[str, tuple[type, ...], str], ...] = (
    ("verify", (bool, str, ssl.SSLContext), "True, False or an ssl.SSLContext"),
    ("cert", (str, tuple), "a path, or a tuple of paths"),
    ("limits", (httpx.Limits,), "an httpx.Limits"),
    ("cookies", (Mapping, list, httpx.Cookies, http.cookiejar.CookieJar), "a mapping or a jar"),
)
_MAKES: tuple[tuple[str, Callable[[Any], object]], ...] = (
    ("headers", httpx.Headers),
    ("params", httpx.QueryParams),
)
# What other clients call it.
_ELSEWHERE = {
    "base_url": "the address is the first argument of Client(...) and of with_options(...)",
    "max_retries": "did you mean retry=Retry(attempts=...)?",
    "retries": "did you mean retry=Retry(attempts=...)?",
    "default_headers": "did you mean headers?",
    "extra_headers": "did you mean headers?",
    "proxies": "did you mean httpx_args={'proxy': ...}?",
    "max_body_bytes": "did you mean limits=Limits(max_body_bytes=...)?",
    "max_redirects": "did you mean limits=Limits(max_redirects=...)?",
    "max_connections": "did you mean httpx_args={'limits': httpx.Limits(max_connections=...)}?",
    "follow_redirects": "did you mean limits=Limits(max_redirects=...)?",
    "session": "did you mean http_client?",
    "client": "did you mean http_client?",
}


def check(options: Mapping[str, Any], table: Table) -> None:
    """Check the names and types of all settings.

    Raises:
        UsageError: a setting is unknown, or has a wrong type.
    """
    for name in options:
        if name not in NAMES:
            raise UsageError(f"there is no setting {_quoted(name)}; {_meant(name)}")
    check_secret("api_key", options.get("api_key"), ascii_only=False)
    check_secret("token", options.get("token"))
    given = options.get("credentials")
    if given is not None:
        if not is_mapping(given) or not all(isinstance(one, str) for one in given):
            raise UsageError(f"credentials takes a mapping of scheme names to text, not a {_kind(given)}")
        for scheme, value in given.items():
            if scheme not in table.schemes:
                known = f"the document has {', '.join(table.schemes) or 'none'}"
                near = _near(scheme, table.schemes) or known
                raise UsageError(f"credentials has no scheme {_quoted(scheme)}; {near}")
            check_secret(f"credentials[{scheme!r}]", value, optional=False)
    times(options.get("timeout", TOTAL_SECONDS))
    _check_kind("retry", options.get("retry"), Retry, "a Retry or None", {int: "retry=Retry(attempts=...)"})
    _check_kind("limits", options.get("limits"), Limits, "a Limits", {})
    headers.checked(options.get("headers"), "headers")
    _check_environment(options.get("environment"), table)
    if "allow_insecure" in options and not isinstance(options["allow_insecure"], bool):
        raise UsageError(f"allow_insecure takes True or False, not a {_kind(options['allow_insecure'])}")
    store = options.get("token_store")
    missing = [name for name in _STORE if not callable(getattr(store, name, None))]
    if store is not None and missing:
        raise UsageError(f"token_store has no {' and no '.join(missing)}")
    _check_client(options)
    if options.get("httpx_args") is not None:
        _check_httpx(options["httpx_args"])


def times(timeout: object) -> tuple[float | None, httpx.Timeout]:
    """Return the seconds for a whole call, or None for no limit, and the limits of single waits.

    Raises:
        UsageError: it is not a number of seconds above zero, an httpx.Timeout, or None.
    """
    if timeout is None:
        return None, PHASES
    if isinstance(timeout, httpx.Timeout):
        return TOTAL_SECONDS, timeout
    number = isinstance(timeout, (int, float)) and not isinstance(timeout, bool)
    if not number or not float(timeout) > 0 or not math.isfinite(float(timeout)):  # type: ignore[arg-type]
        raise UsageError("timeout takes a number of seconds above zero, an httpx.Timeout, or None")
    return float(timeout), PHASES  # type: ignore[arg-type]


def check_secret(name: str, value: object, *, optional: bool = True, ascii_only: bool = True) -> None:
    """Check a key or a token. Only a key that is sent in the address may have letters outside ASCII.

    Raises:
        UsageError: it is not a text that can be sent.
    """
    if value is None and optional:
        return
    if not isinstance(value, str):
        raise UsageError(f"{name} takes text, not a {_kind(value)}")
    if not value:
        raise UsageError(f"{name} is empty; leave it out where there is none")
    if not value.isprintable() or (ascii_only and not value.isascii()):
        kind = "printable ASCII" if ascii_only else "printable"
        raise UsageError(f"{name} is no {kind} text; a line break at the end comes from a file")
    if value != value.strip():
        raise UsageError(f"{name} begins or ends with a blank")


def _check_kind(name: str, value: object, kind: type, takes: str, hints: Mapping[type, str]) -> None:
    if value is None or isinstance(value, kind):
        return
    hint = next((f"; did you mean {text}?" for other, text in hints.items() if isinstance(value, other)), "")
    raise UsageError(f"{name} takes {takes}, not a {_kind(value)}{hint}")


def _check_environment(environment: object, table: Table) -> None:
    if environment is None:
        return
    known = sorted({server.environment for server in table.servers if server.environment})
    if not isinstance(environment, str):
        raise UsageError(f"environment takes text, not a {_kind(environment)}")
    if known and environment not in known:
        near = _near(environment, known)
        raise UsageError(
            f"there is no environment {_quoted(environment)}; {near or 'there are ' + ', '.join(known)}"
        )


def _check_client(options: Mapping[str, Any]) -> None:
    client = options.get("http_client")
    if client is None:
        return
    if not isinstance(client, (httpx.Client, httpx.AsyncClient)):
        raise UsageError(f"http_client takes an httpx.Client or an httpx.AsyncClient, not a {_kind(client)}")
    if client.is_closed:
        raise UsageError("http_client is closed")
    if options.get("httpx_args"):
        raise UsageError(
            "http_client and httpx_args exclude each other: make the client with those arguments"
        )


def _check_httpx(arguments: object) -> None:
    if not is_mapping(arguments):
        raise UsageError(f"httpx_args takes a mapping, not a {_kind(arguments)}")
    wrong = sorted(str(name) for name in arguments if name in _OURS)
    if wrong:
        raise UsageError(f"httpx_args cannot hold {', '.join(wrong)}; the client has settings for them")
    for name in arguments:
        if name not in HTTPX_NAMES:
            near = _near(name, HTTPX_NAMES) or f"httpx takes {', '.join(sorted(HTTPX_NAMES))}"
            raise UsageError(f"httpx_args has no {_quoted(name)}; {near}")
    for name in ("trust_env", "http1", "http2"):
        if name in arguments and not isinstance(arguments[name], bool):
            raise UsageError(f"httpx_args['{name}'] takes True or False, not a {_kind(arguments[name])}")
    if arguments.get("transport") is not None:
        _check_transport("httpx_args['transport']", arguments["transport"])
        if arguments.get("proxy") is not None:
            raise UsageError("httpx_args has a transport and a proxy; give the proxy to the transport")
    for name, kinds, takes in _KINDS:
        if arguments.get(name) is not None and not isinstance(arguments[name], kinds):
            raise UsageError(f"httpx_args['{name}'] takes {takes}, not a {_kind(arguments[name])}")
    for name, make in _MAKES:
        try:
            make(arguments.get(name))
        except (TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"httpx_args['{name}'] cannot be used: {type(error).__name__}") from None
    _check_mounts(arguments.get("mounts"))
    _check_hooks(arguments.get("event_hooks"))


def _check_transport(name: str, transport: object) -> None:
    if isinstance(transport, type) or not (
        hasattr(transport, "handle_request") or hasattr(transport, "handle_async_request")
    ):
        raise UsageError(f"{name} takes a transport of httpx, not a {_kind(transport)}")


def _check_mounts(mounts: object) -> None:
    if mounts is None:
        return
    if not is_mapping(mounts):
        raise UsageError(f"httpx_args['mounts'] takes a mapping, not a {_kind(mounts)}")
    for pattern, transport in mounts.items():
        if not isinstance(pattern, str) or (pattern and ":" not in pattern):
            raise UsageError("httpx_args['mounts'] takes patterns such as 'https://' and 'all://host'")
        if transport is not None:
            _check_transport(f"httpx_args['mounts'][{pattern!r}]", transport)


def _check_hooks(hooks: object) -> None:
    if hooks is None:
        return
    if not is_mapping(hooks):
        raise UsageError(f"httpx_args['event_hooks'] takes a mapping, not a {_kind(hooks)}")
    for name, several in hooks.items():
        if name not in ("request", "response"):
            raise UsageError(f"httpx_args['event_hooks'] has 'request' and 'response', no {_quoted(name)}")
        if not is_row(several) or not all(callable(one) for one in several):
            raise UsageError(f"httpx_args['event_hooks']['{name}'] takes a list of functions")


def _meant(name: object) -> str:
    text = str(name)
    if text in _ELSEWHERE:
        return _ELSEWHERE[text]
    if text in HTTPX_NAMES:
        return f"did you mean httpx_args={{{text!r}: ...}}?"
    return _near(text, NAMES) or f"there are {', '.join(sorted(NAMES))}"


def _near(name: object, known: Iterable[str]) -> str:
    names = {one.lower(): one for one in sorted(known)}
    near = difflib.get_close_matches(str(name).lower(), names, n=1, cutoff=0.6)
    return f"did you mean {names[near[0]]}?" if near else ""


def _quoted(name: object) -> str:
    # It may be a value in the wrong place.
    text = str(name)
    return repr(text) if len(text) <= 30 and text.isprintable() else "of that name"


def _kind(value: object) -> str:
    return type(value).__name__
