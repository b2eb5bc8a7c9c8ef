"""Time zones as NocoBase takes them: each becomes an offset at a node's start."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from wizard.plan.plan import Plan

_HOUR = timedelta(hours=1)


def offset(zone: str, now: datetime) -> timedelta | None:
    """Return how far a zone, or an offset such as `+05:30`, is from UTC; None where this machine knows no such zone."""
    if zone == "UTC":
        return timedelta()
    if match := re.fullmatch(r"([+-])(\d{2}):(\d{2})", zone):
        sign = -1 if match[1] == "-" else 1
        return sign * timedelta(hours=int(match[2]), minutes=int(match[3]))
    from zoneinfo import ZoneInfo  # reads Python's own build settings: most checks need no zone

    try:
        return now.astimezone(ZoneInfo(zone)).utcoffset()
    except (ValueError, KeyError, OSError):  # also the name of a folder, or of a file that is no zone
        return None


def unknown_zone(plan: Plan, now: datetime) -> str:
    """Return the first zone of the plan whose offset this machine does not know; else nothing."""
    zones = (plan.application.time_zone, plan.database.time_zone)
    return next((zone for zone in zones if zone and offset(zone, now) is None), "")


def broken_zone(plan: Plan, now: datetime) -> str:
    """Return the zone of the plan's connections to the database where it is no whole number of hours from UTC."""
    zone = plan.database.time_zone or plan.application.time_zone
    return zone if zone and (offset(zone, now) or timedelta()) % _HOUR else ""
