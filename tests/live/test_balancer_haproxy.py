"""HAProxy as the plan's balancer: a real one tests the configuration, and what to type is its own."""

import pytest

from tests.live.balancer_sites import findings, planned, seen_behind_tls, told
from tests.servers.haproxy import HaProxy, debian_haproxy, newer_haproxy
from wizard.checks.balancer import haproxy as configuration
from wizard.demo.process import LOOPBACK
from wizard.formats.sites import haproxy
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import BalancerKind

pytestmark = pytest.mark.live
PASS, INFO, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL, Severity.UNKNOWN


@pytest.fixture(params=[debian_haproxy, newer_haproxy])
def program(request, monkeypatch, tmp_path):
    """Which HAProxy the product finds: the distribution's, or a newer one with libraries of its own."""
    file = tmp_path / "haproxy"
    file.write_text(f'#!/bin/sh\nexec {" ".join(request.param())} "$@"\n')
    file.chmod(0o755)
    monkeypatch.setattr(configuration, "find_haproxy", lambda: file)


@pytest.fixture
def plan(closed_port):
    return planned(closed_port).with_value("balancer.kind", BalancerKind.HAPROXY)


def _syntax(plan, text=None):
    return findings(rendered=text or haproxy.render_for_test(plan), plan=plan)["balancer.syntax"]


def _with_tls(plan, certificate="/no/such/app.pem", key="/no/such/app.key"):
    plan = plan.with_value("balancer.tls", value=True).with_value("balancer.certificate", str(certificate))
    return plan.with_value("balancer.certificate_key", str(key))


def test_haproxy_takes_the_configuration_of_a_good_plan(program, plan):
    finding = _syntax(plan)
    assert told(finding) == (PASS, None), finding
    assert finding.facts["haproxy"][0] in "23"


def test_a_nodes_name_that_only_the_balancer_knows_is_no_matter_of_syntax(program, plan):
    assert told(_syntax(plan.with_value("nodes.0.host", "node1.internal"))) == (PASS, None)


def test_a_certificate_that_is_only_on_the_balancer_is_stood_in_for(program, plan):
    finding = _syntax(_with_tls(plan))
    assert told(finding) == (PASS, None), finding
    assert "stood in" in finding.detail


def test_a_certificate_without_its_key_fails(program, plan, authority, tmp_path):
    (tmp_path / "app.pem").write_bytes(authority.sign().certificate)
    finding = _syntax(_with_tls(plan, tmp_path / "app.pem", tmp_path / "app.key"))
    assert told(finding) == (FAIL, ErrorKind.TLS), finding
    (tmp_path / "app.pem.key").write_bytes(authority.sign().key)
    assert told(_syntax(_with_tls(plan, tmp_path / "app.pem", tmp_path / "app.key"))) == (FAIL, ErrorKind.TLS)


def test_haproxy_names_the_line_it_refuses(program, plan):
    finding = _syntax(plan, haproxy.render_for_test(plan).replace("mode http", "no-such-thing on"))
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "“no-such-thing on”: unknown keyword 'no-such-thing'" in finding.detail
    assert finding.detail.startswith("Line ")
    assert "ncw-check" not in finding.detail
    assert "haproxy -c -f" in finding.remedy


def test_what_is_wrong_with_the_whole_has_no_line(program, plan):
    finding = _syntax(plan, "defaults\n mode http\nfrontend x\n bind 127.0.0.1:20080\n default_backend gone\n")
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "unable to find required default_backend: 'gone'" in finding.detail


def test_a_warning_of_haproxy_is_told(program, plan):
    finding = _syntax(plan, haproxy.render_for_test(plan).replace("timeout client 600s", ""))
    assert told(finding) == (WARN, None)
    assert "missing timeouts" in finding.detail


def test_without_haproxy_a_good_configuration_is_only_looked_at(monkeypatch, plan):
    monkeypatch.setattr(configuration, "find_haproxy", lambda: None)
    assert told(_syntax(plan)) == (INFO, None)
    finding = _syntax(plan, "server x\n")
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert finding.detail.startswith("Line 1, “server x”")


def test_a_haproxy_that_cannot_be_started_is_unknown(monkeypatch, plan, tmp_path):
    monkeypatch.setattr(configuration, "find_haproxy", lambda: tmp_path / "haproxy")
    assert told(_syntax(plan)) == (UNKNOWN, ErrorKind.OTHER)


def test_a_haproxy_without_a_ready_node_says_how_to_look_at_them(plan, launch):
    def config(server):
        return haproxy.render(
            plan.with_value("balancer.port", server.port), host=LOOPBACK, socket=server.socket, account=""
        )

    site = launch(lambda: HaProxy(config, debian_haproxy()))
    finding = findings(site.url, plan=plan)["balancer.health"]
    assert finding.severity is FAIL
    assert "no node for ready" in finding.detail
    assert "show servers state" in finding.remedy


SIGN_IN = "http-request set-header X-Forwarded-Host %[req.hdr(host)]"


def test_behind_another_proxys_tls_the_lines_that_are_told_cure_the_sign_in(node_stand_in, launch, authority, tmp_path):
    node, around = node_stand_in("node1"), (launch, authority, tmp_path)

    def site(lines=""):
        own = "".join(f" {line}\n" for line in lines.splitlines())
        return launch(
            lambda: HaProxy(
                lambda server: (
                    f"global\n stats socket {server.socket}\n"
                    "defaults\n mode http\n timeout connect 5s\n timeout client 600s\n timeout server 600s\n"
                    f"frontend web\n bind 127.0.0.1:{server.port}\n{own} default_backend nodes\n"
                    f"backend nodes\n server one {node.host}:{node.port}\n"
                ),
                debian_haproxy(),
            )
        )

    kind = {"balancer__kind": BalancerKind.HAPROXY}
    broken = seen_behind_tls(site(), *around, **kind)["balancer.origin"]
    assert told(broken) == (FAIL, ErrorKind.PERMISSION)
    assert seen_behind_tls(site(broken.remedy), *around, **kind)["balancer.origin"].severity is PASS


def test_a_foreign_haproxy_that_tells_the_wrong_host_gets_its_own_lines(node_stand_in, launch):
    node = node_stand_in("node1")

    def config(server):
        return (
            "defaults\n mode http\n timeout connect 5s\n timeout client 600s\n timeout server 600s\n"
            f"global\n stats socket {server.socket}\n"
            f"frontend web\n bind 127.0.0.1:{server.port}\n http-request set-header Host myapp\n"
            " use_backend page if { path_beg /files/ }\n default_backend nodes\n"
            f"backend nodes\n server one {node.host}:{node.port}\n"
            "backend page\n http-request return status 200 content-type text/html string <html>\n"
        )

    site = launch(lambda: HaProxy(config, debian_haproxy()))
    plan = planned(node).with_value("balancer.kind", BalancerKind.HAPROXY)
    found = findings(site.url, plan=plan)
    assert told(found["balancer.origin"]) == (FAIL, ErrorKind.PERMISSION)
    assert SIGN_IN in found["balancer.origin"].remedy
    assert told(found["balancer.files"]) == (WARN, None)
    assert "use_backend NODES if { path_beg /files/ }" in found["balancer.files"].remedy
    assert "nginx" not in "".join(finding.remedy for finding in found.values())


def test_a_certificate_of_haproxy_is_renewed_with_its_own_command(launch, authority, node_stand_in):
    from datetime import UTC, datetime, timedelta

    plan = _with_tls(planned(node_stand_in("node1")).with_value("balancer.kind", BalancerKind.HAPROXY))

    def config(server):
        values = {"certificate": f"{server.folder}/server.crt", "tls_port": server.port, "port": server.http_port}
        ready = plan
        for name, value in values.items():
            ready = ready.with_value(f"balancer.{name}", value)
        return haproxy.render(ready, host=LOOPBACK, socket=server.socket, account="")

    signed = authority.sign(not_after=datetime.now(UTC) - timedelta(days=1))
    site = launch(lambda: HaProxy(config, debian_haproxy(), tls=signed))
    finding = findings(site.url, plan=plan)["balancer.certificate"]
    assert told(finding) == (FAIL, ErrorKind.TLS)
    assert "systemctl reload haproxy" in finding.remedy
