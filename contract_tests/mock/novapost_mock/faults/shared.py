"""Armed faults that several processes share: so many times, whichever of them is called."""

from collections.abc import Sequence
from typing import Any

from novapost_mock.faults.fault import ActiveFault, Armed, Fault, called
from novapost_mock.keys.shared_settings import FAULTS, Shelf


class SharedFaults:
    """Faults on a shelf. See `faults.Faults`; every method may raise what the shelf raises.

    A call costs one reading of the shelf, and one writing if a fault is armed for its operation.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        # The list, and of which version of the setting it is; one value, so that threads see both or none.
        self._read: tuple[int, tuple[Armed, ...]] = (0, ())

    def arm(self, faults: Sequence[Fault]) -> None:
        """See `Faults.arm`."""
        value = [_written(Armed(fault)) for fault in faults]
        self._shelf.change_setting(FAULTS, lambda _: (value or None, None))

    def armed(self) -> Sequence[Armed]:
        """See `Faults.armed`."""
        known, armed = self._read
        version, value = self._shelf.setting(FAULTS)
        if version != known:
            armed = _armed(value)
            self._read = version, armed
        return armed

    def acting(self, operation: str) -> ActiveFault | None:
        """See `Faults.acting`."""
        if not any(each.fault.operation in ("", operation) for each in self.armed()):
            return None

        def step(value: Any) -> tuple[Any, ActiveFault | None]:
            after, act = called(_armed(value), operation)
            return [_written(each) for each in after] or None, act

        return self._shelf.change_setting(FAULTS, step)


def _written(armed: Armed) -> dict[str, Any]:
    return {"fault": armed.fault.as_json(), "calls": armed.calls, "acted": armed.acted}


def _armed(value: Any) -> tuple[Armed, ...]:
    return tuple(Armed(Fault(**each["fault"]), each["calls"], each["acted"]) for each in value or ())
