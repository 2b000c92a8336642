"""Run the tests, and say which branches of each part they execute.

    python -m contract_tests.coverage [--processes N] [--report-only] [TESTS ...]

To be started by the interpreter of an environment of its own, as `make coverage` does. It puts a `.pth` file
there, so that every process of the tests is measured: workers, servers, forks, and the confined children that
read documents.

Exit codes: 0 all bounds of `bounds.toml` are kept and the tests passed, 1 one is not, 2 it could not run.
"""

import argparse
import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from coverage import Coverage, CoverageData

from contract_tests.coverage.bounds import count, left_out, read_bounds, table
from scripts.generator.runtime_copy import FOLDER as RUNTIME_COPY
from scripts.lib.paths import ANY_API, CLIENT, NOVAPOST, ROOT, RUNTIME

REPORTS = ROOT / "reports" / "coverage"
DATA = REPORTS / "data"
SETTINGS = DATA / "settings.ini"
SELF_TESTS = "contract_tests/self_tests"
_HERE = Path(__file__).parent


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, report, and compare with the bounds."""
    parser = argparse.ArgumentParser(prog="coverage", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tests", nargs="*", help="the tests to run; all of them if none is named")
    parser.add_argument("--processes", default="2", metavar="N", help="run the self tests in N processes")
    parser.add_argument(
        "--report-only", action="store_true", help="report what the last run measured, and run nothing"
    )
    options = parser.parse_args(argv)
    if sys.prefix == sys.base_prefix:
        print("error: run this by `make coverage`, in an environment of its own", file=sys.stderr)
        return 2
    passed = True
    if not options.report_only:
        _prepare()
        passed = _run(options.tests, options.processes)
    parts = read_bounds()
    homeless = count(parts, _measured())
    for path in homeless:
        print(f"error: no part of bounds.toml has the file {path}", file=sys.stderr)
    print("\n".join(table(parts)))
    print(f"{(REPORTS / 'index.html').relative_to(ROOT)} shows each line")
    if not passed:
        print("error: some tests failed, so the figures may be too low", file=sys.stderr)
    return 0 if passed and not homeless and all(part.is_kept for part in parts) else 1


def _prepare() -> None:
    shutil.rmtree(REPORTS, ignore_errors=True)
    DATA.mkdir(parents=True)
    settings = (_HERE / "settings.ini").read_text(encoding="utf-8")
    SETTINGS.write_text(settings.replace("@ROOT@", str(ROOT)).replace("@DATA@", str(DATA)), encoding="utf-8")
    packages = Path(sysconfig.get_path("purelib"))
    start = (_HERE / "start.py").read_text(encoding="utf-8")
    (packages / "measured_start.py").write_text(start.replace("@SETTINGS@", str(SETTINGS)), encoding="utf-8")
    # The name sorts before a1_coverage.pth, which reads what this one sets.
    (packages / "a0_measured_start.pth").write_text("import measured_start\n", encoding="utf-8")


def _run(tests: Sequence[str], processes: str) -> bool:
    shared = f"--numprocesses={processes}", "--dist=loadfile"
    contract = [str(folder.relative_to(ROOT)) for folder in (ANY_API, NOVAPOST)]
    runs = [[*tests, *shared]] if tests else [[SELF_TESTS, *shared], contract]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [f"--deselect={test}" for test in left_out()]
    codes = [subprocess.run([*command, *run], cwd=ROOT, check=False).returncode for run in runs]
    return not any(codes)


def _measured() -> dict[str, dict[str, dict[str, int]]]:
    """Join the data of all processes, and return coverage's report on each file by its path from the root."""
    for file in DATA.glob("confined.*"):
        if content := file.read_bytes():  # empty where a limit ended the process
            CoverageData(basename=str(DATA / f"process.{file.name}")).loads(content)
        file.unlink()
    measured = Coverage(data_file=str(REPORTS / "process"), config_file=str(SETTINGS))
    measured.combine([str(DATA)], strict=False, keep=True)
    data = measured.get_data()
    data.add_arcs(_at_home(data))
    data.touch_files([str(path) for path in _sources()])
    measured.save()
    copies = [f"*/{RUNTIME_COPY}/*"]
    measured.html_report(directory=str(REPORTS), omit=copies)
    file = REPORTS / "coverage.json"
    measured.json_report(outfile=str(file), omit=copies)
    files: dict[str, dict[str, dict[str, int]]] = json.loads(file.read_text(encoding="utf-8"))["files"]
    return {str(Path(path).resolve().relative_to(ROOT)): report for path, report in files.items()}


def _at_home(data: CoverageData) -> dict[str, set[tuple[int, int]]]:
    """Return what copies of the runtime executed, in the lines of scripts/runtime.

    Each client has a copy: the committed one, and those that tests generate. A copy begins with a comment.
    """
    comment = len((CLIENT / RUNTIME_COPY / "errors.py").read_text(encoding="utf-8").splitlines())
    comment -= len((RUNTIME / "errors.py").read_text(encoding="utf-8").splitlines())
    found: dict[str, set[tuple[int, int]]] = {}
    for name in data.measured_files():
        original = RUNTIME / Path(name).name
        if Path(name).parent.name == RUNTIME_COPY and original.exists():
            moved = found.setdefault(str(original), set())
            moved |= {(_moved(a, comment), _moved(b, comment)) for a, b in data.arcs(name) or ()}
    return found


def _moved(line: int, by: int) -> int:
    # A negative number stands for the way into, or out of, the code that begins there; a module begins at 1.
    return line - by if line > by else line + by if line < -by else line


def _sources() -> list[Path]:
    # What no test imports is not executed either.
    return [
        path
        for folder in ("scripts", "contract_tests", "generated")
        for path in (ROOT / folder).rglob("*.py")
        if not path.is_relative_to(ROOT / SELF_TESTS) and "_runtime" not in path.parts
    ]


if __name__ == "__main__":
    sys.exit(main())
