"""One worker of several that share a token: make a few calls, and print the token of each.

python -m contract_tests.self_tests.client.token.token_worker ADDRESS DIRECTORY sync|async CALLS
"""

import asyncio
import sys
from typing import Any

from novapost_client import Client, FileTokenStore
from novapost_client._runtime.answers import Answers, Documented
from novapost_client._runtime.calls import Call
from novapost_client._runtime.operations import Operation
from novapost_client._runtime.parsing import ANY

KEY = "one-key-of-them-all"
PING: Call[Any] = Call(
    Operation("ping", "GET", "/ping", security=(("JWT",),)), Answers((200, 200, Documented("json", ANY)))
)


def main(address: str, directory: str, how: str, calls: int) -> None:
    """Make the calls, one after another."""

    async def run() -> None:
        async with Client(address, api_key=KEY, token_store=FileTokenStore(directory)) as client:
            for _ in range(calls):
                print((await client.asend(PING)).parsed["token"])

    if how == "async":
        asyncio.run(run())
        return
    with Client(address, api_key=KEY, token_store=FileTokenStore(directory)) as client:
        for _ in range(calls):
            print(client.send(PING).parsed["token"])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
