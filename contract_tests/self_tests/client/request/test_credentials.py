"""Does each credential go where the document has it, and only there?"""

from typing import Any

import pytest

from scripts.runtime.answers import Answers
from scripts.runtime.calls import Call, Prepared
from scripts.runtime.credentials import Credentials
from scripts.runtime.errors import UsageError
from scripts.runtime.operations import Operation, Scheme, Table, TokenSource
from scripts.runtime.redaction import Hidden
from scripts.runtime.scalars import TEXT
from scripts.runtime.values import UNSET

SCHEMES = {
    "head": Scheme("header", "X-Key"),
    "query": Scheme("query", "a key"),
    "cookie": Scheme("cookie", "session"),
    "bearer": Scheme("header", "Authorization", "bearer"),
    "basic": Scheme("header", "Authorization", "basic"),
}
SOURCE = TokenSource(scheme="bearer", operation="ask", parameter="apiKey", field="jwt")


def credentials(*schemes: str, source: TokenSource | None = None, **settings: Any) -> Credentials:
    """Return the credentials of a client of a document with these schemes."""
    table = Table(
        package="depot",
        prefix="DEPOT_",
        servers=(),
        schemes={name: SCHEMES[name] for name in schemes},
        token=source,
        operations=(),
    )
    return Credentials(table, Hidden(settings))


def sent(given: Credentials, *need: str, target: str = "/x", **headers: str) -> Prepared:
    """Return a request with the credentials that are needed."""
    prepared = Prepared(target, headers, None, None, frozenset())
    assert given.apply(need, prepared) is False
    return prepared


@pytest.mark.parametrize(
    ("scheme", "target", "headers"),
    [
        ("head", "/x", {"X-Key": "k;1 "}),
        ("query", "/x?a%20key=k%3B1%20", {}),
        ("cookie", "/x", {"Cookie": "session=k%3B1%20"}),
        ("bearer", "/x", {"Authorization": "Bearer k;1 "}),
        ("basic", "/x", {"Authorization": "Basic azsxIA=="}),
    ],
)
def test_a_credential_goes_where_its_scheme_says(scheme: str, target: str, headers: dict[str, str]) -> None:
    """And is a secret in each form in which a server may tell it back."""
    request = sent(credentials(scheme, credentials={scheme: "k;1 "}), scheme)

    assert (request.target, request.headers) == (target, headers)
    assert {"k;1 ", "k%3B1%20"} <= request.secrets
    assert set(headers.values()) - {"session=k%3B1%20"} <= request.secrets | {"session=k%3B1%20"}


def test_a_credential_stands_beside_what_is_there() -> None:
    """A query and cookies of the call itself are kept."""
    both = credentials("query", "cookie", credentials={"query": "q", "cookie": "c"})

    request = sent(both, "query", "cookie", target="/x?a=1", Cookie="b=2")

    assert (request.target, request.headers["Cookie"]) == ("/x?a=1&a%20key=q", "b=2; session=c")


@pytest.mark.parametrize(
    ("schemes", "setting", "scheme"),
    [
        (("head", "bearer"), "api_key", "head"),
        (("head", "bearer"), "token", "bearer"),
        (("bearer",), "api_key", "bearer"),
        (("head",), "token", "head"),
    ],
)
def test_a_key_and_a_token_find_their_scheme(schemes: tuple[str, ...], setting: str, scheme: str) -> None:
    """A key is sent as it is, a token as RFC 6750 has it; of one scheme both are."""
    settings: dict[str, Any] = {setting: "k"}
    given = credentials(*schemes, **settings)

    assert given.choose(Operation("x", "GET", "/x", security=((scheme,),))) == (scheme,)
    assert all(
        given.choose(Operation("x", "GET", "/x", security=((other,),))) is None
        for other in set(schemes) - {scheme}
    )


@pytest.mark.parametrize(("schemes", "number"), [(("head", "query"), 2), ((), 0)])
def test_a_key_that_fits_several_schemes_or_none_is_refused(schemes: tuple[str, ...], number: int) -> None:
    """Nobody guesses."""
    with pytest.raises(UsageError, match=f"^api_key fits {number} schemes"):
        credentials(*schemes, api_key="k")


def test_a_key_may_have_any_letter_only_where_it_stands_in_an_address() -> None:
    """A key that buys a token does; any other one may travel in a header."""
    assert credentials("bearer", source=SOURCE, api_key="ключ").key == "ключ"
    with pytest.raises(UsageError, match="api_key is no printable ASCII text"):
        credentials("head", api_key="ключ")


def test_what_needs_nothing_is_taken_last() -> None:
    """A credential that is there is sent."""
    free_or_not = Operation("x", "GET", "/x", security=((), ("head", "query"), ("head",)))

    assert credentials("head", "query", credentials={"head": "k"}).choose(free_or_not) == ("head",)
    assert credentials("head", "query").choose(free_or_not) == ()


def test_credentials_are_equal_by_what_they_hold() -> None:
    """A copy of a client shares the token of its origin then."""
    one = credentials("head", api_key="k")

    assert one == credentials("head", api_key="k")
    assert one != credentials("head", api_key="other")
    assert one != credentials("head", "query", credentials={"query": "k"})
    assert one != "k"
    assert hash(one) == hash(credentials("head", api_key="k"))
    assert "k" not in repr(one).removeprefix("<credentials ")


ASK = Operation("ask", "GET", "/ask")


def call(operation: Operation, *query: tuple[str, Any]) -> Call[Any]:
    """Return a call with these parameters."""
    return Call(operation, Answers(), query=[(name, TEXT, value) for name, value in query])


@pytest.mark.parametrize("left_out", [None, UNSET])
def test_the_call_for_a_token_has_the_clients_own_key(left_out: Any) -> None:
    """Where the caller has left it out; the other parameters stay as they are."""
    own = credentials("bearer", source=SOURCE, api_key="k")

    completed = own.completed(call(ASK, ("lang", left_out), ("apiKey", left_out), ("x", "y")))
    assert [(name, value) for name, _, value in completed.query] == [
        ("lang", left_out),
        ("apiKey", "k"),
        ("x", "y"),
    ]
    given = own.completed(call(ASK, ("apiKey", "other")))
    assert [value for _, _, value in given.query] == ["other"]
    with pytest.raises(
        UsageError, match=r"^apiKey is needed: give it to the call, or api_key to the client$"
    ):
        credentials("bearer", source=SOURCE).completed(call(ASK, ("apiKey", left_out)))


def test_other_calls_get_no_key() -> None:
    """Not those of other operations, nor any where the document has no call for a token."""
    other = call(Operation("other", "GET", "/other"), ("apiKey", None))

    assert credentials("bearer", source=SOURCE, api_key="k").completed(other) is other
    asked = call(ASK, ("apiKey", None))
    assert credentials("head", api_key="k").completed(asked) is asked


def test_a_token_is_obtained_for_its_own_scheme_alone() -> None:
    """With a key, and unless a token was given."""
    for_token, for_head = (Operation("x", "GET", "/x", security=((name,),)) for name in ("bearer", "head"))
    own = credentials("bearer", "head", source=SOURCE, api_key="k")

    assert (own.can_obtain, own.choose(for_token), own.choose(for_head)) == (True, ("bearer",), None)
    assert credentials("bearer", source=SOURCE).can_obtain is False
    assert credentials("bearer", source=SOURCE).choose(for_token) is None
    given = credentials("bearer", source=SOURCE, api_key="k", token="t.o.k")
    assert (given.can_obtain, given.choose(for_token)) == (False, ("bearer",))


@pytest.mark.parametrize("need", [("bearer", "head"), ("head", "bearer")])
def test_what_is_given_is_sent_beside_a_token_that_is_obtained(need: tuple[str, ...]) -> None:
    """In whichever order the document names them."""
    own = credentials("bearer", "head", source=SOURCE, api_key="k", credentials={"head": "h"})
    prepared = Prepared("/x", {}, None, None, frozenset())

    assert own.apply(need, prepared) is True
    assert prepared.headers == {"X-Key": "h"}


def test_a_token_belongs_to_the_scheme_that_can_obtain_one() -> None:
    """Even where another scheme has the form of a token, too."""
    schemes = {"one": Scheme("header", "A", "bearer"), "two": Scheme("header", "B", "bearer")}
    source = TokenSource(scheme="two", operation="ask", parameter="apiKey", field="jwt")
    table = Table(package="depot", prefix="DEPOT_", servers=(), schemes=schemes, token=source, operations=())

    given = Credentials(table, Hidden({"token": "t"}))
    assert given.choose(Operation("x", "GET", "/x", security=(("one",),))) is None
    assert given.choose(Operation("x", "GET", "/x", security=(("two",),))) == ("two",)
    named = Credentials(table, Hidden({"token": "t", "credentials": {"two": "named"}}))
    prepared = Prepared("/x", {}, None, None, frozenset())
    named.apply(("two",), prepared)
    assert prepared.headers == {"B": "Bearer named"}


def test_a_server_may_repeat_a_credential_in_any_form() -> None:
    """Alone, encoded, and with the word in front of it: all of them are masked."""
    request = sent(
        credentials("bearer", "basic", credentials={"bearer": "b=1", "basic": "u:p"}), "bearer", "basic"
    )

    assert request.secrets == {"b=1", "b%3D1", "Bearer b=1", "u:p", "u%3Ap", "Basic dTpw"}
