"""A real nginx or HAProxy with the site that would be exported, before stand-ins that record what they receive."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.patience import patience
from tests.servers.haproxy import HaProxy, debian_haproxy
from wizard.demo.http_stand_in import Answer, HttpStandIn
from wizard.demo.nginx import Nginx
from wizard.demo.process import LOOPBACK
from wizard.demo.server import Tls
from wizard.formats.sites import haproxy, nginx
from wizard.plan.plan import Plan
from wizard.plan.sections import Node


def plan_before(*servers, **values) -> Plan:
    """Return the plan of a cluster whose nodes are these stand-ins; `values` are settings of the balancer."""
    nodes = tuple(Node(name=f"n{index}", host=server.host, port=server.port) for index, server in enumerate(servers))
    plan = replace(Plan(id="x", name="Live test"), nodes=nodes)
    for name, value in values.items():
        plan = plan.with_value(f"balancer.{name}", value)
    return plan


class Balancer(Nginx):
    """The exported site at a free port; `maintenance` closes it, `http_port` is the other one with TLS."""

    def __init__(self, plan: Plan, program: Path, tls=None) -> None:
        super().__init__(self._exported, program=program, tls=tls)
        self._plan = plan
        self.http_port = self.another_port()

    @property
    def maintenance(self) -> Path:
        return self.folder / "maintenance on"

    def _exported(self, port: int) -> str:
        plan = self._plan.with_value("balancer.maintenance_file", str(self.maintenance))
        if plan.balancer.tls:
            plan = plan.with_value("balancer.certificate", str(self.folder / "server.crt"))
            plan = plan.with_value("balancer.certificate_key", str(self.folder / "server.key"))
            plan = plan.with_value("balancer.tls_port", port).with_value("balancer.port", self.http_port)
        else:
            plan = plan.with_value("balancer.port", port)
        return nginx.render(plan, host=LOOPBACK)


def exported_haproxy(plan: Plan, tls: Tls | None = None) -> HaProxy:
    """Return the distribution's HAProxy with the exported configuration at a free port, not started."""
    return HaProxy(lambda server: configuration_for(plan, server), debian_haproxy(), tls=tls)


def configuration_for(plan: Plan, server: HaProxy) -> str:
    """Return the exported configuration at the ports of `server`, with its certificate."""
    if plan.balancer.tls:
        plan = plan.with_value("balancer.certificate", f"{server.folder}/server.crt")
        plan = plan.with_value("balancer.certificate_key", f"{server.folder}/server.key")
        plan = plan.with_value("balancer.tls_port", server.port).with_value("balancer.port", server.http_port)
    else:
        plan = plan.with_value("balancer.port", server.port)
    return haproxy.render(plan, host=LOOPBACK, socket=server.socket, account="")


class Dropping(HttpStandIn):
    """Takes every request and closes the connection without a word: a node killed at work."""

    server_header = "dropping"

    def answer(self, request) -> Answer | None:
        return None

    def take_over(self, request, handler) -> bool:
        return True


class Streaming(HttpStandIn):
    """Sends a first piece, and the rest when `release` is set."""

    server_header = "streaming"

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def answer(self, request) -> Answer | None:
        return None

    def take_over(self, request, handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for piece in self._pieces():
            handler.wfile.write(piece)
            handler.wfile.flush()
        return True

    def _pieces(self) -> Iterator[bytes]:
        yield b"first"
        self.release.wait(patience(20))
        yield b"last"
