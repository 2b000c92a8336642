"""Phones that can belong to nobody, and the one exception: the tester's own.

Ofcom, "Telephone numbers for use in TV and radio drama programmes"; Bundesnetzagentur, "Rufnummern für Filme
und Medien" (Mitteilung 148/2021); ITU-T E.164, list of assigned country codes, where these are spare.
"""

import re
from dataclasses import dataclass, field

# Each is complete: country code, area or network, and the digits that are reserved.
FICTION = (
    # Ofcom: ten cities with 496 0xxx, London, Tyneside, no area, mobile, freephone, all of the UK.
    r"44(?:11[3-8]|1[2-6]1)4960\d{3}",
    r"442079460\d{3}",
    r"441914980\d{3}",
    r"441632960\d{3}",
    r"447700900\d{3}",
    r"448081570\d{3}",
    r"443069990\d{3}",
    # Bundesnetzagentur: Berlin, Frankfurt, Hamburg, Köln, München, and mobile numbers.
    r"493023125\d{3}",
    r"496990009\d{3}",
    r"494066969\d{3}",
    r"492214710\d{3}",
    r"498999998\d{3}",
    r"49152(?:28817386|28895456|54599371)",
    r"4917139200\d{2}",
    r"49176040690\d{2}",
)
# No network has these country codes, so whatever follows reaches nobody.
UNASSIGNED_CODES = (
    *("210", "214", "215", "217", "219", "259", "999"),
    *(f"28{n}" for n in range(10)),
    *(f"83{n}" for n in range(10)),
    *(f"89{n}" for n in range(10)),
)
SHORTEST_PHONE = 7

_FICTION = re.compile("|".join(FICTION))
_E164 = re.compile(r"[1-9][0-9]{7,14}")


def is_nobodys(digits: str) -> bool:
    """Tell whether a run of ASCII digits, read as a phone with its country code, can belong to nobody.

    A run of zeros is no phone; neither an international prefix (00) nor more digits than E.164 has make
    somebody's number out of one whose country code nobody has.
    """
    if not digits.strip("0"):
        return True
    digits = digits.removeprefix("00")
    return bool(_FICTION.fullmatch(digits)) or digits.startswith(UNASSIGNED_CODES)


@dataclass(frozen=True)
class Phones:
    """Which phones may leave.

    Attributes:
        own: the tester's own phone, E.164 without the plus, or None.

    Raises:
        ValueError: `own` is no such phone, or one for which there are no keys; the message does not show it.
    """

    own: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.own is None:
            return
        if not _E164.fullmatch(self.own):
            raise ValueError("PHONE is a phone with its country code, 8 to 15 digits, without a plus")
        if self.own.startswith("380"):
            raise ValueError("PHONE is Ukrainian: the sandbox gives no keys for these (rule ua-unsupported)")

    def may_leave(self, digits: str) -> bool:
        """Tell whether a run of digits is nobody's phone or the tester's own."""
        return digits == self.own or is_nobodys(digits)
