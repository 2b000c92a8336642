"""The catalogue of rules: what each means, for `--explain`, for levels, and for the reference page."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from scripts.lib.errors import Refusal, printable

RULES = Path(__file__).with_name("rules.toml")
_ROLES = ("request", "response")


@dataclass(frozen=True)
class Rule:
    """What a rule means: each attribute is a sentence or two."""

    name: str
    means: str
    levels: str
    example: str
    do: str

    def lines(self) -> Iterator[str]:
        """Return the explanation as lines of text."""
        yield self.name
        yield f"  compares  {self.means}"
        yield f"  levels    {self.levels}"
        yield f"  example   {self.example}"
        yield f"  to do     {self.do}"


@cache
def catalogue() -> dict[str, Rule]:
    """Return all rules by name."""
    table = tomllib.loads(RULES.read_text(encoding="utf-8"))
    found = {}
    for name, entry in table.items():
        if name != "schema":
            found[name] = Rule(name, **entry)
    for name, entry in table["schema"].items():
        for role in _ROLES:
            found[f"{role}-{name}"] = Rule(f"{role}-{name}", **entry)
    return dict(sorted(found.items()))


def known_rules() -> tuple[str, ...]:
    """Return the names of all rules."""
    return tuple(catalogue())


def explained(name: str) -> list[str]:
    """Return the explanation of a rule; of all of them in a line each for "all".

    Raises:
        Refusal: there is no such rule.
    """
    rules = catalogue()
    if name == "all":
        return [f"{rule.name:<34} {rule.means}" for rule in rules.values()]
    if name in rules:
        return list(rules[name].lines())
    near = get_close_matches(name, rules, 3)
    hint = f"did you mean {', '.join(near)}?" if near else "--explain all lists them"
    raise Refusal("--explain", f"{printable(name, 60)} is no rule; {hint}")
