"""Every node of the plan, asked over HTTP as the balancer reaches it: does it answer, is it ready, which version."""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.node.judge import judge, judge_together
from wizard.checks.node.probe import NodeFacts, probe
from wizard.checks.node.specs import EACH, SPECS, VERSIONS_ALIKE
from wizard.checks.node.target import name_of, target_of
from wizard.engine.check import Check, CrossCheck, Prerequisites
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

__all__ = ["SPECS", "checks", "cross_checks"]


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return one check a node; its subject is the node's name."""
    return [_check(plan, secrets, index) for index in range(len(plan.nodes))]


def cross_checks() -> list[CrossCheck]:
    """Return what only several nodes together show."""
    return [CrossCheck(component="cluster", specs=(VERSIONS_ALIKE,), judge=judge_together)]


def _check(plan: Plan, secrets: Secrets, index: int) -> Check[Any]:
    subject = name_of(plan, index)
    needs = Prerequisites(plan, secrets, settings=(f"nodes.{index}.host", f"nodes.{index}.port"))
    if stopped := needs.missing("node", subject, EACH):
        return stopped
    target = target_of(plan, index)
    return Check(
        component="node",
        subject=subject,
        specs=EACH,
        facts=NodeFacts,
        probe=partial(probe, target),
        judge=partial(judge, target, plan.application.version),
    )
