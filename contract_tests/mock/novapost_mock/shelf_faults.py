"""Armed faults that every process on one state shares, their counts included."""

from collections.abc import Sequence
from typing import Any

from novapost_mock.faults import Act, Armed, Fault, called
from novapost_mock.shelf import FAULTS, Shelf


class ShelfFaults:
    """Faults on a shelf: a fault that acts once does so once, whichever worker is called."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep them there; what is armed already stays so."""
        self._shelf = shelf
        # The list, and of which version of the setting it is; one value, so that threads see both or none.
        self._known: tuple[int, tuple[Armed, ...]] = (0, ())

    def arm(self, faults: Sequence[Fault]) -> None:
        """See `Faults.arm`."""
        self._shelf.change_setting(FAULTS, lambda _: (_written(list(map(Armed, faults))), None))

    def armed(self) -> Sequence[Armed]:
        """See `Faults.armed`."""
        version, armed = self._known
        setting = self._shelf.setting(FAULTS)
        if setting.version != version:
            armed = _read(setting.value)
            self._known = (setting.version, armed)
        return armed

    def acting(self, operation: str) -> Act | None:
        """See `Faults.acting`."""
        if not self.armed():  # the usual case writes nothing
            return None

        def step(kept: Any) -> tuple[Any, Act | None]:
            armed, act = called(_read(kept), operation)
            return _written(armed), act

        return self._shelf.change_setting(FAULTS, step)


def _written(armed: Sequence[Armed]) -> Any:
    return [[each.fault.as_json(), each.calls, each.acted] for each in armed] or None


def _read(kept: Any) -> tuple[Armed, ...]:
    return tuple(Armed(Fault(**settings), calls, acted) for settings, calls, acted in kept or ())
