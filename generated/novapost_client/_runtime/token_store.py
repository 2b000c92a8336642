# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Stores with which several processes share a token.

A store is any object with three methods, such as `FileTokenStore` or a small class over Redis. A client reads
the store if it has no token, and writes to it when it has obtained one. A store is only a cache: no call
fails because of it.
"""

import errno
import json
import math
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from . import forks
from .redaction import MASK
from .values import is_object

try:
    import fcntl
except ImportError:  # Windows: each process may then obtain a token of its own when none is stored.
    fcntl = None  # type: ignore[assignment]

_MAX_BYTES = 64 * 1024


class StoredToken:
    """A token and the time at which it expires. Its printed form shows neither.

    Attributes:
        token: the token.
        expires_at: the time at which it expires, in seconds since 1970 by the clock of this machine.
    """

    __slots__ = ("expires_at", "token")

    def __init__(self, token: str, expires_at: float) -> None:
        self.token = token
        self.expires_at = expires_at

    def to_json(self) -> str:
        """Return it as text, for stores that keep text. The text contains the token."""
        return json.dumps({"token": self.token, "expires_at": self.expires_at})

    @classmethod
    def from_json(cls, text: str | bytes) -> "StoredToken":
        """Return the token of a text that `to_json` returned.

        Raises:
            ValueError: `to_json` did not return this text.
        """
        try:
            value: Any = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        token = value.get("token") if is_object(value) else None
        moment = value.get("expires_at") if is_object(value) else None
        if not isinstance(token, str) or isinstance(moment, bool) or not isinstance(moment, (int, float)):
            # It may be the text of a token all the same.
            del text, value, token, moment
            raise ValueError("no stored token")
        return cls(token, float(moment))

    def is_usable(self) -> bool:
        """Return whether it can be sent: printable ASCII, and a moment that is a number."""
        return _is_printable(self.token) and math.isfinite(self.expires_at)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StoredToken):
            return NotImplemented
        return (self.token, self.expires_at) == (other.token, other.expires_at)

    def __hash__(self) -> int:
        return hash((self.token, self.expires_at))

    def __repr__(self) -> str:
        return f"StoredToken({MASK})"


def _is_printable(token: object) -> bool:
    # A store of a caller's own may put anything here.
    return isinstance(token, str) and token != "" and all("!" <= character <= "~" for character in token)


class TokenStore(Protocol):
    """The methods of a store for `token_store=`.

    A key is a hash of the address and the API key: it shows neither, and is safe as a file name. The methods
    may block; for async calls the client runs them in a thread.

    A store may also have `lock(key)`. It returns an object with `release()`, or None while another process
    has the lock. Then one process obtains a token and the others wait for it: for a third of the time that
    their call has left, ten seconds at most.
    """

    def get(self, key: str) -> StoredToken | None:
        """Return the token of a key, or None."""

    def save(self, key: str, token: StoredToken) -> object:
        """Store the token of a key, in place of an older one."""

    def delete(self, key: str) -> object:
        """Remove the token of a key, if there is one."""


class FileLock:
    """A lock on an open file, held until it is released, or until the process ends.

    A child that was forked meanwhile has the same open file: it must not keep the lock by it, nor give back
    what is its parent's.
    """

    __slots__ = ("__weakref__", "_file", "_process")

    def __init__(self, file: int) -> None:
        self._file = file
        self._process = os.getpid()
        forks.watch(self)

    def acquire(self) -> bool:
        """Take it, unless another process has it.

        Raises:
            OSError: the file system has no locks.
        """
        with suppress(BlockingIOError):
            if fcntl is not None:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def release(self) -> None:
        """Give it to the next one."""
        try:
            if fcntl is not None and self._file >= 0 and self._process == os.getpid():
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self.begin_anew()

    def begin_anew(self) -> None:
        """Close the file; in a child the lock stays the parent's."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def __del__(self) -> None:
        with suppress(OSError):
            self.release()


class FileTokenStore:
    """A store with one file for each key, which only its owner can read.

    A file is written whole or not at all. If others can read a file, or it belongs to another user, the store
    does not read it, and replaces it with the next token. On Windows there is no lock, and the store does not
    check who may read a file.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self._directory = Path(directory).expanduser()

    def __repr__(self) -> str:
        return f"FileTokenStore({str(self._directory)!r})"

    def _path(self, key: str, ending: str) -> Path:
        if not key or not all(character.isalnum() or character in "-_" for character in key):
            raise ValueError("a key is letters, digits, - and _")
        return self._directory / f"{key}{ending}"

    def get(self, key: str) -> StoredToken | None:
        """Return the token of a key, or None.

        Raises:
            OSError: its file cannot be read, or can be read by others.
        """
        path = self._path(key, ".json")
        try:
            file = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return None
        with os.fdopen(file, "rb") as opened:
            found = os.fstat(file)
            if hasattr(os, "geteuid") and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
                reason = "others can read it, or it is not ours"
                raise PermissionError(errno.EPERM, reason, str(path))
            content = opened.read(_MAX_BYTES)
        try:
            return StoredToken.from_json(content)
        except ValueError:
            return None

    def save(self, key: str, token: StoredToken) -> None:
        """Store the token of a key.

        Raises:
            OSError: its file cannot be written.
        """
        path = self._path(key, ".json")
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600 under a name that nobody can have guessed.
        file, temporary = tempfile.mkstemp(prefix=".", dir=self._directory)
        try:
            with os.fdopen(file, "w", encoding="ascii") as opened:
                opened.write(token.to_json())
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise

    def delete(self, key: str) -> None:
        """Remove the token of a key."""
        self._path(key, ".json").unlink(missing_ok=True)

    def lock(self, key: str) -> FileLock | None:
        """Return the lock of a key, or None while another process has it.

        Raises:
            OSError: the lock file cannot be made, or the file system has no locks.
        """
        path = self._path(key, ".lock")
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
        taken = False
        try:
            taken = lock.acquire()
        finally:
            if not taken:
                lock.begin_anew()
        return lock if taken else None
