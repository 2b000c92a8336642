"""Run the mock cases of Prism's own test harness against `novapost-mock --spec`, and count equal statuses.

The harness is not part of this repository. `git clone https://github.com/stoplightio/prism`, then
`python -m contract_tests.bench.tools.prism_harness prism/test-harness/specs`. Its
commands ask port 4010, so that has to be free, and curl has to be there.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

PORT = "4010"
_PARTS = re.compile(
    r"====(server|test|spec|command|expect|expect-loose|expect-keysOnly)====\r?\n", re.IGNORECASE
)
_STATUS = re.compile(r"HTTP/1\.1 (\d+)")
_OPENAPI_3 = re.compile(r"openapi['\"]?\s*:\s*['\"]?3")


class Case(NamedTuple):
    """One file of the harness."""

    name: str
    document: str
    server: str
    command: str
    status: str


def cases(folder: Path) -> Iterator[Case]:
    """Yield every case that starts Prism as a mock of an OpenAPI 3 document."""
    for file in sorted(folder.rglob("*.txt")):
        parts = _PARTS.split(file.read_text(encoding="utf-8"))
        found = dict(zip(parts[1::2], parts[2::2], strict=True))
        if not found["server"].strip().startswith("mock") or not _OPENAPI_3.search(found["spec"]):
            continue
        expected = next(
            found[name] for name in ("expect", "expect-loose", "expect-keysOnly") if name in found
        )
        status = _STATUS.search(expected)
        name = file.relative_to(folder).as_posix()
        yield Case(
            name,
            found["spec"],
            found["server"].strip(),
            found["command"].strip(),
            status[1] if status else "",
        )


def status_of(case: Case, options: Sequence[str]) -> str:
    """Serve the document of a case, run its command, and return the last status that curl shows."""
    with tempfile.TemporaryDirectory() as folder:
        document = Path(
            folder, "document.json" if case.document.lstrip().startswith("{") else "document.yaml"
        )
        document.write_text(case.document, encoding="utf-8")
        command = [sys.executable, "-m", "novapost_mock", "--port", PORT, "--spec", str(document), *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as mock:
            try:
                if mock.stdout is None or not mock.stdout.readline():
                    return "no start"
                # The command is the harness's own, and a line for a shell.
                ran = subprocess.run(["sh", "-c", case.command], capture_output=True, timeout=20, check=False)
            finally:
                mock.terminate()
    found = _STATUS.findall(ran.stdout.decode("utf-8", "replace"))
    return found[-1] if found else "no answer"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all cases; 0 if there are any, 2 if the folder holds none."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("folder", type=Path, help="test-harness/specs of a clone of stoplightio/prism")
    parser.add_argument("--not-acceptable", action="store_true", help="hand this on to novapost-mock")
    asked = parser.parse_args(arguments)
    options = ["--not-acceptable"] if asked.not_acceptable else []
    found = list(cases(asked.folder))
    if not found:
        print(
            "error: no cases there; give test-harness/specs of a clone of stoplightio/prism", file=sys.stderr
        )
        return 2
    same = 0
    for case in found:
        status = status_of(case, options)
        same += status == case.status
        if status != case.status:
            print(f"{case.name}: Prism {case.status}, here {status}")
    print(f"{same} of {len(found)} mock cases for OpenAPI 3 have the same status")
    return 0


if __name__ == "__main__":
    sys.exit(main())
