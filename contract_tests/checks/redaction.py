"""A request and an answer as a report shows them: in full where that is safe, never a key, token or phone.

The run's own secrets are masked once more when a report is written. Here goes what only the answer knows:
what stands under the names of secrets, what looks like a key or token, and digits that nobody sent.
"""

import re
from urllib.parse import parse_qsl, quote, urlsplit

from contract_tests.sandbox.masking import MASK
from contract_tests.sandbox.transport import secrets_in
from contract_tests.target.exchange import Received, Sent

_LONGEST = 2000
_LONGEST_LINE = 300
_MOST_HEADERS = 30
_SHORTEST_KEY = 16
_SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"}
# Hexadecimal digits in a row, anything of base64url with a digit, and the three parts of a JWT.
_LIKE_A_KEY = re.compile(
    r"[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{8,})+|\b[0-9a-fA-F]{16,}\b|(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}"
)
_LIKE_A_PHONE = re.compile(r"[0-9]{7,}")


def request(sent: Sent) -> str:
    """Return the request, as HTTP writes it."""
    query = urlsplit(sent.url).query
    target = sent.path + (f"?{_query(query)}" if query else "")
    return "\n".join([f"{sent.method} {_cut(target)}", *_headers(sent.headers), *_body(sent.body)])


def answer(received: Received | None, failure: str | None, sent: Sent) -> str:
    """Return the answer, or why there was none."""
    if received is None:
        return f"no whole answer: {failure}"
    lines = [str(received.status), *_headers(received.headers), *_body(received.body)]
    text = "\n".join(lines)
    for secret in secrets_in(received.body):
        if secret:
            text = text.replace(secret, MASK)
    known = request(sent)
    return _LIKE_A_PHONE.sub(
        lambda found: found[0] if found[0] in known else MASK, _LIKE_A_KEY.sub(MASK, text)
    )


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    if not pairs:
        return query
    return "&".join(
        f"{quote(name)}={MASK if len(value) >= _SHORTEST_KEY else quote(value)}" for name, value in pairs
    )


def _headers(headers: dict[str, str]) -> list[str]:
    shown = [
        f"{name}: {MASK if name in _SECRET_HEADERS else _cut(value)}"
        for name, value in list(headers.items())[:_MOST_HEADERS]
    ]
    left = len(headers) - len(shown)
    return [*shown, *([f"({left} more)"] if left else [])]


def _body(body: bytes) -> list[str]:
    if not body:
        return []
    rest = len(body) - _LONGEST
    text = body[:_LONGEST].decode("utf-8", "backslashreplace")
    return ["", text, *([f"({rest} bytes more)"] if rest > 0 else [])]


def _cut(text: str) -> str:
    rest = len(text) - _LONGEST_LINE
    return text if rest <= 0 else f"{text[:_LONGEST_LINE]}... ({rest} characters more)"
