"""Credentials as a value: what goes with every request that needs some."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


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

    def __or__(self, other: "Credentials") -> "Credentials":
        return Credentials(
            {**self.headers, **other.headers},
            {**self.query, **other.query},
            {**self.cookies, **other.cookies},
        )

    def __bool__(self) -> bool:
        return bool(self.headers or self.query or self.cookies)
