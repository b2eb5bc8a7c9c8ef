"""The README's way to restart one node: a node that ends answers with 500, and no user sees it."""

import sys

import pytest

from tests.live.balancing import Balancer, plan_before
from tests.live.ending_nodes import WITHIN, Machine, Node, users_of
from tests.patience import wait_until
from tests.servers.fixtures import give_up
from tests.servers.haproxy import HaProxy, debian_haproxy
from tests.unit.readmes import readme_of, scripts
from wizard.demo.process import LOOPBACK, Missing
from wizard.formats.sites import haproxy
from wizard.plan.sections import BalancerKind

pytestmark = pytest.mark.live
SOCAT = f"""#!{sys.executable} -IS
import socket, sys
with socket.socket(socket.AF_UNIX) as link:
    link.connect(sys.argv[2])
    link.sendall(sys.stdin.buffer.read())
    while piece := link.recv(65536):
        sys.stdout.buffer.write(piece)
"""


class Restart:
    """The README's scripts to take the first node out and to put it back."""

    def __init__(self, plan, machine: Machine) -> None:
        readme = readme_of(plan, {}, ["env", plan.balancer.kind.value])
        self._out, _restart, back = scripts(readme, "## Restarting one node")[:3]
        socket = (line for line in self._out.splitlines(keepends=True) if line.startswith("socket="))
        self._back = "".join(socket) + back
        self._machine = machine

    def take_out(self) -> None:
        self._machine.run(self._out)

    def put_back(self) -> None:
        self._machine.run(self._back)


def _through_nginx(launch, program, nodes, folder):
    plan = plan_before(*nodes)
    balancer = launch(lambda: Balancer(plan, program))
    reload = f'#!/bin/sh\n[ "$1" = -t ] || kill -HUP "$(cat {balancer.folder}/nginx.pid)"\n'
    site = {"/etc/nginx/conf.d/live-test.conf": f"{balancer.folder}/nginx.conf"}
    return balancer.url, Restart(plan, Machine(folder, {"nginx": reload}, site))


def _through_haproxy(launch, nodes, folder):
    plan = plan_before(*nodes, kind=BalancerKind.HAPROXY)
    try:
        program = debian_haproxy()
    except Missing as missing:
        give_up(str(missing))

    def config(server: HaProxy) -> str:
        return haproxy.render(
            plan.with_value("balancer.port", server.port), host=LOOPBACK, socket=server.socket, account=""
        )

    balancer = launch(lambda: HaProxy(config, program))
    machine = Machine(folder, {"socat": SOCAT}, {haproxy.SOCKET: balancer.socket})
    return balancer.url, Restart(plan, machine)


@pytest.fixture(params=["nginx", "haproxy"])
def cluster(request, launch, tmp_path):
    """Three nodes behind the balancer: the nodes, the address, and how one is restarted."""
    nodes = [launch(Node) for _ in range(3)]
    if request.param == "haproxy":
        return nodes, *_through_haproxy(launch, nodes, tmp_path)
    return nodes, *_through_nginx(launch, request.getfixturevalue("nginx_debian").program, nodes, tmp_path)


def test_no_get_fails_while_one_node_is_restarted_as_the_readme_says(cluster):
    nodes, url, restart = cluster
    first = nodes[0]
    with users_of(url) as asking:
        assert asking.reach(first)
        restart.take_out()
        assert wait_until(lambda: asking.leave_alone(first), within=WITHIN)
        first.ending = True
        assert asking.leave_alone(first)
        first.stop()
        assert asking.leave_alone(first)
        first.start()
        restart.put_back()
        assert asking.reach(first), "it never came back"
    assert set(asking.statuses) == {200}


def test_a_node_that_ends_while_the_balancer_asks_it_is_seen_by_users(cluster):
    nodes, url, _restart = cluster
    with users_of(url) as asking:
        assert asking.reach(nodes[0])
        nodes[0].ending = True
        assert wait_until(lambda: 500 in asking.statuses, within=WITHIN)
