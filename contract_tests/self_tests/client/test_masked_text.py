"""Which names are secret, how a secret is masked in an address, and how a stranger's text is cut."""

import logging
import re

import pytest

from scripts.runtime import redaction
from scripts.runtime.redaction import (
    MASK,
    Hidden,
    QuietAddresses,
    looks_secret,
    masked_address,
    one_line,
    own_call,
    quiet_httpx,
    redact,
    revealed,
)

SECRET_WORDS = """
apikey authorization bearer cookie credential credentials jwt key keys mobile msisdn passwd password phone
phones pin secret secrets session signature token tokens accesstoken authtoken clientsecret passphrase
phonenumber privatekey refreshtoken secretkey telephone
""".split()  # noqa: SIM905 - read as a text


@pytest.mark.parametrize("word", SECRET_WORDS)
def test_each_word_for_a_secret_is_known(word: str) -> None:
    """Alone, in capitals, and as one word of several."""
    for name in (word, word.upper(), f"my_{word}", f"x-{word}-2", f"{word.title()}Value"):
        assert looks_secret(name), name
    assert not looks_secret(f"{word}x")


def test_what_is_known_of_names_is_bounded() -> None:
    """A server may make up any number of names."""
    assert looks_secret.cache_info().maxsize == 256


def masks(address: str) -> list[str]:
    return re.findall(r"\*\*\*-[0-9a-f]{8}(?![0-9a-f])", address)


@pytest.mark.parametrize(
    ("address", "secrets", "shown"),
    [
        ("https://h/p", [], "https://h/p"),
        ("https://h/p?page=2&size=9", [], "https://h/p?page=2&size=9"),
        ("https://h/p?page=2&apiKey=abcd&size=9", [], "https://h/p?page=2&apiKey=M&size=9"),
        ("https://h/p?api%4Bey=abcd", [], "https://h/p?api%4Bey=M"),
        ("https://h/p?apiKey=", [], "https://h/p?apiKey=M"),
        ("https://h/abcd/x", ["abcd"], "https://h/M/x"),
        ("https://h/abc/x", ["abc"], "https://h/abc/x"),
        ("https://h/a%2Fbc/x", ["a/bc"], "https://h/M/x"),
        ("https://h/%C3%A9123", ["é123"], "https://h/M"),
        ("https://h/é123", ["é123"], "https://h/M"),
        ("https://h/abcdef/abcd", ["abcd", "abcdef"], "https://h/M/M"),
        ("https://h/p?page=abcd", ["abcd"], "https://h/p?page=M"),
    ],
)
def test_an_address_shows_no_secret(address: str, secrets: list[str], shown: str) -> None:
    """Neither as it is nor encoded; the rest of the address stays readable."""
    found = masked_address(address, secrets)

    assert re.sub(r"\*\*\*-[0-9a-f]{8}(?![0-9a-f])", "M", found) == shown


def test_two_secrets_have_two_masks() -> None:
    """A cache goes by the text of an address; the key of the masks is drawn anew in each process."""
    first, again, other = masks(masked_address("https://h/?key=abcd&token=abcd&phone=efgh"))

    assert first == again
    assert first != other
    assert len(redaction._SALT) == 16
    assert masks(masked_address("https://h/?key=\ud800"))


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("x" * 10, 10, "x" * 10),
        ("x" * 11, 10, "x" * 10 + "..."),
        ("a\n\tb  c", 10, "a b c"),
        (" " * 39 + "x", 10, "x"),
        (" " * 40 + "x", 10, ""),
    ],
)
def test_a_line_is_cut_after_its_limit(text: str, limit: int, line: str) -> None:
    """Of a long text only the beginning is looked at: four times as much as is shown."""
    assert one_line(text, limit) == line


def test_a_line_has_three_hundred_characters_at_most() -> None:
    """And says where it was cut."""
    assert one_line("x" * 300) == "x" * 300
    assert one_line("x" * 301) == "x" * 300 + "..."


def logged(message: object, *arguments: object) -> tuple[str, object]:
    """Return what a line becomes within a call of ours, and its arguments."""
    record = logging.LogRecord("httpx", logging.INFO, "", 0, message, arguments, None)
    with own_call():
        assert QuietAddresses().filter(record) is True
    return record.getMessage(), record.args


def test_a_line_without_arguments_is_masked_itself() -> None:
    """With arguments its words are httpx' own."""
    assert logged("phone 12345678")[0] == f"phone {MASK}"
    assert logged("line 12345678: %s", "phone 12345678")[0] == f"line 12345678: phone {MASK}"
    assert logged(12345678)[0] == "12345678"
    assert logged("%s %s %s %s", None, True, 200, 1.5)[1] == (None, True, 200, 1.5)


def test_every_logger_of_httpx_and_httpcore_has_the_filter_once() -> None:
    """However often a client is made; a filter does not hold for the loggers below."""
    quiet_httpx()
    quiet_httpx()

    parts = ("connection", "http11", "http2", "proxy", "socks")
    for name in ("httpx", *(f"httpcore.{part}" for part in parts)):
        filters = [one for one in logging.getLogger(name).filters if one is redaction._QUIET]
        assert len(filters) == 1, name
    assert len(redaction._LOGGERS) == 1 + len(parts)


def test_a_value_is_revealed_whether_it_is_hidden_or_not() -> None:
    """And shown by nothing else."""
    values: tuple[str | Hidden[str], ...] = (Hidden("abcd"), "abcd")

    assert [revealed(value) for value in values] == ["abcd", "abcd"]
    assert repr(Hidden("abcd")) == f"<{MASK}>"


def test_the_longest_secret_is_masked_first() -> None:
    """One may be the beginning of another."""
    assert redact("abcdef abcd abc", ["abcd", "abcdef", "abc"]) == f"{MASK} {MASK} abc"
