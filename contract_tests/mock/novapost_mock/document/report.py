"""What the mock says of a document when it starts."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from novapost_mock.document.contradictions import contradictions
from novapost_mock.document.document import Document
from novapost_mock.schemas.pointers import shown

_HOW: dict[Literal["rules", "schema", "none"], str] = {
    "rules": "by rules",
    "schema": "by schema",
    "none": "not at all",
}
MAX_NOTES = 20
MAX_CONTRADICTIONS = 1_000


def report(document: Document, name: str) -> Iterator[str]:
    """Tell which operations are imitated how, a line each.

    Args:
        document: the document that is served.
        name: what it is called, such as its file.
    """
    counts = Counter(operation.imitated for operation in document.operations)
    told = ", ".join(f"{counts[how]} {text}" for how, text in _HOW.items())
    yield f"{name}: OpenAPI {document.version}, {len(document.operations)} operations: {told}"
    for operation in document.operations:
        line = f"  {_HOW[operation.imitated]:<10}  {operation.method:<7} {operation.path}"
        line = "".join(c if c.isprintable() else "?" for c in line)
        if operation.imitated == "none":
            yield f"{line}  501: {operation.reason}"
            continue
        statuses = " ".join(answer.key for answer in operation.answers.all() if not answer.failure)
        yield f"{line}  {operation.operation_id}  {statuses}"
        for answer in operation.answers.all():
            if answer.failure:
                yield f"{'':<12}  501 for {answer.key}: {answer.failure}"
    found = list(contradictions(document.tree))
    if found:
        count = f"{len(found)} {'place' if len(found) == 1 else 'places'}"
        yield f"  the document contradicts itself in {count}; answers keep to the schemas:"
    for each in found[:MAX_CONTRADICTIONS]:
        yield f"  contradiction: {each}"
    if len(found) > MAX_CONTRADICTIONS:
        yield f"  contradiction: and {len(found) - MAX_CONTRADICTIONS} more"
    if document.may_leave_out_base_path:
        yield f"  note: requests may leave {shown(document.base_path, 60)} out"
    for note in document.notes[:MAX_NOTES]:
        yield f"  note: {note}"
    if len(document.notes) > MAX_NOTES:
        yield f"  note: and {len(document.notes) - MAX_NOTES} more"
