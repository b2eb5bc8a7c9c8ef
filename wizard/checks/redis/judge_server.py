"""What the server is: product, version, role, limits and the settings that a cluster depends on."""

from __future__ import annotations

from typing import Any

from wizard.checks.redis.facts import RedisFacts, Server
from wizard.checks.redis.specs import CLUSTER, EVICTION, MEMORY, PERSISTENCE, PRIMARY, PRODUCT, TIMEOUT, VERSION
from wizard.checks.redis.target import RedisTarget
from wizard.checks.redis.wording import not_known, not_told
from wizard.checks.shared.restart import in_file
from wizard.engine.facts import Known
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import sentences, tr
from wizard.plan.remedy import advice, commands, steps
from wizard.plan.sections import RedisRole

RECOMMENDED = 8
"""NocoBase recommends Redis 8, or a redis-stack with the Bloom filter (cluster-mode/preparations)."""
_NEARLY_FULL = 0.9
_KEEPS_ALL = "noeviction"
_MIB = 1024 * 1024


def _twice(limit: int) -> str:
    return f"{max(1, round(2 * limit / _MIB))}mb"


def _bloom(facts: RedisFacts, server: Server) -> bool:
    return server.bloom or (isinstance(facts.bloom, Known) and bool(facts.bloom.value))


def judge_version(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Redis 8, or an older one with the Bloom filter."""
    if not isinstance(facts.server, Known):
        return not_known(VERSION, target, facts, facts.server)
    server = facts.server.value
    found = {"product": server.product, "version": server.version, "redis_version": server.redis_version}
    more: dict[str, Any] = {"subject": target.role, "facts": found, "elapsed_ms": facts.server.elapsed_ms}
    if server.product == "Redis" and server.major >= RECOMMENDED:
        return VERSION.passed(tr("{name} at {address}.", name=server.name, address=target.address), **more)
    if _bloom(facts, server):
        return VERSION.passed(
            tr("{name} with the Bloom filter at {address}.", name=server.name, address=target.address), **more
        )
    return VERSION.warn(
        tr(
            "{name} at {address}; NocoBase recommends Redis 8, or a redis-stack with the Bloom filter.",
            name=server.name,
            address=target.address,
        ),
        remedy=advice(tr("Run the image redis:8, or redis/redis-stack-server.")),
        error=ErrorKind.VERSION,
        because=(PRODUCT.id,),
        **more,
    )


def judge_product(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Redis itself, or a look-alike by name."""
    if not isinstance(facts.server, Known):
        return not_known(PRODUCT, target, facts, facts.server)
    server = facts.server.value
    more: dict[str, Any] = {"subject": target.role, "facts": {"product": server.product, "version": server.version}}
    if server.product == "Redis":
        return PRODUCT.passed(tr("The server is Redis."), **more)
    return PRODUCT.warn(
        tr("The server is {name}; NocoBase names Redis alone.", name=server.name),
        detail=tr(
            "The round trips here show what works. The plug-ins' code is closed, so they may need a command it lacks."
        ),
        remedy=advice(tr("Run the image redis:8, or ask NocoBase's support about {product}.", product=server.product)),
        **more,
    )


def judge_primary(target: RedisTarget, facts: RedisFacts) -> Finding:
    """A primary: a replica refuses every write."""
    if not isinstance(facts.server, Known):
        return not_known(PRIMARY, target, facts, facts.server)
    server = facts.server.value
    more: dict[str, Any] = {
        "subject": target.role,
        "facts": {"role": server.role, "primary": server.primary_address or None},
    }
    if server.replica:
        known = server.primary_address
        return PRIMARY.fail(
            tr("{address} is a replica and accepts no writes.", address=target.address),
            ErrorKind.OTHER,
            detail=tr("It follows {primary}.", primary=known) if known else "",
            remedy=advice(tr("Enter the primary, {primary}, in the plan.", primary=known))
            if known
            else advice(tr("Enter the primary in the plan.")),
            **more,
        )
    if not server.role:
        return PRIMARY.unknown(
            tr("Could not be found out: {address} does not say its role.", address=target.address), **more
        )
    return PRIMARY.passed(tr("{address} is a primary.", address=target.address), **more)


def judge_cluster(target: RedisTarget, facts: RedisFacts) -> Finding:
    """One plain server: NocoBase's clients follow no redirections and ask no Sentinel."""
    if not isinstance(facts.server, Known):
        return not_known(CLUSTER, target, facts, facts.server)
    server = facts.server.value
    more: dict[str, Any] = {"subject": target.role, "facts": {"mode": server.mode or "standalone"}}
    if server.mode == "sentinel":
        return CLUSTER.fail(
            tr("{address} is a Sentinel, not a Redis server.", address=target.address),
            ErrorKind.OTHER,
            detail=tr("NocoBase connects to one address and asks no Sentinel."),
            remedy=advice(
                tr("Enter an address that always leads to the primary, for example HAProxy before the servers.")
            ),
            **more,
        )
    if server.clustered:
        return CLUSTER.fail(
            tr("{address} is part of a Redis Cluster.", address=target.address),
            ErrorKind.OTHER,
            detail=tr("NocoBase's clients follow no redirections, and a Redis Cluster has database 0 alone."),
            remedy=commands(
                steps(tr("Use a server without cluster mode. One that is alone in its cluster can leave it:")),
                steps(in_file("redis.conf"), "cluster-enabled no"),
            ),
            **more,
        )
    if server.cluster is None and not server.mode:
        return CLUSTER.unknown(
            tr(
                "Could not be found out: {address} does not say whether it is part of a cluster.",
                address=target.address,
            ),
            **more,
        )
    return CLUSTER.passed(tr("{address} is one plain server.", address=target.address), **more)


def judge_eviction(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Locks, messages and reserved numbers must not vanish when memory runs short."""
    server = facts.server.value if isinstance(facts.server, Known) else None
    config = facts.config.value if isinstance(facts.config, Known) else {}
    policy = (server.eviction if server else "") or config.get("maxmemory-policy", "")
    if not policy:
        return not_known(EVICTION, target, facts, facts.config if server else facts.server)
    more: dict[str, Any] = {"subject": target.role, "facts": {"maxmemory_policy": policy}}
    if policy == _KEEPS_ALL:
        return EVICTION.passed(tr("The eviction policy is {policy}.", policy=policy), **more)
    unlimited = server is not None and server.memory_limit == 0
    return EVICTION.warn(
        tr("The eviction policy {policy} throws keys away when memory runs short.", policy=policy),
        detail=sentences(
            tr("The {role} role would lose them silently.", role=target.role),
            tr("No maxmemory is set yet, so nothing is thrown away today.") if unlimited else "",
        ),
        remedy=commands(target.configure("maxmemory-policy", _KEEPS_ALL)),
        **more,
    )


def judge_persistence(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Queued messages and reserved numbers should outlive a restart of the server."""
    if not isinstance(facts.server, Known):
        return not_known(PERSISTENCE, target, facts, facts.server)
    server = facts.server.value
    if server.append_only is None:
        return not_told(PERSISTENCE, target, "INFO")
    snapshots = facts.config.value.get("save") if isinstance(facts.config, Known) else None
    more: dict[str, Any] = {
        "subject": target.role,
        "facts": {"append_only": server.append_only, "snapshots": snapshots},
    }
    if server.write_trouble:
        return PERSISTENCE.fail(
            tr("{address} fails to write to disk.", address=target.address),
            ErrorKind.OTHER,
            detail=server.write_trouble,
            remedy=steps(
                tr("Look at the server's log, and at the space and the rights of its folder:"),
                target.redis_cli("CONFIG", "GET", "dir", admin=True),
            ),
            **more,
        )
    if server.append_only:
        return PERSISTENCE.passed(tr("Every write is kept in the append-only file."), **more)
    if snapshots is None:
        return not_known(PERSISTENCE, target, facts, facts.config)
    return _snapshots(target, snapshots, more)


def _snapshots(target: RedisTarget, rule: str, more: dict[str, Any]) -> Finding:
    if rule:
        return PERSISTENCE.passed(
            tr("Snapshots are taken: save {rule}.", rule=rule),
            detail=tr("A crash loses what was written since the last one. appendonly yes loses a second at most."),
            **more,
        )
    return PERSISTENCE.warn(
        tr("{address} keeps nothing over a restart.", address=target.address),
        detail=tr(
            "Neither the append-only file nor snapshots are on: a restart empties the {role} role.", role=target.role
        ),
        remedy=commands(target.configure("appendonly", "yes")),
        **more,
    )


def judge_timeout(target: RedisTarget, facts: RedisFacts) -> Finding:
    """An idle connection that the server drops ends a NocoBase process: its cache client has no error listener."""
    if not isinstance(facts.config, Known) or "timeout" not in facts.config.value:
        return not_known(TIMEOUT, target, facts, facts.config)
    seconds, alive = facts.config.value["timeout"], facts.config.value.get("tcp-keepalive", "")
    more: dict[str, Any] = {"subject": target.role, "facts": {"timeout": seconds, "tcp_keepalive": alive or None}}
    if seconds == "0" and alive == "0":
        return TIMEOUT.warn(
            tr("{address} never asks whether the other end of a quiet connection is alive.", address=target.address),
            detail=tr(
                "tcp-keepalive is 0: a firewall forgets such a connection unnoticed, and one of a node that is gone "
                "stays. Redis' own value is 300 s."
            ),
            remedy=commands(target.configure("tcp-keepalive", "300")),
            **more,
        )
    if seconds == "0":
        return TIMEOUT.passed(tr("Idle connections are never dropped."), **more)
    return TIMEOUT.warn(
        tr("{address} drops connections that are idle for {seconds} s.", address=target.address, seconds=seconds),
        detail=tr("A dropped cache connection can end the NocoBase process (docs/nocobase.md, “Redis”).")
        if target.role is RedisRole.CACHE
        else tr("NocoBase then has to connect anew, and what was under way is lost."),
        remedy=commands(target.configure("timeout", "0")),
        **more,
    )


def judge_memory(target: RedisTarget, facts: RedisFacts) -> Finding:
    """Memory is left: at its limit, Redis refuses writes or throws keys away; at its host's, the system ends it."""
    if not isinstance(facts.server, Known):
        return not_known(MEMORY, target, facts, facts.server)
    if facts.server.value.used_memory is None:
        return not_told(MEMORY, target, "INFO")
    used, limit, host = (
        facts.server.value.used_memory,
        facts.server.value.memory_limit or 0,
        facts.server.value.host_memory or 0,
    )
    more: dict[str, Any] = {
        "subject": target.role,
        "facts": {"used_bytes": used, "limit_bytes": limit, "host_bytes": host or None},
    }
    if not limit:
        return _unlimited(target, used, host, more)
    values = {"used": used / _MIB, "limit": limit / _MIB}
    remedy = steps(tr("Raise the limit, for example:"), target.configure("maxmemory", _twice(max(used, limit))))
    if used >= limit and facts.server.value.eviction == _KEEPS_ALL:
        return MEMORY.fail(
            tr("{used:.0f} of {limit:.0f} MiB used: writes are refused.", **values),
            ErrorKind.OTHER,
            remedy=remedy,
            **more,
        )
    if used >= _NEARLY_FULL * limit:
        return MEMORY.warn(tr("{used:.0f} of {limit:.0f} MiB used: nearly full.", **values), remedy=remedy, **more)
    return MEMORY.passed(tr("{used:.0f} of {limit:.0f} MiB used.", **values), **more)


def _unlimited(target: RedisTarget, used: int, host: int, more: dict[str, Any]) -> Finding:
    """Without maxmemory the host's memory is the limit, as far as INFO tells it: a container may have less."""
    if not host:
        return MEMORY.unknown(
            tr(
                "{used:.0f} MiB used, no limit set; how much {address} has is not told.",
                used=used / _MIB,
                address=target.address,
            ),
            **more,
        )
    values = {"used": used / _MIB, "host": host / _MIB}
    if used >= _NEARLY_FULL * host:
        return MEMORY.warn(
            tr("{used:.0f} of the {host:.0f} MiB of its host used, and no limit set.", **values),
            detail=tr("When nothing is left, the system ends the server, and what it had not saved is lost."),
            remedy=advice(tr("Give the host more memory, or move roles to another server.")),
            **more,
        )
    return MEMORY.passed(
        tr("{used:.0f} of the {host:.0f} MiB of its host used, no limit set.", **values),
        detail=tr("In a container the limit may be lower than what the server sees."),
        **more,
    )
