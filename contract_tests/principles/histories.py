"""Whether some order of parallel calls explains every answer by a model (linearizability).

The search is that of Wing and Gong with the memory of Lowe, as in Knossos and Porcupine: one of the calls
that began before any other ended is taken to be the first, and the rest is tried from the state that it
leaves.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S", bound=Hashable)
Q = TypeVar("Q")
A = TypeVar("A")

# By a state, a question and its answer: the states that may follow; none if the answer is wrong there.
Step = Callable[[S, Q, A], Iterable[S]]
MOST_CALLS = 16


@dataclass(frozen=True)
class Call(Generic[Q, A]):
    """A call that ended.

    Attributes:
        begun: when it was sent, in seconds on a clock that never goes back.
        ended: when its answer was there.
        asked: the question.
        answer: the answer.
    """

    begun: float
    ended: float
    asked: Q
    answer: A


def explained(calls: Sequence[Call[Q, A]], state: S, step: Step[S, Q, A]) -> set[S]:
    """Return the states in which a history can have ended; none if no order explains it.

    Args:
        calls: at most `MOST_CALLS`, in any order.
        state: the state before the first of them.
        step: the model.

    Raises:
        ValueError: there are more calls than that.
    """
    if len(calls) > MOST_CALLS:
        raise ValueError(f"a history has {len(calls)} calls; {MOST_CALLS} can be ordered")
    seen: set[tuple[frozenset[int], S]] = set()
    ends: set[S] = set()
    open_: list[tuple[frozenset[int], S]] = [(frozenset(range(len(calls))), state)]
    while open_:
        left, now = open_.pop()
        if not left:
            ends.add(now)
            continue
        first_end = min(calls[number].ended for number in left)
        for number in left:
            call = calls[number]
            if call.begun > first_end:
                continue
            for after in step(now, call.asked, call.answer):
                follows = (left - {number}, after)
                if follows not in seen:
                    seen.add(follows)
                    open_.append(follows)
    return ends


def at_once(ask: Callable[[Q], A], questions: Sequence[Q]) -> list[Call[Q, A]]:
    """Ask all questions in the same moment, each in a thread of its own, and return the calls.

    Raises:
        Exception: the first that `ask` raised.
    """
    barrier = threading.Barrier(len(questions))
    calls: list[Call[Q, A]] = []
    failed: list[BaseException] = []

    def run(question: Q) -> None:
        try:
            barrier.wait(timeout=20)
            begun = time.monotonic()
            answer = ask(question)
            calls.append(Call(begun, time.monotonic(), question, answer))
        except BaseException as error:  # told by the thread that waits
            failed.append(error)

    threads = [threading.Thread(target=run, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return calls
