"""What is to be done about what only the nodes can tell: let them look. The window has its own words for it."""

from __future__ import annotations

from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, advice


def let_nodes_look() -> Remedy:
    """Return the remedy for what this program cannot find out and the nodes can."""
    return advice(tr("Let the nodes look: check --nodes."))


def let_nodes_meet() -> Remedy:
    """Return the remedy for what shows only where all nodes are asked at once."""
    return advice(tr("Check all nodes at once with --nodes; they then look for one another in the storage."))


def look_from_there() -> Remedy:
    """Return what is to be done about a name that this machine does not know."""
    return advice(
        tr(
            "Check from inside the nodes (check --nodes), or run this on a machine that knows the name. It is no fault "
            "that other machines do not."
        )
    )
