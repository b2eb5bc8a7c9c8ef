"""Connections to RabbitMQ: every time-out set, one attempt, and a name that the broker shows."""

from __future__ import annotations

import logging
from typing import Any, TypeAlias

from wizard.checks.rabbitmq.facts import Broker
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.net.trust import node_trust
from wizard.program_name import PROGRAM

Connection: TypeAlias = Any
"""pika's BlockingConnection; pika is not annotated in every version."""

CLIENT_NAME = PROGRAM
ANSWER_SECONDS = 3.5
BLOCKED_SECONDS = 1.5


def connect(target: BrokerTarget) -> Connection:
    """Open a connection, with the trust that a node has."""
    import pika

    # pika logs each refused connection as an error with its traceback; findings say it in words.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    return pika.BlockingConnection(
        pika.ConnectionParameters(
            host=target.host,
            port=target.port,
            virtual_host=target.virtual_host,
            credentials=pika.PlainCredentials(target.account, _password(target)),
            ssl_options=pika.SSLOptions(node_trust(target.authority_file), target.host) if target.tls else None,
            connection_attempts=1,
            socket_timeout=ANSWER_SECONDS,
            stack_timeout=ANSWER_SECONDS,
            blocked_connection_timeout=BLOCKED_SECONDS,
            client_properties={"connection_name": CLIENT_NAME, "product": CLIENT_NAME},
        )
    )


def _password(target: BrokerTarget) -> str:
    if target.password is not None:
        return target.password.reveal()
    return "" if target.username else "guest"


def introduce(connection: Connection) -> Broker:
    """Return what the broker said of itself; pika keeps it where there is no public way to it."""
    said = getattr(getattr(connection, "_impl", None), "server_properties", None) or {}
    return Broker(
        product=str(said.get("product", "")),
        version=str(said.get("version", "")),
        platform=str(said.get("platform", "")),
        cluster=str(said.get("cluster_name", "")),
    )


def note_blocking(connection: Connection) -> list[str]:
    """Return a list that fills with the reasons for which the broker blocks the connection.

    pika's public way tells them between two calls alone, and the call that is blocked ends with the connection.
    """
    reasons: list[str] = []
    inner: Any = getattr(connection, "_impl", None)
    if hasattr(inner, "add_on_connection_blocked_callback"):
        inner.add_on_connection_blocked_callback(lambda _connection, frame: reasons.append(str(frame.method.reason)))
    return reasons
