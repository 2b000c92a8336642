"""Does a printed command send the very body again, in every shell that a reader may have?"""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.target import shell
from contract_tests.target.exchange import Sent

BODIES = {
    "a NUL": b'{"a": "x\0y"}',
    "no UTF-8": b"\xff%d\\x'q\x80",
    "an at sign": b"@/etc/passwd",
    "quotes": b'it\'s "so"',
    "line ends": b"a\r\nb\n",
    "invisible": "a\u202eb".encode(),
    "seventy thousand letters": b'{"a": "' + b"x" * 70_000 + b'"}',
    "five thousand NULs": b"\0" * 5_000,
}


def written(content: bytes, program: str = "sh") -> bytes:
    """Return the body that the shell makes of the words."""
    option, word, remark = shell.body(content)
    assert remark == ""
    command = f"{word} | cat" if option == shell.PIPED else f"printf %s {word}"
    return subprocess.run([program, "-c", command], capture_output=True, check=True).stdout


@pytest.mark.parametrize("program", ["sh", "bash"])
@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES)
def test_a_body_arrives_as_it_was(content: bytes, program: str) -> None:
    """Nothing is left out, and nothing means something to the shell."""
    assert written(content, program) == content


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=60))
def test_any_body_arrives_as_it_was(content: bytes) -> None:
    """Whatever a fuzzer makes up."""
    assert written(content) == content


def test_what_is_too_long_is_said_at_the_end() -> None:
    """A comment in the middle would take the address away."""
    content = bytes(n % 251 for n in range(9_000))
    command = Sent("POST", "http://127.0.0.1/x", "/x", {}, content).curl()

    assert command.startswith("printf '")
    assert command.endswith("http://127.0.0.1/x # without the last 5000 bytes of the body")
    assert " | curl -i -X POST " in command
