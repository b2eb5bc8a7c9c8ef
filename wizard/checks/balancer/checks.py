"""The balancer: would it take its configuration, does the one in use fit, and does it pass on what NocoBase needs.

A health check through the balancer proves little: a WebSocket, a sign-in and a large body show what is missing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.balancer import haproxy, judge_syntax, judge_syntax_haproxy, nginx, site
from wizard.checks.balancer.in_service import service_of, told_for
from wizard.checks.balancer.judge import judge
from wizard.checks.balancer.probe import BalancerFacts, probe
from wizard.checks.balancer.specs import LIVE, OF_FILE, SYNTAX
from wizard.checks.balancer.target import target_of
from wizard.checks.balancer.trial import SyntaxFacts
from wizard.engine.check import Check, Prerequisites, settled
from wizard.engine.component import Beside
from wizard.formats.files import UnwritableError
from wizard.formats.sites.inline import inline
from wizard.formats.sites.model import SiteFile
from wizard.formats.sites.writers import render_for_test, site_path
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import BalancerKind

_DRIVERS = (
    "httpx",
    "httpcore",
    "idna",
    "certifi",
    "cryptography.x509",
    "websockets.client",
    "websockets.uri",
    "websockets.exceptions",
)
"""What the probe imports (`Check.drivers`)."""

DEADLINE = 15.0
"""Seconds for the live check: it sends 22 MiB, and says how far it came where the way is too slow for that."""
_ANOTHER_MAKE = mark("Not looked at: a balancer of another make is known by its answers alone.")
_PROGRAMS = {
    BalancerKind.NGINX: (nginx.probe, judge_syntax.judge),
    BalancerKind.HAPROXY: (haproxy.probe, judge_syntax_haproxy.judge),
}


def checks(plan: Plan, secrets: Secrets, beside: Beside | None = None, *, starting: bool = False) -> list[Check[Any]]:
    """Return the checks of the configuration, of the site file in use and, unless `starting`, of the running balancer.

    The site in the bundle `beside` the plan is looked at where the plan names none, unless the plan was edited: until
    the next export the bundle holds the former plan's.
    """
    live = [] if starting else [_live(plan, secrets)]
    if not plan.balancer.is_written:
        skipped = [spec.skip(tr(_ANOTHER_MAKE)) for spec in (SYNTAX, *OF_FILE)]
        return [settled("balancer", "", (SYNTAX, *OF_FILE), skipped), *live]
    exported = _exported(plan, beside) if beside and not beside.edited else None
    service = service_of(plan, beside)
    looked_at = (site.checks(plan, exported or inline(plan)), *live)
    told = (told_for(check, service, plan.balancer.kind) for check in looked_at)
    return [syntax_check(plan, _rendered(plan)), *told]


def _rendered(plan: Plan) -> str | None:
    try:
        return render_for_test(plan)
    except UnwritableError:
        return None


def _exported(plan: Plan, beside: Beside) -> SiteFile:
    """Return the file of the plan's balancer as it lies in a bundle; one exported without it has none."""
    name = site_path(plan)
    return SiteFile(name, partial(beside.read, name))


def syntax_check(plan: Plan, rendered: str | None) -> Check[Any]:
    """Return the check of a complete configuration for the plan's program; None where none can be made."""
    if rendered is None:
        reason = tr("Not tested: no configuration of the balancer can be made from the plan.")
        return settled("balancer", "", (SYNTAX,), [SYNTAX.skip(reason)])
    ask, tell = _PROGRAMS[plan.balancer.kind]
    return Check(
        component="balancer",
        part="syntax",
        specs=(SYNTAX,),
        facts=SyntaxFacts,
        probe=partial(ask, rendered),
        judge=partial(tell, rendered),
    )


def _live(plan: Plan, secrets: Secrets) -> Check[Any]:
    if stopped := Prerequisites(plan, secrets, settings=("application.public_url",)).missing("balancer", "", LIVE):
        return stopped
    target = target_of(plan)
    return Check(
        component="balancer",
        specs=LIVE,
        facts=BalancerFacts,
        probe=partial(probe, target),
        judge=partial(judge, target),
        deadline=DEADLINE,
        drivers=_DRIVERS,
    )
