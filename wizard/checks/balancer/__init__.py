"""The balancer: would nginx take its configuration, and, once it runs, does it pass on what NocoBase needs.

A health check through the balancer proves little: a WebSocket, a sign-in and a large body show what is missing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.balancer import judge_syntax, nginx
from wizard.checks.balancer.judge import judge
from wizard.checks.balancer.nginx import SyntaxFacts
from wizard.checks.balancer.probe import BalancerFacts, probe
from wizard.checks.balancer.specs import LIVE, SPECS, SYNTAX
from wizard.checks.balancer.target import target_of
from wizard.checks.check import Check, Prerequisites, settled
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import BalancerKind
from wizard.plan.words import tr

__all__ = ["SPECS", "checks"]

DEADLINE = 10.0
"""Seconds for the live check: it sends 2 MiB."""


def checks(plan: Plan, secrets: Secrets, rendered: str | None) -> list[Check[Any]]:
    """Give the checks of the configuration and of the running balancer.

    `rendered` is a complete nginx configuration made from the plan, None where none can be made.
    """
    return [_syntax(plan, rendered), _live(plan, secrets)]


def _syntax(plan: Plan, rendered: str | None) -> Check[Any]:
    if rendered is None:
        reason = tr("Not tested: no configuration of nginx can be made from the plan.")
        if plan.balancer.kind is BalancerKind.HAPROXY:
            reason = tr("Not tested here: the balancer is HAProxy. On the balancer: haproxy -c -f FILE")
        return settled("balancer", "", (SYNTAX,), [SYNTAX.skip(reason)])
    return Check(
        component="balancer",
        specs=(SYNTAX,),
        facts=SyntaxFacts,
        probe=partial(nginx.probe, rendered),
        judge=partial(judge_syntax.judge, rendered),
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
    )
