"""The situation of the key of one phone, and the events that can come next."""

from dataclasses import dataclass
from datetime import datetime

from novapost_mock.keys.lifecycle import Action, Client, Event, Situation, life, situation
from novapost_mock.keys.settings import Readings


@dataclass(frozen=True)
class NextEvent:
    """A possible next event.

    Attributes:
        event: the event.
        action: its effect on the key.
        becomes: the situation after it.
        rule: the id of the rule.
        at: the time at which it happens by itself; None if it needs a request.
    """

    event: Event
    action: Action
    becomes: Situation
    rule: str
    at: datetime | None


@dataclass(frozen=True)
class Outlook:
    """A situation in the life of a key.

    Attributes:
        here: the situation.
        transitions: the events that change something.
    """

    here: Situation
    transitions: tuple[NextEvent, ...]


def outlook(client: Client, now: datetime, readings: Readings, day_ends: datetime) -> Outlook:
    """Return the situation of the key of a phone, by the table of its life.

    Args:
        client: the phone.
        now: the moment, in UTC.
        readings: for the day and for the table.
        day_ends: the end of the day of `now`.
    """
    here = situation(client, now, readings)
    moments = {Event.DAY_ENDED: day_ends}
    if client.key is not None:
        moments[Event.VALIDITY_ENDED] = client.key.exp_date
    rows = ((event, life(readings).get((here, event))) for event in Event)
    return Outlook(
        here,
        tuple(
            NextEvent(event, to.action, to.becomes, to.rule, moments.get(event))
            for event, to in rows
            if to is not None and (to.action is not Action.NONE or to.becomes is not here)
        ),
    )
