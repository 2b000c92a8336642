"""Is every header sent once, whatever its case and whoever sets it?"""

import platform
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

import novapost_client as sdk
from contract_tests.self_tests.support.phone_server import PHONE, phone_server
from novapost_client import Client
from novapost_client._runtime import calls, headers, operations
from novapost_client._runtime.answers import Answers, Documented
from novapost_client._runtime.parsing import ANY

WITH_TOKEN: calls.Call[Any] = calls.Call(
    operations.Operation("ping", "GET", "/ping", security=(("JWT",),)),
    Answers((200, 200, Documented("json", ANY))),
)


@pytest.mark.parametrize(
    ("options", "override", "wanted"),
    [
        ({}, {}, {"accept": "application/json", "content-type": "application/json"}),
        ({"headers": {"user-agent": "me/1"}}, {}, {"user-agent": "me/1"}),
        ({"httpx_args": {"headers": {"USER-AGENT": "me/1"}}}, {}, {"user-agent": "me/1"}),
        ({"headers": {"USER-agent": "a", "User-Agent": "b"}}, {}, {"user-agent": "b"}),
        ({"headers": {"user-agent": "me/1"}}, {"headers": {"User-agent": "me/2"}}, {"user-agent": "me/2"}),
        ({"headers": {"CONTENT-type": "text/plain"}}, {}, {"content-type": "application/json"}),
        ({}, {"headers": {"content-TYPE": "text/plain"}}, {"content-type": "text/plain"}),
        ({"headers": {"ACCEPT": "x/y"}}, {}, {"accept": "application/json"}),
        ({"headers": {"x-a": "1"}}, {"headers": {"X-A": "2"}}, {"x-a": "2"}),
        ({"headers": {"x-a": "1"}, "httpx_args": {"headers": {"X-A": "0"}}}, {}, {"x-a": "1"}),
        ({"headers": {"connection": "close"}}, {}, {"connection": "close"}),
        ({"headers": {"HOST": "other.example"}}, {}, {"host": "other.example"}),
    ],
    ids=str,
)
def test_each_header_is_sent_once(
    options: dict[str, Any], override: dict[str, Any], wanted: dict[str, str]
) -> None:
    """On the wire, where two of a name are two headers."""
    with phone_server() as server, Client(server.address, retry=None, **options) as client:
        client.test_api_keys.create(phone=PHONE, **override)
        (_, found), *_ = server.asked

    assert {name: count for name, count in Counter(name for name, _ in found).items() if count > 1} == {}
    assert wanted.items() <= dict(found).items()


@pytest.mark.parametrize(
    ("options", "override", "authorization"),
    [
        ({"token": "a.b.c", "headers": {"authorization": "old"}}, {}, "a.b.c"),
        ({"api_key": "k" * 32, "headers": {"authorization": "old"}}, {}, "a.b.c"),
        ({"headers": {"AUTHORIZATION": "mine"}}, {}, "mine"),
        ({"token": "a.b.c"}, {"headers": {"authorization": "mine"}}, "mine"),
        ({"api_key": "k" * 32}, {"headers": {"authorization": "mine"}}, "mine"),
    ],
    ids=str,
)
def test_one_credential_is_sent(
    options: dict[str, Any], override: dict[str, Any], authorization: str
) -> None:
    """That of the call before the client's own, and that before its other headers."""
    with phone_server() as server, Client(server.address, retry=None, **options) as client:
        client.send(WITH_TOKEN, **override)
        path, found = server.asked[-1]
        tokens = len(server.asked) - 1

    assert path.endswith("/ping")
    assert [value for name, value in found if name == "authorization"] == [authorization]
    assert tokens == (1 if authorization == "a.b.c" and "api_key" in options else 0)


def test_the_user_agent_names_client_python_and_httpx() -> None:
    """In the version of the project, which the package has as __version__."""
    project = tomllib.loads((Path(__file__).parents[4] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    with phone_server() as server, Client(server.address) as client:
        client.test_api_keys.create(phone=PHONE)
        agent = dict(server.asked[0][1])["user-agent"]

    assert sdk.__version__ == project["version"]
    python = platform.python_version()
    assert agent == f"novapost-client/{sdk.__version__} python/{python} httpx/{httpx.__version__}"


@pytest.mark.parametrize("how", ["plain", "raw"])
def test_a_single_call_can_have_its_own_time_and_headers(how: str) -> None:
    """And the client keeps its own for the next one."""
    with phone_server(0.3) as server, Client(server.address, retry=None, headers={"X-A": "1"}) as client:
        resource: Any = client.test_api_keys if how == "plain" else client.test_api_keys.with_raw_response
        with pytest.raises(sdk.CallTimeoutError):
            resource.create(phone=PHONE, timeout=0.1)
        resource.create(phone=PHONE, headers={"x-a": "2"})
        resource.create(phone=PHONE)
        found = [dict(asked)["x-a"] for _, asked in server.asked]

    assert found == ["1", "2", "1"]
    for wrong in ({"timeout": "5"}, {"timeout": 0}, {"headers": {"X": 1}}, {"headers": "X"}):
        with pytest.raises(sdk.UsageError, match=next(iter(wrong))):
            resource.create(phone=PHONE, **wrong)


def test_copies_add_headers_whatever_their_case() -> None:
    """with_headers replaces a header of the same name."""
    client = Client.sandbox(headers={"X-A": "1", "X-B": "1"}).with_headers({"x-a": "2"})

    assert client._engine.headers == {"x-a": "2", "X-B": "1"}
    with pytest.raises(sdk.UsageError, match="headers takes a mapping"):
        client.with_headers(["x"])  # type: ignore[arg-type]


def test_layers_are_merged_and_their_order_kept() -> None:
    """The later one wins, with its own spelling, in the first one's place."""
    assert list(headers.merged({"A": "1", "b": "1"}, {"B": "2"}, {"c": "3"}).items()) == [
        ("A", "1"),
        ("B", "2"),
        ("c", "3"),
    ]
    assert headers.checked({"X-Tab": "a\tb", "X-Blank": "  a "}, "headers") == {
        "X-Tab": "a\tb",
        "X-Blank": "a",
    }
    assert headers.checked(None, "headers") == {}
