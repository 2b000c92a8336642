"""Find the row that a row of a table of fields stands in.

Pages show that by a dot (`sender.name`, `items[].weight`), by indentation, or not at all: then a name that
comes again belongs to the object above it.
"""

from collections.abc import Sequence

from scripts.drift.pages.shown import ShownBody, ShownField


def place(one: ShownField, depth: int, body: ShownBody, rows: list[tuple[int, ShownField]]) -> None:
    """Put a row where it belongs.

    Args:
        one: the row; it keeps the last part of a dotted name only.
        depth: by how many blanks it is indented.
        body: the body that the table is about.
        rows: the rows that it may stand in, with their depths; brought up to date.
    """
    while rows and rows[-1][0] >= depth:
        rows.pop()
    parent = _by_name(one, body.fields) or (rows[-1][1] if rows else None)
    siblings = body.fields if parent is None else parent.fields
    if one.name in _names(siblings):
        above = next((row for row in reversed(siblings) if row.holds_fields), None)
        if above is not None and one.name not in _names(above.fields):
            siblings = above.fields
        else:
            # No row is passed over, though nobody can tell what it is a part of.
            count = sum(name.partition(" (")[0] == one.name for name in _names(siblings))
            one.name = f"{one.name} ({count + 1})"
    siblings.append(one)
    if one.holds_fields:
        rows.append((depth, one))


def _by_name(one: ShownField, fields: Sequence[ShownField]) -> ShownField | None:
    *parents, last = one.name.split(".")
    found: ShownField | None = None
    for part in parents:
        name = part.rstrip("[]0123456789") or part
        found = next((row for row in fields if row.name == name and row.holds_fields), None)
        if found is None:
            return None
        fields = found.fields
    if found is not None:
        one.name = last
    return found


def _names(fields: Sequence[ShownField]) -> list[str]:
    return [row.name for row in fields]
