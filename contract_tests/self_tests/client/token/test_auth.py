"""Is a token kept as long as it is good, obtained once for all who wait, and shown to nobody else?"""

from typing import Any

import httpx
import pytest

from contract_tests.self_tests.client.token.obtained import Clock, auth, token
from scripts.runtime.auth import claims_of
from scripts.runtime.errors import ConnectionFailedError


@pytest.mark.parametrize(
    ("claims", "good_for"),
    [
        ({"exp": 1_600}, 540),
        ({"iat": 5_000_000, "exp": 5_000_600}, 540),
        ({}, 3_540),
        ({"exp": "soon"}, 3_540),
        ({"exp": True}, 3_540),
        ({"exp": 1e300}, 3_540),
        ({"exp": 99_999_999_999}, 99_999_998_939),
        ({"exp": 100_000_000_000}, 3_540),
        ({"exp": 1}, 0),
        ({"exp": 0}, 3_540),
        ({"exp": 1_600, "iat": 1_600}, 540),
        ({"exp": 1_600, "iat": 1_599}, 0),
        ({"exp": 1_600, "iat": 0}, 540),
        ({"exp": 1_600, "iat": True}, 540),
        ({"exp": 900}, 0),
        ({"exp": 1_030}, 0),
    ],
    ids=str,
)
def test_a_token_is_kept_until_a_minute_before_its_end(claims: dict[str, Any], good_for: float) -> None:
    """By its own claims where they make sense, by a clock that may be wrong; else an hour."""
    clock = Clock()
    tokens = iter([token(**claims), "second.one.x"])
    kept = auth(lambda: next(tokens), clock)

    first = kept.obtain()
    clock.time += good_for - 0.5
    if good_for:
        assert kept.obtain() == first
    clock.time += 1
    assert kept.obtain() == "second.one.x"


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_a_late_rejection_does_not_discard_a_token_that_was_renewed_meanwhile(prefix: str) -> None:
    """Two calls go out with the old token; the 401 of the second comes when the first has renewed it."""
    tokens = iter(["old.one.x", "new.one.x"])
    kept = auth(lambda: next(tokens), Clock(), prefix=prefix)
    kept.obtain()

    assert kept.forget(f"{prefix}old.one.x")
    assert kept.current is None
    assert kept.obtain() == "new.one.x"
    assert kept.forget(f"{prefix}old.one.x")

    assert kept.current == "new.one.x"
    assert kept.obtain() == "new.one.x"
    assert not kept.forget(None)
    assert kept.current == "new.one.x"


def test_a_token_goes_to_its_host_alone() -> None:
    """Another scheme, host or port gets none, and none is obtained for it."""
    kept = auth(lambda: "a.b.c", Clock())

    for address in ("http://api.example/", "https://evil.example/", "https://api.example:8443/"):
        request = next(kept.sync_auth_flow(httpx.Request("GET", address)))
        assert "authorization" not in request.headers
    request = next(kept.sync_auth_flow(httpx.Request("GET", "https://API.example:443/x")))
    assert request.headers["authorization"] == "a.b.c"
    assert "a.b.c" not in repr(kept)


@pytest.mark.parametrize(
    "text", ["", "a", "a.b", "a.b.c", "a.!!.c", "a.W10.c", "a.bnVsbA.c", "a." + "A" * 20_000 + ".c"]
)
def test_a_token_that_is_no_jwt_has_no_claims(text: str) -> None:
    """It may be any text; it is just not read."""
    assert claims_of(text) == {}


@pytest.mark.parametrize("length", [0, 1, 2, 3, 12_279])
def test_the_claims_of_a_jwt_of_any_length_are_read(length: int) -> None:
    """Base64 without padding has four lengths; 16 KiB are enough for every server."""
    text = "?>~" * (length // 3) + "x" * (length % 3)

    assert claims_of(token(a=text)) == {"a": text}
    assert claims_of(token(a="x" * 12_280)) == {}
    assert claims_of(f"{'h' * 20_000}.{token(a=1).split('.')[1]}.{'s' * 20_000}") == {"a": 1}


def test_a_token_goes_to_further_addresses_of_the_document() -> None:
    """Some operations have a server of their own."""
    kept = auth(lambda: "a.b.c", Clock(), others=("https://files.example/x",), prefix="Bearer ")

    for host, header in (
        ("files.example", "Bearer a.b.c"),
        ("api.example", "Bearer a.b.c"),
        ("x.example", None),
    ):
        request = next(kept.sync_auth_flow(httpx.Request("GET", f"https://{host}/")))
        assert request.headers.get("authorization") == header


def test_a_failure_is_raised_where_the_request_would_go_out() -> None:
    """And the request has no header."""
    kept = auth(lambda: ConnectionFailedError("down"), Clock())
    request = httpx.Request("GET", "https://api.example/")

    with pytest.raises(ConnectionFailedError):
        next(kept.sync_auth_flow(request))
    assert "authorization" not in request.headers
