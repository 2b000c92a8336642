"""How long answers took, counted in buckets: little to keep, and shards can be added up."""

from bisect import bisect_left
from typing import Any

# Upper ends of the buckets, in milliseconds; the last bucket has none.
BOUNDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


class Latency:
    """A histogram for each operation."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._slowest: dict[str, float] = {}

    def took(self, operation: str, seconds: float) -> None:
        """Count one whole answer."""
        counts = self._counts.setdefault(operation, [0] * (len(BOUNDS) + 1))
        milliseconds = seconds * 1000
        counts[bisect_left(BOUNDS, milliseconds)] += 1
        self._slowest[operation] = max(milliseconds, self._slowest.get(operation, 0.0))

    def rows(self, operations: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return the histograms of some operations, in their order, those without an answer left out."""
        return [
            {"operation": name, "counts": list(self._counts[name]), "slowest": round(self._slowest[name], 1)}
            for name in operations
            if name in self._counts
        ]
