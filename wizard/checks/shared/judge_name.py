"""Why the name of a server gives no address, and which settings a connection fails of. Pure."""

from __future__ import annotations

from wizard.engine.facts import Trouble
from wizard.net.peer import Peer
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import steps
from wizard.plan.spec import Spec

_BEHIND = {
    ErrorKind.DNS: ("host",),
    ErrorKind.REFUSED: ("host", "port"),
    ErrorKind.TIMEOUT: ("host", "port"),
    ErrorKind.CREDENTIALS: ("password", "username", "user"),
    ErrorKind.MISSING: ("name",),
}


def settings_behind(group: str, kind: ErrorKind) -> tuple[str, ...]:
    """Return the keys of the settings in `group` that a connection may fail of."""
    return tuple(f"{group}.{name}" for name in _BEHIND.get(kind, ()))


def judge_name(spec: Spec, peer: Peer, trouble: Trouble, group: str, subject: str = "") -> Finding:
    """Say that the name, the host of `group`, cannot be resolved, with the command that looks it up."""
    return spec.fail(
        tr("The name {host} cannot be resolved.", host=peer.host),
        trouble.kind,
        detail=trouble.message,
        remedy=steps(tr("Correct the host, or make the name known:"), peer.look_up()),
        subject=subject,
        because=settings_behind(group, ErrorKind.DNS),
        elapsed_ms=trouble.elapsed_ms,
    )
