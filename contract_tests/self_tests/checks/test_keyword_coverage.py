"""Is it counted right which keywords a run has tried, and how long answers took?"""

import json

import pytest

from contract_tests.novapost.knowledge.contract import contract
from contract_tests.observations.keyword_coverage import Coverage
from contract_tests.observations.latency import BOUNDS, Latency
from contract_tests.target.exchange import Exchange, Received, Sent

CONTRACT = contract()
KEY, JWT = "POST /test-api-keys", "GET /clients/authorization"


def tried(*exchanges: Exchange) -> dict[tuple[str, str, str], tuple[int, int]]:
    """By place, pointer and keyword, how many values kept it and how many broke it."""
    coverage = Coverage(CONTRACT)
    for exchange in exchanges:
        coverage.saw(exchange)
    return {
        (row["place"], row["pointer"], row["keyword"]): (row["kept"], row["broken"])
        for row in coverage.rows()
    }


def asking(body: bytes, status: int = 400, answer: bytes = b"") -> Exchange:
    """Return a request for a key, with its answer."""
    sent = Sent("POST", "http://x/test-api-keys", "/test-api-keys", {}, body)
    return Exchange(sent, Received(status, {}, answer))


@pytest.mark.parametrize(
    ("value", "kept", "broken"),
    [
        ({"phone": "4477009000"}, {"type", "pattern", "minLength", "maxLength"}, set()),
        ({"phone": "+4"}, {"type", "maxLength"}, {"pattern", "minLength"}),
        ({"phone": "0" * 16}, {"type", "minLength"}, {"pattern", "maxLength"}),
        ({"phone": 4477009000}, set(), {"type"}),
        ({"phone": None}, set(), {"type"}),
        ({}, set(), set()),
        ([], set(), set()),
    ],
)
def test_a_value_tries_the_keywords_that_speak_of_it(value: object, kept: set[str], broken: set[str]) -> None:
    """A number has no length, and what is not there tries nothing."""
    counts = {k: n for (place, at, k), n in tried(asking(json.dumps(value).encode())).items()
              if (place, at) == (f"{KEY} request", "/phone")}  # fmt: skip

    assert counts == {
        k: (int(k in kept), int(k in broken)) for k in ("type", "pattern", "minLength", "maxLength")
    }


def test_objects_are_tried_for_their_members() -> None:
    """One without the phone and one with more than the phone."""
    counts = tried(asking(b"{}"), asking(b'{"phone": "4477009000", "x": 1}'), asking(b"not JSON"))

    assert counts[f"{KEY} request", "", "required"] == (1, 1)
    assert counts[f"{KEY} request", "", "additionalProperties"] == (1, 1)


def test_answers_and_queries_are_tried_too() -> None:
    """Through references, into lists, and a parameter that is missing."""
    rejection = b'{"success": false, "errors": ["a", 5]}'
    no_key = Exchange(Sent("GET", "http://x/y", "/clients/authorization", {}, b""), Received(422, {}, b"{}"))
    empty = Exchange(Sent("GET", "http://x/y?apiKey=", "/clients/authorization", {}, b""), None, "gone")

    counts = tried(asking(b"", 404, rejection), no_key, empty)

    assert counts[f"{KEY} answer 404", "/errors/*", "type"] == (1, 1)
    assert counts[f"{KEY} answer 400", "/errors/*", "type"] == (0, 0)
    assert counts[f"{JWT} request", "/apiKey", "required"] == (1, 1)
    assert counts[f"{JWT} request", "/apiKey", "minLength"] == (0, 1)
    assert (f"{JWT} request", "/apiKey", "type") not in counts
    assert counts[f"{JWT} answer 422", "", "type"] == (1, 0)


def test_each_time_falls_in_one_bucket() -> None:
    """The upper end belongs to its bucket, and the last bucket has none."""
    latency = Latency()
    for milliseconds in (0, 1, 1.5, 10_000, 60_000):
        latency.took("GET /x", milliseconds / 1000)

    (row,) = latency.rows(("GET /x", "GET /y"))

    assert row["counts"] == [2, 1, *[0] * (len(BOUNDS) - 3), 1, 1]
    assert row["slowest"] == 60_000
