"""The balancer's configuration that a source has in itself: a part of a Compose file, or a file in an archive."""

from __future__ import annotations

from wizard.formats.sites.model import SiteFile
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan

EXPANDED = "expanded"
"""Stands behind the name of what was seen where a shell puts variables into the text."""


def inline(plan: Plan) -> SiteFile | None:
    """Return the site that was read with the plan and has no file of its own; None where there is none."""
    found = next(iter(plan.seen(Topic.SITE)), None)
    if found is None:
        return None
    name, *more = found.names
    return SiteFile(name, lambda: found.value, found.target, expanded=EXPANDED in more)
