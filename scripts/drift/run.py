"""The four steps in a row: load, compare, judge; what is told is left to the caller."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.drift.compare.operations import facts
from scripts.drift.compare.spec import Spec
from scripts.drift.findings import Finding
from scripts.drift.judge.engine import Beat, Engine
from scripts.drift.judge.judging import in_order, judge
from scripts.drift.load.sources import Loaded, is_address, load
from scripts.drift.report import Side, report
from scripts.drift.watch import SECONDS, bounded
from scripts.layout import PROVENANCE, UPSTREAM
from scripts.refusal import Refusal, Refusals

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class Order:
    """What to compare and how.

    Attributes:
        base: the older description; None for the vendored document.
        revision: the newer one; None for the live page.
        fail_on: the mildest level that fails the run.
        seconds: how long the comparison may take.
    """

    base: str | None = None
    revision: str | None = None
    fail_on: str = "behaviour"
    seconds: float = SECONDS


def compared(order: Order, transport: "httpx.AsyncBaseTransport | None" = None) -> dict[str, Any]:
    """The report of a comparison.

    Raises:
        Refusal, Refusals: the two could not be compared; the place is the one that could not be read.
    """
    base = order.base if order.base is not None else str(UPSTREAM)
    revision = order.revision if order.revision is not None else _live()
    fetched = {one: _fetched(one, transport) for one in (base, revision) if is_address(one)}

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        olds, news = (load(one, fetched.__getitem__) for one in (base, revision))
        engine = Engine(skip=skip, beat=beat)
        findings = found(olds, news, engine)
        return report(_side(olds), _side(news), findings, order.fail_on)

    result: dict[str, Any] = bounded(work, revision.partition("?")[0], order.seconds)
    return result


def could_not(error: Refusal | Refusals) -> Refusals:
    """A refusal in the words that tell it from a result: nothing was compared."""
    several = error.refusals if isinstance(error, Refusals) else (error,)
    return Refusals(Refusal(one.place, f"could not compare: {one.reason}") for one in several)


def found(base: Loaded, revision: Loaded, engine: Engine) -> list[Finding]:
    """The findings about two documents, the worst first."""
    old, new = Spec(base.document), Spec(revision.document)
    return in_order(judge(old, new, facts(old, new), engine))


def _live() -> str:
    from scripts.vendor import read_record

    record = read_record(PROVENANCE)
    if record is None:
        raise Refusal(str(PROVENANCE), "is not there, so nobody knows where the live page is")
    return record.address


def _fetched(address: str, transport: "httpx.AsyncBaseTransport | None") -> tuple[bytes, str | None]:
    # httpx takes a third of a second to load, which a comparison of two files need not pay.
    from scripts.vendor import fetch

    return fetch(address, transport, media_types=_MEDIA_TYPES), None


_MEDIA_TYPES = (
    *("text/markdown", "text/plain", "application/json", "application/yaml", "application/x-yaml"),
    *("text/yaml", "text/x-yaml", "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"),
)


def _side(loaded: Loaded) -> Side:
    return Side(loaded.name, loaded.sha256, loaded.notes, loaded.etag)
