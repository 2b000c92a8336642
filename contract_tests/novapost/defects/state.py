"""What a defect may remember: the state as it was set, and the keys that the target gave."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from contract_tests.novapost.defects.exchange import CONTROL, KEY, Answer, Request, moment


class Memory:
    """Follows the exchanges of the target that pass. A reset of the target clears it.

    Attributes:
        last: by phone, the key's answer as the target last gave it, until a cleanup.
        owners: by key, the phone that it was given for.
        kinds: by phone, how its key last came about: created, renewed, reactivated, recreated.
        matches: by phone, how many clients have it.
        cleaned: the keys that a cleanup has deleted.
        notes: whatever a defect writes down for itself.
        count: how often anything was counted, by name.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.counts: Counter[Any] = Counter()
        self._clear()

    def _clear(self) -> None:
        self.last: dict[str, dict[str, Any]] = {}
        self.owners: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.issued: dict[str, datetime] = {}
        self.matches: dict[str, int] = {}
        self.cleaned: set[str] = set()
        self.notes: dict[Any, Any] = {}
        self._set_at: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """Return the time of the target's clock, if it was set through this proxy."""
        if self._set_at is None:
            return datetime.now(UTC)
        when, at = self._set_at
        return when + timedelta(seconds=time.monotonic() - at)

    def nth(self, name: Any) -> int:
        """Count one more of something; the first is 1. A reset of the target does not count anew."""
        with self.lock:
            self.counts[name] += 1
            return self.counts[name]

    def kind(self, phone: str | None) -> str:
        """Return how a phone's key last came about; empty if it has none."""
        return self.kinds.get(phone or "", "")

    def clients(self, phone: str | None) -> int:
        """Return how many clients have a phone, as far as they were set through here."""
        return self.matches.get(phone or "", 0)

    def again(self, phone: str | None) -> Answer | None:
        """Return the answer that a phone got last, if it has a key."""
        given = self.last.get(phone or "")
        return Answer(200).saying(given) if given else None

    def order(self, phone: str | None) -> int:
        """Return the place of a phone in the order of first requests; the first is 0."""
        with self.lock:
            phones: list[str | None] = self.notes.setdefault("phones in order", [])
            if phone not in phones:
                phones.append(phone)
            return phones.index(phone)

    def is_active(self, api_key: str) -> bool:
        """Tell whether a key buys a JWT by the rules."""
        owner = self.owners.get(api_key)
        given = self.last.get(owner) if owner else None
        return given is not None and given["apiKey"] == api_key and self.now() <= moment(given["expDate"])

    def saw(self, request: Request, answer: Answer) -> None:
        """Follow an exchange of the target."""
        with self.lock:
            if request.is_control:
                self._saw_control(request, answer)
            elif request.phone is not None and _is_given(request, answer):
                self._saw_key(request.phone, answer.json)

    def _saw_control(self, request: Request, answer: Answer) -> None:
        verb, _, rest = request.path.partition(CONTROL)[2].partition("/")
        if verb == "reset":
            self._clear()
        elif verb == "clock" and isinstance(answer.json, dict) and "now" in answer.json:
            self._set_at = moment(answer.json["now"]), time.monotonic()
        elif verb == "clients" and request.method in ("PUT", "DELETE"):
            given = request.json if request.method == "PUT" else {"matches": 0}
            self.matches[unquote(rest)] = given.get("matches", 1)
        elif verb == "cleanup" and request.phone in self.last:
            self.cleaned.add(self.last.pop(request.phone)["apiKey"])

    def _saw_key(self, phone: str, given: dict[str, Any]) -> None:
        before = self.last.get(phone)
        if before is None:
            self.kinds[phone] = "recreated" if phone in self.issued else "created"
        elif before != given:
            self.kinds[phone] = "reactivated" if self.now() > moment(before["expDate"]) else "renewed"
        if before != given:
            self.issued[phone] = self.now()
        self.last[phone] = given
        self.owners[given["apiKey"]] = phone


def _is_given(request: Request, answer: Answer) -> bool:
    return request.operation == KEY and answer.status == 200 and not request.asks_for_a_status
