"""The exported balancers listen on IPv4 and on IPv6; tests elsewhere let them listen on 127.0.0.1 alone."""

import contextlib
import socket

import httpx
import pytest

from tests.live.balancing import Balancer, plan_before
from tests.patience import patience
from tests.servers.haproxy import HaProxy, debian_haproxy
from wizard.formats.sites import haproxy, nginx

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def ipv6():
    try:
        with contextlib.closing(socket.create_server(("::1", 0), family=socket.AF_INET6)):
            pass
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")


class Everywhere(Balancer):
    """nginx with the very site of the bundle."""

    def _exported(self, port: int) -> str:
        return nginx.render(self._plan.with_value("balancer.port", port))


def in_nginx(plan, request, launch):
    return launch(lambda: Everywhere(plan, request.getfixturevalue("nginx_debian").program))


def in_newest_nginx(plan, request, launch):
    return launch(lambda: Everywhere(plan, request.getfixturevalue("nginx_newest").program))


def in_haproxy(plan, request, launch):
    def exported(server):
        return haproxy.render(plan.with_value("balancer.port", server.port), socket=server.socket, account="")

    return launch(lambda: HaProxy(exported, debian_haproxy()))


@pytest.mark.parametrize("served", [in_nginx, in_newest_nginx, in_haproxy])
def test_the_exported_balancer_answers_on_both_and_tells_the_node_who_asked(served, request, launch, node_stand_in):
    node = node_stand_in()
    port = served(plan_before(node), request, launch).port
    with httpx.Client(trust_env=False, timeout=patience(20)) as client:
        for host, client_address in (("127.0.0.1", "127.0.0.1"), ("[::1]", "::1")):
            assert client.get(f"http://{host}:{port}/x").status_code == 200
            got = next(one for one in reversed(node.requests) if one.path == "/x").headers
            assert got["x-forwarded-for"] == got["x-real-ip"] == client_address
            assert got["host"] == got["x-forwarded-host"] == f"{host}:{port}"
