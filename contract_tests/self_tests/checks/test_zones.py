"""The zone in which a day ends is read from the ends of keys."""

from datetime import datetime

import pytest

from contract_tests.novapost.knowledge.readings import zone_of


@pytest.mark.parametrize(
    ("ends", "zone"),
    [
        (("2027-02-09T23:59:59Z", "2027-06-09T23:59:59.999Z"), "UTC"),
        (("2027-02-10T00:59:59+01:00", "2027-06-09T23:59:59Z"), "UTC"),
        (("2027-02-09T21:59:59Z", "2027-06-09T20:59:59Z"), "Europe/Kyiv"),
        (("2027-02-09T21:59:59Z", "2027-06-09T21:59:59Z"), "UTC+02:00"),
        (("2027-02-10T04:59:59Z", "2027-06-10T04:59:59Z"), "UTC-05:00"),
        (("2027-02-09T21:59:58Z", "2027-06-09T21:59:59Z"), "None"),
        (("2027-02-09T12:59:59Z", "2027-06-09T18:59:59Z"), "None"),
    ],
)
def test_a_zone_is_read_from_a_winter_and_a_summer(ends: tuple[str, str], zone: str) -> None:
    """Whoever ends the day at home, not in Greenwich, keeps the documents as well."""
    assert str(zone_of(*map(datetime.fromisoformat, ends))) == zone
