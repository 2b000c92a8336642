"""How arrays and objects are written outside of a JSON body, where it is not as the usual codecs do.

Each wraps a codec and differs from it in `text` alone: what stands in a path, a header, a cookie or a query.
"""

import json
import urllib.parse
from collections.abc import Iterator
from typing import Any

from .codec import Codec, plain_text
from .values import Encoded, is_array, is_object


class _Wrapped(Codec[Any]):
    def __init__(self, inner: Codec[Any]) -> None:
        self.inner = inner
        self.expected = inner.expected
        self.rank = inner.rank

    def parse(self, value: Any) -> Any:
        """Return the Python value of a JSON value."""
        return self.inner.parse(value)

    def dump(self, value: Any) -> Any:
        """Return the JSON value of a Python value."""
        return self.inner.dump(value)


class Json(_Wrapped):
    """A parameter whose value is JSON (`content: application/json`)."""

    def text(self, value: Any) -> str:
        """Return the JSON text of a value."""
        return json.dumps(self.dump(value), ensure_ascii=True, allow_nan=False, separators=(",", ":"))

    def texts(self, value: Any) -> list[str]:
        """Return the one text that it is."""
        return [self.text(value)]


class Simple(_Wrapped):
    """A header or a cookie that holds an array or an object: `a,b`, or with `explode` `k=v,l=w`."""

    def __init__(self, inner: Codec[Any], explode: bool = False) -> None:
        super().__init__(inner)
        self.explode = explode

    def text(self, value: Any) -> str:
        """Return the values with commas between."""
        return ",".join(pieces(self.dump(value), self.explode))


class InPath(_Wrapped):
    """A value in a path by its style: `simple`, `label` (`.a.b`) or `matrix` (`;name=a,b`)."""

    def __init__(self, inner: Codec[Any], style: str, name: str = "", explode: bool = False) -> None:
        super().__init__(inner)
        self.style = style
        self.name = name
        self.explode = explode

    def text(self, value: Any) -> str:
        """Return the parts encoded, and what RFC 6570 puts between them."""
        dumped = self.dump(value)
        several = is_array(dumped) or is_object(dumped)
        found = [_quoted(piece, is_object(dumped) and self.explode) for piece in pieces(dumped, self.explode)]
        if self.style == "label":
            return Encoded("." + (".".join(found) if self.explode else ",".join(found)))
        if self.style != "matrix":
            return Encoded(",".join(found))
        if several and self.explode:
            named = found if is_object(dumped) else [f"{self.name}={piece}" for piece in found]
            return Encoded("".join(f";{piece}" for piece in named))
        return Encoded(f";{self.name}={','.join(found)}")


def _quoted(text: str, named: bool) -> str:
    if not named:
        return urllib.parse.quote(text, safe="")
    name, _, value = text.partition("=")
    return f"{urllib.parse.quote(name, safe='')}={urllib.parse.quote(value, safe='')}"


def pieces(value: Any, explode: bool) -> list[str]:
    """Return the texts of an array, an object (names and values in turn, or `name=value`) or one value."""
    if is_object(value):
        if explode:
            return [f"{name}={plain_text(item)}" for name, item in value.items()]
        return [text for name, item in value.items() for text in (name, plain_text(item))]
    return [plain_text(item) for item in value] if is_array(value) else [plain_text(value)]


def nested(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of a value with its path in brackets: `filter[price][gte]`, `tags[0]`."""
    if is_object(value) and value:
        for key, item in value.items():
            yield from nested(f"{name}[{key}]", item)
    elif is_array(value) and value:
        for position, item in enumerate(value):
            yield from nested(f"{name}[{position}]", item)
    else:
        yield name, plain_text(value)
