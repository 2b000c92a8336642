"""What the comparison of fault finding counts: samples of each tool's output, false alarms, requests."""

import json
import socket
import sys
import threading
from pathlib import Path

import httpx
import pytest

from contract_tests.bench.defects import failures
from contract_tests.bench.defects.failures import Failure
from contract_tests.bench.defects.trials import UNMODIFIED, Score, Trial, counted, tried
from contract_tests.bench.novapost import setups
from contract_tests.bench.novapost.chosen import CHOSEN, QUICK
from contract_tests.bench.novapost.prepared import (
    AMBIGUOUS,
    LIMITED,
    REGISTERED,
    STRANGER,
    Prepared,
    prepare,
)
from contract_tests.bench.novapost.setups import Tool
from contract_tests.bench.sections import faults
from contract_tests.bench.tools.relay import counting
from contract_tests.bench.tools.watched import Said, announced, watched
from contract_tests.bench.values import Missing
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.self_tests.mock.http.test_server import served
from novapost_mock import Mock, Reply, Request
from scripts.lib.paths import EFFECTIVE, ROOT

STAGE = Prepared("a" * 40, "b" * 40)
# As printed by Specmatic 2.55.1, shortened.
SPECMATIC = """\
+ve  Scenario: POST /test-api-keys -> 200 with the request from the example 'registered' has SUCCEEDED
+ve  Scenario: POST /test-api-keys -> 200 where phone is set to the shortest text has FAILED
-ve  Scenario: POST /test-api-keys -> 4xx where REQUEST.BODY has been omitted has SUCCEEDED

Unsuccessful Scenarios:
  "+ve  Scenario: POST /test-api-keys -> 200 where phone is set to the shortest text FAILED"
        Reason:
    Testing scenario "Create or renew a test API key (Sandbox only)."
    API: POST /test-api-keys -> 200

      >> RESPONSE.STATUS

          R0002: HTTP status mismatch
          Documentation: https://docs.specmatic.io/rules#r0002

          Specification expected status 200 but response contained status 404

Tests run: 3, Successes: 2, Failures: 1, WIP: 0, Errors: 0
"""
# As printed by Dredd 14.1.0 with --loglevel=error, shortened.
DREDD = """\
\x1b[32mpass\x1b[39m: POST (200) /test-api-keys duration: 407ms
\x1b[31mfail\x1b[39m: POST (400) /test-api-keys duration: 39ms
\x1b[31mfail\x1b[39m: GET (200) /clients/authorization?apiKey=99dde7bdce duration: 34ms
\x1b[34minfo\x1b[39m: Displaying failed tests...
\x1b[31mfail\x1b[39m: POST (400) /test-api-keys duration: 39ms
\x1b[31mfail\x1b[39m: statusCode: Expected status code '400', but got '200'.

\x1b[32mrequest\x1b[39m:
method: POST
\x1b[31mfail\x1b[39m: GET (200) /clients/authorization?apiKey=99dde7bdce duration: 34ms
\x1b[31mfail\x1b[39m: body: At '/jwt' Missing required property: jwt
complete: 1 passing, 2 failing, 0 errors, 0 skipped, 10 total
"""
OURS = "\x1b[1mfirst finding after 1,006 cases and 3.4 s: body-fits-the-schema in test_statuses.py::test_a[x]"
# As written by schemathesis 4.32.5, without what is not read.
EVENTS = (
    {"LoadingStarted": {"timestamp": 1000.5}},
    {
        "ScenarioFinished": {
            "timestamp": 1003.0,
            "recorder": {
                "label": "POST /test-api-keys",
                "checks": {
                    "DeEREz": [
                        {"name": "not_a_server_error", "status": "success"},
                        {
                            "name": "response_schema_conformance",
                            "status": "failure",
                            "failure_info": {
                                "failure": {
                                    "code": "ST108",
                                    "operation": "POST /test-api-keys",
                                    "title": "Response violates schema",
                                }
                            },
                        },
                    ]
                },
                "interactions": {"DeEREz": {"timestamp": 1002.25, "response": {"status_code": 200}}},
            },
        }
    },
    {"ScenarioFinished": {"timestamp": 1003.5, "recorder": {"label": "GET /clients/authorization"}}},
    {"NonFatalError": {"timestamp": 1004.0, "info": {"title": "Connection Error"}, "label": "POST /x"}},
)


def said(text: str) -> Said:
    """Return an output whose lines came a second apart."""
    return Said(tuple(enumerate(map(str, text.splitlines()), 1)), begun=1000.0, seconds=99.0, status=1)


def trial(defect: str, *keys: str, seconds: float = 9.0) -> Trial:
    """Return a run that found something after three seconds."""
    return Trial(defect, tuple(Failure(key, 3.0) for key in keys), 7, seconds)


def test_what_specmatic_tells_is_understood(tmp_path: Path) -> None:
    """A scenario that fails for another reason is another finding; values that it made up are none."""
    (found,) = failures.of_specmatic(said(SPECMATIC), tmp_path)
    (other,) = failures.of_specmatic(said(SPECMATIC.replace("status 404", "status 500")), tmp_path)

    assert found.at == 2
    assert "shortest text 200 404 >> RESPONSE.STATUS R0002" in found.key
    assert found.key != other.key


def test_what_dredd_tells_is_understood(tmp_path: Path) -> None:
    """The time is that of the failure, the reason that of the end, and no key stands in a key."""
    found = failures.of_dredd(said(DREDD), tmp_path)

    assert found == [
        Failure("POST (400) /test-api-keys statusCode: Expected status code '400', but got '200'.", 2),
        Failure("GET (200) /clients/authorization body: At '/jwt' Missing required property: jwt", 3),
    ]


def test_what_schemathesis_writes_is_understood(tmp_path: Path) -> None:
    """Failed checks by operation, check and status; requests without an answer; a last line cut in two."""
    lines = [*map(json.dumps, EVENTS), '{"ScenarioFinished": {"timest']
    (tmp_path / "events.ndjson").write_text("\n".join(lines), "utf-8")

    assert failures.of_schemathesis(said(""), tmp_path) == [
        Failure("POST /test-api-keys ST108 Response violates schema 200", 2.25),
        Failure("NonFatalError Connection Error POST /x", 4.0),
    ]


def test_what_ours_tells_is_understood(tmp_path: Path) -> None:
    """The variant of a test is no part of what it found."""
    assert failures.of_ours(said(OURS), tmp_path) == [
        Failure("body-fits-the-schema in test_statuses.py::test_a", 1)
    ]


@pytest.mark.parametrize("read", [failures.of_ours, failures.of_specmatic, failures.of_dredd])
def test_a_clean_run_has_no_failures(read: object, tmp_path: Path) -> None:
    """Neither has schemathesis, where nothing was written."""
    assert callable(read)
    assert read(said("all passed\nTests run: 3, Successes: 3, Failures: 0"), tmp_path) == []
    assert failures.of_schemathesis(said(""), tmp_path) == []


def test_false_alarms_are_subtracted() -> None:
    """Who is red without a defect has caught one only by something new."""
    unmodified = trial(UNMODIFIED, "red anyway", "red as well")
    score = Score(unmodified, (trial("one", "red anyway"), trial("two", "red anyway", "new"), trial("three")))

    assert counted(score.trials[0], unmodified) == ()
    assert score.alarms == 2
    assert score.caught == {"two"}
    assert score.first("one") is None
    assert score.first("two") == 3.0


def test_the_table_counts_what_was_caught() -> None:
    """All and stateful apart, for each tool; a peer that catches nothing has no ratio."""
    names = [each.name for each in QUICK]
    stateful = sum(each.is_stateful for each in QUICK)
    all_of_it = tuple(trial(name, "found") for name in names)
    nothing = tuple(trial(name, "red anyway") for name in names)
    scores = {
        "ours": Score(trial(UNMODIFIED), all_of_it),
        "red": Score(trial(UNMODIFIED, "red anyway"), nothing),
        "half": Score(trial(UNMODIFIED), (*all_of_it[:3], *(trial(name) for name in names[3:]))),
    }
    present = [Tool(name, "", _no_command, failures.of_ours, 1) for name in scores]

    section = faults.section_of(present, QUICK, scores, [("dredd", "no node here")])

    rows = {row[0]: row[2:] for row in section.rows}
    assert rows["caught"] == (len(QUICK), 0, 3)
    assert rows["caught, state"] == (stateful, 0, 0)
    assert rows["false alarms"] == (0, 1, 0)
    assert rows[names[0]] == (3.0, "-", 3.0)
    assert [(each.peer, each.median) for each in section.ratios] == [("half", len(QUICK) / 3)]
    assert all(figure.reached for figure in section.figures)
    assert section.missing == (("dredd", "no node here"),)


def test_a_run_that_was_cut_is_told() -> None:
    """A peer that had no time to find anything has not been beaten."""
    late = Trial(CHOSEN[0].name, (), 7, 180.0, cut=True)
    broken = Trial(CHOSEN[1].name, (), 0, 1.0, trouble="Error: no such document")
    scores = {"ours": Score(trial(UNMODIFIED), (late, broken))}

    notes = faults.section_of(
        [Tool("ours", "", _no_command, failures.of_ours, 1)], CHOSEN[:2], scores, []
    ).notes

    assert f"ours: {late.defect}: stopped after 180 s" in notes
    assert f"ours: {broken.defect}: no answer: Error: no such document" in notes


def _no_command(address: str, prepared: Prepared, folder: Path, seed: int, stop: bool) -> list[str]:
    return []


def test_thirty_defects_of_the_catalogue_are_chosen() -> None:
    """Ten concern state, each has a reason, and a quick run has some of each kind."""
    assert len({each.name for each in CHOSEN}) == 30
    assert sum(each.is_stateful for each in CHOSEN) == 10
    assert {each.name for each in CHOSEN} <= {defect.name for defect in CATALOGUE}
    assert all(each.reason for each in CHOSEN)
    assert set(QUICK) < set(CHOSEN)
    assert {each.kind for each in QUICK} == {each.kind for each in CHOSEN}


def test_requests_are_counted_as_they_begin() -> None:
    """Over kept connections and new ones, large bodies once, and the stage apart."""
    with served(Mock([REGISTERED[0]]).handle) as server, counting(server.address[1]) as relay:
        with httpx.Client(base_url=f"http://127.0.0.1:{relay.port}", trust_env=False) as client:
            client.post("/v.1.0/test-api-keys", json={"phone": REGISTERED[0]})
            client.post("/v.1.0/test-api-keys", content=b" " * 300_000)
            client.post("/__mock__/reset")
        last = httpx.get(f"http://127.0.0.1:{relay.port}/v.1.0/nothing", trust_env=False)

    assert last.status_code == 404
    assert relay.requests == 3
    assert relay.control == 1


def test_a_connection_that_is_dropped_stays_dropped() -> None:
    """What a tool would have seen without the relay, it sees with it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def drop() -> None:
        connection, _ = listener.accept()
        connection.recv(1000)
        connection.close()

    thread = threading.Thread(target=drop)
    thread.start()
    with counting(listener.getsockname()[1]) as relay, pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{relay.port}/", trust_env=False)
    thread.join()
    listener.close()

    assert relay.requests == 1


def test_the_stage_has_a_phone_for_each_status() -> None:
    """A peer that is told of them can have every documented answer but 503."""
    mock = Mock()
    with served(mock.handle) as server:
        port = server.address[1]
        prepared = prepare(port, port)

        def asked(phone: str) -> int:
            address = f"http://127.0.0.1:{port}/v.1.0/test-api-keys"
            return httpx.post(address, json={"phone": phone}, trust_env=False).status_code

        def bought(key: str) -> int:
            address = f"http://127.0.0.1:{port}/v.1.0/clients/authorization"
            return httpx.get(address, params={"apiKey": key}, trust_env=False).status_code

        statuses = [asked(phone) for phone in (*REGISTERED, STRANGER, AMBIGUOUS, LIMITED)]
        assert statuses == [200, 200, 404, 409, 429]
        assert (bought(prepared.key), bought(prepared.deleted)) == (200, 401)


def test_a_stage_that_cannot_be_set_is_told() -> None:
    """A peer on an empty stage would miss what it could find."""

    def handle(request: Request) -> Reply:
        return Reply.of_json(500, {})

    with served(handle) as server, pytest.raises(Missing, match="gave no key"):
        prepare(server.address[1], server.address[1])


_TOOL = """
import sys, urllib.request, json
request = urllib.request.Request(sys.argv[1] + "/v.1.0/test-api-keys", b'{"phone": "498213437654"}',
                                 {"Content-Type": "application/json"})
answer = json.load(urllib.request.urlopen(request))
if "status" not in answer:
    print("first finding after 1 cases and 0.1 s: no-status in here")
    raise SystemExit(1)
"""


def test_a_trial_runs_a_tool_against_a_defect() -> None:
    """The real mock, the real proxy, a small tool: it finds the defect, and nothing without it."""

    def make(address: str, prepared: Prepared, folder: Path, seed: int, stop: bool) -> list[str]:
        return [sys.executable, "-c", _TOOL, address]

    tool = Tool("small", "", make, failures.of_ours, 60)
    with announced((sys.executable, "-m", "novapost_mock", "--port", "0"), folder=ROOT) as mock:
        unmodified = tried(tool, UNMODIFIED, mock, 1, stop=False)
        broken = tried(tool, "key-status-missing", mock, 1, stop=True)

    assert (unmodified.keys, unmodified.requests, unmodified.trouble) == (frozenset(), 1, "")
    assert (broken.keys, broken.requests) == (frozenset({"no-status in here"}), 1)


def test_a_tool_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    """And what it said until then counts."""
    program = "import subprocess, sys; print('begun', flush=True); subprocess.run(['sleep', '60'])"

    done = watched((sys.executable, "-c", program), folder=tmp_path, seconds=3)

    assert done.cut
    assert [line for _, line in done.lines] == ["begun"]


def test_a_server_that_does_not_start_is_told(tmp_path: Path) -> None:
    """By what it said instead of an address; a program that is not there, by its name."""
    with (
        pytest.raises(Missing, match="in use"),
        announced((sys.executable, "-c", "print('in use')"), folder=tmp_path),
    ):
        pass
    with pytest.raises(Missing, match="no-such-program"):
        watched(("no-such-program",), folder=tmp_path, seconds=1)


def test_each_peer_is_told_of_the_stage(tmp_path: Path) -> None:
    """All phones and keys are in its set-up, and the document keeps its examples."""
    address = "http://127.0.0.1:1"
    command = setups.corrected().make(address, STAGE, tmp_path, 7, True)
    config = (tmp_path / "schemathesis.toml").read_text("utf-8")

    assert command[-2:] == ["--max-failures", "1"]
    for value in (*REGISTERED, AMBIGUOUS, LIMITED, STAGE.key, STAGE.deleted):
        assert value in config
    assert {example["http-response"]["status"] for example in setups.examples(STAGE).values()} == {
        *(200, 400, 401, 404, 409, 422, 429)
    }
    for status in (400, 404, 409, 429, 401, 503):
        assert str(status) in setups.hooks(STAGE)


def test_dredds_document_has_an_example_of_each_answer() -> None:
    """Without one it compares nothing but the status."""
    document = setups.with_examples(json.loads(EFFECTIVE.read_bytes()))

    for item in document["paths"].values():
        for operation in item.values():
            for answer in operation["responses"].values():
                assert "$ref" in answer or answer["content"]["application/json"]["example"]
    assert document["components"]["responses"]["Time-out"]["content"]["application/json"]["example"]
