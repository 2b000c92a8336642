"""Find the places that the generator would handle wrongly or leave out silently, before it runs.

Each rule is a function from the document's tree to refusals. The first stage checks the shape of the
document; all later stages rely on it. Within a stage all rules run, so that one run shows all faults.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from scripts.document.tree import Tree
from scripts.lib.errors import Refusal
from scripts.preflight import (
    bodies,
    composition,
    enums,
    models,
    operations,
    parameters,
    paths,
    references,
    security,
    servers,
    shape,
    texts,
)

Rule: TypeAlias = Callable[[Tree], Iterable[Refusal]]

STAGES: tuple[tuple[Rule, ...], ...] = (
    (shape.shape,),
    (
        texts.characters,
        references.outside_references,
        references.component_names,
        references.reference_targets,
        references.reference_circles,
        references.discriminators,
        references.other_bases,
        paths.path_keys,
        paths.path_parameters,
        operations.methods,
        operations.operation_ids,
        operations.tags,
        parameters.parameter_names,
        parameters.parameter_values,
        parameters.parameter_headers,
        servers.addresses,
        security.key_names,
        bodies.statuses,
        bodies.media_types,
        models.class_names,
        models.property_names,
        models.required_names,
        models.arrays,
        models.unknown_keywords,
        composition.empty_composition,
        composition.lone_references,
        composition.mixed_composition,
        composition.all_of_objects,
        composition.differing_defaults,
        composition.typed_unions,
        enums.enum_values,
        enums.constants,
        enums.defaults,
    ),
)
# More than anyone mends in one go; a hostile document may have a fault in every byte.
MOST = 1000


def examine(document: dict[str, Any]) -> list[Refusal]:
    """All that the rules have to say about a document, in the order of the rules, each thing once."""
    tree = Tree(document)
    for rules in STAGES:
        found: dict[tuple[str, str], Refusal] = {}
        for rule in rules:
            for refusal in rule(tree):
                found.setdefault((refusal.place, refusal.reason), refusal)
                if len(found) >= MOST:
                    return list(found.values())
        if found:
            return list(found.values())
    return []
