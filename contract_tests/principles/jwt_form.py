"""Whether a token is a JWT that libraries take: its header and its claims (RFC 7515, RFC 7519)."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.target.exchange import strict_json

# Algorithms of signatures in the registry of RFC 7518, section 7.1.
_ALGORITHMS = {f"{kind}{bits}" for kind in ("HS", "RS", "ES", "PS") for bits in (256, 384, 512)}
_ALGORITHMS |= {"EdDSA", "Ed25519", "Ed448", "ES256K", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"}
_TEXTS_OF_HEADER = ("typ", "cty", "kid", "jku", "x5u", "x5t")
_MOMENTS = ("iat", "nbf", "exp")
# The members of a key that its owner alone may know (RFC 7518, section 6).
_PRIVATE = {"k", "d", "p", "q", "dp", "dq", "qi"}


def parts_of(token: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return header and claims of a token; None for what is no JSON object."""
    header, claims, *_ = (_object(part) for part in [*token.split("."), ""][:2])
    return header, claims


def faults(header: Mapping[str, Any] | None, claims: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield what is wrong with a token's header and with the form of its claims, without values."""
    if header is None or not isinstance(header.get("alg"), str):
        yield "jwt has no header that names an algorithm: not a JWT (RFC 7519)"
    else:
        yield from _of_header(header)
    if claims is None:
        yield "jwt holds no claims, which are a JSON object: not a JWT (RFC 7519, section 7.2)"
        return
    for name in _MOMENTS:
        if name in claims and number(claims[name]) is None:
            yield f"{name} of the jwt is no number (RFC 7519, section 4.1)"
    for name in ("iss", "sub", "jti"):
        if name in claims and not isinstance(claims[name], str):
            yield f"{name} of the jwt is no text (RFC 7519, section 4.1)"
    audience = claims.get("aud", "")
    names = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(each, str) for each in names):
        yield "aud of the jwt is neither a text nor a list of texts (RFC 7519, section 4.1.3)"


def number(value: Any) -> float | None:
    """Return a number of JSON; None for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _of_header(header: Mapping[str, Any]) -> Iterator[str]:
    algorithm = header["alg"]
    if algorithm.lower() == "none":
        yield "jwt is not signed: its algorithm is none (RFC 8725, section 3.2)"
    elif algorithm not in _ALGORITHMS and not any(mark in algorithm for mark in ".:/"):
        yield "jwt names an algorithm that nobody has registered (RFC 7515, section 4.1.1)"
    if "crit" in header:
        yield "jwt has extensions that its reader has to know, and none are documented (RFC 7515, 4.1.11)"
    for name in _TEXTS_OF_HEADER:
        if name in header and not isinstance(header[name], str):
            yield f"{name} in the jwt's header is no text (RFC 7515, section 4.1)"
    key = header.get("jwk")
    if isinstance(key, dict) and key.keys() & _PRIVATE:
        yield "jwt shows the key that signs it: whoever has one token makes others (RFC 7515, 4.1.3)"


def _object(part: str) -> dict[str, Any] | None:
    try:
        value = strict_json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None
