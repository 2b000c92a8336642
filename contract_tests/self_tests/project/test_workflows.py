"""The pipelines do nothing that a maintainer could not do with make."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.lib.paths import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# What the pages give users to copy keeps to the same.
WORKFLOWS += sorted((ROOT / "docs" / "how-to" / "manifests").glob("*.yml"))

# A line that sets the stage for make: where a job stops with a clear line, or a shell variable is set.
PLAIN = re.compile(r"make [a-z-]+( [A-Z]+=\S.*)?")
# Where there may be no make.
WITHOUT_MAKE = "python -m scripts.portable"
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")

# The inputs that are used, as the pinned releases have them. actionlint knows those of older releases only.
INPUTS = {
    "actions/attest-build-provenance": {"subject-path"},
    "actions/cache/restore": {"path", "key", "restore-keys"},
    "actions/cache/save": {"path", "key"},
    "actions/checkout": {"persist-credentials"},
    "actions/download-artifact": {"name", "pattern", "path", "merge-multiple"},
    "actions/setup-python": {"python-version"},
    "actions/upload-artifact": {"name", "path", "if-no-files-found", "include-hidden-files"},
    "actions/upload-pages-artifact": {"path"},
}


@pytest.fixture(params=WORKFLOWS, ids=lambda path: str(path.stem))
def workflow(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_the_pipelines_are_there() -> None:
    assert {path.stem for path in WORKFLOWS} >= {"ci", "docs", "drift", "release", "sandbox"}


def test_each_step_calls_a_make_target_that_exists_and_nothing_else(workflow: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    for step in steps(workflow):
        for line in str(step.get("run", "")).splitlines():
            if line == WITHOUT_MAKE:
                continue
            assert PLAIN.fullmatch(line), line
            assert line.split()[1] in targets, line


def test_each_action_is_pinned_to_a_commit_and_says_which_release_that_is(workflow: Path) -> None:
    used = re.findall(r"uses: (.+)", workflow.read_text())
    assert used
    for line in used:
        address, _, release = line.partition(" # ")
        assert PINNED.fullmatch(address), line
        assert re.fullmatch(r"v\d+(\.\d+)*", release), line


def test_each_action_gets_inputs_that_it_has(workflow: Path) -> None:
    """GitHub ignores an input with a slip in its name, and says so in a warning that nobody reads."""
    for step in steps(workflow):
        given = set(step.get("with", {}))
        assert given <= INPUTS.get(step.get("uses", "").partition("@")[0], set()), step


def test_no_checkout_leaves_its_token_behind(workflow: Path) -> None:
    """What runs later in the job would find it in the repository's configuration."""
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_a_pipeline_may_only_read_unless_a_job_says_why(workflow: Path) -> None:
    tree = yaml.safe_load(workflow.read_text())
    assert tree["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in tree["jobs"].values())


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        yield from job["steps"]
