"""An address that is sent whole and printed without its secrets.

Sentry's and OpenTelemetry's instrumentation of httpx, httpx' own log and the printed form of a request all
take `str(request.url)`; what is sent is read from `raw_path`. So the secret stays out of the first and in the
second, and nobody has to switch a tracer off. Whoever reads `raw_path`, `query` or `params` sees it whole.
"""

from collections.abc import Collection
from typing import Any

import httpx

from .redaction import masked_address


class MaskedURL(httpx.URL):
    """An address whose text is masked. Addresses that are made from it are whole again."""

    def __init__(self, url: httpx.URL, shown: str) -> None:
        super().__init__(url)
        self._shown = shown

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"URL({self._shown!r})"

    def __eq__(self, other: Any) -> bool:
        same: bool = httpx.URL(self) == other
        return same

    def __hash__(self) -> int:
        return hash(httpx.URL(self))

    def join(self, url: httpx.URL | str) -> httpx.URL:
        """Return the address that a reference leads to from here."""
        return httpx.URL(self).join(url)


def mask_url(request: httpx.Request, secrets: Collection[str]) -> None:
    """Mask the printed form of a request's address, where it holds one of `secrets` or a name of a secret."""
    whole = str(request.url)
    shown = masked_address(whole, secrets)
    if shown != whole:
        request.url = MaskedURL(request.url, shown)
