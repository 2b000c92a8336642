"""Is a server found whose single answers are right, and whose answers together are not?"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from contract_tests.reporting.report import read
from contract_tests.self_tests.any_api.lists_server import DEFECTS, serving
from contract_tests.self_tests.any_api.test_runs import contract

DOCUMENT = Path(__file__).parent / "documents" / "lists.yaml"
# These hide others: who loses changes never has another tag.
APART = (("the-tag-stays", "patch-is-lost", "latin-alone"), ("odd-state-of-what-exists",))


def asked(words: str, *arguments: str, defects: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Ask a server with the tests of these words."""
    with serving(defects) as address:
        return contract(f"--target={address}", "-k", words, *arguments, document=DOCUMENT)


def test_an_honest_server_is_left_alone() -> None:
    """It takes no cursor but its own, and its tasks are made in another place than they are read."""
    done = asked("not connection and not equal and not every_answer")

    assert done.returncode == 0, done.stdout[-3000:]
    assert "unproven, since nothing brought them about" not in done.stdout


def test_a_member_may_depend_on_another_one() -> None:
    """As a region does on its country: a change of the one clears the other."""
    done = asked("a_change_of_one_member", defects=["the-note-goes-with-the-title"])

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Each check that failed, with the test that noticed it, of servers with all defects between them."""
    pairs = set()
    others = tuple(each for each in DEFECTS if not any(each in some for some in APART))
    for defects in (others, *APART):
        folder = tmp_path_factory.mktemp("report")
        words = " or ".join(DEFECTS[each][0] for each in defects)
        asked(words, f"--report={folder}", defects=defects)
        for row in read(folder / "contract.json")["findings"]:
            pairs |= {(each["test"], each["promise"]) for each in [row, *row.get("also", [])]}
    return pairs


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_of_several_answers_is_found(defect: str, found: set[tuple[str, str]]) -> None:
    """By the test that asks for it, as what it is."""
    words, check = DEFECTS[defect]

    assert any(word in test for word in words.split(" or ") for test, failed in found if failed == check), (
        found
    )
