"""The child's verb `read`: parse files and write their values as JSON, all in its own folder."""

import json
from pathlib import Path
from typing import Any

from scripts.document.parse import parse
from scripts.lib.errors import Refusal


def read_here(job: dict[str, Any]) -> dict[str, Any]:
    """Parse `source0`, `source1` … and write their values as one array to `document.json`, in its folder.

    The job names the `places` of the files, in their order, for refusals.
    """
    try:
        values = [
            parse(Path(f"source{number}").read_bytes(), place) for number, place in enumerate(job["places"])
        ]
    except Refusal as refusal:
        return {"refusals": [(refusal.place, refusal.reason)]}
    Path("document.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    return {"refusals": []}
