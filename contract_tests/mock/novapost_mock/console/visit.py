"""One request for a page: who asks, in which language, and what a form brought.

A form changes things, so another page that somebody has open must not be able to send it. Browsers say where
a form comes from: by `Origin`, which control looks at for all its paths, and by `Sec-Fetch-Site`. What is
sent without either comes from no browser, and nobody but its sender is tricked by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qsl

from novapost_mock.console.shown_mock import ShownMock
from novapost_mock.console.texts import Texts, language_of, texts_of
from novapost_mock.keys.rules import PHONE
from novapost_mock.messages import MAX_BODY, Request

MAX_FIELDS = 30
FORM = "application/x-www-form-urlencoded"


class ProblemError(Exception):
    """A request that gets no page but a problem told on one.

    Attributes:
        status: the HTTP status.
        name: of the text that says what is wrong.
    """

    def __init__(self, status: int, name: str) -> None:
        super().__init__(status, name)
        self.status = status
        self.name = name


@dataclass(frozen=True)
class Visit:
    """A request for a page.

    Attributes:
        mock: what the page shows and steers.
        request: the request.
        now: its time on the mock's clock, in UTC.
    """

    mock: ShownMock
    request: Request
    now: datetime

    @cached_property
    def texts(self) -> Texts:
        """The texts of the reader's language."""
        return texts_of(language_of(self.request))

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of the form.

        Raises:
            ProblemError: it is too large, no form, or names a field twice.
        """
        return read_form(self.request)

    def field(self, name: str) -> str:
        """Return a field without white space around it; empty if it was not given."""
        return self.form.get(name, "").strip()

    def phone(self) -> str:
        """Return the field `phone`.

        Raises:
            ProblemError: it is no phone.
        """
        phone = self.field("phone")
        if not PHONE.fullmatch(phone):
            raise ProblemError(400, "problem.phone")
        return phone


def read_form(request: Request) -> Mapping[str, str]:
    """Return the fields of a form that was sent.

    Raises:
        ProblemError: it is too large, no form, or names a field twice.
    """
    if len(request.body) > MAX_BODY:
        raise ProblemError(413, "problem.large")
    declared = {value.partition(";")[0].strip().lower() for value in request.header_values("content-type")}
    if declared != {FORM}:
        raise ProblemError(415, "problem.form")
    try:
        text = request.body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise ProblemError(400, "problem.form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ProblemError(400, "problem.form")
    return fields


def comes_from_elsewhere(request: Request) -> bool:
    """Tell whether a browser says that another site or another port sends this (Fetch Metadata)."""
    return not {value.lower() for value in request.header_values("sec-fetch-site")} <= {"same-origin", "none"}
