"""Requests that get the same answer each time they are sent, and whether another answer says the same."""

import httpx
import pytest

from contract_tests.checks.knowledge import Asked
from contract_tests.principles.raw_request import RawRequest
from contract_tests.principles.sameness import Steady
from contract_tests.session.api import Api
from contract_tests.session.subject import chosen

CONTRACT = chosen().contract
KNOWLEDGE = CONTRACT.knowledge
IS_OURS = chosen().is_ours
# Without knowledge: all that can be asked several times and may get the same answer.
REPEATABLE = [o.label for o in CONTRACT.operations if o.method in ("GET", "POST", "PUT", "PATCH")]
SITUATIONS = [*KNOWLEDGE.situations] or [*KNOWLEDGE.requests] or REPEATABLE
# What a server answers that has too much to do, whatever is asked.
BUSY = frozenset({429, 502, 503, 504})


def built(api: Api, asked: Asked) -> httpx.Request:
    """Return the request as httpx writes it."""
    request = api.wire.build_request(asked.method, api.target.url(asked.path), **asked.options)
    if not IS_OURS:
        api.credentials.put_into(request)
    return request


def plain_request(api: Api, asked: Asked) -> RawRequest:
    """Return the plain spelling of the request."""
    return RawRequest.of(built(api, asked))


def steady_answer(api: Api, plain: RawRequest) -> Steady:
    """Ask three times: the first may still change something."""
    api.spell(plain)
    steady = Steady(api.spell(plain), api.spell(plain))
    if not steady.is_steady:
        pytest.skip("the answer to the same request changes by itself, so that nothing can be compared")
    return steady


def has_changed(api: Api, plain: RawRequest, steady: Steady) -> bool:
    """Return whether the answer changes by itself."""
    return any(steady.differences(api.spell(plain)))
