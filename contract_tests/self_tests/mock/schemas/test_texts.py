"""Texts fit patterns, formats and lengths together, and are found in bounded steps."""

import re
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.self_tests.mock.responses.test_generator import made
from novapost_mock.schemas.formats import _BY_FORMAT, expressions_of
from novapost_mock.schemas.generator import CannotError
from novapost_mock.schemas.patterns.expressions import PatternError
from novapost_mock.schemas.patterns.language import MAX_STEPS, Language, language

OPTIONS = jsonschema_rs.FancyRegexOptions(backtrack_limit=1_000_000)


def fits(schema: Any, value: Any) -> bool:
    return jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, pattern_options=OPTIONS
    ).is_valid(value)


CLASSES = {
    "[0-9]": "0369",
    "[a-z]": "aqz",
    "[A-Z]": "AQZ",
    r"\d": "18",
    r"\w": "a_Z5",
    "[^0-9]": "x-Q",
    ".": "a!7",
}
PIECES = {**CLASSES, "-": "-", r"\.": ".", "AB": ["AB"], "x": "x", "/": "/"}


@st.composite
def matched(draw: st.DrawFn, depth: int = 0) -> tuple[str, str]:
    """Return an expression with a text that matches it."""
    kind = draw(st.integers(0, 7 if depth < 3 else 3))
    if kind <= 3:
        piece = draw(st.sampled_from(sorted(PIECES)))
        texts = PIECES[piece]
        least, slack = draw(st.integers(0, 4)), draw(st.integers(0, 4))
        count = draw(st.integers(least, least + slack))
        unit = piece if piece in CLASSES or len(piece) == 1 else f"(?:{piece})"
        quantifier = draw(st.sampled_from([f"{{{least},{least + slack}}}", "*" if not least else "+"]))
        if quantifier == "+":
            count = max(count, 1)
        return f"{unit}{quantifier}", "".join(draw(st.sampled_from(list(texts))) for _ in range(count))
    if kind == 4:
        one, other = draw(matched(depth + 1)), draw(matched(depth + 1))
        return f"(?:{one[0]}|{other[0]})", draw(st.sampled_from([one[1], other[1]]))
    if kind == 5:
        inner, text = draw(matched(depth + 1))
        return f"({inner})?", draw(st.sampled_from(["", text]))
    one, other = draw(matched(depth + 1)), draw(matched(depth + 1))
    return one[0] + other[0], one[1] + other[1]


@st.composite
def satisfiable(draw: st.DrawFn) -> dict[str, Any]:
    """Return a schema of a text with a pattern, a length, and perhaps a second pattern or a format."""
    if draw(st.booleans()):
        expression, text = draw(matched())
        schema: dict[str, Any] = {"type": "string", "pattern": f"^{expression}$"}
        if draw(st.booleans()):
            middle = draw(st.sampled_from(["", text[:1], text[-2:]]))
            schema["allOf"] = [{"pattern": re.escape(middle).replace(r"\-", "-").replace("/", r"\/")}]
    else:
        name = draw(
            st.sampled_from(["uuid", "date-time", "date", "time", "email", "ipv4", "uri", "hostname"])
        )
        found = Language(draw(st.sampled_from([(each,) for each in expressions_of(name)])))
        text = found.text(Random(draw(st.integers(0, 9))), 0, None) or ""
        cut = draw(st.integers(1, max(len(text) - 1, 1)))
        start = "".join(c if c.isalnum() else "." for c in text[:cut])
        schema = {"type": "string", "format": name, "pattern": f"^{start}"}
    if draw(st.booleans()):
        schema["minLength"] = max(len(text) - draw(st.integers(0, 3)), 0)
    if draw(st.booleans()):
        schema["maxLength"] = len(text) + draw(st.integers(0, 2))
    return schema


@settings(max_examples=400, deadline=None)
@given(satisfiable(), st.integers(0, 2))
def test_a_satisfiable_text_is_found(schema: dict[str, Any], variant: int) -> None:
    """Something fits each of these schemas, so the mock has no reason to answer 501."""
    assert fits(schema, made(schema, variant=variant))


@given(satisfiable(), st.integers(0, 3))
def test_a_search_has_bounded_steps(schema: dict[str, Any], seed: int) -> None:
    """Counted, not timed: no document can keep the mock from starting."""
    found = language((schema["pattern"], *expressions_of(schema.get("format", ""))[-1:]))
    if found is not None:
        found.text(Random(seed), schema.get("minLength", 0), schema.get("maxLength"))

        assert found.spent <= MAX_STEPS + 300


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?:[a-c]*a[a-c]{12}|x)$",
        r"^(?=.*a)(?=.*b)(?=.*c)(?=.*d)(?=.*e)(?=.*f)(?=.*g)(?=.*h)[a-h]{8,}$",
        r"^(a?){30}a{30}$",
        r"^((a|b)*c(a|b){9})+$",
        r"(x+x+)+y$",
    ],
)
def test_expressions_that_are_costly_to_match_are_walked_in_bounded_steps(pattern: str) -> None:
    """Also where the length leaves nothing that fits."""
    found = Language([pattern])

    assert (found.text(Random(0)), found.spent <= MAX_STEPS + 300) != (None, False)
    assert found.text(Random(0), 401, 402) is None or fits(
        {"pattern": pattern}, found.text(Random(0), 401, 402)
    )
    assert found.spent <= MAX_STEPS + 300


FORMATS = [name for name in _BY_FORMAT if name not in ("ip", "url", "byte", "base64", "password")]


@pytest.mark.parametrize("name", FORMATS)
def test_expressions_of_a_format_give_texts_of_that_format(name: str) -> None:
    """Each of them, for lengths of all kinds; judged by the validator."""
    schema = {"type": "string", "format": name}
    made_of = [
        (expression, text)
        for expression in expressions_of(name)
        for found in [Language([expression])]
        for seed in range(40)
        if (text := found.text(Random(seed), seed % 30, None)) is not None
    ]

    assert made_of
    assert [(expression, text) for expression, text in made_of if not fits(schema, text)] == []


@pytest.mark.parametrize(
    "schema",
    [
        {"format": "uuid", "pattern": "^[0-9a-f-]{36}$"},
        {"format": "date-time", "pattern": "Z$"},
        {"format": "date-time", "pattern": r"^20[0-9]{2}-.*[.][0-9]{6}Z$"},
        {"format": "date-time", "minLength": 30},
        {"format": "email", "maxLength": 12},
        {"format": "email", "maxLength": 6},
        {"format": "uri", "maxLength": 12},
        {"format": "ipv6", "pattern": "^fe80"},
        {"pattern": "^[0-9]*$", "minLength": 10, "maxLength": 10},
        {"pattern": "^[a-z0-9]+(?:-[a-z0-9]+)*$", "minLength": 12, "maxLength": 14},
        {"pattern": "^[A-Za-z0-9]+$", "minLength": 40, "maxLength": 40},
        {"pattern": "^(?!.*--)(?!-)[a-z-]{8}(?<!-)$"},
        {"pattern": r"^(['\"])[a-z]+\1$"},
        {"pattern": "^x", "minLength": 5000, "maxLength": 5000},
        {"pattern": r"([^\s]+(\.(?i)(jpeg|tiff|pdf))$)", "minLength": 4, "maxLength": 17},
        {"pattern": "^(?i:ab)+$", "minLength": 4},
    ],
)
def test_pattern_format_and_length_hold_together(schema: Any) -> None:
    """The samples of the report that this was built for, and their cousins."""
    assert fits(schema, made({"type": "string", **schema}))


def test_what_nothing_fits_is_given_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations share their schemas, so no operation searches again for what was not found."""
    walks: list[int] = []
    walk = Language.text

    def counted(self: Language, random: Random, least: int = 0, most: int | None = None) -> str | None:
        walks.append(1)
        return walk(self, random, least, most)

    monkeypatch.setattr(Language, "text", counted)

    item = {"type": "string", "pattern": "^(ab)+$", "minLength": 7, "maxLength": 7}
    with pytest.raises(CannotError):
        made({"type": "object", "required": ["a", "b"], "properties": {"a": item, "b": dict(item)}})

    assert 1 <= len(walks) <= 3


@pytest.mark.parametrize("pattern", ["(" * 60, "(a{4000}){4000}", "[a", r"\p{Nonsense}"])
def test_expressions_that_ask_too_much_have_no_language(pattern: str) -> None:
    """They are refused when they are read, before any memory is spent on them."""
    with pytest.raises(PatternError):
        Language([pattern])
    assert language((pattern,)) is None
