"""The cookie that a browser sends in place of the control token."""

import hashlib
import hmac


def cookie_of(token: str) -> tuple[str, str]:
    """Return the name and the value of the cookie for a token."""
    digest = hmac.digest(token.encode(), b"novapost-mock console", hashlib.sha256).hex()
    return f"novapost-mock-{digest[:8]}", digest[8:]
