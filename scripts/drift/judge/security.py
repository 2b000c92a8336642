"""Security as alternatives of combinations: who satisfies one of the old must satisfy one of the new."""

from collections.abc import Iterator
from typing import Any

from scripts.drift.document.equality import equal
from scripts.drift.document.spec import as_dict, as_list
from scripts.drift.facts import Fact
from scripts.drift.findings import Finding

_FLOW_KEYS = ("authorizationUrl", "tokenUrl", "refreshUrl")


def security(fact: Fact) -> Iterator[Finding]:
    """Yield the findings about who may call an operation."""
    olds, news = _alternatives(fact.old), _alternatives(fact.new)
    before, after = fact.more["old_schemes"], fact.more["new_schemes"]
    lost = [one for one in olds if not any(_satisfies(one, new, before, after) for new in news)]
    gained = [one for one in news if not any(_satisfies(old, one, before, after, True) for old in olds)]
    if lost:
        offered = " or ".join(_combination(one, after) for one in news)
        text = (
            f"{' or '.join(_combination(one, before) for one in lost)} is not enough any more; now: {offered}"
        )
        place = f"{fact.place} security"
        yield Finding("security", place, "narrowed", "breaking", text, base=fact.base, revision=fact.revision)
    if gained:
        text = f"{' or '.join(_combination(one, after) for one in gained)} is enough now"
        place = f"{fact.place} security"
        yield Finding(
            "security", place, "widened", "compatible", text, "callers", "yes", fact.base, fact.revision
        )


def _alternatives(requirements: Any) -> list[dict[str, frozenset[str]]]:
    found = [
        {str(name): frozenset(map(str, as_list(scopes))) for name, scopes in as_dict(one).items()}
        for one in as_list(requirements)
    ]
    return found or [{}]


def _satisfies(
    one: dict[str, frozenset[str]],
    other: dict[str, frozenset[str]],
    before: dict[str, Any],
    after: dict[str, Any],
    back: bool = False,
) -> bool:
    """Tell whether each combination of the base satisfies one of the revision.

    With `back` it is the other way round. More credentials than are wanted do no harm.
    """
    have, want = (other, one) if back else (one, other)

    def serves(held: str, wanted: str) -> bool:
        old, new = (wanted, held) if back else (held, wanted)
        # Of another name only if it was renamed: where both documents know both, they are two credentials.
        renamed = old in before and new in after and old not in after and new not in before
        return (old == new or renamed) and _usable(before.get(old), after.get(new))

    return all(
        any(scopes <= have[held] and serves(held, wanted) for held in have) for wanted, scopes in want.items()
    )


def _usable(old: Any, new: Any) -> bool:
    """Whether a client that is set up for a scheme can use another of the same name."""
    if old is None or new is None:
        return old is None and new is None  # nobody defines it: all that is known is its name
    for key in ("type", "in", "openIdConnectUrl"):
        if not equal(old.get(key), new.get(key)):
            return False
    names = [
        str(one.get("name")).lower() if one.get("in") == "header" else one.get("name") for one in (old, new)
    ]
    if names[0] != names[1] or str(old.get("scheme")).lower() != str(new.get("scheme")).lower():
        return False
    olds, news = as_dict(old.get("flows")), as_dict(new.get("flows"))
    return all(
        name in news
        and all(equal(as_dict(flow).get(key), as_dict(news[name]).get(key)) for key in _FLOW_KEYS)
        and set(as_dict(as_dict(flow).get("scopes"))) <= set(as_dict(as_dict(news[name]).get("scopes")))
        for name, flow in olds.items()
    )


def _combination(alternative: dict[str, frozenset[str]], schemes: dict[str, Any]) -> str:
    """Return a combination as people know it: by the names of its schemes, what they are, and the scopes."""
    parts = []
    for name, scopes in sorted(alternative.items()):
        scheme = as_dict(schemes.get(name))
        kind = [f"{scheme['in']} {scheme.get('name')}"] if "in" in scheme else []
        kind += [str(scheme.get("scheme"))] if scheme.get("type") == "http" else []
        said = ", ".join([*kind, *sorted(scopes)])
        parts.append(f"{name} ({said})" if said else name)
    return " with ".join(parts) or "nothing"
