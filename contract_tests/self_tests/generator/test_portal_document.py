"""A document such as portals publish: are its faults named, does an overlay cure them, does it all work?"""

import asyncio
import datetime
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
import typing
import uuid
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.self_tests.support.folders import DOCUMENTS
from contract_tests.self_tests.support.sample_values import SampleTransport, sample
from scripts import regenerate
from scripts.document.operations import operations, resolved
from scripts.document.parse import parse
from scripts.lib.errors import run
from scripts.overlay import corrected

SPEC, OVERLAY = DOCUMENTS / "courier.yaml", DOCUMENTS / "courier.overlay.yaml"
BASE = "https://api-stage.courier.example/v.1.0/"
MYPY = (sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", "/dev/null")
BODY = "/requestBody/content/application~1json/schema"

# Every fault that was put into the document and has one meaning, by its place and a word of the note.
CURED = {
    "#/paths/~1divisions~1": "'/divisions'; the client has both",
    "#/paths/~1dictionary~1measurements/get": "shares its name with another operation",
    "#/paths/~1dictionary~1currencies/get/parameters/4": "'page_size_query'",
    f"#/paths/~1shipments/post{BODY}/properties/sender*": "ends in '*'",
    f"#/paths/~1shipments/post{BODY}/properties/sender*/properties/phone*": "ends in '*'",
    f"#/paths/~1shipments/post{BODY}/properties/parcels*/items/properties/width*": "ends in '*'",
    f"#/paths/~1shipments/post{BODY}/required": "'sender' is required and not described",
    f"#/paths/~1shipments/post{BODY}/properties/services": "an array without `items`",
    f"#/paths/~1tracking-push~1subscribers~1{{id}}/put{BODY}/required": "'id' is required",
    "#/paths/~1tracking-push~1subscribers/post/responses/201/content/application~1json/schema/properties/"
    "is_active": "the attribute 'is_active_2'",
}
# What nobody can cure, since it would go to another host.
FAULTS = {"#/paths/https:~1~1api.courier.example~1v.1.0~1status": "is no path"}
# The five lines that the document needs after all.
FIVE_LINES = """
overlay: 1.0.0
info: {title: t, version: 1.0.0}
actions:
- {target: "$.paths['https://api.courier.example/v.1.0/status']", remove: true}
- {target: $..properties.*, x-rename: {from: '[*]+$', to: ''}}
"""
# What is odd and no fault: told, and generated.
ODDITIES = {
    "#/paths/~1tracking-push~1subscribers~1{id}/delete/responses/204": "no body with 204",
    "#/paths/~1shipments~1tracking/get/responses/200/content": "reads no 'application/xml'",
    "#/paths/~1shipments~1print~1archive/get/parameters/0": "'Authorization' ignored",
    "#/paths/~1shipments~1tracking~1history/get/parameters/1/schema/default": "'0'",
    "#/paths/~1tracking-push~1subscribers/post/parameters/1": "'url'",
    "#/paths/~1tracking-push~1subscribers/post/parameters/2": "'headers'",
}


def lines(capsys: pytest.CaptureFixture[str], kind: str) -> dict[str, str]:
    """Return the lines of stderr, by place."""
    said = capsys.readouterr().err.splitlines()
    pairs = [line.removeprefix(f"{kind}: ").split(": ", 1) for line in said if line.startswith(f"{kind}: ")]
    return dict(pairs)


def test_every_fault_is_named_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In one run, and nothing is written: what cannot be cured as an error, what can as a note."""
    output = tmp_path / "courier_client"

    assert run(lambda: regenerate.main(["--spec", str(SPEC), "--output", str(output)])) == 2

    said = capsys.readouterr().err
    errors = [
        line.partition("; to leave it out: ") for line in said.splitlines() if line.startswith("error: ")
    ]
    assert [error for error, _, _ in errors] == [
        f"error: {place}: does not begin with a slash, so it {reason}" for place, reason in FAULTS.items()
    ]
    assert all(cure.startswith("overlay action {target: ") for _, _, cure in errors)
    assert not output.exists()


def test_five_lines_of_overlay_are_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that is left of 43 operations has a method; each decision is told with its place."""
    overlay = tmp_path / "five.yaml"
    overlay.write_text(FIVE_LINES)
    arguments = ["--spec", str(SPEC), "--overlay", str(overlay), "--output", str(tmp_path / "client")]

    assert run(lambda: regenerate.main(arguments)) == 0

    named = lines(capsys, "note")
    wanted = {place.replace("*", ""): reason for place, reason in CURED.items() if "ends in" not in reason}
    del wanted[f"#/paths/~1shipments/post{BODY}/required"]  # the property has its name again
    assert {place: reason for place, reason in wanted.items() if reason not in named.get(place, "")} == {}
    modules = [path for path in (tmp_path / "client" / "api").glob("*/*.py") if path.name != "__init__.py"]
    assert len(modules) == len(list(operations(parse(SPEC.read_bytes(), "spec")))) - 1  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the package of the document as the overlay corrects it, and what was said when it was made."""
    folder = tmp_path_factory.mktemp("courier")
    command = [sys.executable, "-m", "scripts.regenerate", "--spec", str(SPEC), "--overlay", str(OVERLAY)]
    done = subprocess.run(
        [*command, "--output", str(folder / "courier_client")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "courier_client", done.stderr


@pytest.fixture(scope="module")
def package(said: tuple[Path, str]) -> Iterator[Any]:
    """Yield the package, imported whole."""
    folder = said[0]
    sys.path.insert(0, str(folder.parent))
    package = importlib.import_module(folder.name)
    for module in pkgutil.walk_packages(package.__path__, f"{folder.name}."):
        importlib.import_module(module.name)
    yield package
    sys.path.remove(str(folder.parent))
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the document as the overlay corrects it."""
    value = parse(SPEC.read_bytes(), SPEC.name)
    assert isinstance(value, dict)
    return corrected(value, OVERLAY, SPEC.name)


def test_what_is_only_odd_is_told_and_generated(said: tuple[Path, str]) -> None:
    """One note each, with its place."""
    notes = [line.removeprefix("note: ").split(": ", 1) for line in said[1].splitlines()]

    found = dict(notes)
    # Examples that say other things than their schemas, and a pattern that asks for another form of date.
    told = {place for place, reason in found.items() if "contradicts" in reason or "another form" in reason}
    assert found.keys() - told == ODDITIES.keys()
    assert all(reason in found[place] for place, reason in ODDITIES.items())


def test_the_package_is_strictly_typed(said: tuple[Path, str]) -> None:
    """As its callers' own checks would find."""
    done = subprocess.run(
        [*MYPY, "-p", said[0].name],
        cwd=said[0].parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("Success"), done.stdout[-2000:]


def value_of(hint: Any, wire: dict[str, Any]) -> Any:
    """Return a value for an argument of a type; `wire` holds what a model is made of."""
    origin = typing.get_origin(hint)
    if origin is list:
        return [value_of(typing.get_args(hint)[0], wire)]
    if origin is not None:
        return value_of(typing.get_args(hint)[0], wire)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if hasattr(hint, "from_dict"):
        return hint.from_dict(wire)
    plain = {str: "text", int: 1, float: 1.5, bool: True, datetime.date: datetime.date(2026, 1, 2)}
    plain |= {
        datetime.datetime: datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
        uuid.UUID: uuid.UUID(int=7),
    }
    return plain[hint]


def body_of(document: dict[str, Any], one: Any, package: Any) -> dict[str, Any]:
    """Return the parts of an operation's body."""
    body = resolved(document, one.value.get("requestBody")) or {}
    media_type, media = next(iter((body.get("content") or {"": {}}).items()))
    wire = sample(document, media.get("schema"))
    if media_type == "multipart/form-data":
        wire["file"] = package.File(b"%PDF", "a.pdf", "application/pdf")
    return wire if isinstance(wire, dict) else {}


def calls(package: Any, document: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Every operation: its label, its module and its arguments."""
    table = importlib.import_module(f"{package.__name__}._table").TABLE
    modules = {
        module.name.rpartition(".")[2]: importlib.import_module(module.name)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if ".api." in module.name
    }
    by_place = {(one.method.upper(), one.path): one for one in operations(document)}
    for name, operation in table.operations.items():
        one = by_place[operation.method, operation.path]
        hints = typing.get_type_hints(modules[name].prepare)
        wire = body_of(document, one, package)
        arguments = {
            argument: value_of(hints[argument], wire)
            for argument in inspect.signature(modules[name].prepare).parameters
        }
        yield one.label, modules[name], arguments


def connected(package: Any, server: Any) -> Any:
    """Return a client of the sandbox whose requests end in `server`."""
    return package.Client.sandbox(httpx_args={"transport": httpx.MockTransport(server)})


def test_every_operation_can_be_called(package: Any, document: dict[str, Any]) -> None:
    """Blocking and not: to the right place, with all parameters and the whole body, answered by its type."""
    transport = SampleTransport(document, BASE)
    client = connected(package, transport)
    asked = list(calls(package, document))

    blocking = {label: module.sync(client=client, **arguments) for label, module, arguments in asked}

    async def awaited() -> dict[str, Any]:
        return {label: await module.asyncio(client=client, **arguments) for label, module, arguments in asked}

    assert transport.faults == []
    assert len(blocking) == 43
    assert [label for label, _ in transport.asked] == list(blocking)
    sent = [(request.method, request.url, request.headers.get("accept")) for _, request in transport.asked]
    transport.asked.clear()
    assert asyncio.run(awaited()) == blocking
    assert [(r.method, r.url, r.headers.get("accept")) for _, r in transport.asked] == sent
    for one in operations(document):
        status = next(status for status in one.value["responses"] if status.startswith("2"))
        content = (one.value["responses"][status].get("content") or {}) if status != "204" else {}
        schema = (content.get("application/json") or {}).get("schema")
        value = blocking[one.label]
        if schema is None:
            assert value is None or value.read() == b"%PDF-1.7", one.label
        elif resolved(document, schema).get("type") == "object":
            assert value.to_dict() == sample(document, schema), one.label
        else:
            assert [item.to_dict() for item in value] == sample(document, schema), one.label


def test_the_resources_reach_what_the_document_names(package: Any, document: dict[str, Any]) -> None:
    """Names in another alphabet are written in plain letters, and travel as they are."""
    transport = SampleTransport(document, BASE)
    client = connected(package, transport)

    found = client.divisions.list(country_codes=["CZ", "UA"], accept_language="uk", prohibited_sending=True)
    client.shipments.print.list(type_=["marking"], print_size_type=["size_100_100", "size_A4"])
    client.tracking_push.subscribers.create(
        type_="numbers", url_query="https://x.example/?a=b", headers=["h"], is_active=True
    )
    history = client.shipments.tracking.history(numbers="SHPL1")

    assert found.items[0].typ.value == "Відділення"
    assert type(found.items[0].typ).VIDDILENNIA == "Відділення"
    queries = [request.url.query.decode() for _, request in transport.asked]
    assert queries[0] == "countryCodes%5B%5D=CZ&countryCodes%5B%5D=UA&limit=15&prohibitedSending=true"
    assert queries[1] == "type=marking&printSizeType=size_100_100,size_A4"
    assert "url=https%3A%2F%2Fx.example%2F%3Fa%3Db&headers=h" in queries[2]
    assert queries[3] == "numbers%5B%5D=SHPL1&extended=0"
    assert history.items[0].history_tracking[0].country_code == "text"
    assert json.loads(json.dumps(found.to_dict()))["items"][0]["тип"] == "Відділення"


def test_an_empty_answer_is_none(package: Any) -> None:
    """Whatever the document has for a 204, HTTP sends no body with it."""
    client = package.Client.sandbox(
        httpx_args={"transport": httpx.MockTransport(lambda _: httpx.Response(204))}
    )

    assert client.tracking_push.subscribers.delete("x") is None
