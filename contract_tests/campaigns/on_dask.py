"""Run a campaign as many shards on the workers of a Dask scheduler: `make dask`.

Dask decides which worker runs a shard, and when, and repeats the shards of a lost worker. A shard runs as
with `make contract SHARD=i/n`; there are many more shards than workers. No other file of the suite knows
Dask. This file runs in Dask's own environment (`.venv-dask`), so it imports nothing of the suite: a worker
starts the suite with the interpreter of `.venv`, which is in the same folder on every machine.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from distributed import Client, LocalCluster, as_completed

ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT / ".venv" / "bin" / "python"
# What a run writes that `make merge` joins.
KINDS = ("contract-*-of-*.json", "junit-*-of-*.xml")

Written = dict[str, str]


def part(number: int, of: int, arguments: Sequence[str]) -> tuple[int, str, Written]:
    """Run one shard; on a worker.

    Returns:
        Its exit code, what it said last, and the files that it wrote, by name.
    """
    tests = [str(ROOT / "contract_tests" / name) for name in ("any_api", "novapost")]
    with tempfile.TemporaryDirectory(prefix="novapost-shard-") as folder:
        command = [
            str(SUITE),
            "-m",
            "pytest",
            *tests,
            "--assert=plain",
            "--campaign",
            "-p",
            "no:cacheprovider",
        ]
        command += [f"--shard={number}/{of}", f"--report={folder}", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        written = {path.name: path.read_text("utf-8") for kind in KINDS for path in Path(folder).glob(kind)}
    return done.returncode, said[-1] if said else "", written


def campaign(client: Client, parts: int, arguments: Sequence[str], folder: Path) -> bool:
    """Let workers run all parts, and write their reports into a folder.

    Returns:
        Whether every part came to a summary.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        for old in folder.glob(kind):
            old.unlink()
    # Not pure: the same part again is another run, not a result that Dask may remember.
    futures = client.map(part, range(1, parts + 1), of=parts, arguments=list(arguments), pure=False)
    numbers = {future.key: number for number, future in enumerate(futures, 1)}
    whole = True
    for done, future in enumerate(as_completed(futures), 1):
        code, said, written = future.result()
        for name, text in written.items():
            (folder / name).write_text(text, "utf-8")
        print(f"{done} of {parts}: shard {numbers[future.key]} ended with {code}", flush=True)
        if not written:
            print(f"error: shard {numbers[future.key]}: {said}", file=sys.stderr)
            whole = False
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run a campaign and join it.

    Returns:
        0 if it found nothing, 1 if it did, 2 if it could not run.
    """
    parser = argparse.ArgumentParser(prog="make dask", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--scheduler", help="address of a Dask scheduler (default: start workers on this machine)"
    )
    parser.add_argument("--workers", type=int, default=2, help="number of workers without --scheduler (2)")
    parser.add_argument("--parts", type=int, default=8, help="number of shards (8)")
    parser.add_argument("--seed", type=int, required=True, help="seed of the campaign")
    parser.add_argument("--seeds", type=int, default=1, help="as SEEDS of make contract (1)")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "reports", help="folder for the reports (reports)"
    )
    options = parser.parse_args(argv)
    arguments = [f"--seed={options.seed}", f"--seeds={options.seeds}"]
    if options.workers < 1 or options.parts < 2:
        print("error: --workers is 1 or more, --parts 2 or more", file=sys.stderr)
        return 2
    try:
        if options.scheduler:
            client = Client(options.scheduler, timeout=20)
        else:
            # Processes on loopback, each with one part at a time, which has a core and a mock to itself.
            cluster = LocalCluster(
                n_workers=options.workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
            )
            client = Client(cluster)
    except (OSError, ValueError) as error:
        print(f"error: no scheduler at {options.scheduler}: {type(error).__name__}", file=sys.stderr)
        return 2
    with client:
        whole = campaign(client, options.parts, arguments, options.folder)
    if not options.scheduler:
        cluster.close()
    if not whole:
        return 2
    merge = [str(SUITE), "-m", "contract_tests.campaigns.merge", f"--folder={options.folder}"]
    return subprocess.run(merge, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
