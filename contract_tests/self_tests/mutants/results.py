"""The results of a run, and the table that is committed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.self_tests.mutants.mutations import Mutant
from contract_tests.self_tests.mutants.table import Part

RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Result:
    """What became of the mutants of one part.

    Attributes:
        part: the module and its tests.
        mutants: how many mutants the module has.
        tried: how many of them were tried.
        survived: those that no test noticed, with their line before and after.
    """

    part: Part
    mutants: int
    tried: int
    survived: Sequence[tuple[Mutant, tuple[str, str]]]

    @property
    def unexplained(self) -> list[tuple[Mutant, tuple[str, str]]]:
        """Return the survivors without a reason in `table.toml`."""
        explained = {each.line for each in self.part.explained}
        return [each for each in self.survived if each[1][1] not in explained]


def page(results: Sequence[Result], parts: Sequence[Part], seed: int, before: str) -> str:
    """Return the page of results: the rows of this run, and the rows of other parts as they were before."""
    rows = _rows(before) | {result.part.name: _row(result, seed) for result in results}
    return "\n".join([*_HEAD, *(rows[part.name] for part in parts if part.name in rows), ""])


def survivors(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines that describe each unexplained survivor, before and after its change."""
    for result in results:
        for mutant, (before, after) in result.unexplained:
            yield f"{result.part.module}:{mutant.row} ({mutant.operator})"
            yield f"    - {before}"
            yield f"    + {after}"


_HEAD = (
    "# Mutants",
    "",
    "`make mutants ARGS=--write` writes the rows of the parts that it tries. *Tried* are a sample,",
    "drawn with the seed. `table.toml` has the reason for each explained survivor.",
    "",
    "| part | module | mutants | tried | seed | noticed | explained | unexplained |",
    "|---|---|---:|---:|---:|---:|---:|---:|",
)


def _row(result: Result, seed: int) -> str:
    survived, unexplained = len(result.survived), len(result.unexplained)
    counts = (
        result.mutants,
        result.tried,
        seed,
        result.tried - survived,
        survived - unexplained,
        unexplained,
    )
    return f"| {result.part.name} | `{result.part.module}` | {' | '.join(map(str, counts))} |"


def _rows(text: str) -> dict[str, str]:
    """Return the rows of a page by the names of their parts."""
    lines = (line for line in text.splitlines() if line.count("|") == _HEAD[-1].count("|"))
    return {line.split("|")[1].strip(): line for line in lines}
