"""The reference pages of the commands: options of mock and suite, markers, make targets, drift."""

import argparse
import re
from typing import Any

from contract_tests import conftest
from contract_tests.docs.markdown import actions, cell, help_cell, option, page, prose, usage_as_code
from novapost_mock import cli_options
from novapost_mock.testing import pytest_plugin
from novapost_mock.testing.fixtures import SETTINGS
from scripts.drift import options as drift_options
from scripts.drift.policy.rules import catalogue
from scripts.lib.paths import ROOT

MAKEFILE = ROOT / "Makefile"
_DOCUMENTED = re.compile(r"(?m)^([a-z][a-z-]*):[^#\n]*## (.+)$")


def options() -> str:
    """Return the options of the mock and of the suite."""
    recorder = _Recorder()
    conftest.pytest_addoption(recorder)  # type: ignore[arg-type]
    parts = [
        "# Options\n",
        "## novapost-mock\n",
        "| option | does |",
        "|---|---|",
        *(f"| {option(action)} | {help_cell(action.help)} |" for action in actions(cli_options.parser())),
        "\n## The contract suite\n",
        prose(
            "Give these options in `ARGS` of `make contract`. If make has a variable for an option, such as",
            "`TARGET` for `--target`, use the variable.",
        ),
        "| option | does |",
        "|---|---|",
        *(f"| `{name}` | {help_cell(text)} |" for name, text in recorder.found),
        "\nAll options of pytest also work, such as `-k NAME` or `-x`.\n",
        "## The scripts\n",
        prose(
            "Use `--help` to see the options of `python -m scripts.vendor`, `scripts.overlay`,",
            "`scripts.regenerate`, `scripts.drift`, `contract_tests.bench`, `contract_tests.defects`,",
            "`contract_tests.novapost.parity.record` and `contract_tests.campaigns.merge`.",
        ),
        "## pytest's markers\n",
        "| marker | meaning |",
        "|---|---|",
    ]
    for line in markers():
        name, _, text = line.partition(": ")
        parts.append(f"| `{name}` | {cell(text)} |")
    taken = ", ".join(f"`{name}`" for name in SETTINGS)
    parts += [
        "",
        prose(
            "The marker `novapost` comes with the installed package; the others are for tests of this "
            "repository."
        ),
        prose(f"`novapost` takes {taken}. For their meaning, see [the mock in Python](mock.md#readings)."),
    ]
    return page("the commands themselves", parts)


def markers() -> list[str]:
    """Return every marker of pytest that the project declares, as `pytest --markers` would show it."""
    declared: list[str] = list(conftest.MARKERS)
    declared.append(pytest_plugin._MARKER)
    return declared


class _Recorder:
    """Takes what `pytest_addoption` declares."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def getgroup(self, *names: str) -> "_Recorder":
        return self

    def addoption(self, *names: str, **settings: Any) -> None:
        self.found.append((names[-1], settings["help"]))


def make() -> str:
    """Return the targets of the Makefile, with the words that `make` alone prints."""
    parts = [
        "# Make targets\n",
        prose(
            "Each target installs its needs into a `.venv`, from a lock whose hashes are checked. The",
            "machine needs only Python 3.11 or later and make. For the variables, see",
            "[settings](settings.md). For the exit codes, see [exit codes](exit-codes.md).",
        ),
        *(f"- `make {name}`: {usage_as_code(text)}" for name, text in targets()),
        "\n`make` alone prints the list.",
    ]
    return page("the Makefile", parts)


def targets() -> list[tuple[str, str]]:
    """Return the targets of the Makefile with their descriptions."""
    return _DOCUMENTED.findall(MAKEFILE.read_text(encoding="utf-8"))


def drift() -> str:
    """Return the options of drift and its rules."""
    parser = drift_options.parser()
    parts = [
        "# Drift\n",
        prose(
            "`make drift` and `scripts/drift/elsewhere/run.sh` call `python -m scripts.drift [BASE]",
            "[REVISION]`. How to use it: [compare documents](../how-to/drift.md), [watch a document of your",
            "own](../how-to/drift-elsewhere.md).",
        ),
        "## Options\n",
        "| option | does |",
        "|---|---|",
        *(f"| {option(action)} | {help_cell(_default(action))} |" for action in actions(parser)),
        "\n## Rules\n",
        prose(
            "Each rule finds one kind of change, and gives it one of several levels. `--explain RULE`",
            "prints the same text. Rules with `request-` concern messages that a client sends, rules with",
            "`response-` messages that it reads. A property is *removed* or *added*, and a set of values is",
            "*narrowed* or *widened*. `--levels FILE` takes the names of rules, also with the effect behind",
            "them: `request-enum narrowed`.",
        ),
    ]
    for rule in catalogue().values():
        parts += [f"### {rule.name}\n", f"{cell(rule.means)}\n", f"- **Levels:** {cell(rule.levels)}"]
        parts += [f"- **Example:** {cell(rule.example)}", f"- **To do:** {cell(rule.do)}\n"]
    return page("scripts/drift/options.py and scripts/drift/policy/rules.toml", parts)


def _default(action: argparse.Action) -> str:
    return (action.help or "").replace("%(default)g", str(action.default))
