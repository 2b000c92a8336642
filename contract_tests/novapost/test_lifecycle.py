"""Do the rules hold together, in whatever order things happen to several phones?

Hypothesis walks: it registers, asks, waits, cleans up, buys JWTs, and after each step the answer is held
against the model of the rules.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contract_tests.checks.finding import Finding
from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.model import Model, expires
from contract_tests.novapost.knowledge.strategies import ALIKE

PHONES = ALIKE
STEPS = [timedelta(minutes=7), timedelta(hours=9), timedelta(days=1), timedelta(days=40), timedelta(days=200)]
# A second more or less than a day's end would make the walk depend on how fast it is.
MARGIN = timedelta(seconds=30)


class Life(RuleBasedStateMachine):
    """Three phones, of which two have the same last seven digits, from a day of any month on."""

    def __init__(self, api: Api, control: KeysControl) -> None:
        super().__init__()
        self.api, self.control, self.model = api, control, Model(api.readings)

    @initialize(month=st.integers(1, 12), day=st.integers(1, 28), hour=st.integers(1, 22))
    def begin(self, month: int, day: int, hour: int) -> None:
        """Reset the target and register the first phones."""
        self.api.calls.begin()
        self.control.reset()
        self.control.set_clock(datetime(2027, month, day, hour, 30, tzinfo=UTC))
        for phone in PHONES[:2]:
            self.register(phone, 1)

    @rule(phone=st.sampled_from(PHONES), matches=st.sampled_from([1, 1, 1, 2, 3]))
    def register(self, phone: str, matches: int) -> None:
        """Let one client have a phone, or several."""
        self.control.register(phone, matches)
        self.model.client(phone).matches = matches

    @rule(phone=st.sampled_from(PHONES))
    def unregister(self, phone: str) -> None:
        """Let no client have a phone that never had a key: what becomes of a key then is not written."""
        if self.model.client(phone).issued is None:
            self.control.unregister(phone)
            self.model.client(phone).matches = 0

    @rule(phone=st.sampled_from(PHONES[:2]))
    def ask(self, phone: str) -> None:
        """Ask for a key, and once more: what was just given is given again, or the limit says no."""
        for _ in range(2):
            now = self.control.now()
            answer = self.api.ask(phone)
            self._settle(self.model.answered(phone, now, answer))
            if answer.status == 200:
                self._buy(answer.json()["apiKey"])

    @rule()
    def ask_for_all(self) -> None:
        """Ask for the keys of all phones, and see that none has two that work."""
        for phone in PHONES:
            self._settle(self.model.answered(phone, self.control.now(), self.api.ask(phone)))
        if not self.control.lists_keys:
            return
        active = [key.get("phone") for key in self.control.list_keys() if key.get("status") == "Active"]
        for phone in PHONES:
            if active.count(phone) > 1:
                self._settle(iter([("one-active", f"{active.count(phone)} Active keys of one phone")]))

    @precondition(lambda self: self.model.owners)
    @rule(data=st.data())
    def buy_with_a_key_of_before(self, data: st.DataObject) -> None:
        """Use any key that was ever given: it buys a JWT as long as it is the phone's and Active."""
        phone = data.draw(st.sampled_from(sorted(set(self.model.owners.values()))), label="phone")
        for key in [key for key, owner in self.model.owners.items() if owner == phone][-4:]:
            self._buy(key)

    @precondition(lambda self: any(client.key for client in self.model.clients.values()))
    @rule(data=st.data())
    def clean_up(self, data: st.DataObject) -> None:
        """Delete the key of one phone; the others keep theirs."""
        having = [phone for phone in PHONES if self.model.client(phone).key]
        phone = data.draw(st.sampled_from(having), label="phone")
        self.control.cleanup(phone)
        self.model.cleaned(phone)

    @rule(step=st.sampled_from(STEPS))
    def wait(self, step: timedelta) -> None:
        """Let time pass."""
        self._advance(step)

    @rule()
    def wait_for_tomorrow(self) -> None:
        """Let it be the first minute of the next day."""
        now = self.control.now()
        midnight = self.api.readings.next_day(now)
        self._advance(midnight - now + MARGIN)

    @rule()
    def wait_for_the_last_minute(self) -> None:
        """Let it be the last minute of the day."""
        now = self.control.now()
        midnight = self.api.readings.next_day(now)
        if midnight - now > 4 * MARGIN:
            self._advance(midnight - now - 2 * MARGIN)

    @precondition(lambda self: any(client.key for client in self.model.clients.values()))
    @rule(after=st.booleans())
    def wait_for_an_end(self, after: bool) -> None:
        """Let it be the last day of a key, or the day after."""
        end = min(expires(client.key) for client in self.model.clients.values() if client.key)
        to_go = end - self.control.now() + (MARGIN if after else -12 * timedelta(hours=1))
        if to_go > timedelta(0):
            self._advance(to_go)

    def _advance(self, step: timedelta) -> None:
        now = self.control.now() + step
        near = abs(now - self.api.readings.next_day(now)) < MARGIN / 2
        self.control.advance(step + (MARGIN if near else timedelta(0)))

    def _buy(self, key: str) -> None:
        self._settle(self.model.bought(key, self.control.now(), self.api.authorize(key)))

    def _settle(self, complaints: Iterator[tuple[str, str]]) -> None:
        told = self.api.calls.text()
        self.api.settle([Finding(name, "life of a key", message, told) for name, message in complaints])


@pytest.mark.rule(
    "registered-phone",
    "same-day-same-key",
    "later-day-renews",
    "expired-reactivated",
    "cleaned-new",
    "one-active",
    "daily-limit",
    "day",
    "validity",
    "jwt",
)
def test_the_rules_hold_in_any_order(api: Api, control: KeysControl, seed: int) -> None:
    """What holds for each rule alone holds for all of them together."""
    control.require("PUT clock", "POST cleanup")
    walks = settings(
        max_examples=40,
        stateful_step_count=30,
        # Not made smaller: that takes ten times as long as noticing, and the finding tells the walk's last
        # calls anyway. What the single rules can show, the other files show in a few calls.
        phases=(Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )

    class Staged(Life):
        def __init__(self) -> None:
            super().__init__(api, control)

    run_state_machine_as_test(hypothesis.seed(seed)(Staged), settings=walks)
