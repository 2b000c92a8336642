"""Are the defects of a document its own, and does the suite notice them before the mock that serves it?"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.checks.document import Contract
from contract_tests.checks.response_checks import judge
from contract_tests.defects.derived import derived
from contract_tests.defects.exchange import Answer, Request
from contract_tests.defects.proxy import wrapped
from contract_tests.session.any_document import subject_of
from contract_tests.target.exchange import Exchange, Received, Sent
from scripts.lib.paths import ROOT

FILE = Path(__file__).parent / "documents" / "todo.yaml"
CONTRACT = subject_of(FILE).contract
DEFECTS = {each.name: each for each in derived(CONTRACT)}
TASK = {"id": 1, "title": "Buy milk", "priority": 3, "due": "2026-01-01", "done": False}
OF_ONE_TASK = [name for name in DEFECTS if name.startswith("GET /tasks/{taskId} 200 ")]


def test_a_document_gives_its_own_defects() -> None:
    """Each kind that the document has a place for."""
    wanted = {
        "GET /tasks/{taskId} 200 title missing",
        "GET /tasks/{taskId} 200 priority maximum",
        "GET /tasks/{taskId} 200 due format",
        "GET /tasks/{taskId} 200 media type",
        "POST /tasks 201 header Location missing",
        "POST /tasks bad input taken",
        "POST /tasks 500 on odd input",
        "GET /tasks no credentials needed",
        "GET /tasks undocumented status",
        "DELETE /tasks/{taskId} deletes nothing",
        "GET /tasks/{taskId} answers as GET /tasks",
    }
    assert wanted <= DEFECTS.keys()


@pytest.mark.parametrize("name", OF_ONE_TASK)
def test_a_defect_breaks_an_honest_answer(name: str) -> None:
    """Without it the answer is left alone, with it a check notices."""
    honest = Answer(200, (("Content-Type", "application/json"),), json.dumps(TASK).encode())
    answering = wrapped(lambda request: honest, DEFECTS[name].start)

    def found(answer: Answer) -> int:
        headers = {key.lower(): value for key, value in answer.headers}
        sent = Sent("GET", "http://127.0.0.1/api/v1/tasks/1", "/tasks/1", {}, b"")
        return len(judge(Exchange(sent, Received(answer.status, headers, answer.body)), CONTRACT))

    assert found(honest) == 0
    assert found(answering(Request("GET", "/api/v1/tasks/1"))) > 0


@pytest.mark.parametrize(
    ("target", "is_broken"),
    [("/v2/notes/1", True), ("/api/v1/notes", False), ("/v2/notes", False), ("/v2/tasks/1", False)],
)
def test_a_defect_of_an_operation_with_a_server_of_its_own_stands_below_that(
    target: str, is_broken: bool
) -> None:
    """The suite asks for it there, so there it has to go wrong."""
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    note = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    contract = Contract(
        {
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "servers": [{"url": "/api/v1"}],
            "paths": {
                "/notes": {"get": {"responses": answer}},
                "/notes/{id}": {
                    "servers": [{"url": "/v2"}],
                    "parameters": [note],
                    "get": {"responses": answer},
                },
            },
        }
    )
    honest = Answer(200, (("Content-Type", "application/json"),), b'{"n": 1}')
    start = next(one for one in derived(contract) if one.name == "GET /notes/{id} 200 n type").start

    found = wrapped(lambda request: honest, start)(Request("GET", target))

    assert (found != honest) is is_broken


def test_the_suite_tells_its_share() -> None:
    """The command as make calls it, for three defects of three kinds."""
    command = [
        sys.executable,
        "-m",
        "contract_tests.defects",
        f"--document={FILE}",
        "--workers=1",
        "--seed=7",
    ]
    command += [
        "--only",
        "POST /tasks 201 header*",
        "--only",
        "* deletes nothing",
        "--only",
        "*201 title minLength",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 of 3 defects caught" in done.stdout
    assert "the suite would notice 100 % of what can go wrong with this document" in done.stdout
