"""Bounds of coverage: the part that a file belongs to, and the branches of a part that must be executed."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

BOUNDS = Path(__file__).with_name("bounds.toml")
_FILES_SHOWN = 10


@dataclass
class Part:
    """A part of the project, and the branches in it.

    Attributes:
        name: for the table.
        files: patterns of its files, from the root of the repository.
        bound: the percentage of branches that must be executed.
        goal: the percentage that should be executed some day; 0 without one.
        branches: how many branches it has.
        executed: how many of them the tests execute.
        missing: how many are not executed in each file, for files in which there are such.
    """

    name: str
    files: tuple[str, ...]
    bound: float
    goal: float = 0
    branches: int = 0
    executed: int = 0
    missing: dict[str, int] = field(default_factory=dict)

    @property
    def percent(self) -> float:
        """The percentage of branches that the tests execute; a part without branches has all of them."""
        return 100 * self.executed / self.branches if self.branches else 100.0

    @property
    def is_kept(self) -> bool:
        """Whether as many branches are executed as the bound says."""
        return self.percent >= self.bound


def read_bounds(path: Path = BOUNDS) -> list[Part]:
    """Return the parts in their order, without any branches yet."""
    parts = tomllib.loads(path.read_text(encoding="utf-8"))["part"]
    return [
        Part(part["name"], tuple(part["files"]), float(part["branches"]), float(part.get("goal", 0)))
        for part in parts
    ]


def left_out(path: Path = BOUNDS) -> list[str]:
    """Return the tests that cannot hold where every process is measured."""
    return [each["test"] for each in tomllib.loads(path.read_text(encoding="utf-8"))["left-out"]]


def count(parts: Iterable[Part], files: Mapping[str, Any]) -> list[str]:
    """Add the files of a report of coverage to their parts.

    Args:
        parts: where the first one whose pattern fits takes a file.
        files: the entry `files` of coverage's JSON report, by path from the root of the repository.

    Returns:
        the files that belong to no part.
    """
    parts, homeless = list(parts), []
    for path, report in files.items():
        part = next((part for part in parts if any(fnmatchcase(path, each) for each in part.files)), None)
        if part is None:
            homeless.append(path)
            continue
        summary = report["summary"]
        part.branches += summary["num_branches"]
        part.executed += summary["covered_branches"]
        if summary["missing_branches"]:
            part.missing[path] = summary["missing_branches"]
    return homeless


def table(parts: Sequence[Part]) -> list[str]:
    """Return the lines of a table of all parts, with the files that miss most where a bound is not kept."""
    lines = [f"{'part':<28}{'branches':>9}{'executed':>10}{'bound':>8}{'goal':>7}"]
    for part in parts:
        verdict = "" if part.is_kept else "  too few"
        lines.append(
            f"{part.name:<28}{part.branches:>9}{part.percent:>9.1f}%{part.bound:>7g}%"
            f"{f'{part.goal:g}%' if part.goal else '':>7}{verdict}"
        )
        if not part.is_kept:
            worst = sorted(part.missing.items(), key=lambda each: -each[1])[:_FILES_SHOWN]
            lines.extend(f"    {missing:>4} missing in {path}" for path, missing in worst)
    return lines
