"""Tell whether two pieces of two documents are equal, references included: then nothing is to judge."""

from typing import Any

from scripts.drift.document.references import references
from scripts.drift.document.spec import Spec


class Sameness:
    """Answers for one pair of documents; the work of a reference is done once."""

    def __init__(self, base: Spec, revision: Spec) -> None:
        self._base = base
        self._revision = revision
        self._comparable = base.is_31 == revision.is_31
        self._same: dict[str, bool] = {}
        self._known: dict[tuple[int, int], tuple[bool, Any, Any]] = {}
        self._differing: dict[int, tuple[tuple[str, ...], Any]] = {}

    def holds(self, old: Any, new: Any) -> bool:
        """Whether both are written the same and everything they refer to is, too."""
        if not (isinstance(old, dict) and isinstance(new, dict)):
            return self._comparable and equal(old, new) and all(map(self._reference, references(old)))
        key = (id(old), id(new))
        if key not in self._known:
            same = self._comparable and equal(old, new) and not self.differing(old)
            # With the two values, so that their ids stay theirs.
            self._known[key] = same, old, new
        return self._known[key][0]

    def differing(self, value: dict[str, Any]) -> tuple[str, ...]:
        """Return the references in an object whose targets differ, or lead to what differs."""
        if id(value) not in self._differing:
            found: set[str] = set()
            waiting: list[Any] = list(value.values())
            for keyword in ("$ref", "$dynamicRef"):
                reference = value.get(keyword)
                if isinstance(reference, str) and not self._reference(reference):
                    found.add(reference)
            while waiting:
                node = waiting.pop()
                if type(node) is dict:
                    # Each object is gone through once, for all that stand around it.
                    found.update(self.differing(node))
                elif type(node) is list:
                    waiting += node
            self._differing[id(value)] = tuple(sorted(found)), value
        return self._differing[id(value)][0]

    def alike(self, old: Any, new: Any) -> bool:
        """Return whether both are written the same, whatever the version says of schemas."""
        return equal(old, new) and all(map(self._reference, references(old)))

    def _reference(self, reference: str) -> bool:
        if reference in self._same:
            return self._same[reference]
        # Everything that can be reached from it; a circle is the same if no part of it differs.
        reached: dict[str, set[str]] = {}
        waiting = [reference]
        differs: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached[name] = set()
            if name in self._same:
                if not self._same[name]:
                    differs.add(name)
                continue
            # What neither can resolve is the same as far as anyone can tell.
            olds, news = ([value for value, _ in spec.targets(name)] for spec in (self._base, self._revision))
            if not equal(olds, news):
                differs.add(name)
                continue
            reached[name] = references(olds)
            waiting += reached[name]
        _spread(reached, differs)
        for name in reached:
            self._same[name] = name not in differs
        return self._same[reference]


def _spread(reached: dict[str, set[str]], differs: set[str]) -> None:
    users: dict[str, set[str]] = {}
    for name, used in reached.items():
        for one in used:
            users.setdefault(one, set()).add(name)
    waiting = list(differs)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in differs:
                differs.add(user)
                waiting.append(user)


def equal(one: Any, other: Any) -> bool:
    """Return whether two JSON values are the same; Python's own == holds 1 and true for the same."""
    # Its own is faster by far, and what it holds to differ does differ.
    return one is other or (bool(one == other) and _strictly(one, other))


def _strictly(one: Any, other: Any) -> bool:
    """Return whether two values that Python holds to be equal have true and false in the same places."""
    if isinstance(one, dict):
        for key, value in one.items():
            counterpart = other[key]
            if value is not counterpart and type(value) is not str and not _strictly(value, counterpart):
                return False
        return True
    if isinstance(one, list):
        return all(map(_strictly, one, other))
    return isinstance(one, bool) == isinstance(other, bool)
