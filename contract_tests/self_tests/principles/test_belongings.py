"""What belongs to one client is found in the answer to another, in any form, and nothing else is."""

import base64
import json
import secrets
from collections.abc import Callable
from urllib.parse import quote

import pytest

from contract_tests.principles import belongings
from contract_tests.principles.belongings import Belongings
from contract_tests.target.exchange import Received

KEY = "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2"
JWT = ".".join(
    base64.urlsafe_b64encode(part).rstrip(b"=").decode()
    for part in (b'{"alg":"HS256"}', b'{"sub":"client","n":12345678}', b"0123456789abcdefghijklmnopqrstuv")
)
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "in capitals": str.upper,
    "its first 36 characters": lambda text: text[:36],
    "a piece of it": lambda text: text[9:25],
    "percent-encoded": lambda text: "".join(f"%{ord(c):02x}" for c in text),
    "half percent-encoded": lambda text: quote(text[:20]) + "".join(f"%{ord(c):02x}" for c in text[20:]),
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 for addresses": lambda text: base64.urlsafe_b64encode(f"x{text}".encode()).decode(),
    "in hexadecimal digits": lambda text: text.encode().hex(),
    "escaped": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
}


def body(text: str) -> Received:
    return Received(404, {}, text.encode())


@pytest.fixture
def known() -> Belongings:
    known = Belongings()
    assert known.give(KEY, "one") is None
    assert known.give(JWT, "one") is None
    known.name("447700900123")
    return known


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [KEY, JWT], ids=["key", "jwt"])
def test_a_secret_is_found_in_every_form(form: str, secret: str, known: Belongings) -> None:
    """A list of forms that a check knows is a list of forms that a leak can avoid; this one is of views."""
    if secret == JWT and form in ("its first 36 characters", "a piece of it"):
        pytest.skip("the first part of a JWT is the same in all of them")
    shown = f'{{"errors": ["no: {FORMS[form](secret)}"]}}'

    assert [*known.shown(body(shown), "two", None)] != []
    assert [*known.shown(Received(200, {"x-cache": FORMS[form](secret)}, b"{}"), "two", None)] != []
    assert known.shows_own(body(shown), "one") != ""


def test_ones_own_secret_is_no_leak(known: Belongings) -> None:
    assert [*known.shown(body(json.dumps({"apiKey": KEY})), "one", "447700900123")] == []


@pytest.mark.parametrize("shown", ["447700900123", "+44 7700 900123", "(44) 7700-900-123", "+447700900123."])
def test_a_number_is_found_as_people_write_it(shown: str, known: Belongings) -> None:
    assert [*known.shown(body(f"not {shown} but"), "two", "493023125001")] == [
        "the number of a client that was not named stands in the body"
    ]
    assert [*known.shown(body(f"not {shown} but"), "one", "447700900123")] == []


def test_a_number_within_a_longer_word_is_chance(known: Belongings) -> None:
    assert [*known.shown(body("a447700900123b 9447700900123"), "two", None)] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_in_a_header_is_found(form: str, known: Belongings) -> None:
    """Headers end in the logs of every proxy; an address for the next call is another matter."""
    shown, body_ = FORMS[form](KEY), json.dumps({"apiKey": KEY}).encode()

    assert known.header_that_shows_own(Received(200, {"set-cookie": f"k={shown}"}, body_), "one") != ""
    assert known.header_that_shows_own(Received(200, {"link": f"<?apiKey={shown}>"}, body_), "one") == ""
    assert known.header_that_shows_own(Received(200, {"set-cookie": "lb=node-1"}, body_), "one") == ""


def test_random_answers_show_nobody() -> None:
    """A thousand honest keys beside each other raise no alarm."""
    known = Belongings()
    for number in range(1000):
        key = secrets.token_hex(20)
        known.name(f"4477{number:08}")
        assert known.give(key, str(number)) is None
        answer = json.dumps({"apiKey": key, "createdAt": "2026-01-02T03:04:05.123456Z"})
        assert [
            *known.shown(Received(200, {"date": "Fri, 02 Jan"}, answer.encode()), str(number), None)
        ] == []


def test_one_secret_for_two_clients_is_told_until_the_target_begins_anew(known: Belongings) -> None:
    """After a reset an unmodified target may make the same keys in the same order."""
    assert known.give(KEY, "two") == "one"

    known.begin()

    assert known.give(KEY, "two") is None
    assert [*known.shown(body(KEY), "two", None)] == []
    assert [*known.shown(body(KEY), "one", None)] != []


def test_moments_that_tokens_have_in_common_are_no_secret() -> None:
    """A token may begin when another one ended; only what proves a token is worth keeping."""
    known = Belongings()
    for number in range(200):
        begun = 1_773_135_000 + 60 * number
        claims = json.dumps({"exp": begun + 3600, "jti": secrets.token_hex(9), "iat": begun})
        parts = (b'{"alg":"RS256"}', claims.encode(), secrets.token_bytes(32))
        jwt = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
        assert known.give(jwt, str(number)) is None
        assert [*known.shown(Received(200, {}, json.dumps({"jwt": jwt}).encode()), str(number), None)] == []


def test_what_was_given_long_ago_is_forgotten_unless_it_is_given_again(
    known: Belongings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long campaign needs no more memory than a short one, and still knows what is in use."""
    monkeypatch.setattr(belongings, "MOST", 3)
    other = secrets.token_hex(20)
    known.give(other, "one")
    known.give(KEY, "one")
    for _ in range(2):
        known.give(secrets.token_hex(20), "one")

    assert known.owner(other) is None
    assert not list(known.shown(body(other), "two", None))
    assert known.owner(KEY) == "one"
    assert list(known.shown(body(KEY), "two", None))


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("12345678", True),
        ("1234567", False),
        ("19991231", False),
        ("20260310", False),
        ("21991231", True),
        ("199912310", True),
        ("4477009001ab", False),
        ("٤٤٧٧٠٠٩٠٠", False),
    ],
)
def test_a_number_is_remembered_from_eight_digits_on_unless_it_is_a_date(name: str, is_known: bool) -> None:
    """Shorter ones, and dates, stand in many answers."""
    known = Belongings()
    known.name(name)

    assert [*known.shown(body(f"not {name} but"), "two", None)] == (
        ["the number of a client that was not named stands in the body"] if is_known else []
    )


@pytest.mark.parametrize(("length", "is_found"), [(14, True), (13, None), (11, False)])
def test_a_piece_of_fourteen_characters_is_always_found_and_one_of_eleven_never(
    length: int, is_found: bool | None, known: Belongings
) -> None:
    """Wherever it is cut out of the secret."""
    pieces = [KEY[at : at + length] for at in range(len(KEY) - length + 1)]
    found = {known.shows_own(body(f"no: {piece}"), "one") != "" for piece in pieces}

    assert found == ({True, False} if is_found is None else {is_found})


def test_a_secret_of_sixteen_characters_is_remembered_and_a_shorter_one_is_not() -> None:
    """What is shorter may be a word."""
    known = Belongings()

    assert known.give(KEY[:16], "one") is None
    assert known.give(KEY[:16], "two") == "one"
    assert known.give(KEY[20:35], "one") is None
    assert known.give(KEY[20:35], "two") is None
