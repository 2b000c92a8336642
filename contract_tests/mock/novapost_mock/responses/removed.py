"""What was deleted, so that it stays away: the one thing that schema-made operations remember."""

import threading
from collections import OrderedDict
from collections.abc import Callable

MAX_REMOVED = 10_000

Segments = tuple[str, ...]


class Removed:
    """Paths under which something was deleted and not created again; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._paths: OrderedDict[Segments, None] = OrderedDict()
        self._lock = threading.Lock()

    def remove(self, path: Segments) -> None:
        """Remember that what stands at a path is gone, and all below it."""
        with self._lock:
            self._paths[path] = None
            self._paths.move_to_end(path)
            if len(self._paths) > MAX_REMOVED:
                self._paths.popitem(last=False)

    def restore(self, path: Segments) -> None:
        """Forget removals at and below a path, since something was created there."""
        if not self._paths:
            return
        with self._lock:
            for gone in [gone for gone in self._paths if gone[: len(path)] == path]:
                del self._paths[gone]

    def covers(self, path_of: Callable[[], Segments]) -> bool:
        """Tell whether what stands at a path is gone; the path is asked for only if anything is."""
        paths = self._paths
        if not paths:
            return False
        path = path_of()
        return any(path[:length] in paths for length in range(1, len(path) + 1))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._paths.clear()
