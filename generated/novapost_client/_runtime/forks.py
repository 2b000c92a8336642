# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What a fork leaves in the child: copies of the parent's sockets, and locks that nobody there will release.

Two processes that use one socket read each other's answers. So the child begins anew: fresh connections,
fresh locks, no half-done refresh. What belonged to the parent is kept and never touched again: not closed,
not written to. Closing would be no better: asyncio and libuv take a socket that they close out of an epoll
set which the child shares with the parent, and OpenSSL may have been copied in the middle of a read.
"""

import os
import threading
import weakref
from typing import Protocol


class Forked(Protocol):
    """Something that holds locks or sockets."""

    def begin_anew(self) -> None:
        """Leave to the parent what is its own. Called in the child, before any other code of ours."""


_watched: "weakref.WeakSet[Forked]" = weakref.WeakSet()
_left: list[object] = []
_process = os.getpid()
_noticing = threading.Lock()
# Held while modules are loaded: one that is half loaded at a fork can never be loaded in the child, since
# nobody there gives back Python's lock on it. So a fork waits until it is whole.
loading = threading.RLock()


def watch(one: Forked) -> None:
    """Have `begin_anew` of an object called in every child, as long as the object lives."""
    _watched.add(one)


def leave(*things: object) -> None:
    """Keep what belongs to the parent, so that no finalizer closes it in the child."""
    _left.extend(things)


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


def _in_child() -> None:
    global _noticing, loading
    _noticing, loading = threading.Lock(), threading.RLock()
    _begin_anew()


def _before() -> None:
    loading.acquire()


def _in_parent() -> None:
    loading.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
