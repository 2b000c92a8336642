"""The honest servers by name, and the suite as a process against one."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from contract_tests.self_tests.honest import asgi_server, socket_server, wsgi_server
from contract_tests.self_tests.honest.pairwise import Factors
from contract_tests.self_tests.support.suite.run import run_suite
from scripts.lib.paths import ANY_API, NOVAPOST

if TYPE_CHECKING:
    import subprocess


class Server(NamedTuple):
    """One of them: what it can do otherwise, and how it is started."""

    factors: Factors
    started: Callable[..., AbstractContextManager[str]]


SERVERS = {
    "socket": Server(socket_server.FACTORS, socket_server.socket_server),
    "wsgi": Server(wsgi_server.FACTORS, wsgi_server.wsgi_server),
    "asgi": Server(asgi_server.FACTORS, asgi_server.asgi_server),
}


def suite_on(
    address: str, *options: str, files: Iterable[Path] = (ANY_API, NOVAPOST)
) -> "subprocess.CompletedProcess[str]":
    """Run the suite, or some files of it, on a server with its control calls."""
    target = [f"--target={address}/v.1.0/", f"--control={address}/__mock__/"]
    return run_suite(*files, "--campaign", "-q", "-p", "no:cacheprovider", *target, *options)
