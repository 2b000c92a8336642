"""What a large answer costs: read by our client, by the bare generator's models, and by json alone."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from contract_tests.bench.tools import process
from contract_tests.bench.tools.documents import document
from contract_tests.bench.values import Ratio, Setting, Step, ratio
from scripts.lib.paths import ROOT

ITEMS = 1000
_BIN = Path(sys.executable).parent
_SECONDS = 1800
_TEXTS = {"uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "date": "2026-01-01", "email": "a@example.com"}
_TEXTS |= {"date-time": "2026-01-01T10:00:00Z"}
_PATTERNS = {"^[1-9][0-9]{7,14}$": "498213437654", "^-?[0-9]{1,12}(\\.[0-9]{2})?$": "12.50"}


def ratios(setting: Setting, step: Step) -> list[Ratio]:
    """Generate both clients, and let each read the same page of a thousand things.

    Raises:
        Missing: one of them cannot be generated, or does not read it.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = document(5, setting.seed, circles=False)
        (folder / "made.json").write_text(json.dumps(made), encoding="utf-8")
        (folder / "answer.json").write_text(json.dumps(answer(made, ITEMS)), encoding="utf-8")
        step("a client of ours for a large answer")
        ours: list[str | Path] = [sys.executable, "-m", "scripts.regenerate", "--spec", folder / "made.json"]
        ours += ["--output", folder / "ours", "--seconds", str(_SECONDS)]
        process.run(ours, folder=ROOT, seconds=_SECONDS)
        step("a client of the bare generator")
        path = {"PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
        bare: list[str | Path] = [_BIN / "openapi-python-client", "generate", "--meta", "none"]
        bare += ["--path", folder / "made.json", "--output-path", folder / "bare"]
        process.run(bare, folder=folder, seconds=_SECONDS, surroundings=path)
        step("reading a large answer")
        rounds = setting.rounds if setting.quick else setting.rounds * 3
        program = [sys.executable, "-m", "contract_tests.bench.programs.large_answer", str(folder)]
        done = process.run([*program, str(rounds), str(ITEMS)], folder=ROOT, seconds=_SECONDS)
    rows = [tuple(map(float, line.split())) for line in done.output.splitlines()]
    name = f"an answer of {ITEMS:,} things, processor time"
    return [
        ratio(name, "bare from_dict", [(a, b) for a, b, _ in rows], unit="CPU s",
              better="lower"),
        ratio(name, "bare json.loads", [(a, c) for a, _, c in rows], unit="CPU s", better="lower"),
    ]  # fmt: skip


def answer(made: dict[str, Any], count: int) -> Any:
    """Return a page of so many shipments, each with every property."""
    schemas = made["components"]["schemas"]
    return {"items": [value(schemas["Shipment"], schemas)] * count, "next": None}


def value(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Return a value that fits a schema of `documents`."""
    if "$ref" in schema:
        return value(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "object":
            return {name: value(each, schemas) for name, each in schema["properties"].items()}
        case "array":
            return [value(schema["items"], schemas)] * 2
        case "string":
            return _TEXTS.get(schema.get("format", ""), _PATTERNS.get(schema.get("pattern", ""), "ab"))
        case "boolean":
            return True
    return schema.get("minimum", 0) + 1
