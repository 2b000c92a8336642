"""Tell the language of a page, and hold the steps of two languages against each other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scripts.drift.facts import Fact
from scripts.drift.pages.sentences import plain_lines

MAX_STEPS = 300
_NAMES = {
    "uk": "Ukrainian",
    "en": "English",
    "pl": "Polish",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "cs": "Czech",
    "ro": "Romanian",
    "lt": "Lithuanian",
    "ru": "Russian",
}
_COMMON = {
    "en": "the and of to in is for a be or with an you your must can this",
    "pl": "i w na do z nie się jest oraz dla lub że to przez należy",
    "de": "der die das und ist nicht mit für ein eine werden sie oder",
    "fr": "le la les et des est une pour dans vous ou que votre du",
    "es": "el la los y de que en un una para su con se o es",
    "it": "il la i e di che un una per con è gli nel del",
    "cs": "a v na se je pro nebo které že do být klíč",
    "ro": "și în de la un o pentru este care sau cu să",
    "lt": "ir yra su kad arba į iš jūsų turi būti",
}
_LETTERS = re.compile(r"[^\W\d_]+")
_TECHNICAL = re.compile(r"[A-Za-z][\w.-]*\w|\d+")
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_OPERATION = re.compile(r"(?:get|put|post|delete|patch|head|options)", re.IGNORECASE)
_NUMBERED = re.compile(r"^( {0,12})\d{1,3}\\?[.)][ \t]+(\S.*)")
_STEPPER = re.compile(r"^\{%[ \t]*step[ \t]*%\}")
_MARKS = re.compile(r"\[([^\[\]]{0,300})\]\([^()]{0,1000}\)|<[^<>]{0,500}>|\*\*|`")


def language(text: str) -> str:
    """Return the language of a page as its code, "" if it is none of those that are known."""
    words = [word.casefold() for word in _LETTERS.findall(_FENCE.sub("", plain_lines(text))[:200_000])]
    if not words:
        return ""
    letters = "".join(words)
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    if cyrillic * 5 > len(letters):
        return "uk" if any(letter in "іїєґ" for letter in letters) else "ru"
    counts = {name: sum(word in common.split() for word in words) for name, common in _COMMON.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] * 20 > len(words) else ""


def language_name(code: str) -> str:
    """Return the English name of a language."""
    return _NAMES.get(code, "other")


@dataclass
class Step:
    """A numbered step: its first line, what follows it, and where it stands."""

    text: str
    line: int
    depth: int = 0
    more: list[str] = field(default_factory=list)

    def words(self, common: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the technical words of the first line, and of all, that both pages use."""
        sides = self.text, " ".join((self.text, *self.more))
        first, whole = (frozenset(word.casefold() for word in _TECHNICAL.findall(one)) for one in sides)
        return first & common, whole & common


def steps(text: str) -> tuple[list[Step], list[Step]]:
    """Return the steps before and after the operation of a page; steps within a step count as parts of it."""
    found: tuple[list[Step], list[Step]] = ([], [])
    after, waits = 0, False
    blocks = _FENCE.sub(lambda match: "\0" + "\n" * match[0].count("\n"), plain_lines(text))
    for number, line in enumerate(blocks.split("\n"), 1):
        if line.startswith("\0") or _OPERATION.fullmatch(line.strip()):
            after = 1
            continue
        numbered = _NUMBERED.match(line)
        here = found[after]
        if _STEPPER.match(line):
            waits = True
        elif waits and line.strip():
            here.append(Step(_shown(line), number))
            waits = False
        elif numbered and len(here) < MAX_STEPS and (len(numbered[1]) <= 3 or not here):
            here.append(Step(_shown(numbered[2]), number))
        elif here and line.strip():
            here[-1].more.append(_shown(numbered[2] if numbered else line))
    return found


def _shown(line: str) -> str:
    return _MARKS.sub(lambda match: match[1] or "", line).strip()


def step_facts(old: str, new: str, names: tuple[str, str]) -> Iterator[Fact]:
    """Return the steps that only one of two languages has.

    Args:
        old: the text of the one page.
        new: the text of the other one.
        names: what to call the pages.
    """
    words = [frozenset(word.casefold() for word in _TECHNICAL.findall(one)) for one in (old, new)]
    common = words[0] & words[1]
    for where, here, there in zip(("before", "after"), steps(old), steps(new), strict=True):
        sure = [(i, j) for i, j in _aligned(here, there, common) if _shared(here[i], there[j], common)]
        begun = (-1, -1)
        # Between two steps that surely are the same in both languages, only the numbers can be compared.
        for end in [*sure, (len(here), len(there))]:
            yield from _between(where, here[begun[0] + 1 : end[0]], there[begun[1] + 1 : end[1]], names)
            begun = end


def _between(
    where: str, here: Sequence[Step], there: Sequence[Step], names: tuple[str, str]
) -> Iterator[Fact]:
    if len(here) == len(there):
        return
    if here and there:
        yield _counted(where, here, there, names)
        return
    for step in (*here, *there):
        text = f"only the {names[0] if here else names[1]} has the step {step.text!r}"
        lines = (step.line, None) if here else (None, step.line)
        place = f"steps {where} the operation: {step.text[:80]!r}"
        yield Fact("language", place, more={"text": text, "lines": lines})


def _shared(one: Step, other: Step, common: frozenset[str]) -> bool:
    return bool(one.words(common)[1] & other.words(common)[1])


def _counted(where: str, here: Sequence[Step], there: Sequence[Step], names: tuple[str, str]) -> Fact:
    """Return that the numbers differ, where no word that both pages use tells which step is the other's."""
    longer = here if len(here) > len(there) else there
    told = "; ".join(repr(step.text) for step in longer[:20])
    text = f"{len(here)} steps in the {names[0]}, {len(there)} in the {names[1]}; the longer list: {told}"
    lines = (here[0].line, there[0].line)
    return Fact("language", f"steps {where} the operation", more={"text": text, "lines": lines})


def _aligned(here: Sequence[Step], there: Sequence[Step], common: frozenset[str]) -> list[tuple[int, int]]:
    """Return the pairs of steps that say the same, in order, by the technical words that they share."""
    score = [[_likeness(one, other, common) for other in there] for one in here]
    best = [[0.0] * (len(there) + 1) for _ in range(len(here) + 1)]
    for i in range(len(here) - 1, -1, -1):
        for j in range(len(there) - 1, -1, -1):
            together = score[i][j] + best[i + 1][j + 1]
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(here) and j < len(there):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _likeness(one: Step, other: Step, common: frozenset[str]) -> float:
    """Return how alike two steps are; a little more than nothing, so that as many as possible are paired."""
    total = 0.01
    for weight, (mine, theirs) in zip(
        (2, 1), zip(one.words(common), other.words(common), strict=True), strict=True
    ):
        union = mine | theirs
        total += weight * len(mine & theirs) / len(union) if union else 0.2 * weight
    return total
