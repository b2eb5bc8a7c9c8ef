"""The balancer's configuration that a source has in itself: a part of a Compose file, or a file in an archive."""

from __future__ import annotations

from wizard.formats.sites.model import SiteFile
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan


def inline(plan: Plan) -> SiteFile | None:
    """Return the site that was read with the plan and has no file of its own; None where there is none."""
    found = next(iter(plan.seen(Topic.SITE)), None)
    if found is None:
        return None
    return SiteFile(found.names[0] if found.names else found.place.file, lambda: found.value, found.target)
