"""Does each request of a connection get its own answer, whatever came before it, or left before it ended?"""

import time

import httpx
import pytest

from contract_tests.any_api.situations import (
    BUSY,
    CONTRACT,
    IS_OURS,
    SITUATIONS,
    built,
    has_changed,
    plain_request,
    steady_answer,
)
from contract_tests.checks.knowledge import Asked
from contract_tests.principles.kept_connection import turns
from contract_tests.principles.one_connection import (
    ARRIVAL_SECONDS,
    PARTS,
    PATIENCE_SECONDS,
    PAUSE_SECONDS,
    neighbours,
)
from contract_tests.principles.raw_request import RawRequest
from contract_tests.principles.sameness import Steady
from contract_tests.session.api import Api
from contract_tests.target.exchange import Received

# So many requests on one connection, of so many kinds.
ON_ONE_CONNECTION, MOST_KEPT = 50, 9


@pytest.mark.parametrize("asked", SITUATIONS[:MOST_KEPT], indirect=True)
def test_a_connection_has_no_last_request(asked: Asked, api: Api) -> None:
    """A client keeps its connection for hours; the fiftieth request on it is one like the first."""
    request, label = built(api, asked), CONTRACT.label(asked.method, asked.path)
    if request.url.scheme != "http":
        pytest.skip("unproven: connections are kept here without TLS alone")
    steady = steady_answer(api, RawRequest.of(request))
    breaks: list[int] = []
    # Once a connection may end by chance; twice it is a habit of the target.
    while len(breaks) < 2 and (number := _kept(api, request, steady, label)):
        breaks.append(number)
    api.calls.repeat(max(breaks, default=1))
    difference = f"request {max(breaks, default=0)} of a connection got no answer, nor did one of the next"
    api.expect(len(breaks) < 2, "equal-requests", difference, label)


def _kept(api: Api, request: httpx.Request, steady: Steady, label: str) -> int:
    """Send a request again and again over one connection; return which one got no answer, 0 if all did."""
    try:
        for turn in turns(request, ON_ONE_CONNECTION):
            api.calls.begin()
            if turn.answer is None:
                api.tell_of(request)
                return turn.number
            received = api.saw(request, turn.answer, turn.answer.elapsed.total_seconds())
            difference = next(steady.differences(received), "")
            if difference and not IS_OURS and _is_excused(api, received, RawRequest.of(request), steady):
                return 0
            api.calls.repeat(turn.number)
            api.expect(
                not difference,
                "equal-requests",
                f"{difference} to request {turn.number} of a connection",
                label,
            )
    except httpx.TransportError as error:
        api.failed(request, error)
    return 0


def _is_excused(api: Api, answer: Received, plain: RawRequest, steady: Steady) -> bool:
    """Return whether a server has too much to do, or answers the plain request in another way by now."""
    return answer.status in BUSY or has_changed(api, plain, steady)


@pytest.mark.parametrize("asked", SITUATIONS[:MOST_KEPT], indirect=True)
def test_a_connection_keeps_its_answers_apart(asked: Asked, api: Api) -> None:
    """What a server leaves unread of one request is no part of the next, and no answer overtakes another."""
    plain, label = plain_request(api, asked), CONTRACT.label(asked.method, asked.path)
    steady = steady_answer(api, plain)
    for neighbour in neighbours(plain):
        if _is_meant(api, neighbour.request, plain, label):
            continue
        _apart(api, steady, [neighbour.request, plain], plain, f"after {neighbour.name}", label)
        together = [plain, neighbour.request, plain]
        _apart(api, steady, together, plain, f"together with {neighbour.name}", label)


def _is_meant(api: Api, neighbour: RawRequest, plain: RawRequest, label: str) -> bool:
    """Return whether a request may change something else: it means another operation or another thing."""
    meant = CONTRACT.label(neighbour.method, api.target.path_of(neighbour.url))
    is_another = meant != label or (neighbour.url != plain.url and neighbour.method != "GET")
    return is_another and any(each.label == meant for each in CONTRACT.operations)


def _apart(api: Api, steady: Steady, row: list[RawRequest], plain: RawRequest, told: str, label: str) -> None:
    for raw, answer in zip(row, api.spell_in_a_row(row, together=row[0] is plain), strict=True):
        if raw is not plain or answer is None:
            continue
        difference = next(steady.differences(answer), "")
        if difference and not IS_OURS and _is_excused(api, answer, plain, steady):
            return
        api.expect(not difference, "equal-requests", f"{difference} on one connection {told}", label)


@pytest.mark.parametrize("asked", SITUATIONS[:MOST_KEPT], indirect=True)
def test_who_leaves_before_the_answer_locks_nobody_out(asked: Asked, api: Api) -> None:
    """Networks end, and clients have deadlines: the next call is answered as if there was no lost one."""
    if not IS_OURS:
        pytest.skip("unproven: what a call that was given up changes, only the rules of an API tell")
    plain, label = plain_request(api, asked), CONTRACT.label(asked.method, asked.path)
    steady = steady_answer(api, plain)
    for part in PARTS:
        api.give_up(plain, part)
        difference = _settled(api, plain, steady)
        told = f"{difference} after {part.name} whose client left"
        api.expect(not difference, "equal-requests", told, label)


def _settled(api: Api, plain: RawRequest, steady: Steady) -> str:
    """Ask until the answer is the one of before, as long as a server may be busy with what was given up."""
    time.sleep(ARRIVAL_SECONDS)
    until, before = time.monotonic() + PATIENCE_SECONDS, api.calls.lines()
    while difference := next(steady.differences(api.spell(plain)), ""):
        if time.monotonic() > until:
            return difference
        time.sleep(PAUSE_SECONDS)
        api.calls.ask_again(before, PATIENCE_SECONDS)
    return ""
