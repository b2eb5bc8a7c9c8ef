"""Health checks of nginx Plus and Tengine, and health paths that a balancer answers itself."""

import pytest

from tests.unit.sites import haproxy_plan, judged, nginx_plan
from wizard.plan.finding import Severity

PASS, WARN, UNKNOWN = Severity.PASS, Severity.WARN, Severity.UNKNOWN
NODES = "server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000;"
SITE = """server { listen 443 ssl; server_name app.example.com; client_max_body_size 0;
proxy_read_timeout 600; proxy_send_timeout 600; proxy_http_version 1.1; proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
location / { proxy_pass http://nodes; }
}"""
CFG = """
defaults
    mode http
    timeout client 600s
    timeout server 600s
frontend web
    bind :443 ssl crt /x.pem
    http-request set-header X-Forwarded-Proto https
    default_backend nodes
backend nodes
    option httpchk GET /api/__health_check
    server n1 10.0.0.1:13000 check
    server n2 10.0.0.2:13000 check
    server n3 10.0.0.3:13000 check
"""
ITSELF = "learns nothing of the application."
RUNS = "learns that the balancer runs, and nothing of the application."


def nginx(site=SITE, upstream=""):
    return judged(f"upstream nodes {{ {NODES}\n{upstream} }}\n{site}", nginx_plan(), known={})["balancer.limits"]


def haproxy(*rules, plan=None):
    lines = "".join(f"    {rule}\n" for rule in rules)
    text = CFG.replace("    default_backend", f"{lines}    default_backend")
    return judged(text, plan or haproxy_plan(), known={})["balancer.limits"]


@pytest.mark.parametrize(
    "check",
    [
        "health_check uri=/api/__health_check;",
        "health_check interval=5s uri=/api/__health_check fails=2;",
        "health_check; health_check uri=/api/__health_check;",
    ],
)
@pytest.mark.parametrize("place", ["location / { ", "location @hc { internal; proxy_pass http://nodes; "])
def test_a_check_of_nginx_plus_for_the_health_path_passes(check, place):
    at = "location / {"
    site = SITE.replace(at, f"{at} {check}") if place.startswith(at) else SITE.replace(at, f"{place}{check} }} {at}")
    assert nginx(site).severity is PASS, nginx(site)


@pytest.mark.parametrize(
    ("check", "path"),
    [("health_check;", "/"), ("health_check interval=1s uri=/ match=page;", "/"), ("health_check uri=/ok;", "/ok")],
)
def test_a_check_of_nginx_plus_that_cannot_see_a_dead_application_warns(check, path):
    finding = nginx(SITE.replace("location / {", f"location / {{\n{check}\n"))
    assert finding.severity is WARN
    assert f"Line 7: the health check of “upstream nodes” asks for {path}, which" in finding.detail
    assert "health_check uri=/api/__health_check;  # in the place of line 7" in finding.remedy.splitlines()


def test_a_check_of_nginx_plus_in_another_server_counts_and_one_of_another_group_does_not():
    status = "server { listen 8080; location /hc { proxy_pass http://%s; health_check; } }"
    assert nginx(f"{SITE} {status % 'nodes'}").severity is WARN
    assert nginx(f"{SITE} upstream other {{ server 10.9.9.9; }} {status % 'other'}").severity is PASS
    assert nginx(f"{SITE} {status % '$somewhere'}").severity is PASS


@pytest.mark.parametrize(
    "upstream",
    [
        r'check type=http; check_http_send "GET /api/__health_check HTTP/1.0\r\n\r\n"; check_keepalive_requests 9;',
        r'check type=http; check_http_send "HEAD /api/__health_check HTTP/1.1\r\nHost: a\r\n\r\n";',
    ],
)
def test_a_check_of_tengine_for_the_health_path_passes(upstream):
    assert nginx(upstream=upstream).severity is PASS


@pytest.mark.parametrize(
    "finding",
    [
        nginx(upstream=r'check type=http; check_http_send "$request";'),
        nginx(SITE.replace("location / {", "location / { health_check type=grpc;")),
    ],
)
def test_a_check_of_another_kind_cannot_be_told(finding):
    assert finding.severity is UNKNOWN
    assert "asks for cannot be told from the file." in finding.detail


@pytest.mark.parametrize(
    ("upstream", "said", "put"),
    [
        (
            r'check type=http; check_http_send "HEAD / HTTP/1.0\r\n\r\n";',
            "the health check of “upstream nodes” asks for /, which",
            (r'check_http_send "GET /api/__health_check HTTP/1.0\r\n\r\n";  # in the place of line 2',),
        ),
        (
            "check interval=3000 type=http;",
            "the health check of “upstream nodes” asks for /, which",
            (
                "check interval=3000 rise=2 fall=5 timeout=2000 type=http;  # in the place of line 2",
                r'check_http_send "GET /api/__health_check HTTP/1.0\r\n\r\n";',
            ),
        ),
        ("check interval=3000;", "“upstream nodes” looks at the port alone, which", ()),
        ("check type=tcp;", "“upstream nodes” looks at the port alone, which", ()),
    ],
)
def test_a_check_of_tengine_that_cannot_see_a_dead_application_warns(upstream, said, put):
    finding = nginx(upstream=upstream)
    assert finding.severity is WARN
    assert f"Line 2: {said}" in finding.detail
    assert set(put) <= set(finding.remedy.splitlines())


@pytest.mark.parametrize(
    "location",
    [
        "location = /api/__health_check { return 200; }",
        'location = /api/__health_check { access_log off; return 200 "ok"; }',
        "location ^~ /api/__health { return 204; }",
        "location ~ __health_check$ { return 200 ok; }",
    ],
)
def test_a_site_that_answers_for_the_application_is_named(location):
    finding = nginx(SITE.replace("location / {", f"{location}\nlocation / {{"))
    assert finding.severity is WARN
    assert finding.summary.endswith("/api/__health_check.")
    assert "Line 6 answers /api/__health_check itself" in finding.detail
    assert "proxy_pass http://nodes;  # in the place of line 6" in finding.remedy.splitlines()


@pytest.mark.parametrize(
    "location",
    [
        "location = /api/__health_check { return 403; }",
        "location = /api/__health_check { return https://other.example.com/; }",
        "location = /api/__health_check { proxy_pass http://nodes; }",
        "location = /api/__health_check { if ($arg_x) { return 200; } proxy_pass http://nodes; }",
        "location = /robots.txt { return 200 ok; }",
        "location = /shipping { return 200 ok; }",
        "location = /healthz { proxy_pass http://nodes; }",
    ],
)
def test_what_does_not_answer_for_the_application_is_not_named(location):
    finding = nginx(SITE.replace("location / {", f"{location}\nlocation / {{"))
    assert (finding.severity, finding.detail) == (PASS, ""), finding


@pytest.mark.parametrize("path", ["/healthz", "/health", "/lb-health", "/_ping", "/status/alive", "/ready"])
def test_another_health_path_that_the_balancer_answers_is_told_beside_a_pass(path):
    finding = nginx(SITE.replace("location / {", f"location = {path} {{ return 200 ok; }}\nlocation / {{"))
    assert finding.severity is PASS
    assert finding.detail == f"Line 6 answers {path} itself: who asks for it {RUNS}"
    finding = haproxy(f"http-request return status 200 if {{ path {path} }}")
    assert finding.severity is PASS
    assert finding.detail == f"Line 9 answers {path} itself: who asks for it {RUNS}"


@pytest.mark.parametrize(
    "rule",
    [
        "monitor-uri /api/__health_check",
        "http-request return status 200 content-type text/plain string ok if { path /api/__health_check }",
        "http-request return if { path_end __health_check }",
        "http-request return status 204 if { path_beg /api/__health } || { path /x }",
    ],
)
def test_haproxy_that_answers_for_the_application_is_named(rule):
    finding = haproxy(rule)
    assert finding.severity is WARN
    assert "Line 9 answers /api/__health_check itself" in finding.detail
    assert ITSELF in finding.detail
    assert "# line 9: take it out" in finding.remedy.splitlines()


@pytest.mark.parametrize(
    "rules",
    [
        ("monitor-uri /api/__health_check", "monitor fail if { nbsrv(nodes) lt 1 }"),
        ("http-request return status 200 if { path /api/__health_check } { nbsrv(nodes) gt 0 }",),
        ("http-request return status 503 if { path /api/__health_check }",),
        ("http-request return status 204 if METH_OPTIONS",),
        ("http-request return status 200 if { path /robots.txt }",),
    ],
)
def test_haproxy_that_looks_at_its_nodes_or_answers_others_is_not_named(rules):
    finding = haproxy(*rules)
    assert (finding.severity, finding.detail) == (PASS, ""), finding


def test_the_health_path_is_below_the_public_path():
    plan = haproxy_plan().with_value("application.public_path", "/crm/")
    finding = haproxy("monitor-uri /crm/api/__health_check", plan=plan)
    assert "Line 9 answers /crm/api/__health_check itself" in finding.detail
