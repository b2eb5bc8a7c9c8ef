"""Why a connection did not come about, where each way of failing has words of its own."""

from __future__ import annotations

from collections.abc import Callable

from wizard.checks.shared.judge_name import settings_behind
from wizard.checks.shared.judge_trust import judge_trust
from wizard.engine.facts import Trouble
from wizard.net.errors import CERTIFICATE
from wizard.net.peer import Peer
from wizard.net.trust import Doubt
from wizard.plan.finding import Finding
from wizard.plan.remedy import Remedy
from wizard.plan.spec import Spec


def judge_failure(
    spec: Spec,
    peer: Peer,
    trouble: Trouble,
    doubt: Doubt | None,
    words: Callable[[], tuple[str, Remedy]],
    group: str,
    subject: str = "",
) -> Finding:
    """Say why a connection to the server of `group` failed: for its certificate, or by its own summary and remedy."""
    if trouble.about == CERTIFICATE:
        return judge_trust(spec, peer, trouble, doubt, subject)
    summary, remedy = words()
    return spec.fail(
        summary,
        trouble.kind,
        detail=trouble.message,
        remedy=remedy,
        subject=subject,
        elapsed_ms=trouble.elapsed_ms,
        because=settings_behind(group, trouble.kind),
    )
