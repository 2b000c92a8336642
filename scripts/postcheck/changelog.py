"""The line that a regeneration leaves in CHANGELOG.md, for those who read what changed and not the diff."""

from collections.abc import Sequence

from scripts.postcheck.public_api import Change

_SHOWN = 8


def noted(changelog: str, changes: Sequence[Change]) -> str:
    """Return the changelog with a line about `changes` at the end of its first section.

    Args:
        changelog: the text of CHANGELOG.md; its newest section, a heading of two marks, comes first.
        changes: what changed; none leaves the text as it is.
    """
    if not changes:
        return changelog
    start = changelog.find("\n## ")
    if start < 0:
        return changelog
    end = changelog.find("\n## ", start + 1)
    section, rest = (changelog[:end], changelog[end:]) if end >= 0 else (changelog, "")
    line = _line(changes)
    if line in section:
        return changelog
    return f"{section.rstrip()}\n{line}\n{rest}"


def _line(changes: Sequence[Change]) -> str:
    breaking = sum(change.breaks for change in changes)
    told = "; ".join(f"`{change.name}` {change.what}" for change in changes[:_SHOWN])
    more = f"; and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    verdict = f"{breaking} of them break callers" if breaking else "none breaks callers"
    count = f"{len(changes)} change{'s' * (len(changes) != 1)}"
    return f"- The client was regenerated with {count} of its public API, {verdict}: {told}{more}."
