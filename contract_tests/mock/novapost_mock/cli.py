"""`novapost-mock`: the mock on a port, until it is told to stop."""

import argparse
import ipaddress
import logging
import os
import re
import secrets
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from novapost_mock.cli_state import reseed, state_reason, store_of, version, warnings
from novapost_mock.console import session
from novapost_mock.control.routes import PREFIX
from novapost_mock.document.document import Document
from novapost_mock.http.access import Access
from novapost_mock.http.cors import Origins
from novapost_mock.http.server import Server, serve
from novapost_mock.keys.document import of_file
from novapost_mock.keys.help import EXAMPLE_PHONE, HELP
from novapost_mock.keys.settings import Readings
from novapost_mock.keys.store import Store, StoreFullError, StoreUnavailableError
from novapost_mock.mock import Mock

TOKEN_VARIABLE = "NOVAPOST_MOCK_CONTROL_TOKEN"

MAX_WORKERS = 64

PATIENCE_SECONDS = 1.0
"""How long a start may be silent."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}\n")


# The certificate that a client of `--tls` trusts, in the folder of the start.
_CA_FILE = Path("novapost-mock-ca.pem")


class _Version(argparse.Action):
    """Show the version. Only then it is looked up, for that reads the folders of all installed packages."""

    def __call__(self, parser: argparse.ArgumentParser, *ignored: object) -> NoReturn:
        print(f"novapost-mock {version()}")
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM.

    Args:
        argv: the arguments after the program's name; those of the process unless given.

    Returns:
        0 after a signal, 2 if the address cannot be used.

    Raises:
        SystemExit: after `--help` (0) and wrong arguments (2).
    """
    arguments = _parser().parse_args(argv)
    try:
        origins = Origins(arguments.cors)
        document = None if arguments.spec is None else _document(arguments.spec, arguments.seed)
        store = store_of(arguments.state, arguments.workers)
        token = arguments.control_token or _given_token(os.environ.get(TOKEN_VARIABLE, ""))
        mock = Mock(
            dict(arguments.client) if arguments.client else (EXAMPLE_PHONE,),
            store=store,
            readings=Readings(
                daily_limit=arguments.daily_limit,
                later_day=arguments.later_day,
                day_zone=arguments.day_zone,
                validity=None if arguments.validity_days is None else timedelta(arguments.validity_days),
                key_length=arguments.key_length,
                created_digits=arguments.created_digits,
                expiry_digits=arguments.expiry_digits,
            ),
            document=document,
            credentials=tuple(arguments.credential or ()),
            not_acceptable=arguments.not_acceptable,
        )
        if store is not None and arguments.client:
            reseed(mock, store, dict(arguments.client))
        tls = None if arguments.tls is None else _tls(arguments.host, arguments.allow_host, arguments.tls)
        listener = _listen(arguments.host, arguments.port)
    except (StoreUnavailableError, StoreFullError) as error:
        print(f"error: {state_reason(error)}", file=sys.stderr)
        return 2
    except (ValueError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        print(f"error: {reason}", file=sys.stderr)
        return 2
    host, port = listener.getsockname()[:2]
    is_open = not ipaddress.ip_address(host.partition("%")[0]).is_loopback
    if is_open:
        warning = "warning: whoever reaches this address can ask for keys and tokens; control wants its token"
        if token is None:
            token = secrets.token_urlsafe(24)
            warning += f" {token}"
        print(warning, file=sys.stderr)
    names = frozenset(name.lower() for name in (arguments.host, *arguments.allow_host))
    access = Access(names, token, origins)
    if document is not None:
        # Loaded only now: a start without a document need not wait for what checks one.
        report = import_module("novapost_mock.document.report").report
        for line in report(document, arguments.spec.name):
            print(line, file=sys.stderr)
    for warning in warnings(arguments.state):
        print(f"warning: {warning}", file=sys.stderr)
    place = f"{'http' if tls is None else 'https'}://{f'[{host}]' if ':' in host else host}:{port}"
    lines = (
        f"novapost-mock listening on {place}{mock.document.base_path}/",
        f"console for people at {place}/{PREFIX}/",
    )
    serve_it = partial(_serve, mock, listener, lines, access, tls)
    if store is None:
        serve_it()
        return 0
    # Whatever the looking has opened: a connection must not be shared with a worker, and each makes its own.
    store.close()
    serve_one = partial(_and_close, serve_it, store)
    if arguments.workers > 1:
        workers = import_module("novapost_mock.http.workers")
        return int(workers.run(arguments.workers, serve_one))
    serve_one()
    return 0


def _document(path: Path, seed: int) -> Document:
    """Read a document, and say how far it is where that takes more than a second."""
    due = time.monotonic() + PATIENCE_SECONDS

    def progress(done: int, of: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + PATIENCE_SECONDS
            print(f"{path.name}: {done} of {of} operations are ready ...", file=sys.stderr, flush=True)

    return of_file(path, seed, progress)


def _and_close(serve_it: Callable[[], None], store: Store) -> None:
    try:
        serve_it()
    finally:
        store.close()


def _tls(host: str, names: Sequence[str], file: Path) -> ssl.SSLContext:
    """Make a certificate, and say how a client comes to trust it.

    Raises:
        ValueError: a package is missing.
        OSError: the file cannot be written.
    """
    hosts = list(dict.fromkeys(("localhost", "127.0.0.1", "::1", host.partition("%")[0], *names)))
    hosts = [each for each in hosts if each not in ("0.0.0.0", "::", "")]  # noqa: S104 (left out, not bound)
    try:
        context: ssl.SSLContext = import_module("novapost_mock.http.tls").context(hosts, file)
    except OSError as error:
        raise OSError(error.errno, f"--tls: {ascii(str(file))[1:-1]}: {error.strerror}") from None
    print(
        f"tls: clients trust this mock by {file}: curl --cacert {file}, SSL_CERT_FILE={file} for Python, "
        f"NODE_EXTRA_CA_CERTS={file} for Node.js",
        file=sys.stderr,
    )
    return context


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="novapost-mock",
        description=HELP.partition("\n\n")[0],
        epilog=HELP.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8080, help="port to listen on, 0 for a free one (8080)")
    parser.add_argument(
        "--client",
        type=_client,
        action="append",
        metavar="PHONE[=MATCHES]",
        help=f"register a phone at the start; may be repeated (only {EXAMPLE_PHONE})",
    )
    parser.add_argument(
        "--allow-host",
        type=_name,
        action="append",
        default=[],
        metavar="NAME",
        help="let in requests whose Host is this name; may be repeated (addresses and dotless names are)",
    )
    parser.add_argument(
        "--control-token",
        type=_token,
        metavar="TOKEN",
        help="control wants Authorization: Bearer TOKEN; better given as "
        f"{TOKEN_VARIABLE} (none, or a new one when --host is not loopback)",
    )
    parser.add_argument(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin use the API, never control; may be repeated; '*' for all, 'none' for "
        "only the named ones (pages of this machine may)",
    )
    parser.add_argument(
        "--tls",
        type=Path,
        nargs="?",
        const=_CA_FILE,
        metavar="FILE",
        help="serve https with a certificate that is made now, and write the authority that clients have to "
        "trust to this file (novapost-mock-ca.pem)",
    )
    parser.add_argument(
        "--state",
        metavar="FILE",
        help="keep keys and clients in a SQLite file, which is made if it is not there, or in PostgreSQL:"
        " postgresql://user@host/database; a state that is found goes on as it was (in memory)",
    )
    parser.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="processes that share one --state (1)"
    )
    other = parser.add_argument_group("another document")
    other.add_argument(
        "--spec",
        type=Path,
        metavar="FILE",
        help="serve this OpenAPI 3.0 or 3.1 document, JSON or YAML; what it has beside the sandbox's own "
        "operations answers by its schemas",
    )
    other.add_argument(
        "--seed", type=int, default=0, metavar="NUMBER", help="what generated bodies are drawn from (0)"
    )
    other.add_argument(
        "--credential",
        action="append",
        metavar="TEXT",
        help="a key, token or USER:PASSWORD that operations with security take; may be repeated; 'any' for "
        "all (whatever does not call itself invalid)",
    )
    other.add_argument(
        "--not-acceptable",
        action="store_true",
        help="answer 406 where Accept takes none of an operation's media types, documented or not (the first "
        "media type is sent unless the operation documents 406)",
    )
    readings = parser.add_argument_group("readings of the rules, where the documents leave them open")
    readings.add_argument(
        "--daily-limit",
        choices=("issuing", "strict"),
        default="issuing",
        help="what the limit of one request a day counts: issuing a key, or every request (issuing)",
    )
    readings.add_argument(
        "--later-day",
        choices=("renew", "repeat"),
        default="renew",
        help="an Active key asked for on a later day: renewed, or the same until it expires (renew)",
    )
    readings.add_argument("--day-zone", default="UTC", metavar="ZONE", help="where a day ends (UTC)")
    readings.add_argument(
        "--validity-days", type=_days, metavar="DAYS", help="how long a key is good for (a calendar year)"
    )
    readings.add_argument("--key-length", type=int, default=40, metavar="DIGITS", help="digits of a key (40)")
    readings.add_argument(
        "--created-digits",
        type=int,
        default=6,
        metavar="DIGITS",
        help="digits after the second of createdAt (6)",
    )
    readings.add_argument(
        "--expiry-digits",
        type=int,
        default=3,
        metavar="DIGITS",
        help="digits after the second of expDate (3)",
    )
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,253}", text):
        raise argparse.ArgumentTypeError("a host is a name, without scheme and port")
    return text


def _token(text: str) -> str:
    # RFC 6750, 2.1. Shorter ones can be tried out.
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,200}=*", text):
        raise argparse.ArgumentTypeError("a control token is 16 to 200 letters, digits and ._~+/-")
    return text


def _given_token(text: str) -> str | None:
    try:
        return _token(text) if text else None
    except argparse.ArgumentTypeError as error:
        raise ValueError(f"{TOKEN_VARIABLE}: {error}") from None


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_WORKERS):
        raise argparse.ArgumentTypeError(f"workers are a number from 1 to {MAX_WORKERS}")
    return int(text)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise argparse.ArgumentTypeError("a validity is a number of days")
    return int(text)


def _client(text: str) -> tuple[str, int]:
    phone, given, matches = text.partition("=")
    if given and not (matches.isascii() and matches.isdigit()):
        raise argparse.ArgumentTypeError("a client is PHONE or PHONE=MATCHES")
    return phone, int(matches) if given else 1


def _listen(host: str, port: int) -> socket.socket:
    """Bind and listen.

    Raises:
        OSError: the address is not there or in use; `strerror` says so with host and port.
    """
    place = f"cannot listen on {ascii(host)[1:-1]}:{port}"  # escaped, so that it stays one line
    try:
        if not host:
            raise OSError(None, "no host given")  # an empty host would mean every address
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise OSError(None, f"{place}: {getattr(error, 'strerror', None) or 'not a host name'}") from error
    try:
        if os.name == "posix":
            # So that a mock can start where one has just stopped. Elsewhere the option would let two
            # processes share a port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"{place}: {error.strerror}") from error
    return listener


def _serve(
    mock: Mock,
    listener: socket.socket,
    lines: Sequence[str],
    access: Access,
    tls: ssl.SSLContext | None,
) -> None:
    """Serve on a socket that listens until SIGINT or SIGTERM; the lines are printed when it is ready."""
    logging.getLogger("novapost_mock").addHandler(logging.StreamHandler())
    handle = mock.handle if access.token is None else partial(session.guarded, mock.handle, access.token)
    # In one write, whatever PYTHONUNBUFFERED says: who waits for the first line must get all of them with it.
    said = "".join(f"{line}\n" for line in lines)
    serve(Server(handle, access, tls=tls), listener, lambda: print(said, end="", flush=True))
