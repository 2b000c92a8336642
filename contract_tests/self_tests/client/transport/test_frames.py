"""Does no frame of the client show a secret in its variables, where tracers look, whatever it raises?"""

import asyncio
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import novapost_client as sdk
from novapost_client import Client, StoredToken

SECRET = "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2"
PHONE = "4915228817386"
REFUSED: dict[str, Any] = {
    "line break": {"x-a": f"{SECRET}\r\nx-evil: 1"},
    "no ASCII": {"x-a": f"{SECRET}\u00fc"},
    "list": {"x-a": [SECRET]},
    "odd name": {SECRET + " ": SECRET},
    "number for a name": {5: SECRET},
    "framing": {"content-length": SECRET},
    "text": f"x-a: {SECRET}",
}


def frames(error: BaseException) -> Iterator[str]:
    """Give the variables of every frame of the client, also of the errors that came before this one."""
    pending: list[BaseException | None] = [error]
    while pending:
        one = pending.pop()
        if one is None:
            continue
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if "novapost_client" in frame.f_code.co_filename:
                yield f"{frame.f_code.co_name}: {frame.f_locals!r}"
        yield f"{one!r} {vars(one)!r}"
        pending += [one.__cause__, one.__context__]


def shown(act: Callable[[], object]) -> list[str]:
    """Return what shows a secret in the frames of an error that has to come."""
    with pytest.raises((sdk.ClientError, ValueError, RuntimeError)) as caught:
        act()
    told = list(frames(caught.value))
    assert len(told) > 1, "no frame of the client was looked at"
    return [text for text in told if SECRET in text or PHONE in text]


def client(handler: Callable[[httpx.Request], httpx.Response]) -> Client:
    """Return a client of a server in this process."""
    return Client(
        "https://a.example",
        api_key=SECRET,
        headers={"x-standing": SECRET},
        retry=None,
        httpx_args={"transport": httpx.MockTransport(handler)},
    )


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize(
    "how", ["constructor", "from_env", "with_options", "with_headers", "call", "async call"]
)
def test_no_frame_shows_headers_that_are_refused(name: str, how: str) -> None:
    """Whoever is refused reads the name of the setting."""
    headers = REFUSED[name]
    made = client(lambda request: httpx.Response(404))
    acts: dict[str, Callable[[], object]] = {
        "constructor": lambda: Client.sandbox(headers=headers),
        "from_env": lambda: Client.from_env({"NOVAPOST_BASE_URL": "https://a.example"}, headers=headers),
        "with_options": lambda: made.with_options(headers=headers),
        "with_headers": lambda: made.with_headers(headers),
        "call": lambda: made.test_api_keys.create(phone=PHONE, headers=headers),
        "async call": lambda: asyncio.run(made.aio.test_api_keys.create(phone=PHONE, headers=headers)),
    }
    assert shown(acts[how]) == []


def breaks(request: httpx.Request) -> httpx.Response:
    """Raise what is no error of the client's."""
    raise RuntimeError("broken")


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("how", ["sync", "async", "send", "asend"])
@pytest.mark.parametrize("handler", [lambda request: httpx.Response(404), breaks], ids=["404", "breaks"])
def test_no_frame_shows_the_headers_of_a_call_that_fails(
    how: str, raw: bool, handler: Callable[[httpx.Request], httpx.Response]
) -> None:
    """They are a token, often."""
    from novapost_client.api.authorization import authorize_client as operation

    made = client(handler)
    headers = {"authorization": SECRET}

    def act() -> object:
        if how == "sync":
            keys = made.test_api_keys.with_raw_response if raw else made.test_api_keys
            return keys.create(phone=PHONE, headers=headers, timeout=5)
        if how == "send":
            return made.send(operation.prepare(api_key=SECRET), headers=headers, deferred=raw)
        if how == "asend":
            return asyncio.run(made.asend(operation.prepare(api_key=SECRET), headers=headers, deferred=raw))
        tasks = made.aio.test_api_keys.with_raw_response if raw else made.aio.test_api_keys
        return asyncio.run(tasks.create(phone=PHONE, headers=headers, timeout=5))

    assert shown(act) == []


@pytest.mark.parametrize(
    "variables",
    [
        {"NOVAPOST_BASE_URL": "https://a b", "NOVAPOST_API_KEY": SECRET},
        {"NOVAPOST_BASE_URL": f"https://u:{SECRET}@a", "NOVAPOST_API_KEY": SECRET},
        {"NOVAPOST_BASE_URL": "https://a", "NOVAPOST_API_KEY": f"{SECRET}\n"},
        {"NOVAPOST_BASE_URL": "https://a", "NOVAPOST_API_KEY": SECRET, "NOVAPOST_ALLOW_INSECURE": "x"},
        {"NOVAPOST_API_KEY": SECRET},
        [("NOVAPOST_API_KEY", SECRET)],
    ],
)
def test_no_frame_shows_the_variables_of_the_environment(variables: Any) -> None:
    """An error about one of them has all of them at hand."""
    assert shown(lambda: Client.from_env(variables)) == []


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": f"{SECRET}\n"},
        {"token": [SECRET]},
        {"credentials": {"JWT": f"{SECRET}\n"}},
        {"credentials": {"Nope": SECRET}},
        {"api_key": SECRET, "tiemout": 1},
        {"httpx_args": {"proxy": f"http://u:{SECRET}@a b"}},
        {"api_key": SECRET, "environment": "sandbox"},
    ],
)
def test_no_frame_shows_the_settings_of_a_client_that_is_refused(options: Any) -> None:
    """By no way to make one."""
    made = client(breaks)
    assert shown(lambda: Client.sandbox(**options)) == []
    if "environment" not in options:
        assert shown(lambda: Client("https://a.example", **options)) == []
        assert shown(lambda: made.with_options(**options)) == []


def test_no_frame_shows_a_stored_text_that_is_no_token() -> None:
    """It may be half of one."""
    for text in (f"{SECRET}", f'{{"token": "{SECRET}", "expires_at": "soon"}}', f'"{SECRET}"'):
        assert shown(lambda text=text: StoredToken.from_json(text)) == []  # type: ignore[misc]
