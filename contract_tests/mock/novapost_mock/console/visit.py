"""One request for a page: its origin, its language and the fields of its form.

A form changes the state, so a page of another site must not be able to send it. Browsers state where a form
comes from: in `Origin`, which the control API checks for all its paths, and in `Sec-Fetch-Site`. A request
without both comes from a program and not from a browser, so no other site can have caused it.
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
    """A problem with a request, which a page shows.

    Attributes:
        status: the HTTP status.
        name: the name of the text about the problem.
    """

    def __init__(self, status: int, name: str) -> None:
        super().__init__(status, name)
        self.status = status
        self.name = name


@dataclass(frozen=True)
class Visit:
    """A request for a page.

    Attributes:
        mock: the mock that the page shows and changes.
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
            ProblemError: it is too large, not a form, or has a field twice.
        """
        return read_form(self.request)

    def field(self, name: str) -> str:
        """Return a field without white space around it; empty if it was not given."""
        return self.form.get(name, "").strip()

    def phone(self) -> str:
        """Return the field `phone`.

        Raises:
            ProblemError: it is not a phone.
        """
        phone = self.field("phone")
        if not PHONE.fullmatch(phone):
            raise ProblemError(400, "problem.phone")
        return phone


def read_form(request: Request) -> Mapping[str, str]:
    """Return the fields of a form that was sent.

    Raises:
        ProblemError: it is too large, not a form, or has a field twice.
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
    """Return whether a browser states that another site or port sends this (Fetch Metadata)."""
    return not {value.lower() for value in request.header_values("sec-fetch-site")} <= {"same-origin", "none"}
