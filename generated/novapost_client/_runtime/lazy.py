# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Modules whose names are loaded when they are first used (PEP 562)."""

import importlib
import sys
from collections.abc import Iterable, Mapping
from typing import Any

# From now on, the child of a fork forgets modules of ours that were half loaded, and loads them anew.
from . import forks  # noqa: F401  # pyright: ignore[reportUnusedImport]


def load(module: str, homes: Mapping[str, str], name: str) -> Any:
    """Return a value of a module by its name, from the module that defines it; keep it from now on.

    Raises:
        AttributeError: the module has no such name.
    """
    if name not in homes:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{module}.{homes[name]}"), name)
    setattr(sys.modules[module], name, value)
    return value


def names(module: str, offered: Iterable[str]) -> list[str]:
    """Return the names that `dir` lists for a module: its own, and those that it would load."""
    return sorted({*vars(sys.modules[module]), *offered})
