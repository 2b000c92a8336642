"""Which phones and which bodies get a key, and the error of all others."""

import json

import pytest

from contract_tests.self_tests.mock.keys.requests import PHONE, ask, fits, mock_at, post, rejection
from novapost_mock.messages import MAX_BODY


def test_an_unregistered_phone_gets_404() -> None:
    """Rule registered-phone."""
    reply = ask(mock_at(clients=()))

    assert rejection(reply) == (404, "Client not found")
    assert fits(reply)


def test_an_ambiguous_phone_gets_409() -> None:
    """Rule registered-phone: several clients match."""
    reply = ask(mock_at(clients={PHONE: 2}))

    assert rejection(reply) == (409, "Multiple matching clients found")
    assert fits(reply)


@pytest.mark.parametrize("phone", ["380501234567", "38012345"])
def test_a_ukrainian_phone_gets_400_even_when_unregistered(phone: str) -> None:
    """Rule ua-unsupported, in the order that we assume."""
    reply = ask(mock_at(), phone=phone)

    assert rejection(reply) == (400, "UA key generation is currently not supported")
    assert fits(reply)


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "+498213437654",
        "0498213437654",
        "4982134",
        "4982134376541234",
        "49 8213437654",
        "498213437654\n",
        "\n498213437654",
        "498213437654\u0000",
        "٤٩٨٢١٣٤٣٧٦٥٤",
        "\uff14\uff1982134376",
        "\ud800",
        "49821343765\udfff",
        498213437654,
        True,
        None,
        [PHONE],
        {"phone": PHONE},
        1e300,
    ],
    ids=ascii,
)
def test_a_malformed_phone_gets_400(phone: object) -> None:
    """Rule phone-format: `$` that forgives a line break and digits of other scripts are the classic leaks."""
    reply = mock_at().handle(post(json.dumps({"phone": phone}).encode()))

    assert rejection(reply) == (400, "Invalid phone format")
    assert fits(reply)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "Request body is empty"),
        (b" \r\n", "Request body is empty"),
        (b"{}", "Missing required parameter: phone"),
        (b'{"Phone": "498213437654"}', "Missing required parameter: phone"),
        (b'{"phone": "498213437654", "name": 1}', "Unexpected parameter: name"),
        (b'{"phone": "498213437654", "49821343": 1}', "Unexpected parameter: name not shown"),
        (b'{"phone": "1", "name": 1}', "Invalid phone format"),
        (b'{"phone": "498213437654", "\\ud800": 1}', "Unexpected parameter: name not shown"),
        (b"[]", "Request body must be a JSON object"),
        (b"null", "Request body must be a JSON object"),
        (b"true", "Request body must be a JSON object"),
        (b"1", "Request body must be a JSON object"),
        (b'"498213437654"', "Request body must be a JSON object"),
        (b"{", "Request body is not valid JSON"),
        (b"phone=498213437654", "Request body is not valid JSON"),
        (b"NaN", "Request body is not valid JSON"),
        (b'{"phone": -Infinity}', "Request body is not valid JSON"),
        (b'{"phone": ' + b"9" * 5000 + b"}", "Request body is not valid JSON"),
        (b'{"phone": 1e999}', "Request body holds a number that is out of range"),
        (b'{"phone": "498213437654", "phone": "498213437654"}', "Request body names a property twice"),
        (b"\xff\xfe{}", "Request body is not UTF-8"),
        (json.dumps({"phone": PHONE}).encode("utf-16"), "Request body is not UTF-8"),
        (b"[" * 65 + b"]" * 65, "Request body nests deeper than 64 levels"),
        (b"[" * 60000, "Request body nests deeper than 64 levels"),
        (b'{"a":' * 10000 + b"1" + b"}" * 10000, "Request body nests deeper than 64 levels"),
        (b" " * (MAX_BODY + 1), "Request body is larger than 65536 bytes"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_body_that_cannot_be_read_gets_400_with_a_reason(body: bytes, text: str) -> None:
    """A 500 here would send people looking for the fault in the wrong place."""
    reply = mock_at().handle(post(body))

    assert rejection(reply) == (400, text)
    assert fits(reply)


def test_a_body_of_exactly_the_limit_is_read() -> None:
    """The limit is 64 KiB and not one byte less."""
    body = json.dumps({"phone": PHONE}).encode().ljust(MAX_BODY)

    assert mock_at().handle(post(body)).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("content-type", "application/json")], 200),
        ([("CONTENT-TYPE", "Application/JSON ; charset=utf-8")], 200),
        ([("Content-Type", "text/plain")], 400),
        ([("Content-Type", "application/x-www-form-urlencoded")], 400),
        ([("Content-Type", "application/json"), ("Content-Type", "text/plain")], 400),
        ([("Accept", "application/json")], 400),
    ],
)
def test_only_a_body_declared_as_json_is_read(headers: list[tuple[str, str]], status: int) -> None:
    """The document names one content type."""
    reply = mock_at().handle(post(json.dumps({"phone": PHONE}).encode(), *headers))

    assert reply.status == status
    assert fits(reply)
