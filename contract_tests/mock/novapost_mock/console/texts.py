"""The texts of the console in Ukrainian and English, and the choice of the language."""

import functools
import importlib.resources
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from novapost_mock.keys.rules import SENTENCES
from novapost_mock.messages import Request

LANGUAGES = {"uk": "Українська", "en": "English"}
"""The languages by their codes, each named in its own words."""

COOKIE = "novapost-mock-lang"

# A range with its weight (RFC 9110, 12.5.4).
_RANGE = re.compile(r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]{1,40})?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?", re.ASCII)


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Call it with the name of a text and its values.

    Attributes:
        language: `uk` or `en`.
    """

    language: str
    _texts: Mapping[str, str] = field(repr=False)

    def __call__(self, name: str, **values: object) -> str:
        """Return a text.

        Raises:
            KeyError: there is no such text.
        """
        return self._texts[name].format(**values)

    def has(self, name: str) -> bool:
        """Return whether there is a text of this name."""
        return name in self._texts


@functools.cache
def texts_of(language: str) -> Texts:
    """Return the texts of a language."""
    place = importlib.resources.files(__package__).joinpath("texts", f"{language}.json")
    rules = {f"rule.{rule}": sentence[language] for rule, sentence in SENTENCES.items()}
    return Texts(language, json.loads(place.read_text(encoding="utf-8")) | rules)


def chosen(request: Request) -> str | None:
    """Return the language of the address, or None."""
    return next((each for each in request.parameter_values("lang") if each in LANGUAGES), None)


def language_of(request: Request) -> str:
    """Return the language of the address, the cookie or the browser; otherwise English."""
    return chosen(request) or _remembered(request) or _preferred(request) or "en"


def _remembered(request: Request) -> str | None:
    pairs = [part.partition("=") for line in request.header_values("cookie") for part in line.split(";")]
    return next((v.strip() for k, _, v in pairs if k.strip() == COOKIE and v.strip() in LANGUAGES), None)


def _preferred(request: Request) -> str | None:
    weights: dict[str, float] = {}
    for part in ",".join(request.header_values("accept-language")).split(",")[:30]:
        found = _RANGE.fullmatch(part.strip())
        if found is not None and found[1].lower() in LANGUAGES:
            language = found[1].lower()
            weights[language] = max(weights.get(language, 0.0), float(found[2] or 1))
    best = max(weights, key=lambda each: weights[each], default=None)
    return best if best is not None and weights[best] > 0 else None
