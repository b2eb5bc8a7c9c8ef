"""Which way requests go through HAProxy: conditions that can be told, those that cannot, and frontends in a row."""

import time

import pytest

from tests.patience import processor_time
from tests.unit.sites import haproxy_plan, judged
from tests.unit.sites_read import wanted
from wizard.formats.sites import haproxy_site
from wizard.plan.finding import Severity
from wizard.plan.sections import BalancerKind

PASS, FAIL, UNKNOWN = Severity.PASS, Severity.FAIL, Severity.UNKNOWN
SERVERS = [f"    server n{number} 10.0.0.{number}:13000 check\n" for number in (1, 2, 3)]
HEAD = """
defaults
    mode http
    timeout client 600s
    timeout server 600s
    option httpchk GET /api/__health_check
"""
FRONTEND = """frontend web
    bind :443 ssl crt /x.pem
    http-request set-header X-Forwarded-Proto https
"""


def found(rules, first, second, head=HEAD + FRONTEND):
    lines = "".join(f"    {rule}\n" for rule in rules)
    text = f"{head}{lines}backend first\n{''.join(first)}backend second\n{''.join(second)}"
    return judged(text, haproxy_plan(), known={})


@pytest.mark.parametrize("condition", ["{ rand(100) lt 5 }", "{ src 10.9.0.0/16 }", "{ cook(release) green }"])
def test_a_node_behind_a_condition_that_cannot_be_told_may_get_requests(condition):
    rules = (f"use_backend second if {condition}", "default_backend first")
    finding = found(rules, SERVERS[:2], SERVERS[2:])["balancer.upstream"]
    assert finding.severity is UNKNOWN
    assert f"node3 may be in what was not followed (use_backend second if {condition})." in finding.detail


def test_a_node_that_no_way_leads_to_is_missing_beyond_doubt():
    rules = ("use_backend second if { rand(100) lt 5 }", "default_backend first")
    finding = found(rules, SERVERS[:1], SERVERS[:2])["balancer.upstream"]
    assert finding.severity is FAIL
    assert "no request goes to node3" in finding.summary
    assert "node2 may be in what was not followed" in finding.detail


@pytest.mark.parametrize(
    "condition",
    [
        "{ ssl_fc_sni app.example.com }",
        "{ ssl_fc_sni -i APP.example.com }",
        "{ ssl_fc_sni_end .example.com }",
        "{ ssl_fc_sni,lower -m end .example.com }",
        "{ req.hdr(host) -m beg app. }",
        "{ hdr(host) -m str app.example.com }",
        "{ hdr(host),lower,field(1,:) -m dom example.com }",
        "{ path -m beg / }",
        "{ ssl_fc }",
    ],
)
def test_conditions_that_planned_requests_meet_are_told(condition):
    rules = (f"use_backend first if {condition}", "default_backend second")
    site = found(rules, SERVERS, ["    http-request return status 404\n"])
    assert [site[f"balancer.{name}"].severity for name in ("upstream", "limits")] == [PASS, PASS]
    assert site["balancer.upstream"].detail == ""


@pytest.mark.parametrize(
    "condition",
    [
        "{ hdr(Upgrade) -i websocket } { hdr(Connection) -i upgrade }",
        "{ hdr(Connection) -i Upgrade }",
        "{ path -m end /ws }",
        "{ path -m str /ws }",
    ],
)
def test_requests_for_a_websocket_are_told(condition):
    rules = (f"use_backend second if {condition}", "default_backend first")
    finding = found(rules, SERVERS, SERVERS[:1])["balancer.upstream"]
    assert finding.severity is FAIL
    assert "no request for /ws goes to node2" in finding.summary


@pytest.mark.parametrize("condition", ["{ path -m reg ^/ws }", "{ hdr(host) -m reg ^ws }", "{ ssl_fc_sni -m len 9 }"])
def test_a_match_of_another_kind_is_not_told(condition):
    rules = (f"use_backend second if {condition}", "default_backend first")
    finding = found(rules, SERVERS, SERVERS[:1])["balancer.upstream"]
    assert finding.severity is PASS
    assert finding.detail == f"Not followed: use_backend second if {condition}"


@pytest.mark.parametrize("address", ["abns@inner", "unix@/run/inner.sock", "127.0.0.1:8443"])
def test_a_frontend_that_hands_connections_on_leads_to_the_one_that_has_them(address):
    head = f"""{HEAD}frontend outside
    mode tcp
    bind :443
    default_backend inside
backend inside
    mode tcp
    server one {address} send-proxy-v2
{FRONTEND.replace(":443", f"{address} accept-proxy")}"""
    site = found(("default_backend first",), SERVERS, SERVERS, head)
    assert [site[f"balancer.{name}"].severity for name in ("upstream", "limits", "uploads")] == [PASS] * 3


def test_a_frontend_that_hands_connections_to_nodes_is_one_of_tcp():
    head = f"{HEAD}frontend outside\n    mode tcp\n    bind :443\n"
    site = found(("default_backend first",), SERVERS, SERVERS, head)
    assert site["balancer.upstream"].severity is PASS
    assert "The mode is tcp" in site["balancer.limits"].detail


def test_many_usual_words_and_many_servers_are_read_in_a_moment():
    usual, servers = "    default-server weight 1 check\n" * 2000, "    server a 10.0.0.1:13000\n" * 2000
    began = time.thread_time()
    haproxy_site.read(
        f"{HEAD}{FRONTEND}    default_backend first\nbackend first\n{usual}{servers}", wanted(BalancerKind.HAPROXY)
    )
    assert time.thread_time() - began < processor_time(2)
