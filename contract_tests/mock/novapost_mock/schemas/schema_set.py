"""All schemas of a document for one direction, translated for the validator and compiled on demand."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from novapost_mock.schemas.directions import is_directed
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.pointers import shown, target
from novapost_mock.schemas.translation import CLOSING, Direction, Relaxation, Translator
from novapost_mock.schemas.validators import PREFIX, Node, Shape, Validators
from novapost_mock.schemas.violation import DocumentError

__all__ = ["RELAXATIONS", "Node", "SchemaSet", "Shape", "both_ways"]

RELAXATIONS: Mapping[Relaxation, str] = {
    "choice": "nothing fits exactly one branch of a oneOf; taken for anyOf",
    "closed": "nothing fits objects that are closed and composed; additionalProperties: false is passed over",
    "format": "nothing fits both pattern and format; the format is passed over",
}
"""What authors write and do not mean, where nothing would fit it: what each relaxation says of itself."""


class SchemaSet(Translator):
    """The schemas of one document, in one direction.

    Schemas are first taken in with `node`, all of them, and then compiled with `shape`.
    """

    def __init__(
        self,
        tree: Mapping[str, Any],
        is_31: bool,
        direction: Direction,
        notes: Notes,
        *,
        relaxed: frozenset[Relaxation] = frozenset(),
    ) -> None:
        """Begin with no schemas.

        Args:
            tree: the document.
            is_31: whether it is OpenAPI 3.1.
            direction: whether requests or answers are held against them.
            notes: where remarks go.
            relaxed: what is not taken at its word; see `RELAXATIONS`.
        """
        super().__init__(tree, is_31, direction, notes, relaxed)
        self._facts: dict[str, _Facts] = {}
        self._endless: set[str] = set()
        self._unbounded: set[str] = set()
        self._sound: dict[str, None] = {}
        self._taken: dict[int, tuple[Any, Node]] = {}
        self._pointing: dict[str, Node] = {}
        self._validators = Validators(self._definitions, self._sound, is_31=is_31)

    def node(self, schema: Any, place: str) -> Node:
        """Take a schema in.

        Raises:
            DocumentError: it, or one that it refers to, cannot be understood.
        """
        known = self._taken.get(id(schema))
        if known is not None:
            return known[1]
        self._collected, self._scope, self._untravelled = (set(), set()), (), frozenset()
        told = self._notes.told
        node = self._translate(schema, place)
        waiting = self._collected[0]
        self._complete()
        seen: set[str] = set()
        while waiting:
            key = waiting.pop()
            definition = self._definitions[key]
            if isinstance(definition, DocumentError):
                raise definition
            seen.add(key)
            waiting |= self._references[key][0] - seen - self._sound.keys()
        self._sound |= dict.fromkeys(sorted(seen))
        if isinstance(node, dict) and node.keys() == {"$ref"}:
            node = self._pointing.setdefault(node["$ref"], node)
        self._validators.enter(node)
        if told == self._notes.told:  # what was said is said again of each place
            self._taken[id(schema)] = schema, node
        return node

    def _complete(self) -> None:
        """Translate the definitions that were never seen, and those that they refer to."""
        batch = self._fresh
        for key in batch:  # it grows meanwhile
            self._collected = (set(), set())
            self._scope, self._untravelled = self._scopes[key]
            pointer = self._pointers[key]
            try:
                schema = self._anchored.get(key)
                schema = target(self._tree, pointer, pointer) if schema is None else schema
                self._definitions[key] = self._translate(schema, pointer)
            except DocumentError as error:
                self._definitions[key] = error
            self._references[key] = self._collected
        self._fresh = []
        self._unbounded |= self._left(batch, 0, self._unbounded)
        endless = self._left(batch, 1, self._endless)
        self._endless |= endless
        for key in endless:
            self._definitions[key] = DocumentError(
                f"{shown(self._pointers[key])}: refers to itself without end"
            )

    def _left(self, batch: list[str], kind: int, before: set[str]) -> set[str]:
        """Return the definitions of a batch that lead back to themselves, or to others that do.

        Args:
            batch: definitions; none of those before leads to one of them.
            kind: which references count: 0 for all, 1 for those that do not go into the value.
            before: what was left of the batches before.
        """
        left = {key: set(self._references[key][kind]) for key in batch}
        while leaves := [
            key
            for key, references in left.items()
            if references.isdisjoint(left) and references.isdisjoint(before)
        ]:
            for key in leaves:
                del left[key]
        return set(left)

    def resolve(self, reference: str) -> Node:
        """Return the node that a translated reference names."""
        definition = self._definitions[reference.removeprefix(PREFIX)]
        assert not isinstance(definition, DocumentError)  # node() raised it
        return definition

    @property
    def remark(self) -> str:
        """What is not taken at its word here; empty if everything is."""
        return "; ".join(text for name, text in RELAXATIONS.items() if name in self._relaxed)

    def may_relax(self, strict: "SchemaSet", node: Node) -> bool:
        """Tell whether a schema of the strict set has something that is passed over here.

        A closed object that lacks a property which it asks for contradicts itself; only where several
        schemas come together, each closed for itself, another meaning can be guessed.
        """
        if self._relaxed == {"format"}:
            return any(each.is_formed for each in strict.reached(node))
        if "closed" not in self._relaxed:
            return True
        is_composed, is_closed = False, False
        for each in strict.reached(node):
            is_composed, is_closed = is_composed or each.is_composed, is_closed or each.is_closed
            if is_composed and is_closed:
                return True
        return False

    def reached(self, node: Node) -> "Iterator[_Facts]":
        """Tell of a node and of each definition that it leads to what is in it."""
        waiting = {""}
        seen: set[str] = set()
        while waiting:
            reference = waiting.pop()
            seen.add(reference)
            facts = self._facts.get(reference)
            if facts is None:
                facts = _facts(self.resolve(reference) if reference else node)
                if reference:
                    self._facts[reference] = facts
            yield facts
            waiting |= facts.references - seen

    def is_bounded(self, reference: str) -> bool:
        """Tell whether nothing below a definition leads back to where it was, at any depth."""
        return reference.removeprefix(PREFIX) not in self._unbounded

    def pointer_of(self, reference: str) -> str:
        """Return where in the document the schema stands that a translated reference leads to."""
        return self._pointers.get(reference.removeprefix(PREFIX), "")

    def name_of(self, reference: str) -> str:
        """Return the name of the component that a translated reference leads to."""
        return self.pointer_of(reference).rpartition("/")[2]

    def shape(self, node: Node) -> Shape:
        """Compile a node that `node` returned, or a part of one; the same node is compiled once.

        Raises:
            DocumentError: the validator does not take it.
        """
        return self._validators.shape(node)

    def once(self, node: Node) -> Shape:
        """Compile a node that nobody keeps, so that it is not kept here either."""
        return self._validators.once(node)


class _Facts(NamedTuple):
    """What is in a node: composed and closed parts, texts with a format and another form, references."""

    is_composed: bool
    is_closed: bool
    is_formed: bool
    references: frozenset[str]


def _facts(node: Node) -> _Facts:
    is_composed = is_closed = is_formed = False
    references: set[str] = set()
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            is_composed = is_composed or "allOf" in each
            is_closed = is_closed or any(each.get(keyword) is False for keyword in CLOSING)
            is_formed = is_formed or ("format" in each and not each.keys().isdisjoint(("pattern", "allOf")))
            reference = each.get("$ref")
            # Any other one is data, such as that of an example.
            if isinstance(reference, str) and reference.startswith(PREFIX):
                references.add(reference)
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return _Facts(is_composed, is_closed, is_formed, frozenset(references))


def both_ways(tree: Mapping[str, Any], is_31: bool, notes: Notes) -> tuple[SchemaSet, SchemaSet]:
    """Return the schemas for requests and those for answers: one set where they would be equal."""
    asked = SchemaSet(tree, is_31, "request", notes)
    return asked, SchemaSet(tree, is_31, "response", notes) if is_directed(tree) else asked
