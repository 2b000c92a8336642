"""Setting the stage: the suite's side of the control API.

It speaks to any target that has one. What goes wrong here is no finding about the contract: the run itself
cannot go on.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from contract_tests.checks.response_checks import parse_date
from contract_tests.target.call_log import Story
from contract_tests.target.transport import Wire


class StageError(Exception):
    """The control API did not do what it was asked for."""


class Stage:
    """Clients, clock and keys of a target, through its control API."""

    def __init__(self, control_url: str, wire: Wire, story: Story, token: str | None = None) -> None:
        self._control = control_url
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._wire = wire
        self._story = story
        self._set_at: tuple[datetime, float] | None = None

    def reset(self) -> None:
        """Back to the start: seeded clients, real clock, no keys."""
        self._call("POST", "reset")
        self._set_at = None

    def register(self, phone: str, matches: int = 1) -> None:
        """Let `matches` clients have this phone: 1 registers it, 2 or more make it ambiguous."""
        self._call("PUT", f"clients/{quote(phone, safe='')}", {"matches": matches})

    def unregister(self, phone: str) -> None:
        """Let no client have this phone."""
        self._call("DELETE", f"clients/{quote(phone, safe='')}")

    def set_clock(self, now: datetime) -> None:
        """Let it be `now` for the target."""
        self._call("PUT", "clock", {"now": now.astimezone(UTC).isoformat().replace("+00:00", "Z")})
        self._set_at = now, time.monotonic()

    def advance(self, by: timedelta) -> None:
        """Let time pass for the target."""
        answer = self._call("PUT", "clock", {"advance_seconds": by.total_seconds()})
        now = parse_date(answer.get("now"))
        if now is None:
            raise StageError("clock: answered without a date-time in `now`")
        self._set_at = now, time.monotonic()

    def now(self) -> datetime:
        """What the target's clock says, to within the seconds that a test takes."""
        if self._set_at is None:
            return datetime.now(UTC)
        moment, at = self._set_at
        return moment + timedelta(seconds=time.monotonic() - at)

    def cleanup(self, phone: str) -> None:
        """Delete the phone's key as the sandbox's cleanup would."""
        self._call("POST", "cleanup", {"phone": phone})

    def list_keys(self) -> list[dict[str, Any]]:
        """Every key that the target knows: phone, dates, status."""
        answer = self._call("GET", "keys")
        listed = answer.get("keys") if isinstance(answer, dict) else answer
        if not isinstance(listed, list):
            raise StageError("keys: answered without a list")
        return listed

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        self._story.add_control(method, self._control + path, None if body is None else json.dumps(body))
        try:
            answer = self._wire.request(method, self._control + path, json=body, headers=self._headers)
        except httpx.HTTPError as error:
            raise StageError(f"{method} {self._control}{_named(path)}: {type(error).__name__}") from error
        if not answer.is_success:
            raise StageError(f"{method} {self._control}{_named(path)}: answered {answer.status_code}")
        try:
            return answer.json() if answer.content else {}
        except ValueError as error:
            raise StageError(f"{method} {self._control}{_named(path)}: answered without JSON") from error


def _named(path: str) -> str:
    """The call without the phone that it is about."""
    return "clients/{phone}" if path.startswith("clients/") else path
