"""The mock's own answers are held against its document."""

import json
from pathlib import Path

import pytest

import novapost_mock
from contract_tests.self_tests.mock.keys.requests import ask, mock_at, post, rejection
from novapost_mock.document.document import Document
from novapost_mock.keys.document import of_tree
from novapost_mock.schemas.violation import DocumentError
from scripts.lib.paths import EFFECTIVE


def test_the_embedded_document_is_the_one_of_the_project() -> None:
    """Two copies that drift apart would make the mock prove the wrong contract."""
    assert (Path(novapost_mock.__file__).parent / "effective.json").read_bytes() == EFFECTIVE.read_bytes()


def test_an_own_answer_that_breaks_the_document_becomes_a_500_that_says_so() -> None:
    """A stand-in that lies in silence is worse than none."""
    tree = json.loads(EFFECTIVE.read_bytes())
    tree["components"]["schemas"]["TestApiKeyResponse"]["properties"]["apiKey"]["minLength"] = 41
    document = of_tree(tree)

    reply = ask(mock_at(document=document))
    assert rejection(reply) == (
        500,
        "novapost-mock would break the document: createTestApiKey 200: apiKey: minLength",
    )
    assert ask(mock_at(document=document, verify_answers=False)).status == 200


def test_an_operation_of_another_form_answers_by_its_schema() -> None:
    """A document that only has the same path is not the one that the rules were written for."""
    tree = json.loads(EFFECTIVE.read_bytes())
    answer = tree["components"]["schemas"]["TestApiKeyResponse"]
    del answer["properties"]["expDate"]
    answer |= {"required": ["apiKey"], "additionalProperties": False}
    document = of_tree(tree)

    reply = ask(mock_at(document=document))

    assert reply.status == 200
    assert "expDate" not in reply.json()
    assert any("the rules answer otherwise" in str(note) for note in document.notes)


def test_an_own_answer_that_is_not_documented_becomes_a_500_that_says_so() -> None:
    """A status that nobody described is no answer."""
    tree = json.loads(EFFECTIVE.read_bytes())
    del tree["paths"]["/test-api-keys"]["post"]["responses"]["404"]
    document = of_tree(tree)

    reply = ask(mock_at(clients=(), document=document))
    assert rejection(reply) == (
        500,
        "novapost-mock would break the document: createTestApiKey 404: not documented",
    )


@pytest.mark.parametrize(
    ("documented", "status"),
    [("422", 422), ("4XX", 400), ("default", 400), ("404", 404), ("403", 403)],
)
@pytest.mark.parametrize("content", [b"\x00", b"{}", b'{"phone": "380501234567"}', b'{"phone": "+"}'])
def test_a_faulty_request_is_refused_with_what_the_document_has_for_it(
    documented: str, status: int, content: bytes
) -> None:
    """The whole document of the vendor refuses with 422 what its page refuses with 400."""
    tree = json.loads(EFFECTIVE.read_bytes())
    answers = tree["paths"]["/test-api-keys"]["post"]["responses"]
    bad, good = answers["400"], answers["200"]
    tree["paths"]["/test-api-keys"]["post"]["responses"] = {"200": good, documented: bad}

    reply = mock_at(document=of_tree(tree)).handle(post(content))

    assert reply.status == status
    assert "would break the document" not in reply.body.decode()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "OpenAPI 3.0 to 3.2"),
        (b'{"openapi": "2.0"}', "OpenAPI 3.0 to 3.2"),
        (b'{"openapi": "3.3.0"}', "OpenAPI 3.0 to 3.2"),
        (b'{"openapi": "3.0.0", "servers": [{"url": "http://[x/"}]}', "#/servers"),
    ],
)
def test_a_document_that_is_not_understood_is_refused_with_its_place(content: bytes, place: str) -> None:
    """Whoever starts the mock learns at once what is wrong with the document."""
    with pytest.raises(DocumentError, match=place):
        Document.from_bytes(content)
