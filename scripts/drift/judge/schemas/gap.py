"""What a reader may refuse of what a writer may send, as values."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from scripts.drift.judge.schemas.shape import Shape

# How to get from a value to the one inside it: ("property", name), ("item", ""), ("key", "x-a") for a
# property that is not named ("" if any name will do), ("branch", name) for the same value as one way through
# a union. With the writer's shape of the outer.
Step: TypeAlias = tuple[str, str, Shape]


@dataclass(frozen=True)
class Gap:
    """One place where a writer's values are not all taken.

    Attributes:
        rule: what does not fit, such as "enum" or "required".
        steps: the way there from the position's schema.
        writer: the writer's shape there.
        reader: the reader's shape there.
        answer: "no", "unknown", or "soft" where the value is let through and no longer means anything.
        what: what does not fit, in words.
        sample: values of the writer that the reader is likely to refuse, the likeliest first.
        name: the property that the gap is about, where it is about one.
        extra: what else helps to make a sample, by name.
        anchor: the last named schema on the way that both documents have, and how many steps lead to it.
    """

    rule: str
    steps: tuple[Step, ...]
    writer: Shape
    reader: Shape
    answer: str
    what: str
    sample: tuple[Any, ...] = ()
    name: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    anchor: tuple[str, int] = ("", 0)

    @property
    def path(self) -> str:
        """Where it is below its anchor, as property names; `*` is any item or any other property."""
        steps = self.steps[self.anchor[1] :]
        parts = [name if kind == "property" else "*" for kind, name, _ in steps if kind != "branch"]
        if self.name is not None:
            parts.append(self.name)
        return "".join(f"/{part}" for part in parts)
