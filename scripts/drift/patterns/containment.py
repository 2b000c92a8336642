"""Tell whether all texts of one kind are texts of another, by pattern and length, with a text that proves it.

greenery decides containment of patterns, too, and was looked at: it knows no anchors, counts no lengths
beside the pattern, bounds no work and gives a text only for what it has built in full. Here the two automata
are walked side by side, shortest texts first, and the walk ends after `MAX_STEPS`.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scripts.drift.patterns.automaton import Automaton, Unsupported, automaton

MAX_STEPS = 20_000
# What to show, where any character of a range would do: something that people can read.
_READABLE = "a1Aé_- .0zZ9,;:/@#!"


@dataclass(frozen=True)
class Texts:
    """Texts that match every pattern and have a length between two bounds, the upper one None if open."""

    patterns: tuple[str, ...] = ()
    lengths: tuple[int, int | None] = (0, None)


@lru_cache(maxsize=2000)
def _automaton(pattern: str) -> Automaton:
    return automaton(pattern)


def within(inner: Texts, outer: Texts) -> tuple[str, str | None]:
    """Whether every text of `inner` is one of `outer`: "yes", "no" with a text that is not, or "unknown"."""
    try:
        walk = _walk(inner, outer.patterns, _horizon(inner, outer))
        for text, length, mine, theirs in walk:
            if mine and _has(length, inner.lengths) and not (theirs and _has(length, outer.lengths)):
                return "no", text
    except Unsupported:
        return "unknown", None
    return "yes", None


def example(texts: Texts, at_least: int = 0) -> str | None:
    """Return a shortest text of that kind, None if there is none or it cannot be found within the bounds."""
    low = max(texts.lengths[0], at_least)
    try:
        for text, length, mine, _ in _walk(texts, (), low + 1):
            if mine and length >= low and _has(length, texts.lengths):
                return text
    except Unsupported:
        pass
    return None


def quoted(text: str) -> str:
    """Return a text as a pattern that matches nothing else."""
    return "".join(c if c.isalnum() or c == "_" else f"\\{c}" if ord(c) < 128 else c for c in text)


def _has(length: int, bounds: tuple[int, int | None]) -> bool:
    return bounds[0] <= length and (bounds[1] is None or length <= bounds[1])


def _horizon(inner: Texts, outer: Texts) -> int:
    """Return the length from which on no bound makes a difference."""
    return 1 + max(bound or 0 for texts in (inner, outer) for bound in texts.lengths)


def _walk(inner: Texts, others: tuple[str, ...], horizon: int) -> Iterator[tuple[str, int, bool, bool]]:
    """Yield a text for every way in which the automata can stand, the shortest first.

    Each with its length, whether the patterns of `inner` accept it, and whether the others do.
    """
    mine, theirs = [_automaton(p) for p in inner.patterns], [_automaton(p) for p in others]
    machines = [*mine, *theirs]
    alphabet = _alphabet(machines)
    if inner.lengths[1] is not None:
        horizon = max(horizon, inner.lengths[1] + 1)
    start = tuple(machine.first() for machine in machines)
    seen = {(start, 0)}
    waiting = deque([(start, 0, "")])
    steps = 0
    while waiting:
        states, length, text = waiting.popleft()
        accepted = [m.accepts(s, not text) for m, s in zip(machines, states, strict=True)]
        yield text, length, all(accepted[: len(mine)]), all(accepted[len(mine) :])
        if inner.lengths[1] is not None and length >= inner.lengths[1]:
            continue
        for character in alphabet:
            steps += 1 + sum(map(len, states)) // 4
            if steps > MAX_STEPS:
                raise Unsupported
            after = tuple(m.step(s, ord(character)) for m, s in zip(machines, states, strict=True))
            if not all(after[: len(mine)]):
                continue  # the patterns of `inner` cannot match any more
            key = (after, min(length + 1, horizon))
            if key not in seen:
                seen.add(key)
                waiting.append((after, key[1], text + character))


def _alphabet(machines: list[Automaton]) -> list[str]:
    """One character for each range that no automaton tells apart."""
    edges = sorted({0, 128, *(edge for machine in machines for edge in machine.edges())})
    found = []
    for edge, following in zip(edges, [*edges[1:], 0x110000], strict=True):
        low = 0xE000 if edge in range(0xD800, 0xE000) else edge
        if low >= following:
            continue  # half of a surrogate pair is no text
        readable = [c for c in _READABLE if low <= ord(c) < following]
        printable = [chr(code) for code in range(low, min(following, low + 40)) if chr(code).isprintable()]
        found.append((readable or printable or [chr(low)])[0])
    order = {character: index for index, character in enumerate(_READABLE)}
    return sorted(found, key=lambda character: (order.get(character, 99), character))
