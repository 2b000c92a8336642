"""Is each file that another program reads as its published schema has it? And would a mistake be noticed?

check-jsonschema carries the schemas; nothing is fetched.
"""

from pathlib import Path

import pytest
from check_jsonschema import main  # type: ignore[import-untyped]
from click.testing import CliRunner

from scripts.lib.paths import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted(
    [*(GITHUB / "workflows").glob("*.yml"), *(ROOT / "docs" / "how-to" / "manifests").glob("*.yml")]
)
FORMS = [GITHUB / "ISSUE_TEMPLATE" / name for name in ("defect.yml", "rule.yml")]

# The file, its schema, and a mistake: a text of the file and what is planted in its place.
FILES = [
    *((path, "github-workflows", "    runs-on:", "    run-on:") for path in WORKFLOWS),
    *(
        (path, "github-workflows", "    timeout-minutes: ", "    timeout-minutes: some ")
        for path in WORKFLOWS
    ),
    *((path, "github-issue-forms", "- type: textarea", "- type: textaera") for path in FORMS),
    (
        GITHUB / "ISSUE_TEMPLATE" / "config.yml",
        "github-issue-config",
        "enabled: true",
        "enabled: perhaps",
    ),
    (GITHUB / "dependabot.yml", "dependabot", "interval: weekly", "interval: weekely"),
    (GITHUB / "renovate.json", "renovate", '["pip-compile"]', '"pip-compile"'),
    (ROOT / "action.yml", "github-actions", "\nruns:", "\nrun:"),
    (ROOT / "compose.yaml", "compose-spec", "healthcheck:", "healthchek:"),
    (ROOT / "compose.yaml", "compose-spec", "condition: service_healthy", "condition: healthy"),
]


def verdict(path: Path, schema: str) -> tuple[int, str]:
    """Return the exit code and the words of the validator."""
    done = CliRunner().invoke(main, ["--builtin-schema", f"vendor.{schema}", str(path)])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("path", "schema"),
    dict.fromkeys((path, schema) for path, schema, _, _ in FILES),
    ids=lambda value: value.name if isinstance(value, Path) else None,
)
def test_a_file_is_what_its_reader_takes(path: Path, schema: str) -> None:
    assert verdict(path, schema)[0] == 0, verdict(path, schema)[1]


@pytest.mark.parametrize(
    ("path", "schema", "right", "wrong"),
    FILES,
    ids=lambda value: value.name if isinstance(value, Path) else None,
)
def test_a_mistake_is_noticed(path: Path, schema: str, right: str, wrong: str, tmp_path: Path) -> None:
    """The check above can fail, for each of the files."""
    text = path.read_text(encoding="utf-8")
    assert right in text
    planted = tmp_path / path.name
    planted.write_text(text.replace(right, wrong, 1), encoding="utf-8")

    assert verdict(planted, schema)[0] == 1
