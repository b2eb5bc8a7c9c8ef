"""Why the name of a server gives no address. Pure."""

from __future__ import annotations

from wizard.engine.facts import Trouble
from wizard.net.peer import Peer
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import steps
from wizard.plan.spec import Spec


def judge_name(spec: Spec, peer: Peer, trouble: Trouble, subject: str = "") -> Finding:
    """Say that the name cannot be resolved, with the command that looks it up."""
    return spec.fail(
        tr("The name {host} cannot be resolved.", host=peer.host),
        trouble.kind,
        detail=trouble.message,
        remedy=steps(tr("Correct the host, or make the name known:"), peer.look_up()),
        subject=subject,
        elapsed_ms=trouble.elapsed_ms,
    )
