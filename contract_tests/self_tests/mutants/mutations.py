"""List the mutants of a module and write one of them.

Cosmic Ray's operators change numbers, comparisons, arithmetic, conditions, loops, exceptions and decorators.
An operator of ours changes short texts: names of fields, patterns, units.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

Position = tuple[int, int]
Span = tuple[Position, Position]


class ShortTextReplacer(Operator):  # type: ignore[misc]  # Cosmic Ray has no types
    """Drop the last character of a text without spaces; a sentence is wording, which no test has to hold."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        """Yield the place of a text constant that is not a docstring."""
        if node.type == "string" and node.parent.type != "simple_stmt":
            try:
                value = ast.literal_eval(node.value)
            except (SyntaxError, ValueError):
                return
            if isinstance(value, str) and value and " " not in value:
                yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return the text without its last character."""
        text = repr(ast.literal_eval(node.value)[:-1])
        return parso.python.tree.String(text, node.start_pos, prefix=node.prefix)

    @classmethod
    def examples(cls) -> tuple[()]:
        """Return nothing: the tests of this repository try the operator."""
        return ()


@dataclass(frozen=True, order=True)
class Mutant:
    """One change of one module.

    Attributes:
        module: the path of the module from the root of the repository.
        row: the line that changes, from 1.
        operator: the name of the operator.
        occurrence: which of the operator's places in the module it is.
    """

    module: str
    row: int
    operator: str
    occurrence: int


# For each sign the nearest mistake and the opposite. Cosmic Ray can replace each sign by every other one: ten
# times the mutants, and a test that notices `<` for `<=` notices the rest.
_CHOSEN = {
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer"),
    *("RemoveDecorator", "ZeroIterationForLoop", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceUnaryOperator_USub_UAdd",),
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot", "IsNot_Is")
    ),
    *(
        f"ReplaceBinaryOperator_{pair}"
        for pair in ("Add_Sub", "Sub_Add", "Mul_FloorDiv", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul")
    ),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("BitOr_BitAnd", "BitAnd_BitOr", "Sub_BitAnd")),
}


@cache
def operators() -> dict[str, Any]:
    """Return the operators that are used, by their names."""
    found = {name.removeprefix("core/"): name for name in operator_names()}
    return {name: get_operator(found[name])() for name in sorted(_CHOSEN)} | {
        "ShortTextReplacer": ShortTextReplacer()
    }


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, except changes of types, which only a type checker sees."""
    typed = list(_types(source))
    nodes = list(ast_nodes(get_ast(source)))
    for name, operator in operators().items():
        places = (span for node in nodes for span in operator.mutation_positions(node))
        for occurrence, (start, end) in enumerate(places):
            if not any(first <= start and end <= last for first, last in typed):
                mutant = Mutant(module, start[0], name, occurrence)
                if name != "ExceptionReplacer" or _can_be_written(mutant, source):
                    yield mutant


def mutated(mutant: Mutant, source: str) -> str:
    """Return the source of a module with one change."""
    changed: str | None = mutate_code(source, operators()[mutant.operator], mutant.occurrence)
    assert changed is not None
    return changed


def _can_be_written(mutant: Mutant, source: str) -> bool:
    """Tell whether Cosmic Ray can replace an exception: it fails on names with a dot in a tuple."""
    try:
        mutated(mutant, source)
    except AttributeError:
        return False
    return True


def changed_lines(before: str, after: str) -> tuple[str, str]:
    """Return the first line that differs, before and after, without indentation."""
    old, new = before.splitlines(), after.splitlines()
    for one, other in zip(old, new, strict=False):
        if one != other:
            return one.strip(), other.strip()
    return "", ""


def _types(source: str) -> Iterator[Span]:
    """Yield the places of annotations, of imports for type checkers, and of type variables."""
    for node in ast.walk(ast.parse(source)):
        found = getattr(node, "returns", None) or getattr(node, "annotation", None)
        if isinstance(node, ast.If | ast.Call) and ast.unparse(node).startswith(
            ("if TYPE_CHECKING:", "TypeVar(")
        ):
            found = node
        if isinstance(found, ast.expr | ast.stmt):
            yield (found.lineno, found.col_offset), (found.end_lineno or 0, found.end_col_offset or 0)


def read(root: Path, module: str) -> str:
    """Return the source of a module."""
    return (root / module).read_text(encoding="utf-8")
