"""The one place that knows jsonschema-rs: validators, and containment of schemas, which it calls
experimental.

Its canonical form is bounded by itself (it gives up with "unknown" instead of growing), and what is handed
to it is bounded here by size; a step that still does not come back is ended by `scripts.drift.time_limit`.
Where the library is missing, has another interface, or fails, the answer is "unknown" and the structural
comparison of `containment` stands alone; a validator is then the plain one of `fallback`.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeAlias

from scripts.drift.judge.witness.validator_fallback import valid

Check: TypeAlias = Callable[[Any], bool]
# The name under which a leaf is begun, and None when it is over; for whoever watches the time.
Beat: TypeAlias = Callable[[str | None], None]

# Values in a schema beyond which containment is not asked for.
MAX_SIZE = 4000


class Undecided(ValueError):
    """A question that took too long before."""


class Engine:
    """Validators and containment, each question asked once.

    Args:
        use_library: False for the fallback alone.
        skip: questions that took too long before, by their name.
        beat: told before and after each question.
    """

    def __init__(
        self, use_library: bool = True, skip: frozenset[str] = frozenset(), beat: Beat = lambda name: None
    ) -> None:
        self._library: Any = None
        self._skip = skip
        self._beat = beat
        self._answers: dict[str, str] = {}
        self._made = 0
        if use_library:
            try:
                import jsonschema_rs
            except ImportError:
                return
            self._library = jsonschema_rs

    def validator(self, schema: dict[str, Any] | bool) -> Check:
        """A test for values of a JSON Schema (2020-12), with formats asserted."""
        if self._library is not None:
            try:
                made = self._library.Draft202012Validator(
                    schema, validate_formats=True, ignore_unknown_formats=True, offline=True
                )
            except TypeError:
                made = self._library.Draft202012Validator(schema, validate_formats=True)
            except Exception:  # a pattern that its engine does not know, a reference that leads nowhere
                return lambda value: valid(schema, value)
            return self._watched(made.is_valid)
        return lambda value: valid(schema, value)

    def _watched(self, check: Check) -> Check:
        """A validator whose every call is told to the watch: unions within unions can take for ever."""
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

    def covers(self, outer: Any, inner: Any) -> str:
        """Whether every value of the schema `inner` is one of `outer`: "yes", "no" or "unknown"."""
        if self._library is None or _size(outer) + _size(inner) > MAX_SIZE:
            return "unknown"
        name = json.dumps([outer, inner], sort_keys=True)
        if name not in self._answers:
            self._answers[name] = self._asked(name, outer, inner)
        return self._answers[name]

    def _asked(self, name: str, outer: Any, inner: Any) -> str:
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        if digest in self._skip:
            return "unknown"
        self._beat(digest)
        try:
            draft = self._library.Draft202012
            sides = [
                self._library.canonicalize(s, draft=draft, validate_formats=True) for s in (outer, inner)
            ]
            return str(sides[0].covers(sides[1]).value)
        except Exception:
            # Whatever an experimental interface raises, it has not answered.
            return "unknown"
        finally:
            self._beat(None)


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
