"""Rewrite unusual notation of a document into notation that the generator understands.

This works on a copy, so that a document with unusual notation need not be refused. If something is left out
on which a reader of the document may rely, a note names it with its place.
"""

import copy
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from scripts.document import version_3_2
from scripts.document.tree import Tree
from scripts.lib.errors import Refusal
from scripts.normalize import (
    bodies,
    composition,
    defaults,
    enums,
    flatten,
    formats,
    keywords,
    long_names,
    names,
    nulls,
    parameters,
    paths,
    read_write_only,
    references,
    shape,
)

Rule: TypeAlias = Callable[[Tree], Iterable[Refusal]]

# Each stage sees what the ones before it have made of the document.
STAGES: tuple[tuple[Rule, ...], ...] = (
    # What stands under a method in capitals is no operation to the stages after this one.
    (shape.method_names,),
    (version_3_2.media_types, paths.extensions),
    (version_3_2.version,),
    (shape.empty_fields, shape.listed_parts, shape.truths),
    (
        shape.texts,
        shape.required_parts,
        shape.server_addresses,
        shape.statuses,
        shape.parameter_forms,
        shape.flags,
        shape.keyword_forms,
    ),
    (shape.types, names.component_names, paths.path_keys),
    (references.identities,),
    (references.spellings,),
    (composition.choices_of_one,),
    (references.path_items,),
    (references.chains, references.siblings, references.mappings),
    (references.distant,),
    (keywords.definitions, references.circles),
    (
        bodies.plain_names,
        bodies.bodiless_answers,
        bodies.missing_answers,
        bodies.missing_successes,
        parameters.contents,
        keywords.unchecked,
        keywords.encoded_contents,
        keywords.pattern_properties,
    ),
    (bodies.empty_bodies, keywords.tuples, parameters.in_paths),
    (parameters.ignored_headers, parameters.unsendable),
    (parameters.repeated,),
    (keywords.open_arrays,),
    (
        bodies.media_types,
        bodies.files_in_json,
        parameters.files,
        parameters.path_defaults,
        enums.booleans,
        enums.numbers,
        enums.repeated_values,
        enums.listed_elsewhere,
        enums.mixed,
        enums.constants,
        defaults.text_defaults,
        defaults.listed_defaults,
        keywords.vacuous_keywords,
        formats.narrowed_formats,
    ),
    (composition.idle_parts, composition.contradicting_parts),
    (composition.same_kind_parts, enums.unlisted, flatten.choices),
    (
        composition.idle_siblings,
        composition.distant_requirements,
        read_write_only.required_one_way,
        composition.lone_references,
        composition.same_types,
        composition.scalar_parts,
        composition.discriminators,
    ),
    # Once more for what stands within a part that was copied.
    *((flatten.parts,),) * 4,
    (flatten.early_parts,),
    (references.aliases,),
    (keywords.undeclared_requirements, defaults.convertible_defaults, bodies.forms),
    (defaults.fitting_defaults,),
    (
        names.repeated_titles,
        names.long_members,
        names.operations,
        names.tags,
        nulls.nullable_enums,
        nulls.nullable_circles,
        nulls.nullable_references,
    ),
    (long_names.classes,),
    (names.class_names,),
)
# Of these the ones that put right what the document itself has wrong; the others only say it in another way.
CORRECTIONS: frozenset[Rule] = frozenset(
    (
        *(shape.required_parts, shape.method_names, shape.statuses, shape.parameter_forms, shape.flags),
        *(shape.empty_fields, shape.texts, shape.types, references.spellings, references.mappings),
        *(keywords.open_arrays, keywords.undeclared_requirements, parameters.in_paths, parameters.repeated),
        *(parameters.files, enums.listed_elsewhere, enums.repeated_values),
        *(
            defaults.text_defaults,
            defaults.convertible_defaults,
            defaults.fitting_defaults,
            bodies.plain_names,
            bodies.empty_bodies,
        ),
    )
)
MOST = 200


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a document that means the same, in words that the generator understands."""
    return plain_with_notes(document)[0]


def corrections(document: dict[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return a copy of a document in which its slips are put right, and a note for each of them."""
    return _applied(document, strict=False, only=CORRECTIONS)


def plain_with_notes(
    document: dict[str, Any], *, strict: bool = True
) -> tuple[dict[str, Any], list[Refusal]]:
    """As `plain`, with a note for each thing that is left out; at most `MOST`.

    Args:
        document: any JSON object.
        strict: let a rule that cannot cope with the form of a document raise its error; otherwise the rule
            is passed over, and the preflight names the place.
    """
    return _applied(document, strict=strict)


def _applied(
    document: dict[str, Any], *, strict: bool, only: frozenset[Rule] | None = None
) -> tuple[dict[str, Any], list[Refusal]]:
    result = copy.deepcopy(document)
    notes: dict[tuple[str, str], Refusal] = {}
    for rules in STAGES:
        tree = Tree(result)
        for rule in rules if only is None else [rule for rule in rules if rule in only]:
            try:
                for note in rule(tree):
                    if len(notes) < MOST:
                        notes.setdefault((note.place, note.reason), note)
            except (AttributeError, KeyError, IndexError, TypeError, ValueError):
                if strict:
                    raise
    return result, list(notes.values())
