"""The catalogue of seeded defects: long enough, each a change of its own, and described truthfully."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from contract_tests.defects import __main__ as command
from contract_tests.defects.campaign import Outcome, caught
from contract_tests.defects.defect import Defect
from contract_tests.defects.proxy import standing_before, unmodified, wrapped
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.novapost.defects.exchange import Answer, Request
from contract_tests.novapost.defects.state import Memory
from contract_tests.reporting.html.sections import SCHEMAS
from contract_tests.reporting.report import read
from contract_tests.target.local_server import running

KEY, JWT = "/v.1.0/test-api-keys", "/v.1.0/clients/authorization"
PHONE = "447700900001"
GIVEN = {
    "apiKey": "0f" * 20,
    "createdAt": "2026-03-10T09:30:00Z",
    "expDate": "2027-03-10T23:59:59Z",
    "status": "Active",
}


def asking(phone: str = PHONE) -> Request:
    """Return a request for a key, in plain order."""
    return Request("POST", KEY).asking(phone)


def always(answer: Answer) -> httpx.MockTransport:
    """Return a target that knows one answer."""
    return httpx.MockTransport(lambda request: httpx.Response(answer.status, content=answer.body))


def test_the_catalogue_has_as_many_defects_as_promised() -> None:
    """At least eighty, each under a name of its own."""
    names = [defect.name for defect in CATALOGUE]

    assert len(names) == len(set(names)) >= 80


def test_an_honest_proxy_changes_nothing(mock: str) -> None:
    """Whatever is found through the proxy is the defect's doing."""
    odd = [
        ("POST", KEY, b'{"phone": "447700900001"}', {"content-type": "application/json"}),
        ("POST", KEY, b"\xff", {"content-type": "text/plain"}),
        ("GET", f"{JWT}?apiKey=%zz", b"", {}),
        ("OPTIONS", KEY, b"", {}),
        ("GET", "/elsewhere", b"", {"prefer": "code=503"}),
    ]
    with standing_before(mock) as address, httpx.Client(trust_env=False) as client:
        for method, path, body, headers in odd:
            direct, through = (
                client.request(method, f"{base}{path}", content=body, headers=headers)
                for base in (mock, address)
            )
            volatile = {"date", "server"}
            assert through.status_code == direct.status_code
            assert through.content == direct.content
            assert {n: v for n, v in through.headers.items() if n not in volatile} == {
                n: v for n, v in direct.headers.items() if n not in volatile
            }


def test_the_proxy_notices_that_the_target_has_closed_what_was_kept() -> None:
    """All connections that lie idle are as old as each other, and none of them is the client's matter."""
    at_once, kept = threading.Barrier(2), []

    class Target(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/at-once":
                at_once.wait(20)
                kept.append(self.connection)
            self.send_response_only(204)
            self.end_headers()

    with (
        running(ThreadingHTTPServer(("127.0.0.1", 0), Target)) as target,
        standing_before(target) as address,
        ThreadPoolExecutor(2) as both,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        assert [answer.status_code for answer in both.map(client.get, ["/at-once"] * 2)] == [204, 204]
        for connection in kept:
            connection.shutdown(socket.SHUT_RDWR)
        assert client.get("/later").status_code == 204


def test_no_defect_stumbles_over_what_a_fuzzer_sends() -> None:
    """A defect that fails itself would be caught for the wrong reason."""
    error = Answer(404).saying({"success": False, "errors": ["Client not found"]})
    bodies = [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b'{"phone": []}',
        b'{"phone": {"a": 1}}',
        b'{"phone": "+44"}',
        b'"x"',
    ]
    requests = [
        *(Request("POST", KEY, (("Content-Type", "application/json"),), body) for body in bodies),
        *(Request(method, path) for method in ("GET", "HEAD", "PUT", "PATCH") for path in (KEY, JWT, "/x")),
        *(Request("GET", f"{JWT}?apiKey={key}") for key in ("", "%FF", "a", "%00", "f" * 40)),
        Request("POST", KEY, (("Prefer", "code=503"),), b"{"),
    ]
    for defect in CATALOGUE:
        answering = wrapped(lambda request: error, defect.start)
        for request in requests:
            assert isinstance(answering(request), Answer), defect.name


def test_the_memory_follows_a_key_through_its_life() -> None:
    """What a defect is told about a key is what happened to it."""
    memory, later = Memory(), GIVEN | {"expDate": "2027-03-11T23:59:59Z"}

    def control(path: str, body: object) -> None:
        request = Request(
            "PUT" if "clock" in path else "POST", f"/__mock__/{path}", (), json.dumps(body).encode()
        )
        memory.saw(request, Answer(200).saying(body))

    def asked(given: dict[str, str]) -> str:
        memory.saw(asking(), Answer(200).saying(given))
        return memory.kind(PHONE)

    control("clock", {"now": "2026-03-10T09:30:00Z"})
    assert asked(GIVEN) == asked(GIVEN) == "created"
    assert asked(later) == "renewed"
    control("clock", {"now": "2030-01-01T00:00:00Z"})
    assert not memory.is_active(GIVEN["apiKey"])
    assert asked(GIVEN | {"expDate": "2031-01-01T23:59:59Z"}) == "reactivated"
    assert memory.is_active(GIVEN["apiKey"])
    control("cleanup", {"phone": PHONE})
    assert memory.cleaned == {GIVEN["apiKey"]}
    assert asked(GIVEN | {"apiKey": "a" * 40}) == "recreated"
    control("reset", {})
    assert memory.kind(PHONE) == ""


def test_the_control_api_passes_every_defect_untouched() -> None:
    """Defects leave the control API alone, or no finding would mean anything."""
    answer = Answer(200).saying({"now": "2026-03-10T09:30:00Z"})
    for defect in CATALOGUE:
        answering = wrapped(lambda request: answer, defect.start)
        assert answering(Request("GET", "/__mock__/clock")) == answer, defect.name


def test_a_caught_defect_is_told_with_check_cases_and_seconds(mock: str) -> None:
    """From a real run, stopped at its first finding."""
    defect = next(defect for defect in CATALOGUE if defect.name == "key-400-as-422")

    outcome = caught(defect, mock, seed=1)

    assert outcome.check == "status-is-documented"
    assert 1 <= outcome.cases < 50
    assert outcome.trouble == ""


@pytest.mark.parametrize(
    ("outcome", "code", "says"),
    [
        (Outcome("honest", "same-day-same-key", "test_limit.py::x", 7, 0.5), 0, "1 of 1 defects caught"),
        (Outcome("honest", None, cases=3000, seconds=20.0), 1, "MISSED"),
        (Outcome("honest", None, trouble="error: nothing answers"), 2, "error: nothing answers"),
    ],
    ids=["caught", "missed", "could not run"],
)
def test_the_exit_code_says_what_came_of_it(
    outcome: Outcome,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 all caught, 1 one missed, 2 a run that was no answer; and the table shows which."""
    monkeypatch.setattr(command, "CATALOGUE", (Defect("honest", unmodified),))
    monkeypatch.setattr(command, "_objection", lambda *_: None)
    monkeypatch.setattr(command, "caught", lambda defect, mock, **options: outcome)

    assert command.main(["--workers", "1"]) == code
    assert says in capsys.readouterr().out


def test_a_run_that_breaks_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for the outcome of a thread that has ended would wait for ever."""

    def broken(*arguments: object, **options: object) -> Outcome:
        raise LookupError("no such thing")

    monkeypatch.setattr(command, "CATALOGUE", (Defect("honest", unmodified),))
    monkeypatch.setattr(command, "caught", broken)

    with pytest.raises(LookupError, match="no such thing"):
        command.main(["--workers", "1"])


def test_nothing_is_measured_where_the_suite_is_red_anyway(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything would count as caught."""
    monkeypatch.setattr(command, "CATALOGUE", (Defect("honest", unmodified),))
    monkeypatch.setattr(
        command, "caught", lambda defect, mock, **options: Outcome(defect.name, "a-rule", "in_a_test")
    )

    assert command.main(["--workers", "1"]) == 2
    said = capsys.readouterr()
    assert said.err == "error: the unmodified mock is not left alone: a-rule in_a_test\n"
    assert said.out == ""


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--only", "nothing*"], "no defect is named like nothing*"),
        (["--workers", "0"], "--workers is 1 or more"),
    ],
)
def test_wrong_use_of_the_catalogue_is_one_line(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and what to mend."""
    assert command.main(arguments) == 2
    assert capsys.readouterr().err == f"error: {reason}\n"


def test_the_names_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """One a line, for whoever wants to choose."""
    assert command.main(["--list", "--only", "405-*"]) == 0
    assert capsys.readouterr().out.split() == [
        "405-without-allow",
        "405-allows-another-method",
        "405-is-400",
        "405-is-501",
    ]


def test_the_outcome_goes_into_a_file_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its published form; a file that cannot be written is one line."""
    monkeypatch.setattr(command, "_objection", lambda *_: None)
    monkeypatch.setattr(
        command, "_run", lambda chosen, workers, seed: iter([Outcome("no-limit", "daily-limit")])
    )
    file = tmp_path / "reports" / "defects.json"

    assert command.main(["--only=no-limit", f"--json={file}", "--seed=7"]) == 0
    tree = read(file, SCHEMAS["defects"])
    assert (tree["seed"], tree["defects"][0]["check"]) == (7, "daily-limit")

    assert command.main(["--only=no-limit", "--json=/dev/null/defects.json"]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_proxy_keeps_no_connection_of_a_client_that_left() -> None:
    """A long run opens thousands of connections; a target lets in some hundred at once."""
    behind: list[int] = []

    class Target(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer with nothing."""
            behind.append(self.client_address[1])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Target)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with standing_before(f"http://127.0.0.1:{server.server_port}") as address:
            for _ in range(20):
                assert httpx.get(address, trust_env=False).status_code == 204
    finally:
        server.shutdown()
        server.server_close()

    assert len(behind) == 20
    assert len(set(behind)) < 5
