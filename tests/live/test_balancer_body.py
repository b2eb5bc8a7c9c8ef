"""Bodies of 2 and of 20 MiB through real balancers: which size passes, who refuses, and when nobody can tell."""

import socket
import sys
import threading
import time

import httpx
import pytest

from tests.live.balancer_sites import GOOD, findings, planned, site_of, told
from tests.patience import patience
from tests.servers.haproxy import HaProxy, debian_haproxy
from tests.servers.relay import SlowRelay
from tests.unit.sites import judged
from wizard.checks.balancer import body
from wizard.checks.balancer.target import LARGE_BYTES, MIB, target_of
from wizard.demo.http_stand_in import Answer
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import NodeStandIn
from wizard.demo.process import LOOPBACK
from wizard.formats.sites import haproxy
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind

pytestmark = pytest.mark.live
PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN


def _sizes(node):
    return [request.body_length for request in node.requests if request.method == "POST" and request.body_length > MIB]


@pytest.mark.parametrize(
    ("of_nginx", "planned_limit", "expected", "passed", "reached"),
    [
        ("0", "0", (PASS, None), 20, [2, 20]),
        ("0", "50m", (PASS, None), 20, [2, 20]),
        ("10m", "10m", (PASS, None), 2, [2]),
        ("1m", "1m", (PASS, None), 0, []),
        ("10m", "0", (FAIL, ErrorKind.OTHER), 2, [2]),
        ("10m", "20m", (FAIL, ErrorKind.OTHER), 2, [2]),
        ("1m", "0", (FAIL, ErrorKind.OTHER), 0, []),
        ("0", "5m", (WARN, None), 20, [2, 20]),
        ("0", "500k", (WARN, None), 2, [2]),
    ],
)
def test_nginx_lets_through_what_the_plan_wants_or_not(
    node_stand_in, launch, of_nginx, planned_limit, expected, passed, reached
):
    node = node_stand_in("node1")
    lines = GOOD.replace("client_max_body_size 0;", f"client_max_body_size {of_nginx};")
    site = launch(lambda: Nginx(site_of(node, lines)))
    finding = findings(site.url, balancer__upload_limit=planned_limit)["balancer.body"]
    assert told(finding) == expected, finding
    assert finding.facts["passed_bytes"] == passed * MIB
    assert _sizes(node) == [size * MIB for size in reached]


def test_a_limit_in_between_is_told_with_both_sizes_and_two_ways_out(node_stand_in, launch):
    lines = GOOD.replace("client_max_body_size 0;", "client_max_body_size 10m;")
    finding = findings(launch(lambda: Nginx(site_of(node_stand_in("node1"), lines))).url)["balancer.body"]
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "2 MiB through" in finding.summary
    assert "20 MiB" in finding.summary
    assert "client_max_body_size 0;" in finding.remedy
    assert "“Upload limit”" in finding.remedy
    assert "nginx/" in finding.detail


@pytest.fixture
def haproxy_site(node_stand_in, launch):
    """Start HAProxy with the site that is exported for a limit, and give the finding of a plan with another."""

    def finding(exported, wanted):
        plan = planned(node := node_stand_in("node1")).with_value("balancer.kind", BalancerKind.HAPROXY)

        def config(server):
            limited = plan.with_value("balancer.upload_limit", exported).with_value("balancer.port", server.port)
            return haproxy.render(limited, host=LOOPBACK, socket=server.socket, account="")

        site = launch(lambda: HaProxy(config, debian_haproxy()))
        found = findings(site.url, plan=plan.with_value("balancer.upload_limit", wanted))
        return found["balancer.body"], _sizes(node)

    return finding


@pytest.mark.parametrize(
    ("exported", "wanted", "expected", "reached"),
    [
        ("0", "0", (PASS, None), [2, 20]),
        ("10m", "10m", (PASS, None), [2]),
        ("10m", "0", (FAIL, ErrorKind.OTHER), [2]),
        ("1m", "0", (FAIL, ErrorKind.OTHER), []),
    ],
)
def test_haproxy_lets_through_what_the_plan_wants_or_not(haproxy_site, exported, wanted, expected, reached):
    finding, sizes = haproxy_site(exported, wanted)
    assert told(finding) == expected, finding
    assert sizes == [size * MIB for size in reached]
    assert ("http-request deny deny_status 413" in finding.remedy) == (finding.severity is FAIL)
    assert "client_max_body_size" not in finding.remedy


class _Limiting(NodeStandIn):
    """An application that itself refuses what is longer than its limit."""

    def answer(self, request):
        if request.body_length > 10 * MIB:
            return Answer.of_json(413, {"errors": [{"message": "request entity too large"}]})
        return super().answer(request)


def test_a_refusal_of_the_application_is_not_blamed_on_the_balancer(launch):
    with _Limiting() as node:
        finding = findings(launch(lambda: Nginx(site_of(node))).url)["balancer.body"]
    assert told(finding) == (WARN, None)
    assert "the application refuses it" in finding.summary


@pytest.mark.usefixtures("quiet_machine")
def test_a_way_that_is_too_slow_for_20_mib_is_unknown_and_says_how_far_it_came(node_stand_in, launch, monkeypatch):
    monkeypatch.setattr(sys.modules["wizard.checks.balancer.probe"], "BODY_SECONDS", patience(4.0))
    site = launch(lambda: Nginx(site_of(node_stand_in("node1"))))
    # Nothing of the large body gets on: to the one who sends it, a way without an end.
    with SlowRelay(site.port, mute_at=f"Content-Length: {LARGE_BYTES}".encode()) as relay:
        finding = findings(f"http://{relay.host}:{relay.port}", timeout=patience(15.0))["balancer.body"]
    assert told(finding) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert "A body of 2 MiB reaches the application" in finding.summary
    assert "of 20 MiB were sent" in finding.detail
    assert "slow" in finding.remedy


@pytest.mark.usefixtures("quiet_machine")
def test_a_check_whose_time_is_up_while_it_sends_is_unknown(node_stand_in, launch):
    site = launch(lambda: Nginx(site_of(node_stand_in("node1"))))
    with SlowRelay(site.port, mute_at=f"Content-Length: {LARGE_BYTES}".encode()) as relay:
        finding = findings(f"http://{relay.host}:{relay.port}", timeout=patience(4.0))["balancer.body"]
    assert told(finding) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert finding.facts["passed_bytes"] == 2 * MIB


class _Vanishing(NodeStandIn):
    """Takes a large body and hangs up without a word."""

    def take_over(self, request, handler):
        return request.body_length > 10 * MIB or super().take_over(request, handler)


def test_a_connection_that_ends_without_an_answer_is_unknown():
    with _Vanishing() as node:
        finding = findings(node.url)["balancer.body"]
    assert told(finding) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert "all 20 MiB were sent" in finding.detail


def test_a_balancer_that_cannot_pass_the_body_on_is_unknown(launch):
    with _Vanishing() as node:
        finding = findings(launch(lambda: Nginx(site_of(node))).url)["balancer.body"]
    assert told(finding) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert "HTTP 502" in finding.detail
    assert "/var/log/nginx/error.log" in finding.remedy


@pytest.fixture
def deaf():
    """A server that refuses at the head of a request and reads nothing of its body; it gives its URL."""
    listener = socket.create_server((LOOPBACK, 0))
    over = threading.Event()

    def serve():
        link, _ = listener.accept()
        with link:
            link.recv(1024)
            link.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
            over.wait(patience(30))

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    over.set()
    thread.join()
    listener.close()


def test_an_early_refusal_is_heard_while_the_body_is_sent(deaf):
    target = target_of(Plan().with_value("application.public_url", deaf))
    reply = body.send(target, LARGE_BYTES, trust=None, until=time.monotonic() + patience(30))
    assert (reply.status, reply.body) == (413, b"no")


def test_a_body_passes_over_tls_too(node_stand_in, launch, authority):
    node = node_stand_in("node1")
    site = launch(lambda: Nginx(site_of(node, tls=True), tls=authority.sign()))
    assert findings(site.url)["balancer.body"].severity is PASS
    assert _sizes(node) == [2 * MIB, 20 * MIB]


@pytest.mark.parametrize(
    ("location", "status"),
    [
        ("location / { client_max_body_size 0; try_files $uri @node; } location @node { PASS }", 200),
        (
            "location / { client_max_body_size 0; try_files $uri @n; } location @n { client_max_body_size 1m; PASS }",
            200,
        ),
        ("location / { try_files $uri @node; } location @node { client_max_body_size 0; PASS }", 413),
        (
            "error_page 418 = @node; location / { client_max_body_size 0; return 418; } location @node { PASS }",
            200,
        ),
        ("location / { client_max_body_size 0; PASS } location ~ attachments { client_max_body_size 1m; PASS }", 413),
    ],
)
def test_an_upload_is_refused_where_the_site_says_it_is(node_stand_in, launch, location, status):
    node = node_stand_in("node1")
    lines = GOOD.replace("client_max_body_size 0;", "") + "proxy_read_timeout 600s; proxy_send_timeout 600s;"
    location = location.replace("PASS", f"proxy_pass {node.url};")
    site = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; {lines} {location} }}"))
    with httpx.Client(trust_env=False, timeout=patience(20)) as client:
        answer = client.post(f"{site.url}/api/attachments:create", content=b"0" * 2 * MIB)
    assert (answer.status_code == 413) is (status == 413)
    plan = planned(node).with_value("application.public_url", site.url)
    finding = judged(site.config(), plan, known={})["balancer.limits"]
    assert finding.severity is (FAIL if status == 413 else PASS), finding
