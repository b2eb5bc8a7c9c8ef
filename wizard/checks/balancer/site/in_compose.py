"""What is to be done about a site that stands in a Compose file: other signs, and the service starts anew."""

from __future__ import annotations

import shlex

from wizard.checks.balancer import remedies
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import RemedyKind, steps
from wizard.plan.sections import BalancerKind


def in_compose(finding: Finding, service: str, kind: BalancerKind) -> Finding:
    """Return a finding on a site whose lines to put in are written as Compose wants them."""
    if finding.remedy_kind is not RemedyKind.COMMANDS:
        return finding
    anew = f"docker compose up -d --force-recreate {shlex.quote(service)}"
    lines = [line if line.startswith("#") else line.replace("$", "$$") for line in finding.remedy.splitlines()]
    lines = [anew if line == remedies.RELOAD[kind] else line for line in lines]
    says = tr("In a Compose file each “$” is written twice.") if "$$" in "\n".join(lines) else ""
    return finding.with_remedy(steps(says, *lines))
