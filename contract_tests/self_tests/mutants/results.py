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
        tried: how many mutants were tried.
        survived: those that no test noticed, with their line before and after.
    """

    part: Part
    tried: int
    survived: Sequence[tuple[Mutant, tuple[str, str]]]

    @property
    def unexplained(self) -> list[tuple[Mutant, tuple[str, str]]]:
        """Return the survivors without a reason in `table.toml`."""
        explained = {each.line for each in self.part.explained}
        return [each for each in self.survived if each[1][1] not in explained]


def table(results: Sequence[Result], sample: int | None, seed: int) -> str:
    """Return the results as a page of Markdown."""
    return "\n".join(_lines(results, sample, seed))


def _lines(results: Sequence[Result], sample: int | None, seed: int) -> Iterator[str]:
    yield "# Mutants"
    yield ""
    how_many = "Every mutant of a module" if sample is None else f"At most {sample} mutants of a module"
    yield f"{how_many}, seed {seed}; written by `make mutants ARGS=--write`."
    yield "`table.toml` has the reasons for the explained survivors."
    yield ""
    yield "| part | module | mutants | noticed | explained | unexplained |"
    yield "|---|---|---:|---:|---:|---:|"
    for result in results:
        survived, unexplained = len(result.survived), len(result.unexplained)
        counts = (result.tried, result.tried - survived, survived - unexplained, unexplained)
        yield f"| {result.part.name} | `{result.part.module}` | {' | '.join(map(str, counts))} |"
    for result in results:
        for mutant, (before, after) in result.unexplained:
            yield ""
            yield f"`{result.part.module}:{mutant.row}` ({mutant.operator})"
            yield ""
            yield f"    - {before}"
            yield f"    + {after}"
    yield ""
