"""How far a time zone is from UTC."""

from datetime import UTC, datetime, timedelta

import pytest

from wizard.plan.time_zones import offset


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        *[("UTC", 0), ("Europe/Paris", 1), ("Asia/Kolkata", 5.5), ("+05:30", 5.5), ("-03:30", -3.5), ("+00:00", 0)],
        *[("Europe/Paris/x/", None), ("/x/", None), ("../UTC", None), ("Europe", None), ("No/Where", None)],
    ],
)
def test_a_zone_is_so_far_from_utc_or_not_known_here(zone, hours):
    found = offset(zone, datetime(2026, 1, 15, tzinfo=UTC))
    assert found == (None if hours is None else timedelta(hours=hours))
