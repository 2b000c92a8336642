"""Is it decided rightly whether one pattern contains another one, with a text that proves it?"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.drift.patterns.containment import Texts, example, quoted, within

ATOMS = [
    *("a", "b", "1", "_", "-", r"\d", r"\w", r"\W", r"\D", r"\.", r"\-", r"\x61", r"\u0061", "."),
    *("[ab]", "[^a]", "[a-c1]", r"[\d_]", r"[^\w]", "[-a]", "[a-]"),
]
PATTERNS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds(
            lambda one, more: f"(?:{one}){more}",
            inner,
            st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"]),
        ),
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.builds(lambda one, other: f"({one}|{other})", inner, inner),
    ),
    max_leaves=5,
).flatmap(lambda body: st.sampled_from([body, f"^{body}$", f"^{body}", f"{body}$"]))


def matches(pattern: str, text: str) -> bool:
    """Tell whether Python finds a pattern in a text, read as JavaScript reads it."""
    # Before a line end at the end, `$` matches in Python alone.
    return re.search(pattern.replace("$", r"\Z"), text, re.ASCII) is not None


@settings(max_examples=30)
@given(PATTERNS, PATTERNS)
def test_a_text_that_is_shown_proves_what_it_is_shown_for(one: str, other: str) -> None:
    """It matches the one pattern and not the other one; where all match, so does an example."""
    answer, text = within(Texts((one,)), Texts((other,)))
    shown = example(Texts((one,)))

    if answer == "no":
        assert text is not None
        assert (matches(one, text), matches(other, text)) == (True, False)
    if answer == "yes" and shown is not None:
        assert (matches(one, shown), matches(other, shown)) == (True, True)
    assert within(Texts((one,)), Texts((one,)))[0] in ("yes", "unknown")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"^\d{2,3}$", r"^[0-9]+$"),
        (r"^\D$", "^[^0-9]$"),
        (r"^\S$", r"^[^ ]$"),
        (r"^[\S\s]$", r"^[\w\W]$"),
        (r"^\t$", r"^\x09$"),
        (r"^[\b]$", r"^\x08$"),
        (r"^[^\u0000-\uffff]$", r"^[^a]$"),
        ("^(?<year>2)$", "^2$"),
        ("^a+?b*?$", "^a+b*$"),
        ("^a{0}b$", "^b$"),
        ("^(a|)$", "^a?$"),
        ("^$", "^a*$"),
        (r"[^\S\s]", "never"),
        (r"^\$$", r"^[$]$"),
    ],
)
def test_each_notation_is_read_as_javascript_reads_it(one: str, other: str) -> None:
    """Shorthands, escapes, names of groups, lazy repetitions, and nothing at all."""
    assert within(Texts((one,)), Texts((other,))) == ("yes", None)


@pytest.mark.parametrize(
    "pattern",
    [
        *("(?=a)a", "(?!b)a", "(?<=a)b", "(?<!a)b", r"(a)\1", r"\ba", r"\p{L}", r"\xzz", r"\u00", "a\\"),
        *("(a", "a)", "[a", "[b-a]", r"[a-\d]", "a**", "a+{2}", "*a", "a|*", "a{", "a{,2}", "a{b}"),
        *("a{1,1234567890}", "(" * 40 + "a" + ")" * 40, "(?:a{99}){99}"),
    ],
)
def test_what_is_not_understood_is_unknown(pattern: str) -> None:
    """Never a wrong yes or no, and never an error."""
    assert within(Texts((pattern,)), Texts(("a",))) == ("unknown", None)
    assert within(Texts(("a",)), Texts((pattern,))) == ("unknown", None)
    assert example(Texts((pattern,))) is None


def test_the_work_is_bounded() -> None:
    """Two patterns can need exponentially many steps."""
    hard = Texts(("(a|b)*a(a|b){14}c",))

    assert within(hard, Texts(("(a|b)*b(a|b){14}c",)))[0] in ("unknown", "no")
    assert within(Texts(("^(a|b)*a(a|b){14}$",)), Texts(("^(b|a)*a(b|a){14}$",))) == ("unknown", None)


@pytest.mark.parametrize(
    ("inner", "outer", "answer"),
    [
        (((), (1, 3)), ((), (0, None)), "yes"),
        (((), (1, 3)), ((), (1, 2)), "no"),
        (((), (1, None)), ((), (1, 9)), "no"),
        ((("^a*$",), (2, 2)), (("^aa$",), (0, None)), "yes"),
        ((("^a*$", "^[ab]{3}$"), (0, None)), (("^aaa$",), (0, None)), "yes"),
        ((("^a$", "^b$"), (0, None)), (("^c$",), (0, None)), "yes"),
    ],
)
def test_lengths_and_patterns_count_together(
    inner: tuple[tuple[str, ...], tuple[int, int | None]],
    outer: tuple[tuple[str, ...], tuple[int, int | None]],
    answer: str,
) -> None:
    """A text has to keep all of them."""
    assert within(Texts(*inner), Texts(*outer))[0] == answer


def test_an_example_is_a_shortest_text() -> None:
    """Of letters that people can read, where any would do."""
    assert example(Texts(("^.+$",))) == "a"
    assert example(Texts(("^a*$",)), at_least=3) == "aaa"
    assert example(Texts(("^a$",), (2, None))) is None
    # Half of a surrogate pair is no text, and what follows those halves is.
    assert example(Texts((r"^[^\u0000-\ud7ff]$",))) == "\ue000"
    assert example(Texts((r"^[\ud800-\udfff]$",))) is None
    assert within(Texts((r"^[^\u0000-\ud7ff]$",)), Texts(("^a$",))) == ("no", "\ue000")
    assert within(Texts((f"^{quoted('a.b*[ü')}$",)), Texts((r"^a\.b\*\[ü$",))) == ("yes", None)
