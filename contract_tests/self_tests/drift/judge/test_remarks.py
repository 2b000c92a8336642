"""What is said of a difference that no message shows by itself: rule, effect, level and words."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scripts.drift.facts import Fact
from scripts.drift.findings import Finding
from scripts.drift.judge import remarks

Judge = Callable[[Fact], Iterator[Finding]]


def judged(
    judge: Judge,
    old: Any = None,
    new: Any = None,
    *,
    kind: str = "a-thing-changed",
    reader: str = "server",
    **more: Any,
) -> list[tuple[str, ...]]:
    """Return rule, effect, level, whom it hurts, and text of each finding; the rest follows from them."""
    fact = Fact(kind, "GET /a", old, new, ("a",), ("b",), reader, more)
    found: list[tuple[str, ...]] = []
    for one in judge(fact):
        assert (one.place, one.base, one.revision) == ("GET /a", ("a",), ("b",))
        assert one.answer == {"breaking": "no", "unknown": "unknown"}.get(one.level, "yes")
        assert one.details == ({"incomplete": True} if judge is remarks.limit else {})
        found.append((one.rule, one.effect, one.level, one.hurts, one.text))
    return found


@pytest.mark.parametrize(
    ("kind", "rule"), [("parameter-style-changed", "parameter-style"), ("title", "title"), ("a-b", "a")]
)
def test_the_rule_is_the_kind_of_the_fact_without_its_last_word(kind: str, rule: str) -> None:
    """Unless another one is given."""
    fact = Fact(kind, "GET /a")

    assert [one.rule for one in remarks.one(fact, "changed", "docs", "text")] == [rule]
    [finding] = remarks.one(fact, "changed", "breaking", "text", "other", "maintainers")
    assert (finding.rule, finding.hurts, finding.answer) == ("other", "maintainers", "no")


@pytest.mark.parametrize(
    ("effect", "old", "new", "text"),
    [
        ("added", None, 1, "is new: 1"),
        ("removed", 1, None, "is gone: 1"),
        ("changed", 1, 2, "1 is 2 now"),
        ("changed", None, 2, "null is 2 now"),
        ("added", None, None, "is new"),
        ("removed", None, None, "is gone"),
        ("changed", None, None, "differs"),
    ],
)
def test_whatever_no_rule_knows_has_to_be_looked_at(effect: str, old: Any, new: Any, text: str) -> None:
    """Its name says whether it is an extension."""
    assert judged(remarks.rest, old, new, effect=effect) == [
        ("not-judged", effect, "unknown", "callers", f"changed, not judged: {text}")
    ]
    for base, revision in ((("a", "x-b"), ("a",)), (("a",), ("x-b", "c"))):
        [finding] = remarks.rest(Fact("k", "p", old, new, base, revision, "server", {"effect": effect}))
        assert finding.rule == "extension"


A, B = {"operationId": "a"}, {"operationId": "b"}


@pytest.mark.parametrize(
    ("judge", "old", "new", "more", "found"),
    [
        (remarks.note, 1, 2, {"text": "t"}, ("note", "changed", "docs", "maintainers", "t")),
        (
            remarks.unsure,
            1,
            2,
            {"text": "t"},
            ("not-judged", "changed", "unknown", "callers", "changed, not judged: t"),
        ),
        (remarks.limit, None, None, {"text": "t"}, ("not-compared", "ended", "unknown", "maintainers", "t")),
        *(
            (
                remarks.unused,
                old,
                new,
                {},
                ("unused-component", effect, "docs", "maintainers", f"{text}, and no operation uses it"),
            )
            for old, new, effect, text in (
                (None, {}, "added", "is new"),
                ({}, None, "removed", "is gone"),
                ({}, {}, "changed", "differs"),
            )
        ),
        (
            remarks.link,
            None,
            A,
            {},
            ("link", "added", "compatible", "callers", 'is new: {"operationId": "a"}'),
        ),
        (
            remarks.link,
            A,
            None,
            {},
            ("link", "removed", "behaviour", "callers", 'is gone: {"operationId": "a"}'),
        ),
        (remarks.link, "a", "b", {}, ("link", "changed", "behaviour", "callers", '"a" is "b" now')),
        (
            remarks.link,
            None,
            "b",
            {"within": True},
            ("link", "changed", "behaviour", "callers", 'null is "b" now'),
        ),
        (
            remarks.link,
            "a",
            None,
            {"within": True},
            ("link", "changed", "behaviour", "callers", '"a" is null now'),
        ),
        (
            remarks.token_format,
            "JWT",
            "opaque",
            {},
            (
                "token-format",
                "changed",
                "behaviour",
                "callers",
                'tokens are written as "opaque" instead of "JWT"',
            ),
        ),
        (
            remarks.scheme_wider,
            None,
            "flow password",
            {},
            ("security-scheme", "added", "compatible", "callers", "flow password is possible now"),
        ),
        (
            remarks.reserved,
            True,
            False,
            {},
            (
                "parameter-reserved",
                "narrowed",
                "behaviour",
                "callers",
                "reserved characters have to be escaped now",
            ),
        ),
        (
            remarks.reserved,
            False,
            True,
            {},
            (
                "parameter-reserved",
                "widened",
                "behaviour",
                "callers",
                "reserved characters are not escaped any more",
            ),
        ),
        (
            remarks.discriminator,
            {"propertyName": "kind"},
            None,
            {},
            (
                "discriminator",
                "removed",
                "behaviour",
                "callers",
                "alternatives are not told apart by kind any more",
            ),
        ),
        (
            remarks.discriminator,
            None,
            {"propertyName": "kind"},
            {},
            ("discriminator", "added", "behaviour", "callers", "alternatives are told apart by kind now"),
        ),
        *(
            (
                remarks.property_named,
                None,
                None,
                {"effect": effect},
                ("described", effect, "docs", "maintainers", f"{text}; the values are the same"),
            )
            for effect, text in (("added", "is described now"), ("removed", "is not described any more"))
        ),
        (
            remarks.format_named,
            "a",
            None,
            {},
            (
                "format-name",
                "changed",
                "docs",
                "maintainers",
                'the format is null instead of "a"; the values are the same',
            ),
        ),
        (
            remarks.mapping,
            "a",
            "b",
            {},
            ("not-judged", "changed", "unknown", "callers", 'changed, not judged: "a" is "b" now'),
        ),
    ],
)
def test_each_remark_has_its_level_and_its_words(
    judge: Judge, old: Any, new: Any, more: dict[str, Any], found: tuple[str, ...]
) -> None:
    """Both directions of each."""
    assert judged(judge, old, new, **more) == [found]


@pytest.mark.parametrize(
    ("reader", "old", "new", "level", "effect"),
    [
        ("client", None, "van", "breaking", "added"),
        ("server", None, "van", "compatible", "added"),
        ("client", "van", None, "behaviour", "removed"),
        ("server", "van", None, "breaking", "removed"),
    ],
)
def test_a_kind_of_message_breaks_whoever_reads_it(
    reader: str, old: Any, new: Any, level: str, effect: str
) -> None:
    """A client does not know a new one, and a server does not take an old one."""
    text = "may be marked van now" if effect == "added" else "is not marked van any more"

    assert judged(remarks.heir, old, new, reader=reader) == [
        ("discriminator", effect, level, "callers", text)
    ]


NARROWED, WIDENED = ("narrowed", "behaviour"), ("widened", "compatible")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (["a", "b"], ["a", "b"], []),
        (["a", "b"], ["a"], [(*NARROWED, "b is gone")]),
        (["a"], ["a", "b", "c"], [(*WIDENED, "b, c is new")]),
        (["a"], ["b"], [(*NARROWED, "a is gone"), (*WIDENED, "b is new")]),
        (None, ["a", "b"], [(*NARROWED, "only a, b is possible now")]),
        (["a"], None, [(*WIDENED, "may be anything now")]),
    ],
)
def test_each_value_of_a_server_variable_is_an_address(
    old: Any, new: Any, found: list[tuple[str, ...]]
) -> None:
    """Fewer are narrower, more are wider; without a list it may be anything."""
    seen = judged(remarks.server_variable, old, new)

    assert [(effect, level, text) for _, effect, level, _, text in seen] == found
    assert {(rule, hurts) for rule, _, _, hurts, _ in seen} <= {("server-variable", "callers")}


@pytest.mark.parametrize(
    ("old", "new", "is_xml", "level"),
    [
        (None, None, True, None),
        ({}, None, True, None),
        ({"attribute": False}, {}, True, None),
        ({"name": "a"}, {"name": "a", "wrapped": False}, True, None),
        ({"name": "a"}, {"name": "b"}, True, "breaking"),
        ({"name": "a"}, {"name": "b"}, False, "docs"),
        (None, {"attribute": True}, True, "breaking"),
        ({"prefix": "a"}, {"prefix": "b"}, True, "behaviour"),
        ({"prefix": "a", "name": "x"}, {"prefix": "b", "name": "y"}, True, "breaking"),
        ({"name": "a"}, {"name": "a", "odd": 1}, True, "unknown"),
        ({"odd": 1}, {}, True, "unknown"),
        *(({key: "a"}, {key: "b"}, True, "breaking") for key in ("namespace", "wrapped", "nodeType")),
    ],
)
def test_xml_is_judged_only_where_a_value_is_written_as_xml(
    old: Any, new: Any, is_xml: bool, level: str | None
) -> None:
    """A prefix may be any; an odd word has to be looked at."""
    seen = judged(remarks.xml, old, new, is_xml=is_xml)

    assert [each[2] for each in seen] == ([] if level is None else [level])
    if level == "docs":
        assert seen == [
            (
                "xml",
                "changed",
                "docs",
                "maintainers",
                'is written as {"name": "b"} in XML instead of {"name": "a"}; no XML has it here',
            )
        ]
    elif level not in (None, "unknown"):
        assert {each[:2] + each[3:4] for each in seen} == {("xml", "changed", "callers")}
        assert "; no XML" not in seen[0][4]


@pytest.mark.parametrize(("old", "new"), [([], {}), (None, "text")])
def test_xml_of_another_form_is_not_passed_over(old: Any, new: Any) -> None:
    """A list or a text is no description, and somebody meant something by it."""
    assert len(judged(remarks.xml, old, new, is_xml=True)) == 1
