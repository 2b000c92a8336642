"""YAML in one pass: whatever it reads, PyYAML reads alike, and it leaves to PyYAML what it does not."""

from random import Random

import pytest

from novapost_mock.document import load
from novapost_mock.document.load import Unusual, parse, plain_value
from novapost_mock.schemas.violation import DocumentError

PIECES = (
    *("a: ", "- ", "b", "1", "1.5", ".5", "1e3", "+1", "-0", "00", "~", "null", "nULL", "true", "tRUE", "''"),
    *('"1"', "'true'", "\n", "\n  ", "  ", "? ", ": ", "[", "]", "{", "}", ", ", "<<", "&x ", "*x", "!!str "),
    *("! ", "---\n", "...\n", "|\n  ", ">\n ", "#c\n", "1_0", "0x1", "12:30", "2020-01-01", "=", "no", "1."),
)


def told(text: str) -> str:
    try:
        return repr(parse(text.encode()))
    except DocumentError as error:
        return f"refused: {error}"


@pytest.mark.parametrize("seed", range(8))
def test_it_reads_as_pyyaml_does(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Value by value and message by message, also for texts that are no YAML."""
    random = Random(seed)
    texts = ["".join(random.choices(PIECES, k=random.randint(1, 12))) for _ in range(500)]
    texts = [text for text in texts if text.lstrip()[:1] not in ("{", "[")]
    quick = [told(text) for text in texts]

    def never(*_: object) -> None:
        raise Unusual

    monkeypatch.setattr(load, "plain_value", never)
    assert quick == [told(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["a: &x 1", "a: *x", "a: !!str 1", "<<: {}", "a: <<", "a: 1\na: 2", "[[1]]: 2"]
)
def test_it_leaves_the_unusual_to_pyyaml(text: str) -> None:
    """Anchors, aliases, tags, merges, keys twice, keys that are no scalars."""
    yaml = pytest.importorskip("yaml")
    with pytest.raises((Unusual, yaml.YAMLError)):
        plain_value(yaml.parse(text, Loader=yaml.CSafeLoader), 100)
