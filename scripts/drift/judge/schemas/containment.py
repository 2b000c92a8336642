"""Whether a reader takes everything that a writer may send, place by place.

A worklist of pairs of shapes for all positions together, each pair looked at once. Circles end by
themselves: a pair that is being looked at is taken to fit, which is right for values of finite depth. Unions
of the reader are the only place where one of several may fit, so there the comparison is asked again for
each branch, to a bounded depth.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scripts.drift.document.types import kind_of
from scripts.drift.judge.schemas import keyword_gaps
from scripts.drift.judge.schemas.alternatives import (
    by_type,
    ended,
    of_the_same_mark,
    only_closes,
    shares,
    undecided,
)
from scripts.drift.judge.schemas.children import Child, Inside, Same
from scripts.drift.judge.schemas.discriminators import discriminators
from scripts.drift.judge.schemas.gap import Gap, Step
from scripts.drift.judge.schemas.overlaps import Overlaps
from scripts.drift.judge.schemas.reader import DYNAMIC, Reader
from scripts.drift.judge.schemas.shape import Shape
from scripts.drift.judge.schemas.survey import Survey
from scripts.drift.judge.schemas.unmodelled import Remainder
from scripts.drift.judge.texts import shown
from scripts.drift.judge.witness.differences import samples_of
from scripts.drift.judge.witness.to_2020_12 import Plain
from scripts.drift.judge.witness.to_json_schema import Emitter
from scripts.drift.judge.witness.validator import Engine, Undecided

MAX_GAPS = 3000
MAX_UNION_DEPTH = 6
# Pairs looked at in all, and for the branches of unions among them.
MAX_SURVEYED = 200_000
MAX_PAIRS = 100_000


class Containment:
    """Comparisons of the schemas of one document (the writer's) with those of another (the reader's)."""

    def __init__(
        self, writer: Reader, reader: Reader, plain: tuple[Plain, Plain], engine: Engine, same: Same
    ) -> None:
        self._inside = Inside(writer, reader, same)
        self.writer = writer
        self.reader = reader
        self.plain = {"writer": plain[0], "reader": plain[1]}
        self._remainder = Remainder(self.plain["writer"], self.plain["reader"])
        self._engine = engine
        self._emit = Emitter(writer)
        self._overlaps = Overlaps(writer, reader, engine, same)
        self._local: dict[tuple[int, int], tuple[list[Gap], list[Child]]] = {}
        self._fits: dict[tuple[int, int], list[Gap]] = {}
        self._checks: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._work = 0
        # Pairs that are being asked for a branch, and how often one of them was met again: an answer that
        # rests on one that is not yet known must not be kept.
        self._asking: set[tuple[int, int]] = set()
        self._assumed = 0

    def survey(self, roots: Sequence[tuple[Any, Any]]) -> Survey:
        """Return the gaps below several pairs of schemas, as the documents have them, writer's first.

        What several roots share is looked at once.
        """
        self._work = 0
        survey = Survey()
        waiting: deque[tuple[Shape, Shape, int, tuple[Step, ...], tuple[str, int]]] = deque()
        for index, (old, new) in enumerate(roots):
            waiting.append((self.writer.shape(old), self.reader.shape(new), index, (), ("", 0)))
        while waiting:
            mine, theirs, root, steps, anchor = waiting.popleft()
            key = (id(mine), id(theirs))
            if not steps:
                survey.roots.setdefault(key, []).append(root)
            if key in survey.seen:
                continue
            survey.seen.add(key)
            if mine.component and mine.component == theirs.component:
                anchor = (mine.component, len(steps))
            if len(survey.seen) > MAX_SURVEYED or len(survey.found) > MAX_GAPS:
                survey.found.append((replace(ended(steps, mine, theirs), anchor=anchor), root, key))
                break
            gaps, children = self._at(mine, theirs, 0)
            for gap in gaps:
                survey.found.append((replace(gap, steps=steps + gap.steps, anchor=anchor), root, key))
            for child, counterpart, step in children:
                other = (id(child), id(counterpart))
                survey.users.setdefault(other, set()).add(key)
                if other not in survey.seen:
                    down = steps if step is None else (*steps, step)
                    waiting.append((child, counterpart, root, down, anchor))
        return survey

    def _walk(self, writer: Shape, reader: Shape, depth: int) -> list[Gap]:
        """Return the gaps between a writer's shape and one branch of a reader's union."""
        found: list[Gap] = []
        seen = {(id(writer), id(reader))}
        waiting: list[tuple[Shape, Shape, tuple[Step, ...]]] = [(writer, reader, ())]
        for mine, theirs, steps in waiting:  # the list grows while it is gone through
            self._work += 1
            if self._work > MAX_PAIRS or len(found) > MAX_GAPS:
                found.append(ended(steps, mine, theirs))
                break
            gaps, children = self._at(mine, theirs, depth)
            found += [replace(gap, steps=steps + gap.steps) for gap in gaps]
            for child, counterpart, step in children:
                other = (id(child), id(counterpart))
                if other not in seen:
                    seen.add(other)
                    waiting.append((child, counterpart, steps if step is None else (*steps, step)))
        return found

    def _at(self, mine: Shape, theirs: Shape, depth: int) -> tuple[list[Gap], list[Child]]:
        key = (id(mine), id(theirs))
        if key in self._local:
            return self._local[key]
        self._kept += [mine, theirs]
        assumed = self._assumed
        answer = self._compare(mine, theirs, depth)
        if self._assumed == assumed:
            self._local[key] = answer
        return answer

    def _compare(self, mine: Shape, theirs: Shape, depth: int) -> tuple[list[Gap], list[Child]]:
        """Return the gaps of two shapes on their own level, and the pairs inside of them."""
        gaps, children = self._values(mine, theirs, depth)
        gaps = [*gaps, *self._overlaps.gaps(mine, theirs)]
        return [*gaps, *discriminators(mine, theirs, self.writer, self.reader)], children

    def _values(self, mine: Shape, theirs: Shape, depth: int) -> tuple[list[Gap], list[Child]]:
        if mine.never or mine is theirs or theirs.is_any:
            return [], []
        if mine.opaque or theirs.opaque:
            # A pair that is the same never comes here, so the targets of a dynamic reference differ.
            if mine.opaque == theirs.opaque and not str(mine.opaque).startswith(DYNAMIC):
                return [], []
            names = " and ".join(sorted({str(s.opaque) for s in (mine, theirs) if s.opaque}))
            return [Gap("reference", (), mine, theirs, "unknown", f"{names} cannot be looked up")], []
        if theirs.never:
            return [Gap("never", (), mine, theirs, "no", "no value is allowed any more")], []
        if mine.enum is not None:
            return self._enum(mine, theirs), []
        if mine.unions:
            return self._branches_of_writer(mine, theirs)
        if theirs.unions:
            return self._branches_of_reader(mine, theirs, depth)
        return self._plainly(mine, theirs)

    def _plainly(self, mine: Shape, theirs: Shape) -> tuple[list[Gap], list[Child]]:
        gaps = list(keyword_gaps.gaps(mine, theirs))
        for gap in self._remainder.gaps(mine, theirs):
            gaps += self._of_conditions(mine, theirs, gap) if gap.answer == "unknown" else [gap]
        children = list(self._inside.children(mine, theirs))
        gaps += list(self._inside.undescribed(mine, theirs))
        return gaps, children

    def _of_conditions(self, mine: Shape, theirs: Shape, gap: Gap) -> list[Gap]:
        """Decide a gap of keywords that are not modelled: an open object may have any other property, too."""
        as_written = self._by_engine(mine, theirs, [replace(gap, extra={"closing": True})])
        if as_written and as_written[0].answer == "unknown":
            return self._by_engine(mine, theirs, [gap])
        return as_written

    # Finite sets of values

    def _enum(self, mine: Shape, theirs: Shape) -> list[Gap]:
        check = self._check(theirs)
        try:
            refused = [value for value in mine.enum or () if not check(value)]
        except Undecided:
            return [Gap("enum", (), mine, theirs, "unknown", "takes too long to compare")]
        if not refused:
            return []
        if theirs.enum is not None or len(refused) < len(mine.enum or ()):
            values = ", ".join(shown(value) for value in refused[:5])
            verb = "is" if len(refused) == 1 else "are"
            what = f"{values}{' and more' if len(refused) > 5 else ''} {verb} not among the values"
            return [Gap("enum", (), mine, theirs, "no", what, tuple(refused))]
        freed = replace(mine, enum=None, types=frozenset(map(kind_of, refused)))
        gaps = [gap for gap in keyword_gaps.gaps(freed, theirs) if gap.rule == "type"]
        rule = "type" if gaps else "enum"
        return [Gap(rule, (), mine, theirs, "no", gaps[0].what if gaps else "none fits", tuple(refused))]

    def _check(self, shape: Shape) -> Any:
        if id(shape) not in self._checks:
            self._kept.append(shape)
            if shape.raw is not None:
                schema: dict[str, Any] | bool = self.plain["reader"].schema(shape.raw)
            else:
                schema = Emitter(self.reader, closed=False).schema(shape) or True
            self._checks[id(shape)] = self._engine.validator(schema)
        return self._checks[id(shape)]

    # Unions

    def _branches_of_writer(self, mine: Shape, theirs: Shape) -> tuple[list[Gap], list[Child]]:
        branches = self.writer.branches(mine)
        if branches is None:
            return self._by_engine(mine, theirs, [undecided(mine, theirs, "a union with too many ways")]), []
        # The reader's union in the same words is no gap, whatever is in it.
        return [], [(branch, theirs, ("branch", branch.name, mine)) for branch in branches]

    def _branches_of_reader(self, mine: Shape, theirs: Shape, depth: int) -> tuple[list[Gap], list[Child]]:
        branches = self.reader.branches(theirs)
        if branches is None or depth >= MAX_UNION_DEPTH:
            return self._by_engine(mine, theirs, [undecided(mine, theirs, "unions within unions")]), []
        found: list[Gap] = []
        inside: list[Child] = []
        for part in by_type(mine):
            # That a mark means nothing is told by `discriminators`; here it is what is nearest then.
            marked = of_the_same_mark(part, branches, self.writer, self.reader) or branches
            able = [one for one in marked if part.types & one.types]
            if len(able) == 1:
                # No other can take it, so it is compared as if there were no union.
                inside.append((part, able[0], ("branch", able[0].name, mine)))
            else:
                found += self._one_of(part, mine, theirs, marked, depth)
        return found, inside

    def _one_of(
        self, part: Shape, mine: Shape, theirs: Shape, branches: list[Shape], depth: int
    ) -> list[Gap]:
        self._kept += [part, branches]
        nearest: list[Gap] | None = None
        distance: tuple[int, int, int, int] | None = None
        for index, branch in enumerate(sorted(branches, key=lambda one: one.name != part.name)):
            gaps = self._asked(part, branch, depth + 1)
            alike = bool(part.name) and part.name == branch.name
            # An object that names nothing of what is sent takes it and understands nothing: no alternative
            # of it.
            foreign = not alike and not shares(part, branch)
            hard = [gap for gap in gaps if gap.answer != "soft" or foreign]
            if not hard:
                return gaps
            # One of another type is further off than one of the same name: all have the name of a union.
            score = (0 if alike else 1, 0 if part.types & branch.types else 1, len(hard), index)
            if distance is None or score < distance:
                nearest, distance = gaps, score
        kinds = {t for branch in branches for t in branch.types}
        what = f"{keyword_gaps.kinds_of(part.types)} fits none of the alternatives"
        whole = Gap("alternative", (), part, theirs, "no", what)
        if not part.types & kinds and not ("integer" in part.types and "number" in kinds):
            expected = keyword_gaps.kinds_of(frozenset(kinds))
            what = f"{keyword_gaps.kinds_of(part.types)} where {expected} is expected"
            whole = Gap("type", (), part, theirs, "no", what)
        elif (
            nearest is not None
            and distance is not None
            and (distance[0] == 0 or len(branches) == 1 or only_closes(nearest))
        ):
            if any(gap.answer != "soft" for gap in nearest):
                return self._by_engine(mine, theirs, nearest, closed=True)
        elif nearest is not None and all(gap.answer == "unknown" for gap in nearest):
            whole = replace(whole, answer="unknown")
        return self._by_engine(part, theirs, [whole], closed=True)

    def _asked(self, part: Shape, branch: Shape, depth: int) -> list[Gap]:
        key = (id(part), id(branch))
        if key in self._fits:
            return self._fits[key]
        if key in self._asking:
            self._assumed += 1
            return []
        assumed = self._assumed
        self._asking.add(key)
        found = self._walk(part, branch, depth)
        self._asking.discard(key)
        if self._assumed == assumed:
            self._fits[key] = found
        return found

    def _by_engine(self, mine: Shape, theirs: Shape, gaps: list[Gap], closed: bool = False) -> list[Gap]:
        """Return the gaps, unless the library proves that there is none: it sees through what is split here.

        With `closed`, the reader is closed as well: of several alternatives an open one would take
        everything.
        """
        closing = [gap for gap in gaps if gap.extra.get("closing")]
        if closing and closed:
            # What an open object may have besides is the question, so neither is to be taken as closed.
            kept = self._by_engine(mine, theirs, closing)
            return kept + [gap for gap in gaps if not gap.extra.get("closing")]
        inner = (Emitter(self.writer, closed=False) if closing else self._emit).schema(mine)
        outer = Emitter(self.reader, closed=closed).schema(theirs)
        if inner is None or outer is None:
            return gaps
        answer, difference = self._engine.difference(outer, inner)
        if answer == "yes":
            return []
        if answer == "no":
            found = samples_of(difference)
            return [
                replace(gap, answer="no", sample=(*gap.sample, *found))
                if gap.answer == "unknown" or gap.rule == "alternative"
                else gap
                for gap in gaps
            ]
        return gaps
