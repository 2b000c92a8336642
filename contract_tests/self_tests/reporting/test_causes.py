"""One cause is one finding, and two causes stay two."""

from typing import Any

from contract_tests.reporting.causes import grouped

KEY, TOKEN = "POST /test-api-keys", "GET /clients/authorization"


def row(promise: str, message: str, operation: str = KEY, calls: int = 1, **more: Any) -> dict[str, Any]:
    told = "\n".join(["curl"] * calls)
    return {
        "operation": operation,
        "promise": promise,
        "message": message,
        "test": "t",
        "reproduce": told,
        **more,
    }


def told(*rows: dict[str, Any]) -> list[tuple[str, int]]:
    return [(each["promise"], len(each.get("also", []))) for each in grouped(rows)]


def test_a_refusal_met_by_many_rules_is_one() -> None:
    """The shortest way to it is told, and what else met it is named."""
    found = grouped(
        [
            row("one-active", "404 where a key was due", calls=21),
            row("expired-reactivated", "404 where a key was due", calls=7),
            row("daily-limit", "404 instead of 200", calls=8),
        ]
    )

    assert [each["promise"] for each in found] == ["expired-reactivated"]
    assert [each["promise"] for each in found[0]["also"]] == ["one-active", "daily-limit"]


def test_a_crash_is_one() -> None:
    assert told(
        row("status-is-documented", "500 is not documented; documented are 200, 400"),
        row(
            "status-fits-the-request", "500 for a request that breaks the document or its rules; expected 400"
        ),
    ) == [("status-fits-the-request", 1)]


def test_a_spelling_that_is_not_understood_is_one_whatever_was_asked() -> None:
    end = "to the same request with header white space"
    assert told(
        row("equal-requests", f"401 instead of 200 {end}", TOKEN),
        row("equal-requests", f"401 instead of 422 {end}", TOKEN),
        row("equal-requests", "401 instead of 200 to the same request with segments", TOKEN),
    ) == [("equal-requests", 1), ("equal-requests", 0)]


def test_a_header_that_every_answer_lacks_is_one() -> None:
    assert told(
        row("content-type-is-documented", "Content-Type of 200 is missing: not application/json"),
        row("content-type-is-documented", "Content-Type of 404 is missing: not application/json"),
        row("content-type-is-documented", "Content-Type of 401 is missing: not application/json", TOKEN),
    ) == [("content-type-is-documented", 2)]


def test_other_symptoms_stay_apart() -> None:
    """Another status, another operation, another field: who mends one has not mended the other."""
    rows = [
        row("later-day-renews", "404 where a key was due"),
        row("later-day-renews", "404 where a token was due", TOKEN),
        row("daily-limit", "200 instead of 429"),
        row("later-day-renews", "createdAt changed with the renewal"),
        row("later-day-renews", "apiKey changed with the renewal"),
        row("body-fits-the-schema", "body of 200 breaks its schema: apiKey: not a text"),
        row("body-fits-the-schema", "body of 404 breaks its schema: errors: not a list"),
    ]
    assert len(grouped(rows)) == len(rows)


def test_shards_are_joined_as_one_run_is() -> None:
    """What was one in each shard is one, and names all that it names."""
    first = grouped([row("a", "404 where a key was due"), row("b", "404 where a key was due", calls=2)])
    second = grouped([row("c", "404 where a key was due", calls=3), row("b", "404 where a key was due")])

    (joined,) = grouped(first + second)

    assert sorted({joined["promise"], *(each["promise"] for each in joined["also"])}) == ["a", "b", "c"]
