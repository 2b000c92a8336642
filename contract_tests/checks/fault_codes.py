"""The codes of Web Fuzzing Commons for findings, so that a run can be laid beside that of another fuzzer.

The catalogue is WebFuzzing/Commons on GitHub (Apache License 2.0), commit 6add87f, `DefinedFaultCategory`.
`docs/explanation/faults-catalogue.md` says which check tries which kind, and why some are not tried.
"""

import re
from typing import NamedTuple


class FaultCode(NamedTuple):
    """A kind of fault: its number and its name in the catalogue."""

    code: int
    name: str


CATALOGUE: tuple[FaultCode, ...] = (
    FaultCode(100, "HTTP Status 500"),
    FaultCode(101, "Received A Response From API With A Structure/Data That Is Not Matching Its Schema"),
    FaultCode(102, "Received Success Response When Sending Wrong Data"),
    FaultCode(103, "Resource Still Accessible After Being Deleted"),
    FaultCode(104, "Failed Creation of Resource Has Side Effects on Backend"),
    FaultCode(200, "SQL Injection (SQLi)"),
    FaultCode(201, "Cross-Site Scripting (XSS)"),
    FaultCode(202, "Server-Side Request Forgery (SSRF)"),
    FaultCode(203, "Mass Assignment"),
    FaultCode(204, "Leakage Information Existence of Protected Resource"),
    FaultCode(205, "Wrongly Not Recognized as Authenticated"),
    FaultCode(206, "Allowed To Modify Resource That Likely Should Had Been Protected"),
    FaultCode(207, "A Protected Resource Is Accessible Without Providing Any Authentication"),
    FaultCode(208, "Anonymous Modifications"),
    FaultCode(209, "Leaked Stack Trace"),
    FaultCode(210, "Hidden Accessible Endpoint"),
)
# 9xx is for kinds that only one tool knows.
OWN = FaultCode(900, "A rule of this API is broken")
_BY_CODE = {each.code: each for each in CATALOGUE}
# By check, the kind that it tries; what the message says decides where one check tries several.
OF_CHECKS: dict[str, int] = {
    "status-is-documented": 101,
    "method-refusal-names-methods": 101,
    "content-type-is-documented": 101,
    "body-fits-the-schema": 101,
    "answers-whole": 101,
    "required-headers-are-there": 101,
    "empty-statuses-are-empty": 101,
    "headers-of-http-are-well-formed": 101,
    "encoding-is-one-that-was-taken": 101,
    "bad-request-is-refused": 102,
    "errors-hide-their-cause": 209,
    "additions-have-no-effect": 203,
    "schemathesis: Server error": 100,
    "schemathesis: Undocumented HTTP status code": 101,
    "schemathesis: Undocumented status code": 101,
    "schemathesis: Undocumented Content-Type": 101,
    "schemathesis: Missing Content-Type header": 101,
    "schemathesis: Missing required headers": 101,
    "schemathesis: Malformed media type": 101,
    "schemathesis: JSON deserialization error": 101,
    "schemathesis: Response violates schema": 101,
    "schemathesis: API accepted schema-violating request": 102,
    "schemathesis: Schema-violating request accepted": 102,
    "schemathesis: Missing header not rejected": 102,
    "schemathesis: Use after free": 103,
    "schemathesis: Deleted resource still available": 103,
    "schemathesis: API accepts requests without authentication": 207,
    "schemathesis: API accepts invalid authentication": 207,
    "schemathesis: Authentication not enforced": 207,
}
_STATUS = re.compile(r"[1-5][0-9]{2}\b")


def of(check: str, message: str) -> FaultCode:
    """Return the kind of a finding by the name of its check and what it says."""
    found = _STATUS.match(message)
    status = int(found[0]) if found else 0
    if status == 500 and check in ("status-is-documented", "status-fits-the-request"):
        return _BY_CODE[100]
    if check == "status-is-documented" and status and status < 400 and "no such operation" in message:
        return _BY_CODE[210]
    if check == "status-fits-the-request" and 200 <= status < 300 and "breaks the document" in message:
        return _BY_CODE[102]
    return _BY_CODE.get(OF_CHECKS.get(check, 0), OWN)
