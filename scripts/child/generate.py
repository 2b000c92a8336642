"""What the child process does: examine the document and write the package, both in its own folder."""

import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from scripts.document.parse import parse_json
from scripts.document.tree import Tree
from scripts.evidence.contradictions import contradictions
from scripts.generator.render import render
from scripts.lib.errors import Refusal, Refusals
from scripts.normalize import plain_with_notes
from scripts.preflight import examine, unread
from scripts.preflight.composition import ambiguous_unions
from scripts.preflight.parameters import shadowing

# Each pair of alternatives may be told; a union of fifty has a thousand.
_MOST_UNIONS = 20


def generate_here(job: dict[str, Any]) -> dict[str, Any]:
    """Write the package of `document.json` to `package`, both in the working folder.

    The job names the document's `place`, the `settings` of the generator, the folder of `templates`, and the
    address of the `page` that describes the document.

    Returns:
        The `refusals`, as pairs of place and reason; if there are any, the package is of no use. And the
        `notes`, of what is generated otherwise than the document has it.
    """
    document = parse_json(Path("document.json").read_bytes(), job["place"])
    if not isinstance(document, dict):
        return _report([Refusal(job["place"], "is not an object")])
    evidence = [one.note() for one in contradictions(document)]
    # The form is examined below, which says where a rule could not cope with it.
    document, notes = plain_with_notes(document, strict=False)
    notes = [*evidence, *notes]
    tree = Tree(document)
    if found := examine(document):
        return _report(found, [*notes, *shadowing(tree)])
    notes += [*unread.notes(tree), *shadowing(tree), *islice(ambiguous_unions(tree), _MOST_UNIONS)]
    Path("plain.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    try:
        render(document, job["settings"], Path(job["templates"]), Path("package").absolute(), job["page"])
    except Refusal as refusal:
        return _report([refusal], notes)
    except Refusals as several:
        return _report(several.refusals, notes)
    except MemoryError:
        raise
    except Exception as error:  # the generator's own faults are of any kind
        return _report(
            [Refusal(job["place"], f"the generator fails on it: {type(error).__name__}: {error}")], notes
        )
    return _report([], notes)


def _report(refusals: Iterable[Refusal], notes: Iterable[Refusal] = ()) -> dict[str, Any]:
    return {
        "refusals": [(refusal.place, refusal.reason) for refusal in refusals],
        "notes": [(note.place, note.reason) for note in notes],
    }
