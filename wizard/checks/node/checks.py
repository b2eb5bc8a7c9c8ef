"""Every node of the plan, asked over HTTP as the balancer reaches it: does it answer, is it ready, which version."""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.node.judge import judge
from wizard.checks.node.probe import NodeFacts, probe
from wizard.checks.node.specs import SPECS
from wizard.checks.node.target import name_of, target_of
from wizard.engine.check import Check, Prerequisites
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

_DRIVERS = ("websockets.client", "websockets.uri", "websockets.exceptions")
"""What the probe imports (`Check.drivers`)."""


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return one check a node; its subject is the node's name."""
    return [_check(plan, secrets, index) for index in range(len(plan.nodes))]


def _check(plan: Plan, secrets: Secrets, index: int) -> Check[Any]:
    subject = name_of(plan, index)
    needs = Prerequisites(plan, secrets, settings=(f"nodes.{index}.host", f"nodes.{index}.port"))
    if stopped := needs.missing("node", subject, SPECS):
        return stopped
    target = target_of(plan, index)
    return Check(
        component="node",
        subject=subject,
        specs=SPECS,
        facts=NodeFacts,
        probe=partial(probe, target),
        judge=partial(judge, target, plan.application.version),
        drivers=_DRIVERS,
    )
