"""What the script is asked: the addresses of the plan to try from there, and the key of the fingerprints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from wizard.checks.inside.fingerprints import id_of
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import Deployment, Dialect, QueueKind, Tls, Transport
from wizard.plan.sections.reach import Reach

_MYSQL = frozenset({Dialect.MYSQL, Dialect.MARIADB})


def text_for(script: str, key: Secret | None, asked: Mapping[str, Any]) -> str:
    """Return the script with what is asked before it; the text holds the key, so it is a secret, too."""
    told = {**asked, "key": key.reveal(), "key_id": id_of(key)} if key else dict(asked)
    return f"globalThis.NOCOBASE_CLUSTER_WIZARD = {json.dumps(told)};\n{script}"


def endpoints(plan: Plan) -> list[dict[str, Any]]:
    """Return the addresses that every node must reach, each once: name, host, port, protocol, and whether over TLS."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for one in _all(plan):
        if one["host"]:
            found.setdefault((one["host"], one["port"]), one)
    return list(found.values())


def _all(plan: Plan) -> Iterator[dict[str, Any]]:
    database = plan.database
    protocol = "mysql" if database.dialect in _MYSQL else "postgres"
    # The handshake of MySQL's TLS is not spoken by the script: there the way to the port is all that is tried.
    tls = database.tls is not Tls.OFF and protocol == "postgres"
    yield _endpoint("database", database.host, database.effective_port, protocol, tls=tls)
    for role in plan.redis_roles:
        server = plan.redis.endpoint(role)
        yield _endpoint(f"redis {role.value}", server.host, server.port, "redis", tls=server.tls)
    if plan.queue.kind is QueueKind.RABBITMQ:
        yield _endpoint("rabbitmq", plan.queue.host, plan.queue.effective_port, "amqp", tls=plan.queue.tls)
    if not (plan.licence.without_plugins or plan.licence.skip_download):
        parts = urlsplit(plan.licence.service_url)
        usual = 443 if parts.scheme == "https" else 80
        yield _endpoint("licence", parts.hostname or "", parts.port or usual, "http", tls=parts.scheme == "https")


def _endpoint(name: str, host: str, port: int, protocol: str, *, tls: bool) -> dict[str, Any]:
    return {"name": name, "host": host, "port": port, "protocol": protocol, "tls": tls}


def names_there(plan: Plan) -> dict[str, str]:
    """Return what the way into the nodes calls each one, by its name in the plan (`nodeN` where it has none)."""
    reach: Reach = plan.reach
    found = {}
    for number, node in enumerate(plan.nodes, start=1):
        name = node.name or f"node{number}"
        found[name] = node.reach or (node.host if reach.transport is Transport.SSH else "") or name
    return found


def node_names(plan: Plan) -> tuple[str, ...]:
    """Return what findings call the nodes, in the plan's order."""
    return tuple(node.name or f"node{number}" for number, node in enumerate(plan.nodes, start=1))


def ports(plan: Plan) -> dict[str, int]:
    """Return the port by which a node's process is told from others of its machine, where one stands for the other.

    In a container a process has a port of its own, whichever is published.
    """
    if plan.application.deployment is not Deployment.BARE and plan.reach.transport is not Transport.LOCAL:
        return {}
    return {name: node.port for name, node in zip(node_names(plan), plan.nodes, strict=True)}
