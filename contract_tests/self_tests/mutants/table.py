"""Read `table.toml`: the modules that are mutated, their nearest tests, and the explained survivors."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("table.toml")


@dataclass(frozen=True)
class Explained:
    """A mutant that may survive: the line as it becomes, without its indentation, and the reason."""

    line: str
    because: str


@dataclass(frozen=True)
class Part:
    """A module and the tests that have to notice its mutants.

    Attributes:
        name: what the module does, for `--only` and for the table of results.
        module: the path of the module from the root of the repository.
        tests: the arguments of pytest.
        explained: the mutants that may survive.
    """

    name: str
    module: str
    tests: tuple[str, ...]
    explained: tuple[Explained, ...]


def read_table(path: Path = TABLE) -> list[Part]:
    """Return the parts in the order of the file."""
    return [
        Part(
            name,
            row["module"],
            tuple(row["tests"]),
            tuple(Explained(each["line"], each["because"]) for each in row.get("explained", ())),
        )
        for name, row in tomllib.loads(path.read_text(encoding="utf-8")).items()
    ]
