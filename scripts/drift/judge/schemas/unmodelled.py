"""The keywords that no shape models: the same in the same words, otherwise for the library to decide."""

from collections.abc import Iterator
from typing import Any

from scripts.drift.document.equality import equal
from scripts.drift.document.spec import as_list
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.shape import Shape
from scripts.drift.judge.witness.to_2020_12 import Plain

# The rule that a keyword is judged by.
_RULES = {
    **dict.fromkeys(("if", "then", "else"), "condition"),
    **dict.fromkeys(("contains", "minContains", "maxContains"), "contains"),
    **dict.fromkeys(("dependentRequired", "dependentSchemas"), "dependent"),
    **dict.fromkeys(("contentEncoding", "contentMediaType"), "content"),
    "not": "not",
    "propertyNames": "property-names",
    "unevaluatedItems": "unevaluated-items",
}
_CONTAINS = ("contains", "minContains", "maxContains")


class Remainder:
    """Comparisons of what is left of shapes of a writer and of a reader."""

    def __init__(self, writer: Plain, reader: Plain) -> None:
        self._writer = writer
        self._reader = reader

    def gaps(self, mine: Shape, theirs: Shape) -> Iterator[Gap]:
        """Yield what the reader says and the writer does not; "unknown" where it is not decided here."""
        olds = dict(mine.rest)
        counted = "contains" in olds and any(
            keyword == "contains" and self._alike(olds["contains"], value) for keyword, value in theirs.rest
        )
        if counted and "array" in mine.types:
            yield from _counts(mine, theirs)
        new = [
            (keyword, value)
            for keyword, value in theirs.rest
            if not any(keyword == k and self._says_the_same(k, v, value) for k, v in mine.rest)
            and not (counted and keyword in _CONTAINS)
        ]
        if not new:
            return
        names = ", ".join(dict.fromkeys(keyword for keyword, _ in new))
        encoded = [keyword for keyword, _ in new if _RULES[keyword] == "content"]
        if encoded and len(encoded) == len(new):
            # To a validator these are remarks; who has to decode the text cannot take them so.
            if "string" in mine.types:
                yield Gap(_RULES[encoded[0]], (), mine, theirs, "no", f"only another {names} is read")
            return
        yield Gap(_RULES[new[0][0]], (), mine, theirs, "unknown", f"{names} cannot be compared")

    def _says_the_same(self, keyword: str, one: Any, other: Any) -> bool:
        if not (
            keyword in ("dependentRequired", "dependentSchemas")
            and isinstance(one, dict)
            and isinstance(other, dict)
        ):
            return self._alike(one, other)
        if one.keys() != other.keys():
            return False
        if keyword == "dependentSchemas":
            return all(self._alike(schema, other[name]) for name, schema in one.items())
        lists = [(as_list(names), as_list(other[name])) for name, names in one.items()]
        return all({str(name) for name in olds} == {str(name) for name in news} for olds, news in lists)

    def _alike(self, one: Any, other: Any) -> bool:
        if not (isinstance(one, dict) and isinstance(other, dict)):
            return equal(one, other)
        return equal(self._writer.schema(one), self._reader.schema(other))


def _counts(mine: Shape, theirs: Shape) -> Iterator[Gap]:
    """How many entries have to be of the schema of `contains`, which is the same on both sides."""
    (least, most), (fewest, highest) = (_range(dict(one.rest)) for one in (mine, theirs))
    wanted = dict(mine.rest)["contains"]
    if least < fewest:
        extra = {"contains": wanted, "times": least}
        what = f"at least {fewest} entries have to be of a kind"
        yield Gap("contains", (), mine, theirs, "no", what, extra=extra)
    if highest is not None and (most is None or most > highest):
        extra = {"contains": wanted, "times": highest + 1}
        what = f"at most {highest} entries may be of a kind"
        yield Gap("contains", (), mine, theirs, "no", what, extra=extra)


def _range(rest: dict[str, Any]) -> tuple[int, int | None]:
    low, high = rest.get("minContains", 1), rest.get("maxContains")
    return (low if _is_count(low) else 1), (high if _is_count(high) else None)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
