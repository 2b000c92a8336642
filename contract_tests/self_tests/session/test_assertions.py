"""Is an assertion of a contract test put in words that help, and one of the machinery left alone?"""

import linecache
from typing import Any

import pytest

from contract_tests.session.plugin.assertions import of_a_contract_test
from scripts.lib.paths import NOVAPOST, ROOT

HERE = str(NOVAPOST / "test_made_up.py")


def raised(source: str, file: str = HERE, **names: Any) -> BaseException:
    """Return the error of some lines that stand in a file."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    try:
        exec(compile(source, file, "exec"), names)  # noqa: S102 (our own lines)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


class Answer:
    """Something with a status and a secret."""

    status = 404
    key = "0123456789abcdef0123456789abcdef"


def test_a_plain_assertion_says_what_did_not_hold() -> None:
    """With the numbers that stood in it, over several lines too, and never with a text."""
    source = "assert (\n    answer.status == expected and answer.key\n)\n"

    said = of_a_contract_test(raised(source, answer=Answer(), expected=200))

    assert said == (
        "does not hold: answer.status == expected and answer.key (answer.status is 404, expected is 200)"
    )


def test_a_message_is_kept() -> None:
    """Its author knew better."""
    assert (
        of_a_contract_test(raised("assert 1 > 2, 'too little was compared'\n")) == "too little was compared"
    )


def test_in_a_group_the_first_counts() -> None:
    """Hypothesis raises several at once."""
    group = BaseExceptionGroup("two", [ValueError("x"), raised("assert 0, 'a reason'\n")])

    assert of_a_contract_test(group) == "a reason"


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("assert 0\n", str(ROOT / "contract_tests" / "session" / "api.py")),
        ("{}['phone']\n", HERE),
        ("raise ConnectionError\n", HERE),
    ],
)
def test_what_is_no_assertion_of_a_test_is_no_finding(source: str, file: str) -> None:
    """It is a fault of the suite until somebody has looked."""
    assert of_a_contract_test(raised(source, file)) == ""
