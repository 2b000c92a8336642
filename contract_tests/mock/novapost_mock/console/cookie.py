"""The cookie that stands for control's token in a browser."""

import hashlib
import hmac


def cookie_of(token: str) -> tuple[str, str]:
    """Return name and value of the cookie that stands for a token."""
    digest = hmac.digest(token.encode(), b"novapost-mock console", hashlib.sha256).hex()
    return f"novapost-mock-{digest[:8]}", digest[8:]
