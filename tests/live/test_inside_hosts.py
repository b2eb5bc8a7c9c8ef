"""Nodes on hosts of their own: networks and mounts apart, a real sshd in each. Containers' programs are recorders.

`docker` and `kubectl` write down what they are called with, and run the node's program here in a container's place.
"""

import contextlib
import json
import os
import shlex

import pytest

from tests.live.inside import NAMES, Cluster
from tests.servers import inside
from tests.servers.fixtures import give_up, running
from tests.servers.hosts import Hosts
from tests.servers.inside import Inside
from wizard.demo.process import Missing
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Node, Transport

pytestmark = pytest.mark.live
PASS, WARN, FAIL, UNKNOWN, SKIP = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN, Severity.SKIP


def _unsound(found):
    return {key: one.severity for key, one in found.items() if one.severity in {WARN, FAIL, UNKNOWN}}


@pytest.fixture
def cluster(tmp_path, silent_port):
    try:
        inside.node_program()
    except Missing as missing:
        give_up(str(missing))
    return Cluster(tmp_path, silent_port.port)


@pytest.fixture
def apart(cluster, tmp_path):
    """The cluster's nodes on two hosts, and the hosts; database and Redis are the SSH server of the hub's own host."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != tmp_path.parents[-1]:
            folder.chmod(folder.stat().st_mode | 0o011)
    with running(lambda: Hosts(tmp_path, 2)) as hosts, contextlib.ExitStack() as stack:
        hosts.hub.run("mount", "-t", "tmpfs", "tmpfs", "/run")
        hosts.hub.run("mkdir", "/run/sshd")
        stack.enter_context(hosts.sshd(hosts.hub))
        nodes = tuple(
            Node(name=name, host=host.address, port=13000) for name, host in zip(NAMES, hosts.hosts, strict=True)
        )
        gate = "198.18.1.1"
        cluster.places = {
            name: Inside(tmp_path / name, port=13000, enter=host.enter)
            for name, host in zip(NAMES, hosts.hosts, strict=True)
        }
        cluster.change(
            nodes=nodes,
            reach__transport=Transport.COMMAND,
            reach__command=hosts.command,
            database__host=gate,
            database__port=22,
            redis__server__host=gate,
            redis__server__port=22,
        )
        for index in range(2):
            cluster.change(**{f"nodes__{index}__reach": nodes[index].host})
        cluster.take_environments()
        yield cluster, hosts


def test_nodes_reached_by_ssh_on_hosts_of_their_own_pass(apart):
    cluster, _hosts = apart
    found = cluster.found()
    assert _unsound(found) == {}
    assert found["inside.balancer"].severity is PASS


def test_a_folder_mounted_on_one_host_alone_is_another_storage(apart, tmp_path):
    cluster, hosts = apart
    other = tmp_path / "other"
    other.mkdir()
    hosts.hosts[1].run("mount", "--bind", str(other), str(cluster.storage))
    found = cluster.found()
    assert _unsound(found) == {"inside.storage": FAIL}
    assert found["inside.storage"].facts["nodes"] == ["node2"]
    assert [list(folder.iterdir()) for folder in (cluster.storage, other)] == [[], []]


def test_an_endpoint_that_one_node_does_not_reach_is_named(apart):
    cluster, hosts = apart
    cluster.change(redis__server__host=hosts.hosts[0].address)
    cluster.take_environments()
    found = cluster.found()
    assert _unsound(found) == {"inside.endpoints": FAIL}
    blocked = found["inside.endpoints"].facts["blocked"]
    assert {node for node, *_rest in blocked} == {"node2"}
    assert found["inside.endpoints"].error in {ErrorKind.TIMEOUT, ErrorKind.REFUSED}


def test_a_host_without_an_ssh_server_is_unknown_with_what_ssh_said(apart):
    cluster, _hosts = apart
    cluster.change(reach__command=cluster.plan.reach.command.replace("-T", "-T -o ConnectTimeout=5"))
    cluster.change(nodes__1__reach="198.18.9.9")
    found = cluster.found()
    finding = found["inside.answers", "node2"]
    assert (finding.severity, finding.error) == (UNKNOWN, ErrorKind.OTHER)
    assert "198.18.9.9" in finding.detail
    assert found["inside.answers", "node1"].severity is PASS


def test_a_node_elsewhere_than_its_entry_is_told_both_ways(apart):
    cluster, _hosts = apart
    cluster.change(nodes__1__host="198.18.7.7")
    found = cluster.found()
    assert _unsound(found) == {"inside.balancer": WARN}
    assert found["inside.balancer"].facts == {"unknown": ["node2"]}


_RECORDER = """#!/bin/sh
printf '%s\\n' "$0 $*" >> {log}
while [ "$1" != node ]; do shift; done
exec "$@"
"""


@pytest.mark.parametrize(
    ("transport", "called"),
    [
        (Transport.DOCKER, "docker exec -i {name} node --input-type=module -"),
        (Transport.COMPOSE, "docker compose exec -T {name} node --input-type=module -"),
        (Transport.KUBECTL, "kubectl exec -i {name} -- node --input-type=module -"),
    ],
)
def test_the_programs_of_containers_are_called_as_told(cluster, tmp_path, monkeypatch, transport, called):
    log, programs = tmp_path / "called", tmp_path / "bin"
    programs.mkdir()
    for name in ("docker", "kubectl"):
        (programs / name).write_text(_RECORDER.format(log=shlex.quote(str(log))))
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    cluster.change(reach__transport=transport, nodes__1__reach="deploy/second")
    found = cluster.found()
    assert found["inside.answers", "node1"].severity is PASS
    wanted = {f"{programs}/{called.format(name=name)}" for name in ("node1", "deploy/second")}
    lines = log.read_text().splitlines()
    assert set(lines) == wanted
    assert len(lines) == 4, "each node is asked once, and once to meet the others"
    assert not [secret for secret in ("k" * 48, json.dumps("key")) if secret in log.read_text()]
