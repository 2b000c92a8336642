"""What a run of drift finds, as plain values that every step shares."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Pointer: TypeAlias = tuple[str, ...]

# From the worst to the most harmless; `--fail-on` names one, and it and all before it fail the run.
LEVELS = ("breaking", "unknown", "behaviour", "client-api", "docs", "compatible")
HURT = ("callers", "mock users", "maintainers")
# How the schemas were read that a payload was checked against: as they stand; as if no object had other
# properties than those it names; and so that, besides, each alternative has the mark by which its
# discriminator tells it, of which a validator knows nothing.
READINGS = ("as written", "closed", "marked")


@dataclass(frozen=True)
class Payload:
    """A value that one side takes and the other does not.

    Attributes:
        value: the value, as JSON.
        where: what it is a value of, such as "request body application/json" or "query parameter page".
        sender: the side whose schema allows it, "base" or "revision"; the other one's refuses it.
        reading: one of `READINGS`.
        replay: what became of it on the client and the mock, by "client" and "mock", where it was tried.
    """

    value: Any
    where: str
    sender: str
    reading: str = "as written"
    replay: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One difference and what it means.

    Attributes:
        rule: the stable name of what was judged, such as "request-enum".
        place: where, in words of the API and not of the file: "POST /a request application/json /phone".
        effect: which way it goes: "removed", "added", "narrowed", "widened", "changed", ...
        level: one of `LEVELS`.
        text: what happened, in words.
        hurts: whom, one of `HURT`.
        answer: "no", "yes" or "unknown": whether the reader still takes all that the writer may send.
        base: where the base document has it, or the nearest that it has.
        revision: the same for the revision.
        payload: the proof, for schema findings.
        details: facts for machines, by name: the rule and the tests it touches, old and new values;
            `incomplete` where a limit ended the comparison, so that the rest was not looked at.
        lines: the lines of base and revision, for what has no pointer, such as a sentence of a page.
    """

    rule: str
    place: str
    effect: str
    level: str
    text: str
    hurts: str = "callers"
    answer: str = "no"
    base: Pointer = ()
    revision: Pointer = ()
    payload: Payload | None = None
    details: dict[str, Any] = field(default_factory=dict)
    lines: tuple[int | None, int | None] = (None, None)

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits, from rule, place and effect, so that a better text keeps the id."""
        return hashlib.sha256(
            "\0".join((self.rule, self.place, self.effect)).encode("utf-8", "surrogatepass")
        ).hexdigest()[:12]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the worst first, then by place."""
    return sorted(findings, key=lambda one: (LEVELS.index(one.level), one.place, one.rule, one.effect))


def pointer_text(pointer: Pointer) -> str:
    """Return a JSON pointer as RFC 6901 writes it."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in pointer)
