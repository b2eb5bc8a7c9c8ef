"""How large a body nginx lets in: where it comes in, of an upload, of another request of the API."""

import pytest

from tests.unit.sites import judged, nginx_plan
from wizard.plan.finding import Severity

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
SITE = """upstream nodes { server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }
server { listen 443 ssl; server_name app.example.com; SERVER
proxy_read_timeout 600; proxy_send_timeout 600; proxy_http_version 1.1; proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
LOCATIONS
}"""
ALL = "location / { proxy_pass http://nodes; }"
NONE = "client_max_body_size 0;"


def limits(locations, server=NONE):
    text = SITE.replace("SERVER", server).replace("LOCATIONS", locations)
    return judged(text, nginx_plan(), known={})["balancer.limits"]


@pytest.mark.parametrize(
    "location",
    [
        "location /api/attachments {\nclient_max_body_size 5m; proxy_pass http://nodes; }",
        "location = /api/attachments:create {\nclient_max_body_size 5m; proxy_pass http://nodes; }",
        "location ~ ^/api/(attachments|files):(create|upload) {\nclient_max_body_size 5m; proxy_pass http://nodes; }",
        "location ~* attachments {\nclient_max_body_size 5m; proxy_pass http://nodes; }",
    ],
)
def test_a_small_limit_for_uploads_alone_fails_with_its_line(location):
    finding = limits(f"{location}\n{ALL}")
    assert finding.severity is FAIL
    assert finding.detail == "Line 6: client_max_body_size is 5m."
    assert "client_max_body_size 0;  # in the place of line 6" in finding.remedy.splitlines()


def test_uploads_may_be_larger_than_other_bodies_as_long_as_all_are_let_in():
    large = "location /api/attachments { client_max_body_size 500m; proxy_pass http://nodes; }"
    assert limits(f"{large}\n{ALL}", "client_max_body_size 50m;").severity is PASS
    finding = limits(f"{large}\n{ALL}", "client_max_body_size 5m;")
    assert finding.severity is FAIL
    assert finding.detail == "Line 2: client_max_body_size is 5m."


def test_two_small_limits_are_both_named():
    finding = limits(
        f"location /api/attachments {{\nclient_max_body_size 5m; proxy_pass http://nodes; }}\n{ALL}",
        "client_max_body_size 2m;",
    )
    assert "Line 6: client_max_body_size is 5m. Line 2: client_max_body_size is 2m." in finding.detail


@pytest.mark.parametrize(
    "location",
    [
        "location /api/attachments { client_max_body_size 5m; return 403; }",
        "location /api/attach-none { client_max_body_size 5m; proxy_pass http://nodes; }",
        "location ~ ^/api/auth: { client_max_body_size 64k; proxy_pass http://nodes; }",
        "location /files/ { client_max_body_size 1k; proxy_pass http://nodes; }",
    ],
)
def test_a_small_limit_for_other_requests_is_none(location):
    assert limits(f"{location}\n{ALL}").severity is PASS


def test_a_limit_of_uploads_in_a_variable_is_unknown():
    finding = limits(f"location /api/attachments {{ client_max_body_size $most; proxy_pass http://nodes; }}\n{ALL}")
    assert finding.severity is UNKNOWN
    assert "client_max_body_size is in a variable ($most)." in finding.detail


def test_of_a_location_that_is_tried_last_the_first_one_says_how_large_a_body_may_be():
    first, last = "location / {\nFIRST try_files $uri @nodes; }", "location @nodes { LAST proxy_pass http://nodes; }"
    both = f"{first}\n{last}"
    assert limits(both.replace("FIRST", NONE).replace("LAST", ""), "").severity is PASS
    assert limits(both.replace("FIRST", NONE).replace("LAST", "client_max_body_size 1m;"), "").severity is PASS
    small = limits(both.replace("FIRST", "client_max_body_size 1m;").replace("LAST", NONE), "")
    assert (small.severity, small.detail) == (FAIL, "Line 6: client_max_body_size is 1m.")
    finding = limits(both.replace("FIRST", "").replace("LAST", NONE), "")
    assert finding.severity is WARN  # what stands above the site may say it
    assert "# In the block that begins at line 5:\nclient_max_body_size 0;" in finding.remedy
