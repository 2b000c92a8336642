"""Data that the schema cannot express: phones by what they mean, and texts that are no phone.

Phones come from ranges that regulators reserve for fiction: Ofcom, "Numbers for use in TV and radio drama"
(44 7700 900000-900999), and the Bundesnetzagentur, "Rufnummern für Filme und Medien" (49 30 23125000-999).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import strategies as st

# A Tuesday, far from the ends of day, month and year.
MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)

# The example of the English page, line 95.
PUBLISHED_EXAMPLE = "498213437654"
# Ukrainian, and of a range that no operator has (38099 9999999 would be one's own last number).
UKRAINIAN = ("380000000001", "380440000000", "3800000000")


def fictional(number: int) -> str:
    """Return one of 1,000 British mobile numbers that belong to nobody."""
    return f"447700900{number % 1000:03d}"


def fictional_german(number: int) -> str:
    """Return one of 1,000 Berlin numbers that belong to nobody."""
    return f"493023125{number % 1000:03d}"


# The shortest and longest that the reading of phone-format takes, of a country code nobody has (ITU).
SHORTEST = "99900001"
LONGEST = "999000000000001"

# One of each length between.
LENGTHS = tuple(f"{SHORTEST[:3]}{'0' * zeros}1" for zeros in range(5, 11))
# Reserved for fiction by NANPA, and of codes that are spare in ITU's list, one of them beside Ukraine's.
ELSEWHERE = ("12025550123", "210000000001", "384000000001", "830000000001")

# Ukraine's code stands in them, at every place but in front.
UKRAINE_INSIDE = (
    *(f"999{'0' * zeros}380{'0' * (8 - zeros)}1" for zeros in range(9)),
    *(fictional(380), fictional_german(380), "99900000380"),
)

# Two phones each of a code that nobody has, which are one for a program that keeps less of a phone than all
# its digits: as a number of 39 bits or fewer, or as a digest of 32 bits.
TWINS = {
    "a number of few bits": (LONGEST, "999549755813889"),
    "a number folded to 32 bits": (LONGEST, "999012884901900"),
    "CRC-32": ("999926991469", "999984329128"),
    "FNV-1a": ("999138819127", "999310580005"),
    "the hash of Java": ("999239250566", "999942047606"),
    "the hash times 33": ("999476797558", "999900633302"),
    "a cut MD5": ("999269553693", "999504180831"),
    "a cut SHA-256": ("999182421983", "999384313018"),
}

# Leeds, Sheffield (Ofcom: 0113 and 0114 496 0000-0999; they differ in one digit near the front) and Berlin.
ALIKE = ("441134960123", "441144960123", "493023125123")

phones = st.builds(fictional, st.integers(0, 999)) | st.builds(fictional_german, st.integers(0, 999))

# Each breaks the rule phone-format in a way that people or programs really produce.
NO_PHONES: Sequence[str] = (
    "",
    " ",
    "+447700900001",
    "00447700900001",
    "0447700900001",
    "44 7700 900001",
    "44-7700-900001",
    "(44)7700900001",
    " 447700900001",
    "447700900001 ",
    "447700900001\n",
    "447700900001\r\n",
    "\t447700900001",
    "447700900001\x00",
    "4477009",
    "4477009000010000",
    "447700900001" * 20,
    "44770090000a",
    "447700900001.0",
    "4.47700900001e11",
    "0x683D2B4F21",
    "-447700900001",
    "tel:447700900001",
    "٤٤٧٧٠٠٩٠٠٠٠١",
    "44７700900001",
    "447700900001;ext=1",
    "\u200b447700900001",
    "4477009\u200b00001",
    "447700900001\u00a0",
    "\ufeff447700900001",
    "\u202a447700900001\u202c",
    "null",
    "phone",
    "'; DROP TABLE clients; --",
    "😀",
    # Texts on which programs stumble that only ever saw digits.
    "\\",
    "%00%s%n",
    "<b>447700900001</b>",
    "${447700900001}",
    "4477009\u0301",
    "\u202e100009007744",
    "44770090000\u00b2",
    "44770090000\u2460",
    "\x7f\x1b[0m",
    "4" * 1500,
    "9" * 5000,
    "\u0447" * 12_000,
    "1e400",
    "NaN",
)

# Whole bodies that are JSON and yet no request.
NO_REQUESTS: Sequence[object] = (
    None,
    True,
    0,
    "447700900001",
    [],
    ["447700900001"],
    [{"phone": "447700900001"}],
    {},
    {"Phone": "447700900001"},
    {"phoneNumber": "447700900001"},
    {"phone_number": "447700900001", "mobile": "447700900001", "tel": "447700900001"},
    {"phone": None},
    {"phone": True},
    {"phone": 447700900001},
    {"phone": 447700900001.0},
    {"phone": 0},
    {"phone": -447700900001},
    {"phone": 2**63},
    {"phone": 10**30},
    {"phone": 1e300},
    {"phone": {}},
    {"phone": []},
    {"phone": [[[[[[[[447700900001]]]]]]]]},
    {"": "447700900001"},
    -1,
    1.5,
    "",
    {"phone": "447700900001", "phones": ["447700900002"]},
    {"phone": "447700900001", "toString": None, "hasOwnProperty": 1},
    {"phone": ["447700900001"]},
    {"phone": {"phone": "447700900001"}},
    {"phone": "447700900001", "force": True},
    {"phone": "447700900001", "": ""},
    {"phone": "447700900001", "Phone": "447700900001"},
    {"data": {"phone": "447700900001"}},
    {"phone": "447700900001", "__proto__": {"phone": "447700900002"}},
    {"phone": "447700900001", "constructor": None},
    {"phone": "447700900001"} | {f"x{n}": n for n in range(1000)},
)

# Bodies that are not even JSON, with what is wrong about them.
NO_JSON: dict[str, bytes] = {
    "empty": b"",
    "white space": b" \r\n\t",
    "words": b"phone=447700900001",
    "cut short": b'{"phone": "447700900001"',
    "two values": b'{"phone": "447700900001"}{"phone": "447700900001"}',
    "single quotes": b"{'phone': '447700900001'}",
    "trailing comma": b'{"phone": "447700900001",}',
    "comment": b'{"phone": "447700900001"} // please',
    "NaN": b'{"phone": NaN}',
    "Infinity": b'{"phone": -Infinity}',
    "a number beyond floats": b'{"phone": 1e400}',
    "no quotes": b"{phone: 447700900001}",
    "half a text": b'{"phone": "4477009',
    "half an escape": b'{"phone": "\\u00"}',
    "half a character": b'{"phone": "\\ud83d"}',
    "only a brace": b"{",
    "only a mark": b"\xef\xbb\xbf",
    "NUL": b"\x00",
    "nested objects": b'{"phone":' * 3000 + b"1" + b"}" * 3000,
    "not UTF-8": b'{"phone": "44770090000\xff"}',
    "control character": b'{"phone": "447700900001\n"}',
    "a number too long": b'{"phone": ' + b"9" * 5000 + b"}",
    "nested too deep": b"[" * 8000 + b"]" * 8000,
    "markup": b"<phone>447700900001</phone>",
    "bytes": bytes(range(256)),
}

# Names for the type of a body that is JSON all the same.
ODD_TYPES: Sequence[str] = (
    "json",
    "application",
    "application/",
    "/json",
    "application/json;",
    "application/json; charset",
    "application/json; charset=nonsense",
    "application/json; charset=utf-16",
    'application/json; charset="',
    "application/json, text/html",
    "application/vnd.api+json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "*/*",
    "x" * 300,
)

# Queries' values that are no key, as they stand in an address.
ODD_KEYS: Sequence[str] = (
    "%0A",
    "%5B%5D",
    "%27%20OR%201%3D1",
    "%3Cscript%3E",
    "..%2F..%2Fetc%2Fpasswd",
    "%D0%BA%D0%BB%D1%8E%D1%87",
    "%E2%80%AE",
    "0x1F",
    "-1",
    "g" * 40,
    "f" * 39,
    "a" * 7000,
    "%FF",
    "%00",
    "%",
    "%zz",
    "%ED%A0%80",
    "%F0%9F%98%80",
    "%2B",
    "%0d%0aSet-Cookie:x",
    "a" * 3000,
)
