"""Saying the same in the words that the generator understands.

What a document says in an unusual way is said here in the usual one, on a copy, so that it need not be
refused. Where something is left out that a reader of the document may have relied on, a note names it with
its place.
"""

import copy
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from scripts.document.tree import Tree
from scripts.lib.errors import Refusal
from scripts.normalize import bodies, composition, names, nulls, parameters, read_write_only, values

Rule: TypeAlias = Callable[[Tree], Iterable[Refusal]]

# Each stage sees what the ones before it have made of the document.
STAGES: tuple[tuple[Rule, ...], ...] = (
    (names.component_names, bodies.bodiless_answers, bodies.missing_answers),
    (
        bodies.media_types,
        parameters.ignored_headers,
        parameters.path_defaults,
        values.booleans,
        values.numbers,
        values.repeated_values,
        values.mixed,
        values.text_defaults,
        values.listed_defaults,
        values.vacuous_keywords,
    ),
    (
        composition.idle_siblings,
        composition.distant_requirements,
        read_write_only.required_one_way,
        composition.lone_references,
        composition.same_types,
        composition.scalar_parts,
        composition.discriminators,
        names.repeated_titles,
        names.long_members,
        nulls.nullable_enums,
        nulls.nullable_references,
    ),
)
MOST = 200


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """A copy of a document that means the same, without what the generator takes for something else."""
    return told(document)[0]


def told(document: dict[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """As `plain`, with a note for each thing that is left out; at most `MOST`."""
    result = copy.deepcopy(document)
    notes: dict[tuple[str, str], Refusal] = {}
    for rules in STAGES:
        tree = Tree(result)
        for rule in rules:
            for note in rule(tree):
                if len(notes) < MOST:
                    notes.setdefault((note.place, note.reason), note)
    return result, list(notes.values())
