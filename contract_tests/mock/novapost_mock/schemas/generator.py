"""Values that fit a schema; always the same for the same schema and seed.

What `maker` makes is judged by the validator. What does not fit is made again another way: without optional
parts, without examples, with other branches and other random numbers.
"""

import json
from importlib import import_module
from random import Random
from typing import Any

from novapost_mock.schemas.maker import CannotError, Maker, Parts
from novapost_mock.schemas.merging import TooDeepError
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.validators import Node
from novapost_mock.schemas.violation import DocumentError

__all__ = ["CannotError", "Generator"]

ATTEMPTS = 24
MAX_NODES = 20_000
MAX_WORK = 100_000
"""Nodes that all attempts at one value may visit together."""
MAX_KEPT = 5_000
"""Values that are kept by their schemas."""
USUAL_TEXTS = 8
"""Different texts that usual values have for the same patterns, format and length."""


class Generator:
    """Makes values for the schemas of one set."""

    def __init__(self, schemas: SchemaSet, seed: int = 0) -> None:
        self.schemas = schemas
        self._seed = seed
        self._texts: Any = None
        self._kept: dict[str, str | None] = {}
        self._usual: dict[tuple[Any, int], str] = {}
        self._parts: Parts = {}

    def value(self, node: Node, variant: int = 0) -> Any:
        """Make a value for a node.

        Args:
            node: one that the set has taken in.
            variant: 0 for the usual one, made of examples as far as they fit; any other number for one that
                is made by chance, the same for the same number.

        Raises:
            CannotError: nothing that fits was found.
        """
        if variant:
            return self._searched(node, variant)
        # Operations share their schemas: what was found, or not found, holds for all of them.
        key = json.dumps(node)
        if key not in self._kept:
            if len(self._kept) >= MAX_KEPT:
                return self._searched(node, variant)
            try:
                self._kept[key] = json.dumps(self._searched(node, variant))
            except CannotError:
                self._kept[key] = None
        kept = self._kept[key]
        if kept is None:
            raise CannotError
        return json.loads(kept)

    def _searched(self, node: Node, variant: int) -> Any:
        shape = self.schemas.shape(node)
        left = MAX_WORK
        for attempt in range(ATTEMPTS):
            chance = attempt > 3 or variant > 0
            maker = Maker(
                self.schemas,
                Random(f"{self._seed}/{variant}/{attempt}"),
                self._text,
                self._parts,
                examples=variant == 0 and attempt in (0, 1),
                optional=attempt % 2 == 0,
                chance=chance,
                most=min(MAX_NODES, left),
            )
            try:
                value = maker.make(node, 0, (), 3)
            except (CannotError, TooDeepError, DocumentError):
                left -= maker.visited
                if left <= 0:
                    break
                continue
            if shape.accepts(value):
                return value
            left -= maker.visited
        raise CannotError

    def _text(
        self,
        random: Random,
        chance: bool,
        patterns: tuple[str, ...],
        format_name: str,
        least: int,
        most: int | None,
    ) -> str:
        # Loaded when it is needed: the sandbox's own document needs no text after a pattern.
        module = import_module("novapost_mock.schemas.texts")
        if self._texts is None:
            self._texts = module.Texts(self.schemas)
        wanted = module.Wanted(patterns, format_name, least, most)
        try:
            if chance:
                return str(self._texts.one(random, wanted))
            # Searching is dear, and usual values may share texts. The seed alone decides which ones.
            number = random.randrange(USUAL_TEXTS)
            if (wanted, number) not in self._usual:
                self._usual[wanted, number] = self._texts.one(Random(f"{self._seed}/{number}"), wanted)
            return self._usual[wanted, number]
        except module.NoTextError:
            raise CannotError from None
