"""Where do requests go: to a host and a port that there can be, and to a path that no value can leave?"""

import re
import string
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.runtime import addresses
from scripts.runtime.errors import EnvironmentMismatchError, InsecureAddressError, UsageError
from scripts.runtime.operations import Operation, Server
from scripts.runtime.values import Encoded

NAME_OF_253 = ".".join(["a" * 63] * 3 + ["b" * 61])
DEPOT = (
    Server("sandbox", "https://depot.example/test"),
    Server("preview", "https://depot.example/test/next/"),
    Server("production", "https://DEPOT.example./"),
    Server("", "https://depot.example/test/next/unnamed"),
    Server("other", "https://other.example/test"),
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://depot.example", "https://depot.example"),
        ("HTTPS://Depot.Example/", "https://depot.example"),
        ("https://depot.example/v1//", "https://depot.example/v1"),
        ("https://depot.example:443/v1", "https://depot.example/v1"),
        ("https://depot.example.", "https://depot.example."),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://a_b-c.example:1", "https://a_b-c.example:1"),
        ("https://depot:65535", "https://depot:65535"),
        (f"https://{'a' * 63}.b", f"https://{'a' * 63}.b"),
        (f"https://{NAME_OF_253}.", f"https://{NAME_OF_253}."),
        ("https://192.0.2.1", "https://192.0.2.1"),
        ("https://192.0.2.1.", "https://192.0.2.1."),
        ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
    ],
)
def test_an_address_is_taken_without_the_slash_at_its_end(text: str, address: str) -> None:
    """Whatever else a host, a port and a path can be."""
    assert addresses.base_address(text, allow_insecure=False) == address


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        *(
            ("is no address", text)
            for text in (
                None,
                5,
                "https://a:b",
                "https://[::1",
                "https://a\n",
                "https://a/\ud800",
                "https://ü..a",
            )
        ),
        *(
            ("must begin with https:// and name a host", text)
            for text in ("", "/v1", "depot.example", "ftp://a", "https://", "https:///v1", "http:a")
        ),
        *(
            ("names no host and port that there can be", text)
            for text in (
                *("https://a ", "https://a b", "https://a%20b", "https://*.a", "https://a..b", "https://.a"),
                *("https://a:0", "https://a:65536", "https://a.1", "https://xn--a", f"https://{'a' * 64}.b"),
                *(f"https://{NAME_OF_253}bb", f"https://{NAME_OF_253}b."),
            )
        ),
        *(
            ("must not hold a user, a query or a fragment", text)
            for text in ("https://me@a", "https://a?b=1", "https://a?", "https://a#b", "https://a/v1#")
        ),
    ],
)
def test_an_address_that_no_path_can_follow_is_refused_with_the_reason(reason: str, text: Any) -> None:
    """The error names the setting. It does not show the text, which may hold a password."""
    with pytest.raises(UsageError, match=rf"^MY_URL: the base address {reason}$"):
        addresses.base_address(text, allow_insecure=False, setting="MY_URL")


@pytest.mark.parametrize("host", ["depot.example", "192.0.2.1", "[2001:db8::1]", "[::]"])
def test_plain_http_to_another_machine_has_to_be_allowed(host: str) -> None:
    """The error names the variable that allows it."""
    with pytest.raises(InsecureAddressError, match="or DEPOT_ALLOW_INSECURE=1"):
        addresses.base_address(f"http://{host}", allow_insecure=False, prefix="DEPOT_")
    assert addresses.base_address(f"http://{host}", allow_insecure=True) == f"http://{host}"


@pytest.mark.parametrize("host", ["localhost", "api.localhost.", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_plain_http_to_this_machine_is_fine(host: str) -> None:
    """Nobody else hears it (RFC 6761, section 6.3)."""
    assert addresses.is_loopback(host)
    assert addresses.base_address(f"http://{host}:80", allow_insecure=False) == f"http://{host}"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a/x", "https://A.:443/y", True),
        ("http://a", "http://a:80", True),
        ("https://a:8443", "https://a:8443/", True),
        *(("https://a", f"https://a:{port}", False) for port in (80, 442, 444)),
        *(("http://a", f"http://a:{port}", False) for port in (79, 81, 443)),
        ("https://a", "http://a", False),
        ("https://a:80", "http://a", False),
        ("https://a", "https://b", False),
        ("https://a", "https://b.a", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, same: bool) -> None:
    """RFC 6454; the default port is the one that is not written."""
    assert addresses.same_origin(httpx.URL(one), httpx.URL(other)) is same


@pytest.mark.parametrize(
    ("base", "environments"),
    [
        ("https://depot.example/test", {"sandbox"}),
        ("https://depot.example/test/", {"sandbox"}),
        ("https://Depot.Example./test/v2", {"sandbox"}),
        ("http://depot.example:8080/test", {"sandbox"}),
        ("https://depot.example/test/next/v2", {"preview"}),
        ("https://depot.example/test/next/unnamed", {"preview"}),
        # A path that only begins alike is another path.
        ("https://depot.example/testing", {"production"}),
        ("https://depot.example", {"production"}),
        ("https://other.example/test", {"other"}),
        # No path fits: it may be any environment of this host.
        ("https://other.example/v2", {"other"}),
        ("https://unknown.example/test", set()),
    ],
)
def test_an_address_belongs_to_the_environment_with_the_longest_path(
    base: str, environments: set[str]
) -> None:
    """Where environments share a host; scheme and port do not matter."""
    assert addresses.environments_of(base, DEPOT) == environments


OWN = (Server("", "https://files.example/up/"), Server("production", "https://print.example"))


@pytest.mark.parametrize(
    ("own", "base", "address"),
    [
        ((), "https://depot.example/test", "https://depot.example/test"),
        # The server of the client's environment comes before one without a name, wherever it stands.
        (OWN, "https://depot.example", "https://print.example"),
        (OWN, "https://depot.example/test", "https://files.example/up"),
        # A client with an address of its own sends everything there.
        *((OWN, base, base) for base in ("http://127.0.0.1:8080/v1", "https://depot.example/v2")),
        *((OWN, base, base) for base in ("https://depot.example:8443", "http://depot.example")),
        # A relative address is on the same host, and may have a colon.
        ((Server("", "/beta:/x"),), "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/beta:/x"),
        ((Server("", "beta/"),), "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/beta"),
        ((*OWN, Server("", "/beta")), "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/beta"),
        ((Server("", "/beta"),), "https://depot.example/test", "https://depot.example/beta"),
    ],
)
def test_an_operations_own_server_holds_for_the_documents_address(
    own: tuple[Server, ...], base: str, address: str
) -> None:
    """And for no other address."""
    operation = Operation("labels", "GET", "/labels", servers=own)

    assert addresses.address_of(operation, base, DEPOT) == address


def test_an_operation_of_other_environments_is_refused_by_their_names() -> None:
    """It has no address here, so a client has none to send credentials to."""
    own = Server("production", "https://b.example"), Server("preview", "https://a.example")
    operation = Operation("pay", "POST", "/pay", servers=own)
    free = Operation("labels", "GET", "/labels", servers=OWN)
    base = "https://depot.example/test"

    with pytest.raises(
        EnvironmentMismatchError, match=f"exists only in preview and production, and {base} is sandbox$"
    ):
        addresses.address_of(operation, base, DEPOT)
    assert addresses.own_addresses([operation, free, Operation("items", "GET", "/")], base, DEPOT) == {
        "https://files.example/up"
    }


WORDS = st.text(string.printable + "äß€/\\%?#.", min_size=1)


@settings(max_examples=30)
@given(WORDS, WORDS)
def test_a_value_stays_within_its_segment(one: str, other: str) -> None:
    """A server finds each value where the document has its name."""
    try:
        path = addresses.filled("/keys/{a}-{b_2}/fixed.", {"a": one, "b_2": other})
    except UsageError:
        pytest.fail("a segment with a fixed sign is no direction")

    assert httpx.URL(f"https://a{path}").path == f"/keys/{one}-{other}/fixed."
    assert re.fullmatch(r"/keys/[^/?#]+/fixed\.", path)


@pytest.mark.parametrize(
    ("template", "values", "path"),
    [
        ("/keys", {}, "/keys"),
        ("/keys/{a}", {"a": "x/y z"}, "/keys/x%2Fy%20z"),
        ("/keys/{a}", {"a": Encoded("x/y,z")}, "/keys/x/y,z"),
        ("/keys/{a}", {"a": "..."}, "/keys/..."),
        ("/keys/{a}/{b}", {"a": "1", "b": "2"}, "/keys/1/2"),
    ],
)
def test_a_path_is_filled_by_name(template: str, values: dict[str, str], path: str) -> None:
    """A value that the client encoded before is taken as it is."""
    assert addresses.filled(template, values) == path


@pytest.mark.parametrize(
    ("template", "values", "message"),
    [
        ("/keys/{a}", {}, "the path needs a value for a"),
        ("/keys/{a}", {"a": ""}, "the path needs a value for a"),
        ("/keys/{a}{b}", {"a": "1"}, "the path needs a value for b"),
        *(
            (template, {"a": value}, "the value for a would leave its place in the path")
            for template, value in (("/keys/{a}", "."), ("/keys/{a}/x", ".."), ("/keys/.{a}", "."))
        ),
        ("/keys/{a}", {"a": Encoded("%2e%2E")}, "the value for a would leave its place in the path"),
        ("/keys/{a}{b}", {"a": "1", "b": "\ud800"}, "the value for a is no text that can be sent"),
    ],
)
def test_a_value_that_changes_the_path_is_refused(
    template: str, values: dict[str, str], message: str
) -> None:
    """Missing, empty, a direction to another segment, or no text."""
    with pytest.raises(UsageError, match=f"^{message}$"):
        addresses.filled(template, values)
