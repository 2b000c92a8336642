"""Can a release go out only if version, changelog, tag and packages are one?"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.release import faults, faults_of_packages, main, newest_entry

ROOT = Path(__file__).parents[3]
RELEASED = (
    "# Changelog\n\nWhat is public.\n\n## 1.2.0 (2026-12-01)\n\n- New.\n\n## 1.1.0 (2026-11-01)\n\n- Old.\n"
)
OPEN = RELEASED.replace("(2026-12-01)", "(unreleased)")


def packages(folder: Path, version: str, says: str | None = None) -> Path:
    """Return a wheel and a source archive whose metadata may say another version than their names."""
    text = f"Metadata-Version: 2.4\nName: novapost-client\nVersion: {says or version}\n"
    folder.mkdir()
    stem = f"novapost_client-{version}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", text)
    (folder / "PKG-INFO").write_text(text, encoding="utf-8")
    with tarfile.open(folder / f"{stem}.tar.gz", "w:gz") as archive:
        archive.add(folder / "PKG-INFO", f"{stem}/PKG-INFO")
    (folder / "PKG-INFO").unlink()
    return folder


def test_the_newest_entry_has_its_notes_and_no_others() -> None:
    entry = newest_entry(RELEASED)

    assert entry is not None
    assert (entry.version, entry.date, entry.notes) == ("1.2.0", "2026-12-01", "- New.")


@pytest.mark.parametrize(
    ("changelog", "tag", "expected"),
    [
        (RELEASED, "v1.2.0", []),
        (RELEASED, None, []),
        (OPEN, None, []),
        (OPEN, "v1.2.0", ["CHANGELOG.md has no date for 1.2.0: write the day instead of (unreleased)"]),
        (RELEASED, "1.2.0", ["the tag is 1.2.0, pyproject.toml has 1.2.0: the tag has to be v1.2.0"]),
        (RELEASED, "v1.2.1", ["the tag is v1.2.1, pyproject.toml has 1.2.0: the tag has to be v1.2.0"]),
        ("# Changelog\n", None, ['CHANGELOG.md has no entry of the form "## VERSION (DATE)"']),
        (
            RELEASED.replace("1.2.0", "1.3.0"),
            None,
            ["CHANGELOG.md begins with 1.3.0, pyproject.toml has 1.2.0"],
        ),
    ],
)
def test_what_does_not_agree_is_named(changelog: str, tag: str | None, expected: list[str]) -> None:
    assert faults("1.2.0", newest_entry(changelog), tag) == expected


def test_packages_of_this_version_are_taken(tmp_path: Path) -> None:
    assert faults_of_packages(packages(tmp_path / "dist", "1.2.0"), "novapost-client", "1.2.0") == []


def test_packages_that_say_another_version_are_named(tmp_path: Path) -> None:
    found = faults_of_packages(packages(tmp_path / "dist", "1.2.0", "1.1.9"), "novapost-client", "1.2.0")

    assert found == [
        "novapost_client-1.2.0-py3-none-any.whl says of itself novapost-client 1.1.9",
        "novapost_client-1.2.0.tar.gz says of itself novapost-client 1.1.9",
    ]


@pytest.mark.parametrize("left", ["novapost_client-1.1.0.tar.gz", "notes.txt"])
def test_what_was_left_in_the_folder_stops_a_release(tmp_path: Path, left: str) -> None:
    """All that lies there is published."""
    (packages(tmp_path / "dist", "1.2.0") / left).touch()

    (found,) = faults_of_packages(tmp_path / "dist", "novapost-client", "1.2.0")

    assert left in found


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (found,) = faults_of_packages(tmp_path / "dist", "novapost-client", "1.2.0")

    assert found.startswith("dist/ holds nothing; it has to hold novapost_client-1.2.0-py3-none-any.whl and ")


def test_this_repository_could_be_released(capsys: pytest.CaptureFixture[str]) -> None:
    """As a dry run, which every pull request makes that touches it."""
    assert main([]) == 0
    assert "version, changelog and packages agree (dry run, no tag)" in capsys.readouterr().out


def test_a_wrong_tag_ends_with_a_line_and_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tag", "v9.9.9"]) == 1
    assert "error: the tag is v9.9.9, pyproject.toml has " in capsys.readouterr().err


def test_the_metadata_is_what_tools_of_last_year_read(tmp_path: Path) -> None:
    """Twine 6, which publishing actions shipped until the summer, refuses Metadata-Version 2.5."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        text = archive.read(name).decode()

    assert text.splitlines()[0] == "Metadata-Version: 2.4"


def test_what_the_publishing_action_would_refuse_is_refused_before() -> None:
    """Version 1.14.2 of the action ships twine 7.0.0: whoever renews one looks what the other has."""
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    group = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"][
        "release"
    ]

    assert re.search(r"pypa/gh-action-pypi-publish@\w+ # v1\.14\.2$", text, re.MULTILINE)
    assert "twine==7.0.0" in group


def jobs() -> dict[str, Any]:
    tree = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    result: dict[str, Any] = tree["jobs"]
    return result


def test_a_pull_request_goes_through_all_but_the_publishing() -> None:
    """Whatever may write is for tags alone."""
    for name, job in jobs().items():
        if name == "build":
            assert "if" not in job
            assert "permissions" not in job
        else:
            assert job["if"] == "github.ref_type == 'tag'", name


def test_a_pull_request_that_touches_a_release_tries_it() -> None:
    """Whatever the packages hold, and whatever the commands read that make them."""
    # YAML 1.1 takes the key "on" for a truth.
    tree = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    watched = [each.removesuffix("/**") for each in tree[True]["pull_request"]["paths"]]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    targets = project["tool"]["hatch"]["build"]["targets"]
    recipe = (
        (ROOT / "Makefile")
        .read_text(encoding="utf-8")
        .partition("\nbuild:")[2]
        .partition("\nrelease-page:")[0]
    )

    needed = {
        *targets["wheel"]["packages"],
        *targets["wheel"]["force-include"],
        *(each.removeprefix("/") for each in targets["sdist"]["include"]),
        *(project["project"]["readme"], *project["project"]["license-files"]),
        *re.findall(r"requirements-[a-z]+\.lock|scripts/[a-z_]+\.py", recipe),
        *(f"{each.replace('.', '/')}.py" for each in re.findall(r"-m (scripts\.[a-z_]+)", recipe)),
        *("Makefile", "pyproject.toml", "requirements-release.lock", "requirements-uv.lock"),
    }
    assert "scripts/set_up.py" in needed
    for path in needed:
        assert any(path == each or path.startswith(f"{each}/") for each in watched), path


def test_nothing_is_published_that_was_not_tested() -> None:
    assert set(jobs()["publish"]["needs"]) == {"build", "test", "attest"}


def test_the_artefact_is_built_from_the_lock_of_the_build_alone() -> None:
    """No step of its job runs a test or what a test installs."""
    runs = [step["run"] for step in jobs()["build"]["steps"] if "run" in step]

    assert runs == ["make release"]


def test_every_lock_says_the_command_that_writes_it() -> None:
    """Renovate runs it; its pattern takes all of them."""
    pattern = json.loads((ROOT / ".github" / "renovate.json").read_text(encoding="utf-8"))
    (expression,) = pattern["pip-compile"]["managerFilePatterns"]
    locks = sorted(path.name for path in ROOT.glob("*.lock"))

    assert len(locks) >= 8
    for lock in locks:
        assert re.search(expression.strip("/"), lock)
        command = (ROOT / lock).read_text(encoding="utf-8").splitlines()[2]
        assert command.startswith("#    uv pip compile ")
        assert command.endswith(f"--output-file={lock}")


@pytest.mark.skipif(shutil.which("make") is None, reason="no make is here")
def test_the_page_of_a_release_has_the_packages_and_the_notes(tmp_path: Path) -> None:
    """By GitHub's own command; the tag has to be there already."""
    (tmp_path / "gh").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n', encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    done = subprocess.run(
        ["make", "--silent", "release-page", "TAG=v0.0.0", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "error: the tag is v0.0.0" in done.stderr
    assert not (tmp_path / "called").exists()
