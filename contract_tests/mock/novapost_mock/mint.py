"""What is drawn at random: API keys and JWTs."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime

JWT_SECONDS = 3600
"""How long a JWT is good for (rule jwt)."""

_HEADER = {"alg": "HS256", "typ": "JWT"}


class Mint:
    """Makes keys and tokens from one source of random bytes."""

    def __init__(self, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Draw the secret that signs this mint's tokens.

        Args:
            random_bytes: gives so many bytes; `random.Random(1).randbytes` makes a run repeatable.
        """
        self._random_bytes = random_bytes
        self._secret = random_bytes(32)

    def api_key(self, length: int) -> str:
        """Draw a key of so many lower-case hexadecimal digits."""
        return self._random_bytes((length + 1) // 2).hex()[:length]

    def jwt(self, phone: str, now: datetime) -> str:
        """Make a token as a compact JWS, signed with HS256 (RFC 7515, RFC 7519).

        The subject is a keyed hash, so a token gives away neither the phone nor the key. No two tokens are
        equal, even for the same phone in the same second.
        """
        issued = int(now.timestamp())
        claims = {
            "iss": "novapost-mock",
            "sub": hmac.digest(self._secret, phone.encode("ascii"), hashlib.sha256).hex()[:32],
            "iat": issued,
            "exp": issued + JWT_SECONDS,
            "jti": self._random_bytes(16).hex(),
        }
        signed = f"{_part(_HEADER)}.{_part(claims)}"
        signature = hmac.digest(self._secret, signed.encode("ascii"), hashlib.sha256)
        return f"{signed}.{_base64url(signature)}"


def _part(value: object) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode("ascii"))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
