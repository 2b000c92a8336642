"""Do equal requests get equal answers, however HTTP and JSON let them be written?"""

import random
from collections.abc import Iterator

import pytest

from contract_tests.checks.knowledge import Asked
from contract_tests.principles.extra_properties import undocumented
from contract_tests.principles.raw_request import RawRequest
from contract_tests.principles.sameness import Steady
from contract_tests.principles.spellings import ADDITIONS, MAY_REFUSE, SPELLINGS, Spelling, composed, spelled
from contract_tests.session.api import Api
from contract_tests.session.subject import chosen
from contract_tests.target.control import Stage

KNOWLEDGE = chosen().contract.knowledge
# How many spellings at once, and how often a request is sent in that many.
AT_ONCE, DRAWS = 4, 8
NO_EFFECT = "additions-have-no-effect"
# A property that is not known may always be refused; then it has no effect.
REFUSALS = frozenset({400, 422})


def _from_requests(label: str) -> Asked:
    method, _, path = label.partition(" ")
    return Asked(method, path, KNOWLEDGE.requests[label])


SITUATIONS = [*KNOWLEDGE.situations] or [*KNOWLEDGE.requests]


@pytest.fixture
def asked(request: pytest.FixtureRequest, api: Api, shared_stage: Stage | None) -> Asked:
    """The request of a situation, which has been brought about."""
    name = request.param
    if name not in KNOWLEDGE.situations:
        return _from_requests(name)
    api.story.begin()
    if shared_stage is not None:
        shared_stage.reset()
    made = KNOWLEDGE.situations[name](api, shared_stage)
    if made is None:
        pytest.skip("the target has no control API (--control)")
    return made


def _plain(api: Api, asked: Asked) -> RawRequest:
    return RawRequest.of(api.wire.build_request(asked.method, api.target.url(asked.path), **asked.options))


def _steady(api: Api, plain: RawRequest) -> Steady:
    """Ask three times: the first may still change something."""
    api.spell(plain)
    steady = Steady(api.spell(plain), api.spell(plain))
    if not steady.is_steady:
        pytest.skip("the answer to the same request changes by itself, so that nothing can be compared")
    return steady


def _wrong(api: Api, steady: Steady, raw: RawRequest) -> Iterator[str]:
    answer = api.spell(raw)
    allowed = frozenset[int]().union(*(MAY_REFUSE.get(name, frozenset()) for name in raw.spelled))
    if answer.status not in allowed:
        yield from steady.differences(answer)


def _settle(api: Api, steady: Steady, raw: RawRequest, path: str) -> None:
    told = next(_wrong(api, steady, raw), "")
    names = ", ".join(name.replace("_", " ") for name in raw.spelled)
    api.expect(not told, "equal-requests", f"{told} to the same request with {names}", path)


def _smallest(
    api: Api, steady: Steady, plain: RawRequest, hows: tuple[Spelling, ...], seed: int
) -> tuple[Spelling, ...]:
    """Return the fewest of some spellings with which the answer is still another one."""
    for how in hows:
        fewer = tuple(each for each in hows if each is not how)
        if fewer and any(_wrong(api, steady, composed(plain, fewer, random.Random(seed)))):
            return _smallest(api, steady, plain, fewer, seed)
    return hows


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_a_spelling_changes_nothing(asked: Asked, api: Api, seed: int) -> None:
    """Clients of other languages write the same request otherwise, and mean the same."""
    plain, chance = _plain(api, asked), random.Random(seed)
    steady = _steady(api, plain)
    for how in SPELLINGS:
        if (raw := spelled(plain, how, chance)) is not None:
            _settle(api, steady, raw, asked.path)


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_several_spellings_at_once_change_nothing(asked: Asked, api: Api, seed: int) -> None:
    """A real client differs in more than one way from the one that was tested."""
    plain, chance = _plain(api, asked), random.Random(seed)
    steady = _steady(api, plain)
    for turn in range(DRAWS):
        hows = tuple(chance.sample(SPELLINGS, AT_ONCE))
        if any(_wrong(api, steady, composed(plain, hows, random.Random(seed + turn)))):
            hows = _smallest(api, steady, plain, hows, seed + turn)
        _settle(api, steady, composed(plain, hows, random.Random(seed + turn)), asked.path)


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_additions_without_meaning_change_nothing(asked: Asked, api: Api, seed: int) -> None:
    """Who can add a header or a parameter must not thereby change whose key it is."""
    plain, chance = _plain(api, asked), random.Random(seed)
    steady = _steady(api, plain)
    for how in ADDITIONS:
        if (raw := spelled(plain, how, chance)) is not None:
            _settle(api, steady, raw, asked.path)


@pytest.mark.parametrize("asked", SITUATIONS, indirect=True)
def test_a_property_that_nobody_documented_has_no_effect(asked: Asked, api: Api) -> None:
    """Who may send a member must not thereby become an administrator, or his thing an active one."""
    plain = _plain(api, asked)
    operation = api.contract.find(asked.method, asked.path)
    body = asked.options.get("json")
    if not isinstance(body, dict) or operation is None or operation.body is None:
        return  # there is nothing to which a property could be added
    steady = _steady(api, plain)
    fits = not api.contract.complaints(operation.body, body)
    for name, value in undocumented(api.contract.text, body):
        widened = {**body, name: value}
        options = {**asked.options, "json": widened}
        answer = api.spell(
            RawRequest.of(api.wire.build_request(asked.method, api.target.url(asked.path), **options))
        )
        if answer.status in REFUSALS:
            continue
        told = next(steady.differences(answer), "")
        if not told and fits and answer.status < 400 and api.contract.complaints(operation.body, widened):
            told = f"{answer.status} although the document admits no other property"
        api.expect(not told, NO_EFFECT, f"{told} to the same request with the property {name!r}", asked.path)
    told = next(steady.differences(api.spell(plain)), "")
    api.expect(not told, NO_EFFECT, f"{told} after requests with undocumented properties", asked.path)
