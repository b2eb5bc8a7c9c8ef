"""The site of a balancer as a source: nodes and the way in; what the nodes are given is not said."""

import pytest

from wizard.app.open_source import open_source, open_sources
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.finding import Severity
from wizard.plan.observed import Topic
from wizard.plan.sections import BalancerKind

NGINX = """\
upstream app {
  server 10.0.0.1:13000;
  server node-b.internal:13001 backup;
  server $later;
}
server { listen 80; server_name crm.example.com; return 301 https://$host$request_uri; }
server {
  listen 8443 ssl;
  server_name crm.example.com *.example.com;
  ssl_certificate /etc/ssl/crm.pem;
  ssl_certificate_key /etc/ssl/crm.key;
  location / { proxy_pass http://app; }
}
"""
HAPROXY = """\
global
    maxconn 2000
defaults
    mode http
frontend fe
    bind :80
    bind *:443 ssl crt /etc/ssl/crm.pem
    default_backend be
backend be
    server n1 10.0.0.1:13000 check
    server n2 10.0.0.2:13000 check
"""


def opened(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    return open_source(str(tmp_path / name))


def test_the_servers_of_an_upstream_are_the_nodes(tmp_path):
    plan = opened(tmp_path, "crm.conf", NGINX).plan
    assert [(node.name, node.host, node.port) for node in plan.nodes] == [
        ("node1", "10.0.0.1", 13000),
        ("node-b-internal", "node-b.internal", 13001),
    ]
    balancer = plan.balancer
    assert (balancer.kind, balancer.tls, balancer.tls_port, balancer.port) == (BalancerKind.NGINX, True, 8443, 80)
    assert (balancer.certificate, balancer.site_file) == ("/etc/ssl/crm.pem", str(tmp_path / "crm.conf"))
    assert plan.application.public_url == "https://crm.example.com:8443"
    assert plan.place_of("nodes.1.host").line == 3
    assert [item.place.line for item in plan.seen(Topic.UNFOLLOWED)] == [4]


def test_the_servers_of_a_backend_are_the_nodes(tmp_path):
    plan = opened(tmp_path, "haproxy.cfg", HAPROXY).plan
    assert [(node.name, node.host) for node in plan.nodes] == [("n1", "10.0.0.1"), ("n2", "10.0.0.2")]
    assert (plan.balancer.kind, plan.balancer.port, plan.balancer.tls_port) == (BalancerKind.HAPROXY, 80, 443)
    assert plan.application.public_url == ""


def test_a_sub_path_that_alone_is_passed_on_is_the_applications(tmp_path):
    inner = "location / { return 404; }\n  location /crm/ { proxy_pass http://10.0.0.1:13000; }"
    text = f"server {{\n  listen 80;\n  {inner}\n}}\n"
    plan = opened(tmp_path, "crm.conf", text).plan
    assert (plan.application.public_path, plan.nodes[0].host) == ("/crm/", "10.0.0.1")


def test_nothing_is_failed_of_what_a_site_cannot_say(tmp_path):
    plan = opened(tmp_path, "crm.conf", NGINX.replace("  server $later;\n", "")).plan
    assert {one.id for one in rules(plan, {}) if one.severity in {Severity.FAIL, Severity.WARN}} == set()
    assert "database.host" in plan.unsaid


@pytest.mark.parametrize("order", [0, 1])
def test_a_site_and_an_env_file_are_one_plan(tmp_path, order):
    (tmp_path / "crm.conf").write_text(NGINX)
    (tmp_path / "app.env").write_text("DB_DIALECT=postgres\nDB_HOST=db\nREDIS_URL=redis://redis:6379/4\n")
    names = [str(tmp_path / name) for name in ("crm.conf", "app.env")]
    plan = open_sources(names[::-1] if order else names).plan
    assert (plan.database.host, plan.redis.worker_id.host, len(plan.nodes)) == ("db", "redis", 2)
    assert plan.application.lock_plugins is False
    assert "database.host" not in plan.unsaid
    assert plan.disagreements == ()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("static.conf", "server {\n  listen 80;\n  root /srv;\n}\n", "passes requests on"),
        (
            "crm.conf",
            "server {\n  listen 80;\n  location / { proxy_pass http://app; }\n}\n",
            "line 3: “upstream app” is not",
        ),
        ("crm.conf", "server {\n  listen 80;\n  location / {\n", "crm.conf, line"),
        ("haproxy.cfg", "global\n  maxconn 2000\nfrontend fe\n  bind *:80\n", "no “frontend” that passes"),
        ("haproxy.cfg", "frontend fe\n  bind *:80\n  default_backend be\n", "“backend be” is not in this file"),
    ],
)
def test_a_site_that_passes_nothing_on_is_said_so_with_its_line(tmp_path, name, text, words):
    with pytest.raises(SourceError, match=words):
        opened(tmp_path, name, text)


def nested(depth):
    return "\nserver {" + "location / {" * depth + "proxy_pass http://10.0.0.1:13000;" + "}" * depth + "}"


def locations(count):
    """Return a server of which only the last location leads to a server that is known."""
    unknown = "".join(f"location /{n}/ {{ proxy_pass http://a{n}; }} " for n in range(count - 1))
    return f"\nserver {{ {unknown} location /crm/ {{ proxy_pass http://10.0.0.1:13000; }} }}"


def long_variable(length):
    return f"server {{ location / {{\n set $v {'a' * length}; proxy_pass http://10.0.0.1:13000/$v; }} }}"


def error_pages(count):
    pages = "".join(f"error_page 502 @s{n}; " for n in range(count))
    spares = "".join(f"location @s{n} {{ proxy_pass http://10.0.0.{n}:13000; }} " for n in range(count))
    return f"server {{ {spares} location / {{\n {pages} proxy_pass http://10.0.1.1:13000; }} }}"


BOUNDS = [
    (nested, 49, 2, "more than 50 blocks stand in one another"),
    (locations, 19, 2, "none of its first 20 locations leads to servers, and more are not looked at"),
    (long_variable, 500, 2, r"the variable \$v becomes too long"),
    (error_pages, 20, 2, "its error pages lead to more than 20 locations"),
]


@pytest.mark.parametrize(("text", "most", "line", "words"), BOUNDS)
def test_a_site_may_cost_so_much_and_what_costs_more_is_named_with_its_line(tmp_path, text, most, line, words):
    assert opened(tmp_path, "crm.conf", text(most)).plan.nodes
    with pytest.raises(SourceError, match=f"crm.conf, line {line}: {words}."):
        opened(tmp_path, "crm.conf", text(most + 1))


def test_two_hundred_variables_are_followed_for_an_address(tmp_path):
    def text(count):
        setting = "".join(f"set $v{n} b; " for n in range(count))
        return f"server {{\n {setting} location / {{ proxy_pass http://$v0.example:13000; }} }}"

    assert [node.host for node in opened(tmp_path, "crm.conf", text(200)).plan.nodes] == ["b.example"]
    with pytest.raises(SourceError, match=r"crm\.conf, line 2: more than 200 variables are set for one address"):
        opened(tmp_path, "crm.conf", text(201))


def test_the_configurations_of_balancers_in_a_project_have_a_bound_together(tmp_path):
    def text(count):
        noise = "".join(f"   cat <<a\n   log_format l{n} x;\n   a\n" for n in range(count))
        site = "   cat <<b\n   server { location / { proxy_pass http://10.0.0.1:13000; } }\n   b\n"
        return f"services:\n web:\n  image: nginx\n  command: |\n{noise}{site}"

    assert opened(tmp_path, "compose.yaml", text(79)).plan.nodes
    with pytest.raises(SourceError, match="its configurations of balancers are too long together"):
        opened(tmp_path, "compose.yaml", text(80))


def test_of_a_site_alone_the_environment_of_nodes_is_unsaid_like_the_rest(tmp_path):
    from wizard.checks.registry import spec_of
    from wizard.engine.actions import actions

    (tmp_path / "site.conf").write_text(
        "server { listen 80; server_name a.b; location / { proxy_pass http://n1:13000; } }\n"
    )
    opened = open_source(str(tmp_path / "site.conf"))
    [finding] = [one for one in rules(opened.plan, {}) if one.id == "plan.environment"]
    assert finding.summary.startswith("Not judged: the source does not say")
    found = actions(rules(opened.plan, {}), spec_of, lambda _finding: "")
    assert [one.impact.severity.value for one in found].count("unknown") == 1


@pytest.mark.parametrize(
    "text",
    [
        "events {}\nhttp { include conf.d/*.conf; }\n",
        "http {\n  upstream app {}\n  server { include locations/*.conf; }\n}\n",
        "server { location / { proxy_pass http://app; } }\ninclude upstreams.conf;\n",
    ],
)
def test_a_site_whose_rest_is_in_other_files_is_refused_with_what_has_all(tmp_path, text):
    (tmp_path / "upstreams.conf").write_text("upstream app { server 10.0.0.1:13000; }\n")
    with pytest.raises(SourceError, match="What it includes is not read: give what “nginx -T” prints"):
        opened(tmp_path, "nginx.conf", text)
