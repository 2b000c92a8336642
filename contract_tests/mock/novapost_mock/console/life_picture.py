"""The life of a key as a picture, with the place where one key stands and what can happen to it next."""

from dataclasses import dataclass
from datetime import datetime

from novapost_mock.console.visit import Visit
from novapost_mock.keys.lifecycle import Action, Event, Situation, life, situation


@dataclass(frozen=True)
class Next:
    """What can happen to a key where it stands.

    Attributes:
        event: the name of the event's text.
        action: the name of the text of what it does to the key; None if it does nothing to it.
        leads: the name of the text of where the key stands then; None if it stays where it is.
        rule: the id of the rule.
        at: when it happens by itself; None if somebody has to do it.
    """

    event: str
    action: str | None
    leads: str | None
    rule: str
    at: datetime | None


@dataclass(frozen=True)
class Picture:
    """The stations of a life, and a place among them.

    Attributes:
        stations: the names of their texts, in their order.
        here: the one where the key stands.
        nexts: what can happen there.
    """

    stations: tuple[str, ...]
    here: str
    nexts: tuple[Next, ...]


def picture(visit: Visit, phone: str, now: datetime, day_ends: datetime) -> Picture:
    """Return the picture of the key of a phone, from the table of `novapost_mock.keys.lifecycle`.

    Args:
        visit: the request.
        phone: whose key.
        now: the time on the mock's clock.
        day_ends: the end of its day.
    """
    client = visit.sandbox.remembered(phone)
    readings = visit.sandbox.readings
    here = situation(client, now, readings)
    moments = {Event.DAY_ENDED: day_ends}
    if client.key is not None:
        moments[Event.VALIDITY_ENDED] = client.key.exp_date
    nexts = []
    for event in Event:
        to = life(readings).get((here, event))
        if to is None or (event is Event.DAY_ENDED and to.becomes is here):
            continue
        nexts.append(
            Next(
                _named("event", event),
                None if to.action is Action.NONE else _named("action", to.action),
                None if to.becomes is here else _named("situation", to.becomes),
                to.rule,
                moments.get(event),
            )
        )
    return Picture(
        tuple(_named("situation", each) for each in Situation), _named("situation", here), tuple(nexts)
    )


def _named(prefix: str, value: Situation | Event | Action) -> str:
    return f"{prefix}.{value.name.lower()}"
