"""What a balancer's health check asks for, and what it makes of what NocoBase answers: a living one, a dead one."""

import pytest

from tests.unit.sites import haproxy_plan, judged, nginx_plan
from wizard.plan.finding import Severity

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
CFG = """defaults
    mode http
    timeout client 600s
    timeout server 600s
frontend web
    bind :443 ssl crt /x.pem
    http-request set-header X-Forwarded-Proto https
    default_backend nodes
backend nodes
    CHECK
    server n1 10.0.0.1:13000 check
    server n2 10.0.0.2:13000 check
    server n3 10.0.0.3:13000 check
"""
SITE = """upstream nodes {{ server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; {upstream} }}
server {{ listen 443 ssl; server_name app.example.com; client_max_body_size 0;
proxy_read_timeout 600; proxy_send_timeout 600; proxy_http_version 1.1; proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
location / {{ {location} proxy_pass http://nodes; }} }}
{beside}"""
OWN = "/api/__health_check"
SENDS = r'check type=http; check_http_send "GET /api/__health_check HTTP/1.0\r\n\r\n";'


def haproxy(*lines, servers=" check"):
    text = CFG.replace("CHECK", "\n    ".join(lines)).replace(" check\n", f"{servers}\n")
    return judged(text, haproxy_plan(), known={})["balancer.limits"]


def nginx(location="", upstream="", beside=""):
    text = SITE.format(location=location, upstream=upstream, beside=beside)
    return judged(text, nginx_plan(), known={})["balancer.limits"]


def of_plus(match, more=""):
    return nginx(f"health_check uri={OWN} match=alive {more};", beside=match)


@pytest.mark.parametrize(
    ("path", "severity", "said"),
    [
        (OWN, PASS, ""),
        ("/api/any/__health_check", PASS, ""),
        (f"{OWN}?then=/__health_check", PASS, ""),
        ("/api/app:getInfo", PASS, ""),
        ("/api/app:getLang?locale=fr", PASS, ""),
        (
            f"{OWN}?x=1",
            WARN,
            f"asks for {OWN}?x=1. NocoBase answers “ok” only where the URL ends with /__health_check:",
        ),
        (f"{OWN}?", WARN, "only where the URL ends with"),
        ("/__health_check", WARN, "which NocoBase's web server answers also where the application is dead"),
        ("/v2/?x=/__health_check", WARN, "which NocoBase's web server answers also where the application is dead"),
        (f"{OWN}/", UNKNOWN, f"asks for {OWN}/. What a living node answers is not known."),
        ("/api/users:list", UNKNOWN, "What a living node answers is not known."),
        ("/api/__app/one/__health_check", UNKNOWN, "What a living node answers is not known."),
    ],
)
def test_what_is_asked_for_decides_whether_a_dead_application_is_seen(path, severity, said):
    for finding in (haproxy(f"option httpchk GET {path}"), nginx(f"health_check uri={path};")):
        assert finding.severity is severity
        assert said in finding.detail


@pytest.mark.parametrize(
    ("match", "severity", "said"),
    [
        ('match alive { status 200; body ~ "^ok$"; }', PASS, ""),
        ("match alive { status 200-299 304; }", PASS, ""),
        ("match alive { status ! 400-599; }", PASS, ""),
        ("match alive { body ~ ok; }", PASS, ""),
        ("match alive { body !~ maintaining; }", PASS, ""),
        ("match alive { status 200; header ! Refresh; }", UNKNOWN, "(header ! Refresh)."),
        ("match alive { require $upstream_http_x; }", UNKNOWN, "(require $upstream_http_x)."),
        ('match alive { body ~ "(ok"; }', UNKNOWN, "tells a dead application from a living one cannot be told"),
        ("match alive { status okay; }", UNKNOWN, "(status okay)."),
        ("match other { status 200; }", UNKNOWN, "(health_check uri=/api/__health_check match=alive)."),
        ("match alive { status 200-599; }", WARN, "takes the answer 503 for a good one (status 200-599)"),
        ("match alive { status ! 500; }", WARN, "takes the answer 503 for a good one (status ! 500)"),
        ("match alive { }", WARN, "takes the answer 503 for a good one (match alive {})"),
        ("match alive { status 204; }", FAIL, "refuses what a living application answers (status 204)"),
        ("match alive { status 200; body ~ healthy; }", FAIL, "refuses what a living application answers (body ~ he"),
        ("match alive { body !~ ok; }", FAIL, "every node is taken for dead."),
    ],
)
def test_a_match_of_nginx_plus_is_held_against_what_nocobase_answers(match, severity, said):
    finding = of_plus(match)
    assert finding.severity is severity
    assert said in finding.detail
    if severity in (WARN, FAIL):
        put = 'body ~ "^ok$";' + ("" if "{ }" in match else "  # in the place of line 6")
        assert put in finding.remedy.splitlines()


def test_no_match_mends_a_check_of_a_page():
    finding = nginx("health_check match=alive;", beside="match alive { status 200; }")
    assert finding.severity is WARN
    assert "asks for /, which NocoBase's web server answers" in finding.detail


@pytest.mark.parametrize(
    ("upstream", "severity", "said"),
    [
        (f"{SENDS} check_http_expect_alive http_2xx;", PASS, ""),
        (f"{SENDS} check_http_expect_alive http_2xx http_3xx http_4xx;", PASS, ""),
        (SENDS.replace(r"1.0\r\n", r"1.1\r\nHost: app\r\n"), PASS, ""),
        (f"{SENDS} check_http_expect_alive http_2xx http_5xx;", WARN, "(check_http_expect_alive http_2xx http_5xx)"),
        (f"{SENDS} check_http_expect_alive http_3xx;", FAIL, "refuses what a living application answers"),
        (
            SENDS.replace("1.0", "1.1"),
            FAIL,
            "speaks HTTP/1.1 without the header Host. Every node answers that with 400",
        ),
        (
            r'check type=http; check_http_send "GET /api/__health_check\r\n";',
            UNKNOWN,
            "asks for cannot be told from the",
        ),
        (SENDS.replace("type=http", "type=http port=8080"), UNKNOWN, "asks for cannot be told from the file"),
        (SENDS.replace("type=http", "type=http port=13000"), PASS, ""),
        ("check type=mysql;", UNKNOWN, "asks for cannot be told from the file"),
        ("check type=ssl_hello;", WARN, "looks at the port alone"),
    ],
)
def test_a_check_of_tengine_is_held_against_what_nocobase_answers(upstream, severity, said):
    finding = nginx(upstream=upstream)
    assert finding.severity is severity
    assert said in finding.detail


@pytest.mark.parametrize(
    ("lines", "severity", "said"),
    [
        ([f"option httpchk GET {OWN} HTTP/1.1", "http-check send hdr Host app.example.com"], PASS, ""),
        (["option httpchk", f"http-check send meth GET uri {OWN} ver HTTP/1.1 hdr host app"], PASS, ""),
        ([rf"option httpchk GET {OWN} HTTP/1.1\r\nHost:\ app"], PASS, ""),
        ([f"option httpchk HEAD {OWN}", "http-check expect status 200"], PASS, ""),
        ([f"option httpchk GET {OWN}", "http-check expect min-recv 2 comment x rstring ^ok"], PASS, ""),
        ([f"option httpchk GET {OWN}", "http-check expect string ok"], PASS, ""),
        ([f"option httpchk GET {OWN}", "http-check expect hdr name X-Alive"], UNKNOWN, "expect hdr name X-Alive)."),
        ([f"option httpchk GET {OWN}", "http-check expect status 204"], FAIL, "(http-check expect status 204)"),
        ([f"option httpchk GET {OWN}", "http-check expect string healthy"], FAIL, "every node is taken for dead."),
        ([f"option httpchk HEAD {OWN}", "http-check expect rstring ^ok$"], FAIL, "every node is taken for dead."),
        ([f"option httpchk GET {OWN} HTTP/1.1"], FAIL, "Line 10: the health check of “backend nodes” speaks HTTP/1.1"),
        (["option httpchk", f"http-check send uri {OWN} ver HTTP/1.1"], FAIL, "Line 11: the health check of “backend"),
        (["option httpchk GET /api/app:getInfo", "http-check expect string ok"], UNKNOWN, "(http-check expect string"),
        (["option tcp-check", rf"tcp-check send GET\ {OWN}\ HTTP/1.0\r\n\r\n"], WARN, "takes the answer 503"),
        (
            ["option tcp-check", rf'tcp-check send "GET {OWN} HTTP/1.0\r\n\r\n"', r"tcp-check expect string 200\ OK"],
            PASS,
            "",
        ),
        (
            ["option tcp-check", rf'tcp-check send "GET {OWN} HTTP/1.0\r\n\r\n"', "tcp-check expect rstring HTTP/1"],
            WARN,
            "takes the answer 503 for a good one (tcp-check expect rstring HTTP/1)",
        ),
        (
            ["option tcp-check", rf'tcp-check send "GET {OWN} HTTP/1.1\r\n\r\n"', r"tcp-check expect string 200\ OK"],
            FAIL,
            "speaks HTTP/1.1 without the header Host.",
        ),
        (
            ["option tcp-check", rf'tcp-check send "GET {OWN} HTTP/1.0\r\n\r\n"', "tcp-check expect binary 6f6b"],
            UNKNOWN,
            "(tcp-check expect binary 6f6b).",
        ),
        (["option external-check"], UNKNOWN, "Line 10: what the health check of “backend nodes” asks for cannot be"),
    ],
)
def test_a_check_of_haproxy_is_held_against_what_nocobase_answers(lines, severity, said):
    finding = haproxy(*lines)
    assert finding.severity is severity
    assert said in finding.detail


@pytest.mark.parametrize(
    ("servers", "severity"),
    [
        (" check port 13000", PASS),
        (" check inter 2s fall 3 rise 2 port 8080", UNKNOWN),
        (" check addr 10.9.9.9", UNKNOWN),
        (" no-check port 8080", WARN),
    ],
)
def test_a_check_at_another_port_or_address_cannot_be_told(servers, severity):
    finding = haproxy(f"option httpchk GET {OWN}", servers=servers)
    assert finding.severity is severity
