"""Reading JSON and YAML that nobody vouches for.

A document is refused, with its place, when it is too large, too deep, says one thing twice (duplicate
keys), or uses what JSON does not have (NaN, YAML tags). What comes back is plain JSON values: aliases and
merge keys are unfolded within a limit.
"""

import copy
import json
import re
from typing import Any, TypeAlias

import yaml

from scripts.lib.errors import Refusal
from scripts.lib.files import MAX_BYTES

Json: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None

MAX_DEPTH = 200
# What the aliases of a YAML text may unfold to; the largest honest documents have about a million values.
MAX_COPIED = 1_000_000

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:]')


def decode(content: bytes, place: str) -> str:
    """Return the text of UTF-8 bytes, a byte order mark taken off.

    Raises:
        Refusal: too large, or not UTF-8.
    """
    if len(content) > MAX_BYTES:
        raise Refusal(place, f"larger than {MAX_BYTES} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(place, f"not UTF-8 at byte {error.start}") from error


def parse_json(content: bytes, place: str) -> Json:
    """Return the value of a JSON text (RFC 8259), read strictly.

    Raises:
        Refusal: not JSON, a key twice in one object, NaN or Infinity, deeper than `MAX_DEPTH`.
    """
    text = decode(content, place)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        return _without_duplicates(items, text, place)

    def constant(name: str) -> Any:
        raise Refusal(place, f"{name} is not JSON")

    try:
        value: Json = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise Refusal(f"{place}:{error.lineno}:{error.colno}", f"not JSON: {error.msg}") from error
    except RecursionError as error:
        raise Refusal(place, f"nested deeper than {MAX_DEPTH}") from error
    except ValueError as error:  # an integer with more digits than Python converts
        raise Refusal(place, f"not usable JSON: {error}") from error
    check_depth(value, place)
    _check_writable(value, place)
    return value


def parse_yaml(content: bytes, place: str) -> Json:
    """Return the value of a YAML text that stays within what JSON can say.

    Raises:
        Refusal: not YAML, a key twice or not text, a tag, deeper than `MAX_DEPTH`, or aliases that unfold to
            more than `MAX_COPIED` values.
    """
    text = decode(content, place)
    try:
        value: Json = _yaml_value(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{place}:{mark.line + 1}:{mark.column + 1}" if mark else place
        raise Refusal(where, f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise Refusal(place, f"not YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise Refusal(place, f"nested deeper than {MAX_DEPTH}") from error
    except ValueError as error:
        raise Refusal(place, f"not usable YAML: {error}") from error
    check_depth(value, place)
    _check_writable(value, place)
    return value


def parse(content: bytes, place: str) -> Json:
    """Return a JSON or YAML text by what it begins with: a brace or bracket is JSON, anything else YAML."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return parse_json(content, place)
    return parse_yaml(content, place)


def check_depth(value: Json, place: str, limit: int = MAX_DEPTH) -> None:
    """Refuse a value nested deeper than `limit`, without recursion of our own."""
    level: list[Any] = [value]
    for _ in range(limit + 1):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return
    raise Refusal(place, f"nested deeper than {limit}")


def canonical(value: Json) -> bytes:
    """Return the bytes under which the project stores JSON: two spaces, UTF-8, order kept, a last newline."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _check_writable(value: Json, place: str) -> None:
    """Refuse what reads but could not be written again: 1e999, .nan, half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise Refusal(place, f"holds a number or a text that JSON cannot carry: {error}") from error


def _without_duplicates(items: list[tuple[str, Any]], text: str, place: str) -> dict[str, Any]:
    result = dict(items)
    if len(result) < len(items):
        line, column, key = _first_duplicate(text)
        raise Refusal(f"{place}:{line}:{column}", f"the key {key!r} stands twice in one object")
    return result


def _first_duplicate(text: str) -> tuple[int, int, str]:
    """Return line, column and name of the first key that stands twice in an object of a JSON text.

    Python's reader tells that there is one, not where; so the text is gone through once more.
    """
    keys: list[set[str]] = [set()]
    latest = ""
    start = 0
    for token in _JSON_TOKEN.finditer(text):
        mark = token.group()
        if mark in ("{", "["):
            keys.append(set())
        elif mark in ("}", "]"):
            keys.pop()
        elif mark != ":":
            latest, start = mark, token.start()
        elif (key := json.loads(latest)) in keys[-1]:
            return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), key
        else:
            keys[-1].add(key)
    raise AssertionError("no key stands twice")


def _yaml_value(text: str) -> Any:
    """Return the value of a YAML text, built from the parser's events: the one of libyaml where there is one.

    PyYAML's own composer keeps a node with two marks for each scalar, which takes a minute and a gigabyte for
    what this does in seconds. YAML's core without tags and dates. An alias is a copy of what it names, as in
    the JSON that people would have to write; all copies together are bounded.
    """
    documents = 0
    # The containers that are open, each with its anchor.
    stack: list[tuple[Any, str | None]] = []
    keys: list[Any] = []
    anchors: dict[str, Any] = {}
    copied = 0
    result: Any = None
    for event in yaml.parse(text, Loader=_PARSER):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise yaml.composer.ComposerError(None, None, "but found another document", _mark(event))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            value, anchor = stack.pop()
            keys.pop()
            if isinstance(value, dict) and _MERGE in value:
                _merge(value, event)
            if anchor is not None:
                anchors[anchor] = value
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        inside = bool(stack) and isinstance(stack[-1][0], dict)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors or (inside and keys[-1] is _NO_KEY):
                problem = "an alias of what it stands in, of nothing, or as a key"
                raise yaml.composer.ComposerError(None, None, f"{problem} is not taken", _mark(event))
            copied += _size(anchors[event.anchor], MAX_COPIED - copied)
            if copied >= MAX_COPIED:
                problem = f"aliases that unfold to more than {MAX_COPIED} values are not taken"
                raise yaml.composer.ComposerError(None, None, problem, _mark(event))
            value = copy.deepcopy(anchors[event.anchor])
        else:
            if getattr(event, "tag", None) not in (None, "!"):
                raise yaml.composer.ComposerError(None, None, "tags are not taken", _mark(event))
            if inside and keys[-1] is _NO_KEY:
                keys[-1] = _key(event, stack[-1][0])
                continue
            value = _opened(event)
        if not stack:
            result = value
        elif inside:
            stack[-1][0][keys[-1]] = value
            keys[-1] = _NO_KEY
        else:
            stack[-1][0].append(value)
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(stack) > MAX_DEPTH:
                raise RecursionError
            stack.append((value, event.anchor))
            keys.append(_NO_KEY)
        elif isinstance(event, yaml.ScalarEvent) and event.anchor is not None:
            anchors[event.anchor] = value
    return result


def _size(value: Any, most: int) -> int:
    """How many values there are in a value, as far as `most`."""
    count, waiting = 0, [value]
    while waiting and count < most:
        node = waiting.pop()
        count += 1
        if isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return count


def _merge(holder: dict[Any, Any], event: Any) -> None:
    """Put what `<<` names into the object around it, as YAML 1.1 had it; what stands there itself holds."""
    given = holder.pop(_MERGE)
    own = dict(holder)
    holder.clear()
    for part in reversed(given if isinstance(given, list) else [given]):
        if not isinstance(part, dict):
            raise yaml.constructor.ConstructorError(None, None, "<< names no object", _mark(event))
        holder.update(part)
    holder.update(own)


def _mark(event: Any) -> Any:
    # libyaml's marks are of a type of their own, with the same two numbers.
    return event.start_mark


def _key(event: Any, holder: dict[Any, Any]) -> Any:
    # 200: under responses is how people write YAML; the text they wrote is the key.
    if not isinstance(event, yaml.ScalarEvent):
        raise yaml.constructor.ConstructorError(None, None, "a key must be text", _mark(event))
    key: Any = _MERGE if event.value == "<<" and event.implicit[0] else event.value
    if key in holder:
        raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", _mark(event))
    return key


def _opened(event: Any) -> Any:
    if isinstance(event, yaml.MappingStartEvent):
        return {}
    if isinstance(event, yaml.SequenceStartEvent):
        return []
    return _plain(event.value) if event.implicit[0] else event.value


def _plain(text: str) -> Any:
    """Return the value of a scalar without quotes in YAML 1.2, which OpenAPI asks for; PyYAML has 1.1.

    "no" and "12:30" are text there, not false and 750. A date is text to us as it is to every JSON reader,
    and so is a number with needless noughts before it.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] in _NUMERIC:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        if _SPECIAL.fullmatch(text):
            return float(text.replace(".", ""))
    return text


_NO_KEY = object()
# The key `<<` without quotes; in quotes it is a name like any other.
_MERGE = object()
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {
    **dict.fromkeys(("~", "null", "Null", "NULL", "")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("-+.0123456789")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
