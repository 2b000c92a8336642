"""Values as the texts that parameters are: a number or a boolean where a text is expected."""

import json

from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.patterns.containment import Texts, quoted, within

_SCALARS = frozenset({"boolean", "integer", "number", "string"})
_INTEGER = "^-?(0|[1-9][0-9]*)$"
MAX_VALUES = 100


def same_text(gap: Gap) -> bool:
    """Whether a parameter of another type reads the same: every number is a text, and so is `true`."""
    writer, reader = gap.writer, gap.reader
    if gap.rule not in ("type", "enum") or "string" not in reader.types or not writer.types <= _SCALARS:
        return False
    if reader.unions or reader.formats or writer.unions or reader.rest:
        return False
    if not (reader.patterns or reader.enum or reader.lengths != (0, None)):
        return gap.rule == "type"
    outer = Texts(reader.patterns, reader.lengths)
    lost = writer.types - reader.types
    if writer.enum is not None and len(writer.enum) <= MAX_VALUES:
        texts = [one if isinstance(one, str) else json.dumps(one) for one in writer.enum]
    elif lost == {"boolean"} and "string" not in writer.types:
        texts = ["true", "false"]
    elif lost == {"integer"} and "string" not in writer.types and reader.enum is None:
        return within(Texts((_INTEGER,)), outer)[0] == "yes"
    else:
        return False
    if reader.enum is not None:
        known = {one if isinstance(one, str) else json.dumps(one) for one in reader.enum}
        return known.issuperset(texts)
    return all(within(Texts((f"^{quoted(one)}$",)), outer)[0] == "yes" for one in texts)
