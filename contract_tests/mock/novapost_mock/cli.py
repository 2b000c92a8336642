"""The command `novapost-mock`: serve the mock on a port until a signal stops it."""

import argparse
import errno
import gc
import ipaddress
import logging
import os
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

from novapost_mock.cli_options import TOKEN_VARIABLE, given_token, parser
from novapost_mock.cli_state import reseed, state_reason, store_of, warnings
from novapost_mock.console import session
from novapost_mock.control.routes import PREFIX
from novapost_mock.document.document import Document
from novapost_mock.http import open_files
from novapost_mock.http.access import Access
from novapost_mock.http.cors import Origins
from novapost_mock.http.server import Server, serve
from novapost_mock.keys.document import of_file
from novapost_mock.keys.help import EXAMPLE_PHONE
from novapost_mock.keys.settings import Readings
from novapost_mock.keys.store import Store, StoreFullError, StoreUnavailableError
from novapost_mock.mock import Mock

PATIENCE_SECONDS = 1.0
"""How long a start may be silent."""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM.

    Args:
        argv: the arguments after the program's name (default: those of the process).

    Returns:
        0 after a signal, 2 if the address cannot be used.

    Raises:
        SystemExit: after `--help` (0) and wrong arguments (2).
    """
    arguments = parser().parse_args(argv)
    try:
        open_files.allow()
        origins = Origins(arguments.cors)
        document = None if arguments.spec is None else _document(arguments.spec, arguments.seed)
        store = store_of(arguments.state, arguments.workers)
        token = arguments.control_token or given_token(os.environ.get(TOKEN_VARIABLE, ""))
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
        listener = _listen(arguments.host, arguments.port)
        # After the port: a second start must not replace what the clients of the first one trust.
        try:
            tls = None if arguments.tls is None else _tls(listener, arguments)
        except (ValueError, OSError):
            listener.close()
            raise
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
    for warning in (*warnings(arguments.state), *open_files.warnings()):
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

    # What is read here stays until the end. Without this the collector looks through it again and again.
    gc.disable()
    try:
        document = of_file(path, seed, progress)
        gc.freeze()
    finally:
        gc.enable()
    return document


def _and_close(serve_it: Callable[[], None], store: Store) -> None:
    try:
        serve_it()
    finally:
        store.close()


def _tls(listener: socket.socket, arguments: argparse.Namespace) -> ssl.SSLContext:
    """Make a certificate, and say what it is for and how a client comes to trust it.

    Raises:
        ValueError: a package is missing, or the file holds something else.
        OSError: the file cannot be written.
    """
    tls = import_module("novapost_mock.http.tls")
    file: Path = arguments.tls
    bound: str = listener.getsockname()[0]
    # However every address was written: `0`, `::`, or nothing.
    host = bound if ipaddress.ip_address(bound.partition("%")[0]).is_unspecified else arguments.host
    hosts = tls.hosts_of(host, arguments.allow_host)
    try:
        context: ssl.SSLContext = tls.context(hosts, file)
    except OSError as error:
        raise OSError(error.errno, f"--tls: {ascii(str(file))[1:-1]}: {error.strerror}") from None
    print(f"tls: the certificate is for {', '.join(hosts)}; --allow-host NAME adds a name", file=sys.stderr)
    print(
        f"tls: clients trust this mock by {file}: curl --cacert {file}, SSL_CERT_FILE={file} for httpx and "
        f"urllib, REQUESTS_CA_BUNDLE={file} for requests, NODE_EXTRA_CA_CERTS={file} for Node.js",
        file=sys.stderr,
    )
    return context


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
        cure = "; --port 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
        raise OSError(error.errno, f"{place}: {error.strerror}{cure}") from error
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
