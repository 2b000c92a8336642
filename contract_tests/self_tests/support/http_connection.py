"""A plain HTTP connection for JSON, quicker to make than a client of httpx."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


class HttpConnection:
    """A connection to one address."""

    def __init__(self, base: str, *, kept: bool = True) -> None:
        """Remember the address; the first call connects.

        Args:
            base: the address that paths are put after.
            kept: whether the connection is used again for the next call. A server closes one that was idle.
        """
        url = urlsplit(base)
        self._connection = http.client.HTTPConnection(str(url.hostname), url.port, timeout=60)
        self._path = url.path
        self._kept = kept

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return the status and the JSON body of the answer.

        Raises:
            OSError, http.client.HTTPException: there was no whole answer.
        """
        content = None if body is None else json.dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        if not self._kept:
            headers["Connection"] = "close"
        self._connection.request(method, self._path + path, content, headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def close(self) -> None:
        """Close it; the next call makes another."""
        self._connection.close()
