"""Texts that fit patterns, a format and a length together."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from novapost_mock.schemas.formats import expressions_of
from novapost_mock.schemas.patterns.expressions import PatternError
from novapost_mock.schemas.patterns.language import language
from novapost_mock.schemas.patterns.sampler import sampler
from novapost_mock.schemas.plain_values import plain
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.violation import DocumentError

TRIES = 40
"""How often a text is guessed where an automaton cannot hold the expression."""
MAX_MISSES = 3
"""After so many failed searches for the same texts there is no further one."""


class NoTextError(Exception):
    """No text was found that fits."""


class Wanted(NamedTuple):
    """What a schema asks of a text.

    Attributes:
        patterns: expressions that all have to match.
        format: the name of a format; empty for none.
        least: the shortest length, in characters.
        most: the longest length; None for any.
    """

    patterns: tuple[str, ...]
    format: str
    least: int
    most: int | None


class Texts:
    """Makes texts, and remembers for which schemas there are none."""

    def __init__(self, schemas: SchemaSet) -> None:
        """Prepare to make texts.

        Args:
            schemas: what compiles the judge of a text.
        """
        self._schemas = schemas
        self._judges: dict[Wanted, Callable[[Any], bool]] = {}
        self._missed: dict[Wanted, int] = {}

    def one(self, random: Random, wanted: Wanted) -> str:
        """Make a text.

        Raises:
            NoTextError: nothing that fits was found.
        """
        if self._missed.get(wanted, 0) >= MAX_MISSES:
            raise NoTextError
        judge = self._judge(wanted)
        for attempt in range(TRIES):
            guesses = False
            for text, is_guess in _candidates(random, wanted, attempt):
                if judge(text):
                    return text
                guesses = guesses or is_guess
            if not guesses:
                break
        self._missed[wanted] = self._missed.get(wanted, 0) + 1
        raise NoTextError

    def _judge(self, wanted: Wanted) -> Callable[[Any], bool]:
        judge = self._judges.get(wanted)
        if judge is None:
            parts: list[Any] = [{"pattern": each} for each in wanted.patterns]
            node: dict[str, Any] = {"type": "string", "minLength": wanted.least, "allOf": parts or [{}]}
            if wanted.format:
                node["format"] = wanted.format
            if wanted.most is not None:
                node["maxLength"] = wanted.most
            try:
                judge = self._schemas.once(node).accepts
            except DocumentError:  # what only engines know, `(?i)` for one; whoever asked judges the whole
                judge = bool
            self._judges[wanted] = judge
        return judge


def _candidates(random: Random, wanted: Wanted, attempt: int) -> Iterator[tuple[str, bool]]:
    """Give texts to try, each with whether another attempt may give a better one."""
    given, _, least, most = wanted
    formats = expressions_of(wanted.format)
    exact = True
    for each in (*((*given, one) for one in formats), given):
        if not each:
            continue
        found = language(each)
        if found is None:
            exact = False
            continue
        exact = exact and found.is_exact
        text = found.text(random, least, most)
        if text is not None:
            yield text, not found.is_exact
    if not given:
        yield plain(random, least, most), False
    elif not exact:
        # Back-references and the like: a guess by a pattern that can be read.
        for pattern in given[attempt % len(given) :] or given:
            try:
                yield sampler(pattern)(random, least), True
            except PatternError:
                continue
