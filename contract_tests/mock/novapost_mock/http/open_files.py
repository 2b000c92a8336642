"""The limit on open files, which is below the limit on connections on many systems."""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from novapost_mock.http.limits import Limits

SPARE = 100
"""Files that a mock opens beside its connections: modules, a state, connections above the limit."""

LEAST = 32
"""Files without which no mock starts: streams, the event loop, the listener, a state, some connections."""


def allow() -> None:
    """Raise this process's own limit as far as the mock needs and the system lets it.

    Raises:
        ValueError: the limit is too low to start.
    """
    resource = _resource()
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited, wanted = resource.RLIM_INFINITY, Limits().connections + SPARE
    if soft != unlimited and soft < wanted:
        soft = wanted if hard == unlimited else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft != unlimited and soft < LEAST:
        raise ValueError(f"this process may open {soft} files, too few to start; ulimit -n {wanted}")


def warnings() -> Iterator[str]:
    """Say that connections will be refused for want of files."""
    resource = _resource()
    if resource is None:
        return
    soft, wanted = resource.getrlimit(resource.RLIMIT_NOFILE)[0], Limits().connections + SPARE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        yield (
            f"this process may open {soft} files, which is not enough for {Limits().connections} connections;"
            f" ulimit -n {wanted}"
        )


def _resource() -> ModuleType | None:
    try:
        return import_module("resource")
    except ModuleNotFoundError:  # Windows has no such limit
        return None
