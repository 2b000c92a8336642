"""Is a thing that is seen under another parent found, and a prefix that is no thing left alone?"""

import subprocess
from pathlib import Path

import pytest

from contract_tests.self_tests.any_api.rooms_server import DEFECTS, serving
from contract_tests.self_tests.any_api.test_runs import contract

DOCUMENT = Path(__file__).parent / "documents" / "rooms.yaml"


def parents(defect: str = "") -> subprocess.CompletedProcess[str]:
    """Ask a server about things under other parents."""
    with serving(defect) as address:
        return contract(
            f"--target={address}", "-k", "only_with_its_own_parent", "-rs", "-v", document=DOCUMENT
        )


def test_an_honest_server_is_left_alone() -> None:
    """A note is the same one under each language, since no language was ever created."""
    done = parents()

    assert done.returncode == 0, done.stdout[-3000:]
    assert "no other parent" not in done.stdout


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_thing_under_another_parent_is_found(defect: str) -> None:
    """Whether it is read there or listed there."""
    done = parents(defect)

    assert done.returncode == 1, done.stdout[-3000:]
    assert "things-stay-apart" in done.stdout
