"""Is the page of a run whole, does it show what a target says as text, and does it ask for nothing else?"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.campaigns import merge
from contract_tests.defects.campaign import Outcome
from contract_tests.defects.table import table
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.reporting import github, labels
from contract_tests.reporting.html import __main__ as command
from contract_tests.reporting.html import charts, render
from contract_tests.reporting.html.render import page, write
from contract_tests.reporting.html.sections import SCHEMAS, beside
from contract_tests.reporting.report import Report
from contract_tests.reporting.report import write as write_summary
from contract_tests.self_tests.reporting.test_report import CONTRACT, summary
from contract_tests.target.shards import Shard

HOSTILE = [
    "<script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "{{ 7 * 7 }}{% raw %}",
    "]]><!--",
    "javascript:alert(1)",
    "&lt;b&gt; &#x27;",
]
SCRIPT = Path(render.__file__).with_name("report.js")
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
# What a page can be led elsewhere by.
_LEADING = {
    "src",
    "href",
    "srcset",
    "action",
    "data",
    "poster",
    "formaction",
    "xlink:href",
    "background",
    "ping",
}
_VOID = {"meta", "link", "br", "wbr", "hr", "img", "input"}


@dataclass
class Element:
    """An element with what it holds."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def all(self, name: str = "") -> list["Element"]:
        """Return the elements of a name within it, or all, in order."""
        inner = [child for child in self.children if isinstance(child, Element)]
        return [e for c in inner for e in ([c] if name in ("", c.name) else []) + c.all(name)]

    @property
    def text(self) -> str:
        """All text within it, white space as one blank."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join("".join(parts).split())


class Parser(HTMLParser):
    """Builds the tree, strictly: what is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {tag}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def parsed(text: str) -> Element:
    """Return the tree of a page."""
    parser = Parser()
    parser.feed(text)
    parser.close()
    assert len(parser._open) == 1
    return parser.root


def broken(**texts: str) -> Report:
    """Return a summary with one finding whose texts are given."""
    tree = summary(finding=True)
    tree["findings"][0] |= texts
    return tree


def test_the_verdict_comes_first() -> None:
    """Whoever opens the page reads whether the contract holds before all else."""
    bad, good = parsed(page(summary(finding=True))), parsed(page(summary()))

    assert bad.all("h1")[0].text == "The contract is broken: 1 finding"
    assert good.all("h1")[0].text == "The contract holds"
    assert bad.all("title")[0].text.startswith("The contract is broken")
    assert bad.all("h2")[0].text == "Findings"
    assert "Findings" not in [h.text for h in good.all("h2")]


def test_a_finding_tells_what_was_promised_asked_and_answered() -> None:
    """And where the promise is written, and how to see it again."""
    tree = broken(request="POST /test-api-keys", answer="200\n\n{}", reproduce="curl -i http://x/")

    article = parsed(page(tree)).all("article")[0]

    assert [pre.text for pre in article.all("pre")] == ["POST /test-api-keys", "200 {}", "curl -i http://x/"]
    assert "With an Active apiKey a client gets a JWT, valid for one hour" in article.text
    assert "openapi/rules.toml [jwt]" in article.text
    assert "uk:57-60" in article.text


def test_the_list_of_findings_names_the_broken_rules() -> None:
    """A reader sees which rules are broken before the first finding."""
    tree = broken(message="another key")
    tree["findings"].append(tree["findings"][0] | {"promise": "daily-limit"})

    root = parsed(page(tree))

    listed = [each.text for each in root.all("a") if each.text.endswith("another key")]
    assert listed == [f"{tree['findings'][0]['promise']} another key", "daily-limit another key"]


def test_the_matrix_tells_seen_from_never_seen_and_undocumented() -> None:
    """A gap and a surprise are both said in words, not by colour alone."""
    tree = summary()
    rows = tree["counts"]["operations"]
    rows[1]["seen"] = 0
    rows.append({"operation": rows[0]["operation"], "status": 418, "documented": False, "seen": 12})

    table = next(t for t in parsed(page(tree)).all("table") if "How many answers" in t.text)
    shown = {row.all("th")[0].text: row.text for row in table.all("tbody")[0].all("tr")}

    assert "never seen" in shown[str(rows[1]["status"])]
    assert "12 undocumented" in shown["418"]
    assert "never seen" not in shown["200"]
    assert set(shown) == {str(row["status"]) for row in rows}


def test_each_rule_is_in_one_of_four_states() -> None:
    """Kept is not proven where no document states it."""
    tree = summary()
    states = {"day": "proven", "jwt": "proven", "validity": "unproven", "public": "contradicted"}
    for rule in tree["rules"]:
        rule["state"] = states.get(rule["rule"], "partly")

    table = next(t for t in parsed(page(tree)).all("table") if "Each rule" in t.text)
    states = {
        row.all("code")[0].text: row.all("td")[0].all("span")[0].text
        for row in table.all("tbody")[0].all("tr")
    }

    assert states["day"] == "kept as we read it"
    assert states["jwt"] == "proven"
    assert states["validity"] == states["one-active"] == "unproven here"
    assert states["public"] == "contradicted"
    assert len(states) == len(tree["rules"])


def test_tables_and_charts_can_be_heard() -> None:
    """Captions, scopes, text for each chart, and no jump in the headings."""
    tree = summary(finding=True)
    root = parsed(page(tree))

    assert all(table.all("caption")[0].text for table in root.all("table"))
    assert all(th.attributes["scope"] in ("col", "row") for th in root.all("th"))
    charts = root.all("svg")
    assert len(charts) == len(tree["latency"]["operations"]) > 0
    assert all("answers" in svg.attributes["aria-label"] for svg in charts)
    assert all({"within", "answers", "0"} <= {text.text for text in svg.all("text")} for svg in charts)
    levels = [int(e.name[1]) for e in root.all() if re.fullmatch("h[1-6]", e.name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert root.all("html")[0].attributes["lang"] == "en"
    ids = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    named = {i for e in root.all() for i in e.attributes.get("aria-labelledby", "").split()}
    linked = {a.attributes["href"].removeprefix("#") for a in root.all("a")}
    assert named | linked <= set(ids)


def requests_nothing(root: Element) -> None:
    """No element leads elsewhere, none runs but our own script, and the policy forbids what is not there."""
    for element in root.all():
        assert element.name not in (
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "link",
            "img",
            "use",
        )
        assert not any(name.startswith("on") for name in element.attributes), element.attributes
        assert "style" not in element.attributes
        for name in _LEADING & element.attributes.keys():
            assert re.fullmatch("#[a-z0-9-]+", element.attributes[name])
    style = root.all("style")
    assert len(style) == 1
    assert not re.search(r"url\(|@import|expression", "".join(map(str, style[0].children)))
    policy = next(m for m in root.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy")
    script = root.all("script")
    assert "".join(map(str, script[0].children)) == SCRIPT.read_text("utf-8")
    assert len(script) == 1
    assert script[0].attributes == {}
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src {hash_of(style[0])}; script-src {hash_of(script[0])}; "
        "base-uri 'none'; form-action 'none'"
    )


def hash_of(element: Element) -> str:
    """Return the name of a style or a script in the policy."""
    content = "".join(map(str, element.children)).encode()
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_target_says_is_text(text: str) -> None:
    """In a finding, a status, a reading, a complaint, an address: everywhere."""
    tree = broken(**dict.fromkeys(("promise", "message", "statement", "test", "request", "answer"), text))
    tree["findings"][0] |= {"operation": text, "written": [text], "reproduce": text}
    tree |= {
        "readings": {text: text},
        "complaints": [text],
        "deviations": [{"deviation": text, "occurred": 1}],
    }
    tree["guest"] = {"sent": 1, "budget": 2, "withheld": {text: 1}, "unavailable": 0}
    tree["settings"] |= {"target": "url", "baseUrl": f"http://x/{text}"}
    tree["keywords"] = [{"place": text, "pointer": text, "keyword": text, "kept": 0, "broken": 0}]
    tree["latency"]["operations"][0]["operation"] = text
    tree["counts"]["operations"][0]["operation"] = text
    tree["counts"]["tests"][text] = 1

    harmless, hostile = parsed(page(broken())), parsed(page(tree))

    requests_nothing(harmless)
    requests_nothing(hostile)
    assert hostile.text.count(" ".join(text.split())) >= 15


@settings(max_examples=30)
@given(text=st.text(st.characters(exclude_categories=[]), max_size=80))
def test_any_text_can_be_shown(text: str) -> None:
    """Half characters and turned directions too: the page is UTF-8, and nothing on it is invisible."""
    root = parsed(page(broken(message=text)))

    shown = next(p for p in root.all("p") if p.attributes.get("class") == "message")
    page(broken(message=text)).encode()
    assert "".join(map(str, shown.children)) == labels.plain(text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ud800-\udfff\x00-\x08]", shown.text)


def test_other_parts_join_the_page(tmp_path: Path) -> None:
    """What `make drift` and `make defects` left is shown; what cannot be read is named."""
    outcomes = [Outcome("no-limit", "daily-limit", "test_limit.py", 5, 0.25), Outcome("<b>", cases=9)]
    tree = summary()
    defects = table(outcomes, contract(), 7, NOW, Shard())
    write_summary(defects, tmp_path / "defects.json")
    write_summary(drift_report(), tmp_path / "drift.json")
    write_summary(tree, tmp_path / "contract.json")

    assert command.main([str(tmp_path)]) == 0
    root = parsed((tmp_path / "contract.html").read_text("utf-8"))
    sections = {s.attributes["aria-labelledby"]: s.text for s in root.all("section")}
    requests_nothing(root)
    assert "1 of 2 defects caught" in sections["defects"]
    assert "<b>: missed" in sections["defects"]
    assert "another document" not in sections["defects"]
    assert "phone may be shorter <i>" in sections["drift"]
    assert '{ "phone": "</pre>" }' in sections["drift"]

    (tmp_path / "drift.json").write_text('{"version": 1}')
    write_summary(defects | {"sources": defects["sources"] | {"suite": "0" * 64}}, tmp_path / "defects.json")
    write(tree, tmp_path / "contract.html")
    sections = {
        s.attributes["aria-labelledby"]: s.text
        for s in parsed((tmp_path / "contract.html").read_text("utf-8")).all("section")
    }
    assert "cannot be shown drift.json: the whole:" in sections["drift"]
    assert "with another document, rules or suite than this run" in sections["defects"]


def test_the_benchmark_joins_the_page_with_its_charts(tmp_path: Path) -> None:
    """What `make bench` left: a bar for each ratio, a line for each curve, what was not measured."""
    write_summary(summary(), tmp_path / "contract.json")
    write_summary(bench_report(), tmp_path / "bench.json")

    assert command.main([str(tmp_path)]) == 0
    root = parsed((tmp_path / "contract.html").read_text("utf-8"))
    (section,) = (s for s in root.all("section") if s.attributes["aria-labelledby"] == "bench")
    requests_nothing(root)
    ratios, curves = section.all("svg")
    assert "rate, beside <i>Prism: 12 times (10 to 14); goal at least 10: reached" in ratios.text
    assert "time, beside httpx: 1.5 times (1.4 to 1.6); goal at most 1.25: not reached" in ratios.text
    assert [bar.attributes["class"] for bar in ratios.all("rect")] == ["good", "bad"]
    assert [len(line.attributes["points"].split()) for line in curves.all("polyline")] == [3, 2]
    assert "theirs: 2 s at 1, 3 s at 10; exponent 1.10" in section.text
    assert "ready: 0.5 s (0.4 to 0.6) goal at most 0.4: not reached" in section.text
    assert "not measured WireMock: no java here" in section.text
    assert "a quick run: no figures to quote" in section.text
    shapes = [*ratios.all("line"), *ratios.all("rect")]
    places = [float(each.attributes.get(name, 0)) for each in shapes for name in ("x", "x1", "x2")]
    assert all(0 <= place <= charts.WIDTH for place in places)
    assert {"ours divided by theirs", "1", "8"} <= {text.text for text in ratios.all("text")}
    assert {"s", "operations"} <= {text.text for text in curves.all("text")}


def bench_report() -> Report:
    """Return a report of `make bench` with all that it may hold."""
    ratio = {"unit": "req/s", "ours": 120.0, "theirs": 10.0, "rounds": [12.0]}
    curve = {"by": "operations", "unit": "s"}
    return {
        "format": 1, "startedAt": "2026-01-01T10:00:00+00:00", "seconds": 60.0,
        "setting": {"rounds": 2, "quick": True, "seed": 1},
        "machine": {"system": "Linux", "kernel": "6", "architecture": "x86_64", "processor": "", "cores": 2,
                    "memoryMB": None},
        "versions": {"python": "3.11"}, "load": {"before": 0.5, "after": None},
        "sections": [{
            "name": "mock", "title": "Mock", "columns": ["who"], "rows": [["<b>"], [None]],
            "ratios": [
                {**ratio, "name": "rate", "peer": "<i>Prism", "median": 12.0, "least": 10.0, "most": 14.0,
                 "better": "higher", "goal": 10.0, "reached": True},
                {**ratio, "name": "time", "peer": "httpx", "median": 1.5, "least": 1.4, "most": 1.6,
                 "better": "lower", "goal": 1.25, "reached": False},
            ],
            "figures": [{"name": "ready", "unit": "s", "median": 0.5, "least": 0.4, "most": 0.6,
                         "better": "lower", "goal": 0.4, "reached": False}],
            "curves": [
                {**curve, "name": "ours", "points": [[1, 1.0], [10, 2.0], [100, 9.0]], "exponent": None},
                {**curve, "name": "theirs", "points": [[1, 2.0], [10, 3.0]], "exponent": 1.1},
            ],
            "notes": ["taken <i>quickly"], "missing": [{"name": "WireMock", "reason": "no java here"}],
        }],
    }  # fmt: skip


def drift_report() -> Report:
    """Return a report of drift with one finding."""
    side: Report = {"name": "old.json", "sha256": "0" * 64, "etag": None, "notes": []}
    place = {"pointer": "/paths", "line": 1, "column": 1}
    finding = {
        "id": "0" * 12, "rule": "r", "place": "POST /x request", "effect": "e", "level": "breaking",
        "answer": "no", "hurts": "callers", "text": "phone may be shorter <i>", "base": place,
        "revision": place,
        "payload": {
            "value": {"phone": "</pre>"}, "where": "POST /x request", "valid_for": "base",
            "refused_by": "revision", "reading": "as written", "replay": {"mock": "refuses it"},
        },
        "details": {}, "accepted": None,
    }  # fmt: skip
    levels = ("breaking", "unknown", "behaviour", "client-api", "docs", "compatible")
    return {
        "version": 1, "verdict": "breaking", "exit_code": 1, "fail_on": "behaviour", "base": side,
        "revision": side, "counts": {level: int(level == "breaking") for level in levels}, "undecided": 0,
        "accepted": 0, "notes": [], "findings": [finding],
    }  # fmt: skip


def test_the_form_of_the_defects_outcome_is_published() -> None:
    """As that of a summary is."""
    schema = json.loads(SCHEMAS["defects"].read_bytes())
    jsonschema_rs.meta.validate(schema)
    tree = table([Outcome("a", trouble="exit 3")], contract(), None, NOW, Shard())

    assert jsonschema_rs.Draft202012Validator(schema).is_valid(tree)


def test_nothing_beside_a_summary_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`make drift` before any contract run writes no page; a summary that is none is named."""
    assert list(beside(tmp_path)) == []
    assert command.main([str(tmp_path)]) == 0
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "contract.json").write_text("{}")
    assert command.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("error: contract.json: the whole: ")
    assert not (tmp_path / "contract.html").exists()


def test_merged_shards_have_their_page(tmp_path: Path) -> None:
    """Counts of latency and keywords add up."""
    for number in (1, 2):
        write_summary(summary(number, 2), tmp_path / f"contract-{number}-of-2.json")
    paths = [str(path) for path in tmp_path.iterdir()]

    merge.main([*paths, f"--output={tmp_path}/contract.json"])

    text = parsed((tmp_path / "contract.html").read_text("utf-8")).text
    assert "shards 1, 2 of 2" in text
    assert f"half of {sum(o.path == '/test-api-keys' for o, _ in CONTRACT.documented) + 1} answers" in text


@given(st.integers(1, 10**9))
def test_the_ticks_of_an_axis_are_few_whole_and_in_order(most: int) -> None:
    """From nothing on, none beyond the longest bar, and no two alike."""
    ticks = charts.steps(most)

    words, shares = [label for label, _ in ticks], [share for _, share in ticks]
    assert (words[0], shares[0]) == ("0", 0)
    assert 2 <= len(set(words)) == len(words) <= 6
    assert shares == sorted(shares)
    assert shares[-1] <= 1


def test_a_command_that_goes_over_lines_is_copied_as_it_is() -> None:
    """Each line stands by itself, so that one sees where the next command begins."""
    tree = summary(finding=True)
    tree["findings"][0]["reproduce"] = "curl -d 'one\n two' http://a/\ncurl http://b/c"

    box = next(each for each in parsed(page(tree)).all("pre") if "curl http://b/c" in each.text)

    assert [span.children for span in box.all("span")] == [
        ["curl -d 'one\n"],
        [" two' http://a/\n"],
        ["curl http://b/c"],
    ]


@pytest.mark.parametrize("counts", [[0, 0], [0, 0, 0, 0], [3, 0, 1, 0], [0, 0, 0, 9]])
def test_a_histogram_has_no_empty_ends(counts: list[int]) -> None:
    """And its longest bar is of length one."""
    bars = labels.bars([1, 10, 1000], counts)

    assert sum(bar.count for bar in bars) == sum(counts)
    assert not bars or (bars[0].count and bars[-1].count and max(bar.length for bar in bars) == 1)
    assert labels.within([1, 10, 1000], [3, 0, 1, 0], 0.5) == "within 1 ms"
    assert labels.within([1, 10, 1000], [0, 0, 0, 9], 0.5) == "later than 1 s"


def test_a_job_is_told_in_text_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An annotation is one line whatever the target says; the summary is Markdown without its markup."""
    said = "a\n::set-output name=x::1\r%0A</code>```\n# big <img> [x](http://y) @all"
    tree = broken(message=said, operation="GET /a,b:c", reproduce=f"curl '{said}'")
    steps = tmp_path / "steps"
    github.write_summary(tree, steps)
    github.write_summary(tree, None)

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::error ")
    assert "title=GET /a%2Cb%3Ac%3A jwt::a ::set-output" in lines[0]
    assert "%250A" in lines[0]
    text = steps.read_text("utf-8")
    assert "## The contract is broken\\: 1 finding" in text or "## The contract is broken: 1 finding" in text
    assert not re.search(r"(?<!\\)<img|(?<!\\)@all|(?<!\\)\[x", text.partition("````")[0])
    assert "````" in text
