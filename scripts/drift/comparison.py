"""The comparison of two documents that were read: facts, what they mean, and where they stand.

It knows the library that judges schemas, which takes its time to load; documents of the same bytes need it
not.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from scripts.drift.compare.operations import facts
from scripts.drift.document.equality import equal
from scripts.drift.facts import Fact
from scripts.drift.findings import Finding, in_order
from scripts.drift.judge.judge import judge
from scripts.drift.judge.witness.validator import Beat, Engine
from scripts.drift.load.sources import Loaded
from scripts.drift.pages.compare import Pair, paired, unread
from scripts.drift.policy.life import applied
from scripts.drift.policy.policy import Policy


def compare(
    base: Loaded, revision: Loaded, watch: tuple[frozenset[str], Beat], more: Sequence[Fact]
) -> tuple[Pair, list[Finding]]:
    """Return the two sides as they were compared, and the findings about them.

    Args:
        base: the older side.
        revision: the newer side.
        watch: the questions to leave out, and whom to tell of those that begin.
        more: facts from elsewhere.
    """
    pair = paired(base, revision)
    return pair, found_in(pair, Engine(*watch), more)


def found(base: Loaded, revision: Loaded, engine: Engine, more: Sequence[Fact] = ()) -> list[Finding]:
    """Return the findings about two documents, the worst first; `more` are facts from elsewhere."""
    return found_in(paired(base, revision), engine, more)


def found_in(pair: Pair, engine: Engine, more: Sequence[Fact] = ()) -> list[Finding]:
    """Return the findings about a pair, the worst first."""
    base, revision = pair.base, pair.revision
    old, new = base.spec, revision.spec
    every = [*facts(old, new), *pair.facts, *more]
    if base.page is not None or revision.page is not None or not equal(base.document, revision.document):
        from scripts.drift.project.context import prose_facts

        every += prose_facts(pair)
    if not every:
        every += unread(pair)
    return in_order(judge(old, new, every, engine))


def under(policy: Policy, pair: Pair, findings: Sequence[Finding], today: date) -> list[Finding]:
    """Return the findings about a pair as a policy sees them."""
    return applied(policy, findings, pair.base.spec, pair.revision.spec, today)


def client_findings(
    facts_of_client: Sequence[Fact], documents: Sequence[Mapping[str, object]], policy: Policy
) -> list[Finding]:
    """Return what changes for callers of the generated client."""
    old, new = (Loaded("", dict(one), None, b"").spec for one in documents)
    return policy.levelled(judge(old, new, facts_of_client, Engine()))
