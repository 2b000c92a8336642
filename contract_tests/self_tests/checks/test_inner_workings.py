"""Is a stack trace or a password in an answer noticed, and ordinary words about errors are not?"""

import json

import pytest

from contract_tests.checks import inner_workings

TRACES = {
    "Python": 'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in ask',
    "Java": "java.lang.NullPointerException\n\tat com.example.Keys.find(Keys.java:42)",
    "JavaScript": "TypeError: x\n    at Keys.find (/srv/app/keys.js:10:15)",
    ".NET": "   at Keys.Find(String phone) in C:\\src\\Keys.cs:line 10",
    "PHP": "#0 /var/www/keys.php(12): find()",
    "Ruby": "app/keys.rb:12:in `find'",
    "Go": "goroutine 1 [running]:\nmain.main()",
    "Rust": "thread 'main' panicked at src/main.rs:4",
    "SQL": "SQLSTATE[42P01]: Undefined table",
}
ORDINARY = [
    "Client not found at 10:15",
    "phone: must match ^[1-9][0-9]{7,14}$",
    "the exception is the number of a client in Ukraine",
    "see https://example.org/errors#0",
    "line 3 of the body is no JSON",
]


@pytest.mark.parametrize(("language", "text"), TRACES.items(), ids=TRACES)
def test_a_stack_trace_is_noticed(language: str, text: str) -> None:
    """Whichever language the server is written in."""
    assert language in list(inner_workings.traces(text, ""))


@pytest.mark.parametrize("text", [*TRACES.values()], ids=TRACES)
def test_what_the_request_said_is_no_leak(text: str) -> None:
    """An error may repeat what it was sent."""
    assert list(inner_workings.traces(f"errors: {text}", f"a body with {text}")) == []


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_no_stack_trace(text: str) -> None:
    """A message for a person is what an error is for."""
    assert list(inner_workings.traces(text, "")) == []
    assert list(inner_workings.passwords(json.dumps({"errors": [text]}).encode(), "", "")) == []


@pytest.mark.parametrize(
    "errors",
    [
        ["postgres://keys:hunter2@db/keys is down"],
        ["Server=db;User=keys;Password=hunter2;"],
        {"db": {"password": "hunter2"}},
        {"clientSecret": ["hunter2"]},
    ],
)
def test_a_password_in_an_error_is_noticed(errors: object) -> None:
    """In an address, in a string that opens a connection, under a name that says so."""
    body = json.dumps({"success": False, "errors": errors}).encode()

    assert list(inner_workings.passwords(body, "", "{}"))


def test_a_word_about_a_password_is_none() -> None:
    """A form that has a field for one says what is wrong with it."""
    body = json.dumps({"errors": {"password": ["is too short"]}}).encode()
    documented = json.dumps({"properties": {"password": {}}})
    short = json.dumps({"errors": {"password": "required"}}).encode()

    assert list(inner_workings.passwords(body, "", "{}")) == []
    assert list(inner_workings.passwords(short, "", documented)) == []
    assert list(inner_workings.passwords(short, '{"password": ""}', "{}")) == []
