"""One attempt at a value: made top-down from the flat schema, out of examples where they fit.

The caller has the value judged, so this file only has to guess well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from novapost_mock.schemas.keywords import is_of, is_same
from novapost_mock.schemas.merging import (
    CHOICES,
    TooDeepError,
    both,
    flat,
    implied_types,
    is_hopeless,
    merged,
    property_node,
)
from novapost_mock.schemas.plain_values import NoNumberError, number, plain
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.validators import Node

LOCAL_ATTEMPTS = 12
MAX_DEPTH = 40
MAX_CHOICES = 64
OPTIONAL_DEPTH = 6
OPTIONAL_NODES = 1_500
MAX_TEXT = 100_000
MAX_ITEMS = 10_000

_HARD = frozenset(
    {CHOICES, "patterns", "nots", "contains", "dependencies", "dependentSchemas", "propertyNames"}
)
_LEADING = frozenset({"$ref", "allOf", "anyOf", "oneOf"})
_MISSING = object()
_UNLIKE: tuple[Any, ...] = (0, "text", {}, [], None)
Parts = dict[tuple[str, int, bool, bool], tuple[Any, int]]
"""Values of definitions and how many nodes they have; by definition, depth, examples and optional parts."""
TextOf = Callable[[Random, bool, tuple[str, ...], str, int, int | None], str]


class CannotError(Exception):
    """No value was found that fits."""


class Maker:
    """Makes one value.

    Attributes:
        visited: how many nodes it has looked at.
    """

    def __init__(
        self,
        schemas: SchemaSet,
        random: Random,
        text_of: TextOf,
        parts: Parts,
        *,
        examples: bool,
        optional: bool,
        chance: bool,
        most: int,
    ) -> None:
        self._schemas = schemas
        self._random = random
        self._text_of = text_of
        self._parts = parts
        self._examples = examples
        self._optional = optional
        self._chance = chance
        self._most = most
        self.visited = 0

    def make(self, node: Node, depth: int, path: tuple[str, ...], limit: int) -> Any:
        """Make a value for a node.

        Args:
            node: one that the set has taken in.
            depth: how deep in the value it stands.
            path: the references that led to it.
            limit: how often one of them may come again.

        Raises:
            CannotError: nothing was found.
            TooDeepError: it nests too deep, or visits too many nodes.
        """
        if (
            not self._chance
            and isinstance(node, dict)
            and node.keys() == {"$ref"}
            and self._schemas.is_bounded(node["$ref"])
        ):
            return self._part(node["$ref"], node, depth, path, limit)
        return self._whole(node, depth, path, limit)

    def _part(self, reference: str, node: Node, depth: int, path: tuple[str, ...], limit: int) -> Any:
        """Return the usual value of a definition whose value does not depend on the way to it."""
        key = reference, depth, self._examples, self._optional
        kept = self._parts.get(key)
        if kept is not None and self.visited + kept[1] <= min(self._most, OPTIONAL_NODES):
            self.visited += kept[1]
            return kept[0]
        before, random = self.visited, self._random
        self._random = Random(self._schemas.pointer_of(reference))
        try:
            made = self._whole(node, depth, path, limit)
        finally:
            self._random = random
        if self.visited <= OPTIONAL_NODES:
            self._parts[key] = made, self.visited - before
        return made

    def _whole(self, node: Node, depth: int, path: tuple[str, ...], limit: int) -> Any:
        self.visited += 1
        if depth > MAX_DEPTH or self.visited > self._most:
            raise TooDeepError
        if path and isinstance(node, dict) and not _LEADING.isdisjoint(node) and self._ends_here(node, path):
            return None
        schema, path = flat(self._schemas, node, path, limit)
        schema = self._with_dependent(schema, path, limit)
        example = self._example(node, schema)
        if example is not _MISSING:
            return example
        if _HARD.isdisjoint(schema):
            return self._plain(schema, depth, path, limit)
        judge = self._schemas.shape(node)
        chance = self._chance
        missed: Any = None
        try:
            for attempt in range(LOCAL_ATTEMPTS):
                self._chance = chance or attempt > 0
                try:
                    made = self._plain(self._chosen(schema, attempt, path, limit), depth, path, limit)
                except (CannotError, TooDeepError):
                    continue
                if judge.accepts(made):
                    return made
                missed = made if missed is None else missed
        finally:
            self._chance = chance
        if isinstance(missed, dict):
            for other in self._told_apart(missed, schema, path, limit):
                if judge.accepts(other):
                    return other
        raise CannotError

    def _ends_here(self, node: Node, path: tuple[str, ...]) -> bool:
        """Whether a value that holds itself may end at this place, since null is allowed here."""
        waiting, comes_again, says_null = [node], False, False
        for _ in range(MAX_CHOICES):
            if not waiting:
                break
            each = waiting.pop()
            if isinstance(each, dict):
                comes_again = comes_again or each.get("$ref") in path
                says_null = says_null or "null" in each.get("type", ()) or None in each.get("enum", ())
                waiting += (part for keyword in ("allOf", "anyOf", "oneOf") for part in each.get(keyword, ()))
        return comes_again and says_null and self._schemas.shape(node).accepts(None)

    def _told_apart(
        self, made: dict[str, Any], schema: Mapping[str, Any], path: tuple[str, ...], limit: int
    ) -> Iterator[dict[str, Any]]:
        """Variants of an object that may fit several branches of a choice, one of which has to be left.

        A property that one branch describes and another does not is given what its own branch refuses.
        """
        named: dict[str, None] = {}
        for branches in schema.get(CHOICES, ()):
            for branch in branches:
                named.update(dict.fromkeys(flat(self._schemas, branch, path, limit)[0].get("properties", ())))
        for name in sorted(named, key=lambda each: each in made)[:MAX_CHOICES]:
            yield from ({**made, name: value} for value in _UNLIKE)

    def _with_dependent(self, schema: dict[str, Any], path: tuple[str, ...], limit: int) -> dict[str, Any]:
        """Return the schema with what comes with its required properties."""
        for keyword in ("dependentSchemas", "dependencies"):
            for name, node in schema.get(keyword, {}).items():
                if name in schema.get("required", ()) and isinstance(node, dict):
                    schema = merged(flat(self._schemas, node, path, limit)[0], schema)
        return schema

    def _example(self, node: Node, schema: Mapping[str, Any]) -> Any:
        if "hint" in schema and not schema.get("enum"):
            return schema["hint"]
        if not self._examples or not isinstance(node, dict):
            return _MISSING
        given = [schema["example"]] if "example" in schema else []
        given += schema.get("examples", [])
        if "default" in schema and schema["default"] is not None:
            given.append(schema["default"])
        if not given:
            return _MISSING
        judge = self._schemas.shape(node)
        return next((each for each in given if judge.accepts(each)), _MISSING)

    def _chosen(
        self, schema: dict[str, Any], attempt: int, path: tuple[str, ...], limit: int
    ) -> dict[str, Any]:
        """Return the schema with one branch of each choice folded in; the first ones, then others."""
        result = dict(schema)
        for _ in range(MAX_CHOICES):
            choices = result.pop(CHOICES, None)
            if not choices:
                return result
            for place, branches in enumerate(choices):
                index = attempt if place == 0 and not self._chance else self._random.randrange(len(branches))
                if attempt and place == 0:
                    index = attempt
                index %= len(branches)
                result = self._with_branch(result, [*branches[index:], *branches[:index]], path, limit)
        return result

    def _with_branch(
        self, schema: dict[str, Any], branches: Sequence[Node], path: tuple[str, ...], limit: int
    ) -> dict[str, Any]:
        """Return the schema with the first branch folded in that does not contradict it on the face of it.

        What is beside a choice and what is in it hold at once.
        """
        for branch in branches:
            found = merged(flat(self._schemas, branch, path, limit)[0], schema)
            if not is_hopeless(found):
                return found
        raise CannotError

    def _plain(self, schema: dict[str, Any], depth: int, path: tuple[str, ...], limit: int) -> Any:
        if "enum" in schema:
            return self._listed(schema)
        types = [t for t in schema.get("type", ()) if t != "null"] or implied_types(schema, depth)
        if not types and "null" in schema.get("type", ()):
            return None
        if not types:
            raise CannotError
        kind = self._random.choice(types) if self._chance else types[0]
        try:
            match kind:
                case "object":
                    return self._object(schema, depth, path, limit)
                case "array":
                    return self._array(schema, depth, path, limit)
                case "string":
                    return self._text(schema)
                case "boolean":
                    return self._random.random() < 0.5 if self._chance else True
                case "null":
                    return None
                case _:
                    return number(schema, kind == "integer", self._random if self._chance else None)
        except (CannotError, TooDeepError):
            if "null" in schema.get("type", ()):
                return None
            raise
        except NoNumberError:
            raise CannotError from None

    def _listed(self, schema: Mapping[str, Any]) -> Any:
        types = schema.get("type")
        fitting = [each for each in schema["enum"] if types is None or is_of(each, types)]
        if not fitting:
            raise CannotError
        told = [each for each in fitting if each is not None] or fitting
        return self._random.choice(told) if self._chance else told[0]

    def _object(
        self, schema: dict[str, Any], depth: int, path: tuple[str, ...], limit: int
    ) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        most = schema.get("maxProperties")
        result: dict[str, Any] = {}
        for name in (*required, *(n for n in properties if n not in required)):
            needed = name in required
            if not needed and (not self._wants_more(depth) or (most is not None and len(result) >= most)):
                continue
            try:
                result[name] = self.make(property_node(schema, name), depth + 1, path, limit if needed else 1)
            except (CannotError, TooDeepError):
                if needed:
                    raise
        self._add_dependent(result, schema, depth, path, limit)
        fewest = schema.get("minProperties", 0)
        if len(result) < fewest:
            for name in properties:
                if name not in result and len(result) < fewest:
                    result[name] = self.make(properties[name], depth + 1, path, limit)
        if not properties and not result and self._wants_more(depth) and isinstance(self._rest(schema), dict):
            fewest = max(fewest, 1) if most is None else min(max(fewest, 1), most)
        self._add_others(result, schema, fewest, depth, path, limit)
        return {name: result[name] for name in (*(n for n in properties if n in result), *result)}

    def _add_dependent(
        self, result: dict[str, Any], schema: dict[str, Any], depth: int, path: tuple[str, ...], limit: int
    ) -> None:
        needs: dict[str, Any] = {**schema.get("dependentRequired", {}), **schema.get("dependencies", {})}
        for _ in range(len(needs)):
            missing = [
                name
                for given, names in needs.items()
                if given in result and isinstance(names, list)
                for name in names
                if name not in result
            ]
            for name in missing:
                result[name] = self.make(property_node(schema, name), depth + 1, path, limit)

    def _rest(self, schema: Mapping[str, Any]) -> Node:
        patterns: Mapping[str, Node] = schema.get("patternProperties", {})
        rest: Node = schema.get("additionalProperties", True)
        return next(iter(patterns.values())) if patterns and rest in (True, False) else rest

    def _add_others(
        self,
        result: dict[str, Any],
        schema: dict[str, Any],
        fewest: int,
        depth: int,
        path: tuple[str, ...],
        limit: int,
    ) -> None:
        """Add properties that have no name in the schema until there are enough."""
        if len(result) >= fewest:
            return
        if fewest > MAX_ITEMS:
            raise TooDeepError
        patterns = schema.get("patternProperties", {})
        rest = schema.get("additionalProperties", True)
        if rest is False and not patterns:
            raise CannotError
        for attempt in range(1, 4 * fewest + 8):
            name = f"property{attempt}"
            if "propertyNames" in schema:
                name = str(
                    self.make(
                        {"allOf": [{"type": "string"}, schema["propertyNames"]]}, depth + 1, path, limit
                    )
                )
            elif rest is False:
                name = self._text_of(self._random, True, (self._random.choice(list(patterns)),), "", 0, None)
            if name not in result:
                result[name] = self.make(
                    property_node(schema, name, self._rest(schema)), depth + 1, path, limit
                )
            if len(result) >= fewest:
                return
        raise CannotError

    def _wants_more(self, depth: int) -> bool:
        if not self._optional or depth >= OPTIONAL_DEPTH or self.visited > OPTIONAL_NODES:
            return False
        return not self._chance or self._random.random() < 0.6

    def _array(self, schema: dict[str, Any], depth: int, path: tuple[str, ...], limit: int) -> list[Any]:
        prefix = schema.get("prefixItems", [])
        items: Node = schema.get("items", True)
        fewest = schema.get("minItems", 0)
        most = schema.get("maxItems")
        wanted = max(fewest, len(prefix), 1 if self._wants_more(depth) else 0)
        if "contains" in schema:
            wanted = max(wanted, schema.get("minContains", 1))
        if most is not None:
            wanted = min(wanted, most)
        if wanted > MAX_ITEMS:
            raise TooDeepError
        result: list[Any] = []
        chance = self._chance
        try:
            for _ in range(wanted * 3 + 10):
                if len(result) >= wanted:
                    break
                position = len(result)
                node = prefix[position] if position < len(prefix) else items
                if "contains" in schema and position < schema.get("minContains", 1):
                    node = both(node, schema["contains"])
                try:
                    made = self.make(node, depth + 1, path, limit if position < fewest else 1)
                except (CannotError, TooDeepError):
                    if position < fewest:
                        raise
                    break
                if schema.get("uniqueItems") and any(is_same(made, other) for other in result):
                    self._chance = True
                    examples, self._examples = self._examples, False
                    try:
                        made = self.make(node, depth + 1, path, limit)
                    finally:
                        self._examples = examples
                    if any(is_same(made, other) for other in result):
                        continue
                result.append(made)
        finally:
            self._chance = chance
        if len(result) < fewest:
            raise CannotError
        return result

    def _text(self, schema: Mapping[str, Any]) -> str:
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        if least > MAX_TEXT:
            raise TooDeepError
        patterns, format_name = schema.get("patterns", ()), schema.get("format", "")
        if not patterns and not format_name:
            return plain(self._random if self._chance else None, least, most)
        return self._text_of(self._random, self._chance, tuple(patterns), format_name, least, most)
