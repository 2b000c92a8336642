"""Make random API keys and JWTs."""

import base64
import functools
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

JWT_SECONDS = 3600
"""How long a JWT is good for (rule jwt)."""
SECRET_BYTES = 32
"""The length of the secret that signs: that of the digest, as RFC 7518, 3.2 asks."""
REMEMBERED_SUBJECTS = 4096
"""Of how many phones the subject is remembered: half a megabyte at most."""


class TokenSource:
    """Makes keys and tokens from one source of random bytes."""

    def __init__(
        self, random_bytes: Callable[[int], bytes] = secrets.token_bytes, secret: bytes | None = None
    ) -> None:
        """Use a source of random bytes.

        Args:
            random_bytes: returns a number of bytes; with `random.Random(1).randbytes` a run repeats.
            secret: signs the tokens and hides the phones in them (default: a random one).
        """
        self._random_bytes = random_bytes
        self._sign = signer(random_bytes(SECRET_BYTES) if secret is None else secret)
        self._subject = functools.lru_cache(REMEMBERED_SUBJECTS)(self._hidden)

    def api_key(self, length: int) -> str:
        """Return a new key with a number of lower-case hexadecimal digits."""
        return self._random_bytes((length + 1) // 2).hex()[:length]

    def jwt(self, phone: str, now: datetime) -> str:
        """Make a token as a compact JWS, signed with HS256 (RFC 7515, RFC 7519).

        The subject is a keyed hash, so a token shows neither the phone nor the key. All tokens are different,
        even for the same phone in the same second.
        """
        issued = int(now.timestamp())
        # Written by hand: nothing in it needs an escape, and an encoder takes ten times as long.
        claims = (
            f'{{"iss":"novapost-mock","sub":"{self._subject(phone)}","iat":{issued},'
            f'"exp":{issued + JWT_SECONDS},"jti":"{self._random_bytes(16).hex()}"}}'
        )
        signed = _HEADER + b"." + _base64url(claims.encode("ascii"))
        return (signed + b"." + _base64url(self._sign(signed))).decode("ascii")

    def _hidden(self, phone: str) -> str:
        return self._sign(phone.encode("ascii")).hex()[:32]


def signer(secret: bytes) -> Callable[[bytes], bytes]:
    """Return HMAC-SHA256 under a secret of at most 64 bytes.

    What depends on the secret alone is done once (RFC 2104, 4). `hmac` does it for each message, and under
    OpenSSL 3 that takes five times as long as the message itself.
    """
    padded = secret.ljust(64, b"\0")
    inside = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
    outside = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def sign(message: bytes) -> bytes:
        inner, outer = inside.copy(), outside.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    return sign


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


_HEADER = _base64url(b'{"alg":"HS256","typ":"JWT"}')
