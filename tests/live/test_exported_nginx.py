"""The exported site, run by two versions of nginx before servers that record what they receive."""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import websockets.sync.client

from tests.live.balancing import Balancer, Dropping, Streaming, plan_before
from tests.live.site_variants import examples, variants
from tests.patience import patience
from wizard.demo.http_stand_in import Answer, HttpStandIn
from wizard.demo.nodes import Health
from wizard.demo.process import Account
from wizard.demo.reach import may_run
from wizard.formats.sites import nginx
from wizard.plan.plan import Plan
from wizard.plan.sections import Distribution, Node

pytestmark = pytest.mark.live


@pytest.fixture(params=["nginx_debian", "nginx_newest"])
def program(request):
    return request.getfixturevalue(request.param).program


@pytest.fixture
def serve(program, launch):
    return lambda plan, **more: launch(lambda: Balancer(plan, program, **more))


@pytest.fixture
def client():
    with httpx.Client(trust_env=False, timeout=patience(20)) as client:
        yield client


def asked(*servers):
    return sum(len(server.requests) for server in servers)


def test_a_node_learns_the_public_host_and_scheme(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    assert client.get(f"{balancer.url}/x?y=1%2F2", headers={"Host": "app.example.com:8443"}).status_code == 200
    got = node.requests[-1]
    assert got.path == "/x?y=1%2F2"
    assert got.headers["host"] == got.headers["x-forwarded-host"] == "app.example.com:8443"
    assert got.headers["x-forwarded-proto"] == "http"
    assert got.headers["x-forwarded-port"] == str(balancer.port)
    assert got.headers["x-forwarded-for"] == got.headers["x-real-ip"] == "127.0.0.1"
    assert "upgrade" not in got.headers
    assert got.headers.get("connection", "keep-alive") == "keep-alive"


def test_a_request_that_names_two_hosts_passes_on_the_one_that_the_site_was_chosen_by(serve, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    with socket.create_connection(("127.0.0.1", balancer.port), 5) as connection:
        connection.sendall(
            b"GET http://app.example.com/x HTTP/1.1\r\nHost: evil.example:81\r\nConnection: close\r\n\r\n"
        )
        while connection.recv(4096):
            pass
    got = node.requests[-1].headers
    assert {got["host"], got["x-forwarded-host"]} == {"app.example.com:81"}


CLAIMS = {"X-Forwarded-For": "6.6.6.6, 10.9.9.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "app.example.com",
          "X-Forwarded-Port": "443"}  # fmt: skip


def test_a_client_cannot_claim_another_address_or_scheme(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    client.get(f"{balancer.url}/", headers=CLAIMS)
    got = node.requests[-1].headers
    assert got["x-forwarded-for"] == "127.0.0.1"
    assert got["x-forwarded-proto"] == "http"
    assert got["x-forwarded-host"] == f"127.0.0.1:{balancer.port}"


def test_what_a_proxy_in_front_says_is_kept(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node, behind_proxy=True))
    client.get(f"{balancer.url}/", headers=CLAIMS)
    got = node.requests[-1].headers
    assert got["x-forwarded-for"] == "6.6.6.6, 10.9.9.9, 127.0.0.1"
    assert got["x-forwarded-proto"] == "https"
    assert got["x-forwarded-host"] == "app.example.com"
    assert got["x-forwarded-port"] == "443"
    client.get(f"{balancer.url}/")
    assert node.requests[-1].headers["x-forwarded-proto"] == "http"


def test_sign_in_with_the_public_origin_is_not_refused(serve, client, node_stand_in):
    balancer = serve(plan_before(node_stand_in()))
    host = {"Host": "app.example.com", "Origin": "http://app.example.com"}
    assert client.post(f"{balancer.url}/api/auth:signIn", headers=host, json={}).status_code == 401
    assert client.post(f"{balancer.url}/api/auth:signIn", headers={**host, "Origin": "http://evil"}).status_code == 403


def test_a_websocket_passes(serve, node_stand_in):
    balancer = serve(plan_before(node_stand_in()))
    with websockets.sync.client.connect(f"ws://127.0.0.1:{balancer.port}/ws", proxy=None) as socket:
        assert socket.ping().wait(patience())


def test_an_upgrade_to_anything_else_does_not_pass(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    client.get(f"{balancer.url}/", headers={"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings"})
    assert "upgrade" not in node.requests[-1].headers


def test_a_large_upload_passes_and_a_limit_holds(serve, client, node_stand_in):
    node = node_stand_in()
    open_one, limited = serve(plan_before(node)), serve(plan_before(node, upload_limit="1m"))
    assert client.post(f"{open_one.url}/up", content=b"x" * 3_000_000).status_code == 200
    assert node.requests[-1].body_length == 3_000_000
    assert client.post(f"{limited.url}/up", content=b"x" * 3_000_000).status_code == 413


def test_an_answer_streams_as_it_comes(serve, client):
    with Streaming() as node, client.stream("GET", f"{serve(plan_before(node)).url}/") as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b"first"
        node.release.set()
        assert b"".join(pieces) == b"last"


@pytest.mark.parametrize("distribution", list(Distribution))
def test_it_keeps_serving_while_a_node_is_stopped_and_started(serve, client, node_stand_in, distribution):
    nodes = [node_stand_in(f"node{index}") for index in range(3)]
    balancer = serve(plan_before(*nodes, distribution=distribution))
    sent = 0
    for step in (lambda: None, nodes[0].stop, nodes[0].start, nodes[2].stop):
        step()
        for _ in range(20):
            assert client.get(f"{balancer.url}/api/app:getInfo").status_code == 200
            assert client.post(f"{balancer.url}/api/app:getInfo", json={}).status_code == 200
            sent += 1
    posts = [got for node in nodes for got in node.requests if got.method == "POST"]
    assert len(posts) == sent


def test_a_starting_node_is_passed_over_for_reading_and_never_for_writing(serve, client, node_stand_in):
    starting, ready = node_stand_in("starting", health=Health.COMMANDING), node_stand_in("ready")
    balancer = serve(plan_before(starting, ready))
    assert {client.get(f"{balancer.url}/api/app:getInfo").status_code for _ in range(8)} == {200}
    answers = [client.post(f"{balancer.url}/api/x").status_code for _ in range(4)]
    posts = [got for node in (starting, ready) for got in node.requests if got.method == "POST"]
    assert len(posts) == len(answers)


def test_a_post_is_not_sent_twice_when_a_node_dies_over_it(serve, client):
    with Dropping() as one, Dropping() as two:
        balancer = serve(plan_before(one, two))
        assert client.post(f"{balancer.url}/", content=b"pay").status_code == 502
        assert asked(one, two) == 1
        assert client.get(f"{balancer.url}/").status_code == 502
        assert asked(one, two) == 3


def test_a_request_that_reads_goes_to_the_next_node(serve, client, node_stand_in):
    node = node_stand_in()
    with Dropping() as dying:
        balancer = serve(plan_before(dying, node))
        assert {client.get(f"{balancer.url}/").status_code for _ in range(6)} == {200}


def test_a_node_for_tasks_alone_gets_nothing(serve, client, node_stand_in):
    web, tasks = node_stand_in("web"), node_stand_in("tasks")
    plan = plan_before(web, tasks).with_value("nodes.1.worker_mode", "*")
    balancer = serve(plan)
    for _ in range(6):
        client.get(f"{balancer.url}/")
    assert (asked(web), asked(tasks)) == (6, 0)


def test_maintenance_begins_and_ends_with_a_file(serve, client, node_stand_in):
    node = node_stand_in()
    balancer = serve(plan_before(node))
    balancer.maintenance.touch()
    closed = client.get(f"{balancer.url}/api/app:getInfo")
    assert closed.status_code == 503
    assert closed.headers["retry-after"]
    assert closed.headers["content-type"].startswith("text/html")
    assert "Maintenance" in closed.text
    assert asked(node) == 0
    balancer.maintenance.unlink()
    assert client.get(f"{balancer.url}/").status_code == 200


def test_a_503_of_nocobase_reaches_the_client_as_it_is(serve, client, node_stand_in):
    balancer = serve(plan_before(node_stand_in(health=Health.COMMANDING)))
    assert client.get(f"{balancer.url}/api/x").json()["error"]["code"] == "APP_COMMANDING"


def test_tls_ends_here_and_plain_requests_are_redirected(serve, node_stand_in, authority):
    node = node_stand_in()
    balancer = serve(plan_before(node, tls=True, server_name="localhost"), tls=authority.sign())
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    with httpx.Client(trust_env=False, verify=trust) as client:
        moved = client.post(f"http://127.0.0.1:{balancer.http_port}/a?b=c")
        assert (moved.status_code, moved.headers["location"]) == (308, f"https://localhost:{balancer.port}/a?b=c")
        assert client.get(moved.headers["location"]).status_code == 200
    assert node.requests[-1].headers["x-forwarded-proto"] == "https"
    assert node.requests[-1].headers["host"] == f"localhost:{balancer.port}"


def test_old_tls_is_refused(serve, node_stand_in, authority):
    balancer = serve(plan_before(node_stand_in(), tls=True), tls=authority.sign())
    done = subprocess.run(
        ["openssl", "s_client", "-tls1_1", "-connect", f"127.0.0.1:{balancer.port}"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0


def test_a_sub_path_is_found_from_the_root(serve, client, node_stand_in):
    node = node_stand_in(public_path="/crm/")
    plan = plan_before(node).with_value("application.public_path", "/crm/")
    balancer = serve(plan)
    assert client.get(f"{balancer.url}/").headers["location"] == "/crm/"
    assert client.get(f"{balancer.url}/crm?a=b").headers["location"] == "/crm/?a=b"
    assert client.get(f"{balancer.url}/crm/api/__health_check").text == "ok"
    for document in ("oauth-authorization-server", "openid-configuration"):
        client.get(f"{balancer.url}/.well-known/{document}/crm/api/idp-oauth")
        assert node.requests[-1].path == f"/crm/api/idp-oauth/.well-known/{document}"
    with websockets.sync.client.connect(f"ws://127.0.0.1:{balancer.port}/crm/ws", proxy=None) as socket:
        assert socket.ping().wait(patience())


def test_two_clusters_and_nocobases_own_names_live_in_one_nginx(program, launch):
    nodes = (Node(name="n", host="127.0.0.1"),)

    def site(port):
        first = replace(Plan(id="x", name="one"), nodes=nodes).with_value("balancer.port", port)
        second = replace(first, name="two").with_value("balancer.server_name", "two.example")
        theirs = 'map $http_x_forwarded_proto $upstream_x_forwarded_proto { default ""; }\nlog_format apm "x";\n'
        return theirs + "".join(nginx.render(plan, host="127.0.0.1") for plan in (first, second))

    launch(lambda: _nginx(site, program))


def _nginx(site, program):
    from wizard.demo.nginx import Nginx

    return Nginx(site, program=program)


@pytest.fixture
def nobodys_folder():
    """A folder, and the options that run a program as an ordinary user who owns it; none where we are one."""
    account = Account.unprivileged()
    with tempfile.TemporaryDirectory() as name:
        if account is None:
            yield Path(name), {}
        else:
            os.chown(name, account.uid, account.gid)
            yield Path(name), {"user": account.uid, "group": account.gid, "extra_groups": []}


class Browsed(HttpStandIn):
    """Answers each path as NocoBase does, without a word about caching."""

    server_header = "browsed"

    def answer(self, request) -> Answer | None:
        name = request.path.partition("?")[0]
        kind = {"js": "application/javascript", "json": "application/json"}.get(name.rpartition(".")[2], "text/html")
        if "/missing-" in name:
            kind = "text/html; charset=utf-8"  # the page, as the Node gateway answers for any file that is not there
        return Answer(404 if "/gone-" in name else 200, b"x", kind)


class Opinionated(Browsed):
    """Says itself how long its answers may be kept."""

    server_header = "opinionated"

    def take_over(self, request, handler) -> bool:
        handler.send_response(200)
        for name, value in (("Content-Type", "text/css"), ("Cache-Control", "private"), ("Content-Length", "0")):
            handler.send_header(name, value)
        handler.end_headers()
        return True


YEAR, DAY = "public, max-age=31536000, immutable", "public, max-age=86400"
KEPT = [
    ("assets/index-1a2B3c4d.js", YEAR),
    ("v/assets/index-1a2B3c4d.js", YEAR),
    ("v/assets/index-1a2B3c4d.js?x=1", YEAR),
    ("static/plugins/@nocobase/plugin-x/dist/client/index.js?hash=0123abcd", DAY),
    ("static/plugins/@nocobase/plugin-x/dist/client-v2/index.js?hash=0123abcd", DAY),
    ("static/plugins/@nocobase/plugin-x/dist/client/index.js", "no-cache"),
    ("static/plugins/@nocobase/plugin-x/README.js?hash=0123abcd", "no-cache"),
    ("assets/index.js", "no-cache"),
    ("assets/missing-1a2B3c4d.js", "no-cache"),
    ("assets/gone-1a2B3c4d.js", "no-cache"),
    ("admin/settings", "no-cache"),
    ("", "no-cache"),
    ("api/assets/index-1a2B3c4d.js", "no-store"),
    ("api/app:getInfo", "no-store"),
    ("api/x?y=/assets/index-1a2B3c4d.js", "no-store"),
    ("files/assets/index-1a2B3c4d.js", "no-store"),
    ("storage/assets/index-1a2B3c4d.js", None),
]


@pytest.mark.parametrize("public_path", ["/", "/crm/"])
def test_browsers_keep_what_is_named_after_its_content_and_nothing_of_the_api(serve, client, public_path):
    with Browsed() as node:
        balancer = serve(plan_before(node).with_value("application.public_path", public_path))
        said = {
            path: client.get(f"{balancer.url}{public_path}{path}").headers.get_list("cache-control") for path, _ in KEPT
        }
    assert said == {path: [] if wanted is None else [wanted] for path, wanted in KEPT}


def test_what_nocobase_says_about_keeping_is_left_to_it(serve, client):
    with Opinionated() as node:
        balancer = serve(plan_before(node))
        answer = client.get(f"{balancer.url}/assets/index-1a2B3c4d.css")
    assert answer.headers.get_list("cache-control") == ["private"]


def test_a_redirect_is_not_kept(serve, client, node_stand_in):
    balancer = serve(plan_before(node_stand_in()).with_value("application.public_path", "/crm/"))
    answer = client.get(f"{balancer.url}/")
    assert (answer.status_code, answer.headers.get_list("cache-control")) == (302, ["no-cache"])


PROMISE = "strict-transport-security"


@pytest.mark.parametrize("redirect", [True, False])
def test_https_is_promised_over_https_alone_and_during_maintenance_too(serve, node_stand_in, authority, redirect):
    plan = plan_before(node_stand_in(), tls=True, hsts=True, redirect=redirect, server_name="localhost")
    balancer = serve(plan, tls=authority.sign())
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    with httpx.Client(trust_env=False, verify=trust) as client:
        assert PROMISE not in client.get(f"http://127.0.0.1:{balancer.http_port}/").headers
        assert client.get(f"https://localhost:{balancer.port}/").headers.get_list(PROMISE) == ["max-age=31536000"]
        balancer.maintenance.touch()
        closed = client.get(f"https://localhost:{balancer.port}/")
    assert closed.status_code == 503
    assert closed.headers.get_list(PROMISE) == ["max-age=31536000"]
    assert closed.headers.get_list("cache-control") == ["no-store"]


def test_https_is_not_promised_unless_asked_for(serve, node_stand_in, authority):
    balancer = serve(plan_before(node_stand_in(), tls=True, server_name="localhost"), tls=authority.sign())
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    with httpx.Client(trust_env=False, verify=trust) as client:
        assert PROMISE not in client.get(f"https://localhost:{balancer.port}/").headers


def test_every_variant_and_example_is_accepted_without_root_and_without_a_warning(program, nobodys_folder, authority):
    folder, account = nobodys_folder
    if not may_run(program, Account.unprivileged()):  # in the environment of a checkout in a private home
        program = shutil.copy(program, folder / "nginx")
    certificate = authority.sign()
    for name, data in (("c.pem", certificate.certificate), ("k.pem", certificate.key)):
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o644)
    for plan in (*variants(), *examples()):
        text = nginx.render_for_test(plan, certificate=f"{folder}/c.pem", certificate_key=f"{folder}/k.pem")
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [program, "-t", "-e", "stderr", "-p", f"{folder}/", "-c", f"{folder}/nginx.conf"],
            capture_output=True, encoding="utf-8", check=False, **account,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "[warn]" not in done.stderr
