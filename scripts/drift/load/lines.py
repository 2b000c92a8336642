"""Find the lines of a document on which values stand, for annotations and reports."""

import json
import re
from bisect import bisect_right
from collections.abc import Collection, Generator, Iterator
from typing import Any, TypeAlias

from scripts.drift.findings import Pointer
from scripts.drift.load.sources import Loaded
from scripts.drift.load.yaml_lines import lines

# File (None for what is in no file), line and column, both from 1.
Spot: TypeAlias = tuple[str | None, int, int]

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()
_scanstring: Any = json.decoder.scanstring  # type: ignore[attr-defined]


def locate(loaded: Loaded, pointers: Collection[Pointer]) -> dict[Pointer, Spot]:
    """Return where each of these values, or the nearest value around it, stands in the file.

    Args:
        loaded: the document.
        pointers: the values; those that are not there count as well, by what is around them.
    """
    written = {pointer: loaded.written(pointer) for pointer in pointers}
    found: dict[Pointer, Spot] = {}
    if loaded.is_rendered:
        found = {pointer: (loaded.file, line, 1) for pointer, line in loaded.spots.items()}
        return {pointer: _nearest(one, found, loaded.file) for pointer, one in written.items()}
    for key, part in loaded.beside.items():
        found[(key,)] = (part.file, 1, 1)
        inside = {one[1:] for one in written.values() if one[:1] == (key,)}
        wanted = {one[:length] for one in inside for length in range(len(one))}
        for pointer, line, column in positions(part.content, wanted) if wanted else ():
            found[(key, *pointer)] = (part.file, line, column)
    for part in loaded.parts:
        wanted = {one[:length] for one in written.values() for length in range(len(one))}
        for pointer, line, column in positions(part.content, wanted):
            spot = (part.file, line + part.first_line - 1, column)
            if len(loaded.parts) == 1 or part.has(pointer):
                found[pointer] = spot
    return {pointer: _nearest(one, found, loaded.file) for pointer, one in written.items()}


def _nearest(pointer: Pointer, found: dict[Pointer, Spot], file: str | None) -> Spot:
    while pointer and pointer not in found:
        pointer = pointer[:-1]
    return found.get(pointer, (file, 1, 1))


def positions(content: bytes, wanted: Collection[Pointer]) -> Iterator[tuple[Pointer, int, int]]:
    """Return pointer, line and column of what stands directly in the wanted values; see `yaml_lines`."""
    text = content.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] in ("{", "["):
        try:
            offsets = list(_walk(text, wanted))
        except (ValueError, IndexError, StopIteration, RecursionError):
            pass
        else:
            starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
            for pointer, offset in offsets:
                line = bisect_right(starts, offset)
                yield pointer, line, offset - starts[line - 1] + 1
            return
    yield from lines(content, wanted)


def _walk(text: str, wanted: Collection[Pointer]) -> Iterator[tuple[Pointer, int]]:
    """Return the offsets in a JSON text; the decoder skips a value in which nothing is wanted."""
    yield (), _skip(text, 0)
    # Each open value: its pointer, whether it is an object, and the next index of a list.
    trail: list[tuple[Pointer, bool, list[int]]] = []
    at = _skip(text, 0)
    pointer: Pointer = ()
    while True:
        # Here a value begins.
        if text[at] in "{[" and pointer in wanted:
            trail.append((pointer, text[at] == "{", [0]))
            at = _skip(text, at + 1)
            if text[at] in "}]":
                trail.pop()
                at = _skip(text, at + 1)
            else:
                pointer, at = yield from _child(text, at, trail)
                continue
        else:
            at = _skip(text, _DECODER.raw_decode(text, at)[1])
        while trail and text[at] in "}]":
            trail.pop()
            at = _skip(text, at + 1)
        if not trail:
            return
        if text[at] != ",":
            raise ValueError(at)
        pointer, at = yield from _child(text, _skip(text, at + 1), trail)


def _child(
    text: str, at: int, trail: list[tuple[Pointer, bool, list[int]]]
) -> Generator[tuple[Pointer, int], None, tuple[Pointer, int]]:
    """Return the pointer of the next child and where its value begins."""
    parent, is_object, count = trail[-1]
    if not is_object:
        pointer = (*parent, str(count[0]))
        count[0] += 1
        yield pointer, at
        return pointer, at
    if text[at] != '"':
        raise ValueError(at)
    key, end = _scanstring(text, at + 1, False)
    pointer = (*parent, key)
    yield pointer, at
    end = _skip(text, end)
    if text[end] != ":":
        raise ValueError(end)
    return pointer, _skip(text, end + 1)


def _skip(text: str, at: int) -> int:
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]
