"""Formats that a pattern or a length narrows to another form than the client writes."""

import re
from collections.abc import Iterator

from scripts.document.tree import Tree
from scripts.lib.errors import Refusal

# What the client writes for such a value, in each of the forms that it can have.
_WRITTEN = {
    "date": ("2026-01-31",),
    "date-time": (
        *("2026-01-31T00:00:00+00:00", "2026-01-31T12:34:56.000001+00:00", "2026-01-31T12:34:56-11:30"),
    ),
    "uuid": ("6f1d2c3b-0a1b-4c2d-8e3f-123456789abc",),
}


def narrowed_formats(tree: Tree) -> Iterator[Refusal]:
    """Make a text of a date, time or UUID whose pattern asks for another form than the client's."""
    for node in tree.of_kind("schema"):
        format_, pattern = node.value.get("format"), node.value.get("pattern")
        samples = _WRITTEN.get(format_) if isinstance(format_, str) else None
        if samples is None or not isinstance(pattern, str):
            bounds = ("minLength", "maxLength")
            if samples and any(isinstance(node.value.get(key), int) for key in bounds):
                low, high = node.value.get("minLength", 0), node.value.get("maxLength", 1000)
                if not all(
                    isinstance(low, int) and isinstance(high, int) and low <= len(s) <= high for s in samples
                ):
                    del node.value["format"]
                    yield Refusal(f"{node.pointer}/format", f"{format_} of another length than usual; text")
            continue
        if not all(_matches(pattern, sample) for sample in samples):
            del node.value["format"]
            yield Refusal(
                f"{node.pointer}/pattern",
                f"asks for another form of {format_} than the client writes; the caller gives text",
            )


def _matches(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern of ECMA-262; a pattern that Python does not read fits nothing."""
    if len(pattern) > 500:
        return False
    try:
        return re.search(pattern.replace(r"\Z", r"\\Z"), text, re.ASCII) is not None
    except (re.error, RecursionError, OverflowError):
        return False
