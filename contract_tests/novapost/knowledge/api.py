"""The API as a test of Nova Post's rules talks to it."""

from typing import Any

from contract_tests.novapost.knowledge import recipes
from contract_tests.novapost.knowledge.checks import KEYS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.daily_limit import LimitWatch, Reading
from contract_tests.novapost.knowledge.readings import Readings, found_out
from contract_tests.session.api import Api
from contract_tests.target.exchange import Exchange, Received


class KeysApi(Api):
    """Asks for keys and tokens, and holds the target to the readings that it keeps.

    Attributes:
        readings: how the target reads the rules; without a control API, as rules.toml does.
    """

    readings: Readings = Readings()

    @property
    def reading(self) -> Reading:
        """How the target reads the daily limit."""
        return self.readings.daily_limit

    def begin(self) -> None:
        """Find out how the target reads the rules, if it has a control API."""
        self._limit = LimitWatch()
        if not isinstance(self.control, KeysControl):
            return
        self.readings = found_out(self.target, self.wire, self.control)
        self.observations.readings |= self.readings.in_words()
        self.observations.lacking |= self.control.lacks
        for rule in self.readings.given_up():
            self.observations.rules.contradicted(rule)

    def ask(self, phone: str, **options: Any) -> Received:
        """Ask for the key of a phone."""
        return recipes.ask(self, phone, **options)

    def authorize(self, api_key: str, **options: Any) -> Received:
        """Ask for the token that a key buys."""
        return recipes.authorize(self, api_key, **options)

    def expect(self, condition: bool, check: str, message: str, path: str = KEYS) -> None:
        """Expect a condition, as `Api.expect` does; about the key request unless another path is named."""
        super().expect(condition, check, message, path)

    def notice(self, exchange: Exchange) -> None:
        """Follow the daily limit in the answers that pass, where there is no control API."""
        if self.control is not None:
            return
        phone = phone_of(exchange)
        if exchange.sent.preferred_status is None and phone is not None:
            self._limit.saw(exchange, phone)
            if self._limit.in_words:
                self.observations.readings["daily-limit"] = self._limit.in_words


def phone_of(exchange: Exchange) -> str | None:
    """Return the phone for which a key is asked; None in any other request."""
    if (exchange.sent.method, exchange.sent.path) != ("POST", KEYS):
        return None
    phone = exchange.sent.json_object().get("phone")
    return phone if isinstance(phone, str) else None
