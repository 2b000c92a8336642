"""The life of an operation: stability level, deprecation, and the day after which it may go (its sunset)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from scripts.drift.compare.operations import matched_operations
from scripts.drift.document.announced import SUNSET, stability_of, sunset_of
from scripts.drift.document.spec import Operation, Spec, as_dict
from scripts.drift.findings import LEVELS, Finding
from scripts.drift.policy.policy import Deprecation, Policy
from scripts.lib.errors import printable

_ORDER = ("draft", "alpha", "beta", "stable")
_COUNTING = ("breaking", "unknown", "behaviour")


def applied(
    policy: Policy, findings: Sequence[Finding], base: Spec, revision: Spec, today: date
) -> list[Finding]:
    """Return the findings as a policy sees them, with those about the lives of operations."""
    every = [*findings, *life_findings(base, revision, policy.deprecation, today)]
    return policy.levelled(lowered(every, base, policy.deprecation, policy.stability, today))


def life_findings(base: Spec, revision: Spec, policy: Deprecation | None, today: date) -> Iterator[Finding]:
    """Return the findings about stability levels and sunsets of the operations that both documents have."""
    for old, new in matched_operations(base, revision):
        if old is not None and new is not None:
            yield from _stability(old, new)
            yield from _sunset(old, new, policy, today)


def _finding(rule: str, old: Operation, new: Operation, effect: str, level: str, text: str) -> Finding:
    answer = "no" if level == "breaking" else "yes"
    at = old.part.pointer, new.part.pointer
    return Finding(rule, old.name, effect, level, text, "callers", answer, *at)


def _stability(old: Operation, new: Operation) -> Iterator[Finding]:
    before, after = stability_of(old.part.value), stability_of(new.part.value)
    if before == after:
        return
    places = [_ORDER.index(one) if one in _ORDER else None for one in (before, after)]
    text = f"the stability level is {printable(after, 40)} where it was {printable(before, 40)}"
    if None in places:
        yield _finding("stability", old, new, "changed", "behaviour", text)
    elif places[1] < places[0]:  # type: ignore[operator]
        yield _finding("stability", old, new, "decreased", "behaviour", text)
    else:
        yield _finding("stability", old, new, "increased", "docs", text)


def _sunset(old: Operation, new: Operation, policy: Deprecation | None, today: date) -> Iterator[Finding]:
    values = old.part.value, new.part.value
    stated = [one.get(SUNSET) for one in values]
    before, after = (sunset_of(one) for one in values)
    is_deprecated = values[1].get("deprecated") is True
    became = is_deprecated and values[0].get("deprecated") is not True
    if stated[1] is not None and after is None and (became or stated[0] != stated[1]):
        shown = printable(str(stated[1]), 40)
        yield _finding("sunset", old, new, "invalid", "behaviour", f"{shown} is no date such as 2027-01-31")
        return
    days = policy.days(stability_of(values[1])) if policy is not None else 0
    earliest = today + timedelta(days=days)
    if became and policy is not None and days and after is None:
        text = f"is deprecated and states no {SUNSET}; it must be {days} days ahead"
        yield _finding("sunset", old, new, "missing", "breaking", text)
    elif (
        policy is not None and days and after is not None and after < earliest and (became or before != after)
    ):
        text = f"the sunset {after} is less than {days} days ahead"
        yield _finding("sunset", old, new, "too-early", "breaking", text)
    elif before != after:
        if after is None:
            yield _finding("sunset", old, new, "removed", "behaviour", f"the sunset {before} is gone")
        elif before is None:
            yield _finding("sunset", old, new, "added", "behaviour", f"may go after {after}")
        else:
            effect = "earlier" if after < before else "later"
            level = "behaviour" if after < before else "docs"
            yield _finding("sunset", old, new, effect, level, f"may go after {after} instead of {before}")


def lowered(
    findings: Sequence[Finding],
    base: Spec,
    policy: Deprecation | None,
    stability: Mapping[str, str],
    today: date,
) -> list[Finding]:
    """Return the findings, milder where an operation was announced to go or to change.

    Args:
        findings: what was found.
        base: the older document, which callers were told of.
        policy: with one, what goes after its sunset breaks nobody.
        stability: the level that findings about operations of a stability level are lowered to.
        today: the day of the comparison.
    """
    by_name = {one.name: one for one in base.operations()}
    by_pointer = {one.part.pointer: one for one in by_name.values()}
    result = []
    for finding in findings:
        if finding.level in _COUNTING and finding.rule not in ("stability", "sunset"):
            finding = _by_sunset(finding, base, policy, today)
            finding = _by_stability(finding, _owners(finding, by_name, by_pointer), stability)
        result.append(finding)
    return result


def _by_sunset(finding: Finding, base: Spec, policy: Deprecation | None, today: date) -> Finding:
    if finding.effect != "removed" or not finding.base:
        return finding
    node = _node(base, finding.base)
    if node.get("deprecated") is not True:
        if policy is not None and finding.rule == "operation":
            return replace(finding, text=f"{finding.text}, and nobody had called it deprecated")
        return finding
    sunset = sunset_of(node)
    if sunset is None:
        return replace(finding, text=f"{finding.text}; it was deprecated, without a sunset")
    if sunset > today:
        return replace(finding, text=f"{finding.text}, before its sunset {sunset}")
    text = f"{finding.text}, after its sunset {sunset}"
    if policy is None:
        return replace(finding, text=text)
    return replace(
        finding, text=text, level="compatible", details={**finding.details, "judged": finding.level}
    )


def _node(spec: Spec, pointer: Sequence[str]) -> dict[str, Any]:
    node: Any = spec.document
    for key in pointer:
        if isinstance(node, list) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        elif isinstance(node, dict) and key in node:
            node = node[key]
        else:
            return {}
    return as_dict(node)


def _owners(
    finding: Finding, by_name: Mapping[str, Operation], by_pointer: Mapping[tuple[str, ...], Operation]
) -> list[Operation]:
    """Return all operations that a finding concerns; none if it concerns others as well."""
    owner = by_pointer.get(finding.base[:3])
    if owner is not None:
        return [owner]
    users = finding.details.get("used_by", [])
    found = [by_name.get(" ".join(str(one).split(" ")[:2])) for one in users]
    if users and len(users) == finding.details.get("uses") and None not in found:
        return [one for one in found if one is not None]
    return []


def _by_stability(finding: Finding, owners: Sequence[Operation], stability: Mapping[str, str]) -> Finding:
    levels = {stability_of(one.part.value) for one in owners}
    if len(levels) != 1:
        return finding
    level = levels.pop()
    if level not in ("draft", "alpha") and level not in stability:
        return finding
    details = {**finding.details, "stability": level}
    text = f"{finding.text} (the operation is marked {level})"
    milder = stability.get(level)
    if milder is None or LEVELS.index(milder) <= LEVELS.index(finding.level):
        return replace(finding, text=text, details=details)
    return replace(finding, text=text, level=milder, details={**details, "judged": finding.level})
