"""Operations whose answers say where a thing of a document is."""

from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.checks.operations import Document, Operation


def makers(document: Document, template: str) -> Iterator[Operation]:
    """Yield the operations that may create or name a thing, the likeliest first.

    That is a POST to its collection, an operation with a link to it or to a part of it, and a POST to a
    collection of the same name in another place: `/lists/{list}/tasks` for `/tasks/{task}`.
    """
    collection = template.rpartition("/")[0]
    posts = [each for each in document.operations if each.method == "POST"]
    linking = [each for each in document.operations if _links_to(document, each, template)]
    linking.sort(key=lambda each: each.method != "POST")
    last = collection.rpartition("/")[2]
    alike = [each for each in posts if last and each.path.endswith(f"/{last}")]
    found = [each for each in posts if each.path == collection] + linking + alike
    yield from {each.label: each for each in found if not each.path.startswith(template)}.values()


def linked(document: Document, link: Mapping[str, Any]) -> Operation | None:
    """Return the operation to which a link leads; None if the document has no such operation."""
    name, reference = link.get("operationId"), link.get("operationRef")
    if isinstance(name, str):
        return next((each for each in document.operations if each.raw.get("operationId") == name), None)
    if not isinstance(reference, str) or not reference.startswith("#/paths/"):
        return None
    path, _, method = reference.removeprefix("#/paths/").partition("/")
    return document.find_operation(method.upper(), path.replace("~1", "/").replace("~0", "~"))


def _links_to(document: Document, operation: Operation, template: str) -> bool:
    return any(
        (found := linked(document, link)) is not None and is_part(found.path, template)
        for status, answer in operation.answers.items()
        if status.startswith("2")
        for link in answer.links.values()
    )


def is_part(path: str, template: str) -> bool:
    """Return whether a path is that of a thing, or of a part of it."""
    return path == template or path.startswith(f"{template}/")
