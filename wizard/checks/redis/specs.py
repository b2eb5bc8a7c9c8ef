"""The ids of the Redis checks. Subject of each: the role (cache, sync, lock, queue, worker-id)."""

from __future__ import annotations

from typing import Any

from wizard.plan.finding import Severity
from wizard.plan.i18n import mark
from wizard.plan.sections import RedisRole
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

COMPONENT = "redis"
_PAGE = "https://docs.nocobase.com/cluster-mode/preparations"
_FACTS = "docs/nocobase.md#redis"
_CACHE_MANAGER = "packages/core/cache/src/cache-manager.ts"


def _spec(
    check: str, means: str, source: str = _FACTS, *, severities: tuple[Severity, ...], remedy: str, **more: Any
) -> Spec:
    return Spec(f"{COMPONENT}.{check}", means, _PAGE, source, severities, remedy, **more)


CONNECT = _spec(
    "connect",
    mark("The server answers and accepts the account"),
    severities=(PASS, FAIL),
    remedy=mark("Correct address, account or TLS; the finding tells which, and what to type."),
    gate=True,
)
VERSION = _spec(
    "version",
    mark("Redis 8, or an older one with the Bloom filter"),
    severities=(PASS, WARN),
    remedy=mark("Run Redis 8 or later as Redis builds it."),
)
PRIMARY = _spec(
    "primary",
    mark("The server is a primary that accepts writes"),
    "packages/core/server/src/redis-connection-manager.ts",
    severities=(PASS, FAIL),
    remedy=mark("Enter the primary in the plan."),
)
CLUSTER = _spec(
    "cluster",
    mark("One plain server: neither Redis Cluster nor Sentinel"),
    "packages/core/server/src/redis-connection-manager.ts",
    severities=(PASS, FAIL),
    remedy=mark("Enter one plain server, or an address that always leads to the primary."),
)
DATABASE = _spec(
    "database",
    mark("The database index exists"),
    severities=(PASS, FAIL),
    remedy=mark("Choose a lower index, or raise “databases” in redis.conf."),
    absent=mark("no such database"),
)
PRODUCT = _spec(
    "product", mark("The product is Redis itself"), severities=(PASS, WARN), remedy=mark("Run Redis itself.")
)
CACHE_USE = _spec(
    "cache_use",
    mark("Values can be kept, read and expire"),
    _CACHE_MANAGER,
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
)
SYNC_USE = _spec(
    "sync_use",
    mark("A message that is published arrives"),
    "packages/core/server/src/pub-sub-manager",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Grant the account what is named, on channels of any name."),
)
LOCK_USE = _spec(
    "lock_use",
    mark("A lock excludes others and can be released"),
    "packages/core/lock-manager",
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
)
QUEUE_USE = _spec(
    "queue_use",
    mark("A message that is put into a queue comes out"),
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
)
WORKER_ID_USE = _spec(
    "worker_id_use",
    mark("Numbers can be counted and reserved"),
    "packages/core/server/src/worker-id-allocator.ts",
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
)
BLOOM = _spec(
    "bloom",
    mark("The Bloom filter for revoked tokens"),
    "packages/plugins/@nocobase/plugin-auth/src/server/token-blacklist.ts",
    severities=(PASS, WARN),
    remedy=mark("Run Redis 8 as Redis builds it, or load the Bloom module."),
)
COMMANDS = _spec(
    "commands",
    mark("The account may run every command the role needs"),
    _CACHE_MANAGER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Grant the account the commands that are named."),
)
EVICTION = _spec(
    "eviction",
    mark("Memory pressure does not throw keys away"),
    severities=(PASS, WARN),
    remedy=mark("Set maxmemory-policy noeviction."),
)
PERSISTENCE = _spec(
    "persistence",
    mark("Data outlives a restart of the server"),
    severities=(PASS, WARN, FAIL),
    remedy=mark("Set appendonly yes, and let the server write to its disk."),
)
TIMEOUT = _spec(
    "timeout",
    mark("Idle connections are left alone, and dead ones are noticed"),
    severities=(PASS, WARN),
    remedy=mark("Set timeout 0 and tcp-keepalive 300."),
)
MEMORY = _spec("memory", mark("Memory is left"), severities=(PASS, WARN, FAIL), remedy=mark("Raise maxmemory."))
NEIGHBOURS = _spec(
    "neighbours",
    mark("No more NocoBase processes listen on the server than the plan has"),
    "packages/core/server/src/pub-sub-manager",
    severities=(PASS, INFO, WARN),
    remedy=mark("Give each cluster a Redis server of its own for the role."),
)
CACHE_ALONE = _spec(
    "cache_alone",
    mark("The cache has its database to itself"),
    _CACHE_MANAGER,
    severities=(PASS, WARN),
    remedy=mark("Give the cache a database that nobody else uses."),
)
WORKER_IDS = _spec(
    "worker_ids",
    mark("Worker IDs that appear in use are no more than the plan's processes; inferred from the names of keys"),
    "docs/nocobase.md#worker-ids-and-worker-modes",
    severities=(INFO, WARN),
    remedy=mark("Give each cluster a database of its own for the worker IDs."),
)
LATENCY = _spec(
    "latency",
    mark("How long an answer takes"),
    severities=(PASS, WARN),
    remedy=mark("Bring the nodes and the server nearer to each other."),
)
DISTINCT = _spec(
    "distinct",
    mark("Every role has a database of its own"),
    _CACHE_MANAGER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give each role a database of its own, the cache above all."),
)

_FIRST = (CONNECT, VERSION, PRIMARY, CLUSTER, DATABASE)
_LAST = (COMMANDS, PRODUCT, TIMEOUT, MEMORY)

USES = {
    RedisRole.CACHE: CACHE_USE,
    RedisRole.SYNC: SYNC_USE,
    RedisRole.LOCK: LOCK_USE,
    RedisRole.QUEUE: QUEUE_USE,
    RedisRole.WORKER_ID: WORKER_ID_USE,
}
_OF_ROLE = {
    RedisRole.CACHE: (BLOOM, CACHE_ALONE),
    RedisRole.SYNC: (EVICTION, NEIGHBOURS),
    RedisRole.LOCK: (EVICTION,),
    RedisRole.QUEUE: (EVICTION, PERSISTENCE),
    RedisRole.WORKER_ID: (EVICTION, PERSISTENCE, WORKER_IDS),
}


def specs_of(role: RedisRole) -> tuple[Spec, ...]:
    """Return the ids that are looked at for `role`, the gate first."""
    return (*_FIRST, USES[role], *_LAST, *_OF_ROLE[role], LATENCY)


CHECK_SPECS = tuple(dict.fromkeys(spec for role in RedisRole for spec in specs_of(role)))
SPECS = (*CHECK_SPECS, DISTINCT)
