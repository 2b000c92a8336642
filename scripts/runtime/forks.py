"""What a fork leaves in the child: copies of the parent's sockets, and locks that nobody there will release.

Two processes that use one socket read each other's answers. So the child begins anew: fresh connections,
fresh locks, no half-done refresh. What belonged to the parent is kept and never touched again: not closed,
not written to. Closing would be no better: asyncio and libuv take a socket that they close out of an epoll
set which the child shares with the parent, and OpenSSL may have been copied in the middle of a read.

A module that another thread is loading at the fork can never be loaded in the child, for nobody there gives
back Python's lock on it. So before a fork everything is loaded that each call needs, once a client was made
or while another thread loads anything; an import waits for the same import in another thread, and the child
finds all of it whole. Resources and models are many: of them the child forgets what was half loaded, and
loads it anew.
"""

import importlib
import logging  # noqa: F401  # pyright: ignore[reportUnusedImport] - see _EXECUTOR
import os
import sys
import threading
import weakref
from contextlib import suppress
from typing import Any, Protocol


class Forked(Protocol):
    """Something that holds locks or sockets."""

    def begin_anew(self) -> None:
        """Leave to the parent what is its own. Called in the child, before any other code of ours."""


_watched: "weakref.WeakSet[Forked]" = weakref.WeakSet()
_left: list[object] = []
_process = os.getpid()
_noticing = threading.Lock()
_PACKAGE = __name__.removesuffix("._runtime.forks")
# What a first client or call loads, by itself or through the libraries below: `importlib` for the file of
# certifi from Python 3.13 on, the last ones for the name of a host. `need` adds to them. A test compares
# them with the modules that calls load. The value says whether a module is still to be tried.
_OWN = ("engine", "variables", "token_store", "foreign", "pools", "enums", "parsing")
_needed = dict.fromkeys(
    (
        *(f"{__package__}.{name}" for name in _OWN),
        "httpcore",
        "anyio._backends._asyncio",
        "anyio.streams.tls",
        "anyio.to_thread",
        "attrs",
        "importlib.readers",
        "importlib.resources._adapters",
        "encodings.idna",
        "stringprep",
    ),
    True,
)
_has_client = False
# Takes a lock before a fork and gives it back after. Loaded in between it would give back what it never took,
# so it is not among those above; the same holds for `logging`, which is therefore loaded with this module.
_EXECUTOR = "concurrent.futures.thread"
# Python has no public name for its locks on modules. Without them a child may hang, as with any package.
_locks: dict[str, Any] = getattr(getattr(importlib, "_bootstrap", None), "_module_locks", {})


def watch(one: Forked) -> None:
    """Have `begin_anew` of an object called in every child, as long as the object lives."""
    _watched.add(one)


def leave(*things: object) -> None:
    """Keep what belongs to the parent, so that no finalizer closes it in the child."""
    _left.extend(things)


def need(*modules: str) -> None:
    """Have further modules loaded before a fork."""
    for name in modules:
        _needed.setdefault(name, True)


def expect_calls() -> None:
    """Have every fork load what calls need, for a client is made."""
    global _has_client
    _has_client = True


def notice() -> None:
    """Begin anew if this is another process and no hook has told: uWSGI forks without Python's hooks."""
    if os.getpid() != _process:
        with _noticing:
            if os.getpid() != _process:
                _begin_anew()


def _begin_anew() -> None:
    global _process
    for one in tuple(_watched):
        one.begin_anew()
    _process = os.getpid()


def load() -> None:
    """Load what calls need, each module once."""
    for name in [name for name, untried in _needed.copy().items() if untried]:
        # A package that is not installed, or one that cannot be loaded, is told to whoever makes a call.
        with suppress(Exception):
            importlib.import_module(name)
        # Only now: another thread that forks meanwhile has to wait for it, too.
        _needed[name] = False


def _half_loaded() -> list[str]:
    """Return the modules that other threads are loading."""
    nobody = (None, threading.get_ident())
    return [name for name, lock in _locks.copy().items() if getattr(lock(), "owner", None) not in nobody]


def _forget_half_loaded() -> None:
    """Have those modules loaded anew that threads of the parent were loading."""
    for name in _half_loaded():
        if name in (_PACKAGE, _EXECUTOR) or name.startswith(f"{_PACKAGE}."):
            del _locks[name]
            if getattr(getattr(sys.modules.get(name), "__spec__", None), "_initializing", False):
                del sys.modules[name]


def _before() -> None:
    # A program that only imports the package, and forks, need not wait for all of it.
    if _has_client or _half_loaded():
        load()


def _in_child() -> None:
    global _noticing
    _noticing = threading.Lock()
    _forget_half_loaded()
    _begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_child=_in_child)
