"""One campaign on several machines: which tests a shard runs, and with which seed.

What is certain is run once, by one of the shards. What is made up (fuzzing, walks) is run by as many shards
as there are, each with a seed of its own; with fewer shards than such tests, each test by one of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Shard:
    """The `number`th of `of` shards, from 1 on.

    Raises:
        ValueError: there is no such shard.
    """

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of <= 1000:
            raise ValueError("a shard is i/n with 1 <= i <= n <= 1000")

    @classmethod
    def read(cls, text: str, job_index: str | None = None) -> "Shard":
        """A shard from its name.

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

    def seed(self, campaign: int) -> int:
        """The seed of this shard, another for each."""
        return campaign + self.number - 1

    def takes_certain(self, names: Iterable[str]) -> set[str]:
        """Of the tests that always do the same, those of this shard."""
        return {name for n, name in enumerate(sorted(names)) if n % self.of == self.number - 1}

    def takes_generated(self, names: Iterable[str]) -> set[str]:
        """Of the tests that make their data up, those of this shard."""
        ordered = sorted(names)
        if len(ordered) <= self.of:
            # Shard 1 and shard 1 + len(ordered) take the same test, with different seeds.
            return {ordered[(self.number - 1) % len(ordered)]} if ordered else set()
        return self.takes_certain(ordered)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
