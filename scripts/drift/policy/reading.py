"""Read the policy of a run from a file."""

import fnmatch
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scripts.document.parse import decode
from scripts.drift.findings import LEVELS
from scripts.drift.load.origins import read_path
from scripts.drift.policy.levels import level_of
from scripts.drift.policy.policy import Deprecation, Policy
from scripts.drift.policy.rules import known_rules
from scripts.lib.errors import Refusal, printable

_MAX_BYTES = 1_000_000


def read_policy(path: Path) -> Policy:
    """Return the policy that a file states.

    The file is TOML with the tables `levels`, `deprecation` and `stability`, or a list of lines `RULE LEVEL`.

    Raises:
        Refusal: the file cannot be read, or names a rule or a level that there is not.
    """
    text = decode(read_path(path, _MAX_BYTES), str(path))
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        listed = _listed(text)
        if listed is None:
            raise Refusal(str(path), f"neither TOML ({error}) nor lines of a rule and its level") from error
        table = {"levels": listed}
    unknown = set(table) - {"levels", "deprecation", "stability"}
    if unknown:
        name = printable(min(unknown), 60)
        raise Refusal(str(path), f"[{name}] is no table of it; there are levels, deprecation and stability")
    levels = {name: _level(str(path), name, level) for name, level in _table(path, table, "levels").items()}
    for name in levels:
        _check_rule(str(path), name)
    stability = _table(path, table, "stability")
    return Policy(
        levels,
        _deprecation(path, _table(path, table, "deprecation")),
        {str(name).lower(): _level(str(path), name, level) for name, level in stability.items()},
    )


def _table(path: Path, table: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise Refusal(str(path), f"{name} must be a table")
    return found


def _listed(text: str) -> dict[str, str] | None:
    found = {}
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) not in (2, 3):
            return None
        found[" ".join(words[:-1])] = words[-1]
    return found


def _level(place: str, name: str, word: Any) -> str:
    level = level_of(word) if isinstance(word, str) else None
    if level is None:
        shown = printable(str(word), 40)
        raise Refusal(place, f"{printable(name, 80)}: {shown} is no level; there are {', '.join(LEVELS)}")
    return level


def _check_rule(place: str, name: str) -> None:
    rule = name.partition(" ")[0]
    known = known_rules()
    if rule in known or ("*" in rule and fnmatch.filter(known, rule)):
        return
    near = get_close_matches(rule, known, 1)
    hint = f"; did you mean {near[0]}?" if near else "; --explain lists them"
    raise Refusal(place, f"{printable(rule, 80)} is no rule{hint}")


def _deprecation(path: Path, table: Mapping[str, Any]) -> Deprecation | None:
    if not table:
        return None
    unknown = set(table) - {"stable", "beta"}
    if unknown:
        raise Refusal(str(path), f"[deprecation] {min(unknown)}: there are stable and beta")
    for name, days in table.items():
        if type(days) is not int or days < 0:
            raise Refusal(str(path), f"[deprecation] {name} must be a number of days")
    return Deprecation(int(table.get("stable", 0)), int(table.get("beta", 0)))
