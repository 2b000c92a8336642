"""The lines of a YAML text on which its values stand."""

from collections.abc import Collection, Iterator
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STARTS = frozenset({yaml.MappingStartEvent, yaml.SequenceStartEvent})
_ENDS = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})


def lines(
    content: bytes, wanted: Collection[tuple[str, ...]] | None = None
) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the JSON pointer, line and column (both from 1) of every value of a JSON or YAML text.

    With `wanted`, only what stands directly in one of these values is told: each of them needs its parents
    there, too.

    What cannot be read ends the walk: lines are a service to the reader, and the document was read before.
    """
    trail: list[tuple[bool, list[Any]]] = []
    passed_over = 0
    yield (), 1, 1

    def pointer() -> tuple[str, ...]:
        return tuple(str(state[0]) for _, state in trail if state)

    try:
        event: Any
        for event in yaml.parse(content.decode("utf-8-sig"), Loader=_LOADER):
            kind = type(event)
            if passed_over:
                if kind in _ENDS:
                    passed_over -= 1
                    if not passed_over:
                        _advance(trail)
                elif kind in _STARTS:
                    passed_over += 1
                continue
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                trail.pop()
                _advance(trail)
                continue
            starts = isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
            if not (starts or isinstance(event, yaml.ScalarEvent | yaml.AliasEvent)):
                continue
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            if trail and trail[-1][0] and not trail[-1][1]:
                key = event.value if isinstance(event, yaml.ScalarEvent) else ""
                trail[-1][1].append(key)
                yield pointer(), line, column
                continue
            if trail and not trail[-1][0]:
                yield pointer(), line, column
            if starts and wanted is not None and pointer() not in wanted:
                passed_over = 1
            elif starts:
                is_map = isinstance(event, yaml.MappingStartEvent)
                trail.append((is_map, [] if is_map else [0]))
            else:
                _advance(trail)
    except (yaml.YAMLError, UnicodeDecodeError):
        return


def _advance(trail: list[tuple[bool, list[Any]]]) -> None:
    """End a value: the mapping waits for a key again, the list goes on to its next entry."""
    if trail:
        is_map, state = trail[-1]
        if is_map:
            state.clear()
        else:
            state[0] += 1
