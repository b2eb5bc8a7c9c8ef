"""What the judges of Redis say in each case, word for word in tests/unit/findings.

Each case has a host of its own: so no finding can stand in for that of another case.
"""

import pytest

from tests.unit.redis_facts import facts, server
from wizard.checks.redis.facts import KeySample, Rights, WorkerKeys
from wizard.checks.redis.judge import judge
from wizard.checks.redis.judge_coexistence import judge_cache_alone, judge_neighbours
from wizard.checks.redis.judge_server import (
    judge_cluster,
    judge_eviction,
    judge_memory,
    judge_persistence,
    judge_primary,
    judge_product,
    judge_timeout,
    judge_version,
)
from wizard.checks.redis.judge_use import judge_bloom, judge_commands, judge_database, judge_latency, judge_use
from wizard.checks.redis.judge_worker_ids import judge_worker_ids
from wizard.checks.redis.target import RedisTarget
from wizard.engine.facts import NOT_NEEDED, PENDING, Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import RedisRole

CACHE, SYNC, LOCK, QUEUE, WORKER_ID = RedisRole
PASS, INFO, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ["pass", "info", "warn", "fail", "unknown", "skip"])
TIMEOUT = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s", "GET", 5000)
MIB = 1024 * 1024


def refused(command):
    return Trouble(ErrorKind.PERMISSION, f"no permissions to run the '{command.lower()}' command", command, 4)


def trouble(kind, message="as the server says", about=""):
    return Trouble(kind, message, about, 4)


def known(**values):
    return Known(server(**values), 7)


def config(**values):
    return Known({name.replace("_", "-"): value for name, value in values.items()}, 7)


def keys(total, **kinds):
    return Known(KeySample(total, {tuple(kind.split("__")): count for kind, count in kinds.items()}), 7)


def workers(total=9, speaking=0, *, complete=True, **ids):
    return Known(WorkerKeys(total, speaking, ids, complete=complete), 7)


# By the host: the role, the judge, the severity, and what is found otherwise than where all is well.
CASES = {
    "version-8": (LOCK, judge_version, PASS, {"server": known(version="8.0.0", redis_version="8.0.0")}),
    "version-7": (LOCK, judge_version, WARN, {"server": known(version="7.4.9", redis_version="7.4.9")}),
    "version-7-bf": (LOCK, judge_version, PASS, {"server": known(redis_version="7.4.1", modules=("search", "bf"))}),
    "version-7-bloom": (LOCK, judge_version, PASS, {"server": known(redis_version="7.4.1", modules=("bloom",))}),
    "version-7-other": (LOCK, judge_version, WARN, {"server": known(redis_version="7.4.1", modules=("search",))}),
    "version-7-tried": (CACHE, judge_version, PASS, {"server": known(redis_version="7.4.1")}),
    "version-none": (LOCK, judge_version, WARN, {"server": known(redis_version="", version="")}),
    "version-alike": (
        LOCK,
        judge_version,
        WARN,
        {"server": known(product="Valkey", version="9.1", redis_version="9.0")},
    ),
    "version-refused": (LOCK, judge_version, UNKNOWN, {"server": refused("INFO")}),
    "product-refused": (CACHE, judge_product, UNKNOWN, {"server": trouble(ErrorKind.PERMISSION)}),
    "product-missing": (CACHE, judge_product, UNKNOWN, {"server": trouble(ErrorKind.MISSING, about="INFO")}),
    "product-missing-nameless": (CACHE, judge_product, UNKNOWN, {"server": trouble(ErrorKind.MISSING)}),
    "product-keydb": (
        CACHE,
        judge_product,
        WARN,
        {"server": known(product="KeyDB", version="6.3.4", redis_version="")},
    ),
    "product-redis": (CACHE, judge_product, PASS, {}),
    "replica-of": (CACHE, judge_primary, FAIL, {"server": known(role="slave", primary_address="10.0.0.1:6379")}),
    "replica": (CACHE, judge_primary, FAIL, {"server": known(role="replica")}),
    "primary": (CACHE, judge_primary, PASS, {"server": known(role="master")}),
    "primary-refused": (CACHE, judge_primary, UNKNOWN, {"server": refused("HELLO")}),
    "primary-untold": (CACHE, judge_primary, UNKNOWN, {"server": known(role="")}),
    "sentinel": (CACHE, judge_cluster, FAIL, {"server": known(mode="sentinel")}),
    "cluster-mode": (CACHE, judge_cluster, FAIL, {"server": known(mode="cluster")}),
    "cluster-enabled": (CACHE, judge_cluster, FAIL, {"server": known(mode="standalone", cluster=True)}),
    "cluster-untold": (CACHE, judge_cluster, UNKNOWN, {"server": known(mode="", cluster=None)}),
    "cluster-off": (CACHE, judge_cluster, PASS, {"server": known(mode="", cluster=False)}),
    "cluster-refused": (CACHE, judge_cluster, UNKNOWN, {"server": refused("HELLO")}),
    "eviction-lru": (QUEUE, judge_eviction, WARN, {"server": known(eviction="allkeys-lru")}),
    "eviction-unlimited": (LOCK, judge_eviction, WARN, {"server": known(eviction="volatile-lru", memory_limit=0)}),
    "eviction-configured": (
        SYNC,
        judge_eviction,
        WARN,
        {"server": known(eviction=""), "config": config(maxmemory_policy="allkeys-random")},
    ),
    "eviction-info-refused": (
        LOCK,
        judge_eviction,
        WARN,
        {"server": TIMEOUT, "config": config(maxmemory_policy="volatile-ttl")},
    ),
    "eviction-untold": (LOCK, judge_eviction, UNKNOWN, {"server": known(eviction=""), "config": refused("CONFIG GET")}),
    "eviction-none": (LOCK, judge_eviction, UNKNOWN, {"server": refused("INFO"), "config": refused("CONFIG GET")}),
    "snapshots": (
        QUEUE,
        judge_persistence,
        PASS,
        {"server": known(append_only=False), "config": config(save="3600 1 300 100")},
    ),
    "no-snapshots": (
        WORKER_ID,
        judge_persistence,
        WARN,
        {"server": known(append_only=False), "config": config(save="")},
    ),
    "snapshots-untold": (QUEUE, judge_persistence, UNKNOWN, {"server": known(append_only=False), "config": config()}),
    "append-only": (
        QUEUE,
        judge_persistence,
        PASS,
        {"server": known(append_only=True), "config": refused("CONFIG GET")},
    ),
    "append-untold": (QUEUE, judge_persistence, UNKNOWN, {"server": known(append_only=None)}),
    "append-refused": (QUEUE, judge_persistence, UNKNOWN, {"server": refused("INFO")}),
    "write-trouble": (
        QUEUE,
        judge_persistence,
        FAIL,
        {"server": known(append_only=False, write_trouble="rdb_last_bgsave_status:err")},
    ),
    "timeout": (CACHE, judge_timeout, WARN, {"config": config(timeout="300", tcp_keepalive="300")}),
    "timeout-of-a-lock": (LOCK, judge_timeout, WARN, {"config": config(timeout="60", tcp_keepalive="0")}),
    "keepalive-0": (LOCK, judge_timeout, WARN, {"config": config(timeout="0", tcp_keepalive="0")}),
    "keepalive": (LOCK, judge_timeout, PASS, {"config": config(timeout="0", tcp_keepalive="60")}),
    "keepalive-untold": (LOCK, judge_timeout, PASS, {"config": config(timeout="0")}),
    "timeout-untold": (LOCK, judge_timeout, UNKNOWN, {"config": config(tcp_keepalive="60")}),
    "timeout-refused": (LOCK, judge_timeout, UNKNOWN, {"config": refused("CONFIG GET")}),
    "memory": (LOCK, judge_memory, PASS, {"server": known(used_memory=899 * MIB, memory_limit=1000 * MIB)}),
    "memory-90": (LOCK, judge_memory, WARN, {"server": known(used_memory=900 * MIB, memory_limit=1000 * MIB)}),
    "memory-full": (LOCK, judge_memory, FAIL, {"server": known(used_memory=64 * MIB, memory_limit=64 * MIB)}),
    "memory-small": (LOCK, judge_memory, FAIL, {"server": known(used_memory=9, memory_limit=9)}),
    "memory-evicts": (
        LOCK,
        judge_memory,
        WARN,
        {"server": known(used_memory=64 * MIB, memory_limit=64 * MIB, eviction="allkeys-lru")},
    ),
    "memory-untold": (LOCK, judge_memory, UNKNOWN, {"server": known(used_memory=None)}),
    "memory-refused": (LOCK, judge_memory, UNKNOWN, {"server": refused("INFO")}),
    "host-memory": (
        LOCK,
        judge_memory,
        PASS,
        {"server": known(used_memory=899 * MIB, memory_limit=None, host_memory=1000 * MIB)},
    ),
    "host-memory-90": (
        LOCK,
        judge_memory,
        WARN,
        {"server": known(used_memory=900 * MIB, memory_limit=0, host_memory=1000 * MIB)},
    ),
    "host-memory-untold": (
        LOCK,
        judge_memory,
        UNKNOWN,
        {"server": known(used_memory=3 * MIB, memory_limit=None, host_memory=None)},
    ),
    "database": (QUEUE, judge_database, PASS, {"database": Known(0, 7)}),
    "database-refused": (QUEUE, judge_database, FAIL, {"database": refused("SELECT")}),
    "database-none": (
        QUEUE,
        judge_database,
        FAIL,
        {"database": trouble(ErrorKind.MISSING, "DB index is out of range")},
    ),
    "database-late": (QUEUE, judge_database, UNKNOWN, {"database": TIMEOUT}),
    "use-cache": (CACHE, judge_use, PASS, {"use": Known(("SET", "GET", "PTTL"), 7)}),
    "use-sync": (SYNC, judge_use, PASS, {"use": Known(("PUBLISH",), 7), "stream": Known(("XADD", "XREAD"), 7)}),
    "use-sync-alone": (SYNC, judge_use, PASS, {"use": Known(("PUBLISH",), 7), "stream": NOT_NEEDED}),
    "use-lock": (LOCK, judge_use, PASS, {"use": Known(("SET",), 7)}),
    "use-queue": (QUEUE, judge_use, PASS, {"use": Known(("LPUSH",), 7)}),
    "use-worker-id": (WORKER_ID, judge_use, PASS, {"use": Known(("INCR",), 7)}),
    "stream-refused": (SYNC, judge_use, WARN, {"use": Known(("PUBLISH",), 7), "stream": refused("XADD")}),
    "use-pending": (LOCK, judge_use, UNKNOWN, {"use": PENDING}),
    "use-without-database": (LOCK, judge_use, SKIP, {"use": PENDING, "database": trouble(ErrorKind.MISSING)}),
    "use-at-a-replica": (LOCK, judge_use, SKIP, {"use": PENDING, "server": known(role="slave")}),
    "use-in-a-cluster": (LOCK, judge_use, SKIP, {"use": PENDING, "server": known(mode=judge_cluster, role="slave")}),
    "use-late": (CACHE, judge_use, FAIL, {"use": TIMEOUT}),
    "use-refused": (CACHE, judge_use, FAIL, {"use": refused("CONFIG GET")}),
    "use-unknown": (QUEUE, judge_use, FAIL, {"use": trouble(ErrorKind.MISSING, "unknown command", "LPUSH")}),
    "use-misconf": (
        QUEUE,
        judge_use,
        FAIL,
        {"use": trouble(ErrorKind.OTHER, "MISCONF Redis is set to save", "LPUSH")},
    ),
    "use-in-a-script": (QUEUE, judge_use, FAIL, {"use": trouble(ErrorKind.OTHER, "-misconf in a script", "EVAL")}),
    "use-no-disk": (QUEUE, judge_use, FAIL, {"use": trouble(ErrorKind.OTHER, "unable to persist on disk", "EVAL")}),
    "use-full": (QUEUE, judge_use, FAIL, {"use": trouble(ErrorKind.OTHER, "OOM command not allowed", "LPUSH")}),
    "use-full-too": (QUEUE, judge_use, FAIL, {"use": trouble(ErrorKind.OTHER, "used memory > 'maxmemory'", "LPUSH")}),
    "use-odd": (QUEUE, judge_use, FAIL, {"use": trouble(ErrorKind.OTHER, "an odd answer", "LPUSH")}),
    "names-of-keys": (
        CACHE,
        judge_use,
        FAIL,
        {"use": trouble(ErrorKind.PERMISSION, "No permissions to access a key")},
    ),
    "names-mentioned": (
        CACHE,
        judge_use,
        FAIL,
        {"use": trouble(ErrorKind.PERMISSION, "has no permissions to access one of the keys mentioned")},
    ),
    "names-of-channels": (SYNC, judge_use, FAIL, {"use": trouble(ErrorKind.PERMISSION, "may not access a channel")}),
    "channels-mentioned": (
        SYNC,
        judge_use,
        FAIL,
        {"use": trouble(ErrorKind.PERMISSION, "may not use one of the channels mentioned")},
    ),
    "bloom": (CACHE, judge_bloom, PASS, {"bloom": Known(("BF.RESERVE",), 7)}),
    "bloom-refused": (CACHE, judge_bloom, WARN, {"bloom": refused("BF.RESERVE")}),
    "bloom-none": (CACHE, judge_bloom, WARN, {"bloom": trouble(ErrorKind.MISSING, about="BF.RESERVE")}),
    "bloom-none-nameless": (CACHE, judge_bloom, WARN, {"bloom": trouble(ErrorKind.MISSING)}),
    "bloom-late": (CACHE, judge_bloom, UNKNOWN, {"bloom": TIMEOUT}),
    "rights": (LOCK, judge_commands, PASS, {"rights": Known(Rights(), 7)}),
    "rights-refused": (LOCK, judge_commands, FAIL, {"rights": Known(Rights(refused=("GET", "SCRIPT LOAD")), 7)}),
    "rights-absent": (LOCK, judge_commands, FAIL, {"rights": Known(Rights(absent=("DEL", "SCRIPT LOAD")), 7)}),
    "rights-both": (
        LOCK,
        judge_commands,
        FAIL,
        {"rights": Known(Rights(refused=("GET",), absent=("SCRIPT LOAD",), untried=("EVAL", "EVALSHA")), 7)},
    ),
    "rights-names": (LOCK, judge_commands, FAIL, {"rights": Known(Rights(refused=("SET", "GET", "DEL")), 7)}),
    "rights-wanted": (CACHE, judge_commands, WARN, {"rights": Known(Rights(refused=("FLUSHDB", "KEYS")), 7)}),
    "rights-wanted-absent": (
        LOCK,
        judge_commands,
        WARN,
        {"rights": Known(Rights(absent=("SCRIPT LOAD",), untried=("EVAL",)), 7)},
    ),
    "rights-wanted-both": (
        QUEUE,
        judge_commands,
        WARN,
        {"rights": Known(Rights(refused=("BLPOP",), absent=("LREM",)), 7)},
    ),
    "rights-untried": (CACHE, judge_commands, UNKNOWN, {"rights": Known(Rights(untried=("FLUSHDB", "KEYS")), 7)}),
    "rights-untried-5": (
        CACHE,
        judge_commands,
        UNKNOWN,
        {"rights": Known(Rights(untried=("FLUSHDB", "KEYS")), 7), "server": known(redis_version="5.9")},
    ),
    "rights-untried-6": (
        CACHE,
        judge_commands,
        UNKNOWN,
        {"rights": Known(Rights(untried=("FLUSHDB",)), 7), "server": known(redis_version="6.0")},
    ),
    "rights-untried-0": (
        CACHE,
        judge_commands,
        UNKNOWN,
        {"rights": Known(Rights(untried=("FLUSHDB",)), 7), "server": known(redis_version="x")},
    ),
    "rights-untried-of-nobody": (
        CACHE,
        judge_commands,
        UNKNOWN,
        {"rights": Known(Rights(untried=("FLUSHDB",)), 7), "server": refused("INFO")},
    ),
    "rights-late": (CACHE, judge_commands, UNKNOWN, {"rights": TIMEOUT}),
    "latency": (LOCK, judge_latency, PASS, {"latency": Known((0.123, 1.005, 19.999, 20.0, 30.126), 7)}),
    "latency-slow": (LOCK, judge_latency, WARN, {"latency": Known((1.0, 2.0, 20.014, 30.126), 7)}),
    "latency-none": (LOCK, judge_latency, UNKNOWN, {"latency": Known((), 7)}),
    "latency-late": (LOCK, judge_latency, UNKNOWN, {"latency": TIMEOUT}),
    "workers-none": (WORKER_ID, judge_worker_ids, INFO, {"workers": workers()}),
    "workers-one": (WORKER_ID, judge_worker_ids, INFO, {"workers": workers(speaking=1, wid=(4,))}),
    "workers-three": (
        WORKER_ID,
        judge_worker_ids,
        INFO,
        {"workers": workers(speaking=4, a=(1,), b=(1,), c=(), d=(7,))},
    ),
    "workers-four": (
        WORKER_ID,
        judge_worker_ids,
        WARN,
        {"workers": workers(speaking=4, a=(1, 2), b=(1,), c=(3,), d=())},
    ),
    "workers-one-nameless": (WORKER_ID, judge_worker_ids, INFO, {"workers": workers(speaking=1)}),
    "workers-some-nameless": (WORKER_ID, judge_worker_ids, INFO, {"workers": workers(speaking=2)}),
    "workers-stopped": (
        WORKER_ID,
        judge_worker_ids,
        UNKNOWN,
        {"workers": workers(total=90000, speaking=1, complete=False)},
    ),
    "workers-refused": (WORKER_ID, judge_worker_ids, UNKNOWN, {"workers": refused("SCAN")}),
    "workers-late": (WORKER_ID, judge_worker_ids, UNKNOWN, {"workers": TIMEOUT}),
    "workers-unasked": (WORKER_ID, judge_worker_ids, UNKNOWN, {"workers": NOT_NEEDED}),
    "listeners-none": (SYNC, judge_neighbours, PASS, {"listeners": Known({}, 7)}),
    "listeners-one": (
        SYNC,
        judge_neighbours,
        INFO,
        {"listeners": Known({"main.main.sync.b": 1, "main.main.sync.a": 1}, 7)},
    ),
    "listeners-three": (SYNC, judge_neighbours, INFO, {"listeners": Known({"main.main.sync.a": 3}, 7)}),
    "listeners-four": (SYNC, judge_neighbours, WARN, {"listeners": Known({"main.b": 1, "main.a": 4}, 7)}),
    "listeners-refused": (SYNC, judge_neighbours, UNKNOWN, {"listeners": refused("PUBSUB")}),
    "listeners-unasked": (SYNC, judge_neighbours, UNKNOWN, {"listeners": NOT_NEEDED}),
    "keys-none": (CACHE, judge_cache_alone, PASS, {"keys": keys(0)}),
    "keys-one": (CACHE, judge_cache_alone, PASS, {"keys": keys(1, app__string=1)}),
    "keys-gone": (CACHE, judge_cache_alone, PASS, {"keys": keys(2, users__none=2)}),
    "keys-part": (CACHE, judge_cache_alone, PASS, {"keys": keys(9, app__string=8)}),
    "keys-part-of-one": (CACHE, judge_cache_alone, PASS, {"keys": keys(1)}),
    "keys-type": (CACHE, judge_cache_alone, WARN, {"keys": keys(1, app__hash=1)}),
    "keys-names": (
        CACHE,
        judge_cache_alone,
        WARN,
        {"keys": keys(60, bull__string=20, laravel__string=1, app__list=9, rails__zset=2, auth__string=3)},
    ),
    "keys-refused": (CACHE, judge_cache_alone, UNKNOWN, {"keys": refused("SCAN")}),
    "keys-unasked": (CACHE, judge_cache_alone, UNKNOWN, {"keys": NOT_NEEDED}),
}


@pytest.mark.parametrize("host", CASES)
def test_a_case_is_judged_as_written_down(host):
    role, judge_one, severity, values = CASES[host]
    place = RedisTarget(role=role, host=f"{host}.internal", port=6380, database=5, processes=3)
    assert judge_one(place, facts(role, **values)).severity is severity


def test_of_a_sentinel_only_that_it_is_one_is_said():
    place = RedisTarget(role=LOCK, host="a-sentinel.internal", port=26379)
    gate, cluster, *others = judge(place, facts(LOCK, server=known(mode="sentinel", role="sentinel")))
    assert (gate.severity, cluster.id, cluster.severity) == (PASS, "redis.cluster", FAIL)
    assert {(one.severity, one.because) for one in others} == {(SKIP, ("redis.cluster",))}
