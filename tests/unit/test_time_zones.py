"""How far a time zone is from UTC."""

import sys
import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.plan import kinds
from wizard.plan.finding import Severity
from wizard.plan.kinds import BadValueError, TimeZone
from wizard.plan.sections import Dialect
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


@pytest.fixture
def without_zones(monkeypatch):
    """Take the time zones from this machine and from Python, as on a Windows without the package tzdata."""
    for name in ["tzdata", *(name for name in sys.modules if name.startswith("tzdata."))]:
        monkeypatch.setitem(sys.modules, name, None)
    kept = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(())
    _forget()
    yield
    zoneinfo.reset_tzpath(kept)
    _forget()


def _forget():
    zoneinfo.ZoneInfo.clear_cache()
    kinds._time_zones.cache_clear()
    kinds._listed_zones.cache_clear()


def _judged(own, other, dialect=Dialect.POSTGRES):
    changes = {"application.time_zone": own, "database.time_zone": other, "database.dialect": dialect}
    plan = good_plan()
    for key, value in changes.items():
        plan = plan.with_value(key, value)
    return next(found for found in rules(plan, SECRETS) if found.id == "plan.time_zone")


@pytest.mark.parametrize(
    ("own", "other", "dialect", "severity"),
    [
        ("Europe/Paris", "+02:00", Dialect.POSTGRES, Severity.UNKNOWN),
        ("+01:00", "Europe/Paris", Dialect.POSTGRES, Severity.UNKNOWN),
        ("Europe/Paris", "Europe/Berlin", Dialect.POSTGRES, Severity.UNKNOWN),  # two that are unknown are not alike
        ("Asia/Kolkata", "", Dialect.MARIADB, Severity.UNKNOWN),
        ("Europe/Paris", "", Dialect.POSTGRES, Severity.PASS),
        ("Europe/Paris", "Europe/Paris", Dialect.POSTGRES, Severity.PASS),
        ("UTC", "+02:00", Dialect.POSTGRES, Severity.FAIL),
        ("UTC", "+00:00", Dialect.POSTGRES, Severity.WARN),
        ("Europe/Paris", "+05:30", Dialect.MARIADB, Severity.FAIL),  # whatever the other is, the driver refuses it
    ],
)
@pytest.mark.usefixtures("without_zones")
def test_without_data_of_time_zones_only_what_needs_them_is_left_open(own, other, dialect, severity):
    found = _judged(own, other, dialect)
    assert found.severity is severity, found.summary
    if severity is Severity.UNKNOWN:
        assert "this machine has no data of that time zone" in found.summary
        assert "tzdata" in found.remedy


@pytest.mark.parametrize(
    "text", ["Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "GMT", "America/Port-au-Prince"]
)
@pytest.mark.usefixtures("without_zones")
def test_where_no_zone_is_known_one_that_looks_like_one_is_taken(text):
    assert TimeZone().parse(text) == text


@pytest.mark.parametrize("text", ["Europe/", "Paris time", "/etc/localtime", "../UTC", "+5", "<zone>"])
@pytest.mark.usefixtures("without_zones")
def test_where_no_zone_is_known_what_does_not_look_like_one_is_refused(text):
    with pytest.raises(BadValueError):
        TimeZone().parse(text)
