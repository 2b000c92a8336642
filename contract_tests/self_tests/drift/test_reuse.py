"""Is a second YAML text read as if it were read alone, though most of it is taken from the first one?"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from contract_tests.bench.tools.documents import document, edited
from scripts.drift.load.lenient import parse
from scripts.drift.load.lines import positions
from scripts.drift.load.reuse import reused
from scripts.drift.load.yaml_lines import lines
from scripts.lib.errors import Refusal


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def written(value: Any) -> str:
    """Return a document as people write YAML."""
    return yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=True)


OLD = written(document(6, 1))
# What does not mean what it looks like, or is not YAML.
ODD = (
    *("---", "...", "%YAML 1.2", "- a", "? a", "<<: {a: 1}", "x: &a 1", "y: *a", 'q: "open', "z: [1,"),
    *("  'odd key': 1", "  k: !tag 5", "openapi: 3.1.0", "    Problem: {type: string}", "# a comment", ""),
    *("  deep:\n   - a\n   - b", "text: |\n  a: b\n    c", "text: >-\n  - x\nnext: 1", "\ttab: 1", "a: b: c"),
    *('m: "one\ntwo: three"', "  n: 'one\n  two: three'", "paths:\n  /a: {}", "components: {}", "é: ü"),
)


def read(text: str, other: tuple[bytes, Any] | None = None) -> Any:
    """Return value and notes, or the words of the refusal."""
    try:
        return parse(text.encode(), "x", other)
    except Refusal as refusal:
        return str(refusal)


def mutations(seed: int) -> Iterator[str]:
    """Texts that differ from the old one in some lines: gone, twice, moved, indented otherwise, or odd."""
    choose = random.Random(seed)
    for _ in range(60):
        rows = OLD.split("\n")
        for _ in range(choose.randint(1, 3)):
            at = choose.randrange(len(rows))
            how = choose.randrange(6)
            if how == 0:
                del rows[at]
            elif how == 1:
                rows.insert(at, rows[at])
            elif how == 2:
                rows.insert(choose.randrange(len(rows)), rows.pop(at))
            elif how == 3:
                rows[at] = choose.choice((" ", "  ", "")) + rows[at].removeprefix("  ")
            else:
                rows.insert(at, choose.choice(ODD))
        yield choose.choice(("", "", "---\n", "# first\n")) + "\n".join(rows)


@pytest.mark.parametrize("seed", range(8))
def test_a_text_is_read_as_if_it_were_alone(seed: int) -> None:
    """Values, their order, notes and refusals are the same, whatever the first text is."""
    known = OLD.encode(), read(OLD)[0]
    for text in mutations(seed):
        alone = read(text)

        assert repr(read(text, known)) == repr(alone), text
        if not isinstance(alone, str) and not alone[1]:
            # The odd text as the first one.
            again = read(OLD, (text.encode(), alone[0]))
            assert repr(again) == repr((known[1], [])), text


def test_what_both_say_is_one_value() -> None:
    """So that nothing has to be compared there."""
    old = read(OLD)[0]
    text = written(edited(document(6, 1), 1))

    new = reused(text, OLD, old, lambda block: parse(block.encode(), "x")[0])

    assert new == parse(text.encode(), "x")[0]
    names = [
        name
        for name, one in new["components"]["schemas"].items()
        if one is old["components"]["schemas"][name]
    ]
    assert len(names) > len(new["components"]["schemas"]) / 2
    assert all(item is old["paths"][path] for path, item in new["paths"].items())


@pytest.mark.parametrize("seed", range(4))
def test_lines_are_those_of_the_whole_text(seed: int) -> None:
    """Though only the blocks in which something is wanted are gone through.

    A line within quotes that looks like a key may be told of as well; no finding asks for it.
    """
    for text in mutations(seed):
        alone = read(text)
        if isinstance(alone, str) or alone[1] or not isinstance(alone[0], dict) or "two: three" in text:
            continue
        wanted = {(), ("paths",), ("components",), ("components", "schemas"), ("info",)}
        wanted |= {("components", "schemas", name) for name in list(alone[0].get("components") or {})[:2]}

        assert dict_of(positions(text.encode(), wanted)) == dict_of(lines(text.encode(), wanted)), text


def dict_of(found: Any) -> dict[Any, tuple[int, int]]:
    """Return the last line and column of each pointer."""
    return {pointer: (line, column) for pointer, line, column in found}
