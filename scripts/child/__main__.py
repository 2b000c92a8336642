"""The child process in which an untrusted document is read and its client generated.

    python -m scripts.child VERB PROCESSOR-SECONDS

Started by `scripts.confinement.run`, in a folder of its own. Before anything else is imported the process
gives up what it does not need: memory and processor time beyond a limit, sockets, other processes, files
outside its folder. Then the verb reads `job.json` and writes `report.json`, both in that folder.
"""

import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from scripts.child.watch import memory_meter, watch
from scripts.confinement.limits import FILE_BYTES, MEMORY_BYTES, OUT_OF_MEMORY, PROCESSOR_SECONDS
from scripts.lib.paths import ROOT

try:
    import resource
except ImportError:  # not a POSIX system; a thread of the child looks at its limits
    resource = None  # type: ignore[assignment]

# Each of these does to the outside what neither reading nor generating has any need to do.
_FORBIDDEN = (
    *(
        "socket.",
        "subprocess.",
        "os.system",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
    ),
    *(
        "os.kill",
        "os.killpg",
        "os.startfile",
        "os.add_dll_directory",
        "pty.",
        "ctypes.",
        "signal.pthread_kill",
    ),
    *(
        "ftplib.",
        "http.client.",
        "imaplib.",
        "poplib.",
        "smtplib.",
        "telnetlib.",
        "nntplib.",
        "urllib.Request",
    ),
    *("webbrowser.", "sqlite3.", "winreg.", "msvcrt.", "fcntl.", "syslog.", "mmap.", "pdb.", "os.setxattr"),
)
# Which arguments of these events are paths that change.
_CHANGES = {
    **dict.fromkeys(
        ("os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.chown", "os.truncate", "os.utime"), 1
    ),
    **dict.fromkeys(
        ("os.rename", "os.link", "os.symlink", "shutil.move", "shutil.copyfile", "shutil.copytree"), 2
    ),
    **dict.fromkeys(("shutil.rmtree", "shutil.make_archive", "tempfile.mkstemp", "tempfile.mkdtemp"), 1),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Forbidden(Exception):
    """The process tried what it gave up."""


def confine(folder: Path, seconds: int = PROCESSOR_SECONDS) -> None:
    """Give up, for the rest of this process, all that is not needed to work within `folder`."""
    meter = memory_meter()
    if not _limit(seconds):
        watch(seconds, MEMORY_BYTES, meter)
    home = os.path.realpath(folder)
    # Of the project only what runs here: beside it may lie what is nobody's business.
    parts = [str(ROOT / "scripts"), str(ROOT / "openapi" / "templates")]
    places = [
        *(path for path in sys.path if path and Path(path) != ROOT),
        sys.prefix,
        sys.base_prefix,
        *parts,
        home,
    ]
    readable = tuple({os.path.realpath(path) for path in places})

    def within(path: Any, folders: tuple[str, ...]) -> bool:
        if isinstance(path, int):  # a file that is open already
            return True
        real = os.path.realpath(os.fsdecode(path))
        return any(real == folder or real.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = bool((flags or 0) & _WRITING) or any(c in (mode or "") for c in "wax+")
            if not within(path, (home,) if writes else readable):
                _forbid(f"{'write' if writes else 'read'} {path}")
        elif event in _CHANGES:
            for path in arguments[: _CHANGES[event]]:
                if path is not None and not within(path, (home,)):
                    _forbid(f"change {path}")
        elif event.startswith(_FORBIDDEN):
            _forbid(event)

    # httpcore, which the generator loads, takes trio where it is installed (selenium brings it), and trio
    # loads the C library by ctypes, which is forbidden here. Nothing here talks to anybody: there is none.
    sys.modules["trio"] = None  # type: ignore[assignment]
    sys.addaudithook(guard)


def _forbid(what: str) -> NoReturn:
    raise Forbidden(f"tried to {what}")


def _limit(seconds: int) -> bool:
    """Set the limits of this process; tell whether the system holds it to all of them."""
    if resource is None:
        return False
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    held = sys.platform == "linux"  # of macOS it is not sure that a limit which it takes is kept
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        try:
            soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
            # At the soft limit of time a signal says what ended the process; one second later it is killed.
            last = soft + 1 if limit == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else soft
            resource.setrlimit(limit, (soft, last))
        except (ValueError, OSError):  # macOS does not take RLIMIT_AS
            held = False
    return held


def _verb(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    # Imported only here, when the process is confined.
    if name == "read":
        from scripts.child.read import read_here

        return read_here
    if name == "propose":
        from scripts.child.propose import propose_here

        return propose_here
    from scripts.child.generate import generate_here

    return generate_here


def main(name: str, seconds: int) -> int:
    """Run one verb on `job.json`, for so long at most, and leave `report.json`."""
    confine(Path.cwd(), seconds)
    # One document, and then this process ends. It keeps nearly all that it makes: to look through that for
    # garbage takes a quarter of the time. Garbage counts towards the limit of memory.
    gc.disable()
    try:
        report = _verb(name)(json.loads(Path("job.json").read_text(encoding="utf-8")))
        Path("report.json").write_text(json.dumps(report), encoding="utf-8")
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
