"""One campaign on several machines: which of its units a shard takes.

Every unit is taken by exactly one shard, whatever their number. More machines do not ask more: that is what
the campaign's seeds are for (`SEEDS`).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # units know pytest and Hypothesis, which joining has no need to load
    from collections.abc import Iterable

    from contract_tests.target.units import Unit


# A unit of its own for each shard, of a thousand operations with a hundred seeds.
_MOST = 100_000


@dataclass(frozen=True)
class Shard:
    """The `number`th of `of` shards, from 1 on.

    Raises:
        ValueError: there is no such shard.
    """

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of <= _MOST:
            raise ValueError(f"a shard is i/n with 1 <= i <= n <= {_MOST}")

    @classmethod
    def read(cls, text: str, job_index: str | None = None) -> "Shard":
        """Return a shard from its name.

        Args:
            text: "2/4", or "job/4" for the index that the scheduler gives to a job.
            job_index: that index, from 0 on (Kubernetes: JOB_COMPLETION_INDEX).

        Raises:
            ValueError: it names none, in words that say how to.
        """
        number, slash, of = text.partition("/")
        if number == "job" and slash:
            if job_index is None or not _is_number(job_index):
                raise ValueError("SHARD=job/n needs the job's index in JOB_COMPLETION_INDEX")
            number = str(int(job_index) + 1)
        if not (slash and _is_number(number) and _is_number(of)):
            raise ValueError("SHARD is i/n, such as 2/4, or job/n in an indexed job")
        return cls(int(number), int(of))

    @property
    def suffix(self) -> str:
        """What the names of its files end in: "-2-of-4", and nothing for the whole."""
        return "" if self.of == 1 else f"-{self.number}-of-{self.of}"

    def takes(self, units: "Iterable[Unit]") -> "set[Unit]":
        """Return the units of this shard among all units of a campaign, in any order.

        Shards differ by one unit at most, and by one of those that make their data up, which take longest.
        """
        return set(sorted(set(units))[self.number - 1 :: self.of])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
