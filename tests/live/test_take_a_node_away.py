"""The README's way to take a node away and to add one: a node that ends answers with 500, and no user sees it."""

from functools import partial

import pytest

from tests.live.balancing import plan_before
from tests.live.ending_nodes import WITHIN, Machine, Node, users_of
from tests.patience import wait_until
from tests.servers.fixtures import give_up
from tests.servers.haproxy import HaProxy, debian_haproxy
from tests.unit.readmes import scripts
from wizard.app.export import export
from wizard.demo.nginx import Nginx
from wizard.demo.process import LOOPBACK, Missing
from wizard.formats.sites import haproxy, nginx
from wizard.plan.sections import BalancerKind

pytestmark = [pytest.mark.live, pytest.mark.slow]
RELOAD = '#!/bin/sh\n[ "$1" = -t ] || kill -{signal} {process}\n'


class Site(Nginx):
    """An nginx that reads the site which a bundle gives it."""

    def __init__(self, plan, program) -> None:
        super().__init__(lambda _port: "include conf.d/*.conf;", program=program)
        self.port = self.another_port()
        self.plan = plan.with_value("balancer.port", self.port)

    def prepare(self) -> None:
        super().prepare()
        self.make_folder("conf.d")
        self.write(f"conf.d/{nginx.file_name(self.plan)}", nginx.render(self.plan))

    def machine(self, folder) -> Machine:
        reload = RELOAD.format(signal="HUP", process=self.process.pid)
        return Machine(folder, {"nginx": reload}, {"/etc/nginx/conf.d/": f"{self.folder}/conf.d/"})


class Service(HaProxy):
    """A HAProxy whose main process starts its workers anew when it is told to reload, as the service of Debian."""

    def __init__(self, plan, program, render) -> None:
        super().__init__(lambda server: render(self.plan, socket=server.socket), program)
        self.port = self.another_port()
        self.plan = plan.with_value("balancer.port", self.port)

    def command(self):
        return [*super().command(), "-W"]

    def machine(self, folder) -> Machine:
        programs = {
            "haproxy": f'#!/bin/sh\nexec {self.command()[0]} "$@"\n',
            "systemctl": RELOAD.format(signal="USR2", process=self.process.pid),
        }
        return Machine(folder, programs, {"/etc/haproxy/haproxy.cfg": f"{self.folder}/haproxy.cfg"})


@pytest.fixture(params=["nginx", "haproxy"])
def balancer(request, launch, monkeypatch):
    """Return what starts the balancer before the nodes of a plan; what is exported listens on this machine alone."""
    if request.param == "nginx":
        monkeypatch.setattr(nginx, "render", partial(nginx.render, host=LOOPBACK))
        program = request.getfixturevalue("nginx_debian").program
        return lambda nodes: launch(lambda: Site(plan_before(*nodes), program))
    try:
        program = debian_haproxy()
    except Missing as missing:
        give_up(str(missing))
    render = partial(haproxy.render, host=LOOPBACK, account="")

    def start(nodes):
        server = launch(lambda: Service(plan_before(*nodes, kind=BalancerKind.HAPROXY), program, render))
        monkeypatch.setattr(haproxy, "render", partial(render, socket=server.socket))
        return server

    return start


def test_no_get_fails_while_a_node_is_taken_away_and_a_new_one_comes(balancer, launch, tmp_path):
    leaving, *staying = [launch(Node) for _ in range(3)]
    server = balancer([leaving, *staying])
    machine, bundle = server.machine(tmp_path), tmp_path / "bundle"

    def exported(nodes) -> None:
        plan = plan_before(*nodes, kind=server.plan.balancer.kind, port=server.port)
        export(plan, {}, bundle, targets=["env", plan.balancer.kind.value])
        machine.run(scripts((bundle / "README.md").read_text(), "## Balancer")[0], bundle)

    with users_of(server.url) as asking:
        assert asking.reach(leaving)
        exported(staying)
        assert wait_until(lambda: asking.leave_alone(leaving), within=WITHIN)
        leaving.ending = True
        assert asking.leave_alone(leaving)
        leaving.stop()
        assert asking.leave_alone(leaving)
        added = launch(Node)
        exported([*staying, added])
        assert asking.reach(added)
    assert set(asking.statuses) == {200}
