"""The child's verb `read`: parse a document and write it as JSON, both in its own folder."""

import json
from pathlib import Path
from typing import Any

from scripts.document.parse import parse
from scripts.lib.errors import Refusal


def read_here(job: dict[str, Any]) -> dict[str, Any]:
    """What the child does: parse `source` and write `document.json`, both in its folder."""
    try:
        value = parse(Path("source").read_bytes(), job["place"])
    except Refusal as refusal:
        return {"refusals": [(refusal.place, refusal.reason)]}
    Path("document.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return {"refusals": []}
