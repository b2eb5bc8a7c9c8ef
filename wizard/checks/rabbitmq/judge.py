"""From facts to findings: the gate, the virtual host, then what the broker can do."""

from __future__ import annotations

from typing import Any

from wizard.checks.rabbitmq.errors import VIRTUAL_HOST as ABOUT_VIRTUAL_HOST
from wizard.checks.rabbitmq.facts import Broker, BrokerFacts
from wizard.checks.rabbitmq.judge_connect import judge_connect
from wizard.checks.rabbitmq.judge_size import judge_message_size
from wizard.checks.rabbitmq.judge_use import (
    judge_alarm,
    judge_latency,
    judge_permissions,
    judge_queue_kinds,
    judge_use,
)
from wizard.checks.rabbitmq.specs import ASKED, CONNECT, TLS, VERSION, VIRTUAL_HOST
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.engine.check import skip_rest
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.remedy import advice, commands, steps

RECOMMENDED = 4
"""NocoBase recommends RabbitMQ 4.0 or later (cluster-mode/preparations)."""


def judge(target: BrokerTarget, facts: BrokerFacts) -> list[Finding]:
    """Judge the broker; nothing more is said behind a gate that did not pass."""
    gate = judge_connect(target, facts)
    if gate.severity is not Severity.PASS:
        return [gate, *skip_rest(ASKED, CONNECT)]
    if not isinstance(facts.connection, Known):
        refused = _no_entry(target, facts.connection)
        rest = [spec for spec in ASKED if spec is not CONNECT]
        return [gate, refused, *skip_rest(rest, VIRTUAL_HOST)]
    return [
        gate,
        VIRTUAL_HOST.passed(
            tr("The virtual host {name} is open to {user}.", name=target.virtual_host, user=target.account)
        ),
        _judge_version(target, facts.connection.value),
        _judge_tls(target),
        judge_use(target, facts),
        judge_permissions(target, facts),
        judge_alarm(target, facts),
        judge_queue_kinds(target, facts),
        judge_message_size(target, facts),
        judge_latency(target, facts),
    ]


def _no_entry(target: BrokerTarget, fact: Any) -> Finding:
    trouble = fact if isinstance(fact, Trouble) else Trouble(ErrorKind.OTHER, about=ABOUT_VIRTUAL_HOST)
    match trouble.kind:
        case ErrorKind.MISSING:
            words = tr(
                "There is no virtual host {name} at {address}.", name=target.virtual_host, address=target.address
            )
            remedy = commands(
                steps(tr("First compare it with the virtual host of the other nodes, and correct it in the plan.")),
                steps(tr("Only where no node uses another one: nodes of two virtual hosts share no queue.")),
                target.rabbitmqctl("add_vhost", target.virtual_host),
                target.grant(),
            )
        case ErrorKind.PERMISSION:
            words = tr("{user} may not enter the virtual host {name}.", user=target.account, name=target.virtual_host)
            remedy = commands(target.grant())
        case _:
            words = tr("The virtual host {name} does not let {user} in.", name=target.virtual_host, user=target.account)
            remedy = commands(target.rabbitmqctl("list_vhost_limits", inside=True))
    facts = {"virtual_host": target.virtual_host, "user": target.account}
    return VIRTUAL_HOST.fail(
        words, trouble.kind, detail=trouble.message, remedy=remedy, facts=facts, elapsed_ms=trouble.elapsed_ms
    )


def _judge_version(target: BrokerTarget, broker: Broker) -> Finding:
    name = f"{broker.product} {broker.version}".strip()
    facts = {"product": broker.product, "version": broker.version, "platform": broker.platform}
    if not broker.version:
        return VERSION.unknown(tr("{address} does not say its version.", address=target.address), facts=facts)
    if broker.product == "RabbitMQ" and broker.major >= RECOMMENDED:
        return VERSION.passed(tr("{name} at {address}.", name=name, address=target.address), facts=facts)
    return VERSION.warn(
        tr("{name} at {address}; NocoBase recommends RabbitMQ 4.0 or later.", name=name, address=target.address),
        remedy=advice(
            tr("Run the image rabbitmq:4, or upgrade by way of 3.13 as https://www.rabbitmq.com/docs/upgrade says.")
        ),
        error=ErrorKind.VERSION,
        facts=facts,
    )


def _judge_tls(target: BrokerTarget) -> Finding:
    facts = {"tls": target.tls}
    if target.tls:
        words = tr("Messages travel over TLS, and the certificate of {host} is trusted.", host=target.host)
        return TLS.passed(words, facts=facts)
    return TLS.info(
        tr("Messages and the password of {user} travel without TLS.", user=target.account),
        detail=tr("That is usual in a network of the cluster alone."),
        facts=facts,
    )
