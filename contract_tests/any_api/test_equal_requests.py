"""Do equal requests get equal answers, however HTTP and JSON let them be written?"""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.any_api.situations import (
    BUSY,
    CONTRACT,
    IS_OURS,
    SITUATIONS,
    plain_request,
    steady_answer,
)
from contract_tests.checks.knowledge import Asked
from contract_tests.checks.operations import is_json
from contract_tests.principles.extra_properties import undocumented
from contract_tests.principles.preferences import EACH, OF_ANY_API
from contract_tests.principles.raw_request import RawRequest
from contract_tests.principles.sameness import Steady
from contract_tests.principles.spellings import (
    ADDITIONS,
    MAY_REFUSE,
    SPELLINGS,
    UNKNOWN_NAMES,
    Spelling,
    composed,
    spelled,
)
from contract_tests.session.api import Api
from contract_tests.target.exchange import Received

# How many spellings at once, and how often a request is sent in that many.
AT_ONCE, DRAWS = 4, 8
# What a server without chunks refuses them with: for many small ones there is no body then.
NO_CHUNKS = frozenset({400, 411, 415, 422, 501})
NO_EFFECT = "additions-have-no-effect"
# A property that is not known may always be refused; then it has no effect.
REFUSALS = frozenset({400, 422})


def _wrong(api: Api, steady: Steady, raw: RawRequest) -> Iterator[str]:
    answer = api.spell(raw)
    allowed = frozenset[int]().union(*(MAY_REFUSE.get(name, frozenset()) for name in raw.spelled))
    if not IS_OURS:
        allowed |= BUSY | (NO_CHUNKS if "body_in_chunks" in raw.spelled else frozenset())
    if answer.status not in allowed:
        yield from steady.differences(answer)


def _lasting_difference(api: Api, steady: Steady, raw: RawRequest, plain: RawRequest) -> str:
    """Return how the answer differs, where the plain request does not get another answer by now as well.

    Nothing is known of what an API does with time: a date in whole seconds is steady until the next one.
    """
    difference = next(_wrong(api, steady, raw), "")
    if difference and not IS_OURS:
        now = api.spell(plain)
        if any(steady.differences(now)):
            return next(_wrong(api, Steady(steady.second, now), raw), "") if _alike(steady, now) else ""
    return difference


def _alike(steady: Steady, now: Received) -> bool:
    return now.status == steady.second.status


def _settle(api: Api, steady: Steady, raw: RawRequest, plain: RawRequest, label: str) -> None:
    difference = _lasting_difference(api, steady, raw, plain)
    names = ", ".join(name.replace("_", " ") for name in raw.spelled)
    api.expect(not difference, "equal-requests", f"{difference} to the same request with {names}", label)


def _smallest(
    api: Api, steady: Steady, plain: RawRequest, hows: tuple[Spelling, ...], seed: int
) -> tuple[Spelling, ...]:
    """Return the fewest of some spellings with which the answer is still another one."""
    for how in hows:
        fewer = tuple(each for each in hows if each is not how)
        if fewer and any(_wrong(api, steady, composed(plain, fewer, random.Random(seed)))):
            return _smallest(api, steady, plain, fewer, seed)
    return hows


def _meant_alike(hows: tuple[Spelling, ...], asked: Asked, steady: Steady) -> tuple[Spelling, ...]:
    """Return the spellings to which this API may give no meaning, by its document."""
    if IS_OURS:
        return hows
    operation = CONTRACT.find(asked.method, asked.path)
    # A server behind a proxy may write its addresses by such headers; Python's own server keeps white space.
    # Some public servers refuse programs that do not say who they are.
    left_out = {"foreign_headers", "header_white_space", "without_user_agent"}
    if any(each.get("in") == "query" for each in _schemes()):
        left_out |= {"query_escapes", "query_name_escapes"}  # In escapes a credential could not be masked.
    if asked.method != "GET":
        left_out.add("method_override")  # Many servers take it in a POST, for clients that have no other.
    if not is_json(steady.second.headers.get("content-type", "").partition(";")[0].strip().lower()):
        left_out.add("accept_forms")
    if steady.second.http_version == "HTTP/1.0":
        left_out.add("body_in_chunks")  # Chunks came with HTTP/1.1 (RFC 9112, section 7.1).
    cookies = [p for p in operation.parameters if p.get("in") == "cookie"] if operation else []
    if cookies or any(each.get("in") == "cookie" for each in _schemes()):
        left_out.add("cookie")
    body = operation.body if operation else None
    names = {*UNKNOWN_NAMES, *CONTRACT.resolve(body).get("properties", {})}
    if operation is None or names & operation.query.keys() or names & {s.get("name") for s in _schemes()}:
        left_out.add("unknown_query")
    return tuple(how for how in hows if how.__name__ not in left_out)


def _schemes() -> list[dict[str, Any]]:
    components = CONTRACT.resolve(CONTRACT.document.get("components"))
    named = CONTRACT.resolve(components.get("securitySchemes"))
    return [CONTRACT.resolve(each) for each in named.values()]


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_a_spelling_changes_nothing(asked: Asked, api: Api, seed: int) -> None:
    """Clients of other languages write the same request otherwise, and mean the same."""
    plain, chance = plain_request(api, asked), random.Random(seed)
    steady = steady_answer(api, plain)
    for how in _meant_alike(SPELLINGS, asked, steady):
        if (raw := spelled(plain, how, chance)) is not None:
            _settle(api, steady, raw, plain, CONTRACT.label(asked.method, asked.path))


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_several_spellings_at_once_change_nothing(asked: Asked, api: Api, seed: int) -> None:
    """A real client differs in more than one way from the one that was tested."""
    plain, chance = plain_request(api, asked), random.Random(seed)
    steady = steady_answer(api, plain)
    for turn in range(DRAWS):
        hows = tuple(chance.sample(_meant_alike(SPELLINGS, asked, steady), AT_ONCE))
        if any(_wrong(api, steady, composed(plain, hows, random.Random(seed + turn)))):
            hows = _smallest(api, steady, plain, hows, seed + turn)
        _settle(
            api,
            steady,
            composed(plain, hows, random.Random(seed + turn)),
            plain,
            CONTRACT.label(asked.method, asked.path),
        )


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_what_a_client_prefers_changes_the_words_at_most(asked: Asked, api: Api) -> None:
    """A browser in Kyiv and a script in Berlin get the same answer, whatever language its errors speak."""
    label, given = CONTRACT.label(asked.method, asked.path), asked.options.get("headers", {})
    steady = steady_answer(api, plain_request(api, asked))
    for name, value in EACH if IS_OURS else OF_ANY_API:
        options = {**asked.options, "headers": {**given, name: value}}
        answer = api.send(asked.method, asked.path, **options)
        differs = next(steady.differences(answer), "")
        if not IS_OURS and differs and (answer.status in BUSY or any(steady.differences(_again(api, asked)))):
            return  # the answer changes by itself
        is_other = differs if answer.status < 400 else answer.status != steady.second.status
        told = f"{differs} to the same request with {name}: {value}"
        api.expect(not is_other, "equal-requests", told, label)
    if tag := steady.shared_tag:
        # It stands for another content each time, so that nobody can have this one already.
        options = {**asked.options, "headers": {**given, "If-None-Match": tag}}
        answer = api.send(asked.method, asked.path, **options)
        told = f"{answer.status} to who has another content of the same ETag (RFC 9110, section 8.8.1)"
        api.expect(answer.status == steady.second.status, "equal-requests", told, label)


def _again(api: Api, asked: Asked) -> Received:
    return api.spell(plain_request(api, asked))


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_additions_without_meaning_change_nothing(asked: Asked, api: Api, seed: int) -> None:
    """Who can add a header or a parameter must not thereby change whose key it is."""
    plain, chance = plain_request(api, asked), random.Random(seed)
    steady = steady_answer(api, plain)
    for how in _meant_alike(ADDITIONS, asked, steady):
        if (raw := spelled(plain, how, chance)) is not None:
            _settle(api, steady, raw, plain, CONTRACT.label(asked.method, asked.path))


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_a_property_that_nobody_documented_has_no_effect(asked: Asked, api: Api) -> None:
    """Who may send a member must not thereby become an administrator, or his thing an active one."""
    plain = plain_request(api, asked)
    operation = api.contract.find(asked.method, asked.path)
    body = asked.options.get("json")
    if not isinstance(body, dict) or operation is None or operation.body is None:
        return  # there is nothing to which a property could be added
    steady, label = steady_answer(api, plain), CONTRACT.label(asked.method, asked.path)
    fits = not api.contract.complaints(operation.body, body)
    for name, value in undocumented(api.contract.text, body):
        widened = {**body, name: value}
        options = {**asked.options, "json": widened}
        answer = api.spell(
            RawRequest.of(api.wire.build_request(asked.method, api.target.url(asked.path), **options))
        )
        if answer.status in REFUSALS:
            continue
        difference = next(steady.differences(answer), "")
        if (
            not difference
            and fits
            and answer.status < 400
            and api.contract.complaints(operation.body, widened)
        ):
            difference = f"{answer.status} although the document admits no other property"
        if difference and not IS_OURS and any(steady.differences(api.spell(plain))):
            return  # the answer to the plain request has changed by itself
        api.expect(
            not difference, NO_EFFECT, f"{difference} to the same request with the property {name!r}", label
        )
    difference = next(steady.differences(api.spell(plain)), "") if IS_OURS else ""
    api.expect(not difference, NO_EFFECT, f"{difference} after requests with undocumented properties", label)
