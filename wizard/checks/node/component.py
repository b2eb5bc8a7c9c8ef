"""A node as a component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.checks.node.specs import CONNECT, HEALTH, SPECS, VERSION
from wizard.engine.check import Check
from wizard.engine.component import Column, Component, Request
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


class _Node(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:  # noqa: ARG002
        from wizard.checks.node.checks import checks

        return checks(plan, secrets)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        named = (index for index, node in enumerate(plan.nodes) if finding.subject in {node.name, f"node{index + 1}"})
        return tuple(f"nodes.{index}.host" for index in named)

    def rests_on(self, plan: Plan, finding: Finding) -> tuple[str, ...]:
        found = super().rests_on(plan, finding)
        named = next((index for index, node in enumerate(plan.nodes) if node.name == finding.subject), None)
        if named is None:  # it has another name now, or none
            return (*found, "nodes")
        return tuple(key.replace("*", str(named)) for key in found)

    def absent(self, plan: Plan) -> str:
        return "" if plan.nodes else tr("the plan has no nodes.")

    def figure(self, found: Sequence[Finding]) -> str:
        """Say what the node answered and how fast: `200 ok · 12 ms`."""
        health = next((item for item in found if item.id == HEALTH.id and item.severity is Severity.PASS), None)
        if health is None or "status" not in health.facts:
            return ""
        answer = f"{health.facts['status']} {health.facts.get('answer', '')}".strip()
        return f"{answer} · {max(1, health.elapsed_ms)} ms" if health.elapsed_ms is not None else answer


COMPONENT = _Node(
    name="node",
    title=mark("Nodes"),
    specs=SPECS,
    step="nodes",
    overtaken_by=("application.public_path", "nodes.*.host", "nodes.*.port"),
    overtaken_also={VERSION: ("application.version",)},
    leads=(CONNECT,),
    never_left_out=(CONNECT, HEALTH),
    serving=HEALTH,
    turn=10,
    column=Column.NODES,
)
