"""What a site file says of uploaded files: left to NocoBase, given away by the balancer, or kept by a cache."""

import pytest

from tests.unit.sites import haproxy_plan, judged, nginx_plan
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Extra

PASS, WARN, FAIL, SKIP, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.SKIP, Severity.UNKNOWN
NODES = "upstream nodes { server 10.0.0.1:13000; }"


def uploads(text, plan=None):
    return judged(text, plan or nginx_plan(), known={})["balancer.uploads"]


def site(more, above="", inside=""):
    return f"{above} {NODES} server {{ listen 443 ssl; {inside} location / {{ proxy_pass http://nodes; }} {more} }}"


def told(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize(
    "location",
    [
        "location /storage/uploads/ { alias /var/www/app/storage/uploads/; expires 30d; }",
        "location ~ ^/storage/ { root /app/nocobase; }",
        r"location ~* \.(png|jpg)$ { root /app/nocobase; }",
        "location ^~ /storage/ { try_files $uri =404; }",
        "location /storage/ { alias /srv/storage/; auth_request off; }",
    ],
)
def test_a_folder_on_the_balancers_own_disk_fails_with_its_line(location):
    finding = uploads(site(location, inside="root /srv;"))
    assert told(finding) == (FAIL, ErrorKind.PERMISSION)
    assert finding.subject == "site.conf"
    assert "Line 1: " in finding.detail
    assert "location ^~ /storage/uploads/ {" in finding.remedy


@pytest.mark.parametrize(
    "location",
    [
        "",
        "location /storage/uploads/ { proxy_pass http://nodes; }",
        "location /storage/uploads/ { alias /srv/storage/uploads/; auth_request /_auth; }",
        "location /storage/uploads/ { internal; alias /srv/storage/uploads/; }",
        "location /storage/ { deny all; root /srv; }",
        "location /storage/ { return 403; }",
        "location /files/ { proxy_pass http://nodes; expires off; }",
        "location /files/ { proxy_pass http://nodes; add_header Cache-Control private; }",
        "location /static/ { root /srv; expires 30d; }",
    ],
)
def test_what_is_left_to_nocobase_passes(location):
    assert told(uploads(site(location))) == (PASS, None)


AT_LAST = "location @node { proxy_pass http://nodes; }"


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("location / { root /app/nocobase; try_files $uri @node; }", "root /app/nocobase;"),
        ("location / { root /app/nocobase/; try_files /off.html $uri $uri/ @node; }", "root /app/nocobase/;"),
        ("location /storage/ { root /opt/some; try_files $uri @node; }", "root /opt/some;"),
        ("location /storage/ { alias /opt/some/storage/; try_files $uri @node; }", "alias /opt/some/storage/;"),
        ("location ^~ /stor { alias /app/nocobase/stor; try_files $uri @node; }", "alias /app/nocobase/stor;"),
        (r"location ~* \.(png|pdf)$ { root /app/nocobase; try_files $uri @node; }", "root /app/nocobase;"),
    ],
)
def test_a_folder_above_the_uploads_in_which_is_looked_first_fails(location, named):
    plan = nginx_plan().with_value("storage.path", "/app/nocobase/storage")
    finding = uploads(f"{NODES} server {{ listen 443 ssl; {location} {AT_LAST} }}", plan)
    assert told(finding) == (FAIL, ErrorKind.PERMISSION)
    assert f"Line 1: {named}" in finding.detail


@pytest.mark.parametrize(
    "location",
    [
        "location / { root /srv/app; try_files $uri @node; }",
        "location / { root /app/nocobase2; try_files $uri @node; }",
        r"location ~* \.(png|pdf)$ { root $somewhere; try_files $uri @node; }",
    ],
)
def test_of_a_folder_that_may_have_the_uploads_nothing_is_told(location):
    plan = nginx_plan().with_value("storage.path", "/app/nocobase/storage")
    finding = uploads(f"{NODES} server {{ listen 443 ssl; {location} {AT_LAST} }}", plan)
    assert told(finding) == (UNKNOWN, ErrorKind.OTHER)
    assert "files of this folder are given to everybody before NocoBase is asked" in finding.detail


@pytest.mark.parametrize(
    "location",
    [
        "location / { root /usr/share/nginx/html; try_files $uri @node; }",
        "location / { root /app/nocobase/dist/client/; try_files $uri @node; }",
        "location / { root /app/nocobase; try_files /off.html @node; }",
        "location / { try_files $uri @node; }",
        "location ^~ /static/ { root /app/nocobase; try_files $uri @node; }",
        "location / { root /app/nocobase; try_files $uri @node; auth_request /_auth; }",
    ],
)
def test_a_folder_of_pages_and_one_that_is_not_looked_at_pass(location):
    plan = nginx_plan().with_value("storage.path", "/app/nocobase/storage")
    assert told(uploads(f"{NODES} server {{ listen 443 ssl; {location} {AT_LAST} }}", plan)) == (PASS, None)


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("location /files/ { proxy_pass http://nodes; expires 30d; }", "expires 30d;"),
        ("location /files/ { proxy_pass http://nodes; proxy_cache all; }", "proxy_cache all;"),
        (
            'location /storage/ { proxy_pass http://nodes; add_header Cache-Control "public, immutable"; }',
            "add_header Cache-Control public, immutable;",
        ),
    ],
)
def test_what_caches_keep_is_a_warning_with_the_line_to_take_out(location, named):
    finding = uploads(site(location))
    assert told(finding) == (WARN, None)
    assert named in finding.detail
    assert f"take out line 1 ({named})" in finding.remedy


def test_a_cache_of_the_whole_server_counts_too():
    assert told(uploads(site("", inside="proxy_cache all;"))) == (WARN, None)
    assert told(uploads(f"events {{}} http {{ proxy_cache all; {site('')} }}")) == (WARN, None)
    assert told(uploads(site("", inside="proxy_cache off;"))) == (PASS, None)


def test_where_uploads_are_public_by_wish_or_by_version_nothing_is_said():
    given = site("location /storage/ { root /srv; }")
    wished = nginx_plan()
    object.__setattr__(wished, "extras", (*wished.extras, Extra("LEGACY_LOCAL_STORAGE_PUBLIC_ACCESS", "true")))
    assert uploads(given, wished).severity is SKIP
    assert uploads(given, nginx_plan().with_value("application.version", "2.1.30")).severity is SKIP
    assert uploads(given, nginx_plan().with_value("application.version", "2.2.0")).severity is FAIL


HAPROXY = """
defaults
    mode http
frontend web
    bind :443 ssl crt /x.pem
    use_backend disk if { path_beg /storage/ }
    default_backend nodes
backend nodes
    server one 10.0.0.1:13000 check
backend disk
    server web 10.0.0.9:80
"""


def test_haproxy_that_sends_uploads_to_another_server_fails():
    finding = uploads(HAPROXY, haproxy_plan())
    assert told(finding) == (FAIL, ErrorKind.PERMISSION)
    assert "Line 11: server web 10.0.0.9:80" in finding.detail
    assert "use_backend nodes if { path_beg /storage/uploads/ }" in finding.remedy


@pytest.mark.parametrize(("old", "new"), [("10.0.0.9:80", "10.0.0.2:13000"), ("{ path_beg /storage/ }", "{ path /x }")])
def test_haproxy_that_leaves_uploads_to_the_nodes_passes(old, new):
    assert told(uploads(HAPROXY.replace(old, new), haproxy_plan())) == (PASS, None)


@pytest.mark.parametrize(
    ("location", "folder"),
    [
        ("location /files/ { root /srv/x; }", "files"),
        (r"location ~ ^/files/(.*)$ { alias /srv/uploads/$1; }", "files"),
        ("location /files/ { proxy_pass http://minio.internal:9000; }", "files"),
        ("location /storage/uploads/ { proxy_pass http://static.internal; }", "storage/uploads"),
    ],
)
def test_files_that_another_answers_for_fail_and_their_own_folder_is_put_right(location, folder):
    finding = uploads(site(location))
    assert told(finding) == (FAIL, ErrorKind.PERMISSION)
    assert f"location ^~ /{folder}/ {{" in finding.remedy


@pytest.mark.parametrize(
    ("location", "above"),
    [
        ("location /files/ { proxy_pass http://sticky; }", "upstream sticky { ip_hash; server 10.0.0.1:13000; }"),
        ("location /storage/uploads/ { proxy_pass http://$where; }", ""),
        ("location / { root /srv/app; try_files $uri /index.html; } location /api/ { proxy_pass http://nodes; }", ""),
    ],
)
def test_what_leads_to_nodes_or_nobody_knows_where_is_no_failure(location, above):
    assert uploads(site(location, above)).severity is PASS


def test_haproxy_fails_for_addresses_of_files_that_lead_elsewhere_and_warns_of_a_cache_of_all():
    head = "frontend web\n  mode http\n  bind :443\n"
    tail = "  default_backend nodes\nbackend nodes\n  server a 10.0.0.1:13000\n"
    other = "backend other\n  server s 10.9.9.9:80\n"
    led = f"{head}  use_backend other if {{ path_beg /files/ }}\n{tail}{other}"
    finding = uploads(led, haproxy_plan())
    assert told(finding) == (FAIL, ErrorKind.PERMISSION)
    assert "if { path_beg /files/ }" in finding.remedy
    for line, severity in (("", WARN), (" if { path_beg /files/ }", WARN), (" if { path_beg /static/ }", PASS)):
        kept = f"{head}  http-request cache-use c{line}\n{tail}"
        assert uploads(kept, haproxy_plan()).severity is severity
