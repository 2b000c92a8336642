"""Armed faults that several processes share: so many times, whichever of them is called."""

from collections.abc import Sequence
from typing import Any

from novapost_mock.faults.fault import ActiveFault, Armed, Fault, called
from novapost_mock.keys.shared_settings import FAULTS, SharedSettings


class SharedFaults:
    """Faults in shared settings. See `faults.Faults`; every method may raise what they raise.

    A call costs one reading of the settings, and one writing if a fault is armed for its operation.
    """

    def __init__(self, settings: SharedSettings) -> None:
        self._settings = settings
        # The list, and of which version of the setting it is; one value, so that threads see both or none.
        self._read: tuple[int, tuple[Armed, ...]] = (0, ())

    def arm(self, faults: Sequence[Fault]) -> None:
        """See `Faults.arm`."""
        value = [_written(Armed(fault)) for fault in faults]
        self._settings.change_setting(FAULTS, lambda _: (value or None, None))

    def armed(self) -> Sequence[Armed]:
        """See `Faults.armed`."""
        known, armed = self._read
        version, value = self._settings.setting(FAULTS)
        if version != known:
            armed = _armed(value)
            self._read = version, armed
        return armed

    def acting(self, operation: str) -> ActiveFault | None:
        """See `Faults.acting`."""
        if not any(each.fault.operation in ("", operation) for each in self.armed()):
            return None

        def step(value: Any) -> tuple[Any, ActiveFault | None]:
            after, active = called(_armed(value), operation)
            return [_written(each) for each in after] or None, active

        return self._settings.change_setting(FAULTS, step)


def _written(armed: Armed) -> dict[str, Any]:
    return {"fault": armed.fault.as_json(), "calls": armed.calls, "acted": armed.acted}


def _armed(value: Any) -> tuple[Armed, ...]:
    return tuple(Armed(Fault(**each["fault"]), each["calls"], each["acted"]) for each in value or ())
