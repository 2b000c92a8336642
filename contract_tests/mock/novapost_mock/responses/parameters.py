"""Parameters of a request: where each stands, how it is written (OpenAPI 3.1, 4.8.12.2), whether it fits."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_plus

from novapost_mock.responses.json_body import BodyError, parse_json
from novapost_mock.schemas.parameter_values import Reader, unfolded
from novapost_mock.schemas.validators import Shape

IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""Headers that a parameter cannot describe (OpenAPI 3.1, 4.8.12.1)."""


ADVICE = frozenset(
    {"accept-language", "accept-charset", "accept-encoding", "prefer", "cache-control", "pragma"}
)
"""Headers that say what a client would like (RFC 9110, 12.5; RFC 7240; RFC 9111, 5.2.1). Each has a grammar
of its own: `en-US,en;q=0.9`, `*`. A server takes what fits and does without the rest, so none is refused."""

_INDEXED = re.compile(r"(.+)\[[0-9]{1,9}\]", re.DOTALL)


@dataclass(frozen=True)
class Incoming:
    """What of a request holds parameters, read once.

    Attributes:
        path: what the template's names stand for, decoded.
        raw_path: the same as sent; a delimiter counts only where it was not encoded.
        query: names and texts in the order sent, decoded.
        headers: every value by lower-case name.
        cookies: value by name.
    """

    path: Mapping[str, str]
    raw_path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, Sequence[str]]
    cookies: Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One parameter, compiled.

    Attributes:
        name: as the document has it; a header's name in any case.
        where: path, query, header or cookie.
        required: whether it has to be there.
        style: form, spaceDelimited, pipeDelimited, deepObject, simple, label or matrix.
        explode: whether each item or property is written for itself.
        is_json: whether it is a JSON text (`content` in the document instead of `schema`).
        may_be_empty: whether it may stand there without a value.
        shape: what it has to fit.
        reader: reads its text back.
    """

    name: str
    where: str
    required: bool
    style: str
    explode: bool
    is_json: bool
    may_be_empty: bool
    shape: Shape
    reader: Reader = field(repr=False)

    def fault(self, incoming: Incoming) -> str | None:
        """Return what is wrong with the parameter in a request; None if nothing is."""
        texts = self._texts(incoming)
        if texts is None:
            return f"Missing required {self.where} parameter: {self.name}" if self.required else None
        if self.may_be_empty and texts == [""]:
            return None
        if self.where == "header" and self.name.lower() in ADVICE:
            return None
        for value in self._readings(texts, incoming):
            if self.shape.accepts(value):
                return None
        return f"Invalid {self.where} parameter: {self.name}"

    def accepts(self, text: str) -> bool:
        """Tell whether a single text fits."""
        return any(self.shape.accepts(value) for value in self.reader.scalar(text))

    def _texts(self, incoming: Incoming) -> list[str] | None:
        """Return the texts that the parameter was given as; None if it is not there."""
        if self.where == "query":
            given = [text for name, text in incoming.query if name == self.name]
            if not given and self.name.endswith("[]"):
                given = [text for name, text in incoming.query if without_index(name) == self.name]
            if given:
                return given
            parts = {"object", "array"} if self.style == "deepObject" else {"object"}
            if parts & self.reader.types and self._pairs(incoming):
                return []
            return None
        if self.where == "header":
            values = incoming.headers.get(self.name.lower())
            return None if values is None else [", ".join(values)]
        held = incoming.path if self.where == "path" else incoming.cookies
        return [held[self.name]] if self.name in held else None

    def _pairs(self, incoming: Incoming) -> list[tuple[str, str]]:
        """Names and texts of an object whose properties stand in the query for themselves."""
        if self.style == "deepObject":
            return [
                (name[len(self.name) + 1 : -1], text)
                for name, text in incoming.query
                if name.startswith(f"{self.name}[") and name.endswith("]")
            ]
        if self.style == "form" and self.explode:
            known = self.reader.named
            return [(name, text) for name, text in incoming.query if name in known]
        return []

    def _readings(self, texts: list[str], incoming: Incoming) -> Iterator[Any]:
        if self.is_json:
            for text in texts[:1]:
                try:
                    yield parse_json(text)
                except BodyError:
                    return
            return
        types = self.reader.types
        if self.where == "query":
            if self.style == "deepObject" and (deep := self._pairs(incoming)):
                yield from self._deep(deep)
                return
            if "object" in types:
                yield from self._objects(texts, incoming)
            if "array" in types:
                yield from self._lists(texts)
            if len(texts) == 1:
                yield from self.reader.scalar(texts[0])
            return
        bare = self._bare(texts[0])
        if bare is None:
            return
        text = bare
        for parts in self._splits(text, incoming):
            if "array" in types:
                yield from self.reader.items(parts)
            pairs = _pairs_of(parts, self.explode) if "object" in types else None
            if pairs is not None:
                yield from self.reader.object(pairs)
        if not text:
            yield from ([] if kind == "array" else {} for kind in ("array", "object") if kind in types)
        yield from self.reader.scalar(text)

    def _deep(self, pairs: list[tuple[str, str]]) -> Iterator[Any]:
        ways = [(name.split("]["), text) for name, text in pairs]
        tree = unfolded(ways)
        if tree is not None and ("object" not in self.reader.types or ways[0][0][0] in self.reader.named):
            yield self.reader.nested(tree)
        else:  # names that nobody described may have brackets in them
            yield from self.reader.object(pairs)

    def _objects(self, texts: list[str], incoming: Incoming) -> Iterator[Any]:
        if pairs := self._pairs(incoming):
            yield from self.reader.object(pairs)
        elif len(texts) == 1 and self.style != "deepObject":
            if not texts[0]:
                yield {}
            yield from (value for value in self.reader.structured(texts[0]) if isinstance(value, dict))
            if (split := _pairs_of(texts[0].split(","), False)) is not None:
                yield from self.reader.object(split)

    def _lists(self, texts: list[str]) -> Iterator[Any]:
        if len(texts) == 1:
            mark = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(self.style, ",")
            if not self.explode:
                yield from self.reader.items(texts[0].split(mark))
                if not texts[0]:
                    # With explode a list of nothing is not written at all, and `p=` is one empty item.
                    yield []
        if self.explode or len(texts) > 1:
            yield from self.reader.items(texts)

    def _bare(self, text: str) -> str | None:
        """Return a path segment without what the style puts before it."""
        if self.style == "label":
            return text[1:] if text.startswith(".") else None
        if self.style == "matrix":
            if self.explode and "object" in self.reader.types:
                return text[1:] if text.startswith(";") else None
            start = f";{self.name}"
            return text[len(start) :].removeprefix("=") if text.startswith(start) else None
        return text

    def _splits(self, text: str, incoming: Incoming) -> Iterator[list[str]]:
        """Yield the parts of a text: those of the text as it was sent, then those of the decoded one."""
        raw = incoming.raw_path.get(self.name) if self.where == "path" else None
        bare = None if raw is None or "%" not in raw else self._bare(raw)
        if bare is not None:
            yield [unquote(part, errors="replace") for part in self._split(bare)]
        yield self._split(text)

    def _split(self, text: str) -> list[str]:
        if self.where == "header":
            return [each.strip() for each in text.split(",")]
        if self.style == "label" and self.explode:
            return text.split(".")
        if self.style == "matrix" and self.explode:
            return [each.removeprefix(f"{self.name}=") for each in text.split(";")]
        return text.split(",")


def _pairs_of(parts: list[str], exploded: bool) -> list[tuple[str, str]] | None:
    if exploded:
        if not all("=" in part for part in parts):
            return None
        return [(name, text) for name, _, text in (part.partition("=") for part in parts)]
    return list(zip(parts[::2], parts[1::2], strict=True)) if len(parts) % 2 == 0 else None


def without_index(name: str) -> str:
    """`refs[0]` as `refs[]`, two ways in which PHP's clients and others write the items of a list."""
    indexed = _INDEXED.fullmatch(name)
    return name if indexed is None else f"{indexed[1]}[]"


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Split a query into decoded names and texts; bytes that are not UTF-8 become U+FFFD."""
    return [
        (unquote_plus(name, errors="replace"), unquote_plus(text, errors="replace"))
        for name, _, text in (part.partition("=") for part in query.split("&") if part)
    ]


def cookies(values: Iterable[str]) -> dict[str, str]:
    """Read Cookie headers (RFC 6265, 4.2): the last of several equal names counts, quotes are taken off."""
    found: dict[str, str] = {}
    for value in values:
        for pair in value.split(";"):
            name, equals, text = pair.strip().partition("=")
            if equals:
                found[name] = unquote(text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text)
    return found


def first_fault(parameters: Iterable[Parameter], incoming: Incoming) -> tuple[Parameter, str] | None:
    """Return the first parameter that does not fit, and what is wrong with it."""
    for parameter in parameters:
        fault = parameter.fault(incoming)
        if fault is not None:
            return parameter, fault
    return None
