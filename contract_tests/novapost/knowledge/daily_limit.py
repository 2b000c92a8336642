"""Which reading of rule daily-limit a target keeps: found out by asking, and then demanded everywhere."""

from datetime import UTC, date, datetime
from typing import Literal

import httpx

from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.strategies import fictional
from contract_tests.target.exchange import Exchange
from contract_tests.target.targets import Target
from contract_tests.target.transport import Wire

# "issuing": creating, renewing and reactivating use up the day, and a repeat gets the same key again.
# "strict": any second request of a day that was answered with a key gets 429.
Reading = Literal["issuing", "strict"]
IN_WORDS: dict[Reading, str] = {
    "issuing": "issuing (repeats of the same day are not counted)",
    "strict": "strict (a second request of the same day gets 429)",
}
# What a strict target cannot keep, though the documents state both.
GIVEN_UP_BY_STRICT = "same-day-same-key"
# Far from both ends of the day.
_NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
PHONES_OF_LIMIT = (fictional(990), fictional(991))


def observed(target: Target, wire: Wire, control: KeysControl) -> Reading:
    """Ask twice on one day, for two phones. Only a target that refuses both repeats alike is strict.

    What else is wrong with the answers is for the tests to say, so anything else is held to "issuing".
    """
    control.reset()
    control.begin_at(_NOON)
    statuses = []
    for phone in PHONES_OF_LIMIT:
        control.register(phone)
        try:
            answers = [
                wire.request("POST", target.url("/test-api-keys"), json={"phone": phone}) for _ in range(2)
            ]
        except httpx.HTTPError:
            return "issuing"
        statuses.append(tuple(answer.status_code for answer in answers))
    return "strict" if set(statuses) == {(200, 429)} else "issuing"


class LimitWatch:
    """Notices the reading from the answers that pass, where there is no control API."""

    def __init__(self) -> None:
        self._given: dict[str, date] = {}
        self._seen: set[Reading] = set()

    def saw(self, exchange: Exchange, phone: str) -> None:
        """Follow one answer about a phone's key."""
        today = datetime.now(UTC).date()
        status = exchange.received.status if exchange.received else None
        if self._given.get(phone) == today and status in (200, 429):
            self._seen.add("issuing" if status == 200 else "strict")
        elif status == 200:
            self._given[phone] = today

    @property
    def in_words(self) -> str | None:
        """In words, what was observed; None if nothing was."""
        if len(self._seen) > 1:
            return "neither: repeats of the same day got the key, and 429 as well"
        return IN_WORDS[next(iter(self._seen))] if self._seen else None
