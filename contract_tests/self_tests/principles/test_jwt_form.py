"""A token is held to the form that libraries demand, and to nothing that an issuer may choose."""

import base64
import json
from typing import Any

import pytest

from contract_tests.principles.jwt_form import faults, parts_of

HEADER: dict[str, Any] = {"alg": "RS256", "typ": "JWT", "kid": "2026-1"}
CLAIMS: dict[str, Any] = {
    "iss": "https://example.org",
    "aud": ["stage"],
    "sub": "17",
    "iat": 1.5,
    "exp": 3600,
}


def told(header: Any, claims: Any) -> list[str]:
    texts = (json.dumps(each).encode() for each in (header, claims))
    parts = [base64.urlsafe_b64encode(text).decode().rstrip("=") for text in texts]
    return list(faults(*parts_of(".".join([*parts, "c2lnbmVk"]))))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "HS256"},
        {"alg": "EdDSA", "cty": "JWT"},
        {"alg": "https://example.org/own"},
        HEADER | {"x": [1]},
        HEADER | {"jwk": {"kty": "RSA", "n": "0", "e": "AQAB"}},
    ],
)
def test_what_an_issuer_may_choose_is_no_fault(header: dict[str, Any]) -> None:
    assert told(header, CLAIMS) == []
    assert told(header, {}) == []


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"alg": None},
        {"alg": "None"},
        {"alg": "hs256"},
        {"alg": "HS257"},
        {"alg": "sha256"},
        HEADER | {"crit": ["b64"], "b64": False},
        HEADER | {"kid": 17},
        HEADER | {"jwk": {"kty": "oct", "k": "c2VjcmV0"}},
        ["HS256"],
        "HS256",
    ],
)
def test_a_header_that_no_library_takes_is_a_fault(header: Any) -> None:
    """Callers hand the token to a library first, which refuses it there."""
    assert len(told(header, CLAIMS)) == 1


@pytest.mark.parametrize(
    "claims",
    [CLAIMS | {"exp": "3600"}, CLAIMS | {"iat": True}, CLAIMS | {"sub": 17}, CLAIMS | {"aud": [1]}, [], "x"],
)
def test_claims_in_another_form_are_a_fault(claims: Any) -> None:
    assert len(told(HEADER, claims)) == 1
