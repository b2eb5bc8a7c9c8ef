"""The ids of the RabbitMQ checks. The plan has at most one broker, so their subject is empty."""

from __future__ import annotations

from typing import Any

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.finding import Severity
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

COMPONENT = "rabbitmq"
_FACTS = "docs/nocobase.md#rabbitmq"


def _spec(check: str, means: str, *, severities: tuple[Severity, ...], remedy: str, **more: Any) -> Spec:
    return Spec(f"{COMPONENT}.{check}", means, docs.PREPARATIONS, _FACTS, severities, remedy, **more)


CONNECT = _spec(
    "connect",
    mark("The broker answers and accepts the account"),
    severities=(PASS, FAIL),
    remedy=mark("Correct address, account or TLS; the finding tells which, and what to type."),
    gate=True,
    effect=mark("Workflows and long tasks are not done."),
    evidence=mark("A connection with the plan's address, account and TLS."),
    symptom=mark("Workflows stay queued"),
)
VERSION = _spec(
    "version",
    mark("RabbitMQ 4.0 or later"),
    severities=(PASS, WARN),
    remedy=mark("Run RabbitMQ 4.0 or later."),
    area=Area.ADVICE,
    evidence=mark("What the broker says of its version."),
)
VIRTUAL_HOST = _spec(
    "virtual_host",
    mark("The virtual host exists and the account may enter it"),
    severities=(PASS, FAIL),
    remedy=mark("Make the virtual host, and let the account in."),
    absent=mark("virtual host not found"),
    effect=mark("Workflows and long tasks are not done."),
    evidence=mark("Opening the virtual host."),
    symptom=mark("Workflows stay queued"),
)
USE = _spec(
    "use",
    mark("A message that is published comes out of its queue"),
    severities=(PASS, FAIL),
    remedy=mark("Grant the account its rights, or end the broker's alarm."),
    effect=mark("Workflows and long tasks are not done."),
    evidence=mark("A message through a queue, on trial."),
    symptom=mark("Workflows stay queued"),
)
PERMISSIONS = _spec(
    "permissions",
    mark("The account may configure, write and read"),
    severities=(PASS, FAIL),
    remedy=mark("Grant the account configure, write and read."),
    effect=mark("Workflows and long tasks are not done."),
    evidence=mark("What the broker allowed the account on trial."),
    symptom=mark("“ACCESS_REFUSED” in a node's log"),
)
ALARM = _spec(
    "alarm",
    mark("The broker accepts messages: no alarm for memory or disk"),
    severities=(PASS, FAIL),
    remedy=mark("Free the broker's memory or disk."),
    effect=mark("The broker takes no message."),
    evidence=mark("Whether the broker blocks the connection."),
    symptom=mark("Workflows stay queued"),
)
QUEUE_KINDS = _spec(
    "queue_kinds",
    mark("Lasting queues can be declared, classic and quorum"),
    severities=(PASS, WARN),
    remedy=mark("Let the account declare queues of any name, of both kinds."),
    area=Area.ADVICE,
    evidence=mark("Queues of both kinds, declared on trial and deleted."),
)
MESSAGE_SIZE = _spec(
    "message_size",
    mark("A message of 1 MiB goes through"),
    severities=(PASS, WARN),
    remedy=mark("Raise max_message_size in rabbitmq.conf, or the limit of the queues' policy."),
    area=Area.ADVICE,
    evidence=mark("A message of 1 MiB."),
)
TLS = _spec(
    "tls",
    mark("Messages travel encrypted"),
    severities=(PASS, INFO),
    remedy=mark("Let the broker listen with TLS, and switch it on in the plan."),
    area=Area.ADVICE,
    evidence=mark("Whether the connection is encrypted."),
)
LATENCY = _spec(
    "latency",
    mark("How long an answer takes"),
    severities=(PASS, WARN),
    remedy=mark("Bring the nodes and the broker nearer to each other."),
    area=Area.SPEED,
    evidence=mark("A few round trips."),
    timed=True,
)
APPLICATION_VERSION = _spec(
    "application_version",
    mark("The NocoBase version gets on with RabbitMQ"),
    severities=(PASS, WARN),
    remedy=mark("Plan NocoBase 2.1.25 or later."),
    area=Area.ADVICE,
    evidence=mark("The version that the plan names."),
)
VARIABLES = _spec(
    "variables",
    mark("The names of the variables for RabbitMQ"),
    severities=(),
    remedy=mark("Ask NocoBase's support to confirm the names; the plan can hold others."),
    area=Area.ADVICE,
    evidence=mark("The variables that the plan writes for RabbitMQ."),
)

ASKED = (CONNECT, VIRTUAL_HOST, VERSION, TLS, USE, PERMISSIONS, ALARM, QUEUE_KINDS, MESSAGE_SIZE, LATENCY)
SPECS = (*ASKED, APPLICATION_VERSION, VARIABLES)
