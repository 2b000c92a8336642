"""The tools that look for the seeded defects, each in the set-up that a fair user would reach."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract_tests.bench.defects import failures
from contract_tests.bench.defects.failures import Failure
from contract_tests.bench.novapost.prepared import (
    AMBIGUOUS,
    LIMITED,
    REGISTERED,
    STRANGER,
    UKRAINIAN,
    UNKNOWN_KEY,
    Prepared,
)
from contract_tests.bench.tools import peers
from contract_tests.bench.tools.watched import Said
from scripts.lib.paths import CONTRACT, EFFECTIVE, UPSTREAM

Command = list[str]


@dataclass(frozen=True)
class Tool:
    """One tool in one set-up.

    Attributes:
        name: for the report.
        setup: how it is set up, and why that is fair.
        make: writes its files into an empty folder; given the target's address without a path, what is is
            prepared, the folder, the seed, and whether to stop at the first finding. Returns the command.
        read: what it found.
        seconds: after which a run of it is stopped.
        prepared: whether phones and keys are prepared for it.
    """

    name: str
    setup: str
    make: Callable[[str, Prepared, Path, int, bool], Command]
    read: Callable[[Said, Path], list[Failure]]
    seconds: float
    prepared: bool = True


def tools() -> list[Callable[[], Tool]]:
    """Return a function for each tool; calling it may raise Missing."""
    return [ours, published, corrected, specmatic, dredd]


def ours() -> Tool:
    """Return the suite of this repository."""

    def make(address: str, prepared: Prepared, folder: Path, seed: int, stop: bool) -> Command:
        suite = [str(folder) for folder in CONTRACT]
        return [
            *(sys.executable, "-m", "pytest", *suite, "--assert=plain", "--campaign", "-x"),
            *("-p", "no:cacheprovider", f"--seed={seed}"),
            *(f"--target={address}/v.1.0/", f"--control={address}/__mock__/"),
        ]

    setup = "as `make contract TARGET=... CONTROL=... ARGS='-x --seed=...'` runs it; it prepares the target"
    return Tool("ours", setup, make, failures.of_ours, 240, prepared=False)


_SCHEMATHESIS = (
    str(Path(sys.executable).with_name("schemathesis")),
    "--config-file",
    "schemathesis.toml",
    "run",
)
EVENTS = ("--report", "ndjson", "--report-ndjson-path", "events.ndjson")


def _schemathesis(
    document: Path, config: Callable[[Prepared], str]
) -> Callable[[str, Prepared, Path, int, bool], Command]:
    def make(address: str, prepared: Prepared, folder: Path, seed: int, stop: bool) -> Command:
        (folder / "schemathesis.toml").write_text(config(prepared), "utf-8")
        return [
            *(*_SCHEMATHESIS, str(document), "--url", f"{address}/v.1.0/", "--seed", str(seed)),
            *("--checks", "all", "--generation-database", "none", "--no-color", *EVENTS),
            *(("--max-failures", "1") if stop else ()),
        ]

    return make


def _as_published(prepared: Prepared) -> str:
    return f"""\
[dictionaries.phone]
values = {json.dumps([*REGISTERED, AMBIGUOUS, LIMITED])}
[parameters]
"body.phone" = {{ dictionary = "phone", probability = 0.5 }}
"""


def _as_corrected(prepared: Prepared) -> str:
    return f"""{_as_published(prepared)}\
"query.apiKey" = {{ dictionary = "key", probability = 0.5 }}
[dictionaries.key]
values = {json.dumps([prepared.key, prepared.deleted])}
[checks.positive_data_acceptance]
expected-statuses = [200, 401, 404, 409, 429]
"""


def published() -> Tool:
    """Return the schemathesis command on the vendor's document."""
    setup = (
        "the version of the lock, openapi/upstream.json as it was published, all checks, all phases that it"
        " can use; the prepared phones as a dictionary for every other phone"
    )
    make = _schemathesis(UPSTREAM, _as_published)
    return Tool("schemathesis, published", setup, make, failures.of_schemathesis, 180)


def corrected() -> Tool:
    """Return the schemathesis command on the corrected document."""
    setup = (
        "the version of the lock, openapi/effective.json with its examples and its link, all checks,"
        " all phases; the prepared phones and keys as dictionaries for every other one; the statuses that"
        " the rules allow for data that fits are declared. 400 is not among them: only a Ukrainian phone gets"
        " that, which it hardly ever makes up, and 400 for any other phone is a finding"
    )
    make = _schemathesis(EFFECTIVE, _as_corrected)
    return Tool("schemathesis, corrected", setup, make, failures.of_schemathesis, 180)


_JSON = {"Content-Type": "application/json"}
_GIVEN = {
    "apiKey": "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2",
    "createdAt": "2025-08-27T08:03:02.123456Z",
    "expDate": "2026-08-29T23:59:59.000Z",
    "status": "Active",
}
_REFUSED = {"success": False, "errors": ["Invalid phone format"]}
_DENIED = {"errors": {"": "Invalid key"}}
_BOUGHT = {"jwt": "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjF9.AAAA"}


def examples(prepared: Prepared) -> dict[str, dict[str, Any]]:
    """Return an example for each documented status that can be had by asking, as Specmatic reads them."""

    def asked(phone: Any, status: int, body: object) -> dict[str, Any]:
        request = {"method": "POST", "path": "/test-api-keys", "headers": _JSON, "body": {"phone": phone}}
        return _example(request, status, body)

    def bought(key: str | None, status: int, body: object) -> dict[str, Any]:
        query = {} if key is None else {"apiKey": key}
        return _example({"method": "GET", "path": "/clients/authorization", "query": query}, status, body)

    return {
        "registered": asked(REGISTERED[0], 200, _GIVEN),
        "another": asked(REGISTERED[1], 200, _GIVEN),
        "stranger": asked(STRANGER, 404, _REFUSED),
        "ambiguous": asked(AMBIGUOUS, 409, _REFUSED),
        "limited": asked(LIMITED, 429, _REFUSED),
        "plus": asked(f"+{REGISTERED[1]}", 400, _REFUSED),
        "ukrainian": asked(UKRAINIAN, 400, _REFUSED),
        "good": bought(prepared.key, 200, _BOUGHT),
        "unknown": bought(UNKNOWN_KEY, 401, _DENIED),
        "deleted": bought(prepared.deleted, 401, _DENIED),
        "none": bought(None, 422, _DENIED),
    }


def _example(request: dict[str, Any], status: int, body: object) -> dict[str, Any]:
    return {"http-request": request, "http-response": {"status": status, "headers": _JSON, "body": body}}


_SPECMATIC = """\
version: 2
contracts:
  - provides:
      - ./api.json
test:
  resiliencyTests:
    enable: all
"""


def specmatic() -> Tool:
    """Return Specmatic with examples and generative tests.

    Raises:
        Missing: it cannot be installed, or there is no Java.
    """
    jar = peers.npm("specmatic") / "specmatic" / "specmatic.jar"
    java = peers.program("java")

    def make(address: str, prepared: Prepared, folder: Path, seed: int, stop: bool) -> Command:
        (folder / "api.json").write_bytes(EFFECTIVE.read_bytes())
        (folder / "specmatic.yaml").write_text(_SPECMATIC, "utf-8")
        (folder / "examples").mkdir()
        for name, example in examples(prepared).items():
            (folder / "examples" / f"{name}.json").write_text(json.dumps(example), "utf-8")
        # Its start takes most of its time: the quick compiler alone saves a third of it.
        flags = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        options = (f"--testBaseURL={address}/v.1.0", "--examples=examples")
        return [java, *flags, "-jar", str(jar), "test", *options]

    setup = (
        "2.55.1, openapi/effective.json, examples for each documented status that can be had by asking (11)"
        ", generative tests on (resiliencyTests: all). The alarms on the unmodified target are valid phones"
        " and keys that it makes up and expects to be known; without them no bad input would be tried"
    )
    return Tool("Specmatic", setup, make, failures.of_specmatic, 240)


def dredd() -> Tool:
    """Return Dredd with examples and the hooks that its manual gives for statuses other than success.

    Raises:
        Missing: it cannot be installed, or there is no Node.
    """
    program = peers.npm("dredd") / "dredd" / "bin" / "dredd"
    node = peers.program("node")

    def make(address: str, prepared: Prepared, folder: Path, seed: int, stop: bool) -> Command:
        (folder / "api.json").write_text(
            json.dumps(with_examples(json.loads(EFFECTIVE.read_bytes()))), "utf-8"
        )
        (folder / "hooks.js").write_text(hooks(prepared), "utf-8")
        options = ("--hookfiles=hooks.js", "--loglevel=error")
        return [node, str(program), "api.json", f"{address}/v.1.0", *options]

    setup = (
        "14.1.0 without its optional binary parser, openapi/effective.json with an example of each answer,"
        " hooks that ask for each documented status: another phone or key, and Prefer for 503"
    )
    return Tool("Dredd", setup, make, failures.of_dredd, 120)


def with_examples(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with an example in each answer: Dredd compares with those, not with schemas."""
    shown = {("post", "200"): _GIVEN, ("get", "200"): _BOUGHT}
    for item in document["paths"].values():
        for method, operation in item.items():
            for status, answer in operation["responses"].items():
                if "$ref" not in answer:
                    refused = _REFUSED if method == "post" else _DENIED
                    answer["content"]["application/json"]["example"] = shown.get((method, status), refused)
    for answer in document["components"]["responses"].values():
        answer["content"]["application/json"]["example"] = {"errors": {"": "time-out"}}
    return document


def hooks(prepared: Prepared) -> str:
    """Return the hooks that tell Dredd what to send for each status, in JavaScript."""
    phones = {"400": f"+{REGISTERED[1]}", "404": STRANGER, "409": AMBIGUOUS, "429": LIMITED}
    keys = {"200": prepared.key, "401": UNKNOWN_KEY, "503": prepared.key}
    return f"""\
const hooks = require('hooks');
const phones = {json.dumps(phones)}, keys = {json.dumps(keys)};
hooks.beforeEach((transaction, done) => {{
  const status = String(transaction.expected.statusCode), request = transaction.request;
  if (status === '503') request.headers.Prefer = 'code=503';
  if (request.method === 'POST' && phones[status]) request.body = JSON.stringify({{ phone: phones[status] }});
  if (request.method === 'GET') {{
    const query = keys[status] ? '?apiKey=' + keys[status] : '';
    transaction.fullPath = transaction.fullPath.split('?')[0] + query;
    request.uri = request.uri.split('?')[0] + query;
  }}
  done();
}});
"""
