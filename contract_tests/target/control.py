"""The client of the control API: sets clock and state of a target.

It speaks to any target that has one. What goes wrong here is no finding about the contract: the run itself
cannot go on.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Any

import httpx

from contract_tests.target.call_log import CallLog
from contract_tests.target.dates import parse_date
from contract_tests.target.transport import Wire

if TYPE_CHECKING:
    from collections.abc import Callable


class ControlError(Exception):
    """The control API did not do what it was asked for.

    Attributes:
        status: what it answered; None if there was no answer, or one with the right status.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class MissingCall(ControlError):
    """The control API has no such call: what needs it stays unproven, and is no finding."""


# How a server says that it has no such call (RFC 9110, section 15).
_NO_SUCH_CALL = (404, 405, 501)
# A run takes minutes at most.
_LATE = time_of_day(23, 50, tzinfo=UTC)


class ControlClient:
    """Sets the clock of a target and takes it back to its start, through its control API.

    What the control API of one target has beyond that is called in a subclass that knows it.

    Attributes:
        lacks: the calls that the control API does not have, such as "PUT clock", as far as was found out.
    """

    def __init__(self, control_url: str, wire: Wire, calls: CallLog, token: str | None = None) -> None:
        self._control = control_url
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._wire = wire
        self._calls = calls
        self._set_at: tuple[datetime, float] | None = None
        self.lacks: set[str] = set()
        # Called after each reset, for whoever has to know that the target begins anew.
        self.when_reset: Callable[[], None] = lambda: None

    def reset(self) -> None:
        """Reset the target: seeded clients, real clock, no keys."""
        self.call("POST", "reset")
        self._set_at = None
        self.when_reset()

    def set_clock(self, now: datetime) -> None:
        """Let it be `now` for the target."""
        self.call("PUT", "clock", {"now": now.astimezone(UTC).isoformat().replace("+00:00", "Z")})
        self._set_at = now, time.monotonic()

    def advance(self, by: timedelta) -> None:
        """Let time pass for the target."""
        answer = self.call("PUT", "clock", {"advance_seconds": by.total_seconds()})
        now = parse_date(answer.get("now"))
        if now is None:
            raise ControlError("clock: answered without a date-time in `now`")
        self._set_at = now, time.monotonic()

    def begin_at(self, now: datetime) -> None:
        """Let it be `now`, for what can also be asked at any other time of a day: where there is no clock.

        Raises:
            MissingCall: there is no clock, and a day is about to end.
        """
        if "PUT clock" not in self.lacks:
            self.set_clock(now)
        elif datetime.now(UTC).timetz() > _LATE:
            raise MissingCall("the control API has no PUT clock, and midnight is near")

    def find_out(self) -> None:
        """Find out which calls the control API does not have."""
        self.try_call("PUT", "clock", {"advance_seconds": 0})
        self.try_call("PUT", "faults", [])

    def try_call(self, method: str, path: str, body: Any = None) -> None:
        """Make a call that any control API answers which has it, and note it as lacking where it has not."""
        try:
            self.call(method, path, body)
        except ControlError as error:
            if error.status in _NO_SUCH_CALL:
                self.lacks.add(_name(method, path))

    def require(self, *calls: str) -> None:
        """Refuse to go on where the control API lacks one of these calls, such as "PUT clock".

        Raises:
            MissingCall: it names the call.
        """
        for each in calls:
            if each in self.lacks:
                raise MissingCall(f"the control API has no {each}")

    def arm(self, operation_id: str, status: int) -> None:
        """Let the next answer of an operation have a status, whatever the rules say."""
        self.call("PUT", "faults", [{"operation": operation_id, "status": status, "times": 1}])

    def disarm(self) -> None:
        """Let the rules answer again."""
        self.call("PUT", "faults", [])

    def now(self) -> datetime:
        """Return the time of the target's clock, to within the seconds that a test takes."""
        if self._set_at is None:
            return datetime.now(UTC)
        moment, at = self._set_at
        return moment + timedelta(seconds=time.monotonic() - at)

    def call(self, method: str, path: str, body: Any = None, *, shown: str = "") -> Any:
        """Call the control API and return the JSON of its answer, {} where there is none.

        Args:
            shown: the path as a message shows it, where the path itself is not to be shown.

        Raises:
            MissingCall: it is known to have no such call.
            ControlError: it did not do what it was asked for.
        """
        self.require(_name(method, path))
        named = f"{method} {self._control}{shown or path}"
        self._calls.add_control(method, self._control + path, None if body is None else json.dumps(body))
        try:
            answer = self._wire.request(method, self._control + path, json=body, headers=self._headers)
        except httpx.HTTPError as error:
            raise ControlError(f"{named}: {type(error).__name__}") from error
        if not answer.is_success:
            raise ControlError(f"{named}: answered {answer.status_code}", answer.status_code)
        try:
            return answer.json() if answer.content else {}
        except ValueError as error:
            raise ControlError(f"{named}: answered without JSON") from error


def _name(method: str, path: str) -> str:
    return f"{method} {path.partition('/')[0]}"
