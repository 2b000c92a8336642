"""Does drift judge pairs of small descriptions by what values are allowed, and prove what breaks?"""

import json
from functools import partial
from pathlib import Path

import pytest
import yaml

from contract_tests.self_tests.drift.samples.discriminator_pairs import PAIRS as MARKS
from contract_tests.self_tests.drift.samples.evolved_operations import PAIRS as EVOLVED_OPERATIONS
from contract_tests.self_tests.drift.samples.evolved_schemas import PAIRS as EVOLVED_SCHEMAS
from contract_tests.self_tests.drift.samples.evolved_surroundings import PAIRS as SURROUNDINGS
from contract_tests.self_tests.drift.samples.operation_pairs import PAIRS as OPERATIONS
from contract_tests.self_tests.drift.samples.quiet_pairs import PAIRS as QUIET
from contract_tests.self_tests.drift.samples.rare_pairs import PAIRS as RARE
from contract_tests.self_tests.drift.samples.schema_pairs import PAIRS, Pair
from contract_tests.self_tests.drift.samples.unheard_pairs import PAIRS as UNHEARD
from contract_tests.self_tests.drift.test_judge import findings, worst
from scripts.drift import run
from scripts.drift.command import main
from scripts.drift.policy.rules import known_rules

EVOLVED = [*EVOLVED_SCHEMAS, *EVOLVED_OPERATIONS, *SURROUNDINGS]
EVERY = [*PAIRS, *MARKS, *OPERATIONS, *UNHEARD, *QUIET, *RARE, *EVOLVED]


@pytest.mark.parametrize("pair", EVERY, ids=lambda pair: pair.name)
def test_a_pair_is_judged_as_it_is(pair: Pair) -> None:
    """The truth stands beside each; what breaks a schema comes with a payload."""
    judged = findings(pair.base, pair.revision)

    assert worst(judged) == pair.truth, [f"{one.level} {one.rule} {one.place}: {one.text}" for one in judged]
    for one in judged:
        if one.level == "breaking" and one.rule.startswith(("request-", "response-")):
            assert one.payload is not None, one.rule


@pytest.mark.parametrize("pair", EVERY, ids=lambda pair: pair.name)
def test_either_of_a_pair_against_itself_is_silent(pair: Pair) -> None:
    """No drift means no word, however it is written."""
    assert findings(pair.base, pair.base) == []
    assert findings(pair.revision, pair.revision) == []


def test_every_rule_of_a_finding_is_explained() -> None:
    """`--explain` knows what it is asked about, and levels can be given to it."""
    found = {one.rule for pair in EVERY for one in findings(pair.base, pair.revision)}

    assert found - set(known_rules()) == set()


@pytest.mark.parametrize("pair", EVERY, ids=lambda pair: pair.name)
def test_the_format_of_the_files_changes_no_finding(
    pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accepted findings are kept by their ids, and a document may move from JSON to YAML."""
    # What the child process is for is tried elsewhere; here nine hundred of them would take most of the time.
    monkeypatch.setattr(run, "bounded", lambda work, place, seconds: work(frozenset(), lambda leaf: None))
    told = []
    for ending, write in (("json", json.dumps), ("yaml", partial(yaml.safe_dump, sort_keys=False))):
        paths = [tmp_path / f"{name}.{ending}" for name in ("old", "new")]
        for path, document in zip(paths, (pair.base, pair.revision), strict=True):
            # Written once, so that YAML needs no alias for what Python has twice.
            path.write_text(str(write(json.loads(json.dumps(document)))), encoding="utf-8")
        code = main([*map(str, paths), "--format", "json"])
        out = capsys.readouterr().out
        # Some refer to a file that is not there, which is refused.
        found = json.loads(out)["findings"] if out else []
        told.append((code, [(one["id"], one["level"]) for one in found]))

    assert told[0] == told[1]
