"""The example clusters, each over sound servers of its own: what the file says stays, the addresses are of here."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.live.balancing import Balancer, exported_haproxy
from tests.live.helpers_database import installation, issued_tokens, keeper, run_sql, workflows
from tests.live.whole_cluster import VERSION, WatchedRabbitMq, WholeCluster
from tests.servers.mariadb import MariaDb
from tests.servers.redis import sound_redis
from tests.servers.tls import Authority
from wizard import resources
from wizard.demo.licence_service import LicenceService
from wizard.demo.listener import Listener
from wizard.demo.nginx import Nginx, find_nginx
from wizard.demo.nodes import NodeStandIn
from wizard.demo.postgres import Postgres
from wizard.demo.sessions import LicenceKey, User, Users
from wizard.formats import cluster_file
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.secret import Secret
from wizard.plan.sections import BalancerKind, Dialect, LicenceMethod, Node, StorageKind, Tls, usual_paths
from wizard.plan.sections.application import Deployment

EXAMPLES = sorted(path.stem for path in (resources.folder() / "examples").glob("*.yaml"))
_SECRETS = {
    "application.app_key": "k" * 48,
    "application.aes_key": "0a" * 32,
    "application.root_password": "Vx7-wonder.land_22",
    "application.check_password": "Ck-Pw_12345-of-checks",
    "licence.key": "key-" * 100,
}
_FRONT = """
server {{
  listen {port} ssl;
  ssl_certificate server.crt;
  ssl_certificate_key server.key;
  client_max_body_size 0;
  location / {{
    proxy_pass {inner};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto https;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
  }}
}}
"""
"""What ends TLS before a balancer that is behind another proxy."""


@contextlib.contextmanager
def example_cluster(name: str, authority: Authority, folder: Path) -> Iterator[WholeCluster]:
    """Start the servers and nodes of an example, fill them as NocoBase does, and give the plan that leads to them."""
    with contextlib.ExitStack() as stack:
        plan = cluster_file.read(resources.text(f"examples/{name}.yaml"), name)
        making = _Making(WholeCluster(plan, {}, {}, Users()), authority, folder, stack)
        making.files()
        making.database()
        making.redis()
        making.broker()
        making.nodes()
        making.balancer()
        making.licence()
        making.installed()
        yield making.cluster


class _Making:
    """Puts the parts of one cluster in their places, until `stack` is left."""

    def __init__(self, cluster: WholeCluster, authority: Authority, folder: Path, stack: contextlib.ExitStack) -> None:
        self.cluster = cluster
        self._authority = authority
        self._folder = folder / "storage"
        self._stack = stack
        self._stand_ins: list[NodeStandIn] = []
        for key, value in _SECRETS.items():
            if key != "licence.key" or self.plan.licence.method is LicenceMethod.KEY:
                cluster.set(**{key.replace(".", "__"): Secret(value)})
        cluster.set(application__root_nickname="Admin", application__check_account="checks")

    @property
    def plan(self) -> Plan:
        return self.cluster.plan

    def _set(self, section: str, **values: object) -> None:
        self.cluster.set(**{f"{section}__{name}": value for name, value in values.items()})

    def files(self) -> None:
        """Make the shared folder with the authority's file; no file system of a network can be had here."""
        self._folder.mkdir(mode=0o750, parents=True)
        trust = self._folder.parent / "ca.pem"
        trust.write_bytes(self._authority.pem)
        self._set("application", extra_ca_file=str(trust))
        if self.plan.storage.kind is not StorageKind.CLOUD:
            self._set("storage", kind=StorageKind.LOCAL, path=str(self._folder))

    def database(self) -> None:
        postgres = self.plan.database.dialect is Dialect.POSTGRES
        tls = self.plan.database.tls is not Tls.OFF
        make = Postgres if postgres else MariaDb
        server = self._stack.enter_context(make(tls=self._authority.sign() if tls else None))
        self.cluster.servers["database"] = server
        self._set("database", host=server.host, port=server.port, user=server.user, password=Secret(server.password))
        if not postgres:
            self._set("database", dialect=Dialect.MARIADB)  # what Debian has
        if tls:
            self._set("database", tls_ca=str(self._folder.parent / "ca.pem"), tls_cert="", tls_key="")

    def redis(self) -> None:
        """Start a Redis for each server of the plan, with the user that it names; nodes listen for the signal."""
        for section in sorted({self.plan.redis.endpoint_key(role) for role in self.plan.redis_roles}):
            wanted = self.plan.get(section)
            tls = self._authority.sign() if wanted.tls else None
            server = self._stack.enter_context(sound_redis(tls=tls, user=wanted.username, lines=["maxmemory 100mb"]))
            self.cluster.servers[section] = server
            values = {"host": server.host, "port": server.port, "password": Secret(server.password)}
            self._set(section.replace(".", "__"), **values)

    def broker(self) -> None:
        queue = self.plan.queue
        if not queue.host:
            return
        tls = self._authority.sign() if queue.tls else None
        server = self._stack.enter_context(WatchedRabbitMq(tls=tls))
        self.cluster.servers["broker"] = server
        values = {"host": server.host, "port": server.port, "virtual_host": server.vhost, "username": server.user}
        self._set("queue", **values, password=Secret(server.password))

    def nodes(self) -> None:
        self.cluster.users = Users([User(1, "checks", "checks@example.com", _SECRETS["application.check_password"])])
        path = self.plan.application.public_path or "/"
        for node in self.plan.nodes:
            made = NodeStandIn(node.name, public_path=path, version=VERSION, users=self.cluster.users)
            self._stand_ins.append(self._stack.enter_context(made))
        pairs = zip(self.plan.nodes, self._stand_ins, strict=True)
        placed = tuple(self._placed(node, made) for node, made in pairs)
        self.cluster.plan = replace(self.plan, nodes=placed)
        servers = self.cluster.servers
        for _node in placed:
            self._stack.enter_context(Listener(servers.get("redis.sync") or servers["redis.server"]))

    def _placed(self, node: Node, made: NodeStandIn) -> Node:
        """Return the node at its stand-in; all are on this machine, so what it keeps alone has paths of its own."""
        bare = self.plan.application.deployment is Deployment.BARE
        return replace(node, host=made.host, port=made.port, **(usual_paths(node.name) if bare else {}))

    def balancer(self) -> None:
        """Run the exported site, behind a proxy that ends TLS where the plan says so; pods have no address."""
        self._set("balancer", server_name="localhost")
        tls = self._authority.sign() if self.plan.balancer.tls else None
        if self.plan.balancer.kind is BalancerKind.HAPROXY:
            site = self._stack.enter_context(exported_haproxy(self.plan, tls))
            self._set("balancer", site_file=str(site.folder / "haproxy.cfg"))
        else:
            site = self._stack.enter_context(Balancer(self.plan, find_nginx(), tls=tls))
            self._set("balancer", site_file=str(site.folder / "nginx.conf"))
        ports = {"tls_port": site.port, "port": site.http_port} if tls else {"port": site.port}
        self._set("balancer", **ports)
        if tls:
            certificate, key = (str(site.folder / f"server.{end}") for end in ("crt", "key"))
            self._set("balancer", certificate=certificate, certificate_key=key)
        outer = site
        if self.plan.balancer.behind_proxy:
            front = Nginx(lambda port: _FRONT.format(port=port, inner=site.url), tls=self._authority.sign())
            outer = self._stack.enter_context(front)
        self._set("application", public_url=f"{outer.url.partition(':')[0]}://localhost:{outer.port}")
        if self.plan.application.deployment is Deployment.KUBERNETES:
            self._set("balancer", site_file="")
            bare = tuple(replace(node, host="", port=13000) for node in self.plan.nodes)
            self.cluster.plan = replace(self.plan, nodes=bare)

    def licence(self) -> None:
        if self.plan.licence.method is LicenceMethod.KEY:
            (self._folder / ".license").mkdir()
            (self._folder / ".license/license-key").write_text(_SECRETS["licence.key"])
            for made in self._stand_ins:
                made.licence = LicenceKey(self.plan.application.public_url.partition("//")[2])
            return
        service = self._stack.enter_context(LicenceService())
        values = {"service_url": service.url, "username": service.user, "password": Secret(service.password)}
        self._set("licence", **values)

    def installed(self) -> None:
        """Make the tables of an installed NocoBase, and keep in them the numbers of sessions."""
        database = self.cluster.servers["database"]
        login = {"user": database.user, "password": database.password}
        made = installation(database, version=VERSION, plugins=needed_plugins(self.plan))
        run_sql(database, *made, *workflows(database), issued_tokens(database), **login)
        self.cluster.users.keep = keeper(database, **login)
