"""Credentials are found where schemathesis and EvoMaster have them, and travel as the document says."""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from contract_tests.checks.operations import Document
from contract_tests.session.credentials import beside, of_headers, of_the_mock
from contract_tests.target.credentials import Credentials
from contract_tests.target.targets import WrongUse

SCHEMES: dict[str, dict[str, Any]] = {
    "in-a-header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "in-the-query": {"type": "apiKey", "in": "query", "name": "key"},
    "in-a-cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "basic": {"type": "http", "scheme": "Basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "grant": {"type": "oauth2", "flows": {}},
    "id": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example"},
    "cert": {"type": "mutualTLS"},
}


def document(*names: str) -> Document:
    """Return a document with these security schemes."""
    return Document({"components": {"securitySchemes": {name: SCHEMES[name] for name in names}}})


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


class Login(BaseHTTPRequestHandler):
    """A service that gives a token in every place in which one can stand."""

    def do_POST(self) -> None:
        """Answer a login."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        known = body in (b'{"user": "u"}', b"user=u")
        self.send_response(200 if known else 403)
        self.send_header("X-Token", "t-header")
        self.send_header("Set-Cookie", "sid=t-cookie")
        self.end_headers()
        self.wfile.write(json.dumps({"data": {"tokens": ["t-body"]}, "empty": ""}).encode())

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    """Return the address of a service with a login."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Login)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a document, which is not the one where the run began."""
    begun, beside = tmp_path / "begun", tmp_path / "beside"
    begun.mkdir()
    beside.mkdir()
    monkeypatch.chdir(begun)
    return beside


def test_a_header_of_the_command_line_is_a_credential() -> None:
    assert of_headers(["Authorization:  Bearer a:b ", "X-Key:"]).headers == {
        "authorization": "Bearer a:b",
        "x-key": "",
    }


@pytest.mark.parametrize("line", ["secret", ": secret", " : secret", "ключ: secret", "a: secret\nb: c"])
def test_what_is_no_header_is_refused_and_not_shown(line: str) -> None:
    with pytest.raises(WrongUse) as refused:
        of_headers([line])
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("in-a-header", Credentials({"x-key": "suite-credential"})),
        ("in-the-query", Credentials(query={"key": "suite-credential"})),
        ("in-a-cookie", Credentials(cookies={"sid": "suite-credential"})),
        ("basic", Credentials({"authorization": basic("suite-credential:suite-credential")})),
        ("bearer", Credentials({"authorization": "Bearer suite-credential"})),
        ("grant", Credentials({"authorization": "Bearer suite-credential"})),
        ("id", Credentials({"authorization": "Bearer suite-credential"})),
        ("cert", Credentials()),
    ],
)
def test_the_mocks_credential_travels_as_each_scheme_says(name: str, found: Credentials) -> None:
    assert of_the_mock(document(name)) == found
    assert "suite-credential" not in repr(of_the_mock(document(name)))


def test_schemathesis_toml_is_read_from_both_folders(folder: Path) -> None:
    """What stands beside the document goes over what stands where the run began."""
    (folder.parent / "begun" / "schemathesis.toml").write_text(
        'headers = { "X-Key" = "old", "X-Team" = "a" }'
    )
    (folder / "schemathesis.toml").write_text(
        'headers = { "X-Key" = "new" }\n'
        '[auth.openapi.basic]\nusername = "u"\npassword = "p"\n'
        '[auth.openapi.in-the-query]\napi_key = "q"\n'
    )

    found = beside(folder / "api.json", document("basic", "in-the-query"), "http://127.0.0.1:1/")

    assert found == Credentials(
        {"x-key": "new", "x-team": "a", "authorization": basic("u:p")}, query={"key": "q"}
    )


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ('[auth.openapi.bearer]\nbearer = "t"', {"authorization": "Bearer t"}),
        ('[auth]\nbasic = { username = "u", password = "p" }', {"authorization": basic("u:p")}),
        ("", {}),
    ],
)
def test_each_kind_of_schemathesis_toml_is_understood(
    text: str, headers: dict[str, str], folder: Path
) -> None:
    (folder / "schemathesis.toml").write_text(text)

    assert beside(folder / "api.json", document("bearer"), "http://127.0.0.1:1/") == Credentials(headers)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[auth.openapi.other]\nbearer = "t"', "the document has no security scheme 'other'"),
        ("[auth", "schemathesis.toml: "),
    ],
)
def test_a_schemathesis_toml_that_cannot_be_used_is_named(text: str, told: str, folder: Path) -> None:
    (folder / "schemathesis.toml").write_text(text)

    with pytest.raises(WrongUse, match=r"^schemathesis\.toml: ") as refused:
        beside(folder / "api.json", document("bearer"), "http://127.0.0.1:1/")
    assert told in str(refused.value)


LOGIN: dict[str, Any] = {"endpoint": "/login", "payloadUserPwd": {"user": "u"}}
TOKEN = {"extractFrom": "body", "extractSelector": "/data/tokens/0"}


@pytest.mark.parametrize(
    ("login", "found"),
    [
        ({"token": TOKEN}, Credentials({"authorization": "t-body"})),
        (
            {"token": {**TOKEN, "sendName": "X-Auth", "sendTemplate": "JWT {token}"}},
            Credentials({"x-auth": "JWT t-body"}),
        ),
        ({"token": {**TOKEN, "sendIn": "query", "sendName": "t"}}, Credentials(query={"t": "t-body"})),
        ({"token": {**TOKEN, "sendIn": "cookie", "sendName": "t"}}, Credentials(cookies={"t": "t-body"})),
        (
            {"token": {"extractFrom": "header", "extractSelector": "X-Token"}},
            Credentials({"authorization": "t-header"}),
        ),
        ({"expectCookies": True}, Credentials(cookies={"sid": "t-cookie"})),
        (
            {"payloadRaw": "user=u", "contentType": "application/x-www-form-urlencoded", "token": TOKEN},
            Credentials({"authorization": "t-body"}),
        ),
    ],
)
def test_a_login_gives_what_its_answer_holds(
    login: dict[str, Any], found: Credentials, folder: Path, base: str
) -> None:
    """Token or cookie, from a header or a member, into whichever place the file names."""
    (folder / "auth.yaml").write_text(
        json.dumps({"auth": [{"name": "u", "loginEndpointAuth": {**LOGIN, **login}}]})
    )

    assert beside(folder / "api.json", document(), base) == found


def test_a_template_holds_for_each_user_and_a_user_goes_over_it(folder: Path, base: str) -> None:
    tree = {
        "authTemplate": {
            "fixedHeaders": [{"name": "X-Team", "value": "a"}],
            "loginEndpointAuth": {**LOGIN, "endpoint": "nowhere", "token": TOKEN},
        },
        "auth": [{"name": "u", "loginEndpointAuth": {"externalEndpointURL": f"{base}login"}}],
    }
    (folder / "auth.yaml").write_text(json.dumps(tree))

    found = beside(folder / "api.json", document(), "http://127.0.0.1:1/")

    assert found == Credentials({"x-team": "a", "authorization": "t-body"})


@pytest.mark.parametrize(
    ("tree", "told"),
    [
        ([], "`auth` is to be a list of users"),
        ({"auth": []}, "`auth` is to be a list of users"),
        ({"auth": ["u"]}, "`auth` is to be a list of users"),
        ({"auth": [{"fixedHeaders": [{"name": "a"}]}]}, "is not as Web Fuzzing Commons has it: 'value'"),
        ({"auth": [{"fixedHeaders": 1}]}, "is not as Web Fuzzing Commons has it"),
        ({"auth": [{"loginEndpointAuth": {"token": TOKEN}}]}, "Web Fuzzing Commons has it: 'endpoint'"),
        ({"auth": [{"loginEndpointAuth": LOGIN}]}, "Web Fuzzing Commons has it: 'token'"),
        (
            {"auth": [{"loginEndpointAuth": {**LOGIN, "payloadUserPwd": {"user": "x"}}}]},
            "the login was answered with 403",
        ),
        (
            {"auth": [{"loginEndpointAuth": {**LOGIN, "externalEndpointURL": "http://127.0.0.1:1/"}}]},
            "the login was not answered: ConnectError",
        ),
        (
            {"auth": [{"loginEndpointAuth": {**LOGIN, "token": {**TOKEN, "extractSelector": "/empty"}}}]},
            "the login's answer has no token at /empty",
        ),
        (
            {"auth": [{"loginEndpointAuth": {**LOGIN, "token": {**TOKEN, "extractSelector": "/data"}}}]},
            "the login's answer has no token at /data",
        ),
    ],
)
def test_what_is_wrong_with_a_login_is_told_in_one_line(
    tree: Any, told: str, folder: Path, base: str
) -> None:
    (folder / "auth.yaml").write_text(json.dumps(tree))

    with pytest.raises(WrongUse, match=r"^auth\.yaml: ") as refused:
        beside(folder / "api.json", document(), base)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_auth_yaml_that_is_none_is_refused(folder: Path) -> None:
    for content in (b"a: b: c", b"x" * (256 * 1024 + 1)):
        (folder / "auth.yaml").write_bytes(content)
        with pytest.raises(WrongUse, match=r"^auth\.yaml: "):
            beside(folder / "api.json", document(), "http://127.0.0.1:1/")
