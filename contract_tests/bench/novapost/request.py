"""The request that the benchmarks ask for a key with, its schema, and an answer that fits."""

import json
from typing import Any

OPERATION = "test-api-keys"
PATH = f"/v.1.0/{OPERATION}"
PHONE = "498213437654"
BODY = json.dumps({"phone": PHONE}).encode()
# A text, so that only a validator that knows the pattern refuses it.
WRONG = json.dumps({"phone": "+49 821"}).encode()
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["phone"],
    "properties": {"phone": {"type": "string", "pattern": "^[1-9][0-9]{7,14}$"}},
    "additionalProperties": False,
}
KEY = {
    "apiKey": "0" * 40,
    "createdAt": "2026-01-01T10:00:00.000000Z",
    "expDate": "2027-01-01T23:59:59.000Z",
    "status": "Active",
}
TOKEN_PATH = "/v.1.0/clients/authorization"
TOKEN_SCHEMA: dict[str, Any] = {"type": "string", "minLength": 1}
TOKEN_ANSWER = json.dumps({"jwt": f"{'0' * 36}.{'0' * 90}.{'0' * 43}"}).encode()
ANSWER = json.dumps(KEY).encode()
