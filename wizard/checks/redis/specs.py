"""The ids of the Redis checks. Subject of each: the role (cache, sync, lock, queue, worker-id)."""

from __future__ import annotations

from typing import Any

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.finding import Severity
from wizard.plan.i18n import mark
from wizard.plan.sections import RedisRole
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

COMPONENT = "redis"
_FACTS = "docs/nocobase.md#redis"
_CACHE_MANAGER = "packages/core/cache/src/cache-manager.ts"


def _spec(
    check: str, means: str, source: str = _FACTS, *, severities: tuple[Severity, ...], remedy: str, **more: Any
) -> Spec:
    return Spec(f"{COMPONENT}.{check}", means, docs.PREPARATIONS, source, severities, remedy, **more)


CONNECT = _spec(
    "connect",
    mark("The server answers and accepts the account"),
    severities=(PASS, FAIL),
    remedy=mark("Correct address, account or TLS; the finding tells which, and what to type."),
    gate=True,
    vital=True,
    effect=mark("No node can start."),
    evidence=mark("A connection with the address, account and TLS of the role."),
    symptom=mark("Nodes end as they start, or answer 503"),
)
VERSION = _spec(
    "version",
    mark("Redis 8, or an older one with the Bloom filter"),
    severities=(PASS, WARN),
    remedy=mark("Run Redis 8 or later as Redis builds it."),
    area=Area.ADVICE,
    evidence=mark("What the server says of its version."),
)
PRIMARY = _spec(
    "primary",
    mark("The server is a primary that accepts writes"),
    "packages/core/server/src/redis-connection-manager.ts",
    severities=(PASS, FAIL),
    remedy=mark("Enter the primary in the plan."),
    effect=mark("NocoBase cannot write to it."),
    evidence=mark("The server's role in a replication."),
    symptom=mark("“READONLY You can't write against a read only replica” in a node's log"),
)
CLUSTER = _spec(
    "cluster",
    mark("One plain server: neither Redis Cluster nor Sentinel"),
    "packages/core/server/src/redis-connection-manager.ts",
    severities=(PASS, FAIL),
    remedy=mark("Enter one plain server, or an address that always leads to the primary."),
    effect=mark("NocoBase cannot use it."),
    evidence=mark("Whether the server is one of a cluster, or a Sentinel."),
    symptom=mark("“MOVED” or “CROSSSLOT” in a node's log"),
)
DATABASE = _spec(
    "database",
    mark("The database index exists"),
    severities=(PASS, FAIL),
    remedy=mark("Choose a lower index, or raise “databases” in redis.conf."),
    absent=mark("no such database"),
    vital=True,
    effect=mark("No node can start."),
    evidence=mark("A SELECT of the database."),
    symptom=mark("“ERR DB index is out of range” in a node's log"),
)
PRODUCT = _spec(
    "product",
    mark("The product is Redis itself"),
    severities=(PASS, WARN),
    remedy=mark("Run Redis itself."),
    area=Area.ADVICE,
    evidence=mark("What the server says of its make."),
)
CACHE_USE = _spec(
    "cache_use",
    mark("Values can be kept, read and expire"),
    _CACHE_MANAGER,
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
    effect=mark("Nodes cannot keep sessions and settings in common."),
    evidence=mark("A key that is written, read and left to expire, on trial."),
)
SYNC_USE = _spec(
    "sync_use",
    mark("A message that is published arrives"),
    "packages/core/server/src/pub-sub-manager",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Grant the account what is named, on channels of any name."),
    effect=mark("A change made on one node does not reach the others."),
    evidence=mark("A message that is published and heard, on trial, on a channel nobody else has."),
    symptom=mark("A change is seen on one node and not on the others"),
)
LOCK_USE = _spec(
    "lock_use",
    mark("A lock excludes others and can be released"),
    "packages/core/lock-manager",
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
    effect=mark("Work that must be done once is done by several nodes."),
    evidence=mark("A lock that is taken, refused to a second one, and released, on trial."),
    symptom=mark("A scheduled workflow runs twice"),
)
QUEUE_USE = _spec(
    "queue_use",
    mark("A message that is put into a queue comes out"),
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
    effect=mark("Workflows and long tasks are not done."),
    evidence=mark("A message through a queue, on trial."),
    symptom=mark("Workflows stay queued"),
)
WORKER_ID_USE = _spec(
    "worker_id_use",
    mark("Numbers can be counted and reserved"),
    "packages/core/server/src/worker-id-allocator.ts",
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named, and let the server take writes."),
    effect=mark("A node gets no worker ID and does not start."),
    evidence=mark("A number that is counted and reserved, on trial."),
    symptom=mark("A node ends with “no available worker id”"),
)
BLOOM = _spec(
    "bloom",
    mark("The Bloom filter for revoked tokens"),
    "packages/plugins/@nocobase/plugin-auth/src/server/token-blacklist.ts",
    severities=(PASS, WARN),
    remedy=mark("Run Redis 8 as Redis builds it, or load the Bloom module."),
    area=Area.ADVICE,
    evidence=mark("Whether the server knows the Bloom filter."),
)
COMMANDS = _spec(
    "commands",
    mark("The account may run every command the role needs"),
    _CACHE_MANAGER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Grant the account the commands that are named."),
    effect=mark("NocoBase is refused a command that it needs."),
    evidence=mark("The commands of the role, by the account's rights."),
    symptom=mark("“NOPERM” in a node's log"),
)
EVICTION = _spec(
    "eviction",
    mark("Memory pressure does not throw keys away"),
    severities=(PASS, WARN),
    remedy=mark("Set maxmemory-policy noeviction."),
    area=Area.DATA,
    evidence=mark("The server's rule for full memory."),
    symptom=mark("Locks, messages or numbers are lost without a word"),
)
PERSISTENCE = _spec(
    "persistence",
    mark("Data outlives a restart of the server"),
    severities=(PASS, WARN, FAIL),
    remedy=mark("Set appendonly yes, and let the server write to its disk."),
    area=Area.DATA,
    effect=mark("What waits in the queue is lost when the server restarts."),
    evidence=mark("The server's AOF and RDB, and whether its last write worked."),
    symptom=mark("Queued workflows are gone after a restart"),
)
TIMEOUT = _spec(
    "timeout",
    mark("Idle connections are left alone, and dead ones are noticed"),
    severities=(PASS, WARN),
    remedy=mark("Set timeout 0 and tcp-keepalive 300."),
    area=Area.ADVICE,
    evidence=mark("The server's timeout and tcp-keepalive."),
    symptom=mark("A node stops after a quiet hour"),
)
MEMORY = _spec(
    "memory",
    mark("Memory is left"),
    severities=(PASS, WARN, FAIL),
    remedy=mark("Raise maxmemory."),
    effect=mark("The server refuses to take more."),
    evidence=mark("The server's memory, used and allowed."),
    symptom=mark("“OOM command not allowed” in a node's log"),
)
NEIGHBOURS = _spec(
    "neighbours",
    mark("No more NocoBase processes listen on the server than the plan has"),
    "packages/core/server/src/pub-sub-manager",
    severities=(PASS, INFO, WARN),
    remedy=mark("Give each cluster a Redis server of its own for the role."),
    area=Area.DATA,
    evidence=mark("Who listens on NocoBase's channels."),
    symptom=mark("Settings change by themselves"),
)
CACHE_ALONE = _spec(
    "cache_alone",
    mark("The cache has its database to itself"),
    _CACHE_MANAGER,
    severities=(PASS, WARN),
    remedy=mark("Give the cache a database that nobody else uses."),
    area=Area.DATA,
    evidence=mark("The keys of the database, by their names alone."),
)
WORKER_IDS = _spec(
    "worker_ids",
    mark("Worker IDs that appear in use are no more than the plan's processes; inferred from the names of keys"),
    "docs/nocobase.md#worker-ids-and-worker-modes",
    severities=(INFO, WARN),
    remedy=mark("Give each cluster a database of its own for the worker IDs."),
    area=Area.ADVICE,
    evidence=mark("The names of the keys that reserve worker IDs."),
    symptom=mark("A node ends with “no available worker id”"),
)
LATENCY = _spec(
    "latency",
    mark("How long an answer takes"),
    severities=(PASS, WARN),
    remedy=mark("Bring the nodes and the server nearer to each other."),
    area=Area.SPEED,
    evidence=mark("A few round trips."),
    timed=True,
    symptom=mark("Every page is slow"),
)
DISTINCT = _spec(
    "distinct",
    mark("Every role has a database of its own"),
    _CACHE_MANAGER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give each role a database of its own, the cache above all."),
    area=Area.DATA,
    effect=mark("Clearing the cache clears what another role keeps."),
    evidence=mark("What the servers say of themselves, so that one server under two names is known."),
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
