"""Writes the pages of `docs/reference/` that say what the code and the data say.

    python -m contract_tests.docs.reference [--check]

A page that is written by hand goes out of date in silence. These are made from the rules, the control API's
own document, the faults, the options of the commands, the Makefile and pytest's markers.
"""

import argparse
import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from contract_tests import conftest
from contract_tests.novapost.defects.catalogue import CATALOGUE
from novapost_mock import cli_options
from novapost_mock.faults.json import KINDS, SYNONYMS
from novapost_mock.testing import pytest_plugin
from novapost_mock.testing.fixtures import SETTINGS
from scripts.drift import options as drift_options
from scripts.drift.policy.rules import catalogue
from scripts.lib.paths import ROOT

FOLDER = ROOT / "docs" / "reference"
RULES = ROOT / "openapi" / "rules.toml"
MAKEFILE = ROOT / "Makefile"

_HEAD = "<!-- Do not edit: written by `python -m contract_tests.docs.reference` from {source}. -->\n"
_USAGE = re.compile(r"(\[[^\]]+\])")
_DOCUMENTED = re.compile(r"(?m)^([a-z][a-z-]*):[^#\n]*## (.+)$")


def rules() -> str:
    """Return the rules of openapi/rules.toml, each under its id."""
    table = tomllib.loads(RULES.read_text(encoding="utf-8"))
    parts = [
        "# The rules\n",
        _prose(
            "What no schema can say, by the ids under which tests, journal and reports name them.",
            "*Stated* is what a published page says. *Assumed* is our reading of silence or of a",
            "contradiction; see [the readings](../explanation/readings.md). `uk:47` is line 47 of the",
            "Ukrainian page, `en:64` of the English one; both are kept in",
            "`contract_tests/self_tests/generator/pages/`.",
        ),
    ]
    for name, rule in table.items():
        parts += [f"## {name}\n", f"{rule['statement']}\n", f"- **Certainty:** {rule['certainty']}"]
        if rule.get("status"):
            parts.append(f"- **Seen in:** {', '.join(str(status) for status in rule['status'])}")
        if "reading" in rule:
            parts.append(f"- **Our reading:** {_cell(rule['reading'])}")
        parts.append(f"- **Source:** {'; '.join(rule['source'])}\n")
    return _page("openapi/rules.toml", parts)


def control() -> str:
    """Return the calls under /__mock__/, from the document that the mock itself serves there."""
    document = _control_document()
    parts = [
        "# The control API\n",
        _prose(document["info"]["description"]),
        _prose(
            "The mock serves this as an OpenAPI document at `/__mock__/openapi.json`. In the process of a",
            "test the same is there as methods of [the mock](mock.md). Beside the answers named here, a",
            "foreign origin gets 403, and whoever shows no token where one is wanted gets 401",
            "([settings](settings.md)).",
        ),
    ]
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            parts += [f"## {method.upper()} /__mock__{path}\n", f"{call['summary']}\n"]
            parts += [
                _item(document, each["name"], each["schema"], each["in"])
                for each in call.get("parameters", ())
            ]
            if "requestBody" in call:
                schema = call["requestBody"]["content"]["application/json"]["schema"]
                parts.append(f"- body: {_shape(document, schema)}")
            for status, answer in call["responses"].items():
                if status != "403":
                    parts.append(f"- {status}: {_answer_text(document, answer)}")
            parts.append("")
    return _page("novapost_mock/control/control.json", parts)


def faults() -> str:
    """Return what a fault may say, from the control API's document, and the names that are short for some."""
    properties = _control_document()["components"]["schemas"]["Fault"]["properties"]
    parts = [
        "# The faults\n",
        _prose(
            "`PUT /__mock__/faults` takes a list of them; `novapost_mock.arm(…)` and the marker's",
            "`faults=[…]` take the same objects. Several properties may be given at once: a fault can wait,",
            "then answer 503 with a page in HTML. Of several faults that would act, the first does.",
        ),
        "## By name\n",
        _prose(
            '`{"kind": "html"}` and the like stand for properties; what is given beside the kind goes before',
            "them.",
        ),
        "| kind | stands for |",
        "|---|---|",
        *(f"| `{name}` | `{json.dumps(dict(stands))}` |" for name, stands in KINDS.items()),
        "\n## Properties\n",
        "| property | values | does |",
        "|---|---|---|",
    ]
    for name, schema in properties.items():
        if name not in SYNONYMS:
            parts.append(f"| `{name}` | {_values(schema)} | {_cell(schema.get('description', _SHORT))} |")
    parts += [
        "\nOther names for the same: " + ", ".join(f"`{a}` for `{b}`" for a, b in SYNONYMS.items()) + "."
    ]
    return _page("novapost_mock/control/control.json and novapost_mock/faults/json.py", parts)


_SHORT = "Short for the `body` of this name."


def options() -> str:
    """Return the options of the mock and of the suite."""
    recorder = _Recorder()
    conftest.pytest_addoption(recorder)  # type: ignore[arg-type]
    parts = [
        "# Options\n",
        "## novapost-mock\n",
        "| option | does |",
        "|---|---|",
        *(f"| {_option(action)} | {_help(action.help)} |" for action in _actions(cli_options.parser())),
        "\n## The contract suite\n",
        _prose(
            "For `ARGS` of `make contract`. What has a variable of make, such as `TARGET`, is better given",
            "so.",
        ),
        "| option | does |",
        "|---|---|",
        *(f"| `{name}` | {_help(text)} |" for name, text in recorder.found),
        "\nEverything else that pytest takes goes as well, such as `-k NAME` or `-x`.\n",
        "## The scripts\n",
        _prose(
            "`python -m scripts.vendor`, `scripts.overlay`, `scripts.regenerate` and `scripts.drift` say",
            "theirs with `--help`, and so do `contract_tests.bench`, `contract_tests.defects`,",
            "`contract_tests.novapost.parity.record` and `contract_tests.campaigns.merge`.",
        ),
        "## pytest's markers\n",
        "| marker | says |",
        "|---|---|",
    ]
    for line in markers():
        name, _, text = line.partition(": ")
        parts.append(f"| `{name}` | {_cell(text)} |")
    taken = ", ".join(f"`{name}`" for name in SETTINGS)
    parts += [
        "",
        _prose("`novapost` comes with the installed package; the others are for tests of this repository."),
        _prose(f"It takes {taken}. What they mean: [the mock in Python](mock.md#readings)."),
    ]
    return _page("the commands themselves", parts)


def markers() -> list[str]:
    """Return every marker of pytest that the project declares, as `pytest --markers` would show it."""
    declared: list[str] = list(conftest.MARKERS)
    declared.append(pytest_plugin._MARKER)
    return declared


def make() -> str:
    """Return the targets of the Makefile, with the words that `make` alone prints."""
    parts = [
        "# Make targets\n",
        _prose(
            "Each sets up what it needs: a `.venv` from `requirements.lock`, hashes checked, on a machine",
            "that has only Python 3.11 or later and make. What the variables mean: [settings](settings.md).",
            "What it ends with: [exit codes](exit-codes.md).",
        ),
        *(f"- `make {name}`: {_usage_as_code(text)}" for name, text in targets()),
        "\n`make` alone prints the list.",
    ]
    return _page("the Makefile", parts)


def targets() -> list[tuple[str, str]]:
    """Return the targets of the Makefile with what each says of itself."""
    return _DOCUMENTED.findall(MAKEFILE.read_text(encoding="utf-8"))


def defects() -> str:
    """Return the names of the seeded defects."""
    parts = [
        "# The catalogue of defects\n",
        _prose(
            "`make defects` puts each of them before the mock and sees that the suite notices it. How to add",
            "one: [write a defect](../how-to/write-a-defect.md).",
        ),
        *(f"- `{defect.name}`" for defect in CATALOGUE),
    ]
    return _page("contract_tests/novapost/defects/", parts)


def drift() -> str:
    """Return the options of drift and its rules."""
    parser = drift_options.parser()
    parts = [
        "# Drift\n",
        _prose(
            "`python -m scripts.drift [BASE] [REVISION]`, which `make drift` and",
            "`scripts/drift/elsewhere/run.sh` call. How to use it: [compare documents](../how-to/drift.md),",
            "[watch a document of your own](../how-to/drift-elsewhere.md).",
        ),
        "## Options\n",
        "| option | does |",
        "|---|---|",
        *(f"| {_option(action)} | {_help(_default(action))} |" for action in _actions(parser)),
        "\n## Rules\n",
        _prose(
            "What a finding is about, as `--explain RULE` tells it, and the levels that it can have. A name",
            "with `request-` is about what a client sends, one with `response-` about what it reads.",
            "`--levels FILE` takes these names, also with the effect behind them: `request-enum narrowed`.",
        ),
    ]
    for rule in catalogue().values():
        parts += [f"### {rule.name}\n", f"{_cell(rule.means)}\n", f"- **Levels:** {_cell(rule.levels)}"]
        parts += [f"- **Example:** {_cell(rule.example)}", f"- **To do:** {_cell(rule.do)}\n"]
    return _page("scripts/drift/options.py and scripts/drift/policy/rules.toml", parts)


def _default(action: argparse.Action) -> str:
    return (action.help or "").replace("%(default)g", str(action.default))


PAGES: Mapping[str, Callable[[], str]] = {
    "rules.md": rules,
    "control.md": control,
    "faults.md": faults,
    "options.md": options,
    "make.md": make,
    "defects.md": defects,
    "drift.md": drift,
}


class _Recorder:
    """Takes what `pytest_addoption` declares."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def getgroup(self, *names: str) -> "_Recorder":
        return self

    def addoption(self, *names: str, **settings: Any) -> None:
        self.found.append((names[-1], settings["help"]))


def _control_document() -> dict[str, Any]:
    text = (resources.files("novapost_mock.control") / "control.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _prose(*lines: str) -> str:
    """Return a paragraph with an empty line after it."""
    return textwrap.fill(" ".join(lines), 116, break_long_words=False, break_on_hyphens=False) + "\n"


def _page(source: str, parts: Sequence[str]) -> str:
    return _HEAD.format(source=source) + "\n".join(parts).rstrip() + "\n"


def _cell(text: str) -> str:
    """Return a text as one cell of a table: one line, with no accidental mark of Markdown or HTML."""
    flat = " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;")
    return re.sub(r"(\^\[\S+\$)", r"`\1`", flat)


def _usage_as_code(text: str) -> str:
    """Return a text with `[NAME=value]` as code, which Markdown would take for a link."""
    return _USAGE.sub(r"`\1`", text)


def _help(text: str | None) -> str:
    return _cell((text or "").replace("%%", "%"))


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    return (each for each in parser._actions if each.option_strings and each.dest != "help")


def _option(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else None
    if action.choices:
        value = " or ".join(map(str, action.choices))
    elif value is None and action.nargs != 0:
        value = action.dest.upper()
    return f"`{action.option_strings[-1]}{f' {value}' if value else ''}`"


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _shape(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return a schema in a few words: its properties by name, or what it is."""
    if (name := schema.get("$ref", "").rpartition("/")[2]) == "Fault":
        return "[a fault](faults.md)"
    schema = _resolved(document, schema)
    if "oneOf" in schema:
        return ", or ".join(_shape(document, each) for each in schema["oneOf"])
    if "anyOf" in schema:
        return ", or ".join(_shape(document, each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"a list, each {_shape(document, schema['items'])}"
    if schema.get("properties"):
        return f"`{{{', '.join(json.dumps(each) for each in schema['properties'])}}}`"
    return name or str(schema.get("type", "any JSON"))


def _answer_text(document: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    answer = _resolved(document, answer)
    content = answer.get("content", {})
    shapes = [_shape(document, media["schema"]) for media in content.values() if "schema" in media]
    text = _cell(answer["description"]).rstrip(".")
    return f"{text}. {'; '.join(shapes)}" if shapes else f"{text}."


def _item(document: Mapping[str, Any], name: str, schema: Mapping[str, Any], place: str) -> str:
    schema = _resolved(document, schema)
    text = schema.get("description", "")
    return f"- `{name}` in the {place}: {_values(schema)}{f'. {_cell(text)}' if text else ''}"


def _values(schema: Mapping[str, Any]) -> str:
    """Return what a property may be: its list of values, its bounds, or its type."""
    if "anyOf" in schema:
        return ", or ".join(_values(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    kind = str(schema.get("type", "any"))
    if "minimum" in schema and "maximum" in schema:
        above = "above " if schema.get("exclusiveMinimum") else ""
        return f"{kind}, {above}{schema['minimum']} to {schema['maximum']}"
    if "pattern" in schema:
        return f"{kind}, `{schema['pattern']}`"
    return kind


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages, or with `--check` compare; 0 for fine, 1 when a page is not what it should be."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.docs.reference",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a page is out of date")
    arguments = parser.parse_args(argv)
    old = []
    for name, written in PAGES.items():
        path, text = FOLDER / name, written()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        old.append(name)
        if not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if old and arguments.check:
        names = ", ".join(f"docs/reference/{name}" for name in old)
        print(f"{names}: out of date; python -m contract_tests.docs.reference", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
