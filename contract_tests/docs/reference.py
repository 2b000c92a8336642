"""Write the pages of `docs/reference/` that say what the code and the data say.

    python -m contract_tests.docs.reference [--check]

A page that is written by hand goes out of date in silence. These are made from the rules, the control API's
own document, the faults, the options of the commands, the Makefile and pytest's markers.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence

from contract_tests.docs import command_pages, control_pages
from contract_tests.docs.markdown import cell, page, prose
from contract_tests.novapost.defects.catalogue import CATALOGUE
from scripts.lib.paths import ROOT

FOLDER = ROOT / "docs" / "reference"
RULES = ROOT / "openapi" / "rules.toml"


def rules() -> str:
    """Return the rules of openapi/rules.toml, each under its id."""
    table = tomllib.loads(RULES.read_text(encoding="utf-8"))
    parts = [
        "# The rules\n",
        prose(
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
            parts.append(f"- **Our reading:** {cell(rule['reading'])}")
            parts.append(f"- **The other reading:** {cell(rule['other'])}")
        parts.append(f"- **Source:** {'; '.join(rule['source'])}\n")
    return page("openapi/rules.toml", parts)


def defects() -> str:
    """Return the names of the seeded defects."""
    parts = [
        "# The catalogue of defects\n",
        prose(
            "`make defects` puts each of them before the mock and sees that the suite notices it. How to add",
            "one: [write a defect](../how-to/write-a-defect.md).",
        ),
        *(f"- `{defect.name}`" for defect in CATALOGUE),
    ]
    return page("contract_tests/novapost/defects/", parts)


PAGES: Mapping[str, Callable[[], str]] = {
    "rules.md": rules,
    "control.md": control_pages.control,
    "faults.md": control_pages.faults,
    "options.md": command_pages.options,
    "make.md": command_pages.make,
    "defects.md": defects,
    "drift.md": command_pages.drift,
}


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
