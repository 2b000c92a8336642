"""Who may still call an operation: combinations of credentials before and after."""

from typing import Any

import pytest

from scripts.drift.facts import Fact
from scripts.drift.findings import Finding
from scripts.drift.judge.security import security

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER = {"type": "http", "scheme": "bearer"}
FLOW = {"authorizationUrl": "a", "tokenUrl": "t", "refreshUrl": "r", "scopes": {"read": "", "write": ""}}
OAUTH = {"type": "oauth2", "flows": {"code": FLOW}}
SCHEMES = {"key": KEY, "bearer": BEARER, "oauth": OAUTH}


def judged(old: Any, new: Any, before: Any = SCHEMES, after: Any = SCHEMES) -> list[Finding]:
    """Return the findings about two requirements."""
    more = {"old_schemes": before, "new_schemes": after}
    return list(security(Fact("security", "GET /a", old, new, ("a",), ("b",), "server", more)))


def effects(*arguments: Any) -> list[str]:
    return [finding.effect for finding in judged(*arguments)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([], [], []),
        ([{}], [], []),
        (None, [{}], []),
        ([], [{"key": []}], ["narrowed"]),
        ([{"key": []}], [], ["widened"]),
        ([{"key": []}], [{}], ["widened"]),
        ([{"key": []}], [{}, {"key": []}], ["widened"]),
        ([{}, {"key": []}], [{"key": []}], ["narrowed"]),
        ([{"key": []}], [{"bearer": []}], ["narrowed", "widened"]),
        ([{"key": []}], [{"key": []}, {"bearer": []}], ["widened"]),
        ([{"key": []}, {"bearer": []}], [{"bearer": []}], ["narrowed"]),
        ([{"key": []}, {"bearer": []}], [{"bearer": []}, {"key": []}], []),
        ([{"key": []}], [{"key": [], "bearer": []}], ["narrowed"]),
        ([{"key": [], "bearer": []}], [{"key": []}], ["widened"]),
        ([{"oauth": ["read"]}], [{"oauth": ["read", "write"]}], ["narrowed"]),
        ([{"oauth": ["read", "write"]}], [{"oauth": ["read"]}], ["widened"]),
        ([{"oauth": ["read"]}], [{"oauth": ["write"]}], ["narrowed", "widened"]),
        ([{"oauth": ["read"]}], [{"oauth": ["read"]}], []),
    ],
)
def test_whoever_satisfied_the_old_must_satisfy_the_new(old: Any, new: Any, found: list[str]) -> None:
    """More credentials than are wanted do no harm; no requirement is the same as an empty one."""
    assert effects(old, new) == found


def test_a_finding_names_the_combinations_as_people_know_them() -> None:
    """With their place, their kind and their scopes."""
    narrowed, widened = judged([{"key": []}], [{"bearer": [], "oauth": ["write", "read"]}, {"unknown": []}])

    assert (narrowed.rule, narrowed.place, narrowed.level, narrowed.answer) == (
        "security",
        "GET /a security",
        "breaking",
        "no",
    )
    assert narrowed.text == (
        "key (header X-Key) is not enough any more; now: bearer (bearer) with oauth (read, write) or unknown"
    )
    assert (widened.rule, widened.place, widened.level, widened.answer) == (
        "security",
        "GET /a security",
        "compatible",
        "yes",
    )
    assert widened.text == "bearer (bearer) with oauth (read, write) or unknown is enough now"
    assert {(one.hurts, one.base, one.revision) for one in (narrowed, widened)} == {
        ("callers", ("a",), ("b",))
    }
    [lost] = judged([], [{"key": []}])
    assert lost.text == "nothing is not enough any more; now: key (header X-Key)"
    [both] = judged([{"key": []}, {"bearer": []}], [{"oauth": []}])[:1]
    assert both.text == "key (header X-Key) or bearer (bearer) is not enough any more; now: oauth"


FLOWS = ("authorizationUrl", "tokenUrl", "refreshUrl")


def oauth(**changes: Any) -> dict[str, Any]:
    return {"type": "oauth2", "flows": {"code": FLOW | changes}}


@pytest.mark.parametrize(
    ("old", "new", "is_usable"),
    [
        (KEY, KEY, True),
        (KEY, KEY | {"name": "x-KEY"}, True),
        (KEY, KEY | {"name": "X-Other"}, False),
        (KEY | {"in": "query"}, KEY | {"in": "query", "name": "x-KEY"}, False),
        (KEY | {"in": "query"}, KEY | {"in": "query"}, True),
        (KEY, KEY | {"in": "query"}, False),
        (KEY | {"name": "k"}, KEY | {"name": "k", "in": "query"}, False),
        (KEY, BEARER, False),
        (BEARER, BEARER | {"scheme": "Bearer"}, True),
        (BEARER, BEARER | {"scheme": "basic"}, False),
        (BEARER, BEARER | {"bearerFormat": "JWT"}, True),
        (
            {"type": "openIdConnect", "openIdConnectUrl": "a"},
            {"type": "openIdConnect", "openIdConnectUrl": "b"},
            False,
        ),
        (OAUTH, OAUTH, True),
        *((OAUTH, oauth(**{name: "other"}), False) for name in FLOWS),
        (OAUTH, oauth(scopes={"read": "", "write": "", "more": ""}), True),
        (OAUTH, oauth(scopes={"read": "other words", "write": ""}), True),
        (OAUTH, oauth(scopes={"read": ""}), False),
        (OAUTH, {"type": "oauth2", "flows": {"code": FLOW, "password": FLOW}}, True),
        (OAUTH, {"type": "oauth2", "flows": {"password": FLOW}}, False),
        (None, None, True),
        (KEY, None, False),
        (None, KEY, False),
    ],
    ids=str,
)
def test_a_scheme_of_the_same_name_must_be_usable_as_before(old: Any, new: Any, is_usable: bool) -> None:
    """Where, how and from whom a credential comes; what nobody defines is known by its name alone."""
    before, after = ({} if each is None else {"one": each} for each in (old, new))

    found = effects([{"one": []}], [{"one": []}], before, after)
    assert found == ([] if is_usable else ["narrowed", "widened"])


@pytest.mark.parametrize(
    ("before", "after", "is_renamed"),
    [
        ({"a": KEY}, {"b": KEY}, True),
        ({"a": KEY, "b": KEY}, {"b": KEY}, False),
        ({"a": KEY}, {"a": KEY, "b": KEY}, False),
        ({"a": KEY, "b": KEY}, {"a": KEY, "b": KEY}, False),
        ({"a": KEY}, {"b": BEARER}, False),
        ({}, {"b": KEY}, False),
        ({"a": KEY}, {}, False),
    ],
)
def test_a_scheme_is_renamed_where_each_document_knows_one_name(
    before: Any, after: Any, is_renamed: bool
) -> None:
    """Where one of them knows both, they are two credentials."""
    assert effects([{"a": []}], [{"b": []}], before, after) == ([] if is_renamed else ["narrowed", "widened"])
