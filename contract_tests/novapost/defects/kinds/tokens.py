"""Defects of tokens: what stands in their header and in their claims."""

import base64
import json
from collections.abc import Callable
from typing import Any

from contract_tests.novapost.defects.builders import Break, Send, defects
from contract_tests.novapost.defects.exchange import JWT, Answer, Request
from contract_tests.novapost.defects.state import Memory

Members = dict[str, Any]


def _rewritten(part: int, change: Callable[[Members], Members]) -> Break:
    """Change the header (0) or the claims (1) of every token."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        answer = send(request)
        if request.operation != JWT or request.asks_for_a_status or answer.status != 200:
            return answer
        parts = answer.json["jwt"].split(".")
        read = json.loads(base64.urlsafe_b64decode(parts[part] + "=" * (-len(parts[part]) % 4)))
        text = json.dumps(change(read)).encode()
        parts[part] = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
        return answer.saying({"jwt": ".".join(parts)})

    return does


def _with(part: int, **members: Any) -> Break:
    return _rewritten(part, lambda read: read | members)


TOKENS = defects(
    {
        "token-without-expiry": _rewritten(
            1, lambda read: {name: value for name, value in read.items() if name != "exp"}
        ),
        "token-names-its-algorithm-in-small-letters": _with(0, alg="hs256"),
        "token-with-an-extension-to-be-known": _with(0, crit=["tenant"], tenant=7),
        "token-shows-the-key-that-signs": _with(0, jwk={"kty": "oct", "k": "c2VjcmV0LXRoYXQtc2lnbnM"}),
        "token-for-a-number": _rewritten(1, lambda read: read | {"sub": 4711}),
        "token-of-tomorrow": _rewritten(1, lambda read: read | {"iat": read["exp"] + 86_400 - 3600}),
    }
)
