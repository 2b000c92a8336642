"""The child's verb `propose`: write an overlay that corrects a document, both in its own folder."""

import copy
from pathlib import Path
from typing import Any

from scripts.document.parse import parse_json
from scripts.document.tree import Tree
from scripts.evidence import proposal
from scripts.evidence.widening import widen
from scripts.lib.errors import Refusal
from scripts.normalize import corrections


def propose_here(job: dict[str, Any]) -> dict[str, Any]:
    """Write `overlay.yaml` for `document.json`: its corrections, and its schemas widened to its examples.

    The job names the document's `place`. The report tells how many `actions` there are.
    """
    document = parse_json(Path("document.json").read_bytes(), job["place"])
    if not isinstance(document, dict):
        return {"refusals": [(job["place"], "is not an object")]}
    renamed = copy.deepcopy(document)
    starred = _rename_starred(renamed)
    after, notes = corrections(renamed)
    widened = widen(after)
    notes += [Refusal(one.schema, f"{one.place} says {one.reason}") for one in widened]
    listed = [proposal.STARRED] if starred else []
    listed += proposal.actions(renamed, after, notes)
    title = f"Corrections of {job['place']}"
    Path("overlay.yaml").write_bytes(proposal.overlay(title, listed))
    return {"refusals": [], "actions": len(listed)}


def _rename_starred(document: dict[str, Any]) -> bool:
    """Take the stars off the names of properties, as the overlay's first action does."""
    found = False
    for node in Tree(document).nodes:
        held = node.value.get("properties") if node.kind == "schema" else None
        if isinstance(held, dict) and any(name.endswith("*") for name in held):
            bare = {name: name.rstrip("*") or name for name in held}
            if len(set(bare.values())) < len(held):
                continue
            items = [(bare[name], value) for name, value in held.items()]
            held.clear()
            held.update(items)
            required = node.value.get("required")
            if isinstance(required, list):
                node.value["required"] = [
                    bare.get(one, one) if isinstance(one, str) else one for one in required
                ]
            found = True
    return found
