"""The comparison of the schemas of two documents in one role."""

from scripts.drift.document.spec import Spec
from scripts.drift.judge.schemas.children import Same
from scripts.drift.judge.schemas.containment import Containment
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.witness.to_2020_12 import Plain
from scripts.drift.judge.witness.validator import Engine


def containment(
    writer: Spec,
    reader: Spec,
    role: str,
    engine: Engine,
    readers: dict[tuple[int, str], tuple[Reader, Plain]],
    same: Same,
) -> Containment:
    """Return a comparison in one role, "request" or "response".

    Args:
        writer: the document of who writes the message.
        reader: the document of who reads it.
        role: whether read-only or write-only properties are left out.
        engine: decides what is not decided here.
        readers: what is known of the schemas already, shared between comparisons.
        same: whether two schemas are the same to the letter, references included.
    """
    for spec in (writer, reader):
        if (id(spec), role) not in readers:
            made = Reader(spec, role)
            readers[id(spec), role] = made, Plain(made)
    (mine, written), (theirs, read) = readers[id(writer), role], readers[id(reader), role]
    return Containment(mine, theirs, (written, read), engine, same)
