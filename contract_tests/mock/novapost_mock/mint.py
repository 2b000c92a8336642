"""What is drawn at random: API keys and JWTs."""

import base64
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime

JWT_SECONDS = 3600
"""How long a JWT is good for (rule jwt)."""
SECRET_BYTES = 32
"""The length of the secret that signs: that of the digest, as RFC 7518, 3.2 asks."""

REMEMBERED_SUBJECTS = 4096


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
        self._subjects: dict[str, str] = {}

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
            "sub": self._subject(phone),
            "iat": issued,
            "exp": issued + JWT_SECONDS,
            "jti": self._random_bytes(16).hex(),
        }
        signed = _HEADER + b"." + _part(claims)
        signature = hmac.digest(self._secret, signed, "sha256")
        return (signed + b"." + _base64url(signature)).decode("ascii")

    def _subject(self, phone: str) -> str:
        subject = self._subjects.get(phone)
        if subject is None:
            if len(self._subjects) >= REMEMBERED_SUBJECTS:
                self._subjects.clear()
            subject = hmac.digest(self._secret, phone.encode("ascii"), "sha256").hex()[:32]
            self._subjects[phone] = subject
        return subject


# Made once: `json.dumps` with separators would make one for each token.
_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _part(value: object) -> bytes:
    return _base64url(_ENCODER.encode(value).encode("ascii"))


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


_HEADER = _part({"alg": "HS256", "typ": "JWT"})
