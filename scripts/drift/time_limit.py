"""Run a comparison in a child process with limits of time and memory, and of time for each leaf.

A library that decides containment cannot be interrupted from within. So the child says which leaf it begins;
when it does not come back from one, it is ended and started again without that question, whose answer is
then "unknown".
"""

import gc
import json
import mmap
import os
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from itertools import starmap
from pathlib import Path
from typing import Any, TypeAlias

from scripts.lib.errors import Refusal, Refusals

SECONDS = 9.0  # of work, so that on an idle machine all is over within ten with the start of Python
LEAF_SECONDS = 2.0
MEMORY_BYTES = 1024**3
_MAX_RESTARTS = 3
# Time is what the child worked, so that a busy machine gives the answers of an idle one; but of what passes
# on the clock at least this part counts, so that who waits for nothing is ended, too.
_SHARE = 0.2
_DIGEST = 12

# Told the name of a leaf when it is begun, and None when it is over.
Beat: TypeAlias = Callable[[str | None], None]
# What the child does: it is given the leaves to leave out and a way to tell which leaf it begins.
Work = Callable[[frozenset[str], Beat], dict[str, Any]]


def bounded(work: Work, place: str, seconds: float = SECONDS, leaf_seconds: float = LEAF_SECONDS) -> Any:
    """Return what `work` returns, a JSON value, computed in a child process.

    Args:
        work: what to do.
        place: what to name in a refusal.
        seconds: how long all of it may take, in seconds of work; see `_SHARE`.
        leaf_seconds: how long one leaf may take.

    Raises:
        Refusal, Refusals: the work refused its input, or needs more time or memory than there is.
    """
    if not hasattr(os, "fork"):  # no such limits on this system
        return work(frozenset(), lambda leaf: None)
    left = seconds
    skip: set[str] = set()
    for _ in range(_MAX_RESTARTS + 1):
        outcome, used = _once(work, frozenset(skip), left, leaf_seconds)
        left -= used
        if isinstance(outcome, str):
            skip.add(outcome)
            continue
        return _result(outcome, place, seconds)
    raise Refusal(place, "too many of its schemas take too long to compare")


def _once(
    work: Work, skip: frozenset[str], seconds: float, leaf_seconds: float
) -> tuple[bytes | None | str, float]:
    """Return what the child sent, and the time that it used.

    It is None if the child ran out of time, and the name of a leaf that took too long.
    """
    board = mmap.mmap(-1, 64)
    receiving, sending = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        # From 3.12 on Python warns where threads run. The child takes no lock that one of them could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(receiving)
        _child(work, skip, board, sending)
    os.close(sending)
    content = bytearray()
    begun = time.monotonic()
    leaf, since = b"", 0.0
    is_over = False
    try:
        while True:
            now = _used(child, begun)
            if now >= seconds:
                return None, now
            current = board[:_DIGEST]
            if current != leaf:
                leaf, since = current, now
            elif leaf.strip(b"\0") and now - since > leaf_seconds:
                return leaf.decode(), now
            ready, _, _ = select.select([receiving], [], [], min(0.25, seconds - now))
            if ready:
                piece = os.read(receiving, 1 << 16)
                if not piece:
                    is_over = True
                    return bytes(content), now
                content += piece
    finally:
        os.close(receiving)
        if not is_over:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        board.close()


def _used(child: int, begun: float) -> float:
    """Return the seconds that count of a child which was begun at that time."""
    passed = time.monotonic() - begun
    try:
        stat = Path(f"/proc/{child}/stat").read_text(encoding="utf-8", errors="replace")
        fields = stat.rpartition(")")[2].split()
        worked = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):  # not Linux: what passed is all that is known
        return passed
    return max(worked, passed * _SHARE)


def _child(work: Work, skip: frozenset[str], board: mmap.mmap, sending: int) -> None:
    status = 1
    try:
        _limit()
        sys.setrecursionlimit(5000)
        # Nearly all that is made stays to the end, so there is little to look for.
        gc.freeze()
        gc.set_threshold(100_000, 20, 20)

        def beat(leaf: str | None) -> None:
            board[:_DIGEST] = (leaf or "").encode().ljust(_DIGEST, b"\0")[:_DIGEST]

        try:
            outcome: dict[str, Any] = {"result": work(skip, beat)}
        except Refusal as refusal:
            outcome = {"refusals": [[refusal.place, refusal.reason]]}
        except Refusals as several:
            outcome = {"refusals": [[one.place, one.reason] for one in several.refusals]}
        except MemoryError:
            outcome = {"memory": True}
        with os.fdopen(sending, "w", encoding="utf-8", errors="surrogatepass") as stream:
            json.dump(outcome, stream)
        status = 0
    except MemoryError:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, MEMORY_BYTES + _inherited()), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        try:
            resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard),) * 2)
        except (ValueError, OSError):  # macOS does not take RLIMIT_AS
            continue


def _inherited() -> int:
    """Return the bytes of addresses that the parent had; the stacks of its threads are among them."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):  # not Linux
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _result(content: bytes | None, place: str, seconds: float) -> Any:
    if content is None:
        raise Refusal(place, f"it takes longer than {seconds:g} seconds")
    if not content:
        raise Refusal(place, "the comparison failed or needs more memory than 1 GB")
    outcome = json.loads(content.decode("utf-8", "surrogatepass"))
    if outcome.get("memory"):
        raise Refusal(place, "it needs more memory than 1 GB")
    if "refusals" in outcome:
        raise Refusals(starmap(Refusal, outcome["refusals"]))
    return outcome["result"]
