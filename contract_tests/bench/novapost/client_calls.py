"""Calls through the generated client and through bare httpx, in turns.

    python -m contract_tests.bench.novapost.client_calls PACKAGE ADDRESS ROUNDS CALLS

Prints a line per round: seconds of processor time and of the clock for one call, ours and bare.
"""

import sys
import time
from importlib import import_module
from typing import Any

import httpx

from contract_tests.bench.novapost.request import OPERATION, PHONE


def main(package: str, address: str, rounds: int, calls: int) -> None:
    """Measure the clients, in an order that changes from round to round."""
    ours: Any = import_module(package).Client(address)
    bare = httpx.Client(base_url=address, timeout=30)

    def one() -> object:
        return ours.test_api_keys.create(phone=PHONE)

    def other() -> object:
        answer = bare.post(OPERATION, json={"phone": PHONE})
        answer.raise_for_status()
        return answer.json()

    for number in range(rounds):
        took = {}
        for call in (one, other) if number % 2 else (other, one):
            call()
            cpu, wall = time.process_time(), time.perf_counter()
            for _ in range(calls):
                call()
            took[call] = (time.process_time() - cpu) / calls, (time.perf_counter() - wall) / calls
        print(*took[one], *took[other])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
