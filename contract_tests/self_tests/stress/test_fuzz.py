"""The fuzz of the mock's socket: a small one in every run, and proof that it sees what it looks for."""

import re
from collections.abc import Callable

import pytest

from contract_tests.self_tests.mock.http.test_server import served
from contract_tests.self_tests.stress import fuzz
from contract_tests.self_tests.stress.fuzz import Report, answers, attack, main
from contract_tests.self_tests.stress.fuzz_requests import Mixture
from novapost_mock import Mock, Reply, Request
from scripts.lib.progress import Progress

Handle = Callable[[Request], Reply]


def test_a_few_thousand_mixed_requests_find_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The million is `make fuzz`; this is the same with fewer."""
    code = main(["--requests", "3000", "--seconds", "60", "--seed", "7"])

    out = capsys.readouterr().out
    assert code == 0, out
    assert "no findings" in out


def of_seven(mock: Mock, request: Request, instead: Reply) -> Reply:
    """Return a reply that is another one now and then."""
    return instead if len(request.path) % 7 == 0 or b"49151" in request.body else mock.handle(request)


def fail(request: Request) -> Reply:
    raise RuntimeError


DEFECTS: dict[str, Callable[[Mock], Handle]] = {
    "500 that was not asked for": lambda _: fail,
    "503 that was not asked for": lambda mock: lambda request: of_seven(
        mock, request, Reply.of_json(503, {})
    ),
    "an error that repeats what was sent": lambda mock: (
        lambda request: of_seven(mock, request, Reply.of_json(400, request.body.decode("latin-1")))
    ),
    "a traceback": lambda mock: (
        lambda request: of_seven(mock, request, Reply.of_json(400, "Traceback (most recent call last)"))
    ),
    "a valid request without an answer: the connection ended": lambda mock: (
        lambda request: of_seven(mock, request, Reply(100))
    ),
}


@pytest.mark.parametrize("what", DEFECTS)
def test_a_defect_is_found(what: str) -> None:
    """Each kind of finding was seen once."""
    with served(DEFECTS[what](Mock())) as mock:
        report = attack(mock.address, 400, 60)

    assert report.findings[what] > 0
    assert any(example.startswith(what) for example in report.examples)


def test_a_mock_that_is_gone_is_found() -> None:
    """Nobody listens on the port."""
    with served(Mock().handle) as mock:
        pass
    report = attack(mock.address, 400, 60)

    assert report.findings["nobody listens any more"] > 0


def test_an_honest_mock_passes_the_same() -> None:
    """None of the findings above comes from the fuzz itself."""
    with served(Mock().handle) as mock:
        report = attack(mock.address, 400, 60)

    assert report.findings == {}
    assert report.requests >= 400
    assert set(report.statuses) >= {200, 400, 401, 404, 405, 422}


def test_it_says_how_far_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """On stderr, where the answer is not; a million takes minutes."""
    monkeypatch.setattr(fuzz, "Progress", lambda every_seconds: Progress(every_seconds=0.0))

    assert main(["--requests", "400", "--seed", "7"]) == 0

    said = capsys.readouterr()
    last = said.err.splitlines()[-1]
    assert re.fullmatch(r"\.\.\. [0-9]+ of 400 requests, findings: 0", last)
    assert "..." not in said.out


def test_the_same_seed_sends_the_same() -> None:
    """A finding can be had again."""
    drawn = [
        [draw() for _ in range(300) for draw in (m.valid, m.broken, m.raw)] for m in (Mixture(3), Mixture(3))
    ]

    assert drawn[0] == drawn[1]
    assert drawn[0] != [
        draw() for _ in range(300) for m in [Mixture(4)] for draw in (m.valid, m.broken, m.raw)
    ]


def test_answers_are_told_apart() -> None:
    """By their lengths; 100 is no answer, and HEAD's length is of a body that does not come."""
    two = (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 204 No\r\n\r\n"
    )

    assert [answer.status for answer in answers(two)[0]] == [400, 204]
    assert answers(two[:-1])[1] == two[-19:-1]
    assert answers(b"HTTP/1.1 405 No\r\ncontent-length: 9\r\n\r\n", [True])[1] == b""
    assert answers(b"rubbish") == ([], b"rubbish")


def test_examples_are_few_and_short() -> None:
    """A report that nobody can read tells nothing."""
    report = Report()
    for _ in range(100):
        report.found("x", b"\xff" * 10_000)

    assert report.findings["x"] == 100
    assert len(report.examples) == 20
    assert max(map(len, report.examples)) < 2000
