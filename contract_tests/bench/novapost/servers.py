"""The servers that the mock is measured beside, each set up to validate what it is asked as the mock does."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.bench.novapost.request import BODY, KEY, OPERATION, PATH, SCHEMA, WRONG
from contract_tests.bench.tools.load import Call
from contract_tests.bench.tools.peers import PLACE, npm, program, python
from contract_tests.bench.tools.serving import Server
from scripts.lib.files import write_together
from scripts.lib.paths import EFFECTIVE, ROOT


def _asked(target: str) -> tuple[Call, Call]:
    return Call("POST", target, BODY), Call("POST", target, WRONG)


OURS = Server(
    "novapost-mock",
    (sys.executable, "-m", "novapost_mock", "--port", "{port}"),
    *_asked(PATH),
    # With its bytecode kept, as pip leaves an installed package, whatever the environment says.
    {
        "NOVAPOST_MOCK_CONTROL_TOKEN": "",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(PLACE / "bytecode"),
    },
)


def granian(workers: int = 1) -> Server:
    """Return the bare application on granian."""
    run = (
        str(python("servers")),
        "-m",
        "granian",
        "--interface",
        "rsgi",
        "--workers",
        f"{workers}",
        "--no-ws",
    )
    options = ("--port", "{port}", "--log-level", "error", "contract_tests.bench.novapost.apps:rsgi")
    return Server("granian, bare RSGI", (*run, *options), *_asked(PATH), {"PYTHONPATH": str(ROOT)})


def _uvicorn() -> Server:
    run = (str(python("servers")), "-m", "uvicorn", "--http", "httptools", "--loop", "uvloop")
    options = (
        "--port",
        "{port}",
        "--no-access-log",
        "--log-level",
        "critical",
        "contract_tests.bench.novapost.apps:asgi",
    )
    return Server("uvicorn, bare ASGI", (*run, *options), *_asked(PATH), {"PYTHONPATH": str(ROOT)})


def _prism() -> Server:
    prism = npm("prism") / ".bin" / "prism"
    options = ("mock", "--port", "{port}", "--verboseLevel", "silent", str(EFFECTIVE))
    return Server("Prism", (program("node"), str(prism), *options), *_asked(f"/{OPERATION}"))


def _wiremock() -> Server:
    folder = PLACE / "wiremock-root"
    schema = {**SCHEMA, "$schema": "http://json-schema.org/draft-07/schema#"}
    headers = {"Content-Type": "application/json"}
    good = {
        "priority": 1,
        "request": {"method": "POST", "url": PATH, "bodyPatterns": [{"matchesJsonSchema": schema}]},
        "response": {"status": 200, "headers": headers, "jsonBody": KEY},
    }
    bad = {
        "priority": 9,
        "request": {"method": "POST", "url": PATH},
        "response": {"status": 400, "headers": headers, "jsonBody": {}},
    }
    write_together(
        {folder / "mappings" / f"{n}.json": json.dumps(each).encode() for n, each in enumerate((good, bad))}
    )
    jar = npm("wiremock") / "wiremock" / "build" / "wiremock-standalone-3.13.2.jar"
    options = ("--port", "{port}", "--no-request-journal", "--disable-banner", "--root-dir", str(folder))
    return Server("WireMock", (program("java"), "-jar", str(jar), *options), *_asked(PATH))


def _specmatic() -> Server:
    # It leaves reports where it runs.
    folder = PLACE / "specmatic-root"
    folder.mkdir(parents=True, exist_ok=True)
    jar = npm("specmatic") / "specmatic" / "specmatic.jar"
    options = ("stub", str(EFFECTIVE), "--host", "127.0.0.1", "--port", "{port}", "--noConsoleLog")
    command = (program("java"), "-jar", str(jar), *options)
    # The path of the document's server is not part of its addresses.
    return Server("Specmatic", command, *_asked(f"/{OPERATION}"), folder=folder)


def _mockoon() -> Server:
    """Return Mockoon. It knows no schemas, so the pattern is a rule of the answer, as its manual says."""
    path = PLACE / "mockoon-root" / "key.json"
    write_together({path: json.dumps(_environment()).encode()})
    script = npm("mockoon") / "@mockoon" / "cli" / "bin" / "run.js"
    options = ("start", "--data", str(path), "--port", "{port}", "--hostname", "127.0.0.1")
    # Without its log, its admin API and its list of calls, as the mock's journal is all that ours keeps.
    quiet = ("--disable-log-to-file", "--disable-admin-api", "--max-transaction-logs", "0")
    return Server(
        "Mockoon", (program("node"), str(script), *options, *quiet), *_asked(PATH), folder=path.parent
    )


def _environment() -> dict[str, Any]:
    rule = {"target": "body", "modifier": "phone", "value": SCHEMA["properties"]["phone"]["pattern"]}
    return {
        "uuid": "environment",
        "lastMigration": 33,
        "name": "key",
        "port": 3000,
        "hostname": "127.0.0.1",
        "endpointPrefix": "v.1.0",
        "routes": [
            {
                "uuid": "route",
                "type": "http",
                "method": "post",
                "endpoint": OPERATION,
                "responses": [
                    _response("refused", 400, {}, []),
                    _response("good", 200, KEY, [{**rule, "operator": "regex", "invert": False}]),
                ],
            }
        ],
        "rootChildren": [{"type": "route", "uuid": "route"}],
    }


def _response(name: str, status: int, body: dict[str, str], rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "uuid": name,
        "statusCode": status,
        "body": json.dumps(body),
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "rules": rules,
        "rulesOperator": "OR",
        "disableTemplating": True,
        "default": not rules,
    }


# By the name that `versions` has it under; the bare ones first, whose ratios say what our rules cost.
PEERS: Mapping[str, Callable[[], Server]] = {
    "granian": granian,
    "uvicorn": _uvicorn,
    "Prism": _prism,
    "WireMock": _wiremock,
    "Mockoon": _mockoon,
    "Specmatic": _specmatic,
}
