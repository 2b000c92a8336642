"""What a document says that has no effect here, counted, so that it can be told once."""


class Notes:
    """Remarks with the place where each was first made and how often."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, set[str]]] = {}
        self.told = 0
        """How often something was remarked."""

    def add(self, place: str, remark: str) -> None:
        """Make a remark about a place; the same remark about the same place counts once."""
        self.told += 1
        self._seen.setdefault(remark, (place, set()))[1].add(place)

    def lines(self) -> list[str]:
        """One line for each remark."""
        return [
            f"{first}: {remark}" + (f" (and {len(places) - 1} more)" if len(places) > 1 else "")
            for remark, (first, places) in self._seen.items()
        ]
