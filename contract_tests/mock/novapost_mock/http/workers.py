"""Several processes that serve one listening socket, and a parent that keeps them there.

The parent serves nothing. It starts the workers, says the first line once, replaces a worker that ends, and
ends them all when it is told to. A worker notices when its parent is gone, and ends too.
"""

import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

STOP_SECONDS = 5.0
"""How long workers may take to end before they are killed."""
STEADY_SECONDS = 1.0
"""A worker that lived as long was well; one that ended sooner is replaced after a pause."""
LONGEST_PAUSE = 5.0

Serve = Callable[[], None]

_WATCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD) if os.name == "posix" else ()


@dataclass
class _Worker:
    """A process, and the pipe that is its stdout: its first line says that it is ready.

    Attributes:
        pid: of the process; 0 while there is none.
        failures: how many processes in a row ended soon after their start.
        due: when the next process may start, on the monotonic clock.
    """

    number: int
    pid: int = 0
    output: int = -1
    said: bytes = b""
    started: float = 0.0
    failures: int = 0
    due: float = 0.0

    @property
    def is_ready(self) -> bool:
        return b"\n" in self.said


@dataclass
class _Crew:
    serve: Serve
    workers: list[_Worker]
    bell: int
    """Readable when a signal came."""
    lifeline: tuple[int, int]
    """A pipe that nobody writes to. The parent alone holds its writing end: reading it waits for its end."""
    stop: list[int] = field(default_factory=list)


def run(count: int, serve: Serve) -> int:
    """Let so many processes serve until SIGINT or SIGTERM.

    Args:
        count: how many, at least one.
        serve: serves until SIGTERM, in a process of its own; it prints lines on stdout,
            at once, when it is ready. What it works on is made before, and must be fit to be forked: no
            connection, no thread.

    Returns:
        0 after a signal; what the first worker ended with if it never was ready.

    Raises:
        OSError: the system has no process or pipe left.
    """
    bell, ringer = os.pipe()
    for end in (bell, ringer):
        os.set_blocking(end, False)
    crew = _Crew(serve, [_Worker(number) for number in range(count)], bell, os.pipe())

    def note(number: int, _: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            crew.stop.append(number)

    before = {number: signal.signal(number, note) for number in _WATCHED}
    ring_before = signal.set_wakeup_fd(ringer, warn_on_full_buffer=False)
    try:
        return _keep(crew)
    finally:
        _end(crew)
        signal.set_wakeup_fd(ring_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        for end in (bell, ringer, *crew.lifeline):
            os.close(end)


def _keep(crew: _Crew) -> int:
    # One at first: what keeps it from starting would keep them all, and is said once.
    _start(crew, crew.workers[0])
    announced = False
    while not crew.stop:
        _wait(crew)
        for worker, status in _reaped(crew):
            if not announced:
                return os.waitstatus_to_exitcode(status) or 2
            _plan(worker, status)
        if not announced and crew.workers[0].is_ready:
            for worker in crew.workers[1:]:
                _start(crew, worker)
            print(crew.workers[0].said.decode(), end="", flush=True)
            announced = True
        if announced and not crew.stop:
            for worker in crew.workers:
                if not worker.pid and worker.due <= time.monotonic():
                    _start(crew, worker)
    return 0


def _start(crew: _Crew, worker: _Worker) -> None:
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    # Between the fork and its own handlers a worker would take a signal for its parent's.
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    try:
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _work(crew, writing)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
    os.close(writing)
    if worker.output >= 0:
        os.close(worker.output)  # of its predecessor, whose end was noticed before the end of its output
    worker.pid, worker.output, worker.said, worker.started = pid, reading, b"", time.monotonic()


def _work(crew: _Crew, output: int) -> None:
    """Be a worker; never return."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in _WATCHED:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        # The terminal sends Ctrl-C to all; the parent's word is what counts.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for end in (crew.bell, crew.lifeline[1], *(w.output for w in crew.workers if w.output >= 0)):
            os.close(end)
        os.dup2(output, 1)
        os.close(output)
        threading.Thread(target=_outlive_nobody, args=(crew.lifeline[0],), daemon=True).start()
        crew.serve()
        sys.stdout.flush()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)  # no handler of the parent's may run here a second time


def _outlive_nobody(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


def _wait(crew: _Crew) -> None:
    """Wait until something happens, and take in what workers say."""
    now = time.monotonic()
    due = [worker.due - now for worker in crew.workers if not worker.pid and worker.due]
    outputs = {worker.output: worker for worker in crew.workers if worker.output >= 0}
    readable, _, _ = select.select([crew.bell, *outputs], [], [], max(0.0, min(due)) if due else None)
    for end in readable:
        if end == crew.bell:
            os.read(end, 4096)
            continue
        worker = outputs[end]
        piece = os.read(end, 4096)
        if piece and not worker.is_ready:
            worker.said = (worker.said + piece)[:4096]
        elif not piece:
            os.close(end)
            worker.output = -1


def _reaped(crew: _Crew) -> list[tuple[_Worker, int]]:
    ended = []
    for worker in crew.workers:
        if worker.pid:
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid:
                worker.pid = 0
                ended.append((worker, status))
    return ended


def _plan(worker: _Worker, status: int) -> None:
    now = time.monotonic()
    worker.failures = worker.failures + 1 if now - worker.started < STEADY_SECONDS else 0
    # 0.1, 0.2, 0.4 … seconds: a worker that cannot start must not keep the machine busy.
    pause = min(0.05 * 2**worker.failures, LONGEST_PAUSE) if worker.failures else 0.0
    worker.due = now + pause
    code = os.waitstatus_to_exitcode(status)
    how = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
    print(f"warning: worker {worker.number + 1} {how} and is replaced", file=sys.stderr, flush=True)


def _end(crew: _Crew) -> None:
    """End every worker, and wait for it."""
    for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        for worker in crew.workers:
            if worker.pid:
                os.kill(worker.pid, number)
        until = time.monotonic() + seconds
        while any(worker.pid for worker in crew.workers) and time.monotonic() < until:
            _reaped(crew)
            time.sleep(0.01)
    for worker in crew.workers:
        if worker.output >= 0:
            os.close(worker.output)
            worker.output = -1
