"""What HAProxy takes for a living application, and what it passes on behind another proxy."""

import pytest

from tests.unit.sites import haproxy_plan, judged, nginx_plan
from wizard.plan.finding import Severity

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
CFG = """defaults
    mode http
    timeout client 600s
    timeout server 600s
frontend web
    bind :80
    http-request set-header X-Forwarded-Proto https
    default_backend nodes
backend nodes
    option httpchk GET /api/__health_check
    server n1 10.0.0.1:13000 check
    server n2 10.0.0.2:13000 check
    server n3 10.0.0.3:13000 check
"""
PROTO = "    http-request set-header X-Forwarded-Proto https\n"
CHECK = "    option httpchk GET /api/__health_check\n"
SITE = """upstream nodes { server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }
server { listen 80; server_name app.example.com; client_max_body_size 0;
proxy_read_timeout 600; proxy_send_timeout 600; proxy_http_version 1.1; proxy_set_header Host $http_host;
proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
location / { proxy_pass http://nodes; }
}"""


def limits(old, new, plan=None):
    assert old in CFG
    return judged(CFG.replace(old, new), plan or haproxy_plan(), known={})["balancer.limits"]


def expecting(*rules):
    return limits(CHECK, CHECK + "".join(f"    http-check expect {rule}\n" for rule in rules))


@pytest.mark.parametrize(
    "rule",
    [
        "! rstatus ^4",
        "rstatus ^[235]",
        "rstatus .",
        "status 200-599",
        "status 200,503",
        "! status 404,410-499",
        "comment alive ! rstatus ^(404|410)$",
    ],
)
def test_a_rule_that_takes_the_answer_of_a_dead_application_is_named(rule):
    finding = expecting(rule)
    assert finding.severity is WARN
    assert "Line 11: the health check of “backend nodes” takes the answer 503 for a good one" in finding.detail
    assert f"(http-check expect {rule})" in finding.detail
    assert "http-check expect rstring ^ok$  # in the place of line 11" in finding.remedy.splitlines()


@pytest.mark.parametrize(
    "rules",
    [
        ("status 200",),
        ("status 200-299,304",),
        ("rstatus ^[23]",),
        ("! rstatus ^5",),
        ("! status 500-599",),
        ("rstring ^ok$",),
        ("! string maintaining",),
        ("status 200-599", "rstring ^ok$"),
        ("! status 404", "status 200"),
        (),
    ],
)
def test_a_rule_that_refuses_a_dead_application_is_none(rules):
    assert expecting(*rules).severity is PASS, expecting(*rules)


@pytest.mark.parametrize("rule", ["rstatus [", "status 2xx", "status", "fhdr name X-Alive"])
def test_of_a_rule_that_cannot_be_read_nothing_is_told(rule):
    finding = expecting(rule)
    assert finding.severity is UNKNOWN
    assert f"(http-check expect {rule})" in finding.detail


def test_a_rule_that_all_backends_inherit_counts():
    inherited = limits("    timeout server", "    http-check expect ! rstatus ^4\n    timeout server")
    assert inherited.severity is WARN


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        ("", PASS),
        ("    http-request set-header X-Forwarded-Proto https if { ssl_fc }\n", PASS),
        ("    http-request del-header X-Forwarded-Proto unless { path_beg /api/ }\n", PASS),
        ("    http-request del-header X-Forwarded-Proto\n", FAIL),
        ("    http-request set-header X-Forwarded-Proto http\n", FAIL),
    ],
)
def test_what_another_proxy_says_of_the_scheme_is_passed_on(rules, severity):
    behind = haproxy_plan().with_value("balancer.behind_proxy", value=True)
    assert limits(PROTO, rules, behind).severity is severity
    assert limits(PROTO, rules).severity is FAIL


def test_nginx_passes_on_what_another_proxy_says_of_the_scheme():
    behind = nginx_plan().with_value("balancer.behind_proxy", value=True)
    assert judged(SITE, behind, known={})["balancer.limits"].severity is PASS
    assert judged(SITE, nginx_plan(), known={})["balancer.limits"].severity is FAIL
