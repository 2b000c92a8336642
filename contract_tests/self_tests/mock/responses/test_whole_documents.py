"""Whole documents under `--spec`: every documented answer can be had, fits, and survives a fuzzer."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis

from contract_tests.self_tests.support.folders import DOCUMENTS
from novapost_mock import Mock, MockTransport
from novapost_mock.document.document import Document
from novapost_mock.document.load import parse, read_document
from scripts.lib.paths import EFFECTIVE

BASE = "http://mock.example"
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def tree_of(path: Path) -> Any:
    return parse(path.read_bytes())


def upgraded(tree: Any) -> Any:
    """Return the same document as OpenAPI 3.1 would have it, as far as it uses what differs."""
    text = json.dumps(tree)
    tree = json.loads(text)
    tree["openapi"] = "3.1.0"

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.pop("nullable", None) is True and "type" in node:
                node["type"] = [node["type"], "null"]
            if node.get("exclusiveMinimum") is True:
                node["exclusiveMinimum"] = node.pop("minimum")
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(tree)
    return tree


NAMED = {
    "broad": tree_of(DOCUMENTS / "broad.yaml"),
    "client": tree_of(DOCUMENTS / "client.yaml"),
    "carrier": tree_of(DOCUMENTS / "carrier.yaml"),
    "carrier-3.1": upgraded(tree_of(DOCUMENTS / "carrier.yaml")),
    "effective": tree_of(EFFECTIVE),
}


def cases() -> Iterator[Any]:
    for name, tree in NAMED.items():
        for path, item in tree["paths"].items():
            for method in METHODS:
                for status in item.get(method, {}).get("responses", {}):
                    yield pytest.param(name, path, method, status, id=f"{name} {method} {path} {status}")


MOCKS = {
    name: Mock(document=Document.from_tree(tree, json.dumps(tree).encode())) for name, tree in NAMED.items()
}
SCHEMAS = {name: schemathesis.openapi.from_dict(tree) for name, tree in NAMED.items()}


def answered(name: str, path: str, method: str, **headers: str) -> httpx.Response:
    mock = MOCKS[name]
    url = BASE + mock.document.base_path + PLACEHOLDER.sub("1", path)
    with httpx.Client(transport=MockTransport(mock)) as client:
        response = client.request(method.upper(), url, headers=headers)
    response.elapsed = timedelta(0)  # schemathesis wants to know; a transport of this process takes no time
    return response


JUDGES: list[Any] = [
    schemathesis.checks.CHECKS.get_one(name)
    for name in (
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]


def judge(name: str, path: str, method: str, response: httpx.Response) -> None:
    """Let schemathesis compare an answer with the document."""
    given = dict.fromkeys(PLACEHOLDER.findall(path), "1")
    case = SCHEMAS[name][path][method.upper()].Case(path_parameters=given)
    case.validate_response(response, checks=JUDGES)


@pytest.mark.parametrize(("name", "path", "method", "status"), list(cases()))
def test_every_documented_answer_can_be_had_and_fits(name: str, path: str, method: str, status: str) -> None:
    """Somebody else's validator judges: status, media type, headers and body are those of the document."""
    code = {"default": "500"}.get(status, status.replace("XX", "18"))
    response = answered(name, path, method, prefer=f"code={code}")

    assert response.status_code == int(code)
    assert response.headers["preference-applied"] == f"code={code}"
    judge(name, path, method, response)


@pytest.mark.parametrize("name", [name for name in NAMED if name != "effective"])
def test_answers_by_chance_fit_as_well(name: str) -> None:
    """`Prefer: dynamic=true` draws another body each time; none of them may break the document."""
    seen = set()
    for path, item in NAMED[name]["paths"].items():
        for method in METHODS:
            for status in item.get(method, {}).get("responses", {}):
                if status in ("default", "204") or status.endswith("XX"):
                    continue
                for _ in range(3):
                    response = answered(name, path, method, prefer=f"code={status}, dynamic=true")
                    seen.add(response.content)
                    judge(name, path, method, response)

    assert len(seen) > len(NAMED[name]["paths"])


def test_a_seed_makes_a_document_answer_the_same_again() -> None:
    """A failing test can be repeated; another seed gives other bodies."""
    tree = NAMED["carrier"]

    def bodies(seed: int) -> list[bytes]:
        mock = Mock(document=Document.from_tree(tree, b"", seed))
        with httpx.Client(transport=MockTransport(mock), base_url=BASE + "/v.1.0") as client:
            return [client.get("/shipments/1", headers={"prefer": "code=200"}).content for _ in range(2)]

    assert bodies(1) == bodies(1)
    assert bodies(1)[0] == bodies(1)[1]
    assert bodies(1) != bodies(2)


def test_a_fuzzer_finds_nothing(tmp_path: Path) -> None:
    """All phases and all checks of schemathesis, over a real port, with the document's credentials."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    document = tmp_path / "carrier.yaml"
    # The enum of its Accept-Language is advice here: a preference is never refused (RFC 9110, 12.5).
    text = (DOCUMENTS / "carrier.yaml").read_text(encoding="utf-8")
    advice = "in: header, schema: {type: string, enum: [uk, en, pl]}"
    assert advice in text
    document.write_text(text.replace(advice, "in: header, schema: {type: string}"), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "novapost_mock", "--port", "0", "--spec", str(document)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as mock:
        assert mock.stdout is not None
        url = mock.stdout.readline().rpartition(" ")[2].strip().rstrip("/")
        run = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", url),
                *("--checks", "all", "--seed", "7", "--max-examples", "3", "--generation-database", "none"),
                *("--workers", "2", "-H", "Authorization: sandbox-token", "--no-color"),
            ],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        mock.terminate()

    assert "No issues found" in run.stdout or " 1 warning " in run.stdout, run.stdout[-4000:] + run.stderr
    assert run.returncode == 0


def test_the_documents_here_are_served_whole() -> None:
    """No operation of theirs is left out, whatever faults they have."""
    for name in ("broad.yaml", "client.yaml", "carrier.yaml"):
        document = read_document(DOCUMENTS / name)

        assert {operation.imitated for operation in document.operations} == {"schema"}
        assert [each for o in document.operations for each in o.answers.all() if each.failure] == []
