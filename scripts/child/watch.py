"""Hold a process to limits of time and memory where the system does not: a thread that looks at both.

POSIX counts itself and ends the process to the moment. Windows has no such limits, and macOS none of memory.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable

from scripts.confinement.limits import OUT_OF_MEMORY, OUT_OF_TIME

PAUSE_SECONDS = 0.05
"""How often it looks. What is asked for in between is not seen before it is there."""


def watch(seconds: float, memory_bytes: int, memory_used: Callable[[], int] | None) -> threading.Thread:
    """End this process, with the exit code that says why, as soon as it goes beyond a limit.

    Args:
        seconds: of the processor.
        memory_bytes: how much it may use.
        memory_used: how much it uses, in bytes; None where nobody can tell.
    """

    def look() -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            if time.process_time() > seconds:
                os._exit(OUT_OF_TIME)
            if memory_used is not None and memory_used() > memory_bytes:
                os._exit(OUT_OF_MEMORY)

    thread = threading.Thread(target=look, name="limits", daemon=True)
    thread.start()
    return thread


def memory_meter() -> Callable[[], int] | None:
    """Return what tells the memory of this process in bytes, or None where nothing does.

    To be called before the process gives up what it does not need: on Windows it loads a library.
    """
    if sys.platform == "win32":
        return _windows_meter()
    if sys.platform == "linux":
        # Not the peak that `resource` tells: a process begins with that of the one that started it.
        # Opened once, since a confined process opens nothing outside its folder.
        with contextlib.suppress(OSError):
            table = os.open("/proc/self/statm", os.O_RDONLY)
            page = os.sysconf("SC_PAGE_SIZE")
            return lambda: int(os.pread(table, 100, 0).split()[1]) * page
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if sys.platform == "win32":

    def _windows_meter() -> Callable[[], int]:
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            """PROCESS_MEMORY_COUNTERS of psapi.h."""

            _fields_ = (
                ("cb", wintypes.DWORD),
                ("PageFaultCount", wintypes.DWORD),
                *((name, ctypes.c_size_t) for name in ("PeakWorkingSetSize", "WorkingSetSize")),
                *((f"quota{number}", ctypes.c_size_t) for number in range(4)),
                *((name, ctypes.c_size_t) for name in ("PagefileUsage", "PeakPagefileUsage")),
            )

        counters = Counters(cb=ctypes.sizeof(Counters))
        ask = ctypes.WinDLL("psapi").GetProcessMemoryInfo
        ask.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
        process = wintypes.HANDLE(-1)  # this one

        def used() -> int:
            ask(process, ctypes.byref(counters), counters.cb)
            return int(counters.PagefileUsage)

        return used
