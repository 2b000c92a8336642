"""What each kind of difference means: rule, effect, level, whom it hurts, and the words."""

from typing import Any

import pytest

from scripts.drift.facts import Fact
from scripts.drift.judge.changes import SILENT, TABLE

Row = tuple[str, str, str, str, str]
C, M, U = "callers", "maintainers", "mock users"


def judged(kind: str, old: Any = None, new: Any = None, reader: str = "server", **more: Any) -> list[Row]:
    """Return rule, effect, level, whom it hurts, and text of each finding; the rest follows from them."""
    found: list[Row] = []
    for one in TABLE[kind](Fact(kind, "GET /a", old, new, ("a",), ("b",), reader, more)):
        assert one.place == "GET /a"
        assert one.answer == {"breaking": "no", "unknown": "unknown"}.get(one.level, "yes")
        found.append((one.rule, one.effect, one.level, one.hurts, one.text))
    return found


NEEDED, FREE = {"required": True}, {"required": False}
IS_GONE, NOT_SENT = "is ignored from now on", "is not sent any more"
AN_OLD = "is new and required; an old client does not send it"
NEEDS_BODY, MAY = "a body is required now; an old client sends none", "may have a body now"


@pytest.mark.parametrize(
    ("kind", "old", "new", "reader", "found"),
    [
        ("operation-removed", 1, None, "server", "operation removed breaking: the operation is gone"),
        ("operation-added", None, 1, "server", "operation added compatible: the operation is new"),
        ("parameter-removed", NEEDED, None, "server", f"parameter removed behaviour: {IS_GONE}"),
        ("parameter-removed", FREE, None, "server", f"parameter removed behaviour: {IS_GONE}"),
        ("parameter-removed", NEEDED, None, "client", f"parameter removed breaking: {NOT_SENT}"),
        ("parameter-removed", FREE, None, "client", f"parameter removed behaviour: {NOT_SENT}"),
        ("parameter-removed", {}, None, "client", f"parameter removed behaviour: {NOT_SENT}"),
        ("parameter-added", None, NEEDED, "server", f"parameter added breaking: {AN_OLD}"),
        ("parameter-added", None, NEEDED, "client", "parameter added compatible: is new and optional"),
        ("parameter-added", None, FREE, "server", "parameter added compatible: is new and optional"),
        (
            "parameter-empty",
            True,
            False,
            "server",
            "parameter narrowed breaking: may not be sent without a value any more",
        ),
        (
            "parameter-empty",
            False,
            True,
            "server",
            "parameter widened compatible: may be sent without a value",
        ),
        (
            "parameter-style",
            "form",
            "pipe",
            "server",
            "parameter-style changed breaking: is written as pipe instead of form",
        ),
        (
            "parameter-list",
            False,
            True,
            "server",
            "parameter widened compatible: may be sent more than once now",
        ),
        (
            "reference",
            "a.json",
            "b.json",
            "server",
            "reference changed unknown: a.json and b.json cannot be looked up",
        ),
        ("reference", "a.json", "a.json", "server", "reference changed unknown: a.json cannot be looked up"),
        ("reference", None, "b.json", "server", "reference changed unknown: b.json cannot be looked up"),
        ("body-added", None, True, "server", f"body added breaking: {NEEDS_BODY}"),
        ("body-added", None, True, "client", f"body added compatible: {MAY}"),
        ("body-added", None, False, "server", f"body added compatible: {MAY}"),
        ("body-removed", True, None, "server", "body removed breaking: takes no body any more"),
        ("media-type-removed", "a/b", None, "server", "media-type removed breaking: a/b is gone"),
        ("media-type-added", None, "a/b", "server", "media-type added compatible: a/b is possible now"),
        ("answer-body-removed", 1, None, "client", "answer-body removed breaking: comes without a body now"),
        ("answer-body-added", None, 1, "client", "answer-body added compatible: comes with a body now"),
        ("header-removed", True, None, "client", f"header removed breaking: {NOT_SENT}"),
        ("header-removed", False, None, "client", f"header removed behaviour: {NOT_SENT}"),
        ("header-added", None, 1, "client", "header added compatible: is sent now"),
        ("deprecated", False, True, "server", "deprecated changed docs: is deprecated"),
        ("deprecated", True, False, "server", "deprecated changed docs: is not deprecated any more"),
        ("name", "a", "b", "server", 'name changed client-api: "a" is "b" now'),
        ("schema-removed", "A", None, "server", "schema-name removed client-api: the named schema is gone"),
        ("schema-added", None, "A", "server", "schema-name added compatible: the named schema is new"),
        ("words", None, "a", "server", "words added docs maintainers: is new"),
        ("words", "a", None, "server", "words removed docs maintainers: is gone"),
        ("words", "a", "b", "server", "words changed docs maintainers: says something else"),
        ("default", 1, 2, "server", "default changed behaviour: the default is 2 instead of 1"),
        ("default", 1, 2, "client", "default changed docs: the default is 2 instead of 1"),
        ("default", 1, None, "server", "default changed behaviour: the default 1 is gone"),
        ("default", None, 2, "server", "default changed docs: has the default 2"),
        ("example", None, 2, "server", "example added docs mock users: is new"),
        ("example", 1, 2, "server", "example changed docs mock users: is another one"),
        ("example", 1, None, "server", "example removed docs mock users: is gone"),
    ],
)
def test_each_difference_has_its_level_and_its_words(
    kind: str, old: Any, new: Any, reader: str, found: str
) -> None:
    """By who reads the message, and by what was required."""
    [(rule, effect, level, hurts, text)] = judged(kind, old, new, reader)

    whom = "" if hurts == C else f" {hurts}"
    assert f"{rule} {effect} {level}{whom}: {text}" == found


def test_a_parameter_that_moved_says_where() -> None:
    """Its old place is read no more."""
    assert judged("parameter-removed", FREE, moved=["header"])[0][4] == f"{IS_GONE}; it moved to header"


@pytest.mark.parametrize("kind", ["parameter-required", "header-required", "body-required"])
@pytest.mark.parametrize(
    ("reader", "new", "level"),
    [
        ("server", True, "breaking"),
        ("server", False, "compatible"),
        ("client", True, "compatible"),
        ("client", False, "breaking"),
    ],
)
def test_what_is_required_hurts_whoever_writes_it(kind: str, reader: str, new: bool, level: str) -> None:
    """And what is required no more hurts whoever counts on it."""
    effect, text = ("narrowed", "is required now") if new else ("widened", "need not be there any more")

    assert judged(kind, not new, new, reader) == [(kind, effect, level, C, text)]


@pytest.mark.parametrize(
    ("status", "level"),
    [
        ("200", "breaking"),
        ("2XX", "breaking"),
        ("302", "behaviour"),
        ("default", "behaviour"),
        ("404", None),
        ("1XX", None),
    ],
)
def test_a_status_that_goes_breaks_only_a_success(status: str, level: str | None) -> None:
    """An error that is not documented any more may still come."""
    text = f"status {status} is not answered any more"
    row = ("status", "removed", level, C, text) if level else (
        "status", "removed", "compatible", U, f"error {status} is not documented any more"
    )  # fmt: skip

    assert judged("status-removed", status) == [row]


@pytest.mark.parametrize(
    ("status", "reader", "understood", "is_new"),
    [
        *(("201", "client", False, True), ("3XX", "client", False, True), ("404", "client", False, False)),
        *(
            ("201", "server", False, False),
            ("201", "client", True, False),
            ("default", "client", False, False),
        ),
    ],
)
def test_a_status_that_comes_matters_where_no_client_understands_it(
    status: str, reader: str, understood: bool, is_new: bool
) -> None:
    """A success or a redirection; errors come anyway."""
    told = (
        "status",
        "added",
        "behaviour",
        U,
        f"status {status} is answered now, which no old client was told of",
    )
    known = ("status", "added", "compatible", U, f"{status} is documented now")

    assert judged("status-added", None, status, reader, understood=understood) == [told if is_new else known]


A, B, HTTP = "https://a.example/v1", "https://b.example/v1", "http://a.example/v1"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([A], [A], []),
        ([A], [A, B], [("added", "compatible", f"{B} is new")]),
        ([A, B], [A], [("removed", "behaviour", f"{B} is gone")]),
        ([A], [B], [("removed", "breaking", f"{A} is gone"), ("added", "compatible", f"{B} is new")]),
        ([A, B], [], [("removed", "behaviour", f"{A}, {B} is gone")]),
        ([A, HTTP], [A], [("removed", "breaking", f"{HTTP} is gone")]),
        (["/v1"], [A], [("added", "compatible", f"{A} is new")]),
        (["/v2"], [A], [("removed", "breaking", "/v2 is gone"), ("added", "compatible", f"{A} is new")]),
        (["/v2", A], [A], [("removed", "behaviour", "/v2 is gone")]),
    ],
)
def test_a_server_that_goes_breaks_whoever_has_no_other(
    old: list[str], new: list[str], found: list[Any]
) -> None:
    """Or whoever came by its other scheme; an address without a host may be the same server."""
    seen = judged("servers", old, new)

    assert [(effect, level, text) for _, effect, level, _, text in seen] == found
    assert {(rule, hurts) for rule, _, _, hurts, _ in seen} <= {("server", C)}


OTHER = ("changed", "unknown", "parts of the body are encoded otherwise")
MORE = ("widened", "compatible", "parts of the body may be of more media types")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"a": {"contentType": "x/y"}}, {"a": {"contentType": "x/y, x/z"}}, MORE),
        ({"a": {"contentType": "x/y"}}, {"a": {"contentType": "X/*"}}, MORE),
        ({"a": {"contentType": "x/y"}}, {"a": {"contentType": "*/*"}}, MORE),
        (
            {"a": {"contentType": "x/y"}},
            {"a": {"contentType": "z/*"}},
            ("narrowed", "breaking", "a may not be x/y any more"),
        ),
        (
            {"a": {"contentType": "x/y,x/a"}, "b": {"contentType": "q/q"}},
            {"a": {"contentType": ""}, "b": {}},
            OTHER,
        ),
        (
            {"a": {"contentType": "x/y,x/a"}, "b": {"contentType": "q/q"}},
            {"a": {"contentType": "z/z"}, "b": {"contentType": "r/r"}},
            ("narrowed", "breaking", "a may not be x/a, x/y any more; b may not be q/q any more"),
        ),
        ({"a": {"style": "form"}}, {"a": {"style": "deepObject"}}, OTHER),
        ({"a": {"contentType": "x/y"}}, {}, OTHER),
        (
            [{"contentType": "x/y"}],
            [{"contentType": "z/z"}],
            ("narrowed", "breaking", "part 1 may not be x/y any more"),
        ),
    ],
)
def test_the_media_types_of_a_part_are_compared_one_by_one(
    old: Any, new: Any, found: tuple[str, str, str]
) -> None:
    """Everything else about a part may mean anything; whoever reads answers takes each part as it says."""
    assert [each[1:3] + each[4:] for each in judged("encoding", old, new, key="encoding")] == [found]
    assert judged("encoding", old, new, "client", key="encoding") == [
        ("encoding", "changed", "compatible", C, "parts are encoded otherwise")
    ]


@pytest.mark.parametrize(("old", "new", "is_narrower"), [("x/y", "z/z", True), ("x/y", "x/*", False)])
def test_one_encoding_may_stand_for_each_part(old: str, new: str, is_narrower: bool) -> None:
    """Of a list without end."""
    [found] = judged("encoding", {"contentType": old}, {"contentType": new}, key="itemEncoding")

    assert found[4] == ("each part may not be x/y any more" if is_narrower else MORE[2])
    [gone] = judged("encoding", {"contentType": old}, None, key="itemEncoding")
    assert gone[2] == "unknown"


def test_what_follows_for_this_repository_has_its_own_words() -> None:
    """A chain of causes, and the public names of the client."""
    assert judged("chain", cause="changed", text="t") == [("chain", "changed", "behaviour", M, "t")]
    for breaks, effect in ((True, "breaks"), (False, "adds")):
        assert judged("client", breaks=breaks, text="t") == [("client-api", effect, "client-api", C, "t")]


def test_each_kind_has_one_judge() -> None:
    """A kind that only speaks where the schemas are silent is in the other table."""
    assert TABLE.keys().isdisjoint(SILENT)
    assert set(SILENT) == {"property-named", "format-named", "mapping"}
    others = {
        *(
            "rest",
            "note",
            "limit",
            "unsure",
            "heir",
            "unused",
            "link",
            "server-variable",
            "token-format",
            "xml",
        ),
        *("scheme-wider", "parameter-reserved", "discriminator", "security"),
    }
    assert others <= set(TABLE)
