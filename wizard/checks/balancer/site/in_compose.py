"""What is to be done about a site that stands in a Compose file: other signs, and the service starts anew."""

from __future__ import annotations

import shlex

from wizard.checks.balancer import remedies
from wizard.formats.sites.model import SiteFile
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import RemedyKind, steps
from wizard.plan.sections import BalancerKind


def in_compose(finding: Finding, file: SiteFile, kind: BalancerKind) -> Finding:
    """Return a finding on a site whose lines to put in are written as Compose wants them, and a shell after it."""
    if finding.remedy_kind is not RemedyKind.COMMANDS:
        return finding
    anew = f"docker compose up -d --force-recreate {shlex.quote(file.service)}"
    sign = r"\$$" if file.expanded else "$$"
    lines = [line if line.startswith("#") else line.replace("$", sign) for line in finding.remedy.splitlines()]
    lines = [anew if line == remedies.RELOAD[kind] else line for line in lines]
    return finding.with_remedy(steps(_says(file) if sign in "\n".join(lines) else "", *lines))


def _says(file: SiteFile) -> str:
    if file.expanded:
        return tr(
            "Compose and then the shell look for variables in these lines, as the here-document's word has no quotes: "
            "“{sign}” stands for “$”.",
            sign=r"\$$",
        )
    return tr("In a Compose file each “$” is written twice.")
