"""A balancer's own configuration beside the plan: who gets requests. What it does when it runs, tests/live shows."""

from dataclasses import replace

import pytest

from tests.unit.plans import good_plan
from tests.unit.sites import BUNDLED, haproxy_plan, judged, nginx_plan
from wizard.checks.balancer import site
from wizard.checks.balancer.site.judge import judge
from wizard.checks.balancer.site.probe import SiteFacts
from wizard.engine.facts import Known, Trouble
from wizard.formats import allowance
from wizard.formats.allowance import Cost
from wizard.formats.sites import haproxy, nginx
from wizard.formats.sites.writers import WRITERS
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import BalancerKind, Distribution, Node

PASS, FAIL, SKIP, UNKNOWN = Severity.PASS, Severity.FAIL, Severity.SKIP, Severity.UNKNOWN
NODES = "upstream nodes { server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }"
SERVER = "server { listen 443 ssl; server_name app.example.com; location / { proxy_pass http://nodes; } }"


def upstream(text, plan=None, **more):
    return judged(text, plan or nginx_plan(), **more)["balancer.upstream"]


def told(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize("kind", list(WRITERS))
@pytest.mark.parametrize("distribution", list(Distribution))
@pytest.mark.parametrize("values", BUNDLED, ids=str)
def test_what_the_wizard_exports_is_as_the_plan_wants_it(kind, distribution, values):
    plan = good_plan().with_value("balancer.kind", kind).with_value("balancer.distribution", distribution)
    for key, value in values.items():
        plan = plan.with_value(key, value)
    found = judged((haproxy if kind is BalancerKind.HAPROXY else nginx).render(plan), plan)
    assert {finding.severity for finding in found.values()} == {PASS}, found


@pytest.mark.parametrize(
    "text",
    [
        f"{NODES} {SERVER}",
        f"events {{}} http {{ include mime.types; {NODES} {SERVER} }}",
        NODES.replace("13000;", "13000 max_fails=3;") + SERVER,
        f"{NODES} server {{ listen 80; return 308 https://x$request_uri; }} {SERVER}",
        f"{NODES} server {{ server_name other.example.com; location / {{ proxy_pass http://127.0.0.1:1; }} }} {SERVER}",
        f"{NODES} {SERVER}".replace("app.example.com", "*.example.com"),
        f"{NODES} {SERVER}".replace("app.example.com", "~^(?<name>app)\\.example"),
        f"{NODES} {SERVER}".replace("app.example.com", "_"),
        f"{NODES} {SERVER}".replace("server_name app.example.com;", ""),
        f"{NODES} {SERVER}".replace("location / {", "location / { if ($request_method = GET) { set $x 1; }"),
        f"{NODES} {SERVER}".replace(
            "location / {", "location / { try_files $uri @app; } location ~ \\.php$ { return 404; } location @app {"
        ),
        f"{NODES} {SERVER}".replace(
            "location / {", "root /dist; location = /ws { proxy_pass http://nodes; } location ^~ /api/ {"
        ),
        f"{NODES} {SERVER}".replace("listen 443 ssl;", "listen 443 ssl; include snippets/ssl.conf;"),
    ],
)
def test_a_site_with_all_nodes_passes_however_it_is_written(text):
    assert told(upstream(text)) == (PASS, None)


def test_a_node_that_is_left_out_is_named_with_the_line_to_add():
    finding = upstream(NODES.replace(" server 10.0.0.2:13000;", "") + SERVER)
    assert told(finding) == (FAIL, ErrorKind.MISSING)
    assert "node2 (10.0.0.2:13000)" in finding.summary
    assert "node1" not in finding.summary
    assert "server 10.0.0.2:13000 max_fails=3 fail_timeout=10s;  # node2" in finding.remedy.splitlines()
    assert "nginx -t && nginx -s reload" in finding.remedy


@pytest.mark.parametrize("switch", ["down", "max_fails=1 down"])
def test_a_node_that_is_switched_off_gets_no_request(switch):
    finding = upstream(NODES.replace("10.0.0.2:13000", f"10.0.0.2:13000 {switch}") + SERVER)
    assert told(finding) == (FAIL, ErrorKind.MISSING)
    assert "node2" in finding.summary


def test_a_node_for_tasks_alone_is_named_with_the_line_to_take_out():
    plan = nginx_plan()
    tasks = replace(plan.nodes[2], worker_mode="*")
    finding = upstream(f"\n\n{NODES} {SERVER}", replace(plan, nodes=(*plan.nodes[:2], tasks)))
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "requests go to node3 (10.0.0.3:13000), for tasks alone" in finding.summary
    assert "# line 3: server 10.0.0.3:13000;" in finding.remedy


def test_an_address_of_no_node_is_named():
    finding = upstream(NODES.replace("10.0.0.3:13000;", "10.0.0.3:13000; server 10.0.0.9:13000;") + SERVER)
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "requests go to 10.0.0.9:13000, no node of the plan" in finding.summary


def test_another_port_is_another_address():
    finding = upstream(NODES.replace("10.0.0.2:13000", "10.0.0.2") + SERVER)
    assert told(finding) == (FAIL, ErrorKind.MISSING)
    assert "# line 1: server 10.0.0.2;" in finding.remedy


def test_a_single_address_asks_for_an_upstream():
    finding = upstream(SERVER.replace("http://nodes", "http://10.0.0.1:13000"))
    assert told(finding) == (FAIL, ErrorKind.MISSING)
    assert "# Make an “upstream”" in finding.remedy
    assert "10.0.0.3:13000 max_fails" in finding.remedy


def named(*hosts):
    return replace(nginx_plan(), nodes=tuple(Node(name=f"node{i}", host=host) for i, host in enumerate(hosts, start=1)))


def test_names_are_compared_by_the_addresses_behind_them():
    plan, known = named("a.internal", "10.0.0.2"), {"a.internal": ("10.0.0.1",), "b.internal": ("10.0.0.2",)}
    text = "upstream nodes { server 10.0.0.1:13000; server b.internal:13000; }" + SERVER
    known |= {"10.0.0.1": ("10.0.0.1",), "10.0.0.2": ("10.0.0.2",)}
    assert upstream(text, plan, known=known).severity is PASS


def test_the_same_name_needs_no_address():
    text = "upstream nodes { server A.internal.:13000; }" + SERVER
    assert upstream(text, named("a.internal"), known={}).severity is PASS


@pytest.mark.parametrize(
    ("servers", "known"),
    [
        ("server b.internal:13000; server 10.0.0.2:13000;", {"10.0.0.2": ("10.0.0.2",), "a.internal": ("10.0.0.1",)}),
        ("server 10.0.0.1:13000; server 10.0.0.2:13000;", {name: (name,) for name in ("10.0.0.1", "10.0.0.2")}),
        ("server 10.0.0.1:13000; server 10.0.0.2:13000;", {"10.0.0.1": ("10.0.0.1",), "a.internal": ("203.0.113.7",)}),
        ("include nodes.conf; server 10.0.0.2:13000;", {}),
    ],
    ids=["of the site", "of the plan", "that means another address there", "of a file that is included"],
)
def test_a_name_that_nobody_here_knows_is_neither_a_pass_nor_a_fail(servers, known):
    finding = upstream(f"upstream nodes {{ {servers} }} {SERVER}", named("a.internal", "10.0.0.2"), known=known)
    assert told(finding) == (UNKNOWN, ErrorKind.DNS)
    assert "a.internal" in finding.remedy


def test_a_node_is_missing_beyond_doubt_where_no_other_server_may_be_it():
    plan = named("a.internal", "b.internal")
    alone = upstream("upstream nodes { server a.internal:13000; }" + SERVER, plan, known={})
    assert told(alone) == (FAIL, ErrorKind.MISSING)
    other_port = upstream("upstream nodes { server a.internal:13000; server 10.0.0.9:80; }" + SERVER, plan, known={})
    assert told(other_port) == (FAIL, ErrorKind.MISSING)


def test_a_node_that_is_kept_in_reserve_is_told():
    finding = upstream(NODES.replace("10.0.0.3:13000", "10.0.0.3:13000 backup") + SERVER)
    assert told(finding) == (PASS, None)
    assert "10.0.0.3 gets requests only while the others fail" in finding.detail


def test_a_fault_beyond_doubt_is_told_beside_a_doubt():
    plan = named("a.internal", "10.0.0.2")
    tasks = replace(plan, nodes=(plan.nodes[0], replace(plan.nodes[1], worker_mode="*")))
    text = "upstream nodes { server b.internal:13000; server 10.0.0.2:13000; }" + SERVER
    finding = upstream(text, tasks, known={"10.0.0.2": ("10.0.0.2",)})
    assert told(finding) == (FAIL, ErrorKind.OTHER)
    assert "b.internal" in finding.detail


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("upstream x { server 10.0.0.1:13000 }", "Line 1"),
        ("server { listen 80; ", "unexpected end of file"),
        (f"\n{NODES}\n{SERVER}".replace("http://nodes;", "http://nodes"), "Line 3"),
        (f"{NODES}\n{SERVER}".replace("example.com;", "example.com\\n root /x"), "Line 2"),
        ("global\n  maxconn 10\nfrontend x\n", "it is for HAProxy"),
        ("app.example.com {\n  reverse_proxy 10.0.0.1:13000\n}\n", "it is for Caddy"),
        ("", "there is no “server” that passes requests on"),
        ("include sites-enabled/*;\n", "Line 1: the site is in a file that is included"),
        (SERVER.replace("app.", "one.") + SERVER.replace("app.", "two."), "no “server” is for app.example.com"),
    ],
)
def test_what_cannot_be_understood_is_unknown_and_says_where(text, said):
    found = judged(text, nginx_plan())
    assert told(found["balancer.upstream"]) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert said in found["balancer.upstream"].detail
    assert found["balancer.limits"].severity is SKIP


def test_expressions_that_take_too_long_together_are_unknown(monkeypatch):
    monkeypatch.setitem(allowance._MOST, Cost.MATCHING, -1)  # however short a time counts
    finding = upstream(SERVER.replace("app.example.com", "~(a+)+"))
    assert told(finding) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert "its regular expressions take too long" in finding.detail


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SERVER.replace("http://nodes", "http://$where"), "in a variable"),
        (SERVER, "“upstream nodes” is not in this file"),
        (SERVER.replace("location /", "location /other/"), "nothing below /api/ is passed on"),
        (SERVER.replace("location / { proxy_pass http://nodes; }", "include app.conf;"), "include app.conf;"),
    ],
)
def test_nodes_that_cannot_be_told_are_unknown(text, said):
    finding = upstream(text)
    assert told(finding) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert said in finding.detail


CFG = """
defaults
    mode http
frontend web
    bind :443 ssl crt /x.pem
    http-request set-header X-Forwarded-Proto https
    default_backend nodes
backend nodes
    server one 10.0.0.1:13000 check
    server two ipv4@10.0.0.2:13000 check  # "two
    server three 10.0.0.3:13000 check
"""


@pytest.mark.parametrize(
    "text",
    [
        CFG.replace(' "two', ""),
        CFG.replace("default_backend nodes", "default_backend nodes\n use_backend other if { path /x }")
        + "backend other\n",
        CFG.replace("default_backend nodes", "use_backend nodes if { hdr(host) x }"),
        CFG.replace("default_backend nodes", "use_backend nodes"),
        CFG.replace("    default_backend nodes\nbackend nodes\n", "").replace("frontend web", "listen web"),
        CFG + "frontend stats\n bind :8404\n default_backend other\nbackend other\n server x 10.9.9.9:1\n",
        CFG + "frontend redirect\n bind :80\n http-request redirect scheme https\n",
    ],
)
def test_haproxy_with_all_nodes_passes_however_it_is_written(text):
    assert told(upstream(text.replace(' "two', ""), haproxy_plan())) == (PASS, None)


@pytest.mark.parametrize("words", ["10.0.0.4:13000 check", "10.0.0.2:8080"])
def test_haproxy_lacks_a_node_and_gets_its_own_line(words):
    finding = upstream(CFG.replace('ipv4@10.0.0.2:13000 check  # "two', words), haproxy_plan())
    assert told(finding) == (FAIL, ErrorKind.MISSING)
    assert "# Add to “backend nodes” (line 8):" in finding.remedy.splitlines()
    assert "server node2 10.0.0.2:13000 check" in finding.remedy.splitlines()
    assert "systemctl reload haproxy" in finding.remedy
    assert "nginx" not in finding.remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("server one 10.0.0.1:1\n", "Line 1: “server” stands in no section"),
        (CFG.replace("server three", 'server "three'), "Line 11: the line has a quote without its end"),
        ("# nothing\n", "there is no section in it"),
        ("global\n", "no “frontend” that passes requests on"),
        (CFG.replace("default_backend nodes", "default_backend gone"), "“backend gone” is not in this file"),
        (CFG.replace("default_backend nodes", "use_backend %[req.hdr(host)]"), "in a variable"),
        (
            CFG.replace("default_backend nodes", "use_backend a if { path /a }\n use_backend b if { path /b }"),
            "conditions decide",
        ),
        (
            CFG.replace(":443", ":1") + "frontend b\n bind :2\n default_backend nodes\n",
            "none of its 2 frontends is on port 443",
        ),
        (SERVER, "it is for nginx"),
    ],
)
def test_what_cannot_be_understood_of_haproxy_is_unknown(text, said):
    finding = upstream(text, haproxy_plan())
    assert told(finding) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert said in finding.detail


def test_an_address_from_a_variable_of_haproxy_is_unknown():
    text = CFG.replace('ipv4@10.0.0.2:13000 check  # "two', '"${SECOND}:13000"')
    assert told(upstream(text, haproxy_plan())) == (UNKNOWN, ErrorKind.DNS)


def test_a_plan_without_hosts_or_nodes_is_not_compared():
    assert upstream(NODES + SERVER, named("")).severity is SKIP
    assert upstream(NODES + SERVER, named()).severity is SKIP


TWO = "server { listen 443 ssl; server_name app.example.com; %s }"


def _plan_of_two():
    nodes = (Node(name="node1", host="10.0.0.1", port=13000), Node(name="node2", host="10.0.0.2", port=13000))
    return replace(nginx_plan(), nodes=nodes)


class TestRequestsThatGoDifferentWays:
    def test_nginx_is_told_which_requests_reach_which_node(self):
        text = TWO % (
            r"location ~* \.(js|css)$ { proxy_pass http://10.0.0.1:13000; }"
            "location /api { proxy_pass http://10.0.0.1:13000; } location /ws { proxy_pass http://10.0.0.2:13000/ws; }"
            "location / { proxy_pass http://10.0.0.1:13000; }"
        )
        finding = upstream(text, _plan_of_two())
        assert told(finding) == (FAIL, ErrorKind.MISSING)
        assert "no request for /, /api/ goes to node2 (10.0.0.2:13000)" in finding.summary
        assert "no request for /ws goes to node1 (10.0.0.1:13000)" in finding.summary

    @pytest.mark.parametrize(
        "rule",
        [
            "acl is_ws hdr(Upgrade) -i WebSocket\n use_backend sockets if is_ws",
            "use_backend sockets if { req.hdr(upgrade) -i websocket }",
            "use_backend sockets if {req.hdr(upgrade) -i websocket}",
            "acl a path_beg /ws\n acl a path /socket\n use_backend sockets if a",
            "use_backend sockets if { path /ws } or { path_end .ws }",
            "use_backend sockets unless !{ path_beg -i /WS }",
            "acl app hdr(host) -i app.example.com\n use_backend sockets if app { path /ws }",
        ],
    )
    def test_haproxy_with_one_server_for_websockets_lacks_the_others_there(self, rule):
        text = CFG.replace("default_backend nodes", f"{rule}\n default_backend nodes").replace(' "two', "")
        finding = upstream(text + "backend sockets\n server one 10.0.0.1:13000 check\n", haproxy_plan())
        assert told(finding) == (FAIL, ErrorKind.MISSING)
        assert "no request for /ws goes to node2 (10.0.0.2:13000), node3 (10.0.0.3:13000)" in finding.summary
        assert "no request goes to" not in finding.summary

    def test_a_rule_of_haproxy_that_cannot_be_told_is_named(self):
        rule = "use_backend sockets if { src 10.9.0.0/16 }"
        text = CFG.replace("default_backend nodes", f"{rule}\n default_backend nodes").replace(' "two', "")
        finding = upstream(text + "backend sockets\n server one 10.0.0.1:13000 check\n", haproxy_plan())
        assert told(finding) == (PASS, None)
        assert "Not followed: use_backend sockets if { src 10.9.0.0/16 }" in finding.detail


@pytest.mark.parametrize("address", ["[::1", "[zz]:1", "10.0.0.1:x", "]"])
def test_what_is_no_address_is_no_node_and_no_fault_of_this_program(address):
    assert told(upstream(TWO % f"location / {{ proxy_pass http://{address}; }}", _plan_of_two()))[0] is not PASS
    inside = f"upstream more {{ server {address}; }} {TWO % 'location / { proxy_pass http://more; }'}"
    assert told(upstream(inside, _plan_of_two()))[0] is not PASS


class TestVariablesOfNginx:
    @pytest.mark.parametrize(
        "location",
        [
            "set $app http://10.0.0.1:13000; proxy_pass $app;",
            'set $app "10.0.0.1"; proxy_pass http://${app}:13000;',
            "set $host_1 10.0.0.1; set $app http://$host_1:13000; proxy_pass $app;",
        ],
    )
    def test_one_that_is_set_to_a_plain_text_is_followed(self, location):
        finding = upstream(TWO % f"location / {{ {location} }}", _plan_of_two())
        assert told(finding) == (FAIL, ErrorKind.MISSING)
        assert "no request goes to node2 (10.0.0.2:13000)" in finding.summary

    @pytest.mark.parametrize(
        "location",
        [
            "set $app http://$arg_node; proxy_pass $app;",
            "set $app http://10.0.0.1:13000; if ($arg_x) { set $app http://10.0.0.2:13000; } proxy_pass $app;",
        ],
    )
    def test_one_that_depends_on_the_request_is_unknown(self, location):
        assert told(upstream(TWO % f"location / {{ {location} }}", _plan_of_two())) == (UNKNOWN, ErrorKind.PROTOCOL)

    def test_where_an_error_page_leads_gets_requests_only_while_the_others_fail(self):
        text = TWO % (
            "location @second { set $app http://10.0.0.2:13000; proxy_pass $app; }"
            "location / { set $app http://10.0.0.1:13000; proxy_pass $app; error_page 502 503 504 = @second; }"
        )
        finding = upstream(text, _plan_of_two())
        assert told(finding) == (PASS, None)
        assert "10.0.0.2 gets requests only while the others fail" in finding.detail


def test_without_a_file_nothing_is_looked_at():
    found = list(judge("", site.wanted_of(nginx_plan()), SiteFacts(text=Known(None))))
    assert [(one.id, one.severity) for one in found] == [("balancer.upstream", SKIP), ("balancer.limits", SKIP)]
    assert found[0].summary.startswith("Not looked at: no site file is known.")


def test_a_file_that_cannot_be_read_is_unknown_for_that_reason():
    facts = SiteFacts(text=Trouble(ErrorKind.PERMISSION, "Permission denied"))
    [upstream_of, limits] = judge("site.conf", site.wanted_of(nginx_plan()), facts)
    assert (upstream_of.severity, upstream_of.error, limits.severity) == (UNKNOWN, ErrorKind.PERMISSION, SKIP)
    assert upstream_of.summary == "Could not be found out: the site file site.conf cannot be read."
