"""Section redis: five roles, on one server with a database each, or on a server each."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Boolean, Choice, Host, Integer, SecretValue, Text
from wizard.plan.secret import SecretRef
from wizard.plan.setting import setting

_SOURCE = "docs/nocobase.md#redis"


class RedisRole(StrEnum):
    """What a cluster uses Redis for."""

    CACHE = "cache"
    SYNC = "sync"
    LOCK = "lock"
    QUEUE = "queue"
    WORKER_ID = "worker-id"

    @property
    def field(self) -> str:
        """The role's name as a field of the plan (`worker_id`)."""
        return self.value.replace("-", "_")


SHARED_DATABASES = "several roles of Redis in one database"
"""What findings of it have in common, which one remedy mends."""
ROLE_VARIABLES = {
    RedisRole.CACHE: "CACHE_REDIS_URL",
    RedisRole.SYNC: "PUBSUB_ADAPTER_REDIS_URL",
    RedisRole.LOCK: "LOCK_ADAPTER_REDIS_URL",
    RedisRole.QUEUE: "QUEUE_ADAPTER_REDIS_URL",
    RedisRole.WORKER_ID: "REDIS_URL",
}
"""The variable that holds each role's URL (NocoBase: cluster-mode/preparations)."""


ADAPTER_VARIABLES = ("CACHE_DEFAULT_STORE", "LOCK_ADAPTER_DEFAULT")
"""The variables that switch a role from the node's own memory to Redis."""


def variables_decided_by(key: str) -> tuple[str, ...]:
    """Return the variables that an edit of the setting `key` decides anew: those composed from its endpoint."""
    section, _, rest = key.partition(".")
    if section != "redis":
        return ()
    group = rest.partition(".")[0]
    roles = [role for role in RedisRole if group in {"server", "layout", role.field} or key.endswith(f".{role.field}")]
    return (*(ROLE_VARIABLES[role] for role in roles), *ADAPTER_VARIABLES)


class Layout(StrEnum):
    """One server for all roles, or a server for each."""

    ONE = "one"
    PER_ROLE = "per-role"


@dataclass(frozen=True, slots=True)
class RedisEndpoint:
    """One Redis server and the account used on it."""

    host: str = setting("", Host(), mark("Host"), source=_SOURCE)
    port: int = setting(6379, Integer(1, 65535), mark("Port"))
    tls: bool = setting(False, Boolean(), mark("TLS"))
    username: str = setting("", Text(), mark("User"), help=mark("Empty for the default user."))
    password: SecretRef | None = setting(None, SecretValue(), mark("Password"))


@dataclass(frozen=True, slots=True)
class RedisDatabases:
    """The database index of each role, 0 to 15 on a server with Redis' own default."""

    cache: int = setting(0, Integer(0, 65535), mark("Cache"))
    sync: int = setting(1, Integer(0, 65535), mark("Sync"))
    lock: int = setting(2, Integer(0, 65535), mark("Lock"))
    queue: int = setting(3, Integer(0, 65535), mark("Queue"))
    worker_id: int = setting(4, Integer(0, 65535), mark("Worker ID"))


@dataclass(frozen=True, slots=True)
class Redis:
    """Where each role lives. `server` counts with layout `one`, the five named endpoints with `per-role`."""

    layout: Layout = setting(
        Layout.ONE, Choice(Layout, (mark("One server"), mark("A server for each role"))), mark("Layout"), source=_SOURCE
    )
    server: RedisEndpoint = field(default_factory=RedisEndpoint)
    databases: RedisDatabases = field(default_factory=RedisDatabases)
    cache: RedisEndpoint = field(default_factory=RedisEndpoint)
    sync: RedisEndpoint = field(default_factory=RedisEndpoint)
    lock: RedisEndpoint = field(default_factory=RedisEndpoint)
    queue: RedisEndpoint = field(default_factory=RedisEndpoint)
    worker_id: RedisEndpoint = field(default_factory=RedisEndpoint)

    def endpoint_key(self, role: RedisRole) -> str:
        """The key of the group of settings that says where `role` lives (`redis.server`, `redis.cache`)."""
        return "redis.server" if self.layout is Layout.ONE else f"redis.{role.field}"

    def endpoint(self, role: RedisRole) -> RedisEndpoint:
        """The server that `role` lives on."""
        found: RedisEndpoint = getattr(self, self.endpoint_key(role).removeprefix("redis."))
        return found

    def database(self, role: RedisRole) -> int:
        """The database index of `role`."""
        index: int = getattr(self.databases, role.field)
        return index
