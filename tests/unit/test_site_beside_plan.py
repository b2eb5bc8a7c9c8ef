"""A balancer's site beside another source: one node has one name, and what is told can be pasted where it belongs."""

from dataclasses import replace

import pytest

from tests.unit.sites import haproxy_plan, judged, nginx_plan
from tests.unit.sites_read import wanted
from wizard.app.open_source import open_sources
from wizard.checks.balancer.site import judge_upstream
from wizard.formats.sites.model import Group, Node, Server
from wizard.plan.finding import Severity

PASS, WARN, FAIL = Severity.PASS, Severity.WARN, Severity.FAIL
CLUSTER = """\
schema: 1
nodes:
  - {name: web, host: 10.0.0.1}
  - {name: crm, host: 10.0.0.2}
"""
NGINX = """\
upstream app { server 10.0.0.2:13000; server 10.0.0.1:13000; }
server { listen 80; location / { proxy_pass http://app; } }
"""
HAPROXY = """\
frontend fe
    mode http
    bind :80
    default_backend be
backend be
    mode http
    server n1 10.0.0.1:13000 check
    server n2 10.0.0.2:13000 check
"""
NODES = "upstream nodes { server 10.0.0.1:13000; server 10.0.0.2:13000; server 10.0.0.3:13000; }"


def together(tmp_path, *texts):
    """Return the plan of a cluster file or env file and a site, in their order."""
    names = []
    for text in texts:
        name = "cluster.yaml" if text.startswith("schema") else "a.cfg" if "backend" in text else "a.conf"
        name = "a.env" if text.startswith("DB_") else name
        (tmp_path / name).write_text(text)
        names.append(str(tmp_path / name))
    return open_sources(names).plan


def named(plan):
    return sorted((node.name, node.host) for node in plan.nodes)


@pytest.mark.parametrize("site", [NGINX, HAPROXY], ids=["nginx", "haproxy"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_server_of_a_balancer_is_the_node_at_its_address_whatever_its_name(tmp_path, site, turned):
    plan = together(tmp_path, *((site, CLUSTER) if turned else (CLUSTER, site)))
    assert named(plan) == [("crm", "10.0.0.2"), ("web", "10.0.0.1")]
    assert plan.disagreements == ()


@pytest.mark.parametrize("site", [NGINX, HAPROXY], ids=["nginx", "haproxy"])
def test_a_server_at_an_address_of_no_node_is_no_further_node(tmp_path, site):
    plan = together(tmp_path, CLUSTER, site.replace("10.0.0.2:13000", "10.0.0.9:13000"))
    assert named(plan) == [("crm", "10.0.0.2"), ("web", "10.0.0.1")]
    assert plan.disagreements == ()


def test_one_name_at_two_addresses_is_told_with_both_places(tmp_path):
    plan = together(tmp_path, CLUSTER, HAPROXY.replace("n1 10.0.0.1:", "web 10.0.0.9:"))
    assert named(plan) == [("crm", "10.0.0.2"), ("web", "10.0.0.1")]
    [one] = plan.disagreements
    assert (one.key, one.other.line) == ("nodes.0.host", 7)


def test_beside_an_env_file_the_site_alone_says_which_nodes_there_are(tmp_path):
    assert named(together(tmp_path, "DB_DIALECT=postgres\nDB_HOST=db\n", HAPROXY)) == [
        ("n1", "10.0.0.1"),
        ("n2", "10.0.0.2"),
    ]


@pytest.mark.parametrize(
    ("text", "plan", "word", "line"),
    [
        (f"{NODES.replace('2:13000', '2:13000 down')}\nserver {{ location / {{ proxy_pass http://nodes; }} }}",
         nginx_plan(), "down", 1),
        (HAPROXY.replace("2:13000 check", "2:13000 check disabled") + "    server n3 10.0.0.3:13000 check\n",
         haproxy_plan(), "disabled", 8),
        (HAPROXY.replace("2:13000 check", "2:13000 weight 0") + "    server n3 10.0.0.3:13000 check\n",
         haproxy_plan(), "weight 0", 8),
    ],
    ids=["nginx", "haproxy", "haproxy without weight"],
)  # fmt: skip
def test_a_node_that_is_switched_off_is_told_with_the_word_and_added_no_second_time(text, plan, word, line):
    finding = judged(text, plan, known={})["balancer.upstream"]
    assert finding.severity is FAIL
    assert f"Line {line} switches node2 off ({word})." in finding.detail
    assert f"# Take “{word}” out of line {line} when node2 may serve:" in finding.remedy.splitlines()
    assert "server 10.0.0.2" not in finding.remedy
    assert "server node2" not in finding.remedy


@pytest.mark.parametrize(("off", "words"), [(1, "the server of line 7 lives"), (2, "the servers of lines 7, 8 live")])
def test_servers_that_nobody_looks_at_are_told_in_their_number(off, words):
    finding = judged(HAPROXY.replace("00 check", "00", off), haproxy_plan(), known={})["balancer.limits"]
    assert words in finding.detail


def site(location="", more=""):
    return f"{NODES}\nserver {{ listen 443 ssl; {more}\n location / {{ proxy_pass http://nodes; {location} }} }}"


def test_what_is_put_there_for_websockets_lets_them_through():
    shut = "\nlocation = /ws { return 404; }\n"
    finding = judged(site(more=shut), nginx_plan(), known={})["balancer.limits"]
    lines = finding.remedy.splitlines()
    begins = lines.index("location = /ws {")
    assert lines[begins - 2 : begins] == [
        "# In the block that begins at line 2:",
        "# In the place of another location for /ws, where there is one:",
    ]
    block = "\n".join(lines[begins : lines.index("}", begins) + 1])
    again = judged(site(more=block), nginx_plan(), known={})["balancer.limits"]
    assert "no WebSocket" not in again.detail
    assert "Upgrade" not in again.summary


def test_an_error_page_before_an_upstream_of_several_goes_out_and_no_second_upstream_comes():
    more = "error_page 502 = @again; location @again { proxy_pass http://nodes; }"
    finding = judged(site(more=more), nginx_plan(), known={})["balancer.limits"]
    assert "# Line 2 goes out; this tries the next node only where that harms nothing:" in finding.remedy.splitlines()
    assert "proxy_next_upstream error timeout http_502 http_503 http_504;" in finding.remedy
    assert "upstream nocobase_nodes" not in finding.remedy


APPLICATION = "location @app { proxy_pass http://nodes; }"


@pytest.mark.parametrize(
    ("location", "given"),
    [
        ("location ^~ /storage/uploads { root /app/nocobase; try_files $uri @app; }", True),
        ("location /storage/uploads/ { alias /srv/uploads/; try_files $uri $uri/ @app; }", True),
        ("location /storage/uploads/ { try_files /maintenance.html @app; root /srv; }", False),
        ("location /storage/uploads/ { root /srv; auth_request /_auth; try_files $uri @app; }", False),
        ("location /assets/ { root /srv; try_files $uri @app; }", False),
    ],
)
def test_files_that_are_looked_for_on_the_disk_before_nocobase_is_asked_are_given_away(location, given):
    finding = judged(site(more=f"{location} {APPLICATION}"), nginx_plan(), known={})["balancer.uploads"]
    assert finding.severity is (FAIL if given else PASS)


def test_where_uploads_are_given_away_and_kept_both_are_mended():
    more = (
        "location /storage/uploads/ { alias /srv/uploads/; }\n"
        " location /files/ { proxy_pass http://nodes; proxy_cache c; }"
    )
    finding = judged(site(more=more), nginx_plan(), known={})["balancer.uploads"]
    assert finding.severity is FAIL
    assert "location ^~ /storage/uploads/ {" in finding.remedy
    assert "take out line 3 (proxy_cache c;)" in finding.remedy


def times_looked(monkeypatch, count):
    """Return how often a host is looked at where none of `count` servers, sure or not, is one of as many nodes."""
    looked = []
    for name in ("is_address", "_addresses"):
        usual = getattr(judge_upstream, name)
        monkeypatch.setattr(judge_upstream, name, lambda *given, usual=usual: looked.append(1) or usual(*given))

    def hosts(net):
        return [f"10.{net}.{number // 250}.{number % 250}" for number in range(count)]

    def servers(net):
        return tuple(Server(host, 13000, f"server {host}:13000", 1) for host in hosts(net))

    nodes = tuple(Node(host, host, 13000) for host in hosts(1))
    group = Group("nodes", 1, servers(2), maybe=servers(3))
    compared = judge_upstream.compare(group, replace(wanted(), serving=nodes, idle=()), {})
    assert (len(compared.missing), len(compared.strangers)) == (count, count)
    monkeypatch.undo()
    return len(looked)


def test_twice_as_many_nodes_and_servers_cost_twice_as_much(monkeypatch):
    few, many = times_looked(monkeypatch, 20), times_looked(monkeypatch, 40)
    assert few < many <= 2 * few
