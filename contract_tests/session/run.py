"""One session of the suite: what it was asked for, and what it has seen."""

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from contract_tests.checks.deviations import Deviations
from contract_tests.observations.keyword_coverage import Coverage
from contract_tests.observations.record import Observations
from contract_tests.sandbox.masking import Masker, mask_report
from contract_tests.sandbox.transport import SandboxTransport
from contract_tests.session import credentials
from contract_tests.session.subject import chosen
from contract_tests.target.credentials import Credentials
from contract_tests.target.shards import Shard
from contract_tests.target.targets import Target

if TYPE_CHECKING:
    from pathlib import Path

RUN = pytest.StashKey["Run"]()
SANDBOX = pytest.StashKey[SandboxTransport]()
KNOWN_PHONE = pytest.StashKey[str | None]()
DEVIATIONS = pytest.StashKey[Deviations]()
SHARD = pytest.StashKey[Shard]()


class Run:
    """One session: its options, what it saw, and whether all of the suite took part."""

    def __init__(self, config: pytest.Config) -> None:
        self.target_option: str = config.getoption("--target")
        self.control_option: str | None = config.getoption("--control") or None
        self.campaign: bool = config.getoption("--campaign")
        self.campaign_seed: int = config.getoption("--seed") or random.SystemRandom().randrange(1, 2**31)
        self.shard = config.stash.get(SHARD, Shard())
        self.seeds: int = config.getoption("--seeds")
        self.started_at = datetime.now(UTC)
        folder: Path | None = config.getoption("--report")
        self.report_path = folder / f"contract{self.shard.suffix}.json" if folder else None
        self.whole = not any("::" in argument for argument in config.args)
        # What chose among the tests, so that the run can be repeated.
        self.selection = tuple(
            word for name in ("-k", "-m") if (value := config.getoption(name)) for word in (name, value)
        )
        self.contract = chosen().contract
        self.observations = Observations(Coverage(self.contract), self.contract.knowledge.certainties)
        self.target: Target | None = None
        self.document: Path | None = config.getoption("--document")
        self.credentials = Credentials()
        self.headers: list[str] = config.getoption("--header")
        self.sandbox = config.stash.get(SANDBOX, None)
        self.phone = config.stash.get(KNOWN_PHONE, None)
        self.masker = self.sandbox.masker if self.sandbox else Masker(self.phone)
        self.deviations = config.stash.get(DEVIATIONS, Deviations())

    def sign_in(self, target: Target) -> None:
        """Take what goes with every request from the files beside the document and the command line.

        Raises:
            WrongUse: a file cannot be used, or a login failed.
        """
        if chosen().is_ours:
            return
        given = credentials.beside(self.contract.file, self.contract, target.base_url)
        given |= credentials.of_headers(self.headers)
        if target.control_url is not None and not given:
            given = credentials.of_the_mock(self.contract)
        self.credentials = given
        self.observations.secrets.update(given.secrets)

    def mask(self, report: pytest.TestReport) -> None:
        """Mask the keys and tokens of the run in a report, if it has anything to say."""
        if report.longrepr is not None or report.sections:
            self.masker.learn(self.observations.secrets)
            mask_report(report, self.masker)

    @property
    def tried_nothing(self) -> bool:
        """Whether no test of a whole campaign came to an end, or none sent a request.

        One shard of several may have nothing to ask, and a guest may ask nothing.
        """
        if not self.campaign or self.shard.of > 1 or self.sandbox is not None:
            return False
        seen = self.observations
        ended = seen.outcomes["passed"] + seen.outcomes["failed"]
        return not (seen.findings or seen.crashes) and not (ended and seen.cases)

    def complaints(self) -> list[str]:
        """Return why a campaign is no proof although no test failed."""
        if self.tried_nothing:
            reasons = self.observations.left_out.items()
            return [f"{count} test{'s' * (count != 1)} skipped: {reason}" for reason, count in reasons]
        crashed = [f"{name} failed without a finding" for name in self.observations.crashes]
        today = datetime.now(UTC).date()
        crashed += self.deviations.complaints(
            self.observations.seen, today, whole=self.campaign and self.whole and self.shard.of == 1
        )
        if not (self.campaign and self.whole and self.target and self.target.control_url):
            return crashed
        if not chosen().is_ours:
            return crashed  # without knowledge of its API what was never seen is unproven, and no complaint
        if self.shard.of > 1:
            return crashed  # what one shard has not seen another may have; `merge` asks them all
        return [
            *crashed,
            *(
                f"{operation.label} {status} is documented and was never seen"
                for operation, status in self.observations.never_seen(self.contract)
            ),
        ]
