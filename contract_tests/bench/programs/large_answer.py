"""Read one large answer by our client, by the bare generator's models, and by json alone.

    python -m contract_tests.bench.programs.large_answer FOLDER ROUNDS ITEMS

The folder holds both packages, `ours` and `bare`, and `answer.json`. Prints a line per round: seconds of
processor time of each of the three.
"""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

_ADDRESS = "http://127.0.0.1"


def main(folder: Path, rounds: int, items: int) -> None:
    """Measure both clients, after one call of each that does not count."""
    sys.path.insert(0, str(folder))
    client_class: Any = import_module("ours").Client
    model: Any = import_module("bare.models").ShipmentPage
    content = (folder / "answer.json").read_bytes()
    headers = {"content-type": "application/json"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=content, headers=headers))
    client = client_class(_ADDRESS, api_key="0" * 32, httpx_args={"transport": transport})
    plain = httpx.Client(transport=transport)

    def ours() -> Any:
        return client.shipments.list()

    def alone() -> Any:
        return plain.get(f"{_ADDRESS}/shipments").json()

    def bare() -> Any:
        return model.from_dict(alone())

    def took(call: Callable[[], Any]) -> float:
        begun = time.process_time()
        call()
        return time.process_time() - begun

    for call in (ours, bare):
        assert len(call().items) == items
    for number in range(rounds):
        order = (ours, bare, alone) if number % 2 else (alone, bare, ours)
        times = {call: took(call) for call in order}
        print(times[ours], times[bare], times[alone])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
