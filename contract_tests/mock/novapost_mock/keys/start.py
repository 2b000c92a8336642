"""The settings of a new mock, if they are given one by one."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from novapost_mock.faults.fault import Fault
from novapost_mock.keys.clock import Clock, read_moment, utc
from novapost_mock.keys.settings import Readings

READINGS = tuple(each.name for each in fields(Readings))
SETTINGS = ("clients", "now", "seed", "faults", *READINGS)
"""What the marker takes."""


def clients_of(clients: object) -> dict[str, int]:
    """Return the numbers of matches by phone, from a list of phones or from these numbers.

    Raises:
        ValueError: it is neither, such as a single phone.
    """
    if isinstance(clients, Mapping):
        return dict(clients)
    if isinstance(clients, (str, bytes)) or not isinstance(clients, Iterable):
        raise ValueError('clients is a list of phones, or the matches by phone: clients=["…"]')
    listed = list(clients)
    if not all(isinstance(each, str) for each in listed):
        raise ValueError('a list of clients holds phones as texts: clients=["…"]; matches by phone: {"…": 2}')
    return dict.fromkeys(listed, 1)


def faults_of(faults: object) -> list[Fault | Mapping[str, Any]]:
    """Return the list of faults that was given.

    Raises:
        ValueError: it is no list, such as a single fault.
    """
    if isinstance(faults, (Mapping, str, bytes)) or not isinstance(faults, Iterable):
        raise ValueError('faults is a list of faults: faults=[{"status": 503}]')
    return list(faults)


def readings_of(readings: Readings | None, settings: Mapping[str, Any]) -> Readings:
    """Return the readings, which are given as one object or one by one.

    Raises:
        ValueError: both were given, one of them is unknown, or has a wrong value.
    """
    if unknown := sorted(settings.keys() - set(READINGS)):
        raise ValueError(f"{unknown[0]} is none of: {', '.join(SETTINGS)}")
    if readings is not None and settings:
        raise ValueError("give readings, or single settings, not both")
    return readings or Readings(**settings)


def clock_of(clock: Clock | None, now: datetime | str | None) -> Clock:
    """Return the given clock, or one that stands at the given time.

    Raises:
        ValueError: both were given, or the moment is none.
    """
    if now is None:
        return clock or Clock()
    if clock is not None:
        raise ValueError("give a clock, or now, not both")
    if isinstance(now, str):
        try:
            now = read_moment(now)
        except ValueError as error:
            raise ValueError(f"now: {error}") from None
    if not isinstance(now, datetime):
        raise ValueError("now is a datetime with an offset, or a text such as 2026-01-01T10:00:00Z")
    moment = utc(now)
    return Clock(lambda: moment)


def seeded_bytes(seed: int) -> Callable[[int], bytes]:
    """Return a source of bytes that is the same for the same seed.

    Raises:
        ValueError: the seed is no whole number, or below zero.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError("seed is a whole number, zero or more")
    return random.Random(seed).randbytes


def with_seed(fault: Fault | Mapping[str, Any], seed: int | None) -> Fault | Mapping[str, Any]:
    """Return a fault with the seed of the mock, unless it has its own."""
    if seed is None or not isinstance(fault, Mapping):
        return fault
    return {"seed": seed, **fault}
