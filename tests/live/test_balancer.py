"""nginx in front of a node: its configuration, and what it passes on, as it should be and as it goes wrong."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tests.live.balancer_sites import BEHIND, LIVE, findings, planned, seen_behind_tls, severities, site_of, told
from tests.patience import patience
from tests.servers.nginx import newest_nginx
from wizard.checks.balancer import nginx as configuration
from wizard.checks.balancer import trial
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import Health
from wizard.formats.sites.nginx import render, render_for_test
from wizard.plan.finding import ErrorKind, Severity

pytestmark = pytest.mark.live


@pytest.fixture(params=["debian", "newest"])
def nginx_found(request, monkeypatch):
    """Which nginx the product finds: the distribution's, or the one of the Python package."""
    if request.param == "debian":
        request.getfixturevalue("nginx_debian")
    else:
        request.getfixturevalue("nginx_newest")
        monkeypatch.setattr(trial, "_FOLDERS", ())
        monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)


@pytest.fixture
def no_nginx(monkeypatch):
    monkeypatch.setattr(configuration, "find_nginx", lambda: None)


def test_nginx_takes_the_configuration_of_a_good_plan(nginx_found, closed_port):
    plan = planned(closed_port)
    finding = findings(rendered=render_for_test(plan))["balancer.syntax"]
    assert finding.severity is Severity.PASS
    assert finding.facts["nginx"].startswith("1.")


def test_a_certificate_that_is_only_on_the_balancer_is_stood_in_for(nginx_found, closed_port):
    plan = planned(closed_port).with_value("balancer.tls", value=True)
    plan = plan.with_value("balancer.certificate", "/no/such/app.pem")
    plan = plan.with_value("balancer.certificate_key", "/no/such/app.key")
    finding = findings(rendered=render_for_test(plan))["balancer.syntax"]
    assert finding.severity is Severity.PASS
    assert "stood in" in finding.detail


def test_a_certificate_that_does_not_belong_to_its_key_fails(nginx_found, authority, tmp_path):
    one, other = authority.sign(), authority.sign()
    (tmp_path / "app.pem").write_bytes(one.certificate)
    (tmp_path / "app.key").write_bytes(other.key)
    site = f'ssl_certificate "{tmp_path}/app.pem"; ssl_certificate_key "{tmp_path}/app.key";'
    text = f"daemon off; pid nginx.pid; events {{}}\nhttp {{ server {{ listen 127.0.0.1:20443 ssl;\n{site} }} }}"
    finding = findings(rendered=text.replace("; ssl", ";\nssl"))["balancer.syntax"]
    assert told(finding) == (Severity.FAIL, ErrorKind.TLS)


def test_nginx_names_the_line_it_refuses(nginx_found):
    text = "pid nginx.pid;\nevents {}\nhttp {\n  server { listen 127.0.0.1:20080; no_such_thing on; }\n}\n"
    finding = findings(rendered=text)["balancer.syntax"]
    assert told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "Line 4" in finding.detail
    assert "no_such_thing" in finding.detail
    assert "ncw-check" not in finding.detail


def test_a_nodes_name_nobody_knows_is_unknown(nginx_found):
    text = "pid nginx.pid;\nevents {}\nhttp { upstream n { server no-such-host.invalid:13000; } }\n"
    assert told(findings(rendered=text)["balancer.syntax"]) == (Severity.UNKNOWN, ErrorKind.DNS)


def test_a_warning_of_nginx_istold(nginx_found):
    server = "server { listen 127.0.0.1:20080; server_name a; }"
    text = f"pid nginx.pid;\nevents {{}}\nhttp {{ {server} {server} }}\n"
    finding = findings(rendered=text)["balancer.syntax"]
    assert told(finding) == (Severity.WARN, None)
    assert "conflicting server name" in finding.detail


def test_without_nginx_a_good_configuration_is_only_parsed(no_nginx, closed_port):
    finding = findings(rendered=render_for_test(planned(closed_port)))["balancer.syntax"]
    assert told(finding) == (Severity.INFO, None)
    assert "only parsed" in finding.detail


def test_without_nginx_a_faulty_line_is_still_found(no_nginx):
    finding = findings(rendered="events {}\nhttp { server { no_such_thing on; } }")["balancer.syntax"]
    assert told(finding) == (Severity.FAIL, ErrorKind.OTHER)
    assert "Line 2" in finding.detail
    assert "only parsed" in finding.detail


def test_an_nginx_that_cannot_be_started_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setattr(configuration, "find_nginx", lambda: tmp_path / "nginx")
    assert told(findings(rendered="events {}")["balancer.syntax"]) == (Severity.UNKNOWN, ErrorKind.OTHER)


def test_without_a_configuration_nothing_is_tested():
    assert findings()["balancer.syntax"].severity is Severity.SKIP


def test_the_exported_site_passes_everything_on(node_stand_in, launch):
    node = node_stand_in("node1")
    plan = planned(node)
    site = launch(lambda: Nginx(lambda port: render(plan.with_value("balancer.port", port), host="127.0.0.1")))
    found = findings(site.url)
    assert found.pop("balancer.certificate").severity is Severity.SKIP
    assert {found.pop(f"balancer.{name}").severity for name in ("syntax", "upstream", "limits")} == {Severity.SKIP}
    assert {finding.severity for finding in found.values()} == {Severity.PASS}, found
    assert [request.body_length for request in node.requests[-2:]] == [2 * 1024 * 1024, 20 * 1024 * 1024]
    origin = next(request for request in node.requests if request.path.endswith("auth:signIn"))
    assert origin.headers["origin"] == site.url


def test_a_sub_path_is_asked_for(node_stand_in, launch):
    site = launch(lambda: Nginx(site_of(node_stand_in("node1", public_path="/crm/"))))
    found = findings(site.url, application__public_path="/crm/")
    assert severities(found, *BEHIND) == [Severity.PASS] * 6


def test_the_sample_of_nocobases_page_breaks_three_things(node_stand_in, launch):
    site = launch(lambda: Nginx(site_of(node_stand_in("node1"), "")))
    found = findings(site.url)
    assert severities(found, "connect", "health") == [Severity.PASS] * 2
    assert told(found["balancer.websocket"]) == (Severity.FAIL, ErrorKind.PROTOCOL)
    assert "Upgrade" in found["balancer.websocket"].remedy
    assert told(found["balancer.origin"]) == (Severity.FAIL, ErrorKind.PERMISSION)
    assert "proxy_set_header Host $http_host;" in found["balancer.origin"].remedy
    assert told(found["balancer.body"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert "client_max_body_size" in found["balancer.body"].remedy


def test_a_balancer_that_is_not_deployed_yet_fails_and_says_that_it_may_be_so(closed_port):
    found = findings(f"http://{closed_port.host}:{closed_port.port}")
    assert told(found["balancer.connect"]) == (Severity.FAIL, ErrorKind.REFUSED)
    assert "Before the first deployment" in found["balancer.connect"].detail
    assert severities(found, *LIVE[1:]) == [Severity.SKIP] * 7


def test_a_public_address_nobody_knows_is_a_matter_of_dns():
    assert told(findings("https://no-such-host.invalid")["balancer.connect"]) == (Severity.FAIL, ErrorKind.DNS)


def test_authorities_of_the_environment_that_are_gone_say_nothing_of_the_balancer(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    finding = findings("https://127.0.0.1:1")["balancer.connect"]
    assert told(finding) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert "SSL_CERT_FILE" in finding.summary


@pytest.mark.usefixtures("quiet_machine")
def test_a_silent_balancer_ends_by_the_deadline(silent_port):
    found = findings(f"http://{silent_port.host}:{silent_port.port}", timeout=patience(0.3))
    assert told(found["balancer.connect"]) == (Severity.FAIL, ErrorKind.TIMEOUT)


def test_a_port_without_tls_is_told(node_stand_in, launch):
    site = launch(lambda: Nginx(site_of(node_stand_in("node1"))))
    found = findings(f"https://{site.host}:{site.port}")
    assert told(found["balancer.connect"]) == (Severity.FAIL, ErrorKind.TLS)


def test_a_balancer_without_a_living_node_says_so(closed_port, launch):
    closed_port.url = f"http://{closed_port.host}:{closed_port.port}"
    found = findings(launch(lambda: Nginx(site_of(closed_port))).url)
    assert found["balancer.connect"].severity is Severity.PASS
    assert told(found["balancer.health"]) == (Severity.FAIL, ErrorKind.REFUSED)
    assert severities(found, *BEHIND[1:]) == [Severity.SKIP] * 5


def test_maintenance_is_told_from_a_dead_node(node_stand_in, launch):
    closed = "return 503 '<h1>Maintenance</h1>'; default_type text/html;"
    found = findings(launch(lambda: Nginx(site_of(node_stand_in("node1"), closed))).url)
    assert told(found["balancer.health"]) == (Severity.FAIL, ErrorKind.OTHER)
    assert "maintenance" in found["balancer.health"].detail


FILES = "location /files/ { root /no/such; try_files $uri /index.html; } location = /index.html"
PAGE = "{ default_type text/html; return 200 '<!doctype html><title>NocoBase</title>'; }"


def test_files_that_a_web_server_answers_with_the_page_are_a_warning(node_stand_in, launch):
    site = launch(lambda: Nginx(site_of(node_stand_in("node1"), more=f"{FILES} {PAGE}")))
    finding = findings(site.url, plan=planned(site))["balancer.files"]
    assert told(finding) == (Severity.WARN, None)
    assert f"{site.url}/files/" in finding.summary
    assert "location ^~ /files/ {" in finding.remedy
    assert f"curl -sI http://127.0.0.1:{site.port}/files/" in finding.remedy


def test_files_are_not_asked_of_a_version_without_them(node_stand_in, launch):
    node = node_stand_in("node1")
    site = launch(lambda: Nginx(site_of(node)))
    assert findings(site.url, application__version="2.1.30")["balancer.files"].severity is Severity.SKIP
    assert not [request for request in node.requests if "/files/" in request.path]


def test_files_that_are_sent_elsewhere_are_unknown(node_stand_in, launch):
    guarded = "location /files/ { return 302 https://login.example.com/; }"
    site = launch(lambda: Nginx(site_of(node_stand_in("node1"), more=guarded)))
    assert told(findings(site.url)["balancer.files"]) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)


class TestUploads:
    @pytest.mark.parametrize(
        "location",
        ["location /storage/uploads/ { alias /no/such/; }", "location ~ ^/storage/ { root /app/nocobase; }"],
    )
    def test_a_folder_that_nginx_gives_away_itself_fails(self, node_stand_in, launch, location):
        site = launch(lambda: Nginx(site_of(node_stand_in("node1"), more=location)))
        finding = findings(site.url, application__version="2.2.15")["balancer.uploads"]
        assert told(finding) == (Severity.FAIL, ErrorKind.PERMISSION)
        assert "location ^~ /storage/uploads/ {" in finding.remedy

    def test_the_lines_that_are_told_cure_it(self, node_stand_in, launch):
        node = node_stand_in("node1")
        told_lines = f"location ^~ /storage/uploads/ {{ proxy_pass {node.url}; }}"
        site = launch(lambda: Nginx(site_of(node, more=f"location ~ ^/storage/ {{ root /no/such; }} {told_lines}")))
        finding = findings(site.url, application__version="2.2.15")["balancer.uploads"]
        assert told(finding) == (Severity.PASS, None)
        assert "HTTP 401" in finding.summary

    def test_without_a_version_in_the_plan_it_is_a_warning(self, node_stand_in, launch):
        site = launch(lambda: Nginx(site_of(node_stand_in("node1"), more="location /storage/ { root /no/such; }")))
        assert told(findings(site.url)["balancer.uploads"]) == (Severity.WARN, None)

    def test_a_version_without_the_guard_is_not_asked(self, node_stand_in, launch):
        node = node_stand_in("node1")
        site = launch(lambda: Nginx(site_of(node)))
        assert findings(site.url, application__version="2.1.30")["balancer.uploads"].severity is Severity.SKIP
        assert not [request for request in node.requests if "/storage/" in request.path]

    def test_an_answer_of_another_kind_is_unknown(self, node_stand_in, launch):
        away = "location /storage/ { return 302 https://login.example.com/; }"
        site = launch(lambda: Nginx(site_of(node_stand_in("node1"), more=away)))
        assert told(findings(site.url)["balancer.uploads"]) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)


def test_a_redirect_to_https_asks_for_the_https_address_in_the_plan(launch):
    site = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; return 308 https://app.example.com/; }}"))
    finding = findings(site.url)["balancer.health"]
    assert told(finding) == (Severity.FAIL, ErrorKind.PROTOCOL)
    assert "https://app.example.com/" in finding.summary


def test_a_busy_application_is_a_warning(node_stand_in, launch):
    site = launch(lambda: Nginx(site_of(node_stand_in("node1", health=Health.COMMANDING))))
    assert told(findings(site.url)["balancer.health"]) == (Severity.WARN, None)


@pytest.fixture
def secured(node_stand_in, launch, authority, tmp_path):
    """Start nginx with a certificate and give what is found: `secured(not_after=…)`, `secured("other.example")`."""
    trust = tmp_path / "authority.pem"
    trust.write_bytes(authority.pem)

    def secured(*names, trusted=True, **options):
        node, signed = node_stand_in("node1"), authority.sign(*names, **options)
        site = launch(lambda: Nginx(site_of(node, tls=True), tls=signed))
        return findings(site.url, application__extra_ca_file=str(trust) if trusted else "")

    return secured


def test_behind_another_proxys_tls_the_lines_that_are_told_cure_the_sign_in(node_stand_in, launch, authority, tmp_path):
    node, around = node_stand_in("node1"), (launch, authority, tmp_path)
    broken = seen_behind_tls(launch(lambda: Nginx(site_of(node))), *around)["balancer.origin"]
    assert told(broken) == (Severity.FAIL, ErrorKind.PERMISSION)
    mended = launch(lambda: Nginx(site_of(node, f"{broken.remedy}\n")))
    assert seen_behind_tls(mended, *around)["balancer.origin"].severity is Severity.PASS


def test_a_trusted_certificate_passes_and_so_does_all_behind_it(secured):
    found = secured()
    assert severities(found, *LIVE) == [Severity.PASS] * 8
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
    assert told(found["balancer.certificate"]) == (Severity.FAIL, ErrorKind.TLS)
    assert severities(found, "connect", *BEHIND) == [Severity.PASS] * 7


def test_a_certificate_that_ends_soon_is_a_warning(secured):
    finding = secured(not_after=datetime.now(UTC) + timedelta(days=20))["balancer.certificate"]
    assert told(finding) == (Severity.WARN, None)


def test_an_authority_file_that_is_none_is_left_out(node_stand_in, launch, authority, tmp_path):
    (tmp_path / "none.pem").write_text("nothing")
    site = launch(lambda: Nginx(site_of(node_stand_in("node1"), tls=True), tls=authority.sign()))
    found = findings(site.url, application__extra_ca_file=str(tmp_path / "none.pem"))
    assert told(found["balancer.certificate"]) == (Severity.FAIL, ErrorKind.TLS)


def test_without_a_public_address_nothing_is_asked():
    found = findings()
    assert {finding.severity for finding in found.values()} == {Severity.SKIP}


def test_the_newest_nginx_is_found_in_its_package(nginx_newest, monkeypatch):
    monkeypatch.setattr(trial, "_FOLDERS", ())
    monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)
    assert configuration.find_nginx() == newest_nginx()
