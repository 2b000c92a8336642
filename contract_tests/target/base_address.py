"""Whether a base address leads to the API of a document at all, asked before the first test."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit, urlunsplit

import httpx

from contract_tests.target.transport import trust

_SECONDS = 10
# What a server says of a path at which it has nothing; an API that wants credentials says 401 of every path.
_NOTHING_THERE = frozenset({404, 405, 410, 501, 502})
_NOBODY = "no-such-path-7f3a"


def objection(base: str, operations: Iterable[tuple[str, str]], prefixes: Iterable[str] = ()) -> str:
    """Return what is wrong with a base address, in one line; "" if nothing is.

    Args:
        base: it ends in a slash.
        operations: method and path of each operation.
        prefixes: paths of the servers that the document names.
    """
    wanted = sorted({pair for pair in operations if "{" not in pair[1]}, key=lambda pair: pair[0] != "GET")
    if not wanted:
        return ""
    try:
        with httpx.Client(timeout=_SECONDS, trust_env=False, verify=trust()) as client:
            if (said := _nothing(client, base, wanted)) is None:
                return ""
            better = next(_better(client, base, wanted, prefixes), "")
    except (httpx.HTTPError, httpx.InvalidURL):
        # The run tells it better: each request that gets no answer is a finding.
        return ""
    advice = f"; TARGET={better} has them" if better else f"; TARGET is what stands before {wanted[0][1]}"
    return f"at {base} is nothing of the document: every path gets {said}{advice}"


def _nothing(client: httpx.Client, base: str, operations: list[tuple[str, str]]) -> str | None:
    """Return the one answer to all operations and to an unknown path; None if the answers differ."""
    for method, path in operations:
        answer = client.request(method, base + path.removeprefix("/"))
        if not _is_of_nowhere(answer):
            return None
        nobody = client.request(method, base + _NOBODY)
        if nobody.status_code != answer.status_code or _body(answer, path) != _body(nobody, f"/{_NOBODY}"):
            return None
    place = f" to {answer.headers['location'][:100]}" if answer.has_redirect_location else ""
    kind = " with a page of HTML" if answer.is_success else ""
    return f"{answer.status_code}{place}{kind}"


def _is_of_nowhere(answer: httpx.Response) -> bool:
    if answer.is_success:
        kind: str = answer.headers.get("content-type", "")
        return kind.lower().startswith("text/html")
    return bool(answer.has_redirect_location) or answer.status_code in _NOTHING_THERE


def _body(answer: httpx.Response, path: str) -> str:
    """Return the body without the path of the request, which an error page may repeat."""
    return answer.text.replace(path, "").replace(path.removeprefix("/"), "")


def _better(
    client: httpx.Client, base: str, operations: list[tuple[str, str]], prefixes: Iterable[str]
) -> Iterator[str]:
    """Return the addresses on the same server at which the document's operations are."""
    parts = urlsplit(base)
    for prefix in dict.fromkeys(prefix.strip("/") for prefix in prefixes):
        for path in dict.fromkeys((f"/{prefix}/", f"{parts.path}{prefix}/", "/")):
            other = urlunsplit(parts._replace(path=path.replace("//", "/")))
            if other != base and _nothing(client, other, operations) is None:
                yield other
