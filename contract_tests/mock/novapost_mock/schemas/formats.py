"""Formats as expressions (OpenAPI 3.1, 4.4; JSON Schema 2020-12 validation, 7.3).

Of each format the first expression gives the usual values: near dates, and addresses and hosts that lead
nowhere (RFC 2606, RFC 5737, RFC 3849). The others are wider, for patterns and lengths beside the format. None
is wider than the format itself, as far as lengths allow; the validator has the last word.
"""

from collections.abc import Mapping, Sequence

_WORD = "[abcdefghikmnoprstuvy]{6}"

_NEAR_DAY = "202[4-7]-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_DAYS = "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_LEAP_DAY = "[0-9]{2}(?:0[48]|[2468][048]|[13579][26])-02-29"
_DAY = f"(?:[0-9]{{4}}-{_DAYS}|{_LEAP_DAY})"
_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_NEAR_TIME = f"{_MINUTE}:[0-5][0-9]Z"
_TIME = f"{_MINUTE}:[0-5][0-9](?:\\.[0-9]{{1,9}})?(?:Z|[+-]{_MINUTE})"

_COUNT = "[0-9]{1,3}"
_DATES = f"(?:{_COUNT}Y(?:{_COUNT}M(?:{_COUNT}D)?)?|{_COUNT}M(?:{_COUNT}D)?|{_COUNT}D)"
_TIMES = f"T(?:{_COUNT}H(?:{_COUNT}M(?:{_COUNT}S)?)?|{_COUNT}M(?:{_COUNT}S)?|{_COUNT}S)"
_DURATION = f"P(?:{_DATES}(?:{_TIMES})?|{_TIMES}|{_COUNT}W)"

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,28}[A-Za-z0-9])?"
_NEAR_HOST = f"{_WORD}\\.example\\.com"
_HOST = f"(?:{_LABEL}\\.){{0,7}}{_LABEL}"
_NAMED_HOST = f"(?:{_LABEL}\\.){{0,7}}[A-Za-z][A-Za-z0-9]{{0,20}}"
_LOCAL_PART = "[A-Za-z0-9]{1,20}(?:[._+-][A-Za-z0-9]{1,20}){0,2}"
_OCTET = "(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_IPV4 = f"{_OCTET}(?:\\.{_OCTET}){{3}}"
_GROUP = "[0-9a-fA-F]{1,4}"
_IPV6 = (
    f"(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{1,6}}:|:(?::{_GROUP}){{1,6}}"
    f"|(?:{_GROUP}:){{1,3}}(?::{_GROUP}){{1,3}}|::|::ffff:{_IPV4})"
)

_STEP = "[A-Za-z0-9._~-]"
_QUERY = f"\\?{_STEP}{{1,20}}={_STEP}{{0,30}}(?:&{_STEP}{{1,20}}={_STEP}{{0,30}}){{0,3}}"
_TAIL = f"(?:/{_STEP}{{0,40}}){{0,8}}(?:{_QUERY})?(?:#{_STEP}{{0,30}})?"
_AUTHORITY = f"(?:{_NAMED_HOST}|{_IPV4})(?::[1-9][0-9]{{0,3}})?"
_WEB = f"https?://{_AUTHORITY}{_TAIL}"
_OTHER_URI = (
    f"[a-z][a-z0-9+.-]{{0,10}}:(?:/?{_STEP}{{1,40}}(?:[/:]{_STEP}{{1,40}}){{0,8}}|//{_AUTHORITY}{_TAIL})"
)
_URIS = (f"https://{_NEAR_HOST}/{_WORD}", _WEB, _OTHER_URI)
_PATH = f"(?:/{_STEP}{{0,40}}){{1,8}}"
_POINTER = f"(?:/{_STEP}{{0,40}}){{0,8}}"

_HEX = "[0-9a-f]"
_ANY_HEX = "[0-9a-fA-F]"
# Version 4 (RFC 9562, 5.4) first.
_UUIDS = (
    f"{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89ab]{_HEX}{{3}}-{_HEX}{{12}}",
    f"{_ANY_HEX}{{8}}-(?:{_ANY_HEX}{{4}}-){{3}}{_ANY_HEX}{{12}}",
)
_BASE64 = (
    "[A-Za-z0-9+/]{8}",
    "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?",
)
_EMAILS = (
    f"{_WORD}@example\\.com",
    f"{_LOCAL_PART}@{_NAMED_HOST}\\.[A-Za-z]{{2,10}}",
    f"{_LOCAL_PART}@{_NAMED_HOST}",
)

_BY_FORMAT: Mapping[str, Sequence[str]] = {
    "date-time": (f"{_NEAR_DAY}T{_NEAR_TIME}", f"{_NEAR_DAY}T{_TIME}", f"{_DAY}T{_TIME}"),
    "date": (_NEAR_DAY, _DAY),
    "time": (_NEAR_TIME, _TIME),
    "duration": ("P(?:[1-9]|[12][0-9])D", _DURATION),
    "email": _EMAILS,
    "idn-email": _EMAILS,
    "hostname": (_NEAR_HOST, _HOST),
    "idn-hostname": (_NEAR_HOST, _HOST),
    "ipv4": ("192\\.0\\.2\\.[1-9][0-9]", _IPV4),
    "ip": ("192\\.0\\.2\\.[1-9][0-9]", _IPV4, _IPV6),
    "ipv6": ("2001:db8::[1-9][0-9]{1,3}", _IPV6),
    "uri": _URIS,
    "url": _URIS,
    "iri": _URIS,
    "uri-reference": (f"/{_WORD}", _PATH, _WEB),
    "iri-reference": (f"/{_WORD}", _PATH, _WEB),
    "uri-template": (f"/{_WORD}/\\{{id\\}}", _PATH, _WEB),
    "uuid": _UUIDS,
    "json-pointer": (f"/{_WORD}", _POINTER),
    "relative-json-pointer": (f"[0-3]/{_WORD}", f"(?:0|[1-9][0-9]{{0,3}})(?:#|{_POINTER})"),
    "regex": (f"\\^{_WORD}\\$", "[A-Za-z0-9]{0,100}"),
    "byte": _BASE64,
    "base64": _BASE64,
    # Names that no registry has and many documents use.
    "password": (f"{_WORD}-[1-9][0-9]{{2}}",),
    "phone-number": ("\\+4930[1-9][0-9]{7}", "\\+?[1-9][0-9]{6,14}"),
    "color": ("#[0-9a-f]{6}",),
    "decimal": ("[1-9][0-9]{0,2}\\.[0-9]{2}", "-?(?:0|[1-9][0-9]{0,15})(?:\\.[0-9]{1,10})?"),
    "int64": ("[1-9][0-9]{0,5}",),
    "int32": ("[1-9][0-9]{0,5}",),
}


def expressions_of(name: str) -> tuple[str, ...]:
    """Return the expressions of a format, the usual one first; none for a format that is not known."""
    found = _BY_FORMAT.get(name) or _BY_FORMAT.get(f"{name}-number", ())
    return tuple(f"^(?:{each})$" for each in found)
