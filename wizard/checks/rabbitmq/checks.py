"""RabbitMQ, where it carries the queue: the broker, the account, the virtual host, and a message's way."""

from __future__ import annotations

from functools import partial
from typing import Any

from wizard.checks.rabbitmq.facts import BrokerFacts
from wizard.checks.rabbitmq.judge import judge
from wizard.checks.rabbitmq.probe import probe
from wizard.checks.rabbitmq.rules import judge_application, judge_variables
from wizard.checks.rabbitmq.specs import APPLICATION_VERSION, ASKED, COMPONENT, VARIABLES
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.engine.check import Check, Prerequisites, settled
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets
from wizard.plan.sections import QueueKind

_DRIVERS = ("pika",)
"""What the probe imports (`Check.drivers`)."""


def checks(plan: Plan, secrets: Secrets) -> list[Check[Any]]:
    """Return the broker's check and what is known without it; nothing where Redis carries the queue."""
    if plan.queue.kind is not QueueKind.RABBITMQ:
        return []
    rules = settled(COMPONENT, "", (APPLICATION_VERSION, VARIABLES), (judge_application(plan), judge_variables(plan)))
    return [rules, _asking(plan, secrets)]


def _asking(plan: Plan, secrets: Secrets) -> Check[Any]:
    needs = Prerequisites(
        plan,
        secrets,
        settings=("queue.host", "queue.virtual_host"),
        readable=("queue.port", "queue.tls"),
        secret_keys=("queue.password",),
    )
    target = BrokerTarget.of(plan, secrets)
    return needs.missing(COMPONENT, "", ASKED) or Check(
        component=COMPONENT,
        specs=ASKED,
        facts=BrokerFacts,
        probe=partial(probe, target),
        judge=partial(judge, target),
        drivers=_DRIVERS,
    )
