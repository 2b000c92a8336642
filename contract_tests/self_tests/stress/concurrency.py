"""Many clients at the same phones at once, and a judge of their answers.

Each client is a process with a connection of its own. They go through days together: during a day all ask
for keys and tokens of the same few phones while one of them cleans keys up; between days the clock moves on.
Every answer is noted with the moments at which it was asked for and had, and judged when all is over, by what
must hold whatever the order in which the server took them.
"""

import http.client
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any, Literal, NamedTuple

from contract_tests.self_tests.stress.forking import forking
from contract_tests.self_tests.support.http_connection import HttpConnection

PHONES = tuple(str(49_151_000_000 + number) for number in range(8))
MIDDAY = "2026-03-{:02}T12:00:00Z"
CLEANUPS = 0.004

Kind = Literal["ask", "authorize", "cleanup"]


class Event(NamedTuple):
    """One call and what came back.

    Attributes:
        day: in which of the days.
        kind: what was called.
        phone: whose key it was about.
        begun, ended: when it was sent and answered, on the monotonic clock.
        status: the HTTP status; 0 if the connection broke.
        key: the key that was given, or shown to buy a token.
        dates: createdAt and expDate of a key that was given.
    """

    day: int
    kind: Kind
    phone: str
    begun: float
    ended: float
    status: int
    key: str = ""
    dates: tuple[str, str] = ("", "")


@dataclass
class Tally:
    """The result of a run of many clients."""

    requests: int
    seconds: float
    statuses: Mapping[int, int]
    violations: Sequence[str]


def run_clients(
    base: str,
    control: str,
    *,
    strict: bool = False,
    clients: int = 8,
    requests: int = 10_000,
    days: int = 10,
    cleanups: float = CLEANUPS,
) -> Tally:
    """Let clients loose on a mock.

    Args:
        base: address of the API, with a slash at its end.
        control: address of the control API, likewise.
        strict: whether the mock reads rule daily-limit by the letter.
        clients: how many at once.
        requests: how many calls each makes.
        days: over how many days they are spread.
        cleanups: how likely the one who cleans up does so instead of asking.
    """
    stage = HttpConnection(control, kept=False)
    stage.call("POST", "reset", {})
    for phone in PHONES:
        assert stage.call("PUT", f"clients/{phone}", {"matches": 1})[0] == 200
    context = forking()
    barrier, queue = context.Barrier(clients + 1), context.SimpleQueue()
    each = requests // days
    processes = [
        context.Process(
            target=_client,
            args=(base, control, number, each, days, 0.0 if number else cleanups, barrier, queue),
            daemon=True,
        )
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    listed: list[dict[str, Any]] = []
    seconds = 0.0
    for day in range(days):
        assert stage.call("PUT", "clock", {"now": MIDDAY.format(day + 1)})[0] == 200
        barrier.wait(120)
        began = time.monotonic()
        barrier.wait(600)
        seconds += time.monotonic() - began
        listed.append(stage.call("GET", "keys")[1])
    events = [Event(*event) for _ in processes for event in queue.get()]
    for process in processes:
        process.join(30)
    stage.close()
    return Tally(
        len(events),
        seconds,
        dict(Counter(event.status for event in events)),
        [*judged(events, strict=strict), *_judged_lists(listed)],
    )


def _client(
    base: str,
    control: str,
    number: int,
    requests: int,
    days: int,
    cleanups: float,
    barrier: Barrier,
    queue: Any,
) -> None:
    draw = random.Random(number)
    api, stage = HttpConnection(base), HttpConnection(control, kept=False)
    events: list[Event] = []
    seen: dict[str, str] = {}
    for day in range(days):
        barrier.wait(120)
        api.close()  # a server may have closed what was idle while the others finished their day
        events.extend(_call(api, stage, day, cleanups, draw, seen) for _ in range(requests))
        barrier.wait(600)
    queue.put([tuple(event) for event in events])


def _call(
    api: HttpConnection,
    stage: HttpConnection,
    day: int,
    cleanups: float,
    draw: random.Random,
    seen: dict[str, str],
) -> Event:
    phone, kind, key = draw.choice(PHONES), "ask", ""
    chance = draw.random()
    if chance < cleanups:
        kind = "cleanup"
    elif chance > 0.8 and phone in seen:
        kind, key = "authorize", seen[phone]
    dates = ("", "")
    begun = time.monotonic()
    try:
        if kind == "cleanup":
            status, _ = stage.call("POST", "cleanup", {"phone": phone})
        elif kind == "authorize":
            status, _ = api.call("GET", f"clients/authorization?apiKey={key}")
        else:
            status, body = api.call("POST", "test-api-keys", {"phone": phone})
            if status == 200:
                key, dates = body["apiKey"], (body["createdAt"], body["expDate"])
                seen[phone] = key
    except (OSError, http.client.HTTPException):
        status = 0
        api.close()
        stage.close()
    return Event(day, kind, phone, begun, time.monotonic(), status, key, dates)  # type: ignore[arg-type]


EXPECTED = {"ask": {200, 429}, "authorize": {200, 401}, "cleanup": {200, 404}}


def judged(events: Iterable[Event], *, strict: bool) -> list[str]:
    """Name what must not be, whatever the order in which the calls were taken."""
    violations = []
    by_phone: dict[str, dict[int, list[Event]]] = defaultdict(lambda: defaultdict(list))
    owners: dict[str, set[str]] = defaultdict(set)
    for event in events:
        by_phone[event.phone][event.day].append(event)
        if event.kind == "ask" and event.status == 200:
            owners[event.key].add(event.phone)
        if event.status not in EXPECTED[event.kind]:
            violations.append(f"day {event.day}: {event.kind} got {event.status}")
    violations += [f"one key for {len(phones)} phones" for phones in owners.values() if len(phones) > 1]
    for days in by_phone.values():
        before: set[str] = set()
        was_cleaned = may_be_cleaned = False
        for day in sorted(days):
            found = _judged_day(days[day], strict=strict)
            given = [e for e in days[day] if e.kind == "ask" and e.status == 200]
            cleanups = [e for e in days[day] if e.kind == "cleanup" and e.status == 200]
            keys = {e.key for e in given}
            if before & keys and was_cleaned:
                found.append("cleaned-new: a key that was cleaned up came back")
            if before and keys - before and not may_be_cleaned and not cleanups:
                found.append("later-day-renews: a key that was not cleaned up was replaced")
            violations += [f"day {day}: {text}" for text in found]
            if keys:
                before, was_cleaned, may_be_cleaned = keys, False, False
            may_be_cleaned = may_be_cleaned or bool(cleanups)
            was_cleaned = was_cleaned or any(e.ended < c.begun for c in cleanups for e in given)
    return violations


def _judged_day(events: list[Event], *, strict: bool) -> list[str]:
    """Judge the calls of one day about one phone.

    A call that ended before another was sent came before it. Of two that overlap nobody can tell.
    """
    given = [e for e in events if e.kind == "ask" and e.status == 200]
    refused = [e for e in events if e.kind == "ask" and e.status == 429]
    cleanups = [e for e in events if e.kind == "cleanup" and e.status == 200]
    keys = {e.key for e in given}
    found = []
    if len(keys) > 1:
        found.append(f"one-active: {len(keys)} keys")
    if len({e.dates for e in given}) > 1:
        found.append("same-day-same-key: the dates differ")
    if strict and len(given) > 1:
        found.append(f"daily-limit: {len(given)} requests granted")
    if refused and not given:
        found.append("daily-limit: nobody got the key of the day")
    first = min((e.begun for e in cleanups), default=float("inf"))
    if not strict and any(e.ended < first for e in refused):
        found.append("daily-limit: a repeat was refused")
    # The day's own key, and one of an earlier day before it was asked for.
    if len(cleanups) > 2:
        found.append("cleaned-new: more keys were deleted than there can have been")
    for cleanup in cleanups:
        deleted = {e.key for e in given if e.ended < cleanup.begun}
        if deleted and any(e.begun > cleanup.ended for e in given):
            found.append("daily-limit: a second key on the day of a cleanup")
        late = [e for e in events if e.kind == "authorize" and e.begun > cleanup.ended]
        if any(e.status == 200 and e.key in deleted for e in late):
            found.append("jwt: a key that was deleted bought a token")
    issued = min((e.ended for e in given), default=float("inf"))
    if any(
        e.kind == "authorize" and e.status == 401 and e.key in keys and e.ended < first and e.begun > issued
        for e in events
    ):
        found.append("jwt: an Active key was refused")
    return found


def _judged_lists(listed: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"one-active: the list of day {day} has {count} keys of one phone"
        for day, content in enumerate(listed)
        for count in Counter(key["phone"] for key in content["keys"]).values()
        if count > 1
    ]
