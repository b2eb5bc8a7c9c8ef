"""Headers that rules of HAProxy change under conditions: what NocoBase gets of host, scheme and upgrade."""

import pytest

from tests.unit.sites import haproxy_plan, judged
from wizard.plan.finding import Severity

PASS, FAIL, UNKNOWN = Severity.PASS, Severity.FAIL, Severity.UNKNOWN
CFG = """defaults
    mode http
    timeout client 600s
    timeout server 600s
frontend web
    bind :443 ssl crt /x.pem
    RULES
    default_backend nodes
backend nodes
    option httpchk GET /api/__health_check
    server n1 10.0.0.1:13000 check
    server n2 10.0.0.2:13000 check
    server n3 10.0.0.3:13000 check
"""


def limits(*rules, plan=None):
    text = CFG.replace("RULES", "\n    ".join(f"http-request {rule}" for rule in rules))
    return judged(text, plan or haproxy_plan(), known={})["balancer.limits"]


def under_proto(*rules, plan=None):
    return limits("set-header X-Forwarded-Proto https", *rules, plan=plan)


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("set-header Host other.internal if { src 10.9.9.9 }", "Host"),
        ("set-header X-Forwarded-Host other.internal if { src 10.9.9.9 }", "X-Forwarded-Host"),
        ("set-header X-Forwarded-Proto http if { src 10.9.9.9 }", "X-Forwarded-Proto"),
        ("set-header X-Forwarded-Proto http unless { src 10.9.9.9 }", "X-Forwarded-Proto"),
        ("del-header X-Forwarded-Proto if { src 10.9.9.9 }", "X-Forwarded-Proto"),
        ("del-header Upgrade if { src 10.9.9.9 }", "Upgrade"),
        ("set-header Upgrade h2c if { src 10.9.9.9 }", "Upgrade"),
        ("set-header Connection close if { src 10.9.9.9 }", "Connection"),
        ("replace-header Host (.*) other.internal", "Host"),
        ("replace-value Host ^app other", "Host"),
        ("replace-header Host (((( x", "Host"),
    ],
)
def test_a_change_under_a_condition_that_cannot_be_told_is_unknown(rule, name):
    finding = under_proto(rule)
    assert finding.severity is UNKNOWN
    assert f"Line 8 may change {name}: whether it does cannot be told from the file." in finding.detail
    assert name in finding.summary


def test_a_scheme_that_is_set_under_such_a_condition_alone_is_unknown():
    finding = limits("set-header X-Forwarded-Proto https if { src 10.9.9.9 }")
    assert finding.severity is UNKNOWN
    assert "Line 7 may change X-Forwarded-Proto: whether" in finding.detail


@pytest.mark.parametrize(
    "rules",
    [
        ("set-header X-Forwarded-Proto https if { src 10.9.9.9 }", "set-header X-Forwarded-Proto https"),
        ("set-header X-Forwarded-Proto https", "set-header X-Forwarded-Proto https if { src 10.9.9.9 }"),
        (
            "set-header X-Forwarded-Proto https if { dst_port 443 }",
            "set-header X-Forwarded-Proto http if { dst_port 80 }",
        ),
        ("set-header X-Forwarded-Proto https if { dst_port eq 443 }",),
        ("set-header X-Forwarded-Proto https if !{ req.hdr(X-Forwarded-Proto) -m found }",),
        ("set-header X-Forwarded-Proto https unless { hdr(x-forwarded-proto) -i https }",),
        ("del-header X-Forwarded-Proto", "add-header X-Forwarded-Proto https"),
        ("add-header X-Forwarded-Proto https if { ssl_fc }",),
        ("set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]",),
    ],
)
def test_a_scheme_that_is_right_whatever_holds_passes(rules):
    assert limits(*rules).severity is PASS, limits(*rules)


@pytest.mark.parametrize(
    "rule",
    [
        "set-header Host app.example.com if { src 10.9.9.9 }",
        "set-header Host %[req.hdr(host)] if { src 10.9.9.9 }",
        "set-header X-Real-IP %[src] if { src 10.9.9.9 }",
        "set-header X-Forwarded-Host other.internal if { hdr(host) other.example.com }",
        "set-header Connection Upgrade if { hdr(upgrade) -i websocket }",
        "set-header Connection keep-alive unless { hdr(upgrade) -i websocket }",
        "del-header Upgrade unless { req.hdr(upgrade) -i websocket }",
        "del-header Connection unless { hdr(Connection) -i upgrade }",
        "set-header Upgrade websocket if { path_beg /ws }",
        "set-header Connection %[req.hdr(connection)] if { src 10.9.9.9 }",
        "del-header X-Forwarded-Host",
        "replace-header Host ^www\\.(.*) other",
        "replace-header Host (.*) app.example.com",
        "replace-header X-Other (.*) x",
        "set-header Connection close unless { hdr_beg(connection) -i upgrade }",
        "set-header Connection close if !{ req.hdr(Connection) -m sub -i upgrade }",
        "set-header Upgrade none unless { hdr(upgrade) -m found }",
    ],
)
def test_a_change_that_harms_nobody_passes(rule):
    assert under_proto(rule).severity is PASS, under_proto(rule)


@pytest.mark.parametrize(
    ("rule", "said", "put"),
    [
        (
            "del-header Connection",
            "Line 8 takes the header Connection out: no WebSocket opens.",
            "http-request del-header Connection unless { req.hdr(upgrade) -i websocket }",
        ),
        (
            "set-header Connection close",
            "Line 8: Connection is close, also for WebSockets: none opens.",
            "http-request set-header Connection close unless { req.hdr(upgrade) -i websocket }",
        ),
        (
            "set-header Upgrade none if { path_beg /ws }",
            "Line 8: Upgrade is none, also for WebSockets: none opens.",
            "http-request set-header Upgrade none unless { req.hdr(upgrade) -i websocket }",
        ),
    ],
)
def test_what_closes_the_way_for_websockets_fails(rule, said, put):
    finding = under_proto(rule)
    assert finding.severity is FAIL
    assert said in finding.detail
    assert put in finding.remedy.splitlines()


def test_two_values_that_are_both_wrong_fail():
    finding = under_proto("set-header Host a.internal", "set-header Host b.internal if { src 10.9.9.9 }")
    assert finding.severity is FAIL
    assert "Line 9: Host is b.internal." in finding.detail


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        (("set-header X-Forwarded-Proto https if { src 10.9.9.9 }",), PASS),
        (("set-header X-Forwarded-Proto http if { src 10.9.9.9 }",), UNKNOWN),
        (("set-header X-Forwarded-Proto http unless { req.hdr(x-forwarded-proto) -m found }",), PASS),
        (("set-header X-Forwarded-Proto http if { req.hdr(x-forwarded-proto) -i https }",), FAIL),
        (("add-header X-Forwarded-Proto http",), PASS),
        (("set-header X-Forwarded-Proto http if { req.hdr(x-forwarded-proto) ws }",), UNKNOWN),
    ],
)
def test_behind_another_proxy_its_word_holds_where_no_rule_changes_it(rules, severity):
    behind = haproxy_plan().with_value("balancer.behind_proxy", value=True)
    assert limits(*rules, plan=behind).severity is severity, limits(*rules, plan=behind)


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("auth realm Internal unless { http_auth(users) }", FAIL),
        ("auth unless { http_auth_group(users) staff }", FAIL),
        ("auth if { path_beg /api/ } !{ http_auth(users) }", FAIL),
        ("auth if { path_beg /other/ } !{ http_auth(users) }", PASS),
        ("auth unless { http_auth(users) } or { path_beg /api/ }", PASS),
        ("auth unless { http_auth(users) } or { src 10.0.0.0/8 }", PASS),
    ],
)
def test_a_password_of_haproxys_own_shuts_out_those_who_are_signed_in(rule, severity):
    finding = under_proto(rule)
    assert finding.severity is severity
    if severity is FAIL:
        assert "Line 8: the balancer asks for a password of its own" in finding.detail
        assert "# line 8: take it out" in finding.remedy


def test_so_many_values_may_be_left_to_a_header_and_of_more_the_line_is_named():
    def site(count):
        rules = [f"set-header Host app{number} if {{ src 10.9.9.9 }}" for number in range(count)]
        text = CFG.replace("RULES", "\n    ".join(f"http-request {rule}" for rule in rules))
        return judged(text, haproxy_plan(), known={})

    assert site(49)["balancer.upstream"].severity is PASS
    finding = site(50)["balancer.upstream"]
    assert finding.severity is UNKNOWN
    assert finding.detail == "Line 56: its conditions are too many together."
