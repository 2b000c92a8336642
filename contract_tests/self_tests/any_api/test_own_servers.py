"""Operations with servers of their own: what is asked of a target, and where?"""

from typing import Any

import pytest

from contract_tests.checks.document import Contract
from contract_tests.target.own_servers import with_own_places, without_other_hosts
from contract_tests.target.targets import Target

ANSWER = {"responses": {"204": {"description": "Done"}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Depot", "version": "1"},
    "servers": [{"url": "https://depot.example/v1"}],
    "paths": {
        "/items": {"get": ANSWER},
        "/files/{name}": {"servers": [{"url": "https://files.depot.example/up"}], "put": ANSWER},
        "/beta": {"get": {**ANSWER, "servers": [{"url": "/beta/v2"}]}},
        "/old": {"get": {**ANSWER, "servers": [{"url": "https://depot.example/v0/"}]}, "delete": ANSWER},
        "/login": {"servers": [{"url": "https://depot.example:443/auth"}], "post": ANSWER},
    },
}


def labels(document: dict[str, Any]) -> list[str]:
    """Return the operations of a document."""
    return [operation.label for operation in Contract(document).operations]


def placed(base_url: str) -> Target:
    """Return a target that knows where the operations of the document are."""
    templates = {operation.path: operation.template for operation in Contract(DOCUMENT).operations}
    return with_own_places(Target("url", base_url, None), DOCUMENT, templates)


@pytest.mark.parametrize("target", ["mock", "http://127.0.0.1:8080/v1/", "https://depot.example/v2/"])
def test_a_target_that_the_document_does_not_name_has_everything(target: str) -> None:
    """A mock, a gateway, a machine of the developer."""
    assert without_other_hosts(DOCUMENT, target) == (DOCUMENT, ())


def test_the_documents_own_server_is_not_asked_for_what_is_elsewhere() -> None:
    """404 from a host that never had an operation would be a false finding."""
    left, told = without_other_hosts(DOCUMENT, "https://depot.example/v1/")

    assert labels(left) == ["GET /items", "GET /beta", "GET /old", "DELETE /old", "POST /login"]
    assert told == (
        "#/paths/~1files~1{name}/servers has 1 operation elsewhere, not asked for;"
        " TARGET=https://files.depot.example/up has them",
    )


def test_another_server_of_the_document_is_asked_for_what_it_has() -> None:
    """The advice of the line above works."""
    left, told = without_other_hosts(DOCUMENT, "https://files.depot.example/up")

    assert labels(left) == ["PUT /files/{name}"]
    assert any(line.startswith("#/servers has 2 operations elsewhere") for line in told)


def test_a_path_is_asked_for_where_it_is() -> None:
    """Below the address of its own server, and found again by it."""
    target = placed("https://depot.example/v1/")

    for path, url in {
        "/items": "https://depot.example/v1/items",
        "/beta": "https://depot.example/beta/v2/beta",
        "/login": "https://depot.example:443/auth/login",
        "/old": "https://depot.example/v1/old",
    }.items():
        assert target.url(path) == url
        assert target.path_of(f"{url}?q=1") == path


def test_the_most_literal_path_says_where_it_is() -> None:
    """`/things/search` is no thing, in whatever order the document has them."""
    paths = {
        "/things/{id}": {"servers": [{"url": "https://depot.example/v2"}], "get": ANSWER},
        "/things/search": {"get": ANSWER},
    }
    document = {**DOCUMENT, "paths": paths}
    templates = {operation.path: operation.template for operation in Contract(document).operations}
    target = with_own_places(Target("url", "https://depot.example/v1/", None), document, templates)

    for path, url in {
        "/things/search": "https://depot.example/v1/things/search",
        "/things/7": "https://depot.example/v2/things/7",
    }.items():
        assert target.url(path) == url
        assert target.path_of(url) == path


def test_a_mock_is_asked_below_its_address() -> None:
    """Only what is relative has another place on the same host."""
    target = placed("http://127.0.0.1:8080/v1/")

    assert target.url("/files/a") == "http://127.0.0.1:8080/v1/files/a"
    assert target.url("/login") == "http://127.0.0.1:8080/v1/login"
    assert target.url("/beta?x=1") == "http://127.0.0.1:8080/beta/v2/beta?x=1"
