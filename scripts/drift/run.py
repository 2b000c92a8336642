"""The four steps in a row: load, compare, judge; what is told is left to the caller."""

import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from scripts.drift.facts import Fact
from scripts.drift.findings import Finding, Pointer, in_order
from scripts.drift.load.composed import files_of
from scripts.drift.load.lines import Spot, locate
from scripts.drift.load.origins import STDIN, Origin, is_address, is_revision, read_origin
from scripts.drift.load.sources import Loaded, Prefixes, load
from scripts.drift.policy.policy import Policy
from scripts.drift.report import Side, report, with_findings
from scripts.drift.time_limit import SECONDS, Beat, bounded
from scripts.lib.errors import Refusal, Refusals
from scripts.lib.paths import ACCEPTED, OVERLAY, PROVENANCE, ROOT, UPSTREAM

if TYPE_CHECKING:
    import httpx


# Tries the payloads of a report out on whatever has the two documents, and gives the report back with the
# outcome.
Replay: TypeAlias = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Order:
    """What to compare and how.

    Attributes:
        base: the older description; None for the vendored document.
        revision: the newer one; None for the live page.
        fail_on: the mildest level that fails the run.
        seconds: how long the comparison may take.
        today: the day on which accepted findings expire; None for today (UTC).
        client: whether to generate the client from both; None for only in a run against the vendored one.
        lines: whether to find the lines that the findings are about.
        accepted: the file of accepted findings; None for that of the project, if `is_own`.
        composed: whether base and revision are folders or patterns of files that make one document.
        prefixes: what to do with the paths of base and revision before they are compared.
        policy: the levels that rules have here, and what deprecation and stability levels mean.
    """

    base: str | None = None
    revision: str | None = None
    fail_on: str = "behaviour"
    seconds: float = SECONDS
    today: date | None = None
    client: bool | None = None
    lines: bool = True
    accepted: Path | None = None
    composed: bool = False
    prefixes: tuple[Prefixes, Prefixes] = (Prefixes(), Prefixes())
    policy: Policy = field(default_factory=Policy)

    @property
    def day(self) -> date:
        """Return the day of the comparison."""
        return self.today or datetime.now(UTC).date()

    @property
    def is_own(self) -> bool:
        """Whether the vendored document is what is compared."""
        return self.base is None


@dataclass(frozen=True)
class _Entries:
    """The accepted findings that a file lists, by id."""

    accepted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = ""
    today: date = date.max

    @classmethod
    def read(cls, path: Path, order: Order) -> "_Entries":
        from scripts.drift.accepted import read_accepted

        accepted = read_accepted(path, must_exist=order.accepted is not None)
        return cls(accepted, _name_of(path), order.day)

    def without(self, ids: Iterable[str]) -> "_Entries":
        """Return the entries of other findings."""
        known = set(ids)
        return replace(
            self, accepted={one: entry for one, entry in self.accepted.items() if one not in known}
        )

    def settled(
        self, findings: list[Finding], is_all: bool = True
    ) -> tuple[list[Finding], Mapping[str, Mapping[str, str]]]:
        """Return the findings with those about the entries, and the entries that count."""
        if not self.accepted:
            return findings, {}
        from scripts.drift.accepted import settled

        return settled(findings, self.accepted, self.today, self.name, is_all)


def compared(
    order: Order, transport: "httpx.AsyncBaseTransport | None" = None, replay: Replay | None = None
) -> dict[str, Any]:
    """Return the report of a comparison.

    Raises:
        Refusal, Refusals: the two could not be compared; the place is the one that could not be read.
    """
    wants_client = order.is_own if order.client is None else order.client
    _see_that_packages_are_there(order, wants_client)
    base = order.base if order.base is not None else str(UPSTREAM)
    revision = order.revision if order.revision is not None else _live()
    if base == revision == STDIN:
        raise Refusal("arguments", "stdin can be one of the two documents, not both")
    origins = {one: _origins(one, order, transport) for one in dict.fromkeys((base, revision))}

    where = order.accepted or (ACCEPTED if order.is_own else None)
    entries = _Entries.read(where, order) if where else _Entries()
    more = list(_own_facts(order))

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        olds = load(base, origins.__getitem__, order.prefixes[0])
        news = load(revision, origins.__getitem__, order.prefixes[1], olds)
        findings: list[Finding] = []
        if more or olds.document is not news.document or olds.page != news.page:
            # What judges takes longer to load than two documents of the same bytes.
            from scripts.drift import comparison

            pair, findings = comparison.compare(olds, news, (skip, beat), more)
            olds, news = pair.base, pair.revision
            findings = comparison.under(order.policy, pair, findings, order.day)
        findings, valid = entries.settled(findings, is_all=not wants_client)
        where = _lines(olds, news, findings) if findings and order.lines else {}
        told = report(
            _side(olds), _side(news), in_order(findings), order.fail_on, valid, _notes(olds, news), where
        )
        return {"report": told, "documents": [olds.document, news.document] if wants_documents else None}

    wants_documents = wants_client or replay is not None
    result: dict[str, Any] = bounded(work, revision.partition("?")[0], order.seconds)
    told: dict[str, Any] = result["report"]
    if replay is not None:
        told = replay(told, *result["documents"])
    if wants_client:
        named = _of_client(result["documents"][0], result["documents"][1], order) if told["findings"] else []
        named, valid = entries.without(one["id"] for one in told["findings"]).settled(named)
        told = with_findings(told, named, valid)
    return told


# What requirements-drift.lock leaves out: the overlay of the vendored document, and the generator, import it.
_OF_THE_OVERLAY = ("jsonpath",)
_OF_THE_GENERATOR = ("griffe", *_OF_THE_OVERLAY, "openapi_python_client")


def _see_that_packages_are_there(order: Order, wants_client: bool) -> None:
    """Refuse what needs packages that are not there; nobody waits for the comparison first."""
    needed = _OF_THE_GENERATOR if wants_client else _OF_THE_OVERLAY if order.is_own else ()
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise Refusal(
            "--client" if order.client else "the vendored document",
            f"needs packages beyond requirements-drift.lock, and {', '.join(missing)} cannot be imported; "
            "`make drift` sets them up, and so does pip from requirements.lock",
        )


def _notes(base: Loaded, revision: Loaded) -> list[str]:
    """Return what else a reader must know: which of two pages is vendored."""
    if base.page is None and revision.page is None:
        return []
    from scripts.drift.project.context import vendored_note

    note = vendored_note(base, revision)
    return [note] if note else []


def _origins(source: str, order: Order, transport: "httpx.AsyncBaseTransport | None") -> list[Origin]:
    """Read what an argument names, once: stdin and an address cannot be read again."""

    def fetch(address: str) -> tuple[bytes, str | None]:
        return _fetched(address, transport)

    if order.composed and not (source == STDIN or is_address(source) or is_revision(source)):
        return [read_origin(one, fetch) for one in files_of(source)]
    return [read_origin(source, fetch)]


def _name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def _own_facts(order: Order) -> list[Fact]:
    if not order.is_own:
        return []
    from scripts.drift.project.context import chain_facts

    return list(chain_facts())


def _of_client(base: dict[str, Any], revision: dict[str, Any], order: Order) -> list[Finding]:
    """Return what changes for callers of the client, which takes child processes of its own."""
    from scripts.drift import comparison
    from scripts.drift.project import client_api as client

    overlay = OVERLAY if order.is_own else None
    facts_of_client = list(client.facts(base, revision, overlay))
    return comparison.client_findings(facts_of_client, (base, revision), order.policy)


def _lines(base: Loaded, revision: Loaded, findings: Sequence[Finding]) -> dict[str, dict[Pointer, Spot]]:
    """Return the lines of both sides; what only one side has is shown where it would be on the other one."""
    wanted = {pointer for one in findings for pointer in (one.base, one.revision)}
    return {"base": locate(base, wanted), "revision": locate(revision, wanted)}


def could_not(error: Refusal | Refusals) -> Refusals:
    """Return a refusal in the words that tell it from a result: nothing was compared."""
    several = error.refusals if isinstance(error, Refusals) else (error,)
    return Refusals(Refusal(one.place, f"could not compare: {one.reason}") for one in several)


def _live() -> str:
    from scripts.vendor import read_record

    record = read_record(PROVENANCE)
    if record is None:
        raise Refusal(str(PROVENANCE), "is not there, so nobody knows where the live page is")
    if record.address.startswith("file:"):
        raise Refusal(
            str(PROVENANCE), f"names {record.address}, which is on no server; give the newer document"
        )
    return record.address


def _fetched(address: str, transport: "httpx.AsyncBaseTransport | None") -> tuple[bytes, str | None]:
    # httpx takes a third of a second to load, which a comparison of two files need not pay.
    from scripts.vendor import fetch

    headers: dict[str, str] = {}
    content = fetch(address, transport, media_types=_MEDIA_TYPES, headers=headers)
    return content, headers.get("etag")


_MEDIA_TYPES = (
    *("text/markdown", "text/plain", "application/json", "application/yaml", "application/x-yaml"),
    *("text/yaml", "text/x-yaml", "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"),
)


def _side(loaded: Loaded) -> Side:
    return Side(loaded.name, loaded.sha256, loaded.notes, loaded.etag, loaded.file)
