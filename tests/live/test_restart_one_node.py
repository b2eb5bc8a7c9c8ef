"""The README's way to restart one node: a node that ends answers with 500, and no user sees it."""

import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.live.balancing import Balancer, plan_before
from tests.patience import patience
from tests.servers.fixtures import give_up
from tests.servers.haproxy import HaProxy, debian_haproxy
from tests.unit.readmes import scripts
from wizard.demo.http_stand_in import Answer
from wizard.demo.nodes import NodeStandIn
from wizard.demo.process import LOOPBACK, Missing, wait_until
from wizard.export import bundle
from wizard.formats.sites import haproxy
from wizard.plan.sections import BalancerKind

pytestmark = pytest.mark.live
CLIENTS = 4
WITHIN = 60
"""Seconds as a last resort: what is waited for is an event."""
SOCAT = f"""#!{sys.executable}
import socket, sys
with socket.socket(socket.AF_UNIX) as link:
    link.connect(sys.argv[2])
    link.sendall(sys.stdin.buffer.read())
    while piece := link.recv(65536):
        sys.stdout.buffer.write(piece)
"""


class Node(NodeStandIn):
    """A node that can be told to end: it then answers every request with 500, as a real one was seen to."""

    def __init__(self) -> None:
        super().__init__()
        self.ending = False
        self._counting = threading.Lock()
        self.asked = 0
        """How many requests of users came; the balancer's own questions are none."""

    def record(self, request) -> None:
        if "load" in request.path:
            with self._counting:
                self.asked += 1

    def answer(self, request) -> Answer | None:
        if self.ending and "load" in request.path:
            return Answer(500, b"ConnectionManager.getConnection was called after it was closed", "text/plain")
        return super().answer(request) if "load" not in request.path else Answer(200, b"", "text/plain")

    def start(self):
        self.ending = False
        return super().start()


class Users:
    """Clients that ask at once, each time over a new connection, until `enough` is set."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.enough = threading.Event()
        self.statuses: list[int] = []

    def run(self) -> None:
        with httpx.Client(trust_env=False, timeout=patience(20), headers={"Connection": "close"}) as client:
            while not self.enough.is_set():
                try:
                    self.statuses.append(client.get(f"{self._url}/api/load").status_code)
                except httpx.TransportError:
                    self.statuses.append(0)

    def leave_alone(self, node: Node) -> bool:
        """Whether many requests pass and none of them reaches the node."""
        taken, asked = node.asked, len(self.statuses)
        return wait_until(lambda: len(self.statuses) >= asked + 100, within=WITHIN) and node.asked == taken

    def reach(self, node: Node, count: int = 20) -> bool:
        taken = node.asked
        return wait_until(lambda: node.asked >= taken + count, within=WITHIN)


@pytest.fixture
def users():
    started = []

    def start(url: str) -> Users:
        found = Users(url)
        pool = ThreadPoolExecutor(CLIENTS)
        started.append((found, pool, [pool.submit(found.run) for _ in range(CLIENTS)]))
        return found

    yield start
    for found, pool, running in started:
        found.enough.set()
        pool.shutdown()
        for one in running:
            one.result()


class Machine:
    """Runs the README's scripts where the balancer is: their files and programs are those of the test."""

    def __init__(self, readme: str, folder, programs: dict[str, str], places: dict[str, str]) -> None:
        out, self._restart, back = scripts(readme, "## Restarting one node")[:3]
        for usual, here in places.items():
            assert usual in out
            out, back = out.replace(usual, here), back.replace(usual, here)
        self._out, self._back = out, back
        self._bin = folder / "programs"
        self._bin.mkdir()
        for name, text in {"sleep": "#!/bin/sh\n", **programs}.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(stat.S_IRWXU)

    def take_out(self) -> None:
        self._run(self._out)

    def put_back(self) -> None:
        self._run(
            "".join(line for line in self._out.splitlines(keepends=True) if line.startswith("socket=")) + self._back
        )

    def _run(self, script: str) -> None:
        environ = {"PATH": f"{self._bin}:/usr/bin:/bin"}
        done = subprocess.run(["sh", "-ec", script], env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def _readme(plan) -> str:
    files = bundle.render(plan, {}, targets=["env", plan.balancer.kind.value])
    return next(file.text for file in files if file.path == "README.md")


def _through_nginx(launch, program, nodes, folder):
    plan = plan_before(*nodes)
    balancer = launch(lambda: Balancer(plan, program))
    reload = f'#!/bin/sh\n[ "$1" = -t ] || kill -HUP "$(cat {balancer.folder}/nginx.pid)"\n'
    site = {"/etc/nginx/conf.d/live-test.conf": f"{balancer.folder}/nginx.conf"}
    return balancer.url, Machine(_readme(plan), folder, {"nginx": reload}, site)


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
    machine = Machine(_readme(plan), folder, {"socat": SOCAT}, {haproxy.SOCKET: balancer.socket})
    return balancer.url, machine


@pytest.fixture(params=["nginx", "haproxy"])
def cluster(request, launch, tmp_path):
    """Three nodes behind the balancer: the address, the nodes, and the balancer's machine."""
    nodes = [launch(Node) for _ in range(3)]
    if request.param == "haproxy":
        return nodes, *_through_haproxy(launch, nodes, tmp_path)
    return nodes, *_through_nginx(launch, request.getfixturevalue("nginx_debian").program, nodes, tmp_path)


def test_no_get_fails_while_one_node_is_restarted_as_the_readme_says(cluster, users):
    nodes, url, machine = cluster
    first, asking = nodes[0], users(url)
    assert asking.reach(first)
    machine.take_out()
    assert wait_until(lambda: asking.leave_alone(first), within=WITHIN)
    first.ending = True
    assert asking.leave_alone(first)
    first.stop()
    assert asking.leave_alone(first)
    first.start()
    machine.put_back()
    assert asking.reach(first), "it never came back"
    assert set(asking.statuses) == {200}


def test_a_node_that_ends_while_the_balancer_asks_it_is_seen_by_users(cluster, users):
    nodes, url, _machine = cluster
    asking = users(url)
    assert asking.reach(nodes[0])
    nodes[0].ending = True
    assert wait_until(lambda: 500 in asking.statuses, within=WITHIN)
