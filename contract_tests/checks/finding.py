"""What the suite reports when a check fails: a value, not a crash."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract_tests.checks import redaction
from contract_tests.target.exchange import Exchange


@dataclass(frozen=True)
class Finding:
    """One failed check.

    Attributes:
        check: the name of the check or rule that noticed.
        operation: label of the operation, such as "POST /things".
        message: what was expected and what came, secrets left out.
        curl: a command that reproduces the request.
        asked: the request that showed it, the last one where several did; "" if nobody kept it.
        answered: its answer. Both as `shown` writes them.
    """

    check: str
    operation: str
    message: str
    curl: str
    asked: str = ""
    answered: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Two findings with the same key are one: the same check, operation and first words."""
        return self.check, self.operation, self.message.partition(":")[0]

    @property
    def calls(self) -> int:
        """How many commands reproduce it."""
        return self.curl.count("\n") + 1


class Broken(AssertionError):
    """The target failed a check. Carries the findings, so that a report need not parse text."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{f.check} ({f.operation}): {f.message}" for f in findings))
        self.findings = tuple(findings)


def finding(check: str, exchange: Exchange, message: str) -> Finding:
    """Return a finding about one exchange."""
    sent = exchange.sent
    return Finding(check, sent.label, message, sent.curl(), *shown_exchange(exchange))


def shown_exchange(exchange: Exchange) -> tuple[str, str]:
    """Return the request and its answer as a report shows them."""
    return redaction.request(exchange.sent), redaction.answer(
        exchange.received, exchange.failure, exchange.sent
    )
