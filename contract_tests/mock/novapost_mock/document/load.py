"""A document from a file: JSON or YAML that nobody vouches for, read within limits.

YAML is read as version 1.2 has it, which OpenAPI asks for: `no` and `12:30` are texts. Tags are refused,
aliases followed as long as what they unfold to stays small.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from novapost_mock.document.document import Document
from novapost_mock.document.files import joined
from novapost_mock.document.ruled import NO_RULES, Ruled
from novapost_mock.schemas.pointers import shown
from novapost_mock.schemas.violation import DocumentError

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 20 * 1024 * 1024
MAX_YAML_BYTES = 8 * 1024 * 1024
"""YAML takes about fifty times as long to read as JSON."""
MAX_DEPTH = 200
MAX_VALUES = 2_000_000

_SCALARS = (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
)
"""What a text without quotes stands for: the kind, all its texts, and how they begin."""

_PATTERNS = {name: re.compile(f"(?:{pattern})") for name, pattern, _ in _SCALARS}
_STARTS = frozenset("".join(first for _, _, first in _SCALARS)) | {"<"}
_MISSING = object()


def read_document(
    path: Path,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    ruled: Ruled = NO_RULES,
) -> Document:
    """Read the document in a file.

    Args:
        path: the file.
        seed: what generated bodies are drawn from.
        progress: see `Document.from_tree`.
        ruled: the operations that rules answer.

    Raises:
        DocumentError: the file cannot be read, is too large, too deep or neither JSON nor YAML, or holds no
            document of OpenAPI 3.0 to 3.2. The message begins with the file and, where there is one, the
            line.
    """
    name = shown(path)
    try:
        if not path.is_file():
            raise DocumentError(f"{name}: {'not a file' if path.exists() else 'no such file'}")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except DocumentError:
        raise
    except OSError as error:
        raise DocumentError(f"{name}: {error.strerror or 'cannot be read'}") from error
    except ValueError as error:  # a name that no file can have
        raise DocumentError(f"{name}: no such file") from error
    left = MAX_VALUES

    def part(content: bytes) -> Any:
        # All files together have as many values as one may have.
        nonlocal left
        value, count = _parsed(content, left)
        left -= count
        return value

    try:
        return Document.from_tree(joined(part(content), path, part), content, seed, progress, ruled)
    except DocumentError as error:
        raise DocumentError(f"{name}: {error}") from error
    except RecursionError as error:
        raise DocumentError(f"{name}: nests too deep") from error


def parse(content: bytes) -> Any:
    """Return the value of a JSON or YAML text; what begins with a brace or bracket is JSON.

    Raises:
        DocumentError: too large, too deep, not UTF-8, neither JSON nor YAML, or with a key twice in one
        object.
    """
    return _parsed(content, MAX_VALUES)[0]


def _parsed(content: bytes, most: int) -> tuple[Any, int]:
    """Return the value of a text and how many values it consists of."""
    if len(content) > MAX_BYTES:
        raise DocumentError(f"larger than {MAX_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8 at byte {error.start}") from error
    value = _json(text) if text.lstrip()[:1] in ("{", "[") else _yaml(text)
    return value, _check(value, most)


def _json(text: str) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) < len(items):
            names = [name for name, _ in items]
            twice = next(name for name in names if names.count(name) > 1)
            raise DocumentError(f"the key {shown(twice, 60)!r} stands twice in one object")
        return result

    def constant(name: str) -> Any:
        raise DocumentError(f"{name} is not JSON")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise DocumentError(f"line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise DocumentError(f"nested deeper than {MAX_DEPTH}") from error
    except DocumentError:
        raise
    except ValueError as error:  # an integer with more digits than Python converts
        raise DocumentError("a number with too many digits") from error


def _yaml(text: str) -> Any:
    if len(text) > MAX_YAML_BYTES:
        raise DocumentError(f"YAML larger than {MAX_YAML_BYTES} bytes; give it as JSON")
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise DocumentError(
            "reading YAML needs more: pip install pyyaml, or give the document as JSON"
        ) from error
    loader = _loader(yaml)
    try:
        try:
            return plain_value(yaml.parse(text, Loader=loader), MAX_DEPTH)
        except Unusual:
            _check_nesting(yaml.parse(text, Loader=loader))
        return yaml.load(text, Loader=loader)  # noqa: S506 (a SafeLoader underneath)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise DocumentError(f"{where}not YAML: {shown(error.problem)}") from error
    except yaml.YAMLError as error:
        raise DocumentError(f"not YAML: {shown(' '.join(str(error).split()))}") from error
    except RecursionError as error:
        raise DocumentError(f"nested deeper than {MAX_DEPTH}") from error
    except ValueError as error:
        raise DocumentError("not YAML: a value that cannot be read") from error


def _check_nesting(events: Iterable[Any]) -> None:
    """Refuse what is too deep before it is composed: the composer in C has no limit and crashes."""
    depth = 0
    for event in events:
        name = type(event).__name__
        depth += name in ("SequenceStartEvent", "MappingStartEvent")
        depth -= name in ("SequenceEndEvent", "MappingEndEvent")
        if depth > MAX_DEPTH:
            raise DocumentError(f"nested deeper than {MAX_DEPTH}")


def _loader(yaml: Any) -> "type[yaml.SafeLoader]":
    """Return a loader of YAML's core: keys are texts, no tags, no key twice."""
    base: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

    class Loader(base):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own way)

        def mapping(self, node: Any) -> dict[str, Any]:
            if not isinstance(node, yaml.MappingNode):
                raise yaml.constructor.ConstructorError(None, None, "an object is expected", node.start_mark)
            seen: set[str] = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.constructor.ConstructorError(None, None, "a key must be text", key.start_mark)
                # 200: under responses is how people write YAML; the text they wrote is the key.
                if key.value in seen and key.value != "<<":
                    problem = f"the key {shown(key.value, 60)!r} stands twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
            self.flatten_mapping(node)
            result: dict[str, Any] = {}
            for key, value in node.value:  # what is merged in comes first, so that what stands here wins
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.constructor.ConstructorError(None, None, "a key must be text", key.start_mark)
                result[key.value] = self.construct_object(value, deep=True)
            return result

    for name, pattern, first in _SCALARS:
        starts = [*first, ""] if name == "null" else list(first)
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(f"^(?:{pattern})$"), starts)
    Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])
    Loader.add_constructor("tag:yaml.org,2002:map", Loader.mapping)
    return Loader


def _check(value: Any, most: int) -> int:
    """Refuse what is too deep, too much once aliases are unfolded, or more than JSON can say; count it."""
    level, count = [value], 1
    for _ in range(MAX_DEPTH + 1):
        following: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                following.extend(node.values())
            elif isinstance(node, list):
                following.extend(node)
            elif isinstance(node, float) and node - node != 0:
                raise DocumentError("a number that is out of range")
            elif node is not None and not isinstance(node, str | int | float):
                raise DocumentError("a value that JSON does not have")
            if count + len(following) > most:
                raise DocumentError(f"more than {MAX_VALUES} values")
        count += len(following)
        level = following
        if not level:
            return count
    raise DocumentError(f"nested deeper than {MAX_DEPTH}")


class Unusual(Exception):
    """The text has something that is not read here, or a mistake."""


def plain_value(events: Iterable[Any], deepest: int) -> Any:
    """Return the value of YAML as most documents are written, in one pass over its events.

    PyYAML first makes a tree of nodes, which takes most of its time and memory. Anchors, tags, merges and
    mistakes are left to it.

    Args:
        events: those that PyYAML's parser yields for the text.
        deepest: how deep it may nest.

    Raises:
        Unusual: it has an anchor, an alias, a tag, a merge, a key twice or a key that is no scalar; it nests
            deeper, or consists of several documents.
    """
    outer: list[tuple[Any, Any]] = []
    current: Any = []
    top, key = current, _MISSING
    for event in events:
        name = type(event).__name__
        if name == "ScalarEvent":
            if event.tag is not None or event.anchor is not None:
                raise Unusual
            value = event.value
            if key is _MISSING and isinstance(current, dict):
                if value in current or value == "<<":
                    raise Unusual
                key = value
                continue
            if event.implicit[0]:
                value = _scalar(value)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            is_key = key is _MISSING and isinstance(current, dict)
            if event.tag is not None or event.anchor is not None or is_key or len(outer) >= deepest:
                raise Unusual
            outer.append((current, key))
            current, key = {} if name == "MappingStartEvent" else [], _MISSING
            continue
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            value = current
            current, key = outer.pop()
        elif name == "AliasEvent" or (name == "DocumentStartEvent" and top):
            raise Unusual
        else:
            continue
        if isinstance(current, dict):
            current[key] = value
            key = _MISSING
        else:
            current.append(value)
    return top[0] if top else None


def _scalar(text: str) -> Any:
    if text and text[0] not in _STARTS:
        return text
    if text == "<<":
        raise Unusual
    if _PATTERNS["null"].fullmatch(text):
        return None
    if _PATTERNS["bool"].fullmatch(text):
        return text[0] in "tT"
    try:
        if _PATTERNS["int"].fullmatch(text):
            return int(text)
        return float(text) if _PATTERNS["float"].fullmatch(text) else text
    except ValueError as error:  # more digits than Python converts
        raise Unusual from error
