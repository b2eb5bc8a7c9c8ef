"""The site file in use: what is said of it is what the real balancer does with it."""

import zipfile

import httpx
import pytest

from tests.live.balancer_sites import GOOD, findings, planned, severities, site_of, told
from tests.live.running import findings_of
from tests.patience import patience
from tests.servers.haproxy import HaProxy, debian_haproxy
from wizard.app.check import prepare
from wizard.app.export import export
from wizard.demo.http_stand_in import Answer, HttpStandIn
from wizard.demo.nginx import Nginx
from wizard.demo.process import LOOPBACK
from wizard.formats.sites import haproxy, nginx
from wizard.formats.sites.writers import WRITERS
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import BalancerKind, Node

pytestmark = pytest.mark.live
PASS, WARN, FAIL, SKIP, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.SKIP, Severity.UNKNOWN
REQUESTS = 12


@pytest.fixture
def nodes(node_stand_in):
    return [node_stand_in(f"node{index}") for index in (1, 2)]


@pytest.fixture
def looked_at(tmp_path):
    """Write a text as the site file of a plan, and give what is found of it."""

    def found(text, plan, url="http://127.0.0.1", **values):
        file = tmp_path / "site.conf"
        file.write_text(text)
        return findings(url, plan=plan, balancer__site_file=str(file), **values)

    return found


def _asked(url, servers):
    """Send requests through a balancer and give how many each of the nodes got."""
    before = [len(server.requests) for server in servers]
    with httpx.Client(trust_env=False, timeout=patience(20)) as client:
        for _ in range(REQUESTS):
            assert client.get(f"{url}/api/app:getInfo").status_code == 200
    return [len(server.requests) - count for server, count in zip(servers, before, strict=True)]


def _upstream(*servers):
    return "upstream nodes { " + " ".join(f"server {server.host}:{server.port};" for server in servers) + " }\n"


def _site(port, *servers, more=""):
    lines = GOOD + "proxy_read_timeout 600s; proxy_send_timeout 600s;"
    return (
        f"{_upstream(*servers)[:-3]}{more} }}\n"
        f"server {{ listen {port}; {lines} location / {{ proxy_pass http://nodes; }} }}"
    )


def test_a_node_that_is_missing_gets_no_request_until_its_line_is_added(nodes, launch, looked_at):
    plan = planned(*nodes)
    site = launch(lambda: Nginx(lambda port: _site(port, nodes[0])))
    found = looked_at(_site(site.port, nodes[0]), plan, site.url)
    finding = found["balancer.upstream"]
    assert told(finding) == (FAIL, ErrorKind.MISSING)
    assert f"no request goes to node2 (127.0.0.1:{nodes[1].port})" in finding.summary
    assert _asked(site.url, nodes) == [REQUESTS, 0]
    [line] = [line for line in finding.remedy.splitlines() if line.startswith("server ")]
    mended = launch(lambda: Nginx(lambda port: _site(port, nodes[0], more=f"{line}\n")))
    assert min(_asked(mended.url, nodes)) > 0
    found = looked_at(_site(mended.port, nodes[0], more=f"{line}\n"), plan, mended.url)
    assert severities(found, "upstream", "limits") == [PASS, PASS]


def test_a_node_for_tasks_alone_gets_requests_and_nobody_notices(nodes, launch, looked_at):
    site = launch(lambda: Nginx(lambda port: _site(port, *nodes)))
    found = looked_at(_site(site.port, *nodes), planned(nodes[0], idle=[nodes[1]]), site.url)
    assert told(found["balancer.upstream"]) == (FAIL, ErrorKind.OTHER)
    assert "node2" in found["balancer.upstream"].summary
    assert f"# line 1: server 127.0.0.1:{nodes[1].port};" in found["balancer.upstream"].remedy
    assert found["balancer.health"].severity is PASS
    assert min(_asked(site.url, nodes)) > 0


def test_a_stranger_gets_requests(nodes, launch, looked_at):
    site = launch(lambda: Nginx(lambda port: _site(port, *nodes)))
    finding = looked_at(_site(site.port, *nodes), planned(nodes[0]), site.url)["balancer.upstream"]
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "no node of the plan" in finding.summary
    assert min(_asked(site.url, nodes)) > 0


def test_the_sample_of_nocobases_page_lacks_in_its_file_what_it_lacks_when_it_runs(nodes, launch, looked_at):
    site = launch(lambda: Nginx(site_of(nodes[0], "")))
    found = looked_at(site.config(), planned(nodes[0]), site.url)
    finding = found["balancer.limits"]
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert all(name in finding.summary for name in ("client_max_body_size", "Host", "Upgrade", "Connection"))
    assert severities(found, "websocket", "origin", "body") == [FAIL] * 3
    put = " ".join(line for line in finding.remedy.splitlines() if line.endswith(";"))
    mended = launch(lambda: Nginx(site_of(nodes[0], put)))
    found = looked_at(mended.config(), planned(nodes[0]), mended.url)
    assert severities(found, "limits", "websocket", "origin", "body") == [PASS] * 4, found["balancer.limits"]


class _Broken(HttpStandIn):
    """A node whose proxy answers for it: the work was begun, and its answer is lost."""

    def answer(self, request):
        return Answer.of_json(502, {})


def test_an_error_page_repeats_a_post_until_an_upstream_takes_its_place(nodes, launch, looked_at):
    broken = launch(_Broken)
    lines = GOOD + "proxy_read_timeout 600s; proxy_send_timeout 600s; "
    page = f"proxy_pass {broken.url}; error_page 502 = @second;"
    second = f"location @second {{ proxy_pass {nodes[0].url}; }}"

    def repeating(port):
        return f"server {{ listen {port}; {lines} {second} location / {{ {page} }} }}"

    site, plan = launch(lambda: Nginx(repeating)), planned(broken, nodes[0])
    finding = looked_at(site.config(), plan, site.url)["balancer.limits"]
    assert told(finding) == (WARN, None)
    assert _posted(site.url, nodes[0]) == 1
    told_lines = finding.remedy.splitlines()
    begins = next(at for at, line in enumerate(told_lines) if line.startswith("upstream "))
    block = "\n".join(told_lines[begins : told_lines.index("}", begins) + 1])
    proxy = next(line for line in told_lines if line.startswith("proxy_pass "))
    mended = launch(lambda: Nginx(lambda port: f"{block}\n{repeating(port).replace(page, proxy)}"))
    assert severities(looked_at(mended.config(), plan, mended.url), "upstream", "limits") == [PASS, PASS]
    before = len(broken.requests)
    assert _posted(mended.url, nodes[0]) + len(broken.requests) - before == 1


def _posted(url, server):
    """Send one request that changes something, and return how often the server got it."""
    before = len(server.requests)
    with httpx.Client(trust_env=False, timeout=patience(20)) as client:
        client.post(f"{url}/api/orders:create", json={})
    return len(server.requests) - before


def test_a_balancer_that_answers_the_health_path_hides_that_no_node_lives(launch, looked_at):
    nobody = Plan(nodes=(Node(name="node1", host=LOOPBACK, port=1),))  # which nothing listens on
    lines = GOOD + "proxy_read_timeout 600s; proxy_send_timeout 600s;"
    itself = "location = /api/__health_check { return 200 ok; }"

    def site(port):
        proxied = f"location / {{ proxy_pass http://{LOOPBACK}:1; }}"
        return f"server {{ listen {port}; {lines}\n{itself}\n{proxied} }}"

    answering = launch(lambda: Nginx(site))
    found = looked_at(site(answering.port), nobody, answering.url)
    assert severities(found, "health", "limits") == [PASS, WARN]
    assert "answers /api/__health_check itself" in found["balancer.limits"].detail
    itself = ""
    mended = launch(lambda: Nginx(site))
    assert severities(looked_at(site(mended.port), nobody, mended.url), "health", "limits") == [FAIL, PASS]


def test_times_that_are_too_short_are_a_warning(nodes, looked_at):
    finding = looked_at(_site(80, *nodes).replace("read_timeout 600s", "read_timeout 60s"), planned(*nodes))
    assert told(finding["balancer.limits"]) == (WARN, None)


@pytest.fixture
def behind_haproxy(nodes, launch):
    """Start HAProxy before these of the nodes, with the exported configuration; give it and its text."""

    def started(*some):
        plan = planned(*some).with_value("balancer.kind", BalancerKind.HAPROXY)

        def config(server):
            return haproxy.render(
                plan.with_value("balancer.port", server.port), host=LOOPBACK, socket=server.socket, account=""
            )

        server = launch(lambda: HaProxy(config, debian_haproxy()))
        return server, config(server)

    return started


def test_a_node_that_haproxy_lacks_gets_no_request(nodes, behind_haproxy, looked_at):
    site, text = behind_haproxy(nodes[0])
    plan = planned(*nodes).with_value("balancer.kind", BalancerKind.HAPROXY)
    finding = looked_at(text, plan, site.url)["balancer.upstream"]
    assert told(finding) == (FAIL, ErrorKind.MISSING)
    assert f"server node2 127.0.0.1:{nodes[1].port} check" in finding.remedy.splitlines()
    assert _asked(site.url, nodes)[1] == 0
    both, text = behind_haproxy(*nodes)
    assert severities(looked_at(text, plan, both.url), "upstream", "limits") == [PASS, PASS]
    assert min(_asked(both.url, nodes)) > 0


def test_an_upgrade_that_haproxy_drops_is_told_from_its_file_and_seen(nodes, launch, looked_at):
    plan = planned(nodes[0]).with_value("balancer.kind", BalancerKind.HAPROXY)

    def config(server):
        text = haproxy.render(
            plan.with_value("balancer.port", server.port), host=LOOPBACK, socket=server.socket, account=""
        )
        return text.replace(" unless { req.hdr(upgrade) -i websocket }", "")

    site = launch(lambda: HaProxy(config, debian_haproxy()))
    found = looked_at(config(site), plan, site.url)
    assert told(found["balancer.limits"]) == (FAIL, ErrorKind.OTHER)
    assert told(found["balancer.websocket"]) == (FAIL, ErrorKind.PROTOCOL)
    assert "http-request del-header Upgrade unless" in found["balancer.websocket"].remedy


def test_a_name_of_the_site_that_nobody_knows_is_unknown(nodes, looked_at):
    text = _site(80, *nodes).replace(f"127.0.0.1:{nodes[1].port}", f"no-such-host.invalid:{nodes[1].port}")
    finding = looked_at(text, planned(*nodes))["balancer.upstream"]
    assert told(finding) == (UNKNOWN, ErrorKind.DNS)
    assert "no-such-host.invalid" in finding.detail


def test_another_name_of_the_same_address_is_the_same_node(nodes, looked_at):
    text = _site(80, *nodes).replace("127.0.0.1", "localhost")
    assert looked_at(text, planned(*nodes))["balancer.upstream"].severity is PASS


def test_a_site_that_cannot_be_parsed_is_unknown_and_names_the_line(nodes, looked_at):
    finding = looked_at(f"\n{_upstream(*nodes)[:-4]} }}\n", planned(*nodes))["balancer.upstream"]
    assert told(finding) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert "Line 2" in finding.detail


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda _path: None, ErrorKind.MISSING),
        (lambda path: path.mkdir(), ErrorKind.PROTOCOL),
        (lambda path: path.write_bytes(bytes(5 * 1024 * 1024)), ErrorKind.PROTOCOL),
    ],
    ids=["gone", "a folder", "too long"],
)
def test_a_site_file_that_cannot_be_read_is_unknown(tmp_path, nodes, make, kind):
    make(path := tmp_path / "site.conf")
    found = findings(plan=planned(*nodes), balancer__site_file=str(path))
    assert told(found["balancer.upstream"]) == (UNKNOWN, kind)
    assert str(path) in found["balancer.upstream"].summary
    assert found["balancer.limits"].severity is SKIP


def test_without_a_site_file_the_step_that_names_it_is_told(nodes):
    found = findings(plan=planned(*nodes))
    assert severities(found, "upstream", "limits") == [SKIP, SKIP]
    assert "balancer.site_file" in found["balancer.upstream"].summary


def _of_bundle(plan, bundle):
    found = findings_of(prepare(plan, {}, print, bundle=bundle).checks)
    return [found[f"balancer.{name}", ""] for name in ("upstream", "limits")]


@pytest.mark.parametrize("kind", list(WRITERS))
@pytest.mark.parametrize("end", ["", ".zip"])
def test_the_site_of_a_bundle_is_looked_at_where_the_plan_names_none(nodes, tmp_path, kind, end):
    plan = planned(*nodes).with_value("balancer.kind", kind).with_value("application.public_url", "http://127.0.0.1:1")
    bundle = tmp_path / f"bundle{end}"
    export(plan, {}, bundle)
    assert [finding.severity for finding in _of_bundle(plan, bundle)] == [PASS, PASS]
    shrunk = plan.with_value("nodes", (*plan.nodes, plan.nodes[0].__class__(name="node3", host="127.0.0.9")))
    [missing, _] = _of_bundle(shrunk, bundle)
    assert told(missing) == (FAIL, ErrorKind.MISSING)
    assert f"{kind}/production.c" in missing.summary


def test_a_site_of_a_bundle_that_is_changed_by_hand_is_judged_as_it_lies_there(nodes, tmp_path):
    plan = planned(*nodes)
    export(plan, {}, bundle := tmp_path / "bundle")
    site = bundle / "nginx" / nginx.file_name(plan)
    site.write_text(site.read_text().replace("proxy_read_timeout 600s", "proxy_read_timeout 60s"))
    assert [finding.severity for finding in _of_bundle(plan, bundle)] == [PASS, WARN]
    site.unlink()
    [gone, _] = _of_bundle(plan, bundle)
    assert told(gone) == (UNKNOWN, ErrorKind.MISSING)


def test_a_bundle_without_a_site_is_skipped(nodes, tmp_path):
    plan = planned(*nodes)
    export(plan, {}, tmp_path / "bundle", targets=["env"])
    assert [finding.severity for finding in _of_bundle(plan, tmp_path / "bundle")] == [SKIP, SKIP]


def test_a_damaged_archive_is_no_site(nodes, tmp_path):
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        archive.writestr("x", "y")
    assert [finding.severity for finding in _of_bundle(planned(*nodes), tmp_path / "bundle.zip")] == [SKIP, SKIP]


def test_the_default_of_http_to_the_nodes_is_that_of_each_nginx(launch, nginx_debian, nginx_newest):
    """Why a site that does not tell the version is a warning and not a failure."""
    behind = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; return 200 $server_protocol; }}"))
    said = []
    for program in (nginx_debian.program, nginx_newest.program):
        site = launch(lambda program=program: Nginx(site_of(behind, ""), program=program))
        said.append(httpx.get(site.url, trust_env=False).text)
    assert said == ["HTTP/1.0", "HTTP/1.1"]
