"""A cluster whose nodes are on hosts of their own: each has an address, a network and mounts, and is reached by SSH."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.live.inside import Cluster
from tests.servers.fixtures import running
from tests.servers.hosts import Hosts, Place
from tests.servers.inside import Inside, node_program
from wizard.plan.sections import Node, Transport

DATABASE, REDIS = "198.18.255.1", "198.18.255.2"
"""Addresses of the hub, whose SSH server stands for what listens there."""
PORT = 13000
_LISTENING = 22


@dataclass(frozen=True)
class Apart:
    """The cluster, its hosts, and where each of them has mounted the shared storage."""

    cluster: Cluster
    hosts: Hosts
    mounted: Path

    def host(self, name: str) -> Place:
        """Return the host that a node is on."""
        return self.hosts.hosts[list(self.cluster.places).index(name)]

    def own_storage(self, name: str) -> None:
        """Take the shared storage away from a node: at its place is a folder of the host's own."""
        self.host(name).run("mount", "-t", "tmpfs", "tmpfs", str(self.mounted))


@contextlib.contextmanager
def nodes_apart(folder: Path, names: Sequence[str]) -> Iterator[Apart]:
    """Make a host for each node; all have one storage, database and Redis, and what the plan says."""
    folder.mkdir(exist_ok=True)
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent != folder.parents[-1]:
            parent.chmod(parent.stat().st_mode | 0o011)
    mounted = folder / "mounted"
    mounted.mkdir()
    with running(lambda: _hosts(folder, len(names))) as hosts, contextlib.ExitStack() as stack:
        hub = hosts.hub
        hub.run("mount", "-t", "tmpfs", "tmpfs", "/run")
        hub.run("mkdir", "/run/sshd")
        for address in (DATABASE, REDIS):
            hub.run("ip", "addr", "add", f"{address}/32", "dev", "lo")
        stack.enter_context(hosts.sshd(hub))
        made = Apart(Cluster(folder, _LISTENING, names), hosts, mounted)
        _settle(made, folder)
        yield made


def _hosts(folder: Path, count: int) -> Hosts:
    node_program()
    return Hosts(folder, count)


def _settle(made: Apart, folder: Path) -> None:
    cluster = made.cluster
    for name in cluster.places:
        made.host(name).run("mount", "--bind", str(cluster.storage), str(made.mounted))
        cluster.places[name] = Inside(folder / name, port=PORT, enter=made.host(name).enter)
    cluster.change(
        nodes=tuple(Node(name=name, host=made.host(name).address, port=PORT) for name in cluster.places),
        reach__transport=Transport.COMMAND,
        reach__command=made.hosts.command,
        database__host=DATABASE,
        redis__server__host=REDIS,
    )
    for number, node in enumerate(cluster.plan.nodes):
        cluster.change(**{f"nodes__{number}__reach": node.host})
    cluster.seen_storage = made.mounted
    cluster.take_environments()
