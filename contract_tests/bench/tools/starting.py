"""What a start costs, until a server says that it listens: processor time to the microsecond, and memory."""

import os
import signal
import subprocess
from collections.abc import Sequence

from contract_tests.bench.novapost.servers import OURS
from contract_tests.bench.tools.process import Cost
from contract_tests.bench.tools.serving import megabytes
from contract_tests.bench.values import Missing
from scripts.lib.paths import ROOT


def start(options: Sequence[str]) -> Cost:
    """Start our mock on a free port, wait until it says that it listens, and stop it.

    Raises:
        Missing: it did not start.
    """
    command = [part.format(port=0) for part in OURS.command]
    process = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **OURS.surroundings},
    )
    assert process.stdout is not None
    with process.stdout as output:
        said = output.readline()
        used = megabytes(process.pid)
        process.send_signal(signal.SIGTERM)
        _, status, cost = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if b" listening on " not in said:
        raise Missing(f"the mock did not start with {' '.join(options)}")
    return Cost(cost.ru_utime + cost.ru_stime, 0, used, process.returncode, "", "")
