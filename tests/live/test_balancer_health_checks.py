"""What a real HAProxy makes of the answers of a living node and of a dead one, and what is told of its check."""

import csv

import pytest

from tests.patience import wait_until
from tests.servers.haproxy import HaProxy, debian_haproxy
from tests.unit.sites import haproxy_plan, judged
from wizard.demo.http_stand_in import Answer, HttpStandIn
from wizard.plan.finding import Severity

pytestmark = pytest.mark.live
PATH = "/api/__health_check"
UP_AND_DOWN = {("UP", "DOWN"): Severity.PASS, ("UP", "UP"): Severity.WARN, ("DOWN", "DOWN"): Severity.FAIL}
HEAD = """defaults
    mode http
    timeout connect 5s
    timeout client 600s
    timeout server 600s
"""
CHECKS = (
    f"option httpchk GET {PATH}",
    f"option httpchk GET {PATH}\n http-check expect rstring ^ok$",
    f"option httpchk GET {PATH}\n http-check expect ! string maintaining",
    f"option httpchk GET {PATH}\n http-check expect status 200-299,304",
    f"option httpchk GET {PATH} HTTP/1.1\n http-check send hdr Host app",
    f"option tcp-check\n tcp-check send GET\\ {PATH}\\ HTTP/1.0\\r\\n\\r\\n\n tcp-check expect string 200\\ OK",
    f"option httpchk GET {PATH}\n http-check expect ! rstatus ^4",
    f"option httpchk GET {PATH}\n http-check expect status 200-599",
    f"option tcp-check\n tcp-check send GET\\ {PATH}\\ HTTP/1.0\\r\\n\\r\\n",
    f"option httpchk GET {PATH}\n http-check expect status 204",
    f"option httpchk GET {PATH}\n http-check expect string healthy",
    f"option httpchk HEAD {PATH}\n http-check expect rstring ^ok$",
    f"option httpchk GET {PATH} HTTP/1.1",
    f"option httpchk\n http-check send uri {PATH} ver HTTP/1.1",
)


class Alive(HttpStandIn):
    """A node that answers its health check as NocoBase does, and HTTP/1.1 without a host as Node.js does."""

    server_header = "node"

    def answer(self, request):
        if self.refuses(request):
            return Answer(400, b"")
        return Answer(200, b"ok", "text/plain")

    def refuses(self, request):
        return "connection" in {name.lower() for name in request.headers} and "host" not in {
            name.lower() for name in request.headers
        }  # HAProxy sends “Connection: close” with HTTP/1.1 alone


class Dead(Alive):
    """One whose application is dead."""

    def answer(self, request):
        if self.refuses(request):
            return Answer(400, b"")
        return Answer.of_json(503, {"error": {"status": 503, "maintaining": True, "code": "APP_COMMANDING"}})


def _config(server, alive, dead):
    lines = [
        HEAD,
        f"global\n stats socket {server.socket} level admin\n",
        f"frontend x\n bind 127.0.0.1:{server.port}\n",
    ]
    for number, check in enumerate(CHECKS):
        lines.append(f"backend b{number}\n {check}\n default-server check inter 200ms fall 1 rise 1\n")
        lines += [f" server {name} 127.0.0.1:{one.port}\n" for name, one in (("alive", alive), ("dead", dead))]
    return "".join(lines)


def _states(site):
    """Return the state of each server by its backend and name, once it was asked."""
    rows = csv.DictReader(site.tell("show stat").removeprefix("# ").splitlines())
    asked = [row for row in rows if row["svname"] in {"alive", "dead"} and row["check_status"].lstrip("* ") != "INI"]
    return {(row["pxname"], row["svname"]): row["status"].split()[0] for row in asked}


def test_what_is_told_of_a_check_is_what_haproxy_makes_of_the_answers(launch):
    alive, dead = launch(Alive), launch(Dead)
    site = launch(lambda: HaProxy(lambda server: _config(server, alive, dead), debian_haproxy()))
    assert wait_until(lambda: len(_states(site)) == 2 * len(CHECKS))
    states = _states(site)
    for number, check in enumerate(CHECKS):
        seen = states[f"b{number}", "alive"], states[f"b{number}", "dead"]
        assert _told(check) is UP_AND_DOWN[seen], (check, seen)


def _told(check):
    servers = "".join(f" server n{number} 10.0.0.{number}:13000 check\n" for number in (1, 2, 3))
    front = "frontend web\n bind :443\n http-request set-header X-Forwarded-Proto https\n default_backend nodes\n"
    text = f"{HEAD}{front}backend nodes\n {check}\n{servers}"
    return judged(text, haproxy_plan(), known={})["balancer.limits"].severity
