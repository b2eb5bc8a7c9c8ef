"""The exported configuration, run by two versions of HAProxy before servers that record what they receive."""

import socket
import ssl
import subprocess
from dataclasses import replace

import httpx
import pytest
import websockets.sync.client

from tests.live.balancing import Dropping, Streaming, configuration_for, plan_before
from tests.live.site_variants import examples, variants
from tests.live.test_exported_nginx import KEPT, PROMISE, Browsed, Opinionated
from tests.patience import patience, wait_until
from tests.servers.fixtures import give_up
from tests.servers.haproxy import HaProxy, debian_haproxy, newer_haproxy
from wizard.demo.http_stand_in import Answer
from wizard.demo.nodes import Health
from wizard.demo.process import Missing
from wizard.formats.sites import haproxy
from wizard.plan.sections import Distribution, Node

pytestmark = pytest.mark.live

READY = 20
"""Seconds within which HAProxy must have noticed what became of a node."""
CLAIMS = {
    "X-Forwarded-For": "6.6.6.6, 10.9.9.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "app.example.com",
    "X-Forwarded-Port": "443",
}


@pytest.fixture(scope="module", params=[debian_haproxy, newer_haproxy])
def program(request):
    try:
        return request.param()
    except Missing as missing:
        give_up(str(missing))


@pytest.fixture
def serve(program, launch):
    def serve(plan, **more):
        return launch(lambda: HaProxy(lambda server: configuration_for(plan, server), program, **more))

    return serve


@pytest.fixture
def client():
    with httpx.Client(trust_env=False, timeout=patience(20)) as client:
        yield client


def state(server, node="n0"):
    """Return what HAProxy thinks of a node: `UP`, `DOWN`, …"""
    for line in server.tell("show stat").splitlines():
        fields = line.split(",")
        if fields[:2] == ["nocobase_live_test_nodes", node]:
            return fields[17].partition(" ")[0]
    raise AssertionError(node)


def users(node):
    """Return the requests that a node got from users: health checks come without end."""
    return [request for request in node.requests if not is_health(request)]


def test_a_node_learns_the_public_host_and_scheme(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    assert client.get(f"{balancer.url}/x?y=1%2F2", headers={"Host": "app.example.com:8443"}).status_code == 200
    got = users(node)[-1]
    assert got.path == "/x?y=1%2F2"
    assert got.headers["host"] == got.headers["x-forwarded-host"] == "app.example.com:8443"
    assert got.headers["x-forwarded-proto"] == "http"
    assert got.headers["x-forwarded-port"] == str(balancer.port)
    assert got.headers["x-forwarded-for"] == got.headers["x-real-ip"] == "127.0.0.1"
    assert "upgrade" not in got.headers


def test_a_client_cannot_claim_another_address_or_scheme(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    client.get(f"{balancer.url}/", headers=CLAIMS)
    got = users(node)[-1].headers
    assert got["x-forwarded-for"] == "127.0.0.1"
    assert got["x-forwarded-proto"] == "http"
    assert got["x-forwarded-host"] == f"127.0.0.1:{balancer.port}"


def test_what_a_proxy_in_front_says_is_kept(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node, behind_proxy=True))
    client.get(f"{balancer.url}/", headers=CLAIMS)
    got = users(node)[-1].headers
    assert got["x-forwarded-for"] == "6.6.6.6, 10.9.9.9, 127.0.0.1"
    assert got["x-forwarded-proto"] == "https"
    assert got["x-forwarded-host"] == "app.example.com"
    assert got["x-forwarded-port"] == "443"
    client.get(f"{balancer.url}/")
    assert users(node)[-1].headers["x-forwarded-proto"] == "http"
    assert users(node)[-1].headers["x-forwarded-for"] == "127.0.0.1"


def test_sign_in_with_the_public_origin_is_not_refused(serve, client, node_stand_in):
    balancer = serve(plan_before(node_stand_in()))
    host = {"Host": "app.example.com", "Origin": "http://app.example.com"}
    assert client.post(f"{balancer.url}/api/auth:signIn", headers=host, json={}).status_code == 401
    assert client.post(f"{balancer.url}/api/auth:signIn", headers={**host, "Origin": "http://evil"}).status_code == 403


def test_a_websocket_passes(serve, node_stand_in):
    balancer = serve(plan_before(node_stand_in()))
    with websockets.sync.client.connect(f"ws://127.0.0.1:{balancer.port}/ws", proxy=None) as link:
        assert link.ping().wait(patience())


def test_an_upgrade_to_anything_else_does_not_pass(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    client.get(f"{balancer.url}/", headers={"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings"})
    assert "upgrade" not in users(node)[-1].headers


def test_a_large_upload_passes_and_a_limit_holds(serve, client, node_stand_in):
    node = node_stand_in()
    open_one, limited = serve(plan_before(node)), serve(plan_before(node, upload_limit="1m"))
    assert client.post(f"{open_one.url}/up", content=b"x" * 3_000_000).status_code == 200
    assert users(node)[-1].body_length == 3_000_000
    assert client.post(f"{limited.url}/up", content=b"x" * 900_000).status_code == 200
    with socket.create_connection((limited.host, limited.port)) as link:  # httpx sends all before it listens
        link.sendall(b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
        assert link.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_answer_streams_as_it_comes(serve, client):
    with Streaming() as node:
        balancer = serve(plan_before(node))
        with client.stream("GET", f"{balancer.url}/") as answer:
            pieces = answer.iter_raw()
            assert next(pieces) == b"first"
            node.release.set()
            assert b"".join(pieces) == b"last"


@pytest.mark.parametrize("distribution", list(Distribution))
@pytest.mark.parametrize("behind_proxy", [False, True])
def test_it_keeps_serving_while_a_node_is_stopped_and_started(serve, client, node_stand_in, distribution, behind_proxy):
    nodes = [node_stand_in(f"node{index}") for index in range(3)]
    balancer = serve(plan_before(*nodes, distribution=distribution, behind_proxy=behind_proxy))
    sent = 0
    for step in (lambda: None, nodes[0].stop, nodes[0].start, nodes[2].stop):
        step()
        for _ in range(20):
            assert client.get(f"{balancer.url}/api/app:getInfo").status_code == 200
            assert client.post(f"{balancer.url}/api/app:getInfo", json={}).status_code == 200
            sent += 1
    posts = [got for node in nodes for got in users(node) if got.method == "POST"]
    assert len(posts) == sent


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_a_client_stays_on_its_node_when_spread_by_address(serve, client, node_stand_in, behind_proxy):
    nodes = [node_stand_in(f"node{index}") for index in range(3)]
    balancer = serve(plan_before(*nodes, distribution=Distribution.IP_HASH, behind_proxy=behind_proxy))
    headers = [{"X-Forwarded-For": f"10.1.2.{index}, 10.0.0.1"} for index in range(12)]
    served = [{client.get(f"{balancer.url}/api/app:getInfo", headers=each).json()["data"]["name"] for _ in range(3)}
              for each in headers]  # fmt: skip
    assert all(len(names) == 1 for names in served)
    assert (len(set.union(*served)) > 1) == behind_proxy


@pytest.mark.parametrize("health", [Health.COMMANDING, Health.PAGE, Health.NOT_INSTALLED])
def test_a_node_whose_health_is_not_ok_is_taken_out_and_comes_back(serve, client, node_stand_in, health):
    busy, ready = node_stand_in("busy"), node_stand_in("ready")
    balancer = serve(plan_before(busy, ready))
    busy.health = health
    assert wait_until(lambda: state(balancer) == "DOWN", READY)
    busy.requests.clear()
    assert {client.post(f"{balancer.url}/api/app:getInfo").status_code for _ in range(6)} == {200}
    assert users(busy) == []
    busy.health = Health.SERVING
    assert wait_until(lambda: state(balancer) == "UP", READY)
    names = {client.get(f"{balancer.url}/api/app:getInfo").json()["data"]["name"] for _ in range(6)}
    assert names == {"busy", "ready"}


def test_a_starting_node_is_passed_over_for_reading_before_its_health_was_asked(serve, client, node_stand_in):
    starting, ready = node_stand_in("starting", health=Health.COMMANDING), node_stand_in("ready")
    balancer = serve(plan_before(starting, ready))
    assert {client.get(f"{balancer.url}/api/app:getInfo").status_code for _ in range(8)} == {200}


def test_a_post_is_not_sent_twice_when_a_node_dies_over_it(serve, client):
    with Dropping() as one, Dropping() as two:
        balancer = serve(plan_before(one, two))
        assert client.post(f"{balancer.url}/", content=b"pay").status_code == 502
        assert len(users(one) + users(two)) == 1


def test_a_request_that_reads_goes_to_the_next_node(serve, client, node_stand_in):
    node = node_stand_in()
    with Dropping() as dying:
        balancer = serve(plan_before(dying, node))
        assert {client.get(f"{balancer.url}/").status_code for _ in range(6)} == {200}


def test_without_a_ready_node_the_answer_is_503_and_says_when_to_come_back(serve, client, node_stand_in):
    balancer = serve(plan_before(node_stand_in(health=Health.COMMANDING)))
    assert wait_until(lambda: state(balancer) == "DOWN", READY)
    answer = client.get(f"{balancer.url}/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")


def test_a_node_for_tasks_alone_gets_nothing(serve, client, node_stand_in):
    web, tasks = node_stand_in("web"), node_stand_in("tasks")
    balancer = serve(plan_before(web, tasks).with_value("nodes.1.worker_mode", "*"))
    for _ in range(6):
        client.get(f"{balancer.url}/")
    assert (len(users(web)), tasks.requests) == (6, [])


def test_a_node_whose_name_is_not_known_does_not_keep_the_others_away(serve, client, node_stand_in):
    plan = plan_before(node_stand_in())
    nodes = (*plan.nodes, Node(name="gone", host="gone.invalid"))
    balancer = serve(replace(plan, nodes=nodes))
    assert {client.get(f"{balancer.url}/").status_code for _ in range(4)} == {200}


def test_maintenance_begins_and_ends_with_a_command(serve, client, node_stand_in):
    node = node_stand_in()
    plan = plan_before(node)
    balancer = serve(plan)
    assert client.get(f"{balancer.url}/").status_code == 200
    node.requests.clear()
    balancer.tell(f"enable server {haproxy.maintenance_server(plan)}")
    closed = client.get(f"{balancer.url}/api/app:getInfo")
    assert (closed.status_code, closed.headers["retry-after"]) == (503, "120")
    assert closed.headers["content-type"].startswith("text/html")
    assert "Maintenance" in closed.text
    assert users(node) == []
    balancer.tell(f"disable server {haproxy.maintenance_server(plan)}")
    assert client.get(f"{balancer.url}/").status_code == 200


def test_tls_ends_here_and_plain_requests_are_redirected(serve, node_stand_in, authority):
    node = node_stand_in()
    balancer = serve(plan_before(node, tls=True, server_name="localhost"), tls=authority.sign())
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    with httpx.Client(trust_env=False, verify=trust) as client:
        moved = client.post(f"http://127.0.0.1:{balancer.http_port}/a?b=c")
        assert (moved.status_code, moved.headers["location"]) == (308, f"https://localhost:{balancer.port}/a?b=c")
        assert client.get(moved.headers["location"]).status_code == 200
    assert users(node)[-1].headers["x-forwarded-proto"] == "https"
    assert users(node)[-1].headers["host"] == f"localhost:{balancer.port}"
    with websockets.sync.client.connect(f"wss://localhost:{balancer.port}/ws", ssl=trust, proxy=None) as link:
        assert link.ping().wait(patience())


def test_with_several_names_the_redirect_keeps_the_one_asked_for(serve, client, node_stand_in, authority):
    balancer = serve(plan_before(node_stand_in(), tls=True, server_name="a.test b.test"), tls=authority.sign())
    moved = client.get(f"http://127.0.0.1:{balancer.http_port}/x", headers={"Host": "B.test:81"})
    assert moved.headers["location"] == f"https://b.test:{balancer.port}/x"


def test_old_tls_is_refused(serve, node_stand_in, authority):
    balancer = serve(plan_before(node_stand_in(), tls=True), tls=authority.sign())
    done = subprocess.run(
        ["openssl", "s_client", "-tls1_1", "-connect", f"127.0.0.1:{balancer.port}"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0


def test_a_sub_path_is_found_from_the_root(serve, client, node_stand_in):
    node = node_stand_in(public_path="/crm/")
    balancer = serve(plan_before(node).with_value("application.public_path", "/crm/"))
    assert client.get(f"{balancer.url}/").headers["location"] == "/crm/"
    assert client.get(f"{balancer.url}/crm").headers["location"] == "/crm/"
    assert client.get(f"{balancer.url}/crm?a=b").headers["location"] == "/crm/?a=b"
    assert client.get(f"{balancer.url}/crm/api/__health_check").text == "ok"
    for document in ("oauth-authorization-server", "openid-configuration"):
        client.get(f"{balancer.url}/.well-known/{document}/crm/api/idp-oauth")
        assert users(node)[-1].path == f"/crm/api/idp-oauth/.well-known/{document}"
    with websockets.sync.client.connect(f"ws://127.0.0.1:{balancer.port}/crm/ws", proxy=None) as link:
        assert link.ping().wait(patience())


def is_health(request):
    return request.path.endswith("/api/__health_check")


class HealthyBrowsed(Browsed):
    def answer(self, request):
        return Answer(200, b"ok", "text/plain") if is_health(request) else super().answer(request)


class HealthyOpinionated(HealthyBrowsed, Opinionated):
    def take_over(self, request, handler):
        return not is_health(request) and super().take_over(request, handler)


@pytest.mark.parametrize("public_path", ["/", "/crm/"])
def test_browsers_keep_what_is_named_after_its_content_and_nothing_of_the_api(serve, client, public_path):
    with HealthyBrowsed() as node:
        balancer = serve(plan_before(node).with_value("application.public_path", public_path))
        said = {
            path: client.get(f"{balancer.url}{public_path}{path}").headers.get_list("cache-control") for path, _ in KEPT
        }
    assert said == {path: [] if wanted is None else [wanted] for path, wanted in KEPT}


def test_what_nocobase_says_about_keeping_is_left_to_it(serve, client):
    with HealthyOpinionated() as node:
        answer = client.get(f"{serve(plan_before(node)).url}/assets/index-1a2B3c4d.css")
    assert answer.headers.get_list("cache-control") == ["private"]


def test_a_redirect_is_not_kept(serve, client, node_stand_in):
    balancer = serve(plan_before(node_stand_in()).with_value("application.public_path", "/crm/"))
    answer = client.get(f"{balancer.url}/")
    assert (answer.status_code, answer.headers.get_list("cache-control")) == (302, ["no-cache"])


@pytest.mark.parametrize("redirect", [True, False])
def test_https_is_promised_over_https_alone_and_during_maintenance_too(serve, node_stand_in, authority, redirect):
    plan = plan_before(node_stand_in(), tls=True, hsts=True, redirect=redirect, server_name="localhost")
    balancer = serve(plan, tls=authority.sign())
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    with httpx.Client(trust_env=False, verify=trust) as client:
        assert PROMISE not in client.get(f"http://127.0.0.1:{balancer.http_port}/").headers
        assert client.get(f"https://localhost:{balancer.port}/").headers.get_list(PROMISE) == ["max-age=31536000"]
        balancer.tell(f"enable server {haproxy.maintenance_server(plan)}")
        closed = client.get(f"https://localhost:{balancer.port}/")
    assert closed.status_code == 503
    assert closed.headers.get_list(PROMISE) == ["max-age=31536000"]
    assert closed.headers.get_list("cache-control") == ["no-store"]


def test_https_is_not_promised_unless_asked_for(serve, node_stand_in, authority):
    balancer = serve(plan_before(node_stand_in(), tls=True, server_name="localhost"), tls=authority.sign())
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    with httpx.Client(trust_env=False, verify=trust) as client:
        assert PROMISE not in client.get(f"https://localhost:{balancer.port}/").headers


def test_a_request_that_names_two_hosts_is_refused(serve, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    with socket.create_connection((balancer.host, balancer.port), 5) as link:
        link.sendall(b"GET http://app.example.com/x HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert link.recv(100).startswith(b"HTTP/1.1 400 ")
    assert users(node) == []


def test_every_variant_and_example_is_accepted_without_a_warning(program, tmp_path, authority):
    certificate = authority.sign()
    combined = tmp_path / "a b;'#.pem"
    combined.write_bytes(certificate.certificate + certificate.key)
    for plan in (*variants(), *examples()):
        known = replace(plan, nodes=tuple(replace(node, host="10.0.0.1") for node in plan.nodes))  # asks no name server
        known = known.with_value("balancer.certificate", str(combined))
        text = haproxy.render(known.with_value("balancer.certificate_key", str(combined)))
        (tmp_path / "haproxy.cfg").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [*program, "-c", "-f", str(tmp_path / "haproxy.cfg")], capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        assert "WARNING" not in done.stderr, done.stderr
