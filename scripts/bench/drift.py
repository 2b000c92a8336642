"""What drift costs: whole runs of the command for documents of 10 to 1,000 operations, two dozen edits
between them."""

import copy
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.bench import process
from scripts.bench.values import Cell, Curve, Figure, Section, Setting, Step, exponent, figure
from scripts.layout import ROOT

SIZES = (10, 33, 100, 330, 1000)
EXPONENT_GOAL = 1.15
_SECONDS = 600


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Raises:
        Missing: drift does not run.
    """
    sizes = SIZES[:2] if setting.quick else SIZES
    rows: list[tuple[Cell, ...]] = []
    points: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for count in sizes:
            step(f"{count:,} operations")
            old = document(count)
            paths = [Path(temporary) / name for name in ("old.json", "new.json")]
            for path, value in zip(paths, (old, edited(old)), strict=True):
                path.write_text(json.dumps(value, indent=1), encoding="utf-8")
            size = paths[0].stat().st_size
            cost = _run(paths)
            rows.append((count, size / 1000, cost.cpu, cost.wall, cost.megabytes))
            points.append((count, cost.cpu))
    power = exponent(points)
    curve = Curve("drift", "operations", "CPU s", tuple(points), power)
    figures: tuple[Figure, ...] = ()
    if not setting.quick:
        figures = (figure("exponent of drift", [power], unit="", better="lower", goal=EXPONENT_GOAL),)
    columns = ("operations", "KB", "CPU s", "s", "MB")
    return Section("drift", "Drift", columns, tuple(rows), figures=figures, curves=(curve,))


def _run(paths: list[Path]) -> process.Cost:
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "scripts.drift",
        "--seconds",
        "120",
        "--format",
        "json",
        *paths,
    ]
    # It has to find something.
    return process.run(command, folder=ROOT, seconds=_SECONDS, expected=(1,))


def document(count: int) -> dict[str, Any]:
    """A document of that many operations whose schemas refer to each other in circles."""
    total = max(3, count * 6 // 5)
    schemas: dict[str, Any] = {
        f"M{i}": {
            "type": "object",
            "required": ["id"],
            "description": f"A thing of the kind {i}, described as one is described in a real document.",
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "name": {"type": "string", "maxLength": 80},
                "count": {"type": "integer", "format": "int32", "minimum": 0},
                "state": {"type": "string", "enum": ["new", "sent", "lost"]},
                "next": _ref(f"M{(i * 7 + 3) % total}"),
                "list": {"type": "array", "items": _ref(f"M{(i * 3 + 1) % total}")},
            },
        }
        for i in range(total)
    }
    schemas["Failure"] = {"type": "object", "properties": {"code": {"type": "integer"}}}
    paths = {
        f"/r{i}/{{id}}": {
            "put": {
                "operationId": f"op{i}",
                "summary": f"Does the thing number {i}",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "page", "in": "query", "schema": {"type": "integer"}},
                ],
                "requestBody": _json(_ref(f"M{(i + 1) % total}")),
                "responses": {
                    "200": {"description": "done", **_json(_ref(f"M{i % total}"))},
                    "404": {"description": "no such thing", **_json(_ref("Failure"))},
                },
            }
        }
        for i in range(count)
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "bench", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def edited(old: dict[str, Any]) -> dict[str, Any]:
    """The document with two dozen edits, some of schemas that everything uses."""
    new = copy.deepcopy(old)
    schemas = new["components"]["schemas"]
    schemas["M1"]["properties"]["state"]["enum"] = ["new", "sent", "back"]
    schemas["M2"]["required"].append("name")
    schemas["Failure"]["properties"]["code"] = {"type": "string"}
    for name in list(schemas)[:20]:
        if "name" in schemas[name]["properties"]:
            schemas[name]["properties"]["name"]["maxLength"] = 60
    return new
