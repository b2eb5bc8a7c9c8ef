"""What nginx makes of requests on their way to a node: their path, and headers that come to what is wrong."""

import pytest

from tests.unit.sites import judged, nginx_plan
from wizard.plan.finding import Severity

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
NODES = "upstream nodes { server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }\n"
HEADERS = {
    "Host": "$http_host",
    "X-Forwarded-Proto": "$scheme",
    "Upgrade": "$http_upgrade",
    "Connection": "upgrade",
}
ALL = "location / { proxy_pass http://nodes; }"
UPGRADE = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"


def found(locations=ALL, headers=None, above="", url="https://app.example.com", **values):
    lines = "".join(f"proxy_set_header {name} {value}; " for name, value in {**HEADERS, **(headers or {})}.items())
    text = (
        f"{above}{NODES}server {{ listen 443 ssl; server_name app.example.com; client_max_body_size 0; "
        f"proxy_read_timeout 600; proxy_send_timeout 600; proxy_http_version 1.1; {lines}\n{locations}\n}}"
    )
    plan = nginx_plan().with_value("application.public_url", url)
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    return judged(text, plan, known={})


def limits(*words, **values):
    return found(*words, **values)["balancer.limits"]


@pytest.mark.parametrize(
    "locations",
    [
        "location / { proxy_pass http://nodes/; }",
        f"location /api/ {{ proxy_pass http://nodes/api/; }} {ALL}",
        f"location /api {{ proxy_pass http://nodes/api; }} {ALL}",
        f"location = /ws {{ proxy_pass http://nodes/ws; }} {ALL}",
        f"location =/ws {{ proxy_pass http://nodes/ws; }} {ALL}",
        f"location ^~ /api/ {{ proxy_pass http://nodes/api/; }} {ALL}",
        f"location ~ ^/api/ {{ proxy_pass http://nodes; }} {ALL}",
        f"location /api {{ proxy_pass http://nodes/api/; }} {ALL}",
        f"location /api/ {{ rewrite ^/api/(.*) /api/$1 break; proxy_pass http://nodes/; }} {ALL}",
        "location / { set $to nodes; proxy_pass http://$to$request_uri; }",
        "location / { set $to nodes; proxy_pass http://$to${uri}$is_args$args; }",
        "location / { set $to nodes; proxy_pass http://$to/$path; }",
        f"location /other/ {{ proxy_pass http://nodes/; }} {ALL}",
    ],
)
def test_a_node_that_is_asked_for_the_path_as_it_came_passes(locations):
    assert limits(locations).severity is PASS, limits(locations)


@pytest.mark.parametrize(
    ("locations", "path", "asked", "put"),
    [
        ("location /api/ { proxy_pass http://nodes/; }", "/api/app:getInfo", "/app:getInfo", "http://nodes"),
        ("location /api/ { proxy_pass http://nodes/v1/; }", "/api/app:getInfo", "/v1/app:getInfo", "http://nodes"),
        ("location = /ws { proxy_pass http://nodes/; }", "/ws", "/", "http://nodes"),
        ("location ^~ /ws { proxy_pass http://nodes/socket; }", "/ws", "/socket", "http://nodes"),
        ("location /api/ { set $to nodes; proxy_pass http://$to/; }", "/api/app:getInfo", "/", "http://$to"),
    ],
)
def test_a_node_that_is_asked_for_another_path_fails(locations, path, asked, put):
    finding = limits(f"{locations} {ALL}")
    assert finding.severity is FAIL
    assert f"Line 3: who asks for {path} gets what a node has at {asked} (proxy_pass {put}" in finding.detail
    assert f"proxy_pass {put};  # in the place of line 3" in finding.remedy.splitlines()


def test_paths_that_are_rewritten_are_not_known():
    rewritten = found(f"rewrite ^/(.*)$ /nodes/$1 last; location /nodes/ {{ proxy_pass http://nodes/; }} {ALL}")
    assert rewritten["balancer.upstream"].severity is UNKNOWN
    assert "“rewrite ^/(.*)$ /nodes/$1 last;” decides what holds" in rewritten["balancer.upstream"].detail


@pytest.mark.parametrize(
    "rewrite",
    [
        "rewrite ^/old/(.*)$ /$1 last;",
        "rewrite ^/(.*)$ https://other.example.com/$1;",
        "rewrite ^/api/(.*)$ /v2/$1 permanent;",
        "rewrite ^ $scheme://other.example.com$request_uri;",
    ],
)
def test_a_rewrite_of_other_paths_and_one_that_leads_away_change_nothing(rewrite):
    assert limits(f"{rewrite} {ALL}").severity is PASS


@pytest.mark.parametrize(
    "above",
    [
        UPGRADE,
        "map $http_upgrade $connection_upgrade { default close; websocket Upgrade; }",
        "map $http_connection $connection_upgrade { default keep-alive; ~*upgrade $http_connection; }",
        "map $http_upgrade $connection_upgrade { include upgrade.map; }",
        "",
    ],
)
def test_an_upgrade_that_a_map_lets_through_or_that_is_not_in_the_file_passes(above):
    assert limits(above=above, headers={"Connection": "$connection_upgrade"}).severity is PASS


@pytest.mark.parametrize(
    ("above", "comes_to"),
    [
        ("map $http_upgrade $connection_upgrade { default close; '' ''; }", "close"),
        ("map $http_upgrade $connection_upgrade { default ''; }", "not set"),
        ("map $http_upgrade $connection_upgrade { h2c upgrade; }", "not set"),
    ],
)
def test_an_upgrade_that_a_map_takes_out_fails(above, comes_to):
    finding = limits(above=above, headers={"Connection": "$connection_upgrade"})
    assert finding.severity is FAIL
    assert f"Connection is $connection_upgrade ({comes_to})." in finding.detail


def test_a_scheme_as_a_client_sends_it_is_none_where_tls_ends():
    headers = {"X-Forwarded-Proto": "$http_x_forwarded_proto"}
    finding = limits(headers=headers)
    assert finding.severity is FAIL
    assert "X-Forwarded-Proto is $http_x_forwarded_proto, which browsers do not send." in finding.detail
    assert "proxy_set_header X-Forwarded-Proto $scheme;  # in the place of line 2" in finding.remedy.splitlines()
    assert limits(headers=headers, balancer__behind_proxy=True).severity is PASS


@pytest.mark.parametrize(("host", "severity"), [("$http_host", PASS), ("$proxy_host", FAIL)])
def test_a_host_as_a_client_sends_it_leaves_the_host_itself(host, severity):
    headers = {"Host": host, "X-Forwarded-Host": "$http_x_forwarded_host"}
    assert limits(headers=headers).severity is severity
    assert limits(headers=headers, balancer__behind_proxy=True).severity is PASS


@pytest.mark.parametrize(
    ("host", "url", "severity"),
    [
        ("$host:$server_port", "https://app.example.com", FAIL),
        ("${host}:${server_port}", "https://app.example.com", FAIL),
        ("$host:$proxy_port", "https://app.example.com", FAIL),
        ("$host:443", "https://app.example.com", FAIL),
        ("$host:8443", "https://app.example.com:8443", PASS),
        ("$host:$server_port", "https://app.example.com:8443", PASS),
        ("$host:443", "https://app.example.com:8443", FAIL),
        ("$host", "https://app.example.com:8443", FAIL),
        ("$host", "https://app.example.com", PASS),
    ],
)
def test_the_host_has_the_port_that_browsers_have_in_theirs(host, url, severity):
    assert limits(headers={"Host": host}, url=url).severity is severity


@pytest.mark.parametrize(
    ("names", "url", "severity"),
    [
        ("app.example.com", "https://app.example.com", PASS),
        ("App.Example.com *.example.com", "https://app.example.com", PASS),
        (".app.example.com", "https://app.example.com", PASS),
        ("*.example.com app.example.com", "https://app.example.com", FAIL),
        ("old.example.com app.example.com", "https://app.example.com", FAIL),
        ("app.example.com", "https://app.example.com:8443", FAIL),
    ],
)
@pytest.mark.parametrize("host", ["$server_name", "${server_name}"])
def test_the_name_of_a_server_is_its_first_one(names, url, severity, host):
    text = f"{NODES}server {{ listen 443 ssl; server_name {names}; proxy_set_header Host {host}; {ALL} }}"
    plan = nginx_plan().with_value("application.public_url", url)
    finding = judged(text, plan, known={})["balancer.limits"]
    shown = f"Line 2: Host is {host} ({names.split()[0]})."
    assert (shown in finding.detail) is (severity is FAIL), finding


def test_where_a_file_beside_says_where_requests_go_that_is_told():
    finding = found("include more.conf; location / { include proxy.conf; }")["balancer.upstream"]
    assert finding.severity is UNKNOWN
    assert "where requests go stands in a file that is not read (include proxy.conf;)" in finding.detail


@pytest.mark.parametrize(("patience", "severity"), [("20s", WARN), ("30", WARN), ("31s", PASS), ("1h", PASS)])
def test_a_websocket_is_not_cut_off_between_two_words_of_a_browser(patience, severity):
    finding = limits(f"location = /ws {{ proxy_read_timeout {patience}; proxy_pass http://nodes; }} {ALL}")
    assert finding.severity is severity
    if severity is WARN:
        assert f"Line 3: proxy_read_timeout is {patience} for WebSockets." in finding.detail
        assert "proxy_read_timeout 600s;  # in the place of line 3" in finding.remedy.splitlines()


@pytest.mark.parametrize(
    ("above", "lines", "severity"),
    [
        ("", "proxy_cache nodes;", WARN),
        ("", "proxy_cache nodes; proxy_no_cache 1;", PASS),
        ("", "proxy_cache nodes; proxy_no_cache $http_pragma 0;", WARN),
        ("map $sent_http_content_type $kept { default off; text/css max; }", "expires $kept;", PASS),
        ("map $sent_http_content_type $kept { default off; ~image/ max; }", "expires $kept;", WARN),
        ("map $uri $kept { default off; ~\\.png$ 7d; }", "expires $kept;", WARN),
    ],
)
def test_what_a_cache_keeps_is_told_for_an_uploaded_file(above, lines, severity):
    assert (
        found(f"location / {{ {lines} proxy_pass http://nodes; }}", above=above)["balancer.uploads"].severity
        is severity
    )


@pytest.mark.parametrize(
    ("server", "location", "severity"),
    [
        ('auth_basic "internal"; auth_basic_user_file /etc/pw;', "", FAIL),
        ("", 'auth_basic "internal";', FAIL),
        ('auth_basic "internal";', "auth_basic off;", PASS),
        ('auth_basic "internal"; satisfy any; allow 10.0.0.0/8; deny all;', "", PASS),
        ('auth_basic "internal"; satisfy all;', "", FAIL),
        ("auth_basic $realm;", "", UNKNOWN),
        ("auth_request /oauth2/auth;", "", PASS),
    ],
)
def test_a_password_of_nginxs_own_shuts_out_those_who_are_signed_in(server, location, severity):
    text = f"""upstream nodes {{ server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }}
server {{ listen 443 ssl; server_name app.example.com; client_max_body_size 0; {server}
proxy_read_timeout 600; proxy_send_timeout 600; proxy_http_version 1.1; proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection upgrade;
location / {{ {location} proxy_pass http://nodes; }} }}"""
    finding = judged(text, nginx_plan(), known={})["balancer.limits"]
    assert finding.severity is severity
    if severity is FAIL:
        assert "the balancer asks for a password of its own" in finding.detail
        assert any(line.startswith("auth_basic off;") for line in finding.remedy.splitlines())
