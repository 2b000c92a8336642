"""Texts by format (OpenAPI 3.1, 4.4; JSON Schema 2020-12 validation, 7.3)."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from random import Random


def _day(random: Random) -> str:
    return f"{random.randint(2024, 2027)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _time(random: Random) -> str:
    return f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}Z"


def _word(random: Random) -> str:
    return "".join(random.choice("abcdefghikmnoprstuvy") for _ in range(6))


def _host(random: Random) -> str:
    return f"{_word(random)}.example.com"


def _uuid(random: Random) -> str:
    """Version 4 (RFC 9562, 5.4)."""
    digits = f"{random.getrandbits(128):032x}"
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{random.choice('89ab')}{digits[17:20]}-{digits[20:]}"
    )


def _octet(random: Random) -> str:
    return str(random.randint(1, 254))


BY_FORMAT: Mapping[str, Callable[[Random], str]] = {
    "date-time": lambda r: f"{_day(r)}T{_time(r)}",
    "date": _day,
    "time": _time,
    "duration": lambda r: f"P{r.randint(1, 30)}D",
    "email": lambda r: f"{_word(r)}@example.com",
    "idn-email": lambda r: f"{_word(r)}@example.com",
    "hostname": _host,
    "idn-hostname": _host,
    # Addresses and hosts that lead nowhere: RFC 2606, RFC 5737, RFC 3849.
    "ipv4": lambda r: f"192.0.2.{_octet(r)}",
    "ip": lambda r: f"192.0.2.{_octet(r)}",
    "ipv6": lambda r: f"2001:db8::{r.randint(1, 9999)}",
    "uri": lambda r: f"https://{_host(r)}/{_word(r)}",
    "url": lambda r: f"https://{_host(r)}/{_word(r)}",
    "iri": lambda r: f"https://{_host(r)}/{_word(r)}",
    "uri-reference": lambda r: f"/{_word(r)}",
    "iri-reference": lambda r: f"/{_word(r)}",
    "uri-template": lambda r: f"/{_word(r)}/{{id}}",
    "uuid": _uuid,
    "json-pointer": lambda r: f"/{_word(r)}",
    "relative-json-pointer": lambda r: f"{r.randint(0, 3)}/{_word(r)}",
    "regex": lambda r: f"^{_word(r)}$",
    "byte": lambda r: b64encode(_word(r).encode()).decode(),
    "base64": lambda r: b64encode(_word(r).encode()).decode(),
    "password": lambda r: f"{_word(r)}-{r.randint(100, 999)}",
    "phone": lambda r: f"+4930{r.randint(10_000_000, 99_999_999)}",
    "color": lambda r: f"#{r.randint(0, 0xFFFFFF):06x}",
    "decimal": lambda r: f"{r.randint(1, 999)}.{r.randint(10, 99)}",
    "int64": lambda r: str(r.randint(1, 10**6)),
    "int32": lambda r: str(r.randint(1, 10**6)),
}


def plain(random: Random | None, least: int, most: int | None) -> str:
    """A text without a format: `text`, or a word by chance, as long as is asked."""
    text = "text" if random is None else _word(random)
    while len(text) < least:
        text += " text" if random is None else f" {_word(random)}"
    longest = max(least, 4 if random is None else 6) if len(text) > least > 0 else len(text)
    return text[: longest if most is None else min(longest, most)]
