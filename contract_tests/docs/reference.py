"""Write the pages of `docs/reference/` that are built from code and data.

    python -m contract_tests.docs.reference [--check]

Nobody notices when a hand-written page is out of date. These pages are built from the rules, the document of
the control API, the faults, the options of the commands, the Makefile and pytest's markers.
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
            "The rules of the API that no schema can express. Tests, journal and reports use their ids. A",
            "*stated* rule stands on a published page. An *assumed* rule is our interpretation, because the",
            "pages do not state it or contradict each other; see [the",
            "readings](../explanation/readings.md). `uk:47` is line 47 of the Ukrainian page, `en:64` is",
            "line 64 of the text of the English page; both are stored in",
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
            "`make defects` starts a proxy before the mock for each of these defects, and checks that the",
            "suite notices it. The name says what is wrong: `key-400-as-200` answers 200 to a request for a",
            "key that should get 400. The code of each defect is in",
            "`contract_tests/novapost/defects/kinds/`. To add a defect, see [write a",
            "defect](../how-to/write-a-defect.md).",
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
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
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
