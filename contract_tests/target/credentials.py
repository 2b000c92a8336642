"""Credentials as a value: what goes with every request that needs some."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx


@dataclass(frozen=True)
class Credentials:
    """What is sent with every request that needs credentials.

    Attributes:
        headers, query, cookies: by name.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> list[str]:
        """Every value, also without the scheme before it, to be masked."""
        values = [*self.headers.values(), *self.query.values(), *self.cookies.values()]
        return [*values, *(value.partition(" ")[2] for value in values if " " in value)]

    @property
    def variables(self) -> dict[str, str]:
        """Return by name the variable of a shell that stands for each in printed commands."""
        return {name: "$" + re.sub(r"\W", "_", name).upper() for name in (*self.headers, *self.query)}

    def put_into(self, request: httpx.Request, *, anew: bool = False) -> None:
        """Put the credentials into a request.

        Args:
            anew: in place of those that it has, which were made up.
        """
        for name, value in self.headers.items():
            if anew or name not in request.headers:
                request.headers[name] = value
        if cookies := self.cookies:
            own = {} if anew else dict(_pairs(request.headers.get("cookie", "")))
            request.headers["cookie"] = "; ".join(f"{n}={v}" for n, v in {**cookies, **own}.items())
        if missing := {
            name: value for name, value in self.query.items() if anew or name not in request.url.params
        }:
            request.url = request.url.copy_merge_params(missing)

    def __or__(self, other: "Credentials") -> "Credentials":
        return Credentials(
            {**self.headers, **other.headers},
            {**self.query, **other.query},
            {**self.cookies, **other.cookies},
        )

    def __bool__(self) -> bool:
        return bool(self.headers or self.query or self.cookies)


def _pairs(cookie: str) -> Iterator[tuple[str, str]]:
    for each in cookie.split(";"):
        name, equals, value = each.strip().partition("=")
        if equals:
            yield name, value
