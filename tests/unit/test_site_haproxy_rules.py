"""Rules of HAProxy that hold under conditions, servers with usual words, and checks of several kinds."""

import pytest

from tests.unit.sites import haproxy_plan, judged
from wizard.plan.finding import Severity

PASS, WARN, FAIL = Severity.PASS, Severity.WARN, Severity.FAIL
SERVERS = "".join(f"    server n{number} 10.0.0.{number}:13000 check\n" for number in (1, 2, 3))
CFG = """
defaults
    mode http
    timeout client 600s
    timeout server 10m
frontend web
    bind :80
    bind :443 ssl crt /x.pem
    http-request set-header X-Forwarded-Proto https if { ssl_fc }
    default_backend nodes
backend nodes
    option httpchk GET /api/__health_check
"""
PROTO = "    http-request set-header X-Forwarded-Proto https if { ssl_fc }\n"


def found(text):
    return judged(text, haproxy_plan(), known={})


def limits(old, new):
    text = CFG + SERVERS
    assert old in text
    return found(text.replace(old, new))["balancer.limits"]


@pytest.mark.parametrize(
    "rules",
    [
        "http-request set-header X-Forwarded-Proto http unless { ssl_fc }",
        "http-request set-header X-Forwarded-Proto https",
        "http-request add-header X-Forwarded-Proto http",
        "http-request set-header Host other.internal if { path_beg /other }",
        "http-request set-header X-Forwarded-Host other.internal unless { ssl_fc }",
        "acl big req.body_size gt 1048576\n    http-request deny deny_status 413 if big { path_beg /api/auth: }",
        "acl big req.body_size gt 1048576\n    use_backend nodes if big",
        "http-request del-header X-Forwarded-Proto unless { ssl_fc }",
    ],
)
def test_a_rule_for_other_requests_changes_nothing(rules):
    finding = limits(PROTO, f"{PROTO}    {rules}\n")
    assert finding.severity is PASS, finding


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("http-request set-header X-Forwarded-Proto http", "Line 10: X-Forwarded-Proto is http."),
        ("http-request del-header X-Forwarded-Proto", "No rule sets X-Forwarded-Proto for those who come over https"),
        ("http-request set-header Host other.internal if { ssl_fc }", "Line 10: Host is other.internal."),
        ("http-request set-header Host other.internal if { path_beg /api }", "Line 10: Host is other.internal."),
        (
            "acl big req.body_size gt 1048576\n    http-request deny deny_status 413 if big { path_beg /api/att }",
            "Line 10 refuses bodies of more than 1048576 bytes.",
        ),
        (
            "http-request silent-drop if { req.hdr_val(content-length) gt 9 }",
            "Line 10 refuses bodies of more than 9 bytes.",
        ),
    ],
)
def test_a_rule_for_the_planned_requests_counts(rules, said):
    finding = limits(PROTO, f"{PROTO}    {rules}\n")
    assert finding.severity is FAIL
    assert said in finding.detail


def test_a_rule_for_tls_does_nothing_where_tls_ends_before():
    text = CFG.replace(" ssl crt /x.pem", "") + SERVERS
    finding = found(text)["balancer.limits"]
    assert finding.severity is FAIL
    assert "http-request set-header X-Forwarded-Proto https" in finding.remedy.splitlines()


def servers(*lines):
    return found(CFG + "".join(f"    {line}\n" for line in lines))


def test_usual_words_hold_for_the_servers_after_them_and_add_up():
    site = servers(
        "default-server check backup",
        "server n1 10.0.0.1:13000",
        "default-server no-backup",
        "server n2 10.0.0.2:13000",
        "server n3 10.0.0.3:13000",
    )
    assert [site[f"balancer.{name}"].severity for name in ("upstream", "limits")] == [PASS, PASS]
    assert site["balancer.upstream"].detail == "10.0.0.1 gets requests only while the others fail (backup)."


def test_a_server_before_the_usual_words_has_none_of_them():
    site = servers(
        "server n1 10.0.0.1:13000", "default-server check", "server n2 10.0.0.2:13000", "server n3 10.0.0.3:13000"
    )
    assert "the server of line 13 lives" in site["balancer.limits"].detail


@pytest.mark.parametrize(
    ("usual", "own", "word"),
    [("disabled", "", "disabled"), ("weight 0", "", "weight 0"), ("weight 0", "enabled", "weight 0")],
)
def test_what_switches_all_off_is_named_with_its_own_line(usual, own, word):
    finding = servers(f"default-server check {usual}", f"server n1 10.0.0.1:13000 {own}")["balancer.upstream"]
    assert finding.severity is FAIL
    assert f"Line 13 switches node1 off ({word})." in finding.detail
    assert f"# Take “{word}” out of line 13 when node1 may serve:" in finding.remedy


@pytest.mark.parametrize("own", ["enabled weight 2", "weight 2 enabled"])
def test_a_server_takes_back_what_is_usual(own):
    lines = [f"server n{number} 10.0.0.{number}:13000 {own}" for number in (1, 2, 3)]
    assert servers("default-server check disabled weight 0", *lines)["balancer.upstream"].severity is PASS


@pytest.mark.parametrize("word", ["track nodes/n1", "agent-check agent-port 9000"])
def test_a_server_that_follows_another_is_looked_after(word):
    site = servers(
        "server n1 10.0.0.1:13000 check", f"server n2 10.0.0.2:13000 {word}", "server n3 10.0.0.3:13000 check"
    )
    assert site["balancer.limits"].severity is PASS


@pytest.mark.parametrize(
    "checks",
    [
        'option tcp-check\n    tcp-check send "HEAD /api/__health_check HTTP/1.0"\n    tcp-check expect string 200',
        "option httpchk\n    http-check send uri /api/__health_check\n    http-check send uri /",
        "option httpchk GET /\n    option httpchk GET /api/__health_check",
        "option httpchk /api/__health_check",
    ],
)
def test_a_check_that_sees_a_dead_application_is_no_warning(checks):
    finding = limits("option httpchk GET /api/__health_check", checks)
    assert finding.severity is PASS, finding


@pytest.mark.parametrize(
    "checks",
    [
        "option tcp-check\n    tcp-check send-binary 00",
        "option httpchk\n    http-check send meth GET uri-lf /%[var(proc.health)]",
        "option external-check\n    external-check command /usr/local/bin/alive",
    ],
)
def test_a_check_that_may_see_it_is_unknown(checks):
    assert limits("option httpchk GET /api/__health_check", checks).severity is Severity.UNKNOWN


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ("option tcp-check", "looks at the port alone"),
        ("option httpchk GET /api/__health_check\n    option tcp-check", "looks at the port alone"),
        ("no option httpchk", "looks at the port alone"),
        ('option tcp-check\n    tcp-check send "GET / HTTP/1.0\\r\\n\\r\\n"', "asks for /,"),
        ("option httpchk /", "asks for /,"),
        ("option httpchk HEAD /", "asks for /,"),
    ],
)
def test_a_check_that_cannot_see_it_is_a_warning(checks, said):
    text = CFG.replace("    mode http\n", "    mode http\n    option httpchk GET /api/__health_check\n")
    finding = found(text.replace("nodes\n    option httpchk GET /api/__health_check", f"nodes\n    {checks}") + SERVERS)
    assert finding["balancer.limits"].severity is WARN
    assert said in finding["balancer.limits"].detail


@pytest.mark.parametrize("place", ["    default_backend", "    option httpchk GET"])
def test_a_rule_against_repeats_counts_in_each_section(place):
    text = (CFG + SERVERS).replace("    timeout client", "    retry-on 502\n    timeout client")
    assert found(text)["balancer.limits"].severity is WARN
    text = text.replace(place, f"    http-request disable-l7-retry if METH_POST\n{place}")
    assert found(text)["balancer.limits"].severity is PASS


def test_both_folders_of_uploads_are_given_back():
    rule = "    use_backend static if { path_beg /storage/ /files/ }\n    default_backend"
    text = CFG.replace("    default_backend", rule) + SERVERS + "backend static\n    server web 10.0.0.9:80 check\n"
    finding = found(text)["balancer.uploads"]
    assert finding.severity is FAIL
    assert finding.detail.count("server web 10.0.0.9:80") == 1
    for folder in ("storage/uploads", "files"):
        assert f"use_backend nodes if {{ path_beg /{folder}/ }}" in finding.remedy.splitlines()


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("http-response set-header Cache-Control public", WARN),
        ("http-response add-header Cache-Control max-age=60,public", WARN),
        ("http-response set-header Cache-Control public if { path_beg /static }", PASS),
        ("http-response set-header Cache-Control private", PASS),
        ("http-request cache-use small if !{ path_beg /api/ }", WARN),
        ("http-request cache-use small if { path_end .css .js }", PASS),
        ("http-request cache-use small unless { path_beg /files/ /storage/ }", PASS),
    ],
)
def test_what_lets_caches_keep_uploads_is_named(rule, severity):
    finding = found(CFG + f"    {rule}\n" + SERVERS)["balancer.uploads"]
    assert finding.severity is severity, finding
