"""Facts of Redis in which all is well but for what a test names."""

from wizard.checks.redis.facts import KeySample, RedisFacts, Rights, Server, Session, WorkerKeys
from wizard.engine.facts import Known
from wizard.plan.sections import RedisRole

GOOD = {"append_only": True, "eviction": "noeviction", "used_memory": 50, "memory_limit": 100}


def server(**values):
    """Return a server with these values."""
    return Server(
        **{"product": "Redis", "version": "8.0.2", "redis_version": "8.0.2", "role": "master", "mode": "standalone"}
        | GOOD
        | values
    )


def facts(role=RedisRole.CACHE, **values):
    """Return facts in which all is well but for `values`."""
    found = RedisFacts.of(role)
    well = {
        "addresses": Known(("10.0.0.9",)),
        "connection": Known(Session(), 3),
        "server": Known(server()),
        "database": Known(0),
        "use": Known(("SET", "GET")),
        "rights": Known(Rights()),
        "config": Known({"timeout": "0", "save": "", "maxmemory-policy": "noeviction"}),
        "latency": Known((0.1, 0.2, 0.3)),
    }
    if role is RedisRole.CACHE:
        well |= {"bloom": Known(("BF.RESERVE",)), "keys": Known(KeySample(0, {}))}
    if role is RedisRole.WORKER_ID:
        well |= {"workers": Known(WorkerKeys(1, 1, {"worker-id": (3,)}, complete=True))}
    if role is RedisRole.SYNC:
        well |= {"stream": Known(("XADD",)), "listeners": Known({})}
    for name, value in (well | values).items():
        setattr(found, name, value)
    return found
