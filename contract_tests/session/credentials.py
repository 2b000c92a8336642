"""Credentials for the operations that need some: from the command line, schemathesis.toml or auth.yaml.

`auth.yaml` is that of Web Fuzzing Commons (github.com/WebFuzzing/Commons): fixed headers, and a login whose
answer holds a token.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from schemathesis.config import (
    ApiKeyAuthConfig,
    ConfigError,
    HttpBasicAuthConfig,
    HttpBearerAuthConfig,
    SchemathesisConfig,
)

from contract_tests.checks.operations import Document
from contract_tests.session.resources import followed
from contract_tests.target.credentials import Credentials
from contract_tests.target.targets import WrongUse
from scripts.document.parse import parse_yaml
from scripts.lib.errors import Refusal, Refusals

_SECONDS = 10
_LARGEST = 256 * 1024


# What the mock that the suite starts is told to take; it opens nothing elsewhere.
OF_THE_MOCK = "suite-credential"
CONFIGURATION, LOGINS = "schemathesis.toml", "auth.yaml"


def of_headers(lines: Sequence[str]) -> Credentials:
    """Return the headers of a command line, each "Name: value".

    Raises:
        WrongUse: one is no header. The message does not show it.
    """
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip().isascii() or not name.strip() or "\n" in line:
            raise WrongUse("-H is a header such as 'Authorization: Bearer ...'")
        headers[name.strip().lower()] = value.strip()
    return Credentials(headers)


def of_the_mock(document: Document) -> Credentials:
    """Return what the mock that is started with the credential of the suite takes, for each scheme."""
    found = Credentials()
    for name in _schemes(document):
        found |= _for_scheme(document, name, OF_THE_MOCK, f"{OF_THE_MOCK}:{OF_THE_MOCK}")
    return found


def beside(file: Path, document: Document, base_url: str) -> Credentials:
    """Return what schemathesis.toml and auth.yaml say, each beside the document or where the run began.

    Raises:
        WrongUse: one of them cannot be used, or a login failed.
    """
    found = Credentials()
    for folder in dict.fromkeys((Path.cwd(), file.resolve().parent)):
        if (folder / CONFIGURATION).is_file():
            found |= _of_schemathesis(folder / CONFIGURATION, document)
        if (folder / LOGINS).is_file():
            found |= _of_logins(folder / LOGINS, base_url)
    return found


def _of_schemathesis(file: Path, document: Document) -> Credentials:
    try:
        project = SchemathesisConfig.from_path(file).projects.default
    except (OSError, ValueError, ConfigError) as error:
        raise WrongUse(f"{file.name}: {str(error).splitlines()[0]}") from error
    found = Credentials({name.lower(): value for name, value in (project.headers or {}).items()})
    if project.auth.basic is not None:
        found |= Credentials({"authorization": _basic(":".join(project.auth.basic))})
    for name, scheme in project.auth.openapi.schemes.items():
        if name not in _schemes(document):
            raise WrongUse(f"{file.name}: the document has no security scheme {name!r}")
        if isinstance(scheme, HttpBasicAuthConfig):
            found |= _for_scheme(document, name, "", f"{scheme.username}:{scheme.password}")
        elif isinstance(scheme, ApiKeyAuthConfig):
            found |= _for_scheme(document, name, scheme.api_key, scheme.api_key)
        elif isinstance(scheme, HttpBearerAuthConfig):
            found |= _for_scheme(document, name, scheme.bearer, scheme.bearer)
    return found


def _schemes(document: Document) -> Mapping[str, Any]:
    found = (document.document.get("components") or {}).get("securitySchemes")
    return found if isinstance(found, dict) else {}


def _for_scheme(document: Document, name: str, secret: str, pair: str) -> Credentials:
    scheme = document.resolve(_schemes(document)[name])
    kind, place = scheme.get("type"), scheme.get("in")
    if kind == "apiKey":
        return _carried(place, {str(scheme.get("name", "")): secret})
    if kind == "http" and str(scheme.get("scheme", "")).lower() == "basic":
        return Credentials({"authorization": _basic(pair)})
    if kind in ("http", "oauth2", "openIdConnect"):
        return Credentials({"authorization": f"Bearer {secret}"})
    return Credentials()


def _carried(place: Any, held: dict[str, str]) -> Credentials:
    """Return credentials that travel in the query, in a cookie, or else in a header."""
    if place == "query":
        return Credentials(query=held)
    if place == "cookie":
        return Credentials(cookies=held)
    return Credentials({name.lower(): value for name, value in held.items()})


def _basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _of_logins(file: Path, base_url: str) -> Credentials:
    try:
        content = file.read_bytes()
        if len(content) > _LARGEST:
            raise WrongUse(f"{file.name}: more than {_LARGEST // 1024} KiB")
        tree: Any = parse_yaml(content, file.name)
    except (OSError, Refusal, Refusals) as error:
        told = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise WrongUse(f"{file.name}: {told}") from error
    users = tree.get("auth") if isinstance(tree, dict) else None
    if not isinstance(users, list) or not users or not all(isinstance(user, dict) for user in users):
        raise WrongUse(f"{file.name}: `auth` is to be a list of users (Web Fuzzing Commons)")
    shared: Any = tree.get("authTemplate") or {}
    user = {**shared, **users[0]}
    try:
        headers = {str(each["name"]).lower(): str(each["value"]) for each in user.get("fixedHeaders", [])}
        login = {**shared.get("loginEndpointAuth", {}), **users[0].get("loginEndpointAuth", {})}
        return Credentials(headers) | (_logged_in(login, base_url, file.name) if login else Credentials())
    except (KeyError, TypeError, AttributeError) as error:
        raise WrongUse(
            f"{file.name}: the first user is not as Web Fuzzing Commons has it: {error}"
        ) from error


def _logged_in(login: Mapping[str, Any], base_url: str, name: str) -> Credentials:
    """Log in as auth.yaml says, and return the token or cookie that came."""
    address = login.get("externalEndpointURL") or base_url + str(login["endpoint"]).removeprefix("/")
    payload = login.get("payloadRaw")
    if payload is None:
        payload = json.dumps(login.get("payloadUserPwd") or {})
    try:
        answer = httpx.request(
            str(login.get("verb", "POST")),
            address,
            content=str(payload).encode(),
            headers={"Content-Type": str(login.get("contentType", "application/json"))},
            timeout=_SECONDS,
            trust_env=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WrongUse(f"{name}: the login was not answered: {type(error).__name__}") from error
    if not answer.is_success:
        raise WrongUse(f"{name}: the login was answered with {answer.status_code}")
    if login.get("expectCookies") is True:
        return Credentials(cookies=dict(answer.cookies))
    token = login["token"]
    if token.get("extractFrom", "body") == "header":
        value: Any = answer.headers.get(token["extractSelector"])
    else:
        try:
            value = followed(f"$response.body#{token['extractSelector']}", answer.json(), {})
        except ValueError:
            value = None
    if not isinstance(value, str) or not value:
        raise WrongUse(f"{name}: the login's answer has no token at {token['extractSelector']}")
    text = str(token.get("sendTemplate", "{token}")).replace("{token}", value)
    held = {str(token.get("sendName", "Authorization")): text}
    return _carried(token.get("sendIn", "header"), held)
