"""RabbitMQ as a component."""

from __future__ import annotations

from typing import Any

from wizard.checks.rabbitmq.specs import APPLICATION_VERSION, CONNECT, SPECS, VIRTUAL_HOST
from wizard.engine.check import Check
from wizard.engine.component import Column, Component, Request
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import QueueKind


class _RabbitMq(Component):
    def checks(self, plan: Plan, secrets: Secrets, request: Request) -> list[Check[Any]]:  # noqa: ARG002
        from wizard.checks.rabbitmq.checks import checks

        return checks(plan, secrets)

    def concerns(self, plan: Plan, finding: Finding) -> tuple[str, ...]:  # noqa: ARG002 - alike in every plan
        if finding.id == VIRTUAL_HOST.id:
            return ("queue.virtual_host", "queue.host")
        if finding.error in {ErrorKind.CREDENTIALS, ErrorKind.PERMISSION}:
            return ("queue.username", "queue.password")
        return ("queue.tls", "queue.host") if finding.error is ErrorKind.TLS else ("queue.host",)

    def absent(self, plan: Plan) -> str:
        return "" if plan.queue.kind is QueueKind.RABBITMQ else tr("the plan's queue is not on RabbitMQ.")

    def steps(self, plan: Plan) -> tuple[str, ...]:
        return () if self.absent(plan) else (self.step,)

    def box(self, plan: Plan) -> tuple[str, str]:
        return tr(self.title), plan.queue.host


COMPONENT = _RabbitMq(
    name="rabbitmq",
    title=mark("RabbitMQ"),
    specs=SPECS,
    step="queue",
    overtaken_by=("application.extra_ca_file", "queue"),
    overtaken_also={APPLICATION_VERSION: ("application.version",)},
    leads=(CONNECT,),
    never_left_out=(CONNECT,),
    secrets={"queue": SPECS},
    turn=40,
    column=Column.SERVICES,
)
