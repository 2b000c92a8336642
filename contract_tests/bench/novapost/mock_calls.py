"""Calls through the mock's transport and through httpx's own with a fixed answer, in turns, in one process.

    python -m contract_tests.bench.novapost.mock_calls ROUNDS

Prints a line per round: milliseconds of processor time for one call, ours and bare.
"""

import sys
import time

import httpx

from contract_tests.bench.novapost.request import BODY, KEY, PATH
from novapost_mock import Mock, MockTransport

_CALLS = 200


def main(rounds: int) -> None:
    """Measure."""
    bare = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=KEY)))
    ours = httpx.Client(transport=MockTransport(Mock()))

    def took(client: httpx.Client) -> float:
        begun = time.process_time()  # nothing waits here, and what else runs does not count
        for _ in range(_CALLS):
            client.post(
                f"https://api-stage.novapost.pl{PATH}",
                content=BODY,
                headers={"Content-Type": "application/json"},
            )
        return (time.process_time() - begun) / _CALLS * 1e3

    for _ in range(rounds):
        print(took(ours), took(bare))


if __name__ == "__main__":
    main(int(sys.argv[1]))
