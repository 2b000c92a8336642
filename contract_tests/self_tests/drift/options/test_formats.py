"""Is each format what its readers take, and does no document break out of it?"""

import io
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from junitparser import JUnitXml

from contract_tests.self_tests.drift.elsewhere.repositories import LINE, SHOP, narrowed
from scripts.drift import command
from scripts.drift.findings import HURT, LEVELS
from scripts.drift.formats import FORMATS, text
from scripts.drift.policy.rules import catalogue

NASTY = "/a|b<script>alert(1)</script>`x`]]>&amp;\n::error::x\u202e"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    """Two documents: one finding with a payload, one operation with a hostile name."""
    document = yaml.safe_load(narrowed())
    document["paths"][NASTY] = {"get": {"responses": {"200": {"description": "x"}}}}
    old, new = tmp_path / "old.yaml", tmp_path / "new.json"
    old.write_text(SHOP)
    new.write_text(json.dumps(document, indent=2))
    return str(old), str(new)


def written(pair: tuple[str, str], how: str, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Return what the command prints in a format."""
    assert command.main([*pair, f"--format={how}", *options]) == 1
    return capsys.readouterr().out


def line_of(path: str, text: str) -> int:
    """Return the line of a file on which a text stands first."""
    return next(n for n, line in enumerate(Path(path).read_text().splitlines(), 1) if text in line)


def cases(junit: str, tag: str) -> list[ElementTree.Element]:
    """Return the elements of a JUnit report."""
    return list(ElementTree.fromstring(junit.partition("\n")[2]).iter(tag))  # noqa: S314


class Page(HTMLParser):
    """What a browser sees: the tags, and the text of some of them in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts += [data.strip()] if data.strip() else []


def test_html_leads_with_whom_it_hurts_then_the_payload_side_by_side(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One file that asks for nothing, and in which a document writes no tag."""
    page = Page()
    page.feed(written(pair, "html", capsys))

    texts = page.texts[page.texts.index("It hurts:") :]
    assert texts[1:3] == ["callers", "1 breaking"]
    left, right = texts.index("✓ base"), texts.index("✗ revision")
    assert texts[left + 1 : left + 3] == ["51", "takes it"]
    assert texts[right + 1 : right + 3] == [
        "51",
        "refuses it: for the new server: a maximum of 50 where it was 100",
    ]
    assert {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe"} == set()
    assert not any(name in ("src", "onclick") for _, found in page.tags for name in found)
    assert any("<script>" in text for text in page.texts)


def test_html_says_that_nobody_is_hurt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page about nothing is a page, too."""
    (tmp_path / "a.yaml").write_text(SHOP)
    assert command.main([str(tmp_path / "a.yaml")] * 2 + ["--format=html"]) == 0
    out = capsys.readouterr().out
    assert "<h1>No drift.</h1>" in out
    assert "It hurts nobody." in out


def test_markdown_leads_with_whom_it_hurts_then_the_payload_side_by_side(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """For a comment on a pull request."""
    lines = written(pair, "markdown", capsys).splitlines()

    assert lines[2] == "It hurts callers (1 breaking)."
    at = lines.index("| payload | base | revision |")
    assert lines[at + 2] == (
        "| `51` for `GET /v1/orders query parameter page` | ✅ takes it "
        "| ❌ refuses it: for the new server: a maximum of 50 where it was 100 |"
    )


def test_junit_has_a_case_for_each_finding(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What fails the run is a failure, what is accepted is skipped, the rest passed."""
    path = tmp_path / "junit.xml"
    path.write_text(written(pair, "junit", capsys))

    (suite,) = JUnitXml.fromfile(str(path))
    assert (suite.tests, suite.failures, suite.skipped, suite.errors) == (2, 1, 0, 0)
    (failure,) = cases(path.read_text(), "failure")
    assert failure.get("type") == "breaking"
    assert "payload 51" in str(failure.text)


def test_junit_skips_what_is_accepted(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says by whom and why."""
    report = json.loads(written(pair, "json", capsys))
    accepted = tmp_path / "accepted.toml"
    accepted.write_text(
        f'[{report["findings"][0]["id"]}]\nreason = "agreed"\nowner = "we"\nexpires = 2999-01-31\n'
    )

    assert command.main([*pair, "--format=junit", f"--accepted={accepted}"]) == 0
    (skipped,) = cases(capsys.readouterr().out, "skipped")
    assert skipped.get("message") == "accepted by we until 2999-01-31: agreed"
    assert command.main([*pair, "--format=gitlab", f"--accepted={accepted}"]) == 0
    assert "request-maximum" not in capsys.readouterr().out


def test_junit_has_a_case_without_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A suite without a case is an error for some readers."""
    (tmp_path / "a.yaml").write_text(SHOP)
    assert command.main([str(tmp_path / "a.yaml")] * 2 + ["--format=junit"]) == 0
    assert [case.get("name") for case in cases(capsys.readouterr().out, "testcase")] == ["no drift"]


def test_gitlab_has_what_its_code_quality_report_needs(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The five properties, a severity that it knows, one fingerprint for each."""
    issues: list[dict[str, Any]] = json.loads(written(pair, "gitlab", capsys))

    assert len({one["fingerprint"] for one in issues}) == len(issues) == 2
    for one in issues:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
    first = issues[0]
    assert (first["check_name"], first["severity"]) == ("request-maximum", "critical")
    assert first["location"] == {"path": pair[1], "lines": {"begin": line_of(pair[1], '"schema"')}}


def test_the_changelog_is_told_by_what_matters(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """For the notes of a release."""
    out = written(pair, "changelog", capsys)

    assert out.index("## Breaking changes") < out.index("## Additions and other compatible changes")
    assert "- `GET /v1/orders query parameter page`: for the new server" in out
    assert "<script>" not in out.replace("`", "").split("GET ")[1]


def test_sarif_and_annotations_point_at_the_new_file(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A pull request shows it; and a rule brings its explanation."""
    run = json.loads(written(pair, "sarif", capsys))["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == pair[1]
    assert place["region"]["startLine"] == line_of(pair[1], '"schema"')
    assert run["tool"]["driver"]["rules"][1]["help"]["text"].startswith(catalogue()["request-maximum"].means)
    out = written(pair, "github", capsys)
    line = line_of(pair[1], '"schema"')
    assert f"::error file={pair[1]},line={line}," in out
    assert not any(line.startswith("::error::") for line in out.splitlines())


def test_without_a_new_file_they_point_at_the_old_one(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is piped in, as what is fetched, is in no file."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(pair[1]).read_bytes())))
    out = written((pair[0], "-"), "github", capsys)

    assert f"::error file={pair[0]},line={LINE}," in out


def test_paths_are_those_of_the_checkout(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub and GitLab know no other ones."""
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.setenv(variable, str(Path(pair[1]).parent))
        assert "file=new.json," in written(pair, "github", capsys)
        monkeypatch.delenv(variable)


@pytest.mark.parametrize("how", FORMATS)
def test_each_format_also_goes_into_a_file(
    how: str, pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside what is printed, or in its place; what could not be compared leaves none."""
    beside, instead = tmp_path / "beside", tmp_path / "instead"
    written(pair, "text", capsys, f"--{how}={beside}")
    assert written(pair, how, capsys, f"--output={instead}") == ""

    assert beside.read_text() == instead.read_text() != ""
    assert command.main([pair[0], "none.yaml", f"--{how}={beside}", f"--output={instead}"]) == 2
    assert not beside.exists()
    assert not instead.exists()


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


def a_report(findings: int) -> dict[str, Any]:
    """Return a report with everything that one can have beside its findings."""
    finding = {
        "level": "breaking",
        "place": "GET /items [x]",
        "text": "was removed",
        "rule": "operation",
        "effect": "removed",
        "id": "0" * 12,
        "hurts": HURT[0],
        "accepted": {"owner": "ann", "expires": "2027-01-31"},
        "details": {"used_by": list("abcde"), "uses": 5, "tests": ["keeps-keys"]},
        "payload": {
            "value": "\u00e9",
            "where": "the body",
            "valid_for": "base",
            "refused_by": "revision",
            "reading": "strict",
            "replay": {"client": "refused it"},
        },
        "base": None,
        "revision": None,
    }
    side = {"name": "a.yaml", "sha256": "f" * 64, "notes": ["read leniently"]}
    return {
        "verdict": "breaking",
        "counts": dict.fromkeys(LEVELS, 0) | {"breaking": findings},
        "base": side,
        "revision": side,
        "notes": ["one more thing"],
        "undecided": 2,
        "accepted": 1,
        "findings": [finding] * findings,
    }


def test_text_tells_all_that_a_report_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a level not more than sixty findings; a terminal gets the same words in colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    plain, coloured = io.StringIO(), Terminal()

    text.write(a_report(61), plain)
    text.write(a_report(61), coloured)

    lines = plain.getvalue().splitlines()
    for said in (
        *("         note: read leniently", "note: one more thing", "1 accepted, marked so below."),
        *("2 undecided: shown as unknown, not passed over.", "             enforced by keeps-keys"),
        *(
            "  breaking   GET /items [x] (accepted by ann until 2027-01-31)",
            "             client: refused it",
        ),
        *("             in a, b, c and 2 more", '             payload "\u00e9"'),
        "             valid for the base, refused by the revision (strict reading)",
        "  and 1 more of level breaking (--format json has all)",
    ):
        assert said in lines
    assert "more of level" not in told_text(a_report(60))
    assert "\x1b[1;31m" in coloured.getvalue()
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.getvalue()) == plain.getvalue()


def told_text(report: dict[str, Any]) -> str:
    """Return a report as text for a stream of another encoding, which cannot be told all letters."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    text.write(report, stream)
    stream.seek(0)
    shown = stream.read()
    assert 'payload "\\xe9"' in shown
    return shown
