"""Is a secret known by its name and by its shape, and everything else left readable?"""

import asyncio
import copy
import logging
import pickle
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts.runtime import errors
from scripts.runtime.redaction import (
    MASK,
    Hidden,
    QuietAddresses,
    looks_secret,
    masked_address,
    one_line,
    own_call,
    redact,
)


@pytest.mark.parametrize(
    "name",
    [
        *("apiKey", "api_key", "X-API-Key", "APIKEY", "phone", "phoneNumber", "jwt", "accessToken"),
        *("Authorization", "client_secret", "password", "Set-Cookie", "mobile", "newPIN"),
    ],
)
def test_a_secret_is_known_by_its_name(name: str) -> None:
    """However it is spelled."""
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name", ["keyboard", "status", "tokenizer", "pinned", "monkey", "createdAt", "", "phonetic"]
)
def test_what_only_sounds_like_one_is_none(name: str) -> None:
    """Words are compared, not letters."""
    assert not looks_secret(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("phone 4915228817386 unknown", f"phone {MASK} unknown"),
        ("+49 and +4915228817386", f"+49 and {MASK}"),
        ("key 99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2.", f"key {MASK}."),
        ("token eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.c2ln!", f"token {MASK}!"),
        ("on 2026-01-02T10:00:00Z, 1234567 parcels", "on 2026-01-02T10:00:00Z, 1234567 parcels"),
        ("s3cr3t and s3cr3t-longer", f"{MASK} and {MASK}"),
        ("abc", "abc"),
        # The bound: eight digits are the shortest phone in use, seven are none.
        ("phone 12345678 unknown", f"phone {MASK} unknown"),
        ("phone +12345678", f"phone {MASK}"),
        ("parcel 1234567", "parcel 1234567"),
        # Keys: 24 hexadecimal digits are one, 23 are none.
        (f"key {'a1' * 12}", f"key {MASK}"),
        (f"key {'a1' * 11}a", f"key {'a1' * 11}a"),
        # Written for people, in the forms that they use.
        ("call +49 152 2881-7386 now", f"call {MASK} now"),
        ("call +49 (0)152.28817386", f"call {MASK}"),
        ("2026-01-02 10:00:00+02:00, +1 day", "2026-01-02 10:00:00+02:00, +1 day"),
    ],
)
def test_a_secret_is_known_by_its_shape(text: str, shown: str) -> None:
    """And what a call has sent is known as it is."""
    assert redact(text, ["s3cr3t", "s3cr3t-longer", "abc"]) == shown


def test_a_strangers_text_is_one_line() -> None:
    """A line break would forge a log line, some of which are commands to CI."""
    assert one_line("a\r\n::error::b\x1b[31m\u2028c\x00") == "a ::error::b [31m c"
    assert len(one_line("x" * 1_000_000)) < 400


@pytest.mark.parametrize("length", [0, 1, 299, 300, 301, 1_300])
def test_a_text_up_to_the_limit_is_shown_whole(length: int) -> None:
    """What is longer is cut there, and says so."""
    text = "x" * length

    assert one_line(text) == (text if length <= 300 else "x" * 300 + "...")
    assert one_line(text, 1_300) == text


def test_log_lines_keep_everything_but_secrets() -> None:
    """Whatever types the arguments have."""
    record = logging.LogRecord("httpx", 20, "", 0, "%s %s %d %s", (), None)
    record.args = ("GET", "https://h/p?apiKey=abc&page=2", 200, None)

    with own_call():
        assert QuietAddresses().filter(record)

    assert record.getMessage() == f"GET https://h/p?apiKey={MASK}&page={MASK} 200 None"


def test_log_lines_of_other_clients_are_left_alone() -> None:
    """In another thread or task, before and after: the filter hangs on loggers that everybody shares."""

    def line() -> str:
        record = logging.LogRecord("httpx", 20, "", 0, "%s", ("https://h/p?page=2&phone=12345678",), None)
        assert QuietAddresses().filter(record)
        return record.getMessage()

    async def beside() -> str:
        other = asyncio.create_task(asyncio.to_thread(line))
        with own_call():
            assert "page=2" not in line()
            return await other

    with ThreadPoolExecutor(1) as pool, own_call():
        assert "phone=12345678" in pool.submit(line).result()
    assert "phone=12345678" in asyncio.run(beside())
    assert "phone=12345678" in line()


def test_a_hidden_value_stays_hidden() -> None:
    """In a traceback's locals, and in a pickle."""
    hidden = Hidden("s3cr3t")

    assert hidden.reveal() == "s3cr3t"
    assert "s3cr3t" not in f"{hidden} {hidden!r} {[hidden]}"
    with pytest.raises(TypeError):
        pickle.dumps(hidden)


def test_the_tree_is_as_drawn() -> None:
    """Every class of the module stands in the drawing of its docstring, below its base."""
    drawn = errors.__doc__ or ""
    kinds = {
        name: kind
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.ClientError)
    }
    places = {name: re.search(rf" {name}\b", drawn) for name in kinds}

    for name, kind in kinds.items():
        base = kind.__bases__[0].__name__
        place, above = places[name], places.get(base)
        assert place is not None
        assert base == "Exception" or (above is not None and above.start() < place.start())


@pytest.mark.parametrize(
    "error",
    [
        errors.UsageError("why", method="GET", path="/x/{id}"),
        errors.ConnectionFailedError("why", sent=False),
        errors.RateLimitError("why", status_code=429, parsed={"a": 1}, errors=["m"], retry_after=1.5),
        errors.BodyMismatchError("why", json_path="$.a", status_code=200, request_id="r"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_between_processes(error: errors.ClientError) -> None:
    """With all their facts, notes included."""
    error.add_note("seen at night")

    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        assert type(again) is type(error)
        assert again.__dict__ == error.__dict__
        assert (str(again), repr(again)) == (str(error), repr(error))


def test_a_secret_of_four_characters_is_masked_and_one_of_three_is_left() -> None:
    """What is shorter stands in every second word; the bound is the same in an address."""
    assert redact("pin 7391 and cat", ["7391", "cat"]) == f"pin {MASK} and cat"
    assert "7391" not in masked_address("https://a.example/7391/cat", ["7391", "cat"])
    assert masked_address("https://a.example/7391/cat", ["7391", "cat"]).endswith("/cat")


def test_a_log_line_with_named_values_passes() -> None:
    """Python's logging takes a mapping in place of a row; httpx uses none."""
    record = logging.LogRecord("httpx", logging.INFO, "", 0, "%(word)s", ({"word": "x"},), None)

    with own_call():
        assert QuietAddresses().filter(record)

    assert record.getMessage() == "x"
