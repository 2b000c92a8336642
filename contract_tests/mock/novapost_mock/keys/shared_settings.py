"""Small named settings, kept beside the clients so that every process on one state sees the same ones.

The clock's offset is one. A setting has a version that only ever grows, so a reader can tell whether what it
worked out from the last one still holds.
"""

import json
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar

SEED = "seed"
"""The setting that holds the clients of the start: the number of matches by phone."""
CLOCK = "clock"
"""The setting that holds how far the clock is ahead of the real one, in microseconds."""
FAULTS = "faults"
"""The setting that holds the armed faults: of each its settings, the calls it saw, on how many it acted."""
SIGNING = "signing"
"""The setting that holds the secret which signs tokens, as hexadecimal digits."""

LASTING = frozenset({SEED, SIGNING})
"""What a reset leaves as it is. Every other setting is gone after it."""

T = TypeVar("T")


class Setting(NamedTuple):
    """A setting as it was read.

    Attributes:
        version: grows with every change; 0 for one that was never kept.
        value: what is kept, a JSON value; None for nothing.
    """

    version: int
    value: Any


NEVER_KEPT = Setting(0, None)


class SharedSettings(Protocol):
    """Where settings are kept."""

    def setting(self, name: str) -> Setting:
        """Return a setting as it is now."""
        ...

    def change_setting(self, name: str, step: Callable[[Any], tuple[Any, T]]) -> T:
        """Read a setting, let `step` decide, and keep what it decided, as one atomic step.

        Args:
            name: which setting.
            step: maps the value to the new one and a result. It gets a value of its own and may be called
                more than once, so it does nothing else. What it raises passes through and changes nothing.

        Returns:
            The result of `step`.
        """
        ...


class MemorySettings:
    """Settings that live as long as their process; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._kept: dict[str, tuple[int, str]] = {}
        self._read: dict[str, Setting] = {}

    def setting(self, name: str) -> Setting:
        """See `SharedSettings.setting`. All readers of a version share its value: do not change it."""
        return self._read.get(name, NEVER_KEPT)

    def change_setting(self, name: str, step: Callable[[Any], tuple[Any, T]]) -> T:
        """See `SharedSettings.change_setting`."""
        with self._lock:
            version, text = self._kept.get(name, (0, "null"))
            value, result = step(json.loads(text))
            if json.dumps(value) != text:
                self._keep(name, version + 1, value)
            return result

    def clear(self) -> None:
        """Forget all but the lasting settings."""
        with self._lock:
            for name, (version, _) in self._kept.items():
                if name not in LASTING:
                    self._keep(name, version + 1, None)

    def _keep(self, name: str, version: int, value: Any) -> None:
        # Through text, so that only what a database can keep is kept here, too.
        self._kept[name] = version, (text := json.dumps(value))
        self._read[name] = Setting(version, json.loads(text))
