"""Does `python -m scripts.drift` say what it found, in every format, and what it could not compare?"""

import json
import re
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from contract_tests.self_tests.drift.options.test_formats import Terminal
from contract_tests.self_tests.drift.samples.edits import CASES
from contract_tests.self_tests.support.folders import PAGES
from contract_tests.self_tests.support.tls_server import tls_server
from scripts.drift import accepted, command, run
from scripts.drift.findings import Finding
from scripts.drift.formats import write_report
from scripts.drift.pages import record
from scripts.drift.pages.sentences import prose_of, sentences
from scripts.drift.run import Order, compared
from scripts.lib.errors import Refusal
from scripts.lib.paths import ROOT

UK = PAGES / "api-key-page.uk.md"
EFFECTIVE = ROOT / "openapi" / "effective.json"
UPSTREAM = ROOT / "openapi" / "upstream.json"
SCHEMA = json.loads((ROOT / "openapi" / "drift-report.schema.json").read_text())
BY_NAME = {case.name: case for case in CASES}
MARKDOWN = {"content-type": "text/markdown; charset=utf-8", "etag": '"v2"'}

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Say:
    """Return the command's exit code and what it printed on stdout and stderr."""

    def run(*arguments: str, transport: httpx.AsyncBaseTransport | None = None) -> tuple[int, str, str]:
        code = command.main(list(arguments), transport or httpx.MockTransport(unreachable))
        out, err = capfd.readouterr()
        return code, out, err

    return run


def unreachable(request: httpx.Request) -> httpx.Response:
    """Return the network that no test may use."""
    raise AssertionError(f"asked for {request.url}")


def serving(content: bytes, **headers: str) -> httpx.MockTransport:
    """Return a server with one page."""
    return httpx.MockTransport(
        lambda request: httpx.Response(200, headers=MARKDOWN | headers, content=content)
    )


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """effective.json with edits of the catalogue, as a file."""

    def make(*names: str) -> Path:
        document = json.loads(EFFECTIVE.read_text())
        for name in names:
            BY_NAME[name].edit(document)
        path = tmp_path / "revision.json"
        path.write_text(json.dumps(document, indent=2))
        return path

    return make


MANY = ("phone-pattern-narrowed", "new-status-of-a-key", "two-requests-a-day", "new-operation", "deprecated")


# What it says


def test_no_drift_is_said_so(say: Say) -> None:
    """Silence could also be a crash."""
    code, out, err = say(str(EFFECTIVE), str(EFFECTIVE))

    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "No drift."


def test_text_begins_with_the_verdict_and_groups_by_who_is_hurt(
    say: Say, edited: Callable[..., Path]
) -> None:
    """A reader knows after one line whether to read on."""
    code, out, _ = say(str(EFFECTIVE), str(edited(*MANY)))

    lines = out.splitlines()
    assert code == 1
    assert lines[0].startswith("Drift that breaks callers: 2 breaking, 2 behaviour")
    assert [line for line in lines if line in ("Callers", "Mock users", "Maintainers")] == [
        *("Callers", "Mock users", "Maintainers")
    ]
    at = lines.index("  breaking   schema TestApiKeyResponse in responses /status")
    assert '"Blocked" is not among the values' in lines[at + 1]
    assert '"status": "Blocked"' in "".join(lines[at : at + 4])
    assert re.search(r"enforced by .*contract_tests/novapost/test_limit\.py", out)
    assert "\x1b" not in out


def test_the_json_report_has_the_published_schema(say: Say, edited: Callable[..., Path]) -> None:
    """Whoever builds on it can rely on its shape."""
    _, out, _ = say(str(EFFECTIVE), str(edited(*MANY)), "--format", "json")

    report = json.loads(out)
    jsonschema_rs.validate(SCHEMA, report)
    finding = next(one for one in report["findings"] if one["rule"] == "request-pattern")
    assert finding["base"]["line"] == line_of('"phone": {')
    assert finding["payload"]["valid_for"] == "base"
    assert re.fullmatch(r"[1-9][0-9]{7,8}", finding["payload"]["value"]["phone"])


def line_of(text: str, path: Path = EFFECTIVE) -> int:
    """Return the line of a file on which a text stands first."""
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def test_a_broken_schema_would_be_noticed() -> None:
    """The published schema says something."""
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(SCHEMA, {"version": 1, "findings": [{}]})


def test_github_annotations_name_file_and_line(say: Say, edited: Callable[..., Path]) -> None:
    """A reviewer sees them in the new file, which the pull request shows."""
    revision = edited(*MANY)
    _, out, _ = say(str(EFFECTIVE), str(revision), "--format", "github")

    line = next(one for one in out.splitlines() if "request-pattern" in one)
    number = line_of('"phone": {', revision)
    assert line.startswith(f"::error file={revision},line={number},col=")
    assert out.splitlines()[-1].startswith("Drift that breaks callers")


def test_a_document_cannot_forge_an_annotation(say: Say, tmp_path: Path) -> None:
    """CI takes commands from lines that begin with two colons."""
    document = json.loads(EFFECTIVE.read_text())
    document["paths"]["/x\n::error::forged"] = {"get": {"responses": {"200": {"description": "x"}}}}
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(document))

    for how in ("github", "text", "markdown"):
        _, out, _ = say(str(EFFECTIVE), str(path), "--format", how)
        assert "forged" in out
        assert not any(line.startswith("::error::") for line in out.splitlines())


def test_sarif_has_what_the_standard_demands(say: Say, edited: Callable[..., Path]) -> None:
    """SARIF 2.1.0, sections 3.13 to 3.27: the required properties, and levels of the four it knows."""
    _, out, _ = say(str(EFFECTIVE), str(edited(*MANY)), "--format", "sarif")

    log = json.loads(out)
    jsonschema_rs.validate(SARIF, log)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
    assert {one["level"] for one in run["results"]} == {"error", "warning", "note"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


# The part of the standard's schema that these logs use.
SARIF = _object(
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "minItems": 1,
        "items": _object(
            tool=_object(
                driver=_object(
                    name={"type": "string"},
                    rules={"type": "array", "uniqueItems": True, "items": _object(id={"type": "string"})},
                )
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            invocations={"type": "array", "items": _object(executionSuccessful={"type": "boolean"})},
            results={
                "type": "array",
                "items": _object(
                    ruleId={"type": "string"},
                    ruleIndex={"type": "integer", "minimum": 0},
                    level={"enum": ["none", "note", "warning", "error"]},
                    message=_object(text={"type": "string", "minLength": 1}),
                    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
                    locations={
                        "type": "array",
                        "minItems": 1,
                        "items": _object(
                            physicalLocation=_object(
                                artifactLocation=_object(uri={"type": "string", "format": "uri-reference"}),
                                region=_object(
                                    startLine={"type": "integer", "minimum": 1},
                                    startColumn={"type": "integer", "minimum": 1},
                                ),
                            )
                        ),
                    },
                ),
            },
        ),
    },
)


def test_markdown_is_a_table_that_no_text_can_leave(say: Say, tmp_path: Path) -> None:
    """A path with a bar or a tag in it stays within its cell."""
    document = json.loads(EFFECTIVE.read_text())
    document["paths"]["/a|b<script>`x`"] = {"get": {"responses": {"200": {"description": "x"}}}}
    path = tmp_path / "table.json"
    path.write_text(json.dumps(document))

    _, out, _ = say(str(EFFECTIVE), str(path), "--format", "markdown")

    row = next(line for line in out.splitlines() if "script" in line)
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert "``GET /a\\|b<script>`x` ``" in row or "`` GET /a\\|b<script>`x` ``" in row


def test_no_colour_is_respected(edited: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours on a terminal, and none where NO_COLOR says so."""
    report = compared(Order(str(EFFECTIVE), str(edited(*MANY))))
    shown = {}
    for name, value in (("colour", ""), ("plain", "1")):
        monkeypatch.setenv("NO_COLOR", value)
        monkeypatch.setenv("TERM", "xterm-256color")
        stream = Terminal()
        write_report(report, "text", stream)
        shown[name] = stream.getvalue()

    assert "\x1b[" in shown["colour"]
    assert "\x1b[" not in shown["plain"]


# Exit codes


@pytest.mark.parametrize(
    ("name", "fail_on", "code"),
    [
        ("phone-pattern-narrowed", "breaking", 1),
        ("phone-pattern-narrowed", "behaviour", 1),
        ("two-requests-a-day", "breaking", 0),
        ("two-requests-a-day", "behaviour", 1),
        ("operation-id-changed", "behaviour", 0),
        ("operation-id-changed", "client-api", 1),
        ("version-of-the-api", "docs", 1),
        ("new-operation", "docs", 0),
        ("new-operation", "compatible", 1),
    ],
)
def test_the_level_that_fails_is_the_callers_choice(
    name: str, fail_on: str, code: int, say: Say, edited: Callable[..., Path]
) -> None:
    """0 no drift that matters, 1 drift."""
    assert say(str(EFFECTIVE), str(edited(name)), "--fail-on", fail_on)[0] == code


def test_an_id_does_not_depend_on_the_text() -> None:
    """An accepted finding stays accepted when its words get better."""
    one, other = (Finding("rule", "place", "removed", "breaking", text) for text in ("a", "b"))

    assert one.id == other.id
    assert len({Finding(r, p, e, "docs", "a").id for r in "ab" for p in "ab" for e in "ab"}) == 8


# Pages


def test_the_vendored_page_is_no_drift_but_for_what_the_languages_disagree_about(say: Say) -> None:
    """The two published pages differ in examples and in a step that only the English one has."""
    code, out, err = say(str(UPSTREAM), str(UK), "--format", "json")

    found = json.loads(out)["findings"]
    assert (code, err) == (0, "")
    assert {one["place"] for one in found} == {
        *(
            f"pages uk and en: example {name}"
            for name in ("phone", "apiKey", "createdAt", "expDate", "status")
        ),
        "pages uk and en: steps before the operation",
    }


def test_the_live_page_is_read_by_a_run_without_arguments(say: Say) -> None:
    """The chain of what is committed holds, and the page is what was vendored."""
    code, out, err = say("--format", "json", "--no-client", transport=serving(UK.read_bytes()))

    report = json.loads(out)
    assert (code, err) == (0, "")
    assert report["revision"]["name"].startswith("https://")
    assert report["revision"]["etag"] == '"v2"'
    assert report["base"]["name"].endswith("openapi/upstream.json")
    assert {one["rule"] for one in report["findings"]} == {"language"}


def test_a_change_of_the_live_page_is_drift_also_of_the_client(say: Say) -> None:
    """An operation gets a summary that nobody uses; a status gets a value that the client has a class for."""
    page = UK.read_text().replace('"enum":["Active","Expired"]', '"enum":["Active","Expired","Blocked"]')

    code, out, _ = say("--format", "json", transport=serving(page.encode()))

    found = {(one["level"], one["rule"]) for one in json.loads(out)["findings"]}
    assert code == 1
    assert ("breaking", "response-enum") in found
    assert any(level == "client-api" for level, _ in found)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("# A page\n\nWithout a block.\n", "holds no fenced OpenAPI block"),
        (UK.read_text().split('"paths":{')[0], "truncated"),
        (UK.read_text().replace("\n```\n\n#### Як", "\n\n#### Як"), "truncated"),
        ("<!doctype html><html><body>moved</body></html>", "HTML"),
        ("", "empty"),
    ],
    ids=["no-block", "cut-off", "fence-open", "html", "empty"],
)
def test_a_page_that_cannot_be_read_is_never_no_drift(page: str, reason: str, say: Say) -> None:
    """Exit code 2 and one line that says where and why."""
    code, out, err = say("--no-client", transport=serving(page.encode()))

    assert (code, out) == (2, "")
    assert re.fullmatch(r"error: https://\S+: could not compare: [^\n]*\n", err)
    assert reason in err


def test_a_page_that_cannot_be_reached_is_never_no_drift(say: Say) -> None:
    """No network is no result."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    code, out, err = say(transport=httpx.MockTransport(refuse))

    assert (code, out) == (2, "")
    assert re.fullmatch(r"error: https://\S+\.md: could not compare: cannot be fetched: nobody there\n", err)


@pytest.mark.parametrize("missing", [False, True], ids=["from a file", "no record"])
def test_a_document_from_no_server_has_no_live_page(
    missing: bool, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked; one line says which file to look into, and how it goes on."""
    record = tmp_path / "upstream.toml"
    if not missing:
        text = (ROOT / "openapi" / "upstream.toml").read_text()
        record.write_text(re.sub("(?m)^address = .*$", 'address = "file:courier.json"', text))
    monkeypatch.setattr(run, "PROVENANCE", record)

    code, out, err = say("--no-client")

    reason = (
        "is not there, so nobody knows where the live page is"
        if missing
        else "names file:courier.json, which is on no server; give the newer document"
    )
    assert (code, out, err) == (2, "", f"error: {record}: could not compare: {reason}\n")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(500), "answers 500"),
        (
            httpx.Response(301, headers={"location": "https://other.example/a.md"}),
            "another host, other.example",
        ),
        (httpx.Response(301, headers={"location": "http://api-portal.novapost.com/a"}), "away from https"),
        (httpx.Response(200, headers={"content-type": "text/html"}, content=b"<html>"), "answers with HTML"),
        (httpx.Response(200, headers=MARKDOWN, content=b"x" * 6_000_000), "larger than 5000000 bytes"),
    ],
    ids=["status", "host", "scheme", "html", "large"],
)
def test_an_answer_that_is_no_page_is_never_no_drift(answer: httpx.Response, reason: str, say: Say) -> None:
    """https only, the same host only, within the limits."""
    code, out, err = say(transport=httpx.MockTransport(lambda request: answer))

    assert (code, out) == (2, "")
    assert "could not compare" in err
    assert reason in err


def test_the_recorded_pages_are_the_published_ones(tmp_path: Path) -> None:
    """openapi/pages.toml is what recording gives."""
    into = tmp_path / "pages.toml"

    assert record.main([f"uk={UK}", f"en={PAGES / 'api-key-page.en.txt'}"], into) == 0
    assert into.read_bytes() == (ROOT / "openapi" / "pages.toml").read_bytes()


def test_every_rule_names_sentences_that_the_pages_have() -> None:
    """A rule whose sentence nobody published would never be noticed when it changes."""
    rules = tomllib.loads((ROOT / "openapi" / "rules.toml").read_text())
    pages = tomllib.loads((ROOT / "openapi" / "pages.toml").read_text())
    known = {digest for page in pages.values() for digest in page["sentences"]}
    known |= {one.hash for one in sentences(prose_of(json.loads(UPSTREAM.read_text())))}

    for name, rule in rules.items():
        assert rule["sentences"], name
        assert set(rule["sentences"]) <= known, name


# Accepted findings

ENTRY = {"reason": "known", "owner": "we", "expires": "2027-01-31"}


def test_an_accepted_finding_is_told_and_does_not_count(edited: Callable[..., Path]) -> None:
    """Until the day it expires."""
    one = Finding("rule", "place", "removed", "breaking", "text")

    kept, valid = accepted.settled([one], {one.id: ENTRY}, date(2027, 1, 31))
    assert (kept, list(valid)) == ([one], [one.id])

    kept, valid = accepted.settled([one], {one.id: ENTRY}, date(2027, 2, 1))
    assert ([f.rule for f in kept], valid) == (["rule", "accepted-expired"], {})


def test_an_entry_whose_finding_is_gone_is_a_finding() -> None:
    """It would hide the next finding of that id."""
    kept, valid = accepted.settled([], {"0" * 12: ENTRY}, date(2026, 1, 1))

    assert ([(f.rule, f.level) for f in kept], valid) == ([("accepted-stale", "behaviour")], {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[x]\nreason='a'\nowner='b'\nexpires=2027-01-01", "no id of a finding"),
        ("[0123456789ab]\nreason='a'\nowner='b'", "needs reason, owner and expires"),
        ("[0123456789ab]\nreason='a'\nowner='b'\nexpires='soon'", "must be a date"),
        ("[0123456789ab]\nreason=' '\nowner='b'\nexpires=2027-01-01", "has no reason"),
        ("[", "not TOML"),
    ],
)
def test_a_list_of_accepted_findings_is_read_strictly(text: str, reason: str, tmp_path: Path) -> None:
    """An exception without a reason is none."""
    path = tmp_path / "accepted.toml"
    path.write_text(text)

    with pytest.raises(Refusal, match=reason):
        accepted.read_accepted(path)


def test_the_committed_list_is_in_order() -> None:
    """Whatever stands in it."""
    accepted.read_accepted(ROOT / "openapi" / "drift-accepted.toml")


# Real parts


def test_the_real_command_over_real_tls_on_this_machine(tmp_path: Path) -> None:
    """The certificate is one that nobody vouches for: the run must end with one line and exit code 2."""
    with tls_server(tmp_path, UK.read_bytes()) as port:
        done = subprocess.run(
            [sys.executable, "-m", "scripts.drift", str(UPSTREAM), f"https://127.0.0.1:{port}/page.md"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )

    assert (done.returncode, done.stdout) == (2, "")
    assert "could not compare: cannot be fetched" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_real_command_reads_a_page_over_tls_that_it_trusts(tmp_path: Path) -> None:
    """A socket, a handshake, a page: the whole way of a run against an address."""
    with tls_server(tmp_path, UK.read_bytes()) as port:
        context = ssl.create_default_context(cafile=tmp_path / "server.pem")
        transport = httpx.AsyncHTTPTransport(verify=context)
        report = compared(Order(str(UPSTREAM), f"https://localhost:{port}/page.md?token=secret"), transport)

    assert report["exit_code"] == 0
    assert "secret" not in json.dumps(report)


def test_the_report_goes_into_a_file_as_well(say: Say, edited: Callable[..., Path], tmp_path: Path) -> None:
    """As JSON, whatever is printed; what could not be compared leaves none of an earlier run."""
    file = tmp_path / "reports" / "drift.json"
    code, out, _ = say(
        str(EFFECTIVE), str(edited("phone-pattern-narrowed")), f"--json={file}", "--format=json"
    )

    assert code == 1
    assert file.read_text() == out
    assert say(str(EFFECTIVE), str(tmp_path / "none.json"), f"--json={file}")[0] == 2
    assert not file.exists()
    code, _, err = say(str(EFFECTIVE), str(EFFECTIVE), "--json=/dev/null/drift.json")
    assert code == 2
    assert err.startswith("error: drift.json: ")
    assert err.count("\n") == 1


# Without the packages of the generator, as in requirements-drift.lock


@pytest.mark.parametrize(
    ("arguments", "packages"),
    [
        ((str(UPSTREAM), str(EFFECTIVE), "--client"), "griffe, jsonpath, openapi_python_client"),
        ((), "griffe, jsonpath, openapi_python_client"),
        (("--no-client",), "jsonpath"),
    ],
)
def test_a_run_that_needs_the_generator_says_so_in_one_line(
    arguments: tuple[str, ...], packages: str
) -> None:
    """With the cure, before anything is read, and only with the packages that this run needs."""
    done = _without_the_generator(*arguments)

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f", and {packages} cannot be imported" in line
    assert "`make drift`" in line


def test_the_vendored_document_needs_the_overlay_alone_where_no_client_is_compared() -> None:
    """`jsonpath` beside the lock is enough."""
    done = _without_the_generator("--revision", str(UPSTREAM), "--no-client", beside=("jsonpath",))

    assert (done.returncode, done.stderr) == (0, "")


def test_other_comparisons_need_no_generator() -> None:
    """Whose lock lacks it, so that the packages of others are few."""
    done = _without_the_generator(str(EFFECTIVE), str(EFFECTIVE), "--format=json")

    assert (done.returncode, done.stderr) == (0, "")


def _without_the_generator(
    *arguments: str, beside: tuple[str, ...] = ()
) -> "subprocess.CompletedProcess[str]":
    locked = (ROOT / "requirements-drift.lock").read_text()
    packages = {"griffelib": "griffe", "python-jsonpath": "jsonpath"}
    packages["openapi-python-client"] = "openapi_python_client"
    absent = {module for name, module in packages.items() if f"\n{name}==" not in locked}
    missing = tuple(sorted(absent - set(beside)))
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({missing!r})); "
        "from scripts.drift.command import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
