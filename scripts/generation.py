"""What the child process does: examine the document and write the package, both in its own folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scripts.documents import parse_json
from scripts.plain import plain
from scripts.preflight import examine
from scripts.refusal import Refusal, Refusals
from scripts.render import render


def generate_here(job: dict[str, Any]) -> dict[str, Any]:
    """Write the package of `document.json` to `package`, both in the working folder.

    The job names the document's `place`, the `settings` of the generator, the folder of `templates`, and the
    address of the `page` that describes the document.

    Returns:
        The `refusals`, as pairs of place and reason; if there are any, the package is of no use.
    """
    document = parse_json(Path("document.json").read_bytes(), job["place"])
    if not isinstance(document, dict):
        return _report([Refusal(job["place"], "is not an object")])
    document = plain(document)
    if found := examine(document):
        return _report(found)
    try:
        render(document, job["settings"], Path(job["templates"]), Path("package").absolute(), job["page"])
    except Refusal as refusal:
        return _report([refusal])
    except Refusals as several:
        return _report(several.refusals)
    except MemoryError:
        raise
    except Exception as error:  # the generator's own faults are of any kind
        return _report([Refusal(job["place"], f"the generator fails on it: {type(error).__name__}: {error}")])
    return _report([])


def _report(refusals: Iterable[Refusal]) -> dict[str, Any]:
    return {"refusals": [(refusal.place, refusal.reason) for refusal in refusals]}
