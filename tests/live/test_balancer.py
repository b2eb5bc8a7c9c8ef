"""nginx in front of a node: its configuration, and what it passes on, as it should be and as it goes wrong."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tests.live.running import findings_of
from tests.servers.nginx import newest_nginx
from wizard.bundle.nginx import render, render_for_test
from wizard.checks import balancer
from wizard.checks.balancer import nginx as configuration
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import Health
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

pytestmark = pytest.mark.live
_SYNTAX = ("balancer.syntax", "")
_TLS = "ssl_certificate server.crt; ssl_certificate_key server.key;"
_GOOD = """
    client_max_body_size 0;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
"""


def _findings(url="", rendered=None, timeout=None, **values):
    plan = Plan().with_value("application.public_url", url)
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    found = findings_of(balancer.checks(plan, {}, rendered=rendered), timeout=timeout)
    return {identifier: finding for (identifier, _subject), finding in found.items()}


def _told(finding):
    return finding.severity, finding.error


def _severities(found, *names):
    return [found[f"balancer.{name}"].severity for name in names]


def _site(behind, lines=_GOOD, *, tls=False):
    """A site that passes everything on to `behind`, with these lines."""
    return lambda port: (
        f"server {{ listen {port}{' ssl' if tls else ''}; {_TLS if tls else ''} {lines}"
        f" location / {{ proxy_pass {behind.url}; }} }}"
    )


def _planned(*servers) -> Plan:
    nodes = tuple(Node(name=f"node{i + 1}", host=server.host, port=server.port) for i, server in enumerate(servers))
    return Plan(nodes=nodes, name="production")


@pytest.fixture(params=["debian", "newest"])
def nginx_found(request, monkeypatch):
    """Which nginx the product finds: the distribution's, or the one of the Python package."""
    if request.param == "debian":
        request.getfixturevalue("nginx_debian")
    else:
        request.getfixturevalue("nginx_newest")
        monkeypatch.setattr(configuration, "_FOLDERS", ())
        monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)


@pytest.fixture
def no_nginx(monkeypatch):
    monkeypatch.setattr(configuration, "find_nginx", lambda: None)


def test_nginx_takes_the_configuration_of_a_good_plan(nginx_found, closed_port):
    plan = _planned(closed_port)
    finding = _findings(rendered=render_for_test(plan))["balancer.syntax"]
    assert finding.severity is Severity.PASS
    assert finding.facts["nginx"].startswith("1.")


def test_a_certificate_that_is_only_on_the_balancer_is_stood_in_for(nginx_found, closed_port):
    plan = _planned(closed_port).with_value("balancer.tls", value=True)
    plan = plan.with_value("balancer.certificate", "/no/such/app.pem")
    plan = plan.with_value("balancer.certificate_key", "/no/such/app.key")
    finding = _findings(rendered=render_for_test(plan))["balancer.syntax"]
    assert finding.severity is Severity.PASS
    assert "stood in" in finding.detail


def test_a_certificate_that_does_not_belong_to_its_key_fails(nginx_found, authority, tmp_path):
    one, other = authority.sign(), authority.sign()
    (tmp_path / "app.pem").write_bytes(one.certificate)
    (tmp_path / "app.key").write_bytes(other.key)
    site = f'ssl_certificate "{tmp_path}/app.pem"; ssl_certificate_key "{tmp_path}/app.key";'
    text = f"daemon off; pid nginx.pid; events {{}}\nhttp {{ server {{ listen 127.0.0.1:20443 ssl;\n{site} }} }}"
    finding = _findings(rendered=text.replace("; ssl", ";\nssl"))["balancer.syntax"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.TLS)


def test_nginx_names_the_line_it_refuses(nginx_found):
    text = "pid nginx.pid;\nevents {}\nhttp {\n  server { listen 127.0.0.1:20080; no_such_thing on; }\n}\n"
    finding = _findings(rendered=text)["balancer.syntax"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "Line 4" in finding.detail
    assert "no_such_thing" in finding.detail
    assert "ncw-check" not in finding.detail


def test_a_nodes_name_nobody_knows_is_unknown(nginx_found):
    text = "pid nginx.pid;\nevents {}\nhttp { upstream n { server no-such-host.invalid:13000; } }\n"
    assert _told(_findings(rendered=text)["balancer.syntax"]) == (Severity.UNKNOWN, ErrorKind.DNS)


def test_a_warning_of_nginx_is_told(nginx_found):
    server = "server { listen 127.0.0.1:20080; server_name a; }"
    text = f"pid nginx.pid;\nevents {{}}\nhttp {{ {server} {server} }}\n"
    finding = _findings(rendered=text)["balancer.syntax"]
    assert _told(finding) == (Severity.WARN, None)
    assert "conflicting server name" in finding.detail


def test_without_nginx_a_good_configuration_is_only_parsed(no_nginx, closed_port):
    finding = _findings(rendered=render_for_test(_planned(closed_port)))["balancer.syntax"]
    assert _told(finding) == (Severity.INFO, None)
    assert "only parsed" in finding.detail


def test_without_nginx_a_faulty_line_is_still_found(no_nginx):
    finding = _findings(rendered="events {}\nhttp { server { no_such_thing on; } }")["balancer.syntax"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "Line 2" in finding.detail
    assert "only parsed" in finding.detail


def test_an_nginx_that_cannot_be_started_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setattr(configuration, "find_nginx", lambda: tmp_path / "nginx")
    assert _told(_findings(rendered="events {}")["balancer.syntax"]) == (Severity.UNKNOWN, ErrorKind.OTHER)


def test_without_a_configuration_nothing_is_tested():
    assert _findings()["balancer.syntax"].severity is Severity.SKIP


def test_the_exported_site_passes_everything_on(node_stand_in, launch):
    node = node_stand_in("node1")
    plan = _planned(node)
    site = launch(lambda: Nginx(lambda port: render(plan.with_value("balancer.port", port), host="127.0.0.1")))
    found = _findings(site.url)
    assert found.pop("balancer.certificate").severity is Severity.SKIP
    assert found.pop("balancer.syntax").severity is Severity.SKIP
    assert {finding.severity for finding in found.values()} == {Severity.PASS}, found
    assert node.requests[-1].body_length == 2 * 1024 * 1024
    origin = next(request for request in node.requests if request.path.endswith("auth:signIn"))
    assert origin.headers["origin"] == site.url


def test_a_sub_path_is_asked_for(node_stand_in, launch):
    site = launch(lambda: Nginx(_site(node_stand_in("node1", public_path="/crm/"))))
    found = _findings(site.url, application__public_path="/crm/")
    assert _severities(found, "health", "websocket", "origin", "body") == [Severity.PASS] * 4


def test_the_sample_of_nocobases_page_breaks_three_things(node_stand_in, launch):
    site = launch(lambda: Nginx(_site(node_stand_in("node1"), "")))
    found = _findings(site.url)
    assert _severities(found, "connect", "health") == [Severity.PASS] * 2
    assert _told(found["balancer.websocket"]) == (Severity.FAIL, ErrorKind.PROTOCOL)
    assert "Upgrade" in found["balancer.websocket"].remedy
    assert _told(found["balancer.origin"]) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert "proxy_set_header Host $http_host;" in found["balancer.origin"].remedy
    assert _told(found["balancer.body"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert "client_max_body_size" in found["balancer.body"].remedy


def test_a_balancer_that_is_not_deployed_yet_fails_and_says_that_it_may_be_so(closed_port):
    found = _findings(f"http://{closed_port.host}:{closed_port.port}")
    assert _told(found["balancer.connect"]) == (Severity.FAIL, ErrorKind.REFUSED)
    assert "Before the first deployment" in found["balancer.connect"].detail
    rest = ("certificate", "health", "websocket", "origin", "body")
    assert _severities(found, *rest) == [Severity.SKIP] * 5


def test_a_public_address_nobody_knows_is_a_matter_of_dns():
    assert _told(_findings("https://no-such-host.invalid")["balancer.connect"]) == (Severity.FAIL, ErrorKind.DNS)


def test_a_silent_balancer_ends_by_the_deadline(silent_port):
    found = _findings(f"http://{silent_port.host}:{silent_port.port}", timeout=0.3)
    assert _told(found["balancer.connect"]) == (Severity.FAIL, ErrorKind.TIMEOUT)


def test_a_port_without_tls_is_told(node_stand_in, launch):
    site = launch(lambda: Nginx(_site(node_stand_in("node1"))))
    found = _findings(f"https://{site.host}:{site.port}")
    assert _told(found["balancer.connect"]) == (Severity.FAIL, ErrorKind.TLS)


def test_a_balancer_without_a_living_node_says_so(closed_port, launch):
    closed_port.url = f"http://{closed_port.host}:{closed_port.port}"
    found = _findings(launch(lambda: Nginx(_site(closed_port))).url)
    assert found["balancer.connect"].severity is Severity.PASS
    assert _told(found["balancer.health"]) == (Severity.FAIL, ErrorKind.REFUSED)
    assert _severities(found, "websocket", "origin", "body") == [Severity.SKIP] * 3


def test_maintenance_is_told_from_a_dead_node(node_stand_in, launch):
    closed = "return 503 '<h1>Maintenance</h1>'; default_type text/html;"
    found = _findings(launch(lambda: Nginx(_site(node_stand_in("node1"), closed))).url)
    assert _told(found["balancer.health"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert "maintenance" in found["balancer.health"].detail


def test_a_redirect_to_https_asks_for_the_https_address_in_the_plan(launch):
    site = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; return 308 https://app.example.com/; }}"))
    finding = _findings(site.url)["balancer.health"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.PROTOCOL)
    assert "https://app.example.com/" in finding.summary


def test_a_busy_application_is_a_warning(node_stand_in, launch):
    site = launch(lambda: Nginx(_site(node_stand_in("node1", health=Health.COMMANDING))))
    assert _told(_findings(site.url)["balancer.health"]) == (Severity.WARN, None)


def test_a_planned_limit_below_2_mib_is_not_tried_out(node_stand_in, launch):
    site = launch(lambda: Nginx(_site(node_stand_in("node1"))))
    assert _findings(site.url, balancer__upload_limit="500k")["balancer.body"].severity is Severity.SKIP


@pytest.fixture
def secured(node_stand_in, launch, authority, tmp_path):
    """Start nginx with a certificate and give what is found: `secured(not_after=…)`, `secured("other.example")`."""
    trust = tmp_path / "authority.pem"
    trust.write_bytes(authority.pem)

    def findings(*names, trusted=True, **options):
        node, signed = node_stand_in("node1"), authority.sign(*names, **options)
        site = launch(lambda: Nginx(_site(node, tls=True), tls=signed))
        return _findings(site.url, application__extra_ca_file=str(trust) if trusted else "")

    return findings


def test_a_trusted_certificate_passes_and_so_does_all_behind_it(secured):
    found = secured()
    names = ("connect", "certificate", "health", "websocket", "origin", "body")
    assert _severities(found, *names) == [Severity.PASS] * 6
    assert found["balancer.certificate"].facts["names"] == ["localhost", "127.0.0.1"]


@pytest.mark.parametrize(
    ("names", "options"),
    [
        ((), {"trusted": False}),
        (("other.example.com",), {}),
        ((), {"not_after": datetime.now(UTC) - timedelta(days=1)}),
        ((), {"not_before": datetime.now(UTC) + timedelta(days=1)}),
    ],
    ids=["untrusted", "another name", "expired", "not yet valid"],
)
def test_a_certificate_that_browsers_refuse_fails_and_the_rest_is_still_asked(secured, names, options):
    found = secured(*names, **options)
    assert _told(found["balancer.certificate"]) == (Severity.FAIL, ErrorKind.TLS)
    assert _severities(found, "connect", "health", "websocket", "origin", "body") == [Severity.PASS] * 5


def test_a_certificate_that_ends_soon_is_a_warning(secured):
    finding = secured(not_after=datetime.now(UTC) + timedelta(days=20))["balancer.certificate"]
    assert _told(finding) == (Severity.WARN, None)


def test_an_authority_file_that_is_none_is_left_out(node_stand_in, launch, authority, tmp_path):
    (tmp_path / "none.pem").write_text("nothing")
    site = launch(lambda: Nginx(_site(node_stand_in("node1"), tls=True), tls=authority.sign()))
    found = _findings(site.url, application__extra_ca_file=str(tmp_path / "none.pem"))
    assert _told(found["balancer.certificate"]) == (Severity.FAIL, ErrorKind.TLS)


def test_without_a_public_address_nothing_is_asked():
    found = _findings()
    assert {finding.severity for finding in found.values()} == {Severity.SKIP}


def test_the_newest_nginx_is_found_in_its_package(nginx_newest, monkeypatch):
    monkeypatch.setattr(configuration, "_FOLDERS", ())
    monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)
    assert configuration.find_nginx() == newest_nginx()
