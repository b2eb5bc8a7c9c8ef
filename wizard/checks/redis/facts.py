"""The facts about one role's Redis."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.dataclass import dataclass
from wizard.engine.facts import NOT_NEEDED, PENDING, Fact
from wizard.net.clock import Clock
from wizard.net.trust import Doubt
from wizard.plan.sections import RedisRole


@dataclass(frozen=True, slots=True)
class Session:
    """How the connection stands: the version of TLS (empty: none)."""

    tls: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """What the server says of itself through INFO, or through HELLO alone where INFO is refused.

    `product` is "Redis" or the look-alike's name, `version` its own, `redis_version` the Redis it claims to be.
    None: not said. Memory in bytes.
    """

    product: str
    version: str
    redis_version: str = ""
    mode: str = ""
    role: str = ""
    run_id: str = ""
    primary_address: str = ""
    cluster: bool | None = None
    modules: tuple[str, ...] | None = None
    used_memory: int | None = None
    memory_limit: int | None = None
    host_memory: int | None = None
    eviction: str = ""
    append_only: bool | None = None
    write_trouble: str = ""

    @property
    def major(self) -> int:
        """The first number of the Redis it is, or claims to be; 0 if it says none."""
        first = (self.redis_version or self.version).partition(".")[0]
        return int(first) if first.isdigit() else 0

    @property
    def clustered(self) -> bool:
        """Whether it is part of a Redis Cluster, or a Sentinel: NocoBase's clients speak to neither."""
        return bool(self.cluster) or self.mode in {"cluster", "sentinel"}

    @property
    def replica(self) -> bool:
        """Whether it follows another server and refuses writes."""
        return self.role in {"slave", "replica"}

    @property
    def fit(self) -> bool:
        """Whether it is a server of the kind that NocoBase can write to at all."""
        return not self.clustered and not self.replica

    @property
    def name(self) -> str:
        """Product and version, with the Redis that a look-alike claims to be."""
        claims = f" (as Redis {self.redis_version})" if self.product != "Redis" and self.redis_version else ""
        return f"{self.product} {self.version}{claims}"

    @property
    def bloom(self) -> bool:
        """Whether it names a module that brings the Bloom filter."""
        return bool({"bf", "bloom"} & set(self.modules or ()))


@dataclass(frozen=True, slots=True)
class Rights:
    """What the account is refused, what the server does not know, and what could not be tried; commands by name."""

    refused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeySample:
    """The keys of the cache's database: how many, and of a sample the count of each kind.

    `kinds` counts by (beginning of the name, type); names are cut at the first separator, values are never read.
    """

    total: int
    kinds: Mapping[tuple[str, str], int]

    @property
    def looked(self) -> int:
        """How many keys the sample has."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class WorkerKeys:
    """What the names of keys say of worker IDs: a name up to those words, and the IDs found behind it.

    `total` counts the database's keys, `speaking` those that speak of worker IDs at all. Not `complete`: the search
    stopped early, so there may be more.
    """

    total: int
    speaking: int
    ids: Mapping[str, tuple[int, ...]]
    complete: bool

    @property
    def count(self) -> int:
        """How many IDs appear in use; one under two names counts twice, as two clusters have it."""
        return sum(len(found) for found in self.ids.values())


@dataclass(slots=True)
class RedisFacts:
    """All that is asked of one role's server, in this order; what the role does not need is known to be None.

    `doubt` is looked into only where the certificate is not believed.
    """

    addresses: Fact[tuple[str, ...]] = PENDING
    connection: Fact[Session] = PENDING
    doubt: Fact[Doubt | None] = NOT_NEEDED
    server: Fact[Server] = PENDING
    database: Fact[int] = PENDING
    use: Fact[tuple[str, ...]] = PENDING
    stream: Fact[tuple[str, ...] | None] = PENDING
    bloom: Fact[tuple[str, ...] | None] = PENDING
    rights: Fact[Rights] = PENDING
    config: Fact[Mapping[str, str]] = PENDING
    listeners: Fact[Mapping[str, int] | None] = PENDING
    patterns: Fact[int | None] = PENDING
    keys: Fact[KeySample | None] = PENDING
    workers: Fact[WorkerKeys | None] = PENDING
    clock: Fact[Clock] = PENDING
    latency: Fact[tuple[float, ...]] = PENDING

    @classmethod
    def of(cls, role: RedisRole) -> RedisFacts:
        """Return facts in which nothing is pending that `role` does not need."""
        facts = cls()
        if role is not RedisRole.CACHE:
            facts.bloom = NOT_NEEDED
            facts.keys = NOT_NEEDED
        if role is not RedisRole.SYNC:
            facts.stream = NOT_NEEDED
            facts.listeners = NOT_NEEDED
            facts.patterns = NOT_NEEDED
        if role is not RedisRole.WORKER_ID:
            facts.workers = NOT_NEEDED
        return facts
