"""Findings about schemas: what an old client may send and the new server refuses, and the other way round."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scripts.drift.document.equality import Sameness
from scripts.drift.document.spec import Spec
from scripts.drift.facts import Fact
from scripts.drift.findings import READINGS, Finding, Payload
from scripts.drift.judge.schemas.comparisons import containment
from scripts.drift.judge.schemas.containment import Containment
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.text_values import same_text
from scripts.drift.judge.witness.samples import Samples
from scripts.drift.judge.witness.to_json_schema import Emitter
from scripts.drift.judge.witness.validator import Check, Engine

if TYPE_CHECKING:
    from scripts.drift.judge.schemas.reader import Reader
    from scripts.drift.judge.witness.to_2020_12 import Plain

MAX_PAYLOAD = 20_000
# How many of the positions that use a named schema a finding names.
MAX_USERS = 10
# How often the library is asked whether a gap is none.
MAX_PROOFS = 300
# How many examples are tried, at most.
MAX_EXAMPLES = 400
# What a gap is about that no single value shows.
_NO_VALUES = ("discriminator", "reference", "content", "one-of")


class SchemaJudge:
    """The judge of all schemas of one pair of documents."""

    def __init__(self, base: Spec, revision: Spec, engine: Engine) -> None:
        self._engine = engine
        self._same = Sameness(base, revision).holds
        self._specs = {"base": base, "revision": revision}
        self._readers: dict[tuple[int, str], tuple[Reader, Plain]] = {}
        self._pairs: dict[tuple[str, str], Containment] = {}
        self._checks: dict[tuple[str, str, int, str, bool], Check] = {}
        self._kept: list[Any] = []
        self._asked = 0
        # The ids of the schemas, as the documents have them, that some gap is about.
        self.spoken: set[int] = set()

    def findings(self, facts: Sequence[Fact]) -> list[Finding]:
        """Return the findings for all facts about schemas."""
        found: dict[str, Finding] = {}
        for reader in ("server", "client"):
            for text in (False, True):
                group = [f for f in facts if f.reader == reader and bool(f.more.get("text")) == text]
                for writer in ("base", "revision") if group else ():
                    for finding in self._group(group, reader, writer, text):
                        found.setdefault(finding.id, finding)
        broken = {one.place for one in found.values() if one.level == "breaking"}
        return [one for one in found.values() if not (one.level == "behaviour" and one.place in broken)]

    def _group(self, facts: list[Fact], reader: str, writer: str, text: bool) -> Iterator[Finding]:
        role = "request" if reader == "server" else "response"
        # Who writes: the old client writes requests, the new server answers.
        hurts = writer == ("base" if role == "request" else "revision")
        try:
            survey = self._pair(writer, role).survey([self._schemas(fact, writer) for fact in facts])
        except RecursionError:
            for fact in facts:
                why = "nested too deeply to be compared"
                yield Finding(f"{role}-schema", fact.place, "changed", "unknown", why, answer="unknown")
            return
        for gap, root, pair in survey.found:
            if text and same_text(gap):
                continue
            if gap.rule == "one-of" and gap.extra.get("incomplete") and not hurts:
                continue  # there it would only say that more is taken
            finding = self._finding(facts[root], gap, role, writer, hurts)
            if finding.payload is None and gap.answer == "no" and self._is_proven(gap, role, writer):
                continue
            self._speak(gap)
            if gap.anchor[0]:
                users = [facts[number].place for number in survey.reached_from(pair)]
                used = {"used_by": users[:MAX_USERS], "uses": len(users)}
                finding = replace(finding, details={**finding.details, **used})
            yield finding

    def _speak(self, gap: Gap) -> None:
        for shape in (gap.writer, gap.reader):
            raws = [shape.raw, shape.properties.get(gap.name) if gap.name is not None else None]
            self.spoken.update(id(raw) for raw in raws if isinstance(raw, dict))

    def _is_proven(self, gap: Gap, role: str, writer: str) -> bool:
        """Tell whether the library proves that there is no gap, where no value was found that shows it."""
        if gap.rule in _NO_VALUES or self._asked >= MAX_PROOFS:
            return False
        self._asked += 1
        pair = self._pair(writer, role)
        closing = bool(gap.extra.get("closing"))
        inner = Emitter(pair.writer, closed=not closing).schema(gap.writer)
        outer = Emitter(pair.reader, closed=bool(gap.reader.unions) and not closing).schema(gap.reader)
        if inner is None or outer is None or self._engine.covers(outer, inner) != "yes":
            return False
        # Who says only what no value fits has made a mistake, and meant something.
        return self._engine.covers({"not": {}}, inner) == "no"

    def _pair(self, writer: str, role: str) -> Containment:
        if (writer, role) not in self._pairs:
            other = "revision" if writer == "base" else "base"
            specs = self._specs[writer], self._specs[other]
            same = self._same if writer == "base" else lambda new, old: self._same(old, new)
            self._pairs[writer, role] = containment(*specs, role, self._engine, self._readers, same)
        return self._pairs[writer, role]

    def _schemas(self, fact: Fact, writer: str) -> tuple[Any, Any]:
        return (fact.old, fact.new) if writer == "base" else (fact.new, fact.old)

    def _finding(self, fact: Fact, gap: Gap, role: str, writer: str, hurts: bool) -> Finding:
        effect = "narrowed" if writer == "base" else "widened"
        path = gap.path
        component = gap.anchor[0]
        position = f"schema {component} in {role}s" if component else fact.place
        place = f"{position} {path}" if path else position
        places = [
            self._readers[id(self._specs[side]), role][0].places.get(component, own)
            for side, own in (("base", fact.base), ("revision", fact.revision))
        ]
        level = _level(gap, hurts, writer, role)
        if gap.answer == "soft":
            effect = "removed" if writer == "base" else "added"
        is_whole = not gap.extra.get("incomplete")
        is_tried = is_whole and level in ("breaking", "unknown")
        payload = self._payload(fact, gap, role, writer) if is_tried else None
        answer = "unknown" if gap.answer == "unknown" else "no" if hurts else "yes"
        if payload is not None and level == "unknown" and gap.rule != "reference":
            # What could not be compared is decided by one message that the writer may send.
            mine, _ = self._schemas(fact, writer)
            if self._is_sent(writer, role, mine, payload.value):
                level, answer = "breaking", "no"
        return Finding(
            rule=f"{role}-{gap.rule}",
            place=place,
            effect=effect,
            level=level,
            text=_text(gap, writer, role),
            answer=answer,
            base=(*places[0], *_down(gap)),
            revision=(*places[1], *_down(gap)),
            payload=payload,
            details={} if is_whole else {"incomplete": True},
        )

    # Examples

    def examples(self, facts: Sequence[Fact]) -> Iterator[Finding]:
        """Yield what the revision's examples show wrongly and those of the base did not."""
        if len(facts) > MAX_EXAMPLES:
            text = f"{len(facts) - MAX_EXAMPLES} more examples were not held against their schemas"
            yield Finding("example", "the API", "unchecked", "docs", text, "mock users", "yes")
        for fact in facts[:MAX_EXAMPLES]:
            role = "request" if fact.reader == "server" else "response"
            faults = [
                self._example_faults(side, role, *pair)
                for side, pair in (("base", fact.old), ("revision", fact.new))
            ]
            for effect, text in faults[1].items():
                if effect not in faults[0]:
                    yield Finding(
                        "example",
                        fact.place,
                        effect,
                        "docs",
                        text,
                        "mock users",
                        "yes",
                        fact.base,
                        fact.revision,
                    )

    def _example_faults(self, side: str, role: str, raw: Any, values: list[Any]) -> dict[str, str]:
        faults: dict[str, str] = {}
        shape = self._pair(side, role).writer.shape(raw)
        try:
            check = self._check(side, role, raw, "as written")
            for value in values:
                if not check(value):
                    faults["invalid"] = "does not fit its own schema"
                elif isinstance(value, dict) and shape.properties and not shape.unions:
                    known = shape.properties.keys() | shape.hidden
                    unknown = [str(name) for name in value if name not in known]
                    if unknown and shape.beyond is None and not shape.by_pattern:
                        faults["unknown-field"] = (
                            f"shows {', '.join(unknown[:5])}, which its schema does not have"
                        )
        except (RecursionError, OverflowError, ValueError):
            return {}
        return faults

    # The proof

    def _payload(self, fact: Fact, gap: Gap, role: str, writer: str) -> Payload | None:
        other = "revision" if writer == "base" else "base"
        mine, theirs = self._schemas(fact, writer)
        # As the documents stand; and where open alternatives take everything, as their writers close them.
        is_marked = gap.rule == "discriminator" or any(step[2].discriminator for step in gap.steps)
        for reading in READINGS if is_marked else READINGS[:2]:
            found = self._proven(gap, role, writer, reading, mine, theirs, other)
            if found is not None:
                return Payload(found[0], fact.place, writer, reading)
        return None

    def _proven(
        self, gap: Gap, role: str, writer: str, reading: str, mine: Any, theirs: Any, other: str
    ) -> tuple[Any] | None:
        taken = self._check(writer, role, mine, reading, strict=True)
        refused = self._check(other, role, theirs, reading)
        samples = Samples(self._readers[id(self._specs[writer]), role][0])
        try:
            for value in samples.candidates(gap):
                if taken(value) and not refused(value) and _is_small(value):
                    return (value,)
        except (RecursionError, OverflowError, ValueError):
            return None  # no proof is no reason to hide the finding
        return None

    def _is_sent(self, side: str, role: str, raw: Any, value: Any) -> bool:
        """Whether a value is one that the schema's writer sends: nothing in it that it does not name."""
        try:
            return self._check(side, role, raw, "closed", strict=True)(value)
        except (RecursionError, OverflowError, ValueError):
            return False

    def _check(self, side: str, role: str, raw: Any, reading: str, strict: bool = False) -> Check:
        key = (side, role, id(raw), reading, strict)
        if key not in self._checks:
            self._kept.append(raw)
            pair = self._pair(side, role)
            schema: dict[str, Any] | None = pair.plain["writer"].schema(raw)
            if reading != "as written":
                schema = Emitter(pair.writer, marked=reading == "marked").schema(pair.writer.shape(raw))
            self._checks[key] = self._engine.validator(True if schema is None else schema, strict)
        return self._checks[key]


def _level(gap: Gap, hurts: bool, writer: str, role: str) -> str:
    if gap.answer == "soft":
        # What goes is missed by whoever used it; what comes is new to all.
        return "behaviour" if writer == "base" else "compatible"
    if gap.extra.get("incomplete"):
        return "unknown"
    if not hurts:
        # What was taken as it is is encoded now, or the other way round: nobody refuses it.
        return "behaviour" if gap.rule == "content" else "compatible"
    return "unknown" if gap.answer == "unknown" else "breaking"


def _text(gap: Gap, writer: str, role: str) -> str:
    if gap.answer == "soft":
        if writer == "revision":
            return "is new and optional"
        return "is ignored from now on" if role == "request" else "is not sent any more"
    who = "the new server" if role == "request" else "an old client"
    if writer == ("revision" if role == "request" else "base"):
        who = "before" if role == "request" else "now"
        return f"{'wider' if role == 'request' else 'narrower'}: {who}, {gap.what}"
    return f"for {who}: {gap.what}"


def _down(gap: Gap) -> tuple[str, ...]:
    """Return the way to the gap as the document has it where it is written plainly; a reference ends it."""
    found: list[str] = []
    for kind, name, _ in gap.steps[gap.anchor[1] :]:
        if kind == "property":
            found += ["properties", name]
        elif kind == "item":
            found += ["items"]
        elif kind == "key" and name:
            break  # under a pattern, which the two may write differently
        elif kind == "key":
            found += ["additionalProperties"]
    if gap.name is not None and gap.rule != "required":
        found += ["properties", gap.name]
    return tuple(found)


def _is_small(value: Any) -> bool:
    return len(repr(value)) <= MAX_PAYLOAD
