"""Is a setting or a variable that cannot be used told when a client is made, by name and with the cure?"""

import asyncio
import logging
import ssl
import traceback
import urllib.request
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trustme

import novapost_client as sdk
from contract_tests.self_tests.support.phone_server import PHONE, key_of, phone_server
from novapost_client import Client, Limits, Retry
from novapost_client._runtime import proxies, transports

KEY = "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
FILES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


@pytest.fixture(autouse=True)
def _a_bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variables of the machine on which this runs."""
    for name in (*PROXIES, *(name.upper() for name in PROXIES), *FILES, "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
    for name in ("NOVAPOST_ALLOW_INSECURE", "NOVAPOST_LOG"):
        monkeypatch.delenv(name, raising=False)
    return


SETTINGS: list[tuple[dict[str, Any], str]] = [
    ({"tiemout": 1}, "there is no setting 'tiemout'; did you mean timeout?"),
    ({"retires": 9}, "did you mean retry?"),
    ({"enviroment": "production"}, "did you mean environment?"),
    ({"max_retries": 0}, r"did you mean retry=Retry\(attempts="),
    ({"proxy": "http://x:1"}, "did you mean httpx_args={'proxy': "),
    ({"verify": False}, "did you mean httpx_args={'verify': "),
    ({"base_url": "https://x.example"}, "the address is the first argument"),
    ({"qwertz": 1}, "there are allow_insecure, api_key, credentials"),
    ({"retry": 3}, r"retry takes a Retry or None, not a int; did you mean retry=Retry\(attempts"),
    ({"retry": True}, "retry takes a Retry or None"),
    ({"limits": 5}, "limits takes a Limits, not a int"),
    ({"limits": httpx.Limits()}, "limits takes a Limits"),
    ({"headers": {"X": 1}}, "headers: the value of X must be text, not a int"),
    ({"headers": {1: "x"}}, "headers: the name of a header"),
    ({"headers": [("X", "1")]}, "headers takes a mapping"),
    ({"headers": {"X": "a\r\nY: b"}}, "headers: the value of X takes printable ASCII only"),
    ({"headers": {"X Y": "a"}}, "headers: the name of a header"),
    ({"headers": {"Content-Length": "7"}}, "headers cannot hold Content-Length"),
    ({"credentials": ["x"]}, "credentials takes a mapping"),
    ({"credentials": {"JWT": 5}}, r"credentials\['JWT'\] takes text"),
    ({"credentials": {"Nope": "x"}}, "credentials has no scheme 'Nope'; the document has JWT"),
    ({"credentials": {"jwt": "x"}}, r"credentials has no scheme 'jwt'; did you mean JWT\?"),
    ({"allow_insecure": "no"}, "allow_insecure takes True or False"),
    ({"allow_insecure": 1}, "allow_insecure takes True or False"),
    ({"api_key": b"x"}, "api_key takes text, not a bytes"),
    ({"api_key": f"{KEY}\n"}, "api_key is no printable text"),
    ({"api_key": f" {KEY}"}, "api_key begins or ends with a blank"),
    ({"api_key": ""}, "api_key is empty"),
    ({"token": ""}, "token is empty"),
    ({"token": "a\r\nb"}, "token is no printable ASCII text"),
    ({"timeout": 0}, "timeout takes a number of seconds above zero"),
    ({"timeout": "30"}, "timeout takes a number"),
    ({"timeout": True}, "timeout takes a number"),
    ({"timeout": float("inf")}, "timeout takes a number"),
    ({"timeout": float("nan")}, "timeout takes a number"),
    ({"token_store": 5}, "token_store has no get and no save and no delete"),
    ({"http_client": "x"}, "http_client takes an httpx.Client or an httpx.AsyncClient, not a str"),
    ({"http_client": httpx.Client}, "http_client takes an httpx.Client"),
    ({"httpx_args": 5}, "httpx_args takes a mapping"),
    ({"httpx_args": {"base_url": "https://x.example"}}, "httpx_args cannot hold base_url"),
    ({"httpx_args": {"timeout": 5}}, "httpx_args cannot hold timeout"),
    ({"httpx_args": {"proxys": "x"}}, "httpx_args has no 'proxys'; did you mean proxy?"),
    ({"httpx_args": {"trust_env": "no"}}, r"httpx_args\['trust_env'\] takes True or False"),
    ({"httpx_args": {"http2": 1}}, r"httpx_args\['http2'\] takes True or False"),
    ({"httpx_args": {"http1": False}}, r"httpx_args\['http1'\] and \['http2'\] are both off"),
    ({"httpx_args": {"limits": 10}}, r"httpx_args\['limits'\] takes an httpx.Limits"),
    ({"httpx_args": {"limits": httpx.Limits(max_connections=0)}}, "allows no connection at all"),
    ({"httpx_args": {"transport": "x"}}, r"httpx_args\['transport'\] takes a transport"),
    ({"httpx_args": {"transport": httpx.HTTPTransport}}, r"httpx_args\['transport'\] takes a transport"),
    (
        {"httpx_args": {"transport": httpx.HTTPTransport(), "proxy": "http://proxy.example:3128"}},
        "httpx_args has a transport and a proxy",
    ),
    ({"httpx_args": {"mounts": [1]}}, r"httpx_args\['mounts'\] takes a mapping, not a list"),
    ({"httpx_args": {"mounts": {"https": None}}}, "takes patterns such as 'https://'"),
    ({"httpx_args": {"mounts": {"https://": 5}}}, r"httpx_args\['mounts'\]\['https://'\] takes a transport"),
    ({"httpx_args": {"event_hooks": [print]}}, r"httpx_args\['event_hooks'\] takes a mapping, not a list"),
    ({"httpx_args": {"event_hooks": {"request": print}}}, r"\['event_hooks'\]\['request'\] takes a list"),
    ({"httpx_args": {"event_hooks": {"requests": []}}}, "has 'request' and 'response', no 'requests'"),
    ({"httpx_args": {"verify": 5}}, r"httpx_args\['verify'\] takes True, False or an ssl.SSLContext"),
    ({"httpx_args": {"cert": 5}}, r"httpx_args\['cert'\] takes a path"),
    ({"httpx_args": {"headers": {"X": None}}}, r"httpx_args\['headers'\] cannot be used"),
    ({"httpx_args": {"params": 5}}, r"httpx_args\['params'\] cannot be used"),
    ({"httpx_args": {"cookies": 5}}, r"httpx_args\['cookies'\] takes a mapping or a jar"),
    ({"httpx_args": {"auth": 5}}, "httpx_args cannot be used: TypeError"),
    ({"httpx_args": {"proxy": "nonsense"}}, r"httpx_args\['proxy'\] does not hold the address of a proxy"),
    ({"httpx_args": {"proxy": "ftp://x:21"}}, r"httpx_args\['proxy'\] does not hold the address of a proxy"),
    ({"httpx_args": {"verify": "/nowhere.pem"}}, r"httpx_args\['verify'\] cannot be used: No such file"),
    ({"httpx_args": {"cert": "/nowhere.pem"}}, r"httpx_args\['cert'\] cannot be used: No such file"),
]


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
@pytest.mark.parametrize(("options", "told"), SETTINGS, ids=lambda one: str(one)[:50])
def test_a_setting_that_cannot_be_used_is_refused_at_once(options: dict[str, Any], told: str) -> None:
    """By every constructor, and without the key that was given beside it."""
    variables = {"NOVAPOST_BASE_URL": "https://x.example", "NOVAPOST_API_KEY": KEY}
    beside: dict[str, Any] = {} if "api_key" in options else {"api_key": KEY}
    made = Client.sandbox()
    ways: list[Callable[[], Client]] = [
        lambda: Client("https://x.example", **beside, **options),
        lambda: Client.sandbox(**beside, **options),
        lambda: Client.production(**beside, **options),
        lambda: Client.from_env(variables, **options),
        lambda: made.with_options(**options),
    ]
    if "base_url" in options:
        ways = ways[1:3]
    for way in ways:
        with pytest.raises(sdk.UsageError, match=told) as caught:
            way()
        frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
        assert KEY not in str([frame.locals for frame in frames if "novapost_client" in frame.filename])
        assert KEY not in str(caught.value)


@pytest.mark.parametrize("timeout", [1, 0.5, None, httpx.Timeout(5)])
@pytest.mark.parametrize("retry", [None, Retry(5)])
def test_settings_that_can_be_used_are_taken(timeout: Any, retry: Retry | None) -> None:
    """The checks refuse nothing that works."""
    for environment in (None, "sandbox", "production"):
        client = Client(
            "https://x.example",
            timeout=timeout,
            retry=retry,
            limits=Limits(),
            headers=httpx.Headers({"X-A": " a "}),
            environment=environment,
            allow_insecure=False,
            credentials={"JWT": "a.b.c"},
            httpx_args={
                "trust_env": False,
                "event_hooks": {"request": []},
                "mounts": {"all://y.example": None},
            },
        )
        assert client.environment == environment


def test_an_environment_that_nobody_knows_is_refused() -> None:
    """Else the restriction to it would never hold, or always."""
    with pytest.raises(sdk.UsageError, match="there is no environment 'producton'; did you mean production"):
        Client("https://x.example", environment="producton")
    with pytest.raises(sdk.UsageError, match="environment takes text, not a int"):
        Client("https://x.example", environment=5)  # type: ignore[arg-type]
    with pytest.raises(sdk.UsageError, match=r"Client.sandbox\(\) has its environment already"):
        Client.sandbox(environment="production")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Retry(attempts="3"), r"Retry\(attempts\) takes a whole number"),  # type: ignore[arg-type]
        (lambda: Retry(attempts=2.5), r"Retry\(attempts\)"),  # type: ignore[arg-type]
        (lambda: Retry(first_wait=-1), r"Retry\(first_wait\) takes a number of seconds"),
        (lambda: Retry(longest_wait=float("inf")), r"Retry\(longest_wait\)"),
        (lambda: Retry(longest_retry_after=float("nan")), r"Retry\(longest_retry_after\)"),
        (lambda: Retry(statuses="503"), r"Retry\(statuses\)"),  # type: ignore[arg-type]
        (lambda: Retry(statuses={"503"}), r"Retry\(statuses\)"),  # type: ignore[arg-type]
        (lambda: Retry(sleep=5), "take functions"),  # type: ignore[arg-type]
        (lambda: Limits(max_body_bytes=0), r"Limits\(max_body_bytes\) takes a whole number from 1 on"),
        (lambda: Limits(max_redirects=-1), r"Limits\(max_redirects\)"),
    ],
)
def test_retries_and_limits_check_their_numbers(make: Callable[[], object], told: str) -> None:
    """A negative wait would be an error of time.sleep in the middle of a call."""
    with pytest.raises(sdk.UsageError, match=told):
        make()


VARIABLES = [
    ("HTTPS_PROXY", "nonsense", "HTTPS_PROXY does not hold the address of a proxy"),
    ("https_proxy", "http://", "https_proxy does not hold the address of a proxy"),
    ("ALL_PROXY", "ftp://proxy:21", "ALL_PROXY does not hold the address of a proxy"),
    ("HTTPS_PROXY", "http://proxy:99999", "HTTPS_PROXY does not hold the address of a proxy"),
    ("HTTP_PROXY", "http://[::1", "HTTP_PROXY does not hold the address of a proxy"),
    (
        "ALL_PROXY",
        "socks5://127.0.0.1:1080",
        r"ALL_PROXY names a SOCKS proxy, .* pip install 'httpx\[socks\]'",
    ),
    ("SSL_CERT_FILE", "/nowhere", "SSL_CERT_FILE names a file that is not there"),
    ("SSL_CERT_FILE", __file__, "SSL_CERT_FILE cannot be used"),
    ("SSL_CERT_DIR", "/nowhere", "SSL_CERT_DIR names a folder that is not there"),
    ("SSLKEYLOGFILE", "/nowhere/keys", "SSLKEYLOGFILE cannot be used: No such file or directory"),
    ("NOVAPOST_LOG", "loud", "NOVAPOST_LOG takes debug, info, warning, error"),
    ("NOVAPOST_ALLOW_INSECURE", "perhaps", "NOVAPOST_ALLOW_INSECURE takes 1 or 0"),
]


@pytest.mark.parametrize(("name", "value", "told"), VARIABLES)
def test_a_variable_that_cannot_be_used_is_named_at_once(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a client that is told to ignore the environment ignores it."""
    from novapost_client._runtime import transports

    monkeypatch.setattr(transports, "_has", lambda _: False)  # whatever happens to be installed
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(transports, "_has", lambda package: False)

    with pytest.raises(sdk.UsageError, match=told):
        Client.sandbox()
    if not name.startswith(("NOVAPOST", "SSLKEYLOGFILE")):
        assert Client.sandbox(httpx_args={"trust_env": False})


def test_http2_without_its_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that brings it."""
    monkeypatch.setattr(transports, "_has", lambda package: False)
    with pytest.raises(sdk.UsageError, match=r"httpx_args\['http2'\] needs .* pip install 'httpx\[http2\]'"):
        Client.sandbox(httpx_args={"http2": True})
    with pytest.raises(sdk.UsageError, match=r"httpx_args\['proxy'\] names a SOCKS proxy"):
        Client.sandbox(httpx_args={"proxy": "socks5://127.0.0.1:1"})


@pytest.mark.parametrize(
    ("address", "exceptions", "exempt"),
    [
        ("https://api.example", "", False),
        ("https://api.example", "*", True),
        ("https://api.example", "other, api.example", True),
        ("https://api.example", "other api.example", True),
        ("https://API.example.", "api.EXAMPLE", True),
        ("https://api.example", "example", True),
        ("https://api.example", ".example", True),
        ("https://api.example", "*.example", True),
        ("https://example", ".example", False),
        ("https://notexample", "example", False),
        ("https://api.example", "api.example:443", True),
        ("https://api.example", "api.example:8443", False),
        ("https://api.example:8443", "api.example:8443", True),
        ("https://api.example", "https://api.example", True),
        ("https://api.example", "http://api.example", False),
        ("https://api.example", "all://api.example", True),
        ("http://api.example", "all://example:80", True),
        ("https://10.1.2.3", "10.0.0.0/8", True),
        ("https://10.1.2.3", "10.1.2.3", True),
        ("https://10.1.2.3:8443", "10.1.2.3:8443", True),
        ("https://11.1.2.3", "10.0.0.0/8", False),
        ("https://[fd00::5]", "fd00::/8", True),
        ("https://[fd00::5]", "[fd00::5]", True),
        ("https://[fd00::5]:8443", "[fd00::5]:8443", True),
        ("https://[fd00::5]", "[fd00::5]:8443", False),
        ("https://[fd00::5]", "10.0.0.0/8,::1/128", False),
        ("https://api.example", "10.0.0.0/8,::1/128,/,:,[,]", False),
    ],
)
def test_no_proxy_is_read_as_people_write_it(address: str, exceptions: str, exempt: bool) -> None:
    """Hosts, domains, addresses and networks, with and without a port; what is none exempts nothing."""
    assert proxies.is_exempt(httpx.URL(address), exceptions) is exempt


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("no_proxy", ["", "localhost,::1/128"])
def test_no_proxy_of_the_environment_serves_this_machine(
    variable: str, no_proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call to a server here would leave with its key in clear; a proxy that is given is used."""
    with phone_server() as server, phone_server() as proxy:
        address = f"http://127.0.0.1:{proxy.server_address[1]}"
        monkeypatch.setenv(variable, address)
        monkeypatch.setenv("NO_PROXY", no_proxy)
        with Client(server.address, retry=None) as client:
            assert client.test_api_keys.create(phone=PHONE).api_key == key_of(PHONE)

            async def main() -> None:
                await client.aio.test_api_keys.create(phone=PHONE)
                await client.aclose()

            asyncio.run(main())
        assert (len(server.asked), proxy.accepted) == (2, 0)
        with Client(server.address, retry=None, httpx_args={"proxy": address}) as client:
            client.test_api_keys.create(phone=PHONE)
        assert [path for path, _ in proxy.asked] == [f"{server.address}/test-api-keys"]


def test_a_proxy_of_the_environment_serves_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless NO_PROXY exempts them; and whoever cannot reach it reads which variable named it."""
    with phone_server() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.server_address[1]}")
        with Client("http://mock.invalid", allow_insecure=True, retry=None) as client:
            client.test_api_keys.create(phone=PHONE)
        assert [path for path, _ in proxy.asked] == ["http://mock.invalid/test-api-keys"]
        monkeypatch.setenv("NO_PROXY", "mock.invalid")
        with (
            Client("http://mock.invalid", allow_insecure=True, retry=None) as client,
            pytest.raises(sdk.ConnectionFailedError),
        ):
            client.test_api_keys.create(phone=PHONE)
    monkeypatch.delenv("NO_PROXY")
    with (
        Client("http://mock.invalid", allow_insecure=True, retry=None) as client,
        pytest.raises(sdk.ConnectionFailedError, match="by the proxy of HTTP_PROXY"),
    ):
        client.test_api_keys.create(phone=PHONE)


def test_a_mount_without_a_transport_goes_past_the_proxy() -> None:
    """As httpx has it."""
    with phone_server() as server, phone_server() as proxy:
        arguments = {
            "proxy": f"http://127.0.0.1:{proxy.server_address[1]}",
            "mounts": {"all://127.0.0.1": None},
        }
        with Client(server.address, retry=None, httpx_args=arguments) as client:
            client.test_api_keys.create(phone=PHONE)
        assert (len(server.asked), proxy.accepted) == (1, 0)


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize(
    "error", [KeyError("mine"), ValueError("mine"), OSError("mine"), httpx.ReadError("mine")]
)
def test_what_a_hook_raises_is_told_as_the_hooks(how: str, error: Exception) -> None:
    """By the setting, the hook's name, and with its cause; not as a fault of the network."""
    calls: list[object] = []

    def count(response: httpx.Response) -> None:
        calls.append(response.status_code)

    def careless(response: httpx.Response) -> None:
        raise error

    arguments = {
        "transport": httpx.MockTransport(lambda _: httpx.Response(503)),
        "event_hooks": {"response": [count, careless]},
    }
    client = Client.sandbox(httpx_args=arguments)

    def call() -> None:
        if how == "sync":
            client.test_api_keys.create(phone=PHONE)
        else:
            asyncio.run(client.aio.test_api_keys.create(phone=PHONE))

    with pytest.raises(sdk.UsageError, match=r"\['event_hooks'\]\['response'\]: careless raised") as caught:
        call()

    assert calls == [503]
    assert type(caught.value.__cause__) is type(error)
    assert "mine" in str(caught.value.__cause__)


def test_a_hook_for_tasks_is_not_silently_skipped_by_threads() -> None:
    """It can only be awaited."""

    async def hook(request: httpx.Request) -> None:
        request.headers["X-Hook"] = "1"

    seen: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(503)

    arguments = {"transport": httpx.MockTransport(serve), "event_hooks": {"request": [hook]}}
    client = Client.sandbox(httpx_args=arguments)
    with pytest.raises(sdk.UsageError, match="hook raised TypeError"):
        client.test_api_keys.create(phone=PHONE)
    with pytest.raises(sdk.ServiceUnavailableError):
        asyncio.run(client.aio.test_api_keys.create(phone=PHONE))
    assert [request.headers["X-Hook"] for request in seen] == ["1"]


def test_a_client_of_the_callers_own_is_used_and_left_open() -> None:
    """With what it adds; its kind decides which side it serves."""
    with phone_server() as server, httpx.Client(headers={"X-Own": "1", "User-Agent": "own/1"}) as own:
        with Client(server.address, http_client=own) as client:
            client.test_api_keys.create(phone=PHONE)
            with pytest.raises(sdk.UsageError, match=r"http_client is an httpx\.Client; calls of `aio` need"):
                asyncio.run(client.aio.test_api_keys.create(phone=PHONE))
        assert not own.is_closed
        headers = dict(server.asked[0][1])
        assert (headers["x-own"], headers["user-agent"]) == ("1", "own/1")

        async def main() -> None:
            async with httpx.AsyncClient(follow_redirects=True) as other:
                client = Client(server.address, http_client=other)
                await client.aio.test_api_keys.create(phone=PHONE)
                await client.aclose()
                assert not other.is_closed
                with pytest.raises(sdk.UsageError, match=r"calls without await need an httpx\.Client"):
                    client.test_api_keys.create(phone=PHONE)

        asyncio.run(main())
    with pytest.raises(sdk.UsageError, match="http_client is closed"):
        Client(server.address, http_client=own)
    with httpx.Client() as own, pytest.raises(sdk.UsageError, match="exclude each other"):
        Client(server.address, http_client=own, httpx_args={"verify": False})


def test_a_variable_allows_plain_http_where_the_setting_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """For http://mock:8080 in compose; the error that refuses it names the variable."""
    with pytest.raises(sdk.InsecureAddressError, match="NOVAPOST_ALLOW_INSECURE=1"):
        Client("http://mock:8080")
    assert Client.from_env({"NOVAPOST_BASE_URL": "http://mock:8080", "NOVAPOST_ALLOW_INSECURE": "1"})
    monkeypatch.setenv("NOVAPOST_ALLOW_INSECURE", "true")
    assert Client("http://mock:8080").base_url == "http://mock:8080"
    with pytest.raises(sdk.InsecureAddressError):
        Client("http://mock:8080", allow_insecure=False)
    with pytest.raises(sdk.InsecureAddressError):
        Client.from_env({"NOVAPOST_BASE_URL": "http://mock:8080", "NOVAPOST_ALLOW_INSECURE": "0"})


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "NOVAPOST_BASE_URL is not set"),
        ({"NOVAPOST_BASE_URL": "nonsense"}, "NOVAPOST_BASE_URL: the base address must begin with https"),
        ({"NOVAPOST_BASE_URL": "https://x", "NOVAPOST_API_KEY": "k\n"}, "NOVAPOST_API_KEY is no printable"),
        ([("NOVAPOST_BASE_URL", "https://x")], "from_env takes a mapping of variables, not a list"),
    ],
)
def test_from_env_names_the_variable(variables: Any, told: str) -> None:
    """Whoever deploys a program reads the name of what they have set."""
    with pytest.raises(sdk.UsageError, match=told):
        Client.from_env(variables)


IMPOSSIBLE = (
    *(
        "a b",
        "a:99999",
        "a:0",
        "a%20b",
        "a<b>",
        "a..b",
        ".a",
        "..",
        "a\\x",
        "a_b!",
        "a*",
        "a'b",
        "\u200b",
    ),
    *(
        "xn--",
        "xn--a",
        "xn--\u00fc",
        "a\u3002\u3002b",
        "a" * 64,
        "a." * 127 + "a",
        "1.2.3.4.5",
        "999.1.1.1",
        "a.256",
    ),
)
POSSIBLE = (
    *("a", "a:65535", "[::1]:1", "b\u00fccher.example", "xn--bcher-kva.example", "a_b.example", "A.EXAMPLE."),
    *("127.1", "127.0.0.1", "4.example", "a" * 63, "a--b", "my_mock:8080"),
)


@pytest.mark.parametrize("place", IMPOSSIBLE)
def test_a_place_that_there_cannot_be_is_refused_when_the_client_is_made(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Httpx takes it, and each call would fail. The setting or variable is named, and no password shown."""
    with pytest.raises(sdk.UsageError, match=r"^base_url: the base address") as caught:
        Client(f"https://{place}/v1")
    assert "base_url: base_url" not in str(caught.value)
    with pytest.raises(sdk.UsageError, match=r"^NOVAPOST_BASE_URL: the base address"):
        Client.from_env({"NOVAPOST_BASE_URL": f"https://{place}"})
    with pytest.raises(sdk.UsageError, match=r"^base_url: the base address"):
        Client.sandbox().with_options(f"https://{place}")
    for proxy in (f"http://{place}", f"http://name:s3cret-word@{place}"):
        with pytest.raises(sdk.UsageError, match=r"^httpx_args\['proxy'\] ") as caught:
            Client.sandbox(httpx_args={"proxy": proxy})
        assert "s3cret" not in str(caught.value)
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(sdk.UsageError, match=r"^HTTPS_PROXY "):
            Client.sandbox()


@pytest.mark.parametrize("place", POSSIBLE)
def test_a_place_that_there_can_be_is_taken(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether there is one says the first call."""
    Client(f"https://{place}/%20 x")
    monkeypatch.setenv("HTTPS_PROXY", f"http://{place}")
    Client.sandbox()


@pytest.mark.parametrize(
    "address", [" https://a.example", "https://a.example ", "https://a.example/v1\u00a0"]
)
def test_an_address_has_no_blanks_around_it(address: str) -> None:
    """They come with a copy, and would be sent as a part of the path."""
    with pytest.raises(sdk.UsageError, match=r"^base_url: the base address"):
        Client(address)


def test_the_log_can_be_asked_for_by_a_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes to stderr where no logging is set up, and is left to the logging that is."""
    logger = logging.getLogger("novapost_client")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", logging.NOTSET)
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setenv("NOVAPOST_LOG", "Info")
    arguments = {"transport": httpx.MockTransport(lambda _: httpx.Response(404))}

    for _ in range(2):
        with pytest.raises(sdk.NotFoundError):
            Client.sandbox(httpx_args=arguments).test_api_keys.create(phone=PHONE)

    lines = capsys.readouterr().err.splitlines()
    assert [line.count("novapost_client INFO POST /test-api-keys -> 404") for line in lines] == [1, 1]
    assert len(logger.handlers) == 1


def test_a_certificate_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """SSL_CERT_FILE is heeded, as httpx does."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with phone_server(tls=context) as server:
        with Client(server.address, retry=None) as client, pytest.raises(sdk.ConnectionFailedError):
            client.test_api_keys.create(phone=PHONE)
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        with Client(server.address, retry=None) as client:
            assert client.test_api_keys.create(phone=PHONE).api_key == key_of(PHONE)


def test_a_proxy_is_told_by_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its variable, in which the scheme may be missing; or by the settings of the system."""
    address = httpx.URL("https://api.example")
    assert proxies.of_environment(address) is None

    with monkeypatch.context() as system:
        system.setattr(urllib.request, "getproxies", lambda: {"https": "http://proxy.example:1"})
        found = proxies.of_environment(address)
    assert found is not None
    assert (str(found[0].url), found[1]) == ("http://proxy.example:1", "the system's proxy for https")

    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    found = proxies.of_environment(address)
    assert found is not None
    assert (str(found[0].url), found[1]) == ("http://proxy.example:3128", "HTTPS_PROXY")
