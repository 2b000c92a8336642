"""Is a request refused that the document does not have: another method, no credentials, an odd media type?"""

import pytest

from contract_tests.checks.document import Operation
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import chosen

CONTRACT = chosen().contract
OPERATIONS = CONTRACT.operations
PATHS = {operation.path: operation for operation in OPERATIONS}
METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")


def _is_secured(operation: Operation) -> bool:
    """Return whether every way to call an operation needs a credential that a request carries.

    A certificate (mutualTLS) belongs to the connection; whoever serves plain HTTP has nothing to ask for.
    """
    schemes = CONTRACT.resolve(CONTRACT.document.get("components") or {}).get("securitySchemes") or {}
    of_requests = {name for name in schemes if CONTRACT.resolve(schemes[name]).get("type") != "mutualTLS"}
    return bool(operation.security) and all(of_requests.intersection(need) for need in operation.security)


_SECURED = [each for each in OPERATIONS if _is_secured(each)]


@pytest.mark.parametrize("path", PATHS)
def test_an_undocumented_method_is_refused(
    path: str, api: Api, samples: Samples, resources: Resources
) -> None:
    """What is not documented is not promised, and callers must not come to rely on it."""
    api.calls.begin()
    documented = {each.method for each in OPERATIONS if each.path == path}
    for method in METHODS:
        if method in documented or _meant_otherwise(method, path):
            continue
        values = resources.values(PATHS[path])
        api.send(method, samples.path(PATHS[path], values))


def _meant_otherwise(method: str, path: str) -> bool:
    """Return whether another documented template takes the same path with this method."""
    return any(each.method == method and each.template.fullmatch(path) for each in OPERATIONS)


@pytest.mark.parametrize("operation", _SECURED, ids=[each.label for each in _SECURED])
@pytest.mark.parametrize("given", ["none", "wrong"])
def test_credentials_are_required(
    operation: Operation, given: str, api: Api, samples: Samples, resources: Resources
) -> None:
    """An operation that the document protects is answered to nobody without credentials."""
    api.calls.begin()
    options = samples.options(operation)
    path = samples.path(operation, resources.values(operation))
    if given == "wrong":
        if not api.credentials:
            pytest.skip("unproven: no credentials are known, so none are known to be wrong")
        headers = {name: _wrong(value) for name, value in api.credentials.headers.items()}
        options["headers"] = {**options.get("headers", {}), **headers}
        options["params"] = [
            *options.get("params", []),
            *((n, _wrong(v)) for n, v in api.credentials.query.items()),
        ]

    answer = api.send(operation.method, path, credentials=False, **options)

    api.expect(
        not 200 <= answer.status < 300,
        "credentials-are-required",
        f"{answer.status} with {'no' if given == 'none' else 'wrong'} credentials",
        operation.label,
    )


def _wrong(value: str) -> str:
    """Return a credential like another one that nobody was given."""
    scheme, blank, secret = value.rpartition(" ")
    turned = secret[::-1].swapcase()
    return f"{scheme}{blank}{turned if turned != secret else 'x' + secret}"


@pytest.mark.parametrize("path", ["/no-such-path-7f3a", "/", "/%2e%2e/no-such-path-7f3a"])
def test_an_unknown_path_is_no_crash(path: str, api: Api) -> None:
    """Whoever mistypes an address is told so."""
    api.calls.begin()
    api.send("GET", path)


_WITH_BODY = [each for each in OPERATIONS if each.content]


@pytest.mark.parametrize("operation", _WITH_BODY, ids=[each.label for each in _WITH_BODY])
@pytest.mark.parametrize("media_type", [None, "application/x-nothing", "text/plain", "json"])
def test_an_odd_media_type_is_no_crash(
    operation: Operation, media_type: str | None, api: Api, samples: Samples, resources: Resources
) -> None:
    """A server may take such a body or refuse it; it does not fail."""
    api.calls.begin()
    path = samples.path(operation, resources.values(operation))
    options = samples.options(operation)
    headers = {n: v for n, v in options.get("headers", {}).items() if n.lower() != "content-type"}
    headers |= {"Content-Type": media_type} if media_type else {}
    kept = {"params": options.get("params", []), "headers": headers}
    api.send(operation.method, path, content=options.get("content", b"{}"), **kept)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.label for each in OPERATIONS])
def test_what_is_accepted_is_advice(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """A documented answer comes for `*/*` and for its media types, and for no media type it or 406."""
    api.calls.begin()
    known = [media for answer in operation.answers.values() for media in answer.content if "*" not in media]
    for accept in ("*/*", "application/x-nothing", *(dict.fromkeys(known) if len(set(known)) > 1 else ())):
        fresh = operation.method == "DELETE"
        path = samples.path(operation, resources.values(operation, fresh=fresh))
        options = samples.options(operation)
        headers = {**options.pop("headers", {}), "Accept": accept}
        api.send(operation.method, path, headers=headers, **options)
