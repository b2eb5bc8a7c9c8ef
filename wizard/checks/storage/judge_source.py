"""What the source itself says of the shared folder, before anybody looks at it. Pure."""

from __future__ import annotations

from wizard.checks.storage.specs import DATABASE_FILES
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.observed import Observed
from wizard.plan.remedy import advice


def in_the_source(item: Observed, _facts: object) -> list[Finding]:
    """Return the one finding, that a database's files are mounted from the nodes' storage."""
    found = DATABASE_FILES.fail(
        tr("{service} keeps its files in {folder}, inside the shared folder.", service=item.subject, folder=item.value),
        ErrorKind.OTHER,
        subject=item.subject,
        detail="\n".join(
            (item.place.words, tr("Every node can change them, and many file systems for sharing damage a database."))
        ),
        remedy=advice(tr("Stop the database, move its folder out of the shared one, and start it there.")),
        facts={"found": [item.value]},
    )
    return [found]
