"""How alternatives are told apart: the values of the property that a discriminator names.

OpenAPI 3.0.3 and 3.1, "Discriminator Object": the keys of its mapping, and where that does not speak of an
alternative, the name of its schema. An alternative that lists the values of the property itself needs
neither.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.document.equality import equal
from scripts.drift.document.spec import as_dict
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.reader import Reader, is_file, name_in_file
from scripts.drift.judge.schemas.shape import Shape


def property_of(shape: Shape) -> str | None:
    """Return the name of the property that tells the alternatives of a shape apart."""
    name = as_dict(shape.discriminator).get("propertyName")
    return name if isinstance(name, str) else None


def marks(branch: Shape, reader: Reader) -> list[str]:
    """Return the values that mark one alternative; none if it lists them itself, or has no name.

    Args:
        branch: one way through a union, which has the union's discriminator.
        reader: the document's.
    """
    name = property_of(branch)
    if name is None or not branch.component:
        return []
    own = reader.shape(branch.properties.get(name))
    if own.enum is not None or own.patterns or own.unions or "string" not in own.types:
        return []
    mapping = as_dict(as_dict(branch.discriminator).get("mapping"))
    keys = [str(key) for key, target in mapping.items() if _name(target) == branch.component]
    return keys or [branch.component]


def discriminators(mine: Shape, theirs: Shape, writer: Reader, reader: Reader) -> Iterator[Gap]:
    """How a reader tells alternatives apart, and what the writer marks them with."""
    if mine.discriminator is None or theirs.discriminator is None:
        return
    if mine.is_way or theirs.is_way:
        return  # told of the whole unions
    old, new = mine.discriminator.get("propertyName"), theirs.discriminator.get("propertyName")
    if not equal(old, new):
        what = f"alternatives are told apart by {new}, not by {old}"
        yield Gap("discriminator", (), mine, theirs, "no", what)
    elif mine.unions and theirs.unions:
        yield from _of_unions(mine, theirs, writer, reader)
    elif "discriminator" in as_dict(mine.raw):  # an heir has that of its parent
        sent, read = (
            as_dict(one.discriminator and one.discriminator.get("mapping")) for one in (mine, theirs)
        )
        names = {_name(as_dict(one).get("$ref")) for group in theirs.unions for one in group}
        gone = [key for key in sent if key not in read and key not in names]
        if gone and read:
            extra = {"marked": [(mine, property_of(mine), key) for key in gone]}
            yield Gap("discriminator", (), mine, theirs, "no", _unknown(gone), extra=extra)


def _of_unions(mine: Shape, theirs: Shape, writer: Reader, reader: Reader) -> Iterator[Gap]:
    ways, others = writer.branches(mine), reader.branches(theirs)
    if not ways or not others:
        return
    sent = {mark: way for way in ways for mark in marks(way, writer)}
    read = {mark for other in others for mark in (*marks(other, reader), *_listed(other, reader))}
    gone = [mark for mark in sent if mark not in read]
    if gone and read:
        extra = {"marked": [(sent[mark], property_of(sent[mark]), mark) for mark in gone]}
        yield Gap("discriminator", (), mine, theirs, "no", _unknown(gone), extra=extra)


def _listed(branch: Shape, reader: Reader) -> list[Any]:
    name = property_of(branch)
    values = reader.shape(branch.properties.get(name)).enum if name in branch.properties else None
    return [value for value in values or () if isinstance(value, str)]


def _name(reference: Any) -> str:
    name = str(reference).rpartition("/")[2]
    return name_in_file(name) if is_file(str(reference)) else name


def _unknown(gone: Sequence[str]) -> str:
    return f"no alternative is marked {', '.join(gone)}"
