"""The four steps in a row: load, compare, judge; what is told is left to the caller."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from scripts.drift.accepted import read_accepted, settled
from scripts.drift.compare.operations import facts
from scripts.drift.document.equality import equal
from scripts.drift.document.spec import Spec
from scripts.drift.facts import Fact
from scripts.drift.findings import Finding, Pointer
from scripts.drift.judge.judge import in_order, judge
from scripts.drift.judge.witness.validator import Beat, Engine
from scripts.drift.load.lenient import lines
from scripts.drift.load.sources import Loaded, is_address, load
from scripts.drift.report import Side, report, with_findings
from scripts.drift.time_limit import SECONDS, bounded
from scripts.lib.errors import Refusal, Refusals
from scripts.lib.paths import ACCEPTED, OVERLAY, PROVENANCE, UPSTREAM

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
        lines: whether to find the lines of the base that the findings are about.
    """

    base: str | None = None
    revision: str | None = None
    fail_on: str = "behaviour"
    seconds: float = SECONDS
    today: date | None = None
    client: bool | None = None
    lines: bool = True

    @property
    def is_own(self) -> bool:
        """Whether the vendored document is what is compared."""
        return self.base is None


def compared(
    order: Order, transport: "httpx.AsyncBaseTransport | None" = None, replay: Replay | None = None
) -> dict[str, Any]:
    """The report of a comparison.

    Raises:
        Refusal, Refusals: the two could not be compared; the place is the one that could not be read.
    """
    base = order.base if order.base is not None else str(UPSTREAM)
    revision = order.revision if order.revision is not None else _live()
    fetched = {one: _fetched(one, transport) for one in (base, revision) if is_address(one)}

    accepted = read_accepted(ACCEPTED) if order.is_own else {}
    more = list(_own_facts(order))

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        olds, news = (load(one, fetched.__getitem__) for one in (base, revision))
        engine = Engine(skip, beat)
        findings = found(olds, news, engine, more)
        today = order.today or datetime.now(UTC).date()
        findings, valid = settled(findings, accepted, today)
        # Of the base alone: that is where annotations point, and finding lines takes as long as judging.
        where = {"base": _lines(olds, findings)} if findings and order.lines else {}
        told = report(_side(olds), _side(news), in_order(findings), order.fail_on, valid, lines=where)
        return {"report": told, "documents": [olds.document, news.document] if wants_documents else None}

    wants_client = order.is_own if order.client is None else order.client
    wants_documents = wants_client or replay is not None
    result: dict[str, Any] = bounded(work, revision.partition("?")[0], order.seconds)
    told: dict[str, Any] = result["report"]
    if replay is not None:
        told = replay(told, *result["documents"])
    if wants_client and told["findings"]:
        told = _with_client(told, result["documents"][0], result["documents"][1], order)
    return told


def _own_facts(order: Order) -> list[Fact]:
    if not order.is_own:
        return []
    from scripts.drift.project.context import chain_facts

    return list(chain_facts())


def _with_client(
    told: dict[str, Any], base: dict[str, Any], revision: dict[str, Any], order: Order
) -> dict[str, Any]:
    """The report with what changes for callers of the client, which takes child processes of its own."""
    from scripts.drift.project import client_api as client

    overlay = OVERLAY if order.is_own else None
    facts_of_client = list(client.facts(base, revision, overlay))
    engine = Engine()
    findings = judge(Spec(base), Spec(revision), facts_of_client, engine)
    return with_findings(told, findings)


def _lines(loaded: Loaded, findings: Sequence[Finding]) -> dict[Pointer, tuple[int, int]]:
    wanted = {one.base[:length] for one in findings for length in range(len(one.base))}
    return {
        pointer: (line + loaded.first_line - 1, column)
        for pointer, line, column in lines(loaded.content, wanted)
    }


def could_not(error: Refusal | Refusals) -> Refusals:
    """A refusal in the words that tell it from a result: nothing was compared."""
    several = error.refusals if isinstance(error, Refusals) else (error,)
    return Refusals(Refusal(one.place, f"could not compare: {one.reason}") for one in several)


def found(base: Loaded, revision: Loaded, engine: Engine, more: Sequence[Fact] = ()) -> list[Finding]:
    """The findings about two documents, the worst first; `more` are facts from elsewhere."""
    old, new = Spec(base.document), Spec(revision.document)
    every = [*facts(old, new), *more]
    if base.page is not None or revision.page is not None or not equal(base.document, revision.document):
        from scripts.drift.project.context import prose_facts

        every += prose_facts(base, revision)
    return in_order(judge(old, new, every, engine))


def _live() -> str:
    from scripts.vendor import read_record

    record = read_record(PROVENANCE)
    if record is None:
        raise Refusal(str(PROVENANCE), "is not there, so nobody knows where the live page is")
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
    return Side(loaded.name, loaded.sha256, loaded.notes, loaded.etag)
