"""Fixtures of real servers: started when the first test asks, stopped at the session's end."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.servers.mariadb import MariaDb
from tests.servers.nginx import debian_nginx, newest_nginx
from tests.servers.ports import ClosedPort, SilentPort
from tests.servers.postgres import PostgresStandby
from tests.servers.rabbitmq import ForeignRabbitMq
from tests.servers.redis import RedisCluster, RedisReplica, debian_redis, new_valkey, redis8_launch, sound_redis
from tests.servers.secret_service import SecretService
from tests.servers.tls import Authority
from wizard.demo.licence_service import LicenceService
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import NodeStandIn
from wizard.demo.postgres import Postgres
from wizard.demo.process import LOOPBACK, Missing
from wizard.demo.rabbitmq import Permission
from wizard.demo.redis import Redis

WEAK_USER = "weak"
WEAK_PASSWORD = "weak-password"
REDIS_ACL = "~* &* +@all -@dangerous -@admin"
HOSTSSL_ONLY = (f"hostssl all all {LOOPBACK}/32 scram-sha-256",)

T = TypeVar("T")


@contextlib.contextmanager
def running(make: Callable[[], contextlib.AbstractContextManager[T]]) -> Iterator[T]:
    """Start what `make` makes and stop it after use; where it is missing, skip, or fail where CI is true."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(make())
        except Missing as missing:
            give_up(str(missing))
        yield server


def give_up(reason: str) -> None:
    """End the test with the reason: a failure in CI, else a skip."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def launch() -> Iterator[Callable[[Callable[[], T]], T]]:
    """Start a variant for one test: `launch(lambda: Redis(lines=["maxmemory 1mb"]))`."""
    with contextlib.ExitStack() as stack:
        yield lambda make: stack.enter_context(running(make))


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running(Postgres) as server:
        server.add_user(WEAK_USER, WEAK_PASSWORD)
        yield server


@pytest.fixture(scope="session")
def postgres_tls(authority: Authority) -> Iterator[Postgres]:
    with running(lambda: Postgres(tls=authority.sign())) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_hostssl(authority: Authority) -> Iterator[Postgres]:
    with running(lambda: Postgres(tls=authority.sign(), hba=HOSTSSL_ONLY)) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_standby(postgres: Postgres) -> Iterator[PostgresStandby]:
    with running(lambda: PostgresStandby(postgres)) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    with running(MariaDb) as server:
        server.add_user(WEAK_USER, WEAK_PASSWORD)
        yield server


@pytest.fixture(scope="session")
def redis7() -> Iterator[Redis]:
    with running(lambda: Redis(launch=debian_redis(), lines=["appendonly yes"])) as server:
        yield server


@pytest.fixture(scope="session")
def redis8() -> Iterator[Redis]:
    with running(lambda: Redis(launch=redis8_launch())) as server:
        yield server


@pytest.fixture(scope="session")
def redis8_bloom() -> Iterator[Redis]:
    with running(sound_redis) as server:
        yield server


@pytest.fixture(scope="session")
def redis_tls(authority: Authority) -> Iterator[Redis]:
    with running(lambda: sound_redis(tls=authority.sign())) as server:
        yield server


@pytest.fixture(scope="session")
def redis_acl() -> Iterator[Redis]:
    with running(lambda: sound_redis(user="nocobase", acl=REDIS_ACL)) as server:
        yield server


@pytest.fixture(scope="session")
def redis_replica(redis8: Redis) -> Iterator[RedisReplica]:
    with running(lambda: RedisReplica(redis8, launch=redis8_launch())) as server:
        yield server


@pytest.fixture(scope="session")
def redis_cluster() -> Iterator[RedisCluster]:
    with running(lambda: RedisCluster(launch=redis8_launch())) as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[Redis]:
    with running(new_valkey) as server:
        yield server


def _rabbitmq(release: str) -> ForeignRabbitMq:
    nothing = Permission(WEAK_USER, "nocobase", configure="^$", write="^$", read="^$")
    return ForeignRabbitMq(release, users={WEAK_USER: WEAK_PASSWORD}, vhosts=["forbidden"], permissions=[nothing])


@pytest.fixture(scope="session")
def rabbitmq3() -> Iterator[ForeignRabbitMq]:
    with running(lambda: _rabbitmq("bookworm")) as server:
        yield server


@pytest.fixture(scope="session")
def rabbitmq4() -> Iterator[ForeignRabbitMq]:
    with running(lambda: _rabbitmq("trixie")) as server:
        yield server


@pytest.fixture(scope="session")
def nginx_debian() -> Iterator[Nginx]:
    with running(lambda: Nginx(program=debian_nginx())) as server:
        yield server


@pytest.fixture(scope="session")
def nginx_newest() -> Iterator[Nginx]:
    with running(lambda: Nginx(program=newest_nginx())) as server:
        yield server


@pytest.fixture(scope="session")
def secret_service() -> Iterator[SecretService]:
    with running(SecretService) as server:
        yield server


@pytest.fixture
def licence_service() -> Iterator[LicenceService]:
    with LicenceService() as service:
        yield service


@pytest.fixture
def node_stand_in() -> Iterator[Callable[..., NodeStandIn]]:
    """Make started nodes: `node_stand_in("node1", health=Health.COMMANDING)`."""
    with contextlib.ExitStack() as stack:
        yield lambda *names, **options: stack.enter_context(NodeStandIn(*names, **options))


@pytest.fixture
def quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a deadline that passes be the server's: the time that a busy machine loses is the matter of other tests."""
    monkeypatch.setattr("wizard.engine.runner.is_too_late", lambda _lost, _allowed: False)
    monkeypatch.setattr("wizard.engine.runner.is_slowed", lambda _lost, _took: False)


@pytest.fixture
def silent_port() -> Iterator[SilentPort]:
    with SilentPort() as port:
        yield port


@pytest.fixture
def trickling_port() -> Iterator[SilentPort]:
    with SilentPort(trickle=b"H") as port:
        yield port


@pytest.fixture
def closed_port() -> Iterator[ClosedPort]:
    with ClosedPort() as port:
        yield port
