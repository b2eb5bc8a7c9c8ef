"""Section queue: Redis, or RabbitMQ, whose variables no document of NocoBase names."""

from __future__ import annotations

from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Boolean, Choice, Host, Integer, SecretValue, Text
from wizard.plan.secret import SecretRef
from wizard.plan.setting import setting

_SOURCE = "docs/nocobase.md#rabbitmq"
DEFAULT_URL_VARIABLE = "QUEUE_ADAPTER_RABBITMQ_URL"
_UNVERIFIED = mark("Unverified: no document of NocoBase names it. Confirm it with NocoBase's support.")


UNPUBLISHED = "names of RabbitMQ's variables"
"""The cause that findings share which say that no document names these variables."""


class QueueKind(StrEnum):
    """What carries the message queue."""

    REDIS = "redis"
    RABBITMQ = "rabbitmq"


@dataclass(frozen=True, slots=True)
class Queue:
    """The message queue. With RabbitMQ, Redis is still needed for the other four roles."""

    kind: QueueKind = setting(
        QueueKind.REDIS,
        Choice(QueueKind, (mark("Redis"), mark("RabbitMQ"))),
        mark("Queue on"),
        help=mark("RabbitMQ replaces Redis for the queue alone."),
        source=_SOURCE,
    )
    host: str = setting("", Host(), mark("Host"), source=_SOURCE)
    port: int | None = setting(
        None, Integer(1, 65535, optional=True), mark("Port"), help=mark("5672, with TLS 5671, if empty.")
    )
    tls: bool = setting(False, Boolean(), mark("TLS"))
    virtual_host: str = setting("/", Text(), mark("Virtual host"))
    username: str = setting("nocobase", Text(), mark("User"))
    password: SecretRef | None = setting(None, SecretValue(), mark("Password"))
    adapter: str = setting(
        "rabbitmq", Text(), mark("Value of QUEUE_ADAPTER"), help=_UNVERIFIED, advanced=True, source=_SOURCE
    )
    url_variable: str = setting(
        DEFAULT_URL_VARIABLE,
        Text(r"[A-Z][A-Z0-9_]*", mark("use a variable's name in capitals")),
        mark("Variable of the address"),
        help=_UNVERIFIED,
        advanced=True,
        source=_SOURCE,
    )

    @property
    def effective_port(self) -> int:
        """The port in use: the one given, or that of AMQP with or without TLS."""
        return self.port or (5671 if self.tls else 5672)
