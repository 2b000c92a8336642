"""Tokens that are obtained by a clock that is set by hand."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

from scripts.runtime.auth import TokenAuth
from scripts.runtime.errors import ClientError


class Clock:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        """Now."""
        return self.time


def token(**claims: Any) -> str:
    """Return a JSON Web Token with these claims."""
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.sig"


def auth(fetch: Callable[[], str | ClientError], clock: Clock, **more: Any) -> TokenAuth:
    """Return an authentication that fetches like this."""

    async def fetch_async() -> str | ClientError:
        await asyncio.sleep(0)
        return fetch()

    return TokenAuth(
        header="Authorization",
        address="https://api.example/v1",
        fetch=fetch,
        fetch_async=fetch_async,
        clock=clock,
        now=clock,
        **more,
    )
