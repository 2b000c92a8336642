"""One cause is one finding, and two causes stay two."""

from typing import Any

from contract_tests.reporting.causes import grouped

KEY, TOKEN = "POST /test-api-keys", "GET /clients/authorization"


def row(check: str, message: str, operation: str = KEY, calls: int = 1, **more: Any) -> dict[str, Any]:
    told = "\n".join(["curl"] * calls)
    return {
        "operation": operation,
        "promise": check,
        "message": message,
        "test": "t",
        "reproduce": told,
        **more,
    }


def causes_of(*rows: dict[str, Any]) -> list[tuple[str, int]]:
    return [(each["promise"], len(each.get("also", []))) for each in grouped(rows)]


def test_the_shortest_way_to_a_symptom_is_told() -> None:
    """And what else met it is named."""
    (found,) = grouped(
        [
            row("equal-requests", "401 instead of 200 to the same request with cookie", calls=21),
            row("equal-requests", "401 instead of 422 to the same request with cookie", calls=7),
        ]
    )

    assert found["message"].startswith("401 instead of 422")
    assert [each["message"][:18] for each in found["also"]] == ["401 instead of 200"]


def test_a_crash_is_one() -> None:
    assert causes_of(
        row("status-is-documented", "500 is not documented; documented are 200, 400"),
        row(
            "status-fits-the-request", "500 for a request that breaks the document or its rules; expected 400"
        ),
    ) == [("status-fits-the-request", 1)]


def test_a_spelling_that_is_not_understood_is_one_whatever_was_asked() -> None:
    end = "to the same request with header white space"
    assert causes_of(
        row("equal-requests", f"401 instead of 200 {end}", TOKEN),
        row("equal-requests", f"401 instead of 422 {end}", TOKEN),
        row("equal-requests", "401 instead of 200 to the same request with segments", TOKEN),
    ) == [("equal-requests", 1), ("equal-requests", 0)]


def test_what_one_request_does_to_the_next_is_one_whatever_was_asked() -> None:
    for end in ("on one connection after HEAD", "after the head whose client left"):
        assert causes_of(
            row("equal-requests", f"400 instead of 200 {end}", TOKEN),
            row("equal-requests", f"400 instead of 422 {end}", TOKEN),
        ) == [("equal-requests", 1)]


def test_a_header_that_every_answer_lacks_is_one() -> None:
    assert causes_of(
        row("content-type-is-documented", "Content-Type of 200 is missing: not application/json"),
        row("content-type-is-documented", "Content-Type of 404 is missing: not application/json"),
        row("content-type-is-documented", "Content-Type of 401 is missing: not application/json", TOKEN),
    ) == [("content-type-is-documented", 2)]


def test_other_symptoms_stay_apart() -> None:
    """Another status, another operation, another field: who mends one has not mended the other."""
    rows = [
        row("later-day-renews", "404 where a key was due"),
        row("one-active", "404 where a key was due"),
        row("later-day-renews", "404 where a token was due", TOKEN),
        row("later-day-renews", "404 where the rule gives 200"),
        row("expired-reactivated", "404 where the rule gives 200"),
        row("daily-limit", "200 instead of 429"),
        row("later-day-renews", "createdAt changed with the renewal"),
        row("later-day-renews", "apiKey changed with the renewal"),
        row("body-fits-the-schema", "body of 200 breaks its schema: apiKey: not a text"),
        row("body-fits-the-schema", "body of 200 breaks its schema: apiKey: not a text", TOKEN),
        row("body-fits-the-schema", "body of 404 breaks its schema: errors: not a list"),
        row("body-fits-the-schema", "body of 404 breaks its schema: line1: not a text"),
        row("body-fits-the-schema", "body of 404 breaks its schema: line2: not a text"),
        row("status-fits-the-request", "500 that nobody asked for", "GET /a"),
        row("status-fits-the-request", "502 that nobody asked for", "GET /a"),
        row("status-fits-the-request", "500 that nobody asked for", "POST /b"),
        row("status-is-documented", "501 is not documented; documented are 200", "GET /a"),
        row("status-is-documented", "500 is not documented; documented are 200", "GET /c"),
        row("method-refusal-names-methods", "405 whose Allow lacks methods: GET", "PATCH /a"),
        row("method-refusal-names-methods", "405 whose Allow lacks methods: GET", "PATCH /b"),
        row("method-refusal-names-methods", "405 whose Allow lacks methods: POST", "PATCH /a"),
        row("bad-request-is-refused", "201 although the required body is missing", "POST /b"),
        row("bad-request-is-refused", "202 although the required body is missing", "POST /b"),
        row("required-headers-are-there", "the header Location of 201 is missing", "POST /b"),
        row("required-headers-are-there", "the header Location of 201 is missing", "POST /c"),
        row("content-type-is-documented", "Content-Type of 200 is text/html: not application/json"),
        row("content-type-is-documented", "Content-Type of 500 is text/html: not application/json", TOKEN),
        row("content-type-is-documented", "Content-Type of 200 is missing: not application/json"),
        row("equal-requests", "401 instead of 200 to the same request with cookie"),
        row("equal-requests", "500 instead of 200 to the same request with cookie"),
        row("equal-requests", "another apiKey to the same request with cookie"),
        row("equal-requests", "401 instead of 200 to the same request with cookie", TOKEN),
    ]
    assert len(grouped(rows)) == len(rows)


def test_what_changes_from_try_to_try_is_one() -> None:
    """A place in a list, a length, a turn, the names that the fuzzer drew, the method of a refusal."""
    drawn = "201 although the body breaks its schema: the body: Additional properties are not allowed"
    for promise, messages in {
        "body-fits-the-schema": [f"body of 200 breaks its schema: items/{n}/id: not a text" for n in (0, 17)],
        "content-type-is-documented": [f"body of 200 is not JSON: ValueError, {n} bytes" for n in (5, 6)],
        "equal-requests": [f"401 instead of 200 to request {n} of a connection" for n in (3, 44)],
        "bad-request-is-refused": [f"{drawn} ({names} unexpected)" for names in ("'a' was", "'b', 'c' were")],
    }.items():
        assert causes_of(*(row(promise, message) for message in messages)) == [(promise, 1)]
    refused = [
        row("method-refusal-names-methods", "405 whose Allow lacks methods: GET", o) for o in ("A /a", "B /a")
    ]
    assert causes_of(*refused) == [("method-refusal-names-methods", 1)]


def test_shards_are_joined_as_one_run_is() -> None:
    """What was one in each shard is one, and names all that it names."""
    end = "instead of 200 to request 7 of a connection"
    first = grouped([row("a", f"401 {end}"), row("a", f"401 {end.replace('7', '8')}", calls=2)])
    second = grouped([row("a", f"401 {end.replace('7', '9')}", calls=3), row("a", f"401 {end}")])

    (joined,) = grouped(first + second)

    named = {joined["message"], *(each["message"] for each in joined["also"])}
    assert sorted(each.split()[6] for each in named) == ["7", "8", "9"]
