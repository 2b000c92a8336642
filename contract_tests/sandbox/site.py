"""Where a guest may go, and as whom."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests.sandbox.phone_scan import phone_like
from contract_tests.sandbox.phones import Phones, is_nobodys

# The only hosts of others that a guest ever goes to. The production host (api.novapost.com) is not among
# them and no setting can add it: see Site.
SANDBOX_HOSTS = frozenset({"api-stage.novapost.pl"})
MOST_REQUESTS = 1000
FASTEST = 5.0


@dataclass(frozen=True)
class Site:
    """The sandbox, or in tests something on this machine that stands in for it.

    Attributes:
        base_url: https, ends in a slash.
        tls: what certificates to trust; None for the usual ones.
        unhurried: whether a guest waits between requests; only on this machine may it not.

    Raises:
        ValueError: the host is neither a sandbox of the vendor nor this machine, or it is not https.
    """

    base_url: str = "https://api-stage.novapost.pl/v.1.0/"
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    unhurried: bool = True

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" or not self.base_url.endswith("/") or parts.username:
            raise ValueError("a site is an https address that ends in a slash")
        host = self.host
        if host in SANDBOX_HOSTS and parts.port in (None, 443) and self.unhurried:
            return
        if not _is_this_machine(host):
            raise ValueError(f"{host} is not a sandbox: a guest goes to {', '.join(sorted(SANDBOX_HOSTS))}")

    @property
    def host(self) -> str:
        """The host's name in lower case."""
        return (urlsplit(self.base_url).hostname or "").lower().rstrip(".")

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return "https", self.host, urlsplit(self.base_url).port or 443


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class Manners:
    """How much a guest asks for, and who it says it is.

    Attributes:
        phones: which phones may leave.
        ledger: the file in which issuings, budget and pace are kept.
        phone_goes_to: the operation whose body alone may carry the tester's phone, as "POST /things".
        contact: an address at which the vendor reaches whoever runs this.
        requests: the most that one run sends.
        per_second, burst: the rate, of all runs on this machine together.

    Raises:
        ValueError: a setting is out of its bounds, in words without the setting's value.
    """

    phones: Phones
    ledger: Path
    phone_goes_to: str
    contact: str = ""
    requests: int = 300
    per_second: float = 2.0
    burst: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.requests <= MOST_REQUESTS:
            raise ValueError(f"the budget is 1 to {MOST_REQUESTS} requests a run")
        if not (0 < self.per_second <= FASTEST and 1 <= self.burst <= 10):
            raise ValueError(f"the rate is more than 0 and at most {FASTEST:g} requests a second")
        if not (self.contact.isascii() and self.contact.isprintable() and len(self.contact) <= 200):
            raise ValueError("the contact is one line of ASCII, an address or a page")
        if any(not is_nobodys(digits) for digits in phone_like(self.contact.encode())):
            raise ValueError("the contact looks like a phone; give an address or a page")

    def user_agent(self, version: str) -> str:
        """Return the User-Agent: project, version, contact."""
        contact = self.contact or "no contact given"
        return f"novapost-client-contract/{version} (contract tests; {contact})"
