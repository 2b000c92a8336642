"""A git repository of somebody else, with a document that has a history."""

import os
import subprocess
from pathlib import Path

SHOP = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /v1/orders:
    get:
      deprecated: true
      x-sunset: "2026-01-01"
      x-stability-level: beta
      parameters: [{name: page, in: query, schema: {type: integer, maximum: 100}}]
      responses: {"200": {description: ok}}
  /v1/items:
    get:
      x-stability-level: draft
      responses: {"200": {description: ok}}
"""
# The line that narrows, from 1.
LINE = 9


def narrowed(text: str = SHOP) -> str:
    """Return the document with a change that breaks callers."""
    return text.replace("maximum: 100", "maximum: 50")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, with a name and nothing of the machine's settings."""
    who = {
        f"GIT_{one}_{what}": "a@b.example" for one in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | who | quiet, capture_output=True, text=True, check=True
    )
    return done.stdout


def shop(folder: Path) -> Path:
    """Make a repository whose last commit narrows api/openapi.yaml; it has a folder `scripts` of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet")
    (folder / "scripts").mkdir()
    (folder / "scripts" / "__init__.py").write_text('raise SystemExit("the scripts of the shop")\n')
    (folder / "api").mkdir()
    for text, message in ((SHOP, "one"), (narrowed(), "two")):
        (folder / "api" / "openapi.yaml").write_text(text)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", message)
    return folder
