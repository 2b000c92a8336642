"""What a walk through pairs of shapes found."""

from dataclasses import dataclass, field
from typing import TypeAlias

from scripts.drift.judge.schemas.gap import Gap

# Two shapes that were compared, the writer's first, by their ids.
Pair: TypeAlias = tuple[int, int]


@dataclass
class Survey:
    """The result of a walk: each gap with its pair of shapes and the root under which it was first met."""

    found: list[tuple[Gap, int, Pair]] = field(default_factory=list)
    seen: set[Pair] = field(default_factory=set)
    users: dict[Pair, set[Pair]] = field(default_factory=dict)
    roots: dict[Pair, list[int]] = field(default_factory=dict)

    def reached_from(self, pair: Pair) -> list[int]:
        """Return the roots from which a pair is reached, by their number."""
        reached = {pair}
        waiting = [pair]
        while waiting:
            for user in self.users.get(waiting.pop(), ()):
                if user not in reached:
                    reached.add(user)
                    waiting.append(user)
        return sorted({root for one in reached for root in self.roots.get(one, ())})
