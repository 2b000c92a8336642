"""How alternatives are told apart: the values of the property that a discriminator names."""

from collections.abc import Iterator

from scripts.drift.compare.sameness import equal
from scripts.drift.compare.spec import as_dict
from scripts.drift.judge.gaps import Gap
from scripts.drift.judge.shapes import Shape


def discriminators(mine: Shape, theirs: Shape) -> Iterator[Gap]:
    """How a reader tells alternatives apart, and what the writer marks them with."""
    if mine.discriminator is None or theirs.discriminator is None:
        return
    old, new = mine.discriminator.get("propertyName"), theirs.discriminator.get("propertyName")
    if not equal(old, new):
        what = f"alternatives are told apart by {new}, not by {old}"
        yield Gap("discriminator", (), mine, theirs, "no", what)
    sent, read = (as_dict(one.discriminator and one.discriminator.get("mapping")) for one in (mine, theirs))
    names = {str(as_dict(one).get("$ref")).rpartition("/")[2] for group in theirs.unions for one in group}
    gone = [key for key in sent if key not in read and key not in names]
    if gone and read:
        yield Gap("discriminator", (), mine, theirs, "no", f"{', '.join(gone)} is not among the marks")
