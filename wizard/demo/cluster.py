"""A whole small cluster of throw-away servers, and the plan that describes it.

What the machine cannot offer, or what did not start, is missing from the cluster, and a finding of the severity unknown
says why.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from wizard.demo.guardian import guarded_folder
from wizard.demo.installed import VERSION, InstalledPostgres
from wizard.demo.licence_service import LicenceService
from wizard.demo.listener import Listener
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import NodeStandIn
from wizard.demo.ports import HeldPort
from wizard.demo.postgres import Postgres
from wizard.demo.process import Missing, StartFailed
from wizard.demo.rabbitmq import RabbitMq
from wizard.demo.redis import Redis
from wizard.demo.server import Server, new_password
from wizard.demo.sessions import User, Users
from wizard.plan.finding import Finding
from wizard.plan.generate import generate
from wizard.plan.i18n import mark, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import commands
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Deployment, Node, QueueKind, StorageKind
from wizard.plan.spec import Spec

_log = logging.getLogger(__name__)
Started = Server | LicenceService | NodeStandIn

NODES = 2
_NODE = Spec("node.demo", mark("The demo has its nodes."))
_SPECS = {
    "licence": Spec("licence.demo", mark("The demo has a package service.")),
    "database": Spec("database.demo", mark("The demo has a PostgreSQL.")),
    "redis": Spec("redis.demo", mark("The demo has a Redis.")),
    "rabbitmq": Spec("rabbitmq.demo", mark("The demo has a RabbitMQ.")),
    "balancer": Spec("balancer.demo", mark("The demo has an nginx.")),
}
_ID = "demo00000000"


class DemoCluster:
    """Starts in `with`; gives `plan`, `secrets` and `findings` (what is missing); leaves nothing behind.

    The nodes and the package service are stand-ins that say so in their Server header; the other servers are real.
    """

    def __init__(
        self, progress: Callable[[str], None], *, nodes: int = NODES, broker: Callable[[], Started] = RabbitMq
    ) -> None:
        """Have `nodes` nodes and a RabbitMQ made by `broker`.

        `progress` gets a line for each server, from several threads.
        """
        self._progress = progress
        self._nodes = tuple(f"node{number + 1}" for number in range(nodes))
        self._broker = broker
        self._stack = ExitStack()
        self._lock = threading.Lock()
        self._running: dict[str, Started] = {}
        self._balancer_port = HeldPort()
        self._users = Users([User(1, "checks", "checks@example.com", new_password())])
        self.findings: list[Finding] = []
        self.secrets: dict[str, Secret] = {}
        self.plan = Plan(id=_ID, name="demo")

    def __enter__(self) -> Self:
        try:
            self._storage = str(self._stack.enter_context(guarded_folder("nocobase-cluster-demo-storage-")))
            self._start_all()
            self._connect_nodes()
            self._describe()
        except BaseException:  # also an interrupt: no server may stay behind
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def share(self) -> str:
        """A sentence that says how many parts of the demo run; the nodes are one part together."""
        parts = [(part,) for part in _SPECS] + [self._nodes]
        running = sum(all(name in self._running for name in part) for part in parts)
        return tr("{running} of {parts} parts of the demo run.", running=running, parts=len(parts))

    def serve(self, site: str) -> None:
        """Start nginx with `site`, which listens on the plan's balancer port."""
        self._start("balancer", lambda: Nginx(lambda _port: site), self.plan.balancer.port)

    def _start_all(self) -> None:
        makers: dict[str, Callable[[], Started]] = {
            "database": InstalledPostgres,
            "redis": Redis,
            "rabbitmq": self._broker,
            "licence": LicenceService,
            **{name: lambda name=name: NodeStandIn(name, users=self._users) for name in self._nodes},  # type: ignore[misc]
        }
        ended = {name: threading.Event() for name in makers}

        def start(name: str) -> None:
            try:
                self._start(name, makers[name])
            finally:
                ended[name].set()

        threads = [threading.Thread(target=start, args=(name,), name=name, daemon=True) for name in makers]
        try:
            for thread in threads:
                thread.start()
            _wait_for_all(ended.values())
        except BaseException:  # what an interrupted start has to stop is known after its end
            _wait_for_all(ended[thread.name] for thread in threads if thread.ident is not None)
            raise

    def _connect_nodes(self) -> None:
        """Let the nodes do at the servers what a check looks for: keep their sessions, listen for the sync signal."""
        database, redis = self._running.get("database"), self._running.get("redis")
        if isinstance(database, InstalledPostgres):
            self._users.keep = database.keep_session
        for name in self._nodes:
            if name in self._running and isinstance(redis, Redis):
                self._stack.enter_context(Listener(redis))

    def _start(self, name: str, make: Callable[[], Any], port: int = 0) -> None:
        try:
            server = make()
            if port:
                server.port = port
            server.start()
        except Missing as missing:
            reason = tr("Not in this demo: {reason}.", reason=missing.reason)
            self.leave_out(name, reason, remedy=commands(missing.install))
            return
        except Exception as failed:  # noqa: BLE001 - whatever kept one from starting, the others are a demo still
            if not isinstance(failed, StartFailed):
                _log.exception("%s could not be started", name)
            told = str(failed) or type(failed).__name__
            first = told.partition("\n")[0].rstrip(":.")
            self.leave_out(name, tr("Not in this demo: it did not start ({reason}).", reason=first), detail=told)
            return
        with self._lock:
            self._running[name] = server
            self._stack.callback(server.stop)
        self._progress(tr("{name}: {host}:{port}", name=name, host=server.host, port=server.port))

    def leave_out(self, name: str, reason: str, **more: Any) -> None:
        """Note that a part is missing from this demo; `reason` is a sentence."""
        spec, subject = (_NODE, name) if name in self._nodes else (_SPECS[name], "")
        with self._lock:
            self.findings.append(spec.unknown(reason, subject=subject, **more))
        self._progress(f"{name}: {reason}")

    def _describe(self) -> None:
        values = self._application() | self._database() | self._redis() | self._queue() | self._licence()
        for key, value in values.items():
            if isinstance(value, Secret):
                self.secrets[key] = value
                value = SecretRef(key)  # noqa: PLW2901 - the plan holds the name in the value's place
            self.plan = self.plan.with_value(key, value)
        for key in ("application.app_key", "application.aes_key", "application.root_password"):
            self.secrets[key] = generate(self.plan.setting(key).kind)  # type: ignore[arg-type]
            self.plan = self.plan.with_value(key, SecretRef(key))

    def _application(self) -> dict[str, Any]:
        port = self._balancer_port.number
        return {
            "application.deployment": Deployment.BARE,  # inside a container, loopback is the container itself
            "application.public_url": f"http://127.0.0.1:{port}",
            "application.version": VERSION,
            "application.root_email": "admin@example.com",
            "application.check_account": self._users.accounts[0].username,
            "application.check_password": Secret(self._users.accounts[0].password),
            "storage.path": self._storage,
            "storage.kind": StorageKind.LOCAL,
            "nodes": tuple(self._node(name) for name in self._nodes if name in self._running),
            "balancer.port": port,
            "balancer.maintenance_file": str(Path(self._storage).with_suffix(".maintenance")),
        }

    def _node(self, name: str) -> Node:
        server, own = self._running[name], Path(self._storage).with_suffix(".own") / name
        return Node(
            name=name,
            host=server.host,
            port=server.port,
            pm2_home=str(own / ".pm2"),
            socket_path=str(own / "gateway.sock"),
        )

    def _database(self) -> dict[str, Any]:
        server = self._running.get("database")
        if not isinstance(server, Postgres):
            return {}
        return {
            "database.host": server.host,
            "database.port": server.port,
            "database.name": server.database,
            "database.user": server.user,
            "database.password": Secret(server.password),
        }

    def _redis(self) -> dict[str, Any]:
        server = self._running.get("redis")
        if not isinstance(server, Redis):
            return {}
        return {
            "redis.server.host": server.host,
            "redis.server.port": server.port,
            "redis.server.username": server.user,
            "redis.server.password": Secret(server.password),
        }

    def _queue(self) -> dict[str, Any]:
        server = self._running.get("rabbitmq")
        if not isinstance(server, RabbitMq):
            return {}
        return {
            "queue.kind": QueueKind.RABBITMQ,
            "queue.host": server.host,
            "queue.port": server.port,
            "queue.virtual_host": server.vhost,
            "queue.username": server.user,
            "queue.password": Secret(server.password),
        }

    def _licence(self) -> dict[str, Any]:
        server = self._running.get("licence")
        if not isinstance(server, LicenceService):
            return {}
        return {
            "licence.service_url": server.url,
            "licence.username": server.user,
            "licence.password": Secret(server.password),
        }


def _wait_for_all(events: Iterable[threading.Event]) -> None:
    """Wait for each; by events, as Python 3.11 takes a thread whose join was interrupted for ended."""
    for event in events:
        event.wait()
