"""The ids of openapi/rules.toml, under which tests and reports name the rules."""

import tomllib
from typing import Any

from contract_tests.contract import ROOT


def read_rules() -> dict[str, dict[str, Any]]:
    """Every rule by its id, with the columns that the file explains."""
    with (ROOT / "openapi" / "rules.toml").open("rb") as file:
        return tomllib.load(file)
