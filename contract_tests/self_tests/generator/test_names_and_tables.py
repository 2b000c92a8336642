"""Are names, tables and prose made as they say, and does the generator stand still under our templates?"""

import hashlib
import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from novapost_client.models import TestApiKeyResponseStatus as Status
from scripts import regenerate
from scripts.generator import naming, tables
from scripts.generator.docstrings import literal, tidy, wrapped
from scripts.generator.render import python_name
from scripts.lib.errors import Refusal, Refusals
from scripts.lib.paths import CLIENT, ROOT, RUNTIME, TEMPLATES

# The SHA-256 of the generator's own templates that ours stand in for. When one changes, its change is to be
# read and taken over or not, before the new sum is written here.
PINNED = {
    "api_init.py.jinja": "f3b0290732b219be73b204cc3a44170eab0b64299a485a093306c6cc20d064cc",
    "client.py.jinja": "4eac65762f21014a7fbf59e730f1be6d28c9c85ddc1c40b458b6ff5f67a64c9e",
    "endpoint_init.py.jinja": "c1837a037fdbbd85b5dc1d49f58bd80a672fe4496cfaaf84d3b91927027b56da",
    "endpoint_macros.py.jinja": "58edb8b4913db6ed4863c633fb39365364494398c8156c77151c6676f1b28fee",
    "endpoint_module.py.jinja": "c1b2628053eb4875ba59566baa5ae907666f9cbfafa308d93f970a4404b7cd52",
    "errors.py.jinja": "b6ba7ea79aa7d7f24b47119985d1ed20268d3da0ab70309ee138088a106b6af9",
    "int_enum.py.jinja": "cf8776855b1d826971501d5f6d5b38c3cb496aad9276684b8ece268db67918bc",
    "literal_enum.py.jinja": "04f2eb9334dd543ab7fa91a1fe3a73e7d5f2cf50e09d864429ddb58e506c8b68",
    "model.py.jinja": "fd1c79680d51c06cfbb89809ad123750ba9add98b688036c04cabbf1f8ba40a0",
    "models_init.py.jinja": "4f64a3d6e1b15a561be5573c1b7702eb928c0e4fa6b67107d20e57a74c44d51a",
    "package_init.py.jinja": "ac15907e32dc39bd9b83ea6f2002fb87514f2182b97f88231b5a9c47321f6210",
    "str_enum.py.jinja": "e4979a5e6b338351eda8bdac534017cfbeb51a809b494fd3c632db39414817fc",
    "types.py.jinja": "93df9d75883a4eafac77dd21bc6907f3ef612e3f7841e08656618dcf6c4ce494",
}


def names(*operations: str, **more: Any) -> dict[str, str]:
    """Return the names of operations as resource.method, by `GET /path` and the like."""
    asked = [
        naming.Asked(one.split(" ")[0].lower(), one.split(" ")[1], one, **more.get(one, {}))
        for one in operations
    ]
    found: dict[str, str] = {}

    def walk(resource: naming.Resource, way: str) -> None:
        for name, one in resource.methods.items():
            found[one.name] = f"{way}{name}"
        for inner in resource.within.values():
            walk(inner, f"{way}{inner.name}.")

    walk(naming.resources(asked, python_name, frozenset({"aio", "close"})), "")
    return found


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("POST /test-api-keys", "test_api_keys.create"),
        ("GET /clients/authorization", "clients.authorization"),
        ("GET /things", "things.list"),
        ("GET /things/{id}", "things.retrieve"),
        ("PUT /things/{id}", "things.replace"),
        ("PATCH /things/{id}", "things.update"),
        ("DELETE /things/{id}", "things.delete"),
        ("POST /things/{id}", "things.post"),
        ("HEAD /things/{id}", "things.head"),
        ("POST /things/{id}/close", "things.close"),
        ("GET /api/v1.0/things", "things.list"),
        ("GET /things/{a}/{b}", "things.retrieve_by_b"),
        ("GET /{id}", "root.retrieve"),
        ("GET /", "root.list"),
        ("GET /close", "close_.list"),
        ("GET /class/import", "class_.import_"),
        ("GET /2fa", "n2fa.list"),
        ("GET /property/list", "property_.list"),
        ("GET /things/{id}.{ext}", "things.retrieve"),
    ],
)
def test_a_path_and_a_verb_make_a_name(operation: str, name: str) -> None:
    """The same for any document."""
    assert names(operation) == {operation: name}


def test_several_operations_below_a_path_are_a_resource() -> None:
    """One is a method."""
    found = names(
        "GET /orders",
        "GET /orders/{id}/items",
        "POST /orders/{id}/items",
        "POST /orders/{id}/cancel",
        "GET /items",
    )

    assert list(found.values()) == [
        "orders.list",
        "orders.cancel",
        "orders.items.list",
        "orders.items.create",
        "items.list",
    ]


@pytest.mark.parametrize(
    ("pair", "second"),
    [
        (("POST /a-b", "POST /a_b"), "a_b.create_2"),
        (("GET /a", "GET /a/"), "a.list_slash"),
        (("GET /a/{x}", "GET /a/{y}"), "a.retrieve_by_y"),
        (("GET /a/{x}", "GET /a/{x}.pdf"), "a.retrieve_pdf"),
        (("GET /a/{x}", "GET /a/{x}:{y}"), "a.retrieve_by_y"),
    ],
)
def test_the_later_of_two_operations_takes_what_its_path_has_besides(
    pair: tuple[str, str], second: str
) -> None:
    """Neither is dropped, and a third one leaves both names as they are."""
    assert list(names(*pair).values())[1] == second
    assert list(names(*pair, "GET /elsewhere").values())[1] == second


def test_a_wish_that_two_have_is_refused() -> None:
    """Both are named; whoever wished can wish otherwise."""
    asked = [naming.Asked("get", f"/{one}", one, wish="things.get") for one in ("a", "b")]

    with pytest.raises(Refusal, match=r"would be called client\.things\.get"):
        naming.resources(asked, python_name, frozenset())


def test_what_paths_tell_apart_has_two_names() -> None:
    """A segment that is called like a verb, and a collection under several parents."""
    found = names("POST /orders", "POST /orders/create", "GET /a/list/{id}", "GET /a")
    assert list(found.values()) == ["orders.create", "orders.post_create", "a.list", "a.list_.retrieve"]

    found = names("GET /divisions/types", "GET /divisions/{id}/types")
    assert list(found.values()) == ["divisions.types.list", "divisions.types.list_by_id"]


def test_a_document_can_wish_for_a_name() -> None:
    """Which settles what two operations would share."""
    found = names("POST /orders", "POST /orders/create", **{"POST /orders/create": {"wish": "orders.draft"}})

    assert found["POST /orders/create"] == "orders.draft"


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("one.</br>\ntwo", "one.\n\ntwo"),
        ("a<br/>b <BR> c", "a\nb\n c"),
        ("<p>Hi <b>you</b></p>", "Hi you"),
        ('<a href="https://x.example">there</a>', "there (https://x.example)"),
        ("[there](https://x.example) and [https://y.example](https://y.example)", None),
        ("**bold** a*b*c __init__", "bold a*b*c init"),
        ("1 < 2 and 3 > 2, &lt;tag&gt; &amp; more", "1 < 2 and 3 > 2, <tag> & more"),
        ("🔹**Head:**\x00\x1b", "Head:"),
        ("a\r\nb\n\n\n\nc  ", "a\nb\n\nc"),
    ],
)
def test_prose_is_what_people_read(text: str, tidied: str | None) -> None:
    """HTML and marks for the eye go, addresses stay."""
    assert tidy(text) == (tidied or "there (https://x.example) and https://y.example")


@pytest.mark.parametrize("text", ['"""', '"', "\\", '\\"""', 'x"', "\\N{BELL}", '""""', "\\u12", "a\\"])
def test_prose_never_ends_its_docstring(text: str) -> None:
    """What is written is read back as it was."""
    source = f'"""{literal(text)}"""'

    namespace: dict[str, Any] = {}
    exec(compile(f"value = {source}", "test", "exec"), namespace)  # noqa: S102 - that it is one literal is the test
    assert namespace["value"] == text


def test_lists_keep_their_shape() -> None:
    """Wrapped lines stand below their item."""
    assert wrapped("- " + "word " * 12, 4, 40) == (
        "- word word word word word word word\n      word word word word word"
    )


def document(**more: Any) -> dict[str, Any]:
    """Return a small document."""
    operation = {"operationId": "x", "responses": {}, **more.pop("operation", {})}
    return {"paths": {"/x": {"get": operation}}, **more}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (document(operation={"x-environments": ["moon"]}), "GET /x: x-environments"),
        (document(servers=[{"url": "https://u:p@x.example"}]), "#/servers/0: "),
        (
            document(
                components={
                    "securitySchemes": {
                        "T": {"type": "apiKey", "in": "header", "name": "A", "x-token-operation": "y"}
                    }
                }
            ),
            "/components/securitySchemes/T: needs all of",
        ),
    ],
)
def test_a_mark_that_leads_nowhere_is_refused(broken: dict[str, Any], reason: str) -> None:
    """With its place."""
    with pytest.raises(Refusal) as caught:
        tables.write(broken, "p", "1 {x}", {("get", "/x"): "x"}, {})
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    ("end", "shown"),
    [
        ("Click", "Gives a key."),
        ("Gives", ""),
        ("nowhere", "GET /x: x-description-end: the description has no such text"),
        ("", "GET /x: x-description-end must be a text"),
        (7, "GET /x: x-description-end must be a text"),
    ],
)
def test_a_description_can_end_where_its_page_begins(tmp_path: Path, end: Any, shown: str) -> None:
    """And a mark that fits no longer stops the run."""
    operation = {"operationId": "getX", "description": "Gives a key.\n\nClick here.", "responses": {}}
    operation |= {"x-description-end": end, "responses": {"204": {"description": "-"}}}
    spec = {"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/x": {"get": operation}}}
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    folder = tmp_path / "x_client"

    command = ["--spec", str(tmp_path / "spec.json"), "--output", str(folder)]

    if shown.startswith("GET"):
        with pytest.raises(Refusals, match=shown):
            regenerate.main(command)
    else:
        assert regenerate.main(command) == 0
        text = (folder / "resources" / "x.py").read_text(encoding="utf-8")
        assert shown in text
        assert "Click" not in text


CHECKED = """
from typing import assert_never
from novapost_client.models import TestApiKeyResponseStatus as Status

def closed(status: Status) -> str:
    if status is Status.ACTIVE:
        return "a"
    elif status is Status.EXPIRED:
        return "b"
    else:
        assert_never(status)

def matched(status: Status) -> str:
    match status:
        case Status.ACTIVE:
            return "a"
        case Status.EXPIRED:
            return "b"
        case _:
            assert_never(status)

def opened(status: Status) -> str:
    match status:
        case Status.ACTIVE:
            return status.value
        case _:
            return status.name if status.is_known else "another"
"""


def test_a_type_checker_knows_that_an_enumeration_is_open(tmp_path: Path) -> None:
    """Else it would promise that a value which the server adds later cannot come, and the program crashes."""
    (tmp_path / "caller.py").write_text(CHECKED, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(tmp_path)]
    env = {**os.environ, "MYPYPATH": str(ROOT / "generated")}

    done = subprocess.run(
        [*command, "caller.py"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )

    lines = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert [line.split(":")[1] for line in lines] == ["11", "20"], done.stdout
    assert all('Argument 1 to "assert_never"' in line for line in lines)
    assert "_unlisted" not in dir(Status)
    assert not hasattr(Status, "_unlisted")
    assert [one.value for one in Status] == ["Active", "Expired"]


def test_the_text_of_a_document_is_only_text_in_the_table() -> None:
    """Whatever stands in a name or an address."""
    nasty = '"\'\\\n{}__import__("os")'
    broken = document(
        operation={"parameters": [{"name": nasty, "in": "query", "schema": {"format": "password"}}]},
        components={"securitySchemes": {nasty: {"type": "apiKey", "in": "header", "name": nasty}}},
    )

    source = tables.write(broken, "p", "1 {x}", {("get", "/x"): "x"}, {})

    assert repr(nasty) in source
    assert "version='1-x'" in source
    compile(source, "table", "exec")


@pytest.mark.parametrize(
    ("package", "prefix"), [("novapost_client", "NOVAPOST_"), ("parcels", "PARCELS_"), ("my_api", "MY_")]
)
def test_environment_variables_are_named_after_the_package(package: str, prefix: str) -> None:
    """Without its last word, where that says nothing."""
    assert tables.prefix(package) == prefix


CLASSES = [
    "Client",
    "Model",
    "Response",
    "Any",
    "File",
    "UNSET",
    "TestThing",
    "TABLE",
    "Options",
    "None",
    "property",
]
FIELDS = [
    "table",
    "parse",
    "additional_properties",
    "class",
    "self",
    "_x",
    "1a",
    "a b",
    *("height", "cls", "d", "to_dict", "from_dict", "describe", "dump", "field_dict", "prop", "__test__"),
    *("_m", "_define", "Model", "UNSET", "datetime", "additional_keys", "count_surprises", "__slots__"),
]
ARGUMENTS = [
    *("self", "client", "call", "timeout", "UNSET", "_c", "_call", "class", "list", "body", "property"),
    *("url", "headers", "params", "cookies", "kwargs", "quote", "response", "types", "cast", "errors"),
    *("httpx", "_operation", "_Body", "_TABLE", "prepare", "sync", "Any", "builtins", "await", "_sent"),
]


TEXT = "\"\\ {x}'%"


def awkward() -> dict[str, Any]:
    """Return a document in which everything is called like something that the generated code needs."""
    text: dict[str, Any] = {"type": "string", "description": '"""\\', "default": TEXT}
    schemas = {
        name: {"type": "object", "title": name, "properties": dict.fromkeys(FIELDS, text)} for name in CLASSES
    }

    def operation(name: str, number: int) -> dict[str, Any]:
        body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        return {
            "operationId": f"op_{number}",
            "tags": ["import"],
            "parameters": [{"name": one, "in": "query", "schema": text} for one in ARGUMENTS],
            "requestBody": {"required": True, "content": body},
            "responses": {"200": {"description": '"""\n\\', "content": body}},
        }

    paths = [
        "/property",
        "/list/list",
        "/aio",
        "/close",
        "/x/with_raw_response",
        "/x-y",
        "/a/b",
        "/self/_client",
    ]
    operations = {
        path: {"post": operation(CLASSES[number], number)}
        for number, path in enumerate([*paths, "/builtins", "/None", "/2"])
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": '"""\\ {{x}}', "version": "1"},
        "servers": [{"url": "https://a.example", "description": "class"}],
        "paths": operations,
        "components": {"schemas": schemas},
    }


def test_awkward_names_are_moved_aside_and_sent_as_they_are(tmp_path: Path) -> None:
    """Every module imports, every field and argument arrives under its own name."""
    (tmp_path / "spec.json").write_text(json.dumps(awkward()))
    folder = tmp_path / "awkward_client"
    assert regenerate.main(["--spec", str(tmp_path / "spec.json"), "--output", str(folder)]) == 0
    program = """
import importlib, json, pkgutil, sys, httpx, awkward_client
for module in pkgutil.walk_packages(awkward_client.__path__, "awkward_client."):
    importlib.import_module(module.name)
import awkward_client.models as models
fields = json.loads(input())
model = models.ClientModel.from_dict({name: name for name in [*fields, "more"]})
assert model.to_dict() == {name: name for name in [*fields, "more"]}, model.to_dict()
seen = []
def serve(request):
    seen.append(request)
    return httpx.Response(200, json={})
client = awkward_client.Client.class_(httpx_args={"transport": httpx.MockTransport(serve)})
client.property_.create(body=model)
assert models.ClientModel().to_dict() == dict.fromkeys(fields, sys.argv[1])
print(json.dumps([list(seen[0].url.params), json.loads(seen[0].content)]))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, TEXT],
        cwd=tmp_path,
        input=json.dumps(FIELDS),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert json.loads(done.stdout) == [ARGUMENTS, {name: name for name in [*FIELDS, "more"]}]


MODEL_OF_A_USER = """
import attrs
from novapost_client.models import ErrorResponse, TestApiKeyRequest, TestApiKeyResponseStatus
from novapost_client.resources.test_api_keys import TestApiKeysResource

def test_models_are_no_tests():
    assert TestApiKeyRequest("49").to_dict() == {"phone": "49"}
    assert "__test__" not in {field.name for field in attrs.fields(TestApiKeyRequest)}
    assert [status.value for status in TestApiKeyResponseStatus] == ["Active", "Expired"]
    assert not hasattr(ErrorResponse, "__test__")
"""


def test_pytest_takes_no_model_for_a_test(tmp_path: Path) -> None:
    """A user's tests import models by name, and some of ours begin with Test."""
    (tmp_path / "test_user.py").write_text(MODEL_OF_A_USER)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "test_user.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CLIENT.parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "1 passed in" in done.stdout


def test_two_schemas_of_one_module_are_two_classes(tmp_path: Path) -> None:
    """The generator would write the second over the first; so the second has a number."""
    twins = awkward()
    twins["components"]["schemas"] |= {"OrderLine": {"type": "object"}, "Order_line": {"type": "object"}}
    (tmp_path / "spec.json").write_text(json.dumps(twins))

    assert regenerate.main(["--spec", str(tmp_path / "spec.json"), "--output", str(tmp_path / "out")]) == 0

    assert (tmp_path / "out" / "models" / "order_line.py").is_file()
    assert (tmp_path / "out" / "models" / "order_line_2.py").is_file()


def test_the_runtime_is_copied_byte_for_byte() -> None:
    """Below the two lines that every generated file begins with."""
    for module in sorted(RUNTIME.glob("*.py")):
        copied = (CLIENT / "_runtime" / module.name).read_bytes()
        head, own = copied.split(b"\n", 2)[:2], copied.split(b"\n", 2)[2]
        assert own == module.read_bytes()
        assert all(line.startswith(b"# ") for line in head)


def test_the_generators_templates_stand_still() -> None:
    """An upgrade of the generator is a deliberate act, with a difference to read."""
    theirs = resources.files("openapi_python_client") / "templates"

    found = {name: hashlib.sha256((theirs / name).read_bytes()).hexdigest() for name in PINNED}

    assert found == PINNED
    assert {path.name for path in TEMPLATES.iterdir()} >= set(PINNED) - {"endpoint_macros.py.jinja"}


def test_a_name_that_two_wish_for_stops_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the outside: exit by refusal, both named, nothing written."""
    operation = {"responses": {"204": {"description": "d"}}, "x-client-name": "things.make"}
    twins = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/a-b": {"post": {**operation, "operationId": "one"}},
            "/a_b": {"post": {**operation, "operationId": "two"}},
        },
    }
    (tmp_path / "spec.json").write_text(json.dumps(twins))

    with pytest.raises(Refusals) as caught:
        regenerate.main(["--spec", str(tmp_path / "spec.json"), "--output", str(tmp_path / "out")])

    assert "POST /a-b" in str(caught.value)
    assert "POST /a_b" in str(caught.value)
    assert not (tmp_path / "out").exists()


# The vendor's own marks

MARKED: dict[str, Any] = {
    "servers": [
        {"url": "https://stage.x.example", "description": "sandbox"},
        {"url": "https://x.example", "description": "production"},
    ],
    "components": {"securitySchemes": {"JWT": {"type": "apiKey", "in": "header", "name": "Authorization"}}},
}


def marked(**marks: Any) -> str:
    """Return the row of an operation that carries some marks."""
    operation = {"responses": {"204": {"description": "d"}}, **marks}
    document = {**MARKED, "paths": {"/a": {"post": operation}}}
    table = tables.write(document, "x_client", "1", {("post", "/a"): "make"}, {})
    return next(line.strip() for line in table.splitlines() if "Operation('make'" in line)


@pytest.mark.parametrize(
    ("mark", "environments"),
    [
        ({"allowed": ["STAGE"], "forbidden": ["PROD"]}, "('sandbox',)"),
        ({"forbidden": ["Production"]}, "('sandbox',)"),
        ("live", "('production',)"),
        (["sandbox"], "('sandbox',)"),
        (["sandbox", "production"], None),
        ({"allowed": ["moon"]}, None),
        ({}, None),
        (7, None),
    ],
)
def test_an_environment_is_known_by_what_portals_call_it(mark: Any, environments: str | None) -> None:
    """An operation of the sandbox is refused in production, whatever word the vendor has for the two."""
    row = marked(**{"x-environment": mark})

    assert (f"environments={environments}" in row) if environments else ("environments" not in row)


@pytest.mark.parametrize(
    ("marks", "security"),
    [
        ({"x-autoAuth": True}, "(('JWT',),)"),
        ({"x-autoAuth": "JWT"}, "(('JWT',),)"),
        ({"x-autoAuth": False}, None),
        ({"x-autoAuth": True, "security": []}, None),
        ({}, None),
    ],
)
def test_a_call_to_which_the_page_adds_credentials_needs_them(marks: Any, security: str | None) -> None:
    """What OpenAPI's own `security` says goes before the mark."""
    row = marked(**marks)

    assert (f"security={security}" in row) if security else ("security" not in row)
