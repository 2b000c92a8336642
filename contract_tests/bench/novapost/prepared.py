"""Prepare the mock for a peer: phones of every kind, keys that are good and keys that are not.

Our suite prepares its target by itself. A peer cannot, so its target is prepared before it starts, as a
user would prepare a test system, and it is told what there is: requests can bring each status but 503.
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from contract_tests.bench.values import Missing

# The document's own example, and numbers that regulators reserve for fiction.
REGISTERED = ("498213437654", "447700900001")
AMBIGUOUS = "493023125000"
LIMITED = "447700900002"
STRANGER = "447700900777"
UKRAINIAN = "380440000000"
UNKNOWN_KEY = "f" * 40
_SECONDS = 20


@dataclass(frozen=True)
class Prepared:
    """What a peer is told.

    Attributes:
        key: buys a JWT.
        deleted: a key that a cleanup has deleted.
    """

    key: str
    deleted: str


def prepare(port: int, mock: int) -> Prepared:
    """Prepare a mock through the proxy before it, which may follow what passes.

    Args:
        port: what stands before the mock.
        mock: the mock itself, which tells the keys as they are.

    Raises:
        Missing: it does not answer as it should.
    """
    _called(port, "POST", "/__mock__/reset", {})
    for phone in (*REGISTERED, LIMITED):
        _called(port, "PUT", f"/__mock__/clients/{phone}", {"matches": 1})
    _called(port, "PUT", f"/__mock__/clients/{AMBIGUOUS}", {"matches": 2})
    for phone in (REGISTERED[1], LIMITED):
        _called(port, "POST", "/v.1.0/test-api-keys", {"phone": phone})
    key, deleted = (_key(mock, phone) for phone in (REGISTERED[1], LIMITED))
    # Issued today and deleted: asked again today, it is over the limit.
    _called(port, "POST", "/__mock__/cleanup", {"phone": LIMITED})
    return Prepared(key, deleted)


def _key(mock: int, phone: str) -> str:
    """Return the key of a phone, by a repeated request of the same day."""
    answer = _called(mock, "POST", "/v.1.0/test-api-keys", {"phone": phone})
    key = answer.get("apiKey") if isinstance(answer, dict) else None
    if not isinstance(key, str):
        raise Missing(f"the mock gave no key for the phone that ends in {phone[-3:]}")
    return key


def _called(port: int, method: str, path: str, body: object) -> object:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            content = answer.read()
    except urllib.error.HTTPError as error:
        content = error.read()
    except OSError as error:
        raise Missing(f"the target cannot be prepared: {error}") from error
    try:
        found: object = json.loads(content)
    except ValueError:
        return None
    return found
