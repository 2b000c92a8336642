"""Does pyright in strict mode, which many editors run, find nothing in clients of several documents?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.self_tests.support.folders import DOCUMENTS
from scripts.lib.paths import ROOT

PYRIGHT = ROOT / ".bench" / "pyright" / "node_modules" / "pyright" / "index.js"
MISSING = "pyright was not run over generated clients: it is not here; `make pyright` installs it"
# A mistake that only strict mode finds: without it nothing would show that anything was read.
PLANTED = "def planted(value):\n    return value\n"


@pytest.mark.skipif(not PYRIGHT.exists() or shutil.which("node") is None, reason=MISSING)
def test_pyright_finds_nothing_in_clients_in_strict_mode(tmp_path: Path) -> None:
    """The client of this repository, and those of three documents with everything that documents have."""
    shutil.copytree(ROOT / "generated" / "novapost_client", tmp_path / "novapost_client")
    for name in ("courier", "carrier", "broad"):
        overlay = DOCUMENTS / f"{name}.overlay.yaml"
        more = ["--overlay", str(overlay)] if overlay.exists() else []
        command = [sys.executable, "-m", "scripts.regenerate", "--spec", str(DOCUMENTS / f"{name}.yaml")]
        made = subprocess.run(
            [*command, *more, "--output", str(tmp_path / f"{name}_client")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
    (tmp_path / "planted.py").write_text(PLANTED, encoding="utf-8")
    settings = {"include": ["."], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")

    done = subprocess.run(
        ["node", str(PYRIGHT), "--pythonpath", sys.executable, "--outputjson"],
        cwd=tmp_path,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    found = json.loads(done.stdout)["generalDiagnostics"]
    told = {(Path(one["file"]).relative_to(tmp_path).as_posix(), one.get("rule")) for one in found}
    planted = {pair for pair in told if pair[0] == "planted.py"}
    assert ("planted.py", "reportMissingParameterType") in planted
    assert told - planted == set()
