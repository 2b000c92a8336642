"""The rules of openapi/rules.toml as a model: what the answer to the next question must be.

The model knows only what was asked, answered and done to the stage. It shares no code with the mock. Its
readings are those of rules.toml; of daily-limit it knows both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from contract_tests.novapost.knowledge.checks import ALLOWANCE
from contract_tests.novapost.knowledge.daily_limit import Reading
from contract_tests.target.dates import parse_date
from contract_tests.target.exchange import Received


@dataclass
class Client:
    """A phone: how many clients have it, its key as it was last given, and when it was last issued."""

    matches: int = 0
    key: dict[str, Any] | None = None
    issued: date | None = None


class Model:
    """All phones and all keys that were ever given."""

    def __init__(self, reading: Reading = "issuing") -> None:
        self.reading: Reading = reading
        self.clients: dict[str, Client] = {}
        self.owners: dict[str, str] = {}

    def client(self, phone: str) -> Client:
        """The client of a phone; one that nobody has if it is new."""
        return self.clients.setdefault(phone, Client())

    def cleaned(self, phone: str) -> None:
        """The cleanup has deleted the phone's key."""
        self.client(phone).key = None

    def answered(self, phone: str, now: datetime, answer: Received) -> Iterator[tuple[str, str]]:
        """What is wrong with the answer to a question for a key, as (rule, message); it is then believed.

        Args:
            now: when it was asked, in the target's time.
        """
        client = self.client(phone)
        statuses, rule = self._statuses(client, now)
        if answer.status not in statuses:
            told = " or ".join(map(str, sorted(statuses)))
            yield rule, f"{answer.status} where the rule gives {told}"
        if answer.status != 200:
            return
        given: dict[str, Any] = answer.json()
        yield from self._given(phone, client, now, given)
        repeated = client.key is not None and client.issued == now.date()
        if not repeated:
            client.issued = now.date()
        client.key = given
        self.owners.setdefault(given["apiKey"], phone)

    def _statuses(self, client: Client, now: datetime) -> tuple[set[int], str]:
        limit = client.issued == now.date() and (client.key is None or self.reading == "strict")
        if client.matches != 1:
            # Where two refusals are due, nothing says which of them comes.
            unclear = {429} if limit else set()
            return {404 if client.matches == 0 else 409} | unclear, "registered-phone"
        return ({429}, "daily-limit") if limit else ({200}, self._rule(client, now))

    @staticmethod
    def _rule(client: Client, now: datetime) -> str:
        if client.key is None:
            return "cleaned-new" if client.issued else "registered-phone"
        if client.issued == now.date():
            return "same-day-same-key"
        return "expired-reactivated" if now > expires(client.key) else "later-day-renews"

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
            yield rule, "another apiKey"
        elif rule == "later-day-renews" and given["createdAt"] != client.key["createdAt"]:
            yield rule, "another createdAt"
        if rule == "same-day-same-key":
            if given != client.key:
                yield rule, "the answer changed within the day"
        elif expires(given).date() not in year_after(now.date()):
            yield rule, f"expDate is {expires(given):%d %B %Y} after an issue on {now:%d %B %Y}"
        if self.owners.get(given["apiKey"], phone) != phone:
            yield "one-active", "the key of another phone"

    def bought(self, api_key: str, now: datetime, answer: Received) -> Iterator[tuple[str, str]]:
        """What is wrong with the answer to a question for a JWT."""
        status = 200 if self._is_active(api_key, now) else 401
        if answer.status != status:
            yield "jwt", f"{answer.status} where the rule gives {status}"

    def _is_active(self, api_key: str, now: datetime) -> bool:
        owner = self.owners.get(api_key)
        key = self.client(owner).key if owner else None
        return key is not None and key["apiKey"] == api_key and now <= expires(key)


def expires(key: dict[str, Any]) -> datetime:
    """The moment of a key's expDate, in UTC; what is no date has been judged before."""
    moment = parse_date(key["expDate"])
    assert moment is not None
    return moment.astimezone(UTC)


def year_after(day: date) -> set[date]:
    """The same day of the next year; for a leap day, of which nothing is written, the day before or after."""
    if (day.month, day.day) == (2, 29):
        return {date(day.year + 1, 2, 28), date(day.year + 1, 3, 1)}
    return {day.replace(year=day.year + 1)}
