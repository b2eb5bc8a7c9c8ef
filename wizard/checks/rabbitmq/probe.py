"""Asks the broker, on one connection: one message goes through a queue of our own.

The queue is exclusive, deletes itself and expires; the lasting ones that follow expire and are deleted at once.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wizard.checks.rabbitmq.connection import Connection, connect, introduce, note_blocking
from wizard.checks.rabbitmq.errors import (
    ALARM,
    PLAIN_BROKER,
    TLS_BROKER,
    NotTakenError,
    UnexpectedAnswerError,
    explain,
)
from wizard.checks.rabbitmq.facts import LARGE, BrokerFacts
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.dataclass import dataclass
from wizard.engine.facts import Fact, Trouble, attempt
from wizard.net.cleanup import CLEANUP
from wizard.net.errors import CERTIFICATE, CLIENT_CERTIFICATE, explain_any, resolve
from wizard.net.tls_sniff import speaks_tls, wants_certificate
from wizard.net.trust import look_into
from wizard.plan.finding import ErrorKind

EXPIRY_MS = 60_000
_ARRIVES_WITHIN = 1.5
_BODY = b"nocobase-cluster-wizard"
_LARGE_ARRIVES_WITHIN = 3.0
_ASKS = 5


def probe(target: BrokerTarget, facts: BrokerFacts) -> None:
    """Fill `facts` in their order, up to the first trouble of the message."""
    facts.addresses = attempt(lambda: tuple(resolve(target.host, target.port)), explain_any)
    if isinstance(facts.addresses, Trouble):
        return
    open_ones: list[Connection] = []
    try:
        facts.connection = _clarified(attempt(lambda: _connect(target, open_ones), explain), target)
        if open_ones:
            _ask(open_ones[0], facts)
        elif isinstance(facts.connection, Trouble) and facts.connection.about == CERTIFICATE:
            facts.doubt = attempt(lambda: look_into(target), explain_any)
    finally:
        for connection in open_ones:
            _close(connection)


def _connect(target: BrokerTarget, open_ones: list[Connection]) -> Any:
    open_ones.append(connect(target))
    return introduce(open_ones[0])


def _clarified(fact: Any, target: BrokerTarget) -> Any:
    """Tell apart what looks alike from here: one side speaks TLS alone, the broker wants a certificate, or is none."""
    if not isinstance(fact, Trouble) or fact.kind not in {ErrorKind.PROTOCOL, ErrorKind.TLS}:
        return fact
    if not target.tls:
        return replace(fact, kind=ErrorKind.TLS, about=TLS_BROKER) if speaks_tls(target.host, target.port) else fact
    if fact.about in {CERTIFICATE, CLIENT_CERTIFICATE}:
        return fact
    if "WRONG_VERSION_NUMBER" in fact.message.upper().replace(" ", "_"):
        return replace(fact, about=PLAIN_BROKER)
    wanted = wants_certificate(target.host, target.port)
    return replace(fact, kind=ErrorKind.TLS, about=CLIENT_CERTIFICATE) if wanted else fact


def _ask(connection: Connection, facts: BrokerFacts) -> None:
    name = f"ncw-check-{secrets.token_hex(4)}"
    message, blocked = _Message(connection, name), note_blocking(connection)
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("declared", message.declare),
        ("published", message.publish),
        ("consumed", message.consume),
        ("acknowledged", message.acknowledge),
        ("deleted", message.delete),
        ("latency", lambda: _measure(connection)),
    ]
    for field, step in steps:
        fact: Fact[Any] = attempt(step, explain)
        if isinstance(fact, Trouble) and fact.about == ALARM and blocked:
            fact = replace(fact, message=f"{fact.message}: {blocked[-1]}")
        setattr(facts, field, fact)
        if isinstance(fact, Trouble):
            return
    facts.classic = attempt(lambda: _last(connection, f"{name}-classic", "classic"), explain)
    facts.quorum = attempt(lambda: _last(connection, f"{name}-quorum", "quorum"), explain)
    facts.large = attempt(lambda: _send_large(connection, name), explain)


@dataclass(slots=True)
class _Message:
    """One message through one queue, a step at a time."""

    connection: Connection
    name: str
    body: bytes = _BODY
    within: float = _ARRIVES_WITHIN
    channel: Any = None
    tag: int = 0

    def declare(self) -> str:
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()
        self.channel.queue_declare(self.name, exclusive=True, auto_delete=True, arguments={"x-expires": EXPIRY_MS})
        return self.name

    def publish(self) -> None:
        """Wait until the broker has confirmed it; raises UnroutableError or NackError if it does not take it."""
        self.channel.basic_publish("", self.name, self.body, mandatory=True)

    def consume(self) -> int:
        for method, _properties, body in self.channel.consume(self.name, inactivity_timeout=self.within):
            if method is None:
                raise TimeoutError(f"no message within {self.within} s")
            if body != self.body:
                raise UnexpectedAnswerError("the message came back changed")
            self.tag = method.delivery_tag
            break
        return self.tag

    def acknowledge(self) -> None:
        self.channel.basic_ack(self.tag)
        if left := self.waiting():
            raise UnexpectedAnswerError(f"{left} messages are left after the acknowledgement")

    def stay(self) -> None:
        """Raise NotTakenError if the queue did not keep the message: without a policy a confirmed one stays."""
        if not self.waiting():
            raise NotTakenError("confirmed, and not in the queue")

    def waiting(self) -> int:
        """Return how many messages are in the queue and with nobody."""
        return int(self.channel.queue_declare(self.name, passive=True).method.message_count)

    def delete(self) -> None:
        self.channel.queue_delete(self.name)
        self.channel.close()


def _send_large(connection: Connection, name: str) -> int:
    """Let one large message through a queue of its own, delete both, and return its bytes."""
    message = _Message(connection, name, bytes(LARGE), _LARGE_ARRIVES_WITHIN)
    try:
        message.declare()
        message.publish()
        message.stay()
        message.consume()
        message.acknowledge()
        message.delete()
    except Exception:  # whatever the driver raised: the queue goes first, then the caller explains it
        _remove(connection, name)
        raise
    return LARGE


def _remove(connection: Connection, name: str) -> None:
    """Delete a queue whose channel the broker may have closed; it also goes with the connection."""
    from pika.exceptions import AMQPError

    with contextlib.suppress(AMQPError, OSError):
        channel = connection.channel()
        channel.queue_delete(name)
        channel.close()


@CLEANUP.pending()
def _last(connection: Connection, name: str, kind: str) -> None:
    """Declare a lasting queue of `kind` and delete it; it expires, too, should we be stopped in between."""
    channel = connection.channel()
    arguments = {"x-queue-type": kind, "x-expires": EXPIRY_MS}
    channel.queue_declare(name, durable=True, arguments=arguments)
    channel.queue_delete(name)
    channel.close()


def _measure(connection: Connection) -> tuple[float, ...]:
    """Return the milliseconds of a few questions and answers, sorted."""
    channel = connection.channel()
    times = []
    for _ in range(_ASKS):
        began = time.perf_counter()
        channel.basic_qos(prefetch_count=1)
        times.append((time.perf_counter() - began) * 1000)
    channel.close()
    return tuple(sorted(times))


def _close(connection: Connection) -> None:
    """Close politely: an abrupt end fills the broker's log. Queues that are exclusive go with their connection."""
    from pika.exceptions import AMQPError

    with contextlib.suppress(AMQPError, OSError):
        if connection.is_open:
            connection.close()
