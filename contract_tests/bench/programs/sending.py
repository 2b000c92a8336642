"""The same request again and again, through one of three senders, each answer read.

    python -m contract_tests.bench.programs.sending SENDER ADDRESS CALLS BODY

Prints how many, in how many seconds, of which so many of processor time.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx
import requests

from contract_tests.target.transport import Wire, transport_to

SENDERS = ("our wire", "httpx", "requests")


def sender(kind: str, address: str, body: Any) -> Callable[[], object]:
    """Return what sends the body once and reads the answer."""
    if kind == "our wire":
        wire = Wire(transport_to(address))
        return lambda: wire.request("POST", address, json=body).json()
    if kind == "httpx":
        client = httpx.Client()
        return lambda: client.post(address, json=body).json()
    session = requests.Session()
    return lambda: session.post(address, json=body).json()


def main(kind: str, address: str, calls: int, body: Any) -> None:
    """Send the calls, after one that does not count."""
    send = sender(kind, address, body)
    send()
    begun, cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        send()
    print(calls, time.perf_counter() - begun, time.process_time() - cpu)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4]))
