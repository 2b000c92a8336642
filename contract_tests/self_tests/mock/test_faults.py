"""Faults act as they are armed, on the calls they are armed for, and a caller meets what a real one would."""

import asyncio
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novapost_mock import Clock, Fault, Mock, MockTransport, Reply, Request
from novapost_mock.faults.fault import Armed, MemoryFaults, called
from novapost_mock.faults.json import KINDS, SYNONYMS, read_fault, read_faults
from novapost_mock.testing.server_thread import Background

PHONE = "498213437654"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
JSON = (("Content-Type", "application/json"),)
ASKED = Request("POST", "/v.1.0/test-api-keys", "", JSON, json.dumps({"phone": PHONE}).encode())
TOKEN = Request("GET", "/v.1.0/clients/authorization", "apiKey=x")


@pytest.fixture
def mock() -> Mock:
    return Mock(random_bytes=random.Random(1).randbytes)


def put(mock: Mock, body: object) -> Reply:
    return mock.handle(Request("PUT", "/__mock__/faults", "", JSON, json.dumps(body).encode()))


def statuses(mock: Mock, calls: int, request: Request = ASKED) -> list[int]:
    return [mock.handle(request).status for _ in range(calls)]


def test_a_status_comes_until_it_is_disarmed(mock: Mock) -> None:
    """The plainest fault, over the control API from beginning to end."""
    assert put(mock, [{"status": 503}]).status == 200
    assert statuses(mock, 3) == [503, 503, 503]

    listed = mock.handle(Request("GET", "/__mock__/faults")).json()
    assert listed == {"faults": [{"status": 503, "calls": 3, "acted": 3, "left": None}]}
    assert mock.handle(Request("DELETE", "/__mock__/faults")).json() == {"faults": []}
    assert statuses(mock, 1) == [200]


def test_a_documented_status_has_its_documented_body(mock: Mock) -> None:
    """A client that reads the 503 of the document reads the one of a fault, too."""
    mock.arm(Fault(status=503))
    assert mock.handle(ASKED).json() == {"errors": {"": "Connection time-out"}}

    mock.arm(Fault(status=404))
    assert mock.handle(ASKED).json() == {"success": False, "errors": ["Client not found"]}


@pytest.mark.parametrize(("status", "body"), [(418, b"I'm a Teapot"), (599, b"A fault that was asked for")])
def test_any_other_status_has_a_body_of_ours(mock: Mock, status: int, body: bytes) -> None:
    """A gateway answers what no document knows."""
    mock.arm(Fault(status=status))
    reply = mock.handle(ASKED)

    assert reply.status == status
    assert body in reply.body


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_has_none(mock: Mock, status: int) -> None:
    """RFC 9110: a client would take the bytes for the next answer."""
    mock.arm(Fault(status=status))
    reply = mock.handle(ASKED)

    assert (reply.status, reply.headers, reply.body) == (status, (), b"")


def test_a_status_asks_no_rule_and_the_others_do(mock: Mock) -> None:
    """A 503 from a gateway issues nothing; an answer that is lost on the way was given all the same."""
    mock.arm(Fault(status=503))
    mock.handle(ASKED)
    assert mock.keys() == []

    mock.arm(Fault(reset="before"))
    mock.handle(ASKED)
    assert len(mock.keys()) == 1


def test_a_fault_acts_on_the_nth_call_so_many_times(mock: Mock) -> None:
    """A retry is tested by the call that fails, and by the one after it."""
    mock.arm(Fault(status=503, on_call=2))
    assert statuses(mock, 4) == [200, 503, 200, 200]

    mock.arm(Fault(status=503, on_call=2, times=2))
    assert statuses(mock, 5) == [200, 503, 503, 200, 200]

    mock.arm(Fault(status=503, times=2))
    assert statuses(mock, 4) == [503, 503, 200, 200]
    [armed] = mock.faults()
    assert (armed.calls, armed.acted, armed.left) == (4, 2, 0)


def test_faults_follow_each_other_in_their_order(mock: Mock) -> None:
    """Of several that would act the first does; those behind it keep what they have left."""
    mock.arm(Fault(status=503, times=1), Fault(status=429, times=1))

    assert statuses(mock, 3) == [503, 429, 200]


@pytest.mark.parametrize(
    "operation",
    ["createTestApiKey", "POST /test-api-keys", "POST /v.1.0/test-api-keys", "post /test-api-keys"],
)
def test_a_fault_can_be_for_one_operation(mock: Mock, operation: str) -> None:
    """And the calls of others are not counted."""
    mock.arm(Fault(operation=operation, status=503, on_call=2))

    assert statuses(mock, 2, TOKEN) == [401, 401]
    assert statuses(mock, 2) == [200, 503]


def test_a_probability_is_kept_and_repeats_with_its_seed(mock: Mock) -> None:
    """A run that failed can be run again."""
    runs = []
    for seed in (7, 7, 8):
        mock.arm(Fault(status=503, probability=0.3, seed=seed))
        runs.append(statuses(mock, 300))

    assert runs[0] == runs[1] != runs[2]
    assert 60 < runs[0].count(503) < 120


def test_jitter_stays_in_its_bounds_and_differs(mock: Mock) -> None:
    """Each delay is drawn anew."""
    mock.arm(Fault(delay_seconds=0.1, jitter_seconds=0.2))
    delays = {reply.delivery.delay_seconds for reply in map(mock.handle, [ASKED] * 50) if reply.delivery}

    assert len(delays) == 50
    assert all(0.1 <= delay <= 0.3 for delay in delays)


@pytest.mark.parametrize("path", ["/__mock__/health", "/__mock__/faults", "/__mock__/clock"])
def test_control_never_fails(mock: Mock, path: str) -> None:
    """Whoever armed a fault must be able to disarm it."""
    mock.arm(Fault(status=503), Fault(reset="before"))
    reply = mock.handle(Request("GET", path))

    assert (reply.status, reply.delivery) == (200, None)


def test_a_path_that_is_not_there_neither_fails_nor_counts(mock: Mock) -> None:
    """Faults are of operations."""
    mock.arm(Fault(status=503, on_call=1))

    assert statuses(mock, 2, Request("GET", "/v.1.0/nothing")) == [404, 404]
    assert statuses(mock, 1, Request("GET", "/v.1.0/test-api-keys")) == [405]
    assert statuses(mock, 1) == [503]


def test_reset_disarms(mock: Mock) -> None:
    """The next test begins without the faults of this one."""
    mock.arm(Fault(status=503))
    mock.reset()

    assert mock.faults() == []
    assert statuses(mock, 1) == [200]


@pytest.mark.parametrize("asked", [ASKED, TOKEN])
def test_a_malformed_body_is_never_json(mock: Mock, asked: Request) -> None:
    """And it says of itself that it is."""
    mock.arm(Fault(body="malformed"))
    reply = mock.handle(asked)

    with pytest.raises(ValueError, match=r"."):
        reply.json()
    assert reply.header_values("content-type") == ["application/json"]
    assert reply.header_values("content-length") == [str(len(reply.body))]


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps) | st.text()
)
def test_malformed_is_malformed_whatever_the_body_was(text: str) -> None:
    """Also where a document answers with a number, or with text."""
    _, active = called([Armed(Fault(body="malformed"))], "")
    assert active is not None

    with pytest.raises(ValueError, match=r"."):
        json.loads(active.apply_to(Reply(200, (), text.encode("utf-8", "replace"))).body)


def test_an_html_page_is_declared_as_one(mock: Mock) -> None:
    """What stands between client and API answers in HTML, with whatever status."""
    mock.arm({"kind": "html", "status": 502})
    reply = mock.handle(ASKED)

    assert reply.status == 502
    assert reply.header_values("content-type") == ["text/html; charset=utf-8"]
    assert reply.body.startswith(b"<!DOCTYPE html>")
    assert reply.header_values("content-length") == [str(len(reply.body))]


def test_garbage_and_another_content_type(mock: Mock) -> None:
    """Bytes that are no text, and a body that is fine under a wrong name."""
    mock.arm(Fault(body="garbage"))
    garbage = mock.handle(ASKED)
    with pytest.raises(UnicodeDecodeError):
        garbage.body.decode()
    assert garbage.body != mock.handle(ASKED).body

    mock.arm(Fault(content_type="text/plain"))
    plain = mock.handle(ASKED)
    assert plain.header_values("content-type") == ["text/plain"]
    assert plain.json()["status"] == "Active"


# What a caller over httpx meets, by fault.
MET: list[tuple[dict[str, Any], type[httpx.HTTPError]]] = [
    ({"delay_seconds": 9}, httpx.ReadTimeout),
    ({"reset": "before"}, httpx.ReadError),
    ({"reset": "inside"}, httpx.ReadError),
    ({"body": "truncated"}, httpx.RemoteProtocolError),
    ({"raw": True}, httpx.RemoteProtocolError),
    ({"drip_bytes": 1, "drip_seconds": 6}, httpx.ReadTimeout),
]


@pytest.mark.parametrize(("fault", "error"), MET, ids=str)
def test_a_sync_caller_meets_what_a_connection_would_give(
    mock: Mock, fault: dict[str, Any], error: type[httpx.HTTPError]
) -> None:
    """Error handling that was written for the wire is reached without one."""
    slept: list[float] = []
    mock.arm(fault)
    with (
        httpx.Client(
            transport=MockTransport(mock, sleep=slept.append), base_url="https://x/v.1.0/"
        ) as client,
        pytest.raises(error) as caught,
    ):
        client.post("test-api-keys", json={"phone": PHONE}, timeout=5)

    assert caught.value.request.method == "POST"
    assert sum(slept) <= 5
    assert len(mock.keys()) == 1


@pytest.mark.parametrize(("fault", "error"), MET, ids=str)
def test_an_async_caller_meets_the_same(
    mock: Mock, fault: dict[str, Any], error: type[httpx.HTTPError]
) -> None:
    """One stand-in for both."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def call() -> None:
        transport = MockTransport(mock, async_sleep=sleep)
        async with httpx.AsyncClient(transport=transport, base_url="https://x/v.1.0/") as client:
            await client.post("test-api-keys", json={"phone": PHONE}, timeout=5)

    mock.arm(fault)
    with pytest.raises(error):
        asyncio.run(call())
    assert sum(slept) <= 5


def test_a_patient_caller_gets_the_answer_late(mock: Mock) -> None:
    """A pause within the time-out, and a body that comes in pieces, are no errors."""
    slept: list[float] = []
    mock.arm(Fault(delay_seconds=2, drip_bytes=50, drip_seconds=0.5))
    with httpx.Client(transport=MockTransport(mock, sleep=slept.append), timeout=5) as client:
        reply = client.post("https://x/v.1.0/test-api-keys", json={"phone": PHONE})

    assert reply.json()["status"] == "Active"
    assert slept == [2, *[0.5] * -(-len(reply.content) // 50)]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"kind": "delay", "delay": 0.5}, Fault(delay_seconds=0.5)),
        ({"delay_ms": 500}, Fault(delay_seconds=0.5)),
        ({"kind": "status"}, Fault(status=503)),
        ({"type": "status", "status": 500, "count": 3}, Fault(status=500, times=3)),
        (
            {"reset": True, "operationId": "authorizeClient"},
            Fault(reset="before", operation="authorizeClient"),
        ),
        ({"reset": False, "status": 500}, Fault(status=500)),
        ({"truncated": True}, Fault(body="truncated")),
        ({"html": True, "garbage": False}, None),
        ({"fault": "reset_inside"}, Fault(reset="inside")),
        ({"html": True, "method": "POST", "path": "/a"}, Fault(body="html", operation="POST /a")),
        ({"status": 503, "operation": "*"}, Fault(status=503)),
        ({"status": 503, "operation": None, "times": None}, Fault(status=503)),
    ],
)
def test_names_that_one_would_guess_are_understood(given: dict[str, Any], meant: Fault | None) -> None:
    """One table says what stands for what; a thing that is said twice is refused."""
    if meant is None:
        with pytest.raises(ValueError, match="given twice"):
            read_fault(given)
    else:
        assert read_fault(given) == meant


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_fault(kind: str) -> None:
    """By its name alone."""
    assert kind.partition("-")[0] in "+".join(read_fault({"kind": kind}).names)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, 'the body is a list of faults, or {"faults": [...]}'),
        ({"faults": [], "more": 1}, 'the body is a list of faults, or {"faults": [...]}'),
        ("html", 'the body is a list of faults, or {"faults": [...]}'),
        ([1], "fault 0: a fault is a JSON object"),
        ([{"status": 503}, {}], "fault 1: a fault needs one of: status"),
        ([{"times": 1}], "fault 0: a fault needs one of: status"),
        ([{"statsu": 503}], "fault 0: a fault has no other properties than: kind, operation"),
        ([{"status": 99}], "fault 0: status is a whole number from 200 to 599"),
        ([{"status": True}], "fault 0: status is a whole number from 200 to 599"),
        ([{"status": "503"}], "fault 0: status is a whole number from 200 to 599"),
        ([{"status": 503, "times": 0}], "fault 0: times is a whole number from 1 to"),
        ([{"status": 503, "on_call": 0}], "fault 0: on_call is a whole number from 1 to"),
        ([{"status": 503, "probability": 0}], "fault 0: probability is a number above 0 and up to 1"),
        ([{"status": 503, "probability": 2}], "fault 0: probability is a number from 0 to 1"),
        ([{"status": 503, "seed": -1}], "fault 0: seed is a whole number from 0"),
        ([{"delay_seconds": 601}], "fault 0: delay_seconds is a number from 0 to 600"),
        ([{"delay_seconds": -1}], "fault 0: delay_seconds is a number from 0 to 600"),
        ([{"delay_ms": "x"}], "fault 0: delay_ms is a number"),
        ([{"delay_ms": 10**400}], "fault 0: delay_seconds is a number from 0 to 600"),
        ([{"drip_seconds": 1}], "fault 0: drip_seconds needs drip_bytes"),
        ([{"reset": "after"}], "fault 0: reset is one of: before, inside"),
        ([{"reset": {}}], "fault 0: reset is one of: before, inside"),
        ([{"reset": True, "raw": True}], "fault 0: give one of: reset, a truncated body, raw"),
        ([{"body": "xml"}], "fault 0: body is one of: truncated, malformed, html, garbage"),
        ([{"html": 1}], "fault 0: html is true or false"),
        ([{"raw": 1}], "fault 0: raw is true or false"),
        ([{"content_type": "a\r\nb: c"}], "fault 0: content_type is a media type"),
        ([{"kind": "explode"}], "fault 0: kind is one of: status, delay, reset"),
        ([{"kind": ["html"]}], "fault 0: kind is one of: status, delay, reset"),
        ([{"delay": 1, "delay_seconds": 2}], "fault 0: delay_seconds is given twice"),
        (
            [{"status": 503, "path": "/a"}],
            "fault 0: an operation is given as operation, or as method and path",
        ),
        ([{"status": 503, "operation": 7}], "fault 0: operation is an operationId or METHOD /path"),
        (
            [{"status": 503, "operation": "deleteEverything"}],
            "fault 0: operation is the operationId, or METHOD",
        ),
        ([{"status": 503, "operation": "GET /test-api-keys"}], "fault 0: operation is the operationId"),
        ([{"status": 503}] * 101, "no more than 100 faults"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_wrong_with_a_fault_is_said(mock: Mock, body: object, text: str) -> None:
    """In one sentence; what was armed before stays armed."""
    mock.arm(Fault(status=503))
    reply = put(mock, body)

    assert reply.status == 400
    [said] = reply.json()["errors"]
    assert said.startswith(text)
    assert [armed.fault for armed in mock.faults()] == [Fault(status=503)]


@given(
    st.dictionaries(
        st.sampled_from(["status", "delay", "kind", "operation", "times", "reset", "body", *SYNONYMS]),
        st.text()
        | st.from_regex(r"[1-9][0-9]{10}", fullmatch=True)
        | st.integers()
        | st.floats()
        | st.none(),
    )
)
def test_no_refusal_repeats_what_was_sent(fault: dict[str, Any]) -> None:
    """Somebody will paste a key."""
    said = ""
    try:
        read_faults([fault])
    except ValueError as error:
        said = str(error)
    sent = [value for value in fault.values() if isinstance(value, str) and len(value) > 10]

    assert not [value for value in sent if value in said]


def test_a_bare_list_and_an_object_are_taken_alike(mock: Mock) -> None:
    """Both are what a reader of the table would send."""
    assert put(mock, {"faults": [{"status": 503}]}).json() == put(mock, [{"status": 503}]).json()
    assert put(mock, []).json() == {"faults": []}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda mock: mock.arm({"statsu": 1}),
        lambda mock: mock.arm(Fault(status=503, operation="nothing")),
        lambda mock: mock.arm(*[Fault(status=503)] * 101),
        lambda mock: Fault(),
    ],
)
def test_wrong_use_from_python_is_a_value_error(mock: Mock, wrong: Callable[[Mock], object]) -> None:
    """The same powers, the same refusals."""
    with pytest.raises(ValueError, match=r"."):
        wrong(mock)


def test_no_act_is_lost_when_many_call_at_once() -> None:
    """So many times means so many times."""
    faults = MemoryFaults()
    faults.arm([Fault(status=503, times=100)])
    with ThreadPoolExecutor(8) as pool:
        acts = [
            active for active in pool.map(lambda _: faults.acting("x"), range(1000)) if active is not None
        ]

    assert len(acts) == 100
    [armed] = faults.armed()
    assert (armed.calls, armed.acted) == (1000, 100)


def test_an_answer_in_process_tells_how_long_it_took(mock: Mock) -> None:
    """As one that came from afar does: the client reads it, and `elapsed` is there."""
    with httpx.Client(transport=MockTransport(mock)) as client:
        assert (
            client.post("https://x/v.1.0/test-api-keys", json={"phone": PHONE}).elapsed.total_seconds() >= 0
        )


@pytest.mark.parametrize(("fault", "error"), MET, ids=str)
def test_a_connection_gives_what_the_transport_raises(
    mock: Mock, fault: dict[str, Any], error: type[httpx.HTTPError]
) -> None:
    """In process and over a port, the same handling of errors is reached."""
    mock.arm(fault)
    with (
        Background(mock) as background,
        httpx.Client(base_url=f"http://127.0.0.1:{background.port}/v.1.0/") as client,
        pytest.raises(error) as caught,
    ):
        client.post("test-api-keys", json={"phone": PHONE}, timeout=0.3)

    assert type(caught.value) is error
    assert [entry.fault for entry in mock.journal()] == ["+".join(read_fault(fault).names)]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html", "status": 502},
        {"body": "malformed"},
        {"body": "garbage", "seed": 5},
        {"content_type": "text/plain"},
        {"delay_seconds": 0.05, "drip_bytes": 40, "drip_seconds": 0.01},
        {"status": 204},
        {"status": 418},
    ],
    ids=str,
)
def test_an_answer_arrives_alike_over_a_port_and_in_process(fault: dict[str, Any]) -> None:
    """Status, content type and every byte."""
    replies: list[tuple[int, str | None, bytes]] = []
    for _ in range(2):
        mock = Mock(clock=Clock(lambda: NOON), random_bytes=random.Random(1).randbytes)
        mock.arm(fault)
        with Background(mock) as background:
            base = f"http://127.0.0.1:{background.port}/v.1.0/"
            transport = None if replies else MockTransport(mock)
            with httpx.Client(transport=transport, base_url=base) as client:
                reply = client.post("test-api-keys", json={"phone": PHONE})
        replies.append((reply.status_code, reply.headers.get("content-type"), reply.content))

    assert replies[0] == replies[1]


@given(st.sampled_from(sorted(KINDS)), st.integers(1, 9) | st.none(), st.integers(1, 9) | st.none())
def test_a_fault_survives_being_written_and_read(kind: str, on_call: int | None, times: int | None) -> None:
    """As a state that several processes share keeps it."""
    fault = read_fault(
        {"kind": kind, "on_call": on_call, "times": times, "operation": "x", "probability": 0.5}
    )

    assert Fault(**json.loads(json.dumps(fault.as_json()))) == fault == read_fault(fault.as_json())


def test_a_name_that_could_be_a_secret_is_not_repeated(mock: Mock) -> None:
    """A slip of the pen is named with its cure; a name with digits in it may be anything."""
    with pytest.raises(ValueError, match=r"statsu is none of them .status") as slip:
        mock.arm({"statsu": 503})
    with pytest.raises(ValueError, match="no other properties than") as secret:
        mock.arm({"4915112345678": 503})

    assert "4915112345678" not in str(secret.value)
    assert str(slip.value).startswith("fault 0: ")
