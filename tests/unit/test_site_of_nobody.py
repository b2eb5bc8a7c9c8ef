"""Sites of nginx and HAProxy whose servers stand elsewhere, so that nothing can be said of a node that is not there."""

import pytest

from tests.unit.sites import haproxy_plan, judged, nginx_plan
from wizard.plan.finding import Severity

NODES = "server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000;"
SITE = "server { listen 443 ssl; server_name app.example.com; location / { proxy_pass http://nodes; } }"
CFG = """
defaults
    mode http
frontend web
    bind :443 ssl crt /x.pem
    default_backend nodes
backend nodes
"""


def upstream(text, plan=None):
    return judged(text, plan or nginx_plan(), known={})["balancer.upstream"]


@pytest.mark.parametrize(
    ("servers", "said"),
    [
        ("server unix:/run/one.sock; server unix:/run/two.sock;", "unix:/run/one.sock, which may be a node"),
        (f"{NODES} server unix:/run/three.sock;", "unix:/run/three.sock, which may be a node"),
        ("zone nodes 64k; state /var/lib/nginx/nodes.conf;", "state /var/lib/nginx/nodes.conf;"),
        ("zone nodes 64k; server nodes.internal service=http resolve;", "nodes.internal, which may be a node"),
        (
            "server 127.0.0.1:11111; upsync 127.0.0.1:8500/v1/kv/x upsync_type=consul;",
            "a program decides",
        ),
        ("server 0.0.0.1; balancer_by_lua_block { set_current_peer() }", "a program decides where requests go"),
    ],
)
def test_servers_that_stand_elsewhere_are_not_missing(servers, said):
    finding = upstream(f"upstream nodes {{ {servers} }} {SITE}")
    assert finding.severity is Severity.UNKNOWN, finding
    assert said in finding.detail


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ('set $to ""; access_by_lua_block { ngx.var.to = "10.0.0.1:1" } proxy_pass http://$to;', "a program decides"),
        ('set $to ""; proxy_pass http://$to;', "in a variable"),
        ("proxy_pass http://unix:/run/node.sock:/;", "unix:/run/node.sock, which may be a node"),
    ],
)
def test_an_address_that_nothing_in_the_file_tells_is_unknown(place, said):
    finding = upstream(SITE.replace("proxy_pass http://nodes;", place))
    assert finding.severity is Severity.UNKNOWN, finding
    assert said in finding.detail


def test_a_program_that_touches_no_address_hinders_nothing():
    text = SITE.replace("location / {", "location / { access_by_lua_block { ngx.log(ngx.ERR) }")
    assert upstream(f"upstream nodes {{ {NODES} }} {text}").severity is Severity.PASS


@pytest.mark.parametrize("uri", ["", "$request_uri", "${request_uri}", "$uri$is_args$args", "/$1", "$document_uri"])
def test_the_path_behind_an_address_is_no_part_of_it(uri):
    text = SITE.replace("proxy_pass http://nodes;", f"set $to nodes; proxy_pass http://$to{uri};")
    assert upstream(f"upstream nodes {{ {NODES} }} {text}").severity is Severity.PASS
    text = SITE.replace("proxy_pass http://nodes;", f"set $to 10.0.0.1; proxy_pass http://$to:13000{uri};")
    finding = upstream(text)
    assert finding.severity is Severity.FAIL
    assert "no request goes to node2 (10.0.0.2:13000), node3 (10.0.0.3:13000)" in finding.summary


@pytest.mark.parametrize("address", ["unix@/run/one.sock", "/run/one.sock", "abns@one", "fd@3"])
def test_a_socket_of_haproxy_may_be_any_node(address):
    finding = upstream(f"{CFG}    server one {address} check\n", haproxy_plan())
    assert finding.severity is Severity.UNKNOWN, finding
    assert f"{address}, which may be a node" in finding.detail
