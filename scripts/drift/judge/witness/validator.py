"""The one place that knows jsonschema-rs: its validators, and its experimental containment of schemas.

Its canonical form is bounded by itself (it gives up with "unknown" instead of growing), and what is handed
to it is bounded here by size; a step that still does not come back is ended by `scripts.drift.time_limit`.
Where it fails, the answer is "unknown" and the structural comparison of `containment` stands alone. A schema
that it cannot compile is tried without the patterns, which may be of a dialect that it does not know.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import jsonschema_rs

_T = TypeVar("_T")
Check: TypeAlias = Callable[[Any], bool]
# The name under which a leaf is begun, and None when it is over; for whoever watches the time.
Beat: TypeAlias = Callable[[str | None], None]

_DATA = ("enum", "const")
_NAMED = ("properties", "$defs", "dependentSchemas", "dependentRequired")
# Values in a schema beyond which containment is not asked for.
MAX_SIZE = 4000


class Undecided(ValueError):
    """A question that took too long before."""


class _TooLarge(Exception):
    pass


class Engine:
    """Validators and containment, each question asked once.

    Args:
        skip: questions that took too long before, by their name.
        beat: told before and after each question.
    """

    def __init__(self, skip: frozenset[str] = frozenset(), beat: Beat = lambda name: None) -> None:
        self._skip = skip
        self._beat = beat
        self._answers: dict[str, str] = {}
        self._schemas: dict[str, Any] = {}
        self._made = 0

    def validator(self, schema: dict[str, Any] | bool, strict: bool = False) -> Check:
        """Return a test for values of a JSON Schema (2020-12), with formats asserted.

        Args:
            schema: the schema.
            strict: whether to raise `Undecided` where only the schema without its patterns can be tried.
        """
        check = _compiled(schema)
        if check is None:
            check = None if strict else _compiled(_without_patterns(schema))
        return _undecided if check is None else self._watched(check)

    def _watched(self, check: Check) -> Check:
        """Return a validator that tells the watch of every call: unions within unions can take for ever."""
        self._made += 1
        name = f"v{self._made:011d}"

        def watched(value: Any) -> bool:
            if name in self._skip:
                raise Undecided
            self._beat(name)
            try:
                return check(value)
            finally:
                self._beat(None)

        return watched

    def difference(self, outer: Any, inner: Any) -> tuple[str, Any]:
        """Return whether each value of `inner` is one of `outer`, and if not, a schema of the others."""
        answer = self.covers(outer, inner)
        return answer, self._kept("subtract", inner, outer) if answer == "no" else None

    def common(self, *schemas: Any) -> tuple[str, Any]:
        """Return whether some value fits all schemas: "yes", "no" or "unknown", and their schema."""
        if sum(map(_size, schemas)) > MAX_SIZE:
            return "unknown", None
        name = json.dumps(["common", *schemas], sort_keys=True)
        if name not in self._answers:
            self._answers[name], self._schemas[name] = self._watch(
                name, lambda: self._common(schemas), ("unknown", None)
            )
        return self._answers[name], self._schemas[name]

    def _common(self, schemas: tuple[Any, ...]) -> tuple[str, Any]:
        first, *others = map(_canonical, schemas)
        for other in others:
            first = first.intersect(other)
        return str(first.satisfiability().value), first.to_json_schema()

    def _kept(self, how: str, one: Any, other: Any) -> Any:
        name = json.dumps([how, one, other], sort_keys=True)
        if name not in self._schemas:
            self._schemas[name] = self._watch(
                name, lambda: getattr(_canonical(one), how)(_canonical(other)).to_json_schema(), None
            )
        return self._schemas[name]

    def covers(self, outer: Any, inner: Any) -> str:
        """Whether every value of the schema `inner` is one of `outer`: "yes", "no" or "unknown"."""
        if _size(outer) + _size(inner) > MAX_SIZE:
            return "unknown"
        name = json.dumps([outer, inner], sort_keys=True)
        if name not in self._answers:
            self._answers[name] = self._watch(
                name, lambda: str(_canonical(outer).covers(_canonical(inner)).value), "unknown"
            )
        return self._answers[name]

    def _watch(self, name: str, ask: Callable[[], _T], otherwise: _T) -> _T:
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        if digest in self._skip:
            return otherwise
        self._beat(digest)
        try:
            return ask()
        except Exception:
            # Whatever an experimental interface raises, it has not answered.
            return otherwise
        finally:
            self._beat(None)


def _compiled(schema: Any) -> Check | None:
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=True, ignore_unknown_formats=True, offline=True
        ).is_valid
    except Exception:  # a pattern that its engine does not know, a value of the wrong kind
        return None


def _canonical(schema: Any) -> Any:
    # It gives up on references sooner than on what they stand for.
    schema = _unfolded(schema)
    return jsonschema_rs.canonicalize(schema, draft=jsonschema_rs.Draft202012, validate_formats=True)


def _unfolded(schema: Any) -> Any:
    """Return a schema with its definitions put in; as it is where they go in circles or grow too large."""
    definitions = schema.get("$defs") if isinstance(schema, dict) else None
    if not definitions:
        return schema
    left = [MAX_SIZE]

    def unfold(node: Any, trail: tuple[str, ...]) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise _TooLarge
        if isinstance(node, list):
            return [unfold(one, trail) for one in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str) and len(node) == 1:
            name = reference.removeprefix("#/$defs/")
            if name in trail or name not in definitions:
                raise _TooLarge
            return unfold(definitions[name], (*trail, name))
        return {key: value if key in _DATA else unfold(value, trail) for key, value in node.items()}

    try:
        return unfold({key: value for key, value in schema.items() if key != "$defs"}, ())
    except (_TooLarge, RecursionError):
        return schema


def _size(value: Any) -> int:
    count = 0
    level = [value]
    while level and count <= MAX_SIZE:
        node = level.pop()
        count += 1
        if isinstance(node, dict):
            level += node.values()
        elif isinstance(node, list):
            level += node
    return count


def _undecided(value: Any) -> bool:
    raise Undecided


def _without_patterns(schema: Any) -> Any:
    """Return a schema without its patterns; names of properties are left alone."""
    if isinstance(schema, list):
        return [_without_patterns(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _DATA or (key == "pattern" and isinstance(value, str)):
            made |= {key: value} if key in _DATA else {}
        elif key in _NAMED and isinstance(value, dict):
            made[key] = {name: _without_patterns(one) for name, one in value.items()}
        elif key != "patternProperties":
            made[key] = _without_patterns(value)
    return made
