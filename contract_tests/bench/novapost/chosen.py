"""The thirty defects of the comparison, chosen once from the catalogue of defects, and why.

They are spread over what can go wrong in an answer that a document describes, as a reviewer of an API would
list it, and a third concern state: what is right depends on what happened before. They were chosen by name
and kind before any of the tools had been run on them, each tool was tried on all, and none was exchanged.
"""

from dataclasses import dataclass

STATEFUL = "state"


@dataclass(frozen=True)
class Chosen:
    """A defect of the catalogue.

    Attributes:
        name: its name in the catalogue.
        kind: what it concerns.
        reason: why it is among the thirty.
    """

    name: str
    kind: str
    reason: str

    @property
    def is_stateful(self) -> bool:
        """Whether what is right depends on what happened before."""
        return self.kind == STATEFUL


_TABLE = {
    "fields": {
        "key-status-missing": "a required member is not there",
        "key-with-an-extra-field": "a member that the schema forbids",
        "key-apiKey-number": "a member of another type",
        "jwt-renamed": "a member under another name, in the second operation",
    },
    "formats": {
        "key-createdAt-day-first": "a date that is none by RFC 3339",
        "key-status-lower-case": "a value outside the enumeration, by its case only",
        "jwt-of-two-parts": "a text that breaks a pattern",
    },
    "statuses": {
        "key-200-as-201": "success by an undocumented status",
        "key-404-as-500": "an error becomes a crash",
        "jwt-401-as-403": "an undocumented status that is easily taken for the documented one",
        "key-409-as-404": "a documented status in place of another",
    },
    "shapes": {
        "key-404-as-html": "an error page of some server in between",
        "key-400-in-the-other-shape": "the error shape of other statuses",
        "jwt-401-without-errors": "an error without its reason",
    },
    "bad input": {
        "phone-with-plus-taken": "input that a pattern forbids is repaired and taken",
        "phone-as-number-taken": "another type is taken",
        "body-with-more-members-taken": "members that the schema forbids are taken",
    },
    "crashes": {
        "crash-on-an-emoji": "a crash on unusual text",
        "crash-on-a-list": "a crash on another type of body",
    },
    "methods": {"405-without-allow": "what HTTP itself asks for (RFC 9110)"},
    STATEFUL: {
        "repeat-gets-another-key": "same day: the same key",
        "second-phones-repeat-gets-another-key": "the same, for every phone but the first",
        "renewal-keeps-the-end": "across days: the end moves",
        "renewal-gets-another-key": "across days: at most one active key",
        "reactivation-gets-another-key": "after expiry: the same key again",
        "cleaned-key-comes-back": "after a cleanup: a new key",
        "cleaned-key-buys-a-jwt": "a deleted key buys nothing",
        "expired-key-buys-a-jwt": "an expired key buys nothing",
        "no-limit": "the daily limit",
        "keys-at-once-differ": "at most one active key, when asked for at the same time",
    },
}
CHOSEN = tuple(
    Chosen(name, kind, reason) for kind, defects in _TABLE.items() for name, reason in defects.items()
)
# Of `--quick`: one of each kind, and two more that concern state.
QUICK = tuple(
    each
    for kind, defects in _TABLE.items()
    for each in [Chosen(n, kind, r) for n, r in defects.items()][: 3 if kind == STATEFUL else 1]
)
