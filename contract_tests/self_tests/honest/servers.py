"""The honest servers by name, and the suite as a process against one."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from contract_tests.self_tests.honest import asgi_server, socket_server, wsgi_server
from contract_tests.self_tests.honest.pairwise import Factors
from scripts.lib.paths import ANY_API, NOVAPOST, ROOT


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
    command = [sys.executable, "-m", "pytest", *map(str, files), "--campaign", "-q", "-p", "no:cacheprovider"]
    command += [f"--target={address}/v.1.0/", f"--control={address}/__mock__/", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
