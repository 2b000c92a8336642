"""Paths: which operations stand at the path of a request, and what its templates take from it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Generic, TypeVar
from urllib.parse import unquote

Segments = tuple[str, ...]
T = TypeVar("T")

_NAMED = re.compile(r"\{([^{}]*)\}")
_VERB = re.compile(r"\{[^{}]*\}(:[^{}]+)")
# Ways to divide a segment among its names, and the longest segment in which they are looked for.
_MOST_READINGS = 200
_LONGEST_DIVIDED = 200


class Template:
    """A path template such as `/parcels/{id}.pdf`, below a base path."""

    def __init__(self, base: str, path: str) -> None:
        """Read a template.

        Args:
            base: the base path, without a slash at the end.
            path: the template below it, from its first slash.
        """
        literal = "/".join(map(_decoded, path.split("/")))
        self.segments: Segments = tuple(f"{base}{literal}".removeprefix("/").split("/"))
        self._parts = [(i, _part(s)) for i, s in enumerate(self.segments) if "{" in s and _NAMED.search(s)]
        whole = sum(isinstance(part, str) for _, part in self._parts)
        # Templates that differ only in names are the same path (OpenAPI 3.1, 4.8.8.1).
        self.key: Segments = tuple(_NAMED.sub("{}", segment) for segment in self.segments)
        self.rank = (whole, len(self._parts) - whole)
        """How open the template is; of several that fit, the least open one counts."""

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether a segment holds several names, so that a path may be read in several ways."""
        return any(not isinstance(part, str) and part.groups > 1 for _, part in self._parts)

    @property
    def is_concrete(self) -> bool:
        """Tell whether nothing in it is left open."""
        return not self._parts

    def fits(self, segments: Segments) -> bool:
        """Tell whether a path, split and decoded, is one of this template."""
        return len(segments) == len(self.segments) and self._fits(segments)

    def _fits(self, segments: Segments) -> bool:
        open_ = {index for index, _ in self._parts}
        for index, part in self._parts:
            given = segments[index]
            if not given or (not isinstance(part, str) and part.fullmatch(given) is None):
                return False
        return all(i in open_ or wanted == segments[i] for i, wanted in enumerate(self.segments))

    def values(self, segments: Segments) -> dict[str, str]:
        """Return what a path that fits gives each name."""
        found: dict[str, str] = {}
        for index, part in self._parts:
            if isinstance(part, str):
                found[part] = segments[index]
            elif (match := part.fullmatch(segments[index])) is not None:
                found.update(zip(_NAMED.findall(self.segments[index]), match.groups(), strict=True))
        return found

    def readings(self, segments: Segments) -> Iterator[dict[str, str]]:
        """Yield each way to read a path that fits: `{from}-{to}` divides `a-b-c` in two ways."""
        named = [(_NAMED.findall(self.segments[index]), index) for index, _ in self._parts]
        ways = [
            _divided(segments[index], _NAMED.split(self.segments[index])[::2])
            if len(names) > 1 and len(segments[index]) <= _LONGEST_DIVIDED
            else [tuple(self.values(segments)[name] for name in names)]
            for names, index in named
        ]
        for texts in islice(product(*ways), _MOST_READINGS):
            pairs = zip(named, texts, strict=True)
            yield {name: text for (names, _), given in pairs for name, text in zip(names, given, strict=True)}

    def thing(self, segments: Segments) -> Segments:
        """Return what a path that fits is about, equal for all paths that are about the same.

        `/refs/{id}` and `/ref/{id}` are two ways to one thing, and `{id}:cancel` is below `{id}`.
        """
        result: list[str] = []
        for wanted, given in zip(self.segments, segments, strict=True):
            verb = _VERB.fullmatch(wanted)
            if verb:
                result += (given.removesuffix(verb[1]), verb[1])
            else:
                result.append(given if "{" in wanted else given.rstrip("s"))
        return tuple(result)


def _decoded(segment: str) -> str:
    """Return a segment of a path of the document as requests are read; braces and slashes stay encoded."""
    decoded = unquote(segment) if "%" in segment else segment
    return segment if set("{}/") & (set(decoded) - set(segment)) else decoded


def _part(segment: str) -> str | re.Pattern[str]:
    whole = _NAMED.fullmatch(segment)
    if whole:
        return whole[1]
    pieces = _NAMED.split(segment)
    return re.compile(
        "".join("(.+?)" if i % 2 else re.escape(piece) for i, piece in enumerate(pieces)), re.DOTALL
    )


def _divided(text: str, literals: list[str]) -> list[tuple[str, ...]]:
    """Return the ways to find texts between literals, those with the shortest texts first."""
    found: list[tuple[tuple[str, ...], str]] = [((), text.removeprefix(literals[0]))]
    for literal in literals[1:-1]:
        found = [
            ((*texts, rest[:end]), rest[end + len(literal) :])
            for texts, rest in found
            for end in range(1, len(rest))
            if rest.startswith(literal, end)
        ][:_MOST_READINGS]
    last = literals[-1]
    return [
        (*texts, rest.removesuffix(last))
        for texts, rest in found
        if rest.endswith(last) and len(rest) > len(last)
    ]


class Router(Generic[T]):
    """Finds what stands at a path, by method."""

    def __init__(self, entries: Iterable[tuple[Template, str, T]]) -> None:
        """Build the table.

        Args:
            entries: template, method and what stands there; of equal ones the first counts.
        """
        self._concrete: dict[Segments, dict[str, T]] = {}
        templates: dict[Segments, tuple[Template, dict[str, T]]] = {}
        for template, method, entry in entries:
            if template.is_concrete:
                self._concrete.setdefault(template.segments, {}).setdefault(method, entry)
            else:
                templates.setdefault(template.key, (template, {}))[1].setdefault(method, entry)
        self._open: dict[int, list[tuple[Template, dict[str, T]]]] = defaultdict(list)
        for template, methods in sorted(templates.values(), key=lambda each: each[0].rank):
            self._open[len(template.segments)].append((template, methods))

    def at(self, segments: Segments) -> Mapping[str, T]:
        """Return what stands at a path by method; empty where there is no such path.

        A concrete path is preferred to a template that would fit as well (OpenAPI 3.0, Paths Object).
        """
        found = self._concrete.get(segments)
        if found is not None:
            return found
        for template, methods in self._open.get(len(segments), ()):
            if template.fits(segments):
                return methods
        return {}
