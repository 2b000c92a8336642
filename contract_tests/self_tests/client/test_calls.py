"""What a caller of the generated client relies on: settings, environments, retries, tokens, redirects."""

import asyncio
import base64
import inspect
import io
import json
import logging
import pickle
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import novapost_client as sdk
from novapost_client import Client, Retry, models
from novapost_client._runtime import calls, operations
from novapost_client._runtime.addresses import is_loopback
from novapost_client._runtime.answers import Answers, Documented
from novapost_client._runtime.parsing import ANY
from novapost_client.api.authorization import authorize_client, create_test_api_key

PHONE = "4915228817386"
KEY = "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2"
GOOD = {
    "apiKey": KEY,
    "createdAt": "2025-08-27T08:03:02.000000Z",
    "expDate": "2026-08-29T23:59:59.000Z",
    "status": "Active",
}
Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """A server that answers in turn, keeps what it was asked, and repeats its last answer."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return the next answer."""
        self.seen.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def via(handler: Handler) -> dict[str, Any]:
    """Return the settings that make a client talk to a handler."""
    return {"httpx_args": {"transport": httpx.MockTransport(handler)}}


def ok(body: Any = GOOD, **headers: str) -> httpx.Response:
    """Return a success."""
    return httpx.Response(200, json=body, headers=headers)


def jwt(lifetime: float = 3600, mark: str = "a") -> str:
    """Return a token that is good for some seconds."""
    now = time.time()
    claims = json.dumps({"iat": now, "exp": now + lifetime, "m": mark}).encode()
    return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.x"


def waits() -> tuple[list[float], Retry]:
    """Return a list of the waits, and a policy that writes them down instead of waiting."""
    noted: list[float] = []

    async def note(seconds: float) -> None:
        noted.append(seconds)

    return noted, Retry(sleep=noted.append, async_sleep=note, random=lambda: 1.0)


PING = operations.Operation("ping", "GET", "/ping")
JWT_PING = operations.Operation("ping", "GET", "/ping", security=(("JWT",),))
ANSWERS = Answers((200, 200, Documented("json", ANY)))


def ping(operation: operations.Operation = PING) -> calls.Call[Any]:
    """Return a call of an operation that the document does not have, for what it has no operation for."""
    return calls.Call(operation, ANSWERS)


# -- the example of the README --


def test_from_a_phone_to_a_token() -> None:
    """The two lines that everybody writes first, sync and async."""

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/test-api-keys"):
            assert (request.method, json.loads(request.content)) == ("POST", {"phone": PHONE})
            return ok()
        assert request.url.path == "/v.1.0/clients/authorization"
        assert dict(request.url.params) == {"apiKey": KEY}
        return ok({"jwt": "a.b.c"})

    with Client.sandbox(**via(serve)) as novapost:
        key = novapost.test_api_keys.create(phone=PHONE)
        token = novapost.clients.authorization(api_key=key.api_key).jwt

    async def again() -> str:
        async with Client.sandbox(**via(serve)) as novapost:
            key = await novapost.aio.test_api_keys.create(phone=PHONE)
            return (await novapost.aio.clients.authorization(api_key=key.api_key)).jwt

    assert isinstance(key, models.TestApiKeyResponse)
    assert token == asyncio.run(again()) == "a.b.c"


def test_the_whole_answer_is_at_hand() -> None:
    """Status, headers, bytes, and what was parsed; the generator's own modules give errors as answers."""
    with Client.sandbox(**via(Server(ok(x_limit="3")))) as novapost:
        answer = novapost.test_api_keys.with_raw_response.create(phone=PHONE)
    assert (answer.status_code, answer.headers["X-Limit".lower().replace("-", "_")]) == (200, "3")
    assert json.loads(answer.content) == GOOD
    assert answer.parsed.api_key == KEY

    refusal = httpx.Response(409, json={"success": False, "errors": ["Multiple matching clients found"]})
    with Client.sandbox(**via(Server(refusal))) as novapost:
        body = models.TestApiKeyRequest(phone=PHONE)
        detailed = create_test_api_key.sync_detailed(client=novapost, body=body)
        assert isinstance(detailed.parsed, models.ErrorResponse)
        assert detailed.status_code == 409
        with pytest.raises(sdk.ConflictError):
            create_test_api_key.sync(client=novapost, body=body)
        with pytest.raises(sdk.ConflictError):
            novapost.test_api_keys.with_raw_response.create(phone=PHONE)


def test_the_modules_of_the_generator_are_all_there() -> None:
    """Four functions each, as its documentation has them."""
    for module in (create_test_api_key, authorize_client):
        assert inspect.iscoroutinefunction(module.asyncio)
        assert inspect.iscoroutinefunction(module.asyncio_detailed)
        assert callable(module.sync)
        assert callable(module.sync_detailed)


def test_docstrings_tell_what_the_document_tells() -> None:
    """Description, errors and source, without the page's HTML."""
    text = Client.sandbox().test_api_keys.create.__doc__ or ""

    assert "Only one active key is allowed per phone" in text
    assert "RateLimitError: 429 Daily limit exceeded" in text
    assert "Source: POST /test-api-keys" in text
    assert "https://api-portal.novapost.com/" in text
    assert "br>" not in text
    assert "JWT is required for all authorized requests." in " ".join(text.split())
    for page in ("SCHEMA", "EXAMPLE", "Try-it-out", "control elements"):
        assert page not in text


# -- where to --


def test_an_operation_of_the_sandbox_refuses_production() -> None:
    """Before anything is sent, however the address was given."""
    server = Server(ok())
    for client in (
        Client.production(**via(server)),
        Client("https://API.novapost.com:443/v.1.0/", **via(server)),
        Client("https://api.novapost.com./", environment="sandbox", **via(server)),
        Client.sandbox(**via(server)).with_options("https://api.novapost.com/v.1.0"),
    ):
        with pytest.raises(sdk.EnvironmentMismatchError, match="POST /test-api-keys: exists only in sandbox"):
            client.test_api_keys.create(phone=PHONE)
        assert client.environment == "production"
    assert server.seen == []
    Client.production(**via(Server(ok({"jwt": "a.b.c"})))).clients.authorization(api_key=KEY)


def test_settings_from_the_environment() -> None:
    """Address and key; without an address nobody guesses which service was meant."""
    given = {"NOVAPOST_BASE_URL": "http://127.0.0.1:8080/v.1.0/", "NOVAPOST_API_KEY": KEY}

    client = Client.from_env(given, **via(Server(ok())))

    assert client.base_url == "http://127.0.0.1:8080/v.1.0"
    with pytest.raises(sdk.UsageError, match="NOVAPOST_BASE_URL") as caught:
        Client.from_env({"NOVAPOST_API_KEY": KEY})
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    assert KEY not in str([frame.locals for frame in frames if "novapost_client" in frame.filename])


@pytest.mark.parametrize(
    "address",
    [
        "http://api-stage.novapost.pl/v.1.0",
        "http://10.0.0.1/",
        "http://localhost.evil.example/",
        "http://0x7f.1/",
    ],
)
def test_plain_http_is_for_this_machine_only(address: str) -> None:
    """A key over http is a key for everybody on the way; one word says that it is meant."""
    with pytest.raises(sdk.InsecureAddressError):
        Client(address, api_key=KEY)
    assert Client(address, allow_insecure=True).base_url
    for fine in ("http://127.0.0.1:1", "http://localhost:1/x", "http://[::1]:1"):
        assert Client(fine).base_url == fine


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost.", "127.9.9.9"]
)
def test_a_name_below_localhost_is_this_machine(host: str) -> None:
    """RFC 6761, section 6.3: every name that ends in `.localhost`, and no name that only ends alike."""
    assert is_loopback(host)
    assert not is_loopback(f"{host.rstrip('.')}.example")
    assert not is_loopback("evillocalhost")


def test_a_copy_leaves_its_origin_alone() -> None:
    """What with_options changes, it changes in the copy."""
    server = Server(ok())
    client = Client.sandbox(headers={"X-A": "1"}, **via(server))
    copy = client.with_headers({"X-B": "2"}).with_options(timeout=5)

    client.test_api_keys.create(phone=PHONE)
    copy.test_api_keys.create(phone=PHONE)
    client.test_api_keys.create(phone=PHONE)

    assert [("x-b" in request.headers, request.headers["x-a"]) for request in server.seen] == [
        (False, "1"),
        (True, "1"),
        (False, "1"),
    ]


def test_closing_a_copy_leaves_the_origin_open() -> None:
    """A copy shares connections; only their owner closes them."""
    client = Client.sandbox(**via(Server(ok())))
    client.test_api_keys.create(phone=PHONE)
    copy = client.with_options(timeout=5)
    copy.close()

    inner = client._engine._sender.connections.sync_client()
    assert copy._engine._sender.connections is client._engine._sender.connections
    assert not inner.is_closed
    with client.with_options(timeout=5) as own:
        own.test_api_keys.create(phone=PHONE)
    assert not inner.is_closed
    client.close()
    assert inner.is_closed
    assert client.test_api_keys.create(phone=PHONE).api_key == KEY


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"timeout": True},
        {"token": "a\r\nb"},
        {"token": ""},
        {"credentials": {"Nope": "x"}},
        {"httpx_args": {"base_url": "https://evil.example"}},
        {"httpx_args": {"follow_redirects": True}},
    ],
    ids=str,
)
def test_settings_that_cannot_be_used_are_refused_at_once(options: dict[str, Any]) -> None:
    """And the traceback of the refusal does not show the key that was given beside them."""
    with pytest.raises(sdk.UsageError) as caught:
        Client.sandbox(api_key=KEY, **options)
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    shown = [frame.locals for frame in frames if "novapost_client" in frame.filename]
    assert KEY not in str(shown)


# -- again --


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_an_idempotent_call_is_repeated(status: int) -> None:
    """GET does no harm twice: backoff with jitter, then the answer."""
    noted, retry = waits()
    server = Server(httpx.Response(status), httpx.Response(status), ok({"jwt": "a.b.c"}))

    token = Client.sandbox(retry=retry, **via(server)).clients.authorization(api_key=KEY)

    assert token.jwt == "a.b.c"
    assert noted == [0.5, 1.0]


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 500, 501])
def test_what_repetition_does_not_cure_is_not_repeated(status: int) -> None:
    """The first answer is the answer."""
    noted, retry = waits()
    server = Server(httpx.Response(status))

    with pytest.raises(sdk.StatusError):
        Client.sandbox(retry=retry, **via(server)).clients.authorization(api_key=KEY)

    assert (len(server.seen), noted) == (1, [])


@pytest.mark.parametrize(
    ("broken", "times"),
    [
        (httpx.ConnectError("refused"), 3),
        (httpx.ConnectTimeout("slow"), 3),
        (httpx.PoolTimeout("busy"), 3),
        (httpx.ReadError("reset"), 1),
        (httpx.ReadTimeout("slow"), 1),
        (httpx.RemoteProtocolError("cut"), 1),
        (httpx.WriteError("pipe"), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_post_is_repeated_only_when_it_never_left(broken: Exception, times: int, how: str) -> None:
    """A second key for one request would use up the day."""
    _, retry = waits()
    server = Server(broken)
    client = Client.sandbox(retry=retry, **via(server))

    def call() -> None:
        if how == "sync":
            client.test_api_keys.create(phone=PHONE)
        else:
            asyncio.run(client.aio.test_api_keys.create(phone=PHONE))

    with pytest.raises(sdk.TransportError):
        call()

    assert len(server.seen) == times


def test_a_get_is_repeated_after_every_failure_of_the_connection() -> None:
    """Cut off within an answer, too."""
    _, retry = waits()
    server = Server(httpx.ReadError("reset"), httpx.RemoteProtocolError("cut"), ok({"jwt": "a.b.c"}))

    Client.sandbox(retry=retry, **via(server)).clients.authorization(api_key=KEY)

    assert len(server.seen) == 3


@pytest.mark.parametrize(
    ("asked", "waited"), [("3", [3.0]), ("0", [0.0]), ("86400", []), ("nonsense", [0.5])]
)
def test_a_server_that_names_a_wait_is_heard(asked: str, waited: list[float]) -> None:
    """As long as it is one that a caller would wait; else the error says how long."""
    noted, retry = waits()
    server = Server(httpx.Response(503, headers={"retry-after": asked}), ok({"jwt": "a.b.c"}))
    client = Client.sandbox(retry=retry, **via(server))

    if waited:
        client.clients.authorization(api_key=KEY)
    else:
        with pytest.raises(sdk.ServiceUnavailableError) as caught:
            client.clients.authorization(api_key=KEY)
        assert caught.value.retry_after == 86400

    assert noted == waited


def test_no_repetition_begins_that_the_deadline_would_cut() -> None:
    """The error comes at once instead of after a wait for nothing."""
    noted, retry = waits()
    server = Server(httpx.Response(503, headers={"retry-after": "15"}))

    with pytest.raises(sdk.ServiceUnavailableError):
        Client.sandbox(retry=retry, timeout=5, **via(server)).clients.authorization(api_key=KEY)

    assert noted == []


def test_repetition_can_be_switched_off() -> None:
    """None is none."""
    server = Server(httpx.Response(503))

    with pytest.raises(sdk.ServiceUnavailableError):
        Client.sandbox(retry=None, **via(server)).clients.authorization(api_key=KEY)

    assert len(server.seen) == 1


# -- redirects --


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        ("/v.1.0/elsewhere", True),
        ("https://api-stage.novapost.pl/x", True),
        ("https://api-stage.novapost.pl:443/x", True),
        ("https://api-stage.novapost.pl:8443/x", False),
        ("http://api-stage.novapost.pl/x", False),
        ("https://api.novapost.com/x", False),
        ("//evil.example/x", False),
        ("https://api-stage.novapost.pl.evil.example/", False),
        ("https://user@evil.example/", False),
    ],
)
def test_a_redirect_is_followed_on_the_same_host_only(location: str, followed: bool) -> None:
    """A header with a token in it goes nowhere else."""
    server = Server(httpx.Response(307, headers={"location": location}), ok({"jwt": "a.b.c"}))
    client = Client.sandbox(headers={"X-Secret": "s"}, **via(server))

    if followed:
        client.clients.authorization(api_key=KEY)
    else:
        with pytest.raises(sdk.RedirectError):
            client.clients.authorization(api_key=KEY)

    assert len(server.seen) == (2 if followed else 1)


# -- tokens --


class Portal:
    """A service that gives tokens for keys and asks for one at /ping."""

    def __init__(self, *, lifetime: float = 3600, slow: float = 0.0) -> None:
        self.lifetime = lifetime
        self.slow = slow
        self.given: list[str] = []
        self.accepted: list[str] = []
        self.revoked: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return a token, or a ping."""
        if request.url.path.endswith("/authorization"):
            assert "authorization" not in request.headers
            time.sleep(self.slow)
            self.given.append(jwt(self.lifetime, str(len(self.given))))
            return ok({"jwt": self.given[-1]})
        token = request.headers.get("authorization", "")
        if token not in self.given or token in self.revoked:
            return httpx.Response(401, json={"errors": {"": "no"}})
        self.accepted.append(token)
        return ok({})


def test_a_token_is_obtained_once_and_sent_raw() -> None:
    """Without "Bearer", as the vendor has it."""
    portal = Portal()
    client = Client.sandbox(api_key=KEY, **via(portal))

    for _ in range(3):
        client.send(ping(JWT_PING))

    assert portal.accepted == portal.given * 3
    assert len(portal.given) == 1


def test_a_token_goes_only_with_operations_that_ask_for_it() -> None:
    """The others are public, and stay so."""
    server = Server(ok())
    client = Client.sandbox(api_key=KEY, **via(server))

    client.send(ping())

    assert "authorization" not in server.seen[0].headers


def test_a_token_that_runs_out_is_renewed_before() -> None:
    """A minute before: 59 seconds are none."""
    portal = Portal(lifetime=59)
    client = Client.sandbox(api_key=KEY, **via(portal))

    client.send(ping(JWT_PING))
    client.send(ping(JWT_PING))

    assert len(portal.given) == 2


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_revoked_token_is_renewed_once(how: str) -> None:
    """On a 401, one more time with a fresh one; a second 401 is the answer."""
    portal = Portal()
    client = Client.sandbox(api_key=KEY, **via(portal))

    def call() -> None:
        if how == "sync":
            client.send(ping(JWT_PING))
        else:
            asyncio.run(client.asend(ping(JWT_PING)))

    call()
    portal.revoked.update(portal.given)
    call()
    assert len(portal.given) == 2

    portal.revoked = type("All", (set,), {"__contains__": lambda self, one: True})()
    with pytest.raises(sdk.UnauthorizedError):
        call()
    assert len(portal.given) == 3


def test_one_refresh_at_a_time_under_threads() -> None:
    """Twenty threads, one token."""
    portal = Portal(slow=0.1)
    client = Client.sandbox(api_key=KEY, **via(portal))
    threads = [threading.Thread(target=lambda: client.send(ping(JWT_PING))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(portal.given), len(portal.accepted)) == (1, 20)


def test_one_refresh_at_a_time_under_tasks() -> None:
    """Twenty tasks, one token."""
    portal = Portal()

    async def serve(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.02)
        return portal(request)

    async def all_at_once() -> None:
        args = {"transport": httpx.MockTransport(serve)}
        async with Client.sandbox(api_key=KEY, httpx_args=args) as client:
            await asyncio.gather(*(client.asend(ping(JWT_PING)) for _ in range(20)))

    asyncio.run(all_at_once())

    assert (len(portal.given), len(portal.accepted)) == (1, 20)


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize(("status", "wanted"), [(403, sdk.ForbiddenError), (429, sdk.RateLimitError)])
def test_a_token_that_is_refused_says_so_and_for_how_long(status: int, wanted: type, how: str) -> None:
    """No document names these two for the token call; the vendor's own SDKs know them."""
    answer = httpx.Response(status, json={"errors": {"": "later"}}, headers={"retry-after": "77"})
    server = Server(answer)
    client = Client.sandbox(api_key=KEY, **via(server))
    calls_of_it: list[Callable[[], Any]] = [
        lambda: client.send(ping(JWT_PING)),
        lambda: client.clients.authorization(),
    ]
    if how == "async":
        calls_of_it = [
            lambda: asyncio.run(client.asend(ping(JWT_PING))),
            lambda: asyncio.run(client.aio.clients.authorization()),
        ]

    for call in calls_of_it:
        with pytest.raises(wanted) as caught:
            call()
        error = caught.value
        assert isinstance(error, sdk.StatusError)
        assert (error.retry_after, error.errors) == (77.0, ["later"])
        assert (error.method, error.path) == ("GET", "/clients/authorization")
        assert error.response.json() == {"errors": {"": "later"}}
    assert len(server.seen) == 2


def test_the_call_for_a_token_takes_the_clients_own_key() -> None:
    """Where it is left out; a key that is given goes before, and without any nothing is sent."""
    server = Server(ok({"jwt": "a.b.c"}))
    client = Client.sandbox(api_key=KEY, **via(server))

    client.clients.authorization()
    client.clients.with_raw_response.authorization()
    client.clients.authorization(api_key="another")
    authorize_client.sync(client=client)
    asyncio.run(client.aio.clients.authorization())
    Client.sandbox(api_key=KEY, token="a.b.c", **via(server)).clients.authorization()

    assert [request.url.params["apiKey"] for request in server.seen] == [KEY, KEY, "another", KEY, KEY, KEY]
    server.seen.clear()
    with pytest.raises(
        sdk.UsageError, match="apiKey is needed: give it to the call, or api_key to the client"
    ):
        Client.sandbox(**via(server)).clients.authorization()
    assert server.seen == []


@pytest.mark.parametrize("how", ["sync", "async"])
def test_the_cause_of_a_token_that_could_not_be_obtained_is_kept(how: str) -> None:
    """Through the lock, the copies for those who waited, and the call that wanted the token."""
    client = Client.sandbox(api_key=KEY, retry=None, **via(Server(httpx.ConnectError(f"refused for {KEY}"))))

    def call() -> None:
        if how == "sync":
            client.send(ping(JWT_PING))
        else:
            asyncio.run(client.asend(ping(JWT_PING)))

    with pytest.raises(sdk.ConnectionFailedError) as caught:
        call()

    assert isinstance(caught.value.__cause__, httpx.ConnectError)
    assert str(caught.value.__cause__) == "refused for ***"
    assert (caught.value.method, caught.value.path) == ("GET", "/clients/authorization")


@pytest.mark.parametrize("brought", ["httpx_args", "http_client"])
def test_parameters_of_httpx_stand_beside_those_of_a_call(brought: str) -> None:
    """httpx itself would send them in place of the key."""
    server = Server(ok({"jwt": "a.b.c"}))
    args: dict[str, Any] = {"transport": httpx.MockTransport(server), "params": {"trace": "a b"}}
    options: dict[str, Any] = (
        {"httpx_args": args} if brought == "httpx_args" else {"http_client": httpx.Client(**args)}
    )
    client = Client.sandbox(api_key="a/b,c", **options)

    client.clients.authorization()
    client.test_api_keys.with_raw_response.create(phone=PHONE)

    assert server.seen[0].url.query == b"apiKey=a%2Fb%2Cc&trace=a+b"
    assert server.seen[1].url.query == b"trace=a+b"
    assert "a%2Fb" not in str(server.seen[0].url)


def test_a_key_that_a_server_tells_back_as_it_stood_in_the_address_is_masked() -> None:
    """A key with other characters than letters and digits stands there encoded."""
    key = "p\u00e4ss/w\u00f6rd +x"
    told = [key, "p%C3%A4ss%2Fw%C3%B6rd%20%2Bx"]
    server = Server(httpx.Response(401, json={"errors": {"": " and ".join(told)}}))

    with pytest.raises(sdk.UnauthorizedError) as caught:
        Client.sandbox(api_key=key, **via(server)).clients.authorization()

    assert caught.value.errors == ["*** and ***"]


def test_a_token_that_cannot_be_obtained_is_a_typed_error() -> None:
    """Whoever waited for it gets the same, and the key is not in it."""
    server = Server(httpx.Response(401, json={"errors": {"": f"key {KEY} expired"}}))
    client = Client.sandbox(api_key=KEY, **via(server))

    with pytest.raises(sdk.UnauthorizedError) as caught:
        client.send(ping(JWT_PING))

    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    shown = [frame.locals for frame in frames if "novapost_client" in frame.filename]
    assert KEY not in f"{caught.value!r} {pickle.dumps(caught.value)!r} {shown}"
    assert "***" in str(caught.value)


@pytest.mark.parametrize(
    "body", [{}, {"jwt": None}, {"jwt": ""}, {"jwt": 1}, {"jwt": "a\nb"}, {"jwt": "ключ"}, []]
)
def test_a_token_that_is_none_is_refused(body: Any) -> None:
    """What cannot stand in a header never gets there."""
    with pytest.raises(sdk.BodyError):
        Client.sandbox(api_key=KEY, **via(Server(ok(body)))).send(ping(JWT_PING))


def test_a_credential_that_is_missing_is_told_by_the_error_of_a_401() -> None:
    """Not before: a proxy or a header of the caller's own may have it."""
    server = Server(httpx.Response(401), ok())

    with pytest.raises(sdk.UnauthorizedError) as caught:
        Client.sandbox(**via(server)).send(ping(JWT_PING))
    assert caught.value.__notes__ == ["The client was given no credential for JWT."]
    server.seen.clear()
    Client.sandbox(headers={"authorization": "mine"}, **via(server)).send(ping(JWT_PING))
    Client.sandbox(token="a.b.c", **via(server)).send(ping(JWT_PING))

    assert [request.headers["authorization"] for request in server.seen] == ["mine", "a.b.c"]


# -- what is shown --


def test_nothing_that_is_printed_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    """Client, models, answers, and both loggers."""
    caplog.set_level(logging.DEBUG)
    portal = Portal()
    with Client.sandbox(api_key=KEY, **via(portal)) as client:
        client.send(ping(JWT_PING))
        printed = io.StringIO()
        print(client, client.__dict__, client._engine.__dict__, file=printed)
    with Client.sandbox(**via(Server(ok()))) as client:
        answer = client.test_api_keys.with_raw_response.create(phone=PHONE)
        print(answer, answer.parsed, models.TestApiKeyRequest(phone=PHONE), file=printed)

    text = printed.getvalue() + caplog.text
    assert [secret for secret in (KEY, PHONE, portal.given[0]) if secret in text] == []


def test_the_log_tells_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """Method, path template, status, time, attempt."""
    caplog.set_level(logging.INFO, logger="novapost_client")
    _, retry = waits()
    server = Server(httpx.ReadError("reset"), ok({"jwt": "a.b.c"}))

    Client.sandbox(retry=retry, **via(server)).clients.authorization(api_key=KEY)

    lines = [record.getMessage() for record in caplog.records if record.name == "novapost_client"]
    assert lines[0].startswith("GET /clients/authorization -> ConnectionFailedError in ")
    assert lines[1].startswith("GET /clients/authorization -> 200 in ")
    assert [line[-11:] for line in lines] == ["(attempt 1)", "(attempt 2)"]


def test_an_argument_of_the_wrong_type_is_refused_before_it_leaves() -> None:
    """By name, and without its value."""
    server = Server(ok())
    client = Client.sandbox(**via(server))

    for call in (
        lambda: client.test_api_keys.create(phone=4915228817386),  # type: ignore[arg-type]
        lambda: client.clients.authorization(api_key=4915228817386),  # type: ignore[arg-type]
        lambda: client.clients.authorization(api_key="\ud800"),
    ):
        with pytest.raises(sdk.UsageError) as caught:
            call()
        assert "4915228817386" not in str(caught.value)
    assert server.seen == []


def test_cookies_of_a_server_do_not_travel() -> None:
    """One caller's session is not the next one's."""
    server = Server(ok(**{"set-cookie": "session=1"}))
    client = Client.sandbox(**via(server))

    client.test_api_keys.create(phone=PHONE)
    client.test_api_keys.create(phone=PHONE)

    assert "cookie" not in server.seen[1].headers


def test_the_async_side_works_in_one_event_loop_after_another() -> None:
    """Connections belong to a loop; the client does not."""
    client = Client.sandbox(**via(Server(ok())))

    for _ in range(2):
        key = asyncio.run(client.aio.test_api_keys.create(phone=PHONE))
        assert key.api_key == KEY


def test_cancelling_is_not_swallowed() -> None:
    """A task that is cancelled ends cancelled, not in a time-out of ours."""

    async def stall(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        raise AssertionError

    async def main() -> None:
        async with Client.sandbox(httpx_args={"transport": httpx.MockTransport(stall)}) as client:
            task = asyncio.create_task(client.aio.test_api_keys.create(phone=PHONE))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            with pytest.raises(sdk.CallTimeoutError):
                await client.with_options(timeout=0.1).aio.test_api_keys.create(phone=PHONE)

    asyncio.run(main())
