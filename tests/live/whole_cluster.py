"""Whole clusters of sound servers, and everything that is on them, for what only a full run shows."""

import contextlib
import json
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.live.balancing import Balancer
from tests.live.helpers_database import installation, issued_tokens, keeper, run_sql, workflows
from tests.patience import patience
from tests.servers.mariadb import MariaDb
from tests.servers.rabbitmq import ForeignRabbitMq
from tests.servers.redis import bloom_module, redis8_launch
from wizard.demo.licence_service import LicenceService
from wizard.demo.listener import Listener
from wizard.demo.nginx import find_nginx
from wizard.demo.nodes import NodeStandIn
from wizard.demo.postgres import Postgres
from wizard.demo.redis import Redis
from wizard.demo.sessions import LicenceKey, User, Users
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Dialect, LicenceMethod, Node, QueueKind, StorageKind, Tls
from wizard.plan.sections.application import Deployment

VERSION = "2.2.15"
_APPLICATION = {
    "application.version": VERSION,
    "application.root_nickname": "Admin",
    "application.check_account": "checks",
    "application.try_default_admin": True,
    "storage.kind": StorageKind.LOCAL,
    "database.pool_max": 5,
    "balancer.tls": True,
}
_SECRETS = {
    "application.app_key": Secret("k" * 48),
    "application.aes_key": Secret("0a" * 32),
    "application.root_password": Secret("Vx7-wonder.land_22"),
    "application.check_password": Secret("Ck-Pw_12345-of-checks"),
}


class WatchedRabbitMq(ForeignRabbitMq):
    """A broker that tells over HTTP what is on it."""

    def __init__(self, **options) -> None:
        super().__init__("trixie", **options)
        self.watch_port = self.another_port()

    def definitions(self):
        found = super().definitions()
        return found | {"users": [user | {"tags": ["administrator"]} for user in found["users"]]}

    def prepare(self) -> None:
        self._lines = [*self._lines, "management.tcp.ip = 127.0.0.1", f"management.tcp.port = {self.watch_port}"]
        super().prepare()
        self.write("enabled_plugins", "[rabbitmq_management].\n")

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            return super().is_ready() and self.everything("overview") is not None
        return False

    def everything(self, kind: str):
        """Return what the management lists of a kind: queues, exchanges, bindings, users, permissions and so on."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.watch_port}/api/{kind}")
        login = b64encode(f"{self.user}:{self.password}".encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
        with urllib.request.urlopen(request, timeout=patience(5)) as answer:
            return json.load(answer)


@dataclass
class WholeCluster:
    """A plan, its secrets, and the servers it describes by their names."""

    plan: Plan
    secrets: dict[str, Secret]
    servers: dict[str, object]
    users: Users

    def set(self, **values) -> None:
        """Set settings, `database__host`; a Secret's value goes beside the plan."""
        for name, value in values.items():
            key = name.replace("__", ".")
            if isinstance(value, Secret):
                self.secrets[key] = value
            self.plan = self.plan.with_value(key, SecretRef(key) if isinstance(value, Secret) else value)


@contextlib.contextmanager
def whole_cluster(authority, folder: Path, database, redis, broker=None) -> Iterator[WholeCluster]:
    """Start what a cluster needs besides these servers, and give the plan of it all.

    `broker`: None lets Redis carry the queue, and a key license the plug-ins; else an account does.
    """
    folder.mkdir(mode=0o750)
    trust = folder.with_suffix(".pem")
    trust.write_bytes(authority.pem)
    with contextlib.ExitStack() as stack:
        users = Users([User(1, "checks", "checks@example.com", _SECRETS["application.check_password"].reveal())])
        nodes = [stack.enter_context(NodeStandIn(f"node{i + 1}", version=VERSION, users=users)) for i in range(2)]
        servers = {"database": database, "redis": redis}
        cluster = WholeCluster(Plan(id="feedc0ffee00", name="production"), {}, servers, users)
        own = folder.parent / "own"
        planned = tuple(
            Node(
                name=f"node{i + 1}",
                host=node.host,
                port=node.port,
                pm2_home=str(own / f"{i}/.pm2"),
                socket_path=str(own / f"{i}/gateway.sock"),
            )
            for i, node in enumerate(nodes)
        )
        cluster.plan = replace(cluster.plan, nodes=planned)
        for key, value in (_APPLICATION | _SECRETS).items():
            cluster.set(**{key.replace(".", "__"): value})
        cluster.set(storage__path=str(folder), application__extra_ca_file=str(trust))
        cluster.set(application__deployment=Deployment.BARE)
        _describe_servers(cluster, database, redis, str(trust))
        if broker:
            _describe_account(cluster, stack.enter_context(LicenceService()), broker)
        else:
            cluster.set(licence__method=LicenceMethod.KEY, licence__key=Secret("key-" * 100))
            (folder / ".license").mkdir()
            (folder / ".license/license-key").write_text("key-" * 100)
        site = stack.enter_context(Balancer(cluster.plan, find_nginx(), tls=authority.sign()))
        cluster.set(
            balancer__certificate=str(site.folder / "server.crt"),
            balancer__certificate_key=str(site.folder / "server.key"),
            balancer__site_file=str(site.folder / "nginx.conf"),
            balancer__tls_port=site.port,
            balancer__port=site.http_port,
            application__public_url=f"https://localhost:{site.port}",
        )
        for node in nodes:
            node.licence = None if broker else LicenceKey(f"localhost:{site.port}")
        login = {"user": database.user, "password": database.password}
        run_sql(database, *_installed(database, cluster.plan), **login)
        users.keep = keeper(database, **login)
        for _node in nodes:
            stack.enter_context(Listener(redis))
        yield cluster


def _installed(database, plan: Plan) -> tuple[str, ...]:
    return (
        *installation(database, version=VERSION, plugins=needed_plugins(plan)),
        *workflows(database),
        issued_tokens(database),
    )


def _describe_servers(cluster: WholeCluster, database, redis, trust: str) -> None:
    cluster.set(
        database__dialect=Dialect.POSTGRES if isinstance(database, Postgres) else Dialect.MARIADB,
        database__host=database.host,
        database__port=database.port,
        database__name=database.database,
        database__user=database.user,
        database__password=Secret(database.password),
        redis__server__host=redis.host,
        redis__server__port=redis.port,
        redis__server__password=Secret(redis.password),
    )
    if isinstance(database, Postgres):
        cluster.set(database__tls=Tls.VERIFY, database__tls_ca=trust)


def _describe_account(cluster: WholeCluster, service: LicenceService, broker) -> None:
    cluster.servers["broker"] = broker
    cluster.set(
        licence__service_url=service.url,
        licence__username=service.user,
        licence__password=Secret(service.password),
        queue__kind=QueueKind.RABBITMQ,
        queue__host=broker.host,
        queue__port=broker.port,
        queue__virtual_host=broker.vhost,
        queue__username=broker.user,
        queue__password=Secret(broker.password),
        queue__tls=True,
    )


@contextlib.contextmanager
def both_kinds(authority, folder: Path) -> Iterator[tuple[WholeCluster, WholeCluster]]:
    """Return a cluster on PostgreSQL, Redis and RabbitMQ, and one on MariaDB and Redis alone; all sound."""
    with contextlib.ExitStack() as stack:
        lines = ["appendonly yes", "maxmemory 100mb"]
        redis = [Redis(launch=redis8_launch(), modules=[bloom_module()], lines=lines) for _ in range(2)]
        broker = WatchedRabbitMq(tls=authority.sign())
        for server in (*redis, broker, postgres := Postgres(tls=authority.sign()), mariadb := MariaDb()):
            stack.enter_context(server)
        first = stack.enter_context(whole_cluster(authority, folder / "first", postgres, redis[0], broker))
        second = stack.enter_context(whole_cluster(authority, folder / "second", mariadb, redis[1]))
        yield first, second
