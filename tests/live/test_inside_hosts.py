"""The ways into nodes: a real sshd on hosts of their own; containers' programs are recorders.

`docker` and `kubectl` write down what they are called with, and run the node's program here in a container's place.
"""

import json
import os
import shlex

import pytest

from tests.live.apart import DATABASE, REDIS, nodes_apart
from tests.live.inside import NAMES
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Transport

pytestmark = pytest.mark.live
PASS, WARN, UNKNOWN = Severity.PASS, Severity.WARN, Severity.UNKNOWN


@pytest.fixture
def apart(cluster, tmp_path):
    with nodes_apart(tmp_path / "apart", NAMES) as made:
        yield made


def test_a_host_without_an_ssh_server_is_unknown_with_what_ssh_said(apart):
    cluster = apart.cluster
    cluster.change(reach__command=cluster.plan.reach.command.replace("-T", "-T -o ConnectTimeout=5"))
    cluster.change(nodes__1__reach="198.18.9.9")
    found = cluster.found()
    finding = found["inside.answers", "node2"]
    assert (finding.severity, finding.error) == (UNKNOWN, ErrorKind.OTHER)
    assert "198.18.9.9" in finding.detail
    assert found["inside.answers", "node1"].severity is PASS


def test_a_name_that_leads_one_host_to_another_server_is_a_warning(apart, tmp_path):
    for number, (host, server) in enumerate(zip(apart.hosts.hosts, (DATABASE, REDIS), strict=True)):
        names = tmp_path / f"hosts{number}"
        names.write_text(f"{server} db.internal\n")
        host.run("mount", "--bind", str(names), "/etc/hosts")
    apart.cluster.change(database__host="db.internal")
    apart.cluster.take_environments()
    finding = apart.cluster.found()["inside.endpoints"]
    assert (finding.severity, finding.error) == (WARN, ErrorKind.OTHER)
    assert finding.facts == {"elsewhere": {"database": ["node2"]}}
    assert f"is {REDIS}, on the other nodes {DATABASE}" in finding.summary


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
