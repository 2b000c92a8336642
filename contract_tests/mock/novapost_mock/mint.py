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
SECRET_BYTES = 32
"""The length of the secret that signs: that of the digest, as RFC 7518, 3.2 asks."""

_HEADER = {"alg": "HS256", "typ": "JWT"}


class Mint:
    """Makes keys and tokens from one source of random bytes."""

    def __init__(
        self, random_bytes: Callable[[int], bytes] = secrets.token_bytes, secret: bytes | None = None
    ) -> None:
        """Use a source of random bytes.

        Args:
            random_bytes: gives so many bytes; `random.Random(1).randbytes` makes a run repeatable.
            secret: signs this mint's tokens, and hides the phones in them; drawn unless given.
        """
        self._random_bytes = random_bytes
        self._secret = random_bytes(SECRET_BYTES) if secret is None else secret

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
