"""The rules of openapi/rules.toml as a model: what the answer to the next question must be.

The model knows only what was asked, answered and done to the control. It shares no code with the mock. Its
readings are those of the target, which a run finds out; else those of rules.toml.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from contract_tests.novapost.knowledge.checks import ALLOWANCE
from contract_tests.novapost.knowledge.readings import Readings
from contract_tests.target.dates import parse_date
from contract_tests.target.exchange import Received


@dataclass
class Client:
    """A phone: its number of clients, its key as last given, the days of its last issue and answer."""

    matches: int = 0
    key: dict[str, Any] | None = None
    issued: date | None = None
    answered: date | None = None


# An Active key on a later day, where the target repeats it.
_REPEATED = "later day, repeated"
# What is said of an expDate by whoever sees it first.
WRONG_END = "expDate is not that of an issue on this day"
# How the tests of single rules say it, so that one cause is one finding.
_CHANGED = {
    "same-day-same-key": "changed within the day",
    "later-day-renews": "changed with the renewal",
    "expired-reactivated": "changed with the reactivation",
}


class Model:
    """All phones and all keys that were ever given."""

    def __init__(self, readings: Readings | None = None) -> None:
        self.readings = readings or Readings()
        self.clients: dict[str, Client] = {}
        self.owners: dict[str, str] = {}

    def client(self, phone: str) -> Client:
        """Return the client of a phone; a new phone belongs to nobody."""
        return self.clients.setdefault(phone, Client())

    def cleaned(self, phone: str) -> None:
        """Note that the cleanup has deleted the phone's key."""
        self.client(phone).key = None

    def answered(self, phone: str, now: datetime, answer: Received) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the answer to a request for a key, as (rule, message); then believe it.

        Args:
            now: when it was asked, in the target's time.
        """
        client = self.client(phone)
        statuses, rule = self._statuses(client, now)
        if answer.status not in statuses:
            due = " or ".join(map(str, sorted(statuses)))
            yield rule, f"{answer.status} where the rule gives {due}"
        if answer.status != 200:
            return
        given: dict[str, Any] = answer.json()
        yield from self._given(phone, client, now, given)
        if self._rule(client, now) != _REPEATED:
            client.issued = self.readings.day(now)
        client.answered = self.readings.day(now)
        client.key = given
        self.owners.setdefault(given["apiKey"], phone)

    def _statuses(self, client: Client, now: datetime) -> tuple[set[int], str]:
        today = self.readings.day(now)
        limit = client.key is None and client.issued == today
        if self.readings.daily_limit == "strict":
            limit = limit or client.answered == today
        if client.matches != 1:
            # Where two refusals are due, nothing says which of them comes.
            unclear = {429} if limit else set()
            return {404 if client.matches == 0 else 409} | unclear, "registered-phone"
        return ({429}, "daily-limit") if limit else ({200}, self._rule(client, now))

    def _rule(self, client: Client, now: datetime) -> str:
        if client.key is None:
            return "cleaned-new" if client.issued else "registered-phone"
        if client.issued == self.readings.day(now):
            return "same-day-same-key"
        if now > expires(client.key):
            return "expired-reactivated"
        return "later-day-renews" if self.readings.later_day == "renew" else _REPEATED

    def _given(
        self, phone: str, client: Client, now: datetime, given: dict[str, Any]
    ) -> Iterator[tuple[str, str]]:
        rule = self._rule(client, now)
        if client.key is None:
            if given["apiKey"] in self.owners:
                yield rule, "the new key was given before"
            created = parse_date(given["createdAt"])
            if created is None or abs(created - now) > ALLOWANCE:
                yield "validity", "createdAt of a new key is not now"
        elif given["apiKey"] != client.key["apiKey"]:
            yield _rule_id(rule), f"apiKey {_CHANGED[_rule_id(rule)]}"
        elif rule == "later-day-renews" and given["createdAt"] != client.key["createdAt"]:
            yield rule, f"createdAt {_CHANGED[rule]}"
        elif rule == "expired-reactivated" and given["createdAt"] != client.key["createdAt"]:
            # Not written: a reactivated key is as old as it was, or begins anew.
            created = parse_date(given["createdAt"])
            if created is None or abs(created - now) > ALLOWANCE:
                yield rule, "createdAt is neither what it was nor the moment of the reactivation"
        end, today = self.readings.day(expires(given)), self.readings.day(now)
        if rule in ("same-day-same-key", _REPEATED):
            if given != client.key:
                before = client.key or {}
                names = sorted(n for n in before.keys() | given.keys() if given.get(n) != before.get(n))
                # What another line says already is said once.
                if names != ["apiKey"]:
                    yield _rule_id(rule), f"{', '.join(names)} {_CHANGED[_rule_id(rule)]}"
        elif end not in self.readings.last_days(today):
            yield rule, f"{WRONG_END}: {end:%d %B %Y} after an issue on {today:%d %B %Y}"
        if self.owners.get(given["apiKey"], phone) != phone:
            yield "one-active", "the key of another phone"

    def bought(self, api_key: str, now: datetime, answer: Received) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the answer to a request for a JWT."""
        status = 200 if self._is_active(api_key, now) else 401
        if answer.status != status:
            yield "jwt", f"{answer.status} where the rule gives {status}"

    def _is_active(self, api_key: str, now: datetime) -> bool:
        owner = self.owners.get(api_key)
        key = self.client(owner).key if owner else None
        return key is not None and key["apiKey"] == api_key and now <= expires(key)


def _rule_id(rule: str) -> str:
    """Return the rule that a finding names: what is repeated is repeated unchanged, on whichever day."""
    return "same-day-same-key" if rule == _REPEATED else rule


def expires(key: dict[str, Any]) -> datetime:
    """Return the moment of a key's expDate, in UTC; a check has reported any value that is no date."""
    moment = parse_date(key["expDate"])
    assert moment is not None
    return moment.astimezone(UTC)
