"""The facts about words and examples of one object."""

from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.document.equality import equal
from scripts.drift.document.spec import Part, Spec, as_dict
from scripts.drift.facts import Fact


def words(place: str, old: Part, new: Part, keys: Sequence[str]) -> Iterator[Fact]:
    """Yield the texts under some keys that say something else."""
    for key in keys:
        before, after = old.value.get(key), new.value.get(key)
        if not equal(before, after) and (old.value or new.value):
            at = ((*old.pointer, key), (*new.pointer, key))
            yield Fact("words", f"{place} {key}", before, after, *at)


def examples_of(owner: dict[str, Any], spec: Spec | None = None) -> list[Any]:
    """Return the values that a schema, a parameter or a media type shows as examples."""
    found = [owner["example"]] if "example" in owner else []
    several = shown_in(owner, spec).get("examples")
    if isinstance(several, list):
        found += several
    for one in as_dict(several).values():
        found += [one["value"]] if isinstance(one, dict) and "value" in one else []
    return found


def shown_in(owner: dict[str, Any], spec: Spec | None = None) -> dict[str, Any]:
    """Return the examples of an object as written, references to named ones followed."""
    found: dict[str, Any] = {key: owner[key] for key in ("example", "examples") if key in owner}
    if spec is not None and isinstance(found.get("examples"), dict):
        parts = {name: spec.follow(one, ()) for name, one in found["examples"].items()}
        found["examples"] = {
            name: {**part.beside, **part.value}
            if isinstance(owner["examples"][name], dict)
            else owner["examples"][name]
            for name, part in parts.items()
        }
    return found
