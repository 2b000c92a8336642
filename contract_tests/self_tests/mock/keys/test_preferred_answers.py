"""Every documented answer can be asked for by `Prefer`, and asking changes nothing."""

import json
from dataclasses import replace

import pytest

from contract_tests.self_tests.mock.keys.requests import (
    JWT,
    PHONE,
    fits,
    mock_at,
    post,
    preferring,
    rejection,
)


@pytest.mark.parametrize("status", [200, 400, 404, 409, 429, 503])
def test_every_documented_answer_of_the_key_call_can_be_asked_for(status: int) -> None:
    """Prefer: code=… reaches what the rules cannot, such as 503, and says that it did."""
    reply = mock_at().handle(preferring(f"code={status}"))

    assert reply.status == status
    assert fits(reply)
    assert reply.header_values("preference-applied") == [f"code={status}"]


@pytest.mark.parametrize("status", [200, 401, 422, 503])
def test_every_documented_answer_of_the_jwt_call_can_be_asked_for(status: int) -> None:
    """The same for the other operation."""
    reply = mock_at().handle(preferring(f"code={status}", "GET", JWT))

    assert reply.status == status
    assert fits(reply, "get", "/clients/authorization")


def test_a_time_out_has_the_other_error_shape() -> None:
    """Rule time-out: 503 carries `Error` with the empty property name."""
    assert mock_at().handle(preferring("code=503")).json() == {"errors": {"": "Connection time-out"}}


def test_an_answer_that_was_asked_for_changes_nothing() -> None:
    """KeyRequest for 200 must not issue a key."""
    mock = mock_at()
    mock.handle(replace(post(json.dumps({"phone": PHONE}).encode()), headers=(("Prefer", "code=200"),)))

    assert mock.keys() == []


@pytest.mark.parametrize("code", ["418", "500", "abc", "2000", "²00", "9" * 5000])
def test_an_undocumented_answer_cannot_be_asked_for(code: str) -> None:
    """A typo is told instead of passed over."""
    status, text = rejection(mock_at().handle(preferring(f'code="{code}"')))

    assert status == 400
    assert text == "Prefer: createTestApiKey documents the codes 200, 400, 404, 409, 429, 503"


def test_an_undocumented_answer_of_the_jwt_call_is_refused_as_it_refuses() -> None:
    """It documents no 400; 422 in its own shape is what its callers can read."""
    reply = mock_at().handle(preferring("code=418", "GET", JWT))

    assert (reply.status, fits(reply, "get", "/clients/authorization")) == (422, True)
    assert reply.json() == {"errors": {"": "Prefer: authorizeClient documents the codes 200, 401, 422, 503"}}
