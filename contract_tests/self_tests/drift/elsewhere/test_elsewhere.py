"""Can somebody use drift on a document of their own: by the hook, the action and the template?"""

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from contract_tests.self_tests.drift.elsewhere.repositories import git, shop
from scripts.lib.paths import ROOT

ELSEWHERE = ROOT / "scripts" / "drift" / "elsewhere"
DOCUMENT = "api/openapi.yaml"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
SPEC, JOBS = yaml.safe_load_all((ELSEWHERE / "gitlab.yml").read_text())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return the repository of somebody else."""
    return shop(tmp_path / "shop")


def started(command: list[str], folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command there, with the packages of this environment and nothing from the network."""
    own = {"DRIFT_PYTHON": sys.executable}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI"))}
    return subprocess.run(
        command, cwd=folder, env=kept | own | environment, capture_output=True, text=True, check=False
    )


def schema(name: str) -> dict[str, Any]:
    """Return a published schema that check-jsonschema carries."""
    text = (resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json").read_text()
    found: dict[str, Any] = json.loads(text)
    return found


# The hook


def hook(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the hook as pre-commit does: the entry from the clone, then the arguments, then the files."""
    script, *rest = HOOK["entry"].split()
    return started([str(ROOT / script), *rest, *arguments], folder)


def test_a_commit_that_breaks_callers_is_refused(repository: Path) -> None:
    """With the payload; a folder `scripts` of the repository at hand is not in the way."""
    path = repository / DOCUMENT
    path.write_text(path.read_text().replace("maximum: 50", "maximum: 20"))

    done = hook(repository, DOCUMENT)

    assert done.returncode == 1, done.stderr
    assert "payload 21" in done.stdout
    assert done.stderr == ""


def test_a_commit_that_breaks_nobody_passes(repository: Path) -> None:
    """Also one with a new document, and with another level of the hook's arguments."""
    path = repository / DOCUMENT
    path.write_text(path.read_text().replace("maximum: 50", "maximum: 200"))
    (repository / "api" / "openapi-2.yaml").write_text(path.read_text())

    assert hook(repository, DOCUMENT, "api/openapi-2.yaml").returncode == 0
    assert hook(repository, "--fail-on=compatible", DOCUMENT).returncode == 1


def test_the_first_commit_passes(tmp_path: Path) -> None:
    """There is no HEAD yet."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "openapi.yaml").write_text("openapi: 3.0.3\ninfo: {}\npaths: {}\n")

    done = hook(tmp_path, "openapi.yaml")

    assert (done.returncode, done.stdout) == (0, "openapi.yaml: is new, so nobody relies on it yet\n")


def test_a_revision_that_is_not_there_is_never_no_drift(repository: Path) -> None:
    """Exit code 2 and a line; without git as well."""
    done = hook(repository, "--against=nope", DOCUMENT)

    assert done.returncode == 2
    assert done.stderr == "error: --against: git knows no revision nope here\n"


def test_the_hook_is_declared_as_pre_commit_wants_it() -> None:
    """The script is there and can be run, and the pattern takes the usual names."""
    assert {"id", "name", "language", "entry", "files"} <= set(HOOK)
    assert HOOK["language"] == "script"
    assert os.access(ROOT / HOOK["entry"].split()[0], os.X_OK)


# The action


def action(folder: Path, **inputs: str) -> tuple["subprocess.CompletedProcess[str]", dict[str, str]]:
    """Run the step of the action as a runner does; and the outputs of it."""
    step = ACTION["runs"]["steps"][-1]
    environment = {
        name: inputs.get(name.removeprefix("INPUT_").lower(), default(name)) for name in step["env"]
    }
    files = {name: str(folder.parent / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    done = started(
        ["bash", "-c", step["run"]],
        folder,
        **environment | files,
        GITHUB_ACTION_PATH=str(ROOT),
        GITHUB_WORKSPACE=str(folder),
    )
    written = Path(files["GITHUB_OUTPUT"])
    lines = written.read_text().splitlines() if written.exists() else []
    return done, dict(line.split("=", 1) for line in lines)


def default(name: str) -> str:
    """Return the default of an input, by the variable of the step."""
    found = ACTION["inputs"].get(name.removeprefix("INPUT_").lower().replace("_", "-"), {})
    return str(found.get("default", ""))


def test_the_action_compares_a_pull_request_with_its_base(repository: Path) -> None:
    """Annotations, a summary, four reports, outputs; a checkout of one commit gets the other one."""
    clone = repository.parent / "clone"
    git(repository.parent, "clone", "--quiet", "--depth=1", f"file://{repository}", str(clone))
    base = git(repository, "rev-parse", "HEAD~1").strip()
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")

    done, outputs = action(clone, document=DOCUMENT, base_sha=base)

    assert done.returncode == 1, done.stderr
    assert f"::error file={DOCUMENT},line=9," in done.stdout
    assert outputs == {"exit-code": "1", "verdict": "breaking"}
    assert (repository.parent / "GITHUB_STEP_SUMMARY").read_text().startswith("## Drift that breaks callers")
    assert {one.name for one in (clone / "drift-reports").iterdir()} == {
        *("drift.json", "drift.sarif", "drift.html", "drift.md")
    }


def test_the_action_takes_another_base_and_level(repository: Path) -> None:
    """A file, and all that an input may hold: nothing of it is run."""
    done, outputs = action(repository, document=DOCUMENT, base=DOCUMENT, fail_on="docs")
    assert (done.returncode, outputs) == (0, {"exit-code": "0", "verdict": "none"})

    done, _ = action(repository, document="$(touch hacked)", base="`touch hacked`")
    assert done.returncode == 2
    assert not (repository / "hacked").exists()


def test_the_action_that_cannot_compare_fails(repository: Path) -> None:
    """With the line on stderr, and no verdict."""
    done, outputs = action(repository, document="none.yaml", base=DOCUMENT)

    assert done.returncode == 2
    assert outputs == {"exit-code": "2", "verdict": ""}
    assert "could not compare" in done.stderr
    done, _ = action(repository, document=DOCUMENT, base_sha="0" * 40)
    assert done.returncode == 2
    assert "no commit to compare with" in done.stderr


def test_the_action_and_the_template_are_what_their_schemas_say() -> None:
    """As published; the copies come with check-jsonschema."""
    jsonschema_rs.validate(schema("github-actions"), ACTION)
    jsonschema_rs.validate(schema("gitlab-ci"), JOBS)
    assert all(step["uses"].count("@") == 1 for step in ACTION["runs"]["steps"] if "uses" in step)


# The template


def test_the_job_of_gitlab_compares_with_the_target_branch(repository: Path) -> None:
    """Its script, line by line, with the inputs filled in; the repository of drift is this one."""
    git(repository, "branch", "target", "HEAD~1")
    clone = repository.parent / "clone"
    git(repository.parent, "clone", "--quiet", str(repository), str(clone))
    job = JOBS["openapi-drift"]
    given = {"document": DOCUMENT, "repository": str(ROOT), "revision": "main"}
    variables = {}
    for name, value in job["variables"].items():
        entry = value.removeprefix("$[[ inputs.").removesuffix(" ]]")
        variables[name] = str(given.get(entry, SPEC["spec"]["inputs"][entry].get("default")))
    script = ["set -e", *job["script"]]
    # This repository as it stands, not as it was last committed.
    script[1] = f"mkdir -p .drift && ln -s {ROOT}/scripts .drift/scripts"

    done = started(
        ["bash", "-c", "\n".join(script)],
        clone,
        **variables,
        CI_PROJECT_DIR=str(clone),
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="target",
    )

    assert done.returncode == 1, done.stderr
    (issue,) = json.loads((clone / "drift-codequality.json").read_text())
    assert issue["location"] == {"path": DOCUMENT, "lines": {"begin": 9}}
    reports = job["artifacts"]["reports"]
    assert all((clone / path).exists() for path in (*reports.values(), *job["artifacts"]["paths"]))


# The environment


def test_without_an_interpreter_it_says_so(tmp_path: Path) -> None:
    """In a clone that has nothing set up, on a machine without Python: one line, exit code 2."""
    clone = tmp_path / "clone"
    (clone / "scripts" / "drift" / "elsewhere").mkdir(parents=True)
    script = clone / "scripts" / "drift" / "elsewhere" / "run.sh"
    script.write_text((ELSEWHERE / "run.sh").read_text())
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dirname", "cmp", "sh"):
        (tools / name).symlink_to(next(p for p in (Path("/usr/bin", name), Path("/bin", name)) if p.exists()))

    done = subprocess.run(
        [str(tools / "sh"), str(script), "a", "b"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "error: no Python 3.11 or later with venv was found; set DRIFT_PYTHON"
    )
