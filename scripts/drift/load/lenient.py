"""Reading JSON and YAML of other people: lenient about form, strict about cost.

`scripts.document.parse` refuses whatever is doubtful, because code is generated from what it reads. Here two
documents are compared, and a comparison with a note helps more than none: duplicate keys (the last one
counts), tags, anchors, merge keys and NaN are taken. Size, depth and what aliases unfold to are not
negotiable.
"""

import json
import re
from typing import Any

import yaml

from scripts.document.parse import MAX_DEPTH, Json, check_depth, decode
from scripts.lib.errors import Refusal
from scripts.lib.files import MAX_BYTES

MAX_YAML_BYTES = 6 * 1024 * 1024
# What the aliases of a document may unfold to; the largest honest documents have about a million values.
MAX_VALUES = 2_000_000
_MAX_NOTES = 20

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Json] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_STARTS = frozenset({yaml.MappingStartEvent, yaml.SequenceStartEvent})
_ENDS = frozenset({yaml.MappingEndEvent, yaml.SequenceEndEvent})
_CORE = "tag:yaml.org,2002:"


def parse(content: bytes, place: str) -> tuple[Json, list[str]]:
    """Return the value of a JSON or YAML text, and notes on what was doubtful in it.

    Args:
        content: the text.
        place: what to call it.

    Raises:
        Refusal: too large, too deep, not UTF-8, neither JSON nor YAML, or aliases that unfold to too much.
    """
    text = decode(content, place)
    notes: list[str] = []
    value = _parse(text, place, notes)
    check_depth(value, place)
    more = len(notes) - _MAX_NOTES
    return value, [*notes[:_MAX_NOTES], *([f"and {more} more of this kind"] if more > 0 else [])]


def _parse(text: str, place: str, notes: list[str]) -> Json:
    if text.lstrip()[:1] in ("{", "["):
        try:
            return _json(text, notes)
        except RecursionError as error:
            raise Refusal(place, f"nested deeper than {MAX_DEPTH}") from error
        except json.JSONDecodeError as error:
            try:
                value = _yaml(text, place, notes)
            except Refusal:
                where = f"{place}:{error.lineno}:{error.colno}"
                raise Refusal(where, f"not JSON: {error.msg}") from error
            notes.append(f"not JSON ({error.msg} in line {error.lineno}), read as YAML")
            return value
        except ValueError as error:  # an integer with more digits than Python converts
            raise Refusal(place, f"not usable JSON: {error}") from error
    return _yaml(text, place, notes)


def _json(text: str, notes: list[str]) -> Json:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) < len(items):
            names = [name for name, _ in items]
            twice = next(name for name in names if names.count(name) > 1)
            notes.append(f"the key {twice!r} stands twice in one object; the last one counts")
        return result

    def constant(name: str) -> None:
        notes.append(f"{name} is not JSON; read as null")

    value: Json = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_float=_float)
    return value


def _float(text: str) -> float:
    number = float(text)
    return number if abs(number) != float("inf") else (1.7e308 if number > 0 else -1.7e308)


def _yaml(text: str, place: str, notes: list[str]) -> Json:
    if len(text) > MAX_YAML_BYTES:
        raise Refusal(place, f"YAML larger than {MAX_YAML_BYTES} bytes (JSON may have {MAX_BYTES})")
    builder = _Builder(place, notes)
    try:
        builder.take_all(_LOADER(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{place}:{mark.line + 1}:{mark.column + 1}" if mark else place
        raise Refusal(where, f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise Refusal(place, f"not YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise Refusal(place, f"nested deeper than {MAX_DEPTH}") from error
    return builder.root


class _Builder:
    """Values out of the events of a YAML parser, without recursion, aliases shared and not copied."""

    def __init__(self, place: str, notes: list[str]) -> None:
        self.root: Json = None
        self._place = place
        self._notes = notes
        self._anchors: dict[str, Json] = {}
        self._sizes: dict[int, int] = {}
        # What each open mapping inherits by merge keys, to be taken in when it ends: its own keys count
        # first.
        self._merges: dict[int, list[dict[str, Any]]] = {}
        # Each open collection: its value, the key that waits for a value, its anchor, its size so far.
        self._open: list[tuple[Any, list[str], str | None, list[int]]] = []

    def take_all(self, events: Any) -> None:
        """Take the events of a parser up to the end of its first document.

        Nearly all are texts, lists and objects without anchor and tag within an object; these are taken here.
        """
        check, get, opened = events.check_event, events.get_event, self._open
        text, starts, ends = yaml.ScalarEvent, _STARTS, _ENDS
        while check():
            event = get()
            kind = type(event)
            if kind is text and event.anchor is None and event.tag is None and opened:
                parent, keys, _, size = opened[-1]
                if type(parent) is dict and not keys:
                    keys.append(event.value)
                elif size[0] < MAX_VALUES and not (keys and keys[0] in parent):
                    size[0] += 1
                    value = event.value if event.style else self._scalar_value(event)
                    if keys:
                        parent[keys.pop()] = value
                    else:
                        parent.append(value)
                else:
                    self.take(event)
            elif kind in starts and event.anchor is None and 0 < len(opened) < MAX_DEPTH and opened[-1][1]:
                opened.append(({} if kind is yaml.MappingStartEvent else [], [], None, [1]))
            elif kind in ends and len(opened) > 1 and opened[-1][2] is None and not self._merges:
                value, _, _, inner = opened.pop()
                parent, keys, _, size = opened[-1]
                if keys and keys[0] not in parent and keys[0] != "<<" and size[0] + inner[0] <= MAX_VALUES:
                    size[0] += inner[0]
                    parent[keys.pop()] = value
                else:
                    self._place_value(value, None, inner[0])
            elif self.take(event):
                return

    def take(self, event: Any) -> bool:
        """Take one event; whether the first document is over."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            if len(self._open) >= MAX_DEPTH:
                raise Refusal(f"{self._place}:{event.start_mark.line + 1}", f"nested deeper than {MAX_DEPTH}")
            if self._wants_key():
                raise Refusal(
                    f"{self._place}:{event.start_mark.line + 1}", "not usable YAML: a key is no text"
                )
            value: Any = {} if kind is yaml.MappingStartEvent else []
            self._open.append((value, [], event.anchor, [1]))
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            value, _, anchor, size = self._open.pop()
            for source in self._merges.pop(id(value), ()) if self._merges else ():
                for name, inherited in source.items():
                    value.setdefault(name, inherited)
            if anchor is not None:
                self._sizes[id(value)] = size[0]
            self._place_value(value, anchor, size[0])
        elif kind is yaml.AliasEvent:
            if event.anchor not in self._anchors:
                raise Refusal(
                    f"{self._place}:{event.start_mark.line + 1}",
                    f"not usable YAML: the alias *{event.anchor} has no anchor, or stands inside of it",
                )
            value = self._anchors[event.anchor]
            if self._wants_key():
                self._open[-1][1].append(str(value))
            else:
                self._place_value(value, None, self._sizes.get(id(value), 1))
        return kind is yaml.DocumentEndEvent

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0], dict) and not self._open[-1][1]

    def _scalar(self, event: Any) -> None:
        if self._wants_key():
            # 200: under responses is how people write YAML; the text they wrote is the key.
            if event.anchor is not None:
                self._anchors[event.anchor] = event.value
            self._open[-1][1].append(event.value)
            return
        self._place_value(self._scalar_value(event), event.anchor, 1)

    def _scalar_value(self, event: Any) -> Json:
        text: str = event.value
        tag = event.tag
        if tag is not None and tag != "!" and not tag.startswith(_CORE):
            self._notes.append(f"the tag {tag!r} is passed over")
            tag = None
        if tag in ("!", f"{_CORE}str") or (tag is None and event.style is not None and event.style != ""):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] in "-+.0123456789":
            try:
                if _INTEGER.fullmatch(text):
                    return int(text)
                if _FLOAT.fullmatch(text):
                    return _float(text)
            except ValueError as error:
                raise Refusal(f"{self._place}:{event.start_mark.line + 1}", f"not usable: {error}") from error
        return text

    def _place_value(self, value: Json, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = value
        if not self._open:
            self.root = value
            return
        parent, keys, _, total = self._open[-1]
        total[0] += size
        if total[0] > MAX_VALUES:
            raise Refusal(self._place, f"its aliases unfold to more than {MAX_VALUES} values")
        if isinstance(parent, list):
            parent.append(value)
            return
        key = keys.pop()
        if key == "<<" and isinstance(value, dict | list):
            sources = value if isinstance(value, list) else [value]
            self._merges.setdefault(id(parent), []).extend(one for one in sources if isinstance(one, dict))
            return
        if key in parent:
            self._notes.append(f"the key {key!r} stands twice in one object; the last one counts")
        parent[key] = value
