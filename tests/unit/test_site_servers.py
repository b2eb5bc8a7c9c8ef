"""What the servers of a site are read as: templates of HAProxy, IPv6 addresses, sockets."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.plan.finding import Severity
from wizard.plan.observed import Topic, Unfollowed

CFG = "frontend fe\n  bind :80\n  default_backend be\nbackend be\n"


def haproxy(tmp_path, *lines):
    (tmp_path / "haproxy.cfg").write_text(CFG + "".join(f"  {line}\n" for line in lines))
    return open_source(str(tmp_path / "haproxy.cfg")).plan


def nginx(tmp_path, *lines):
    servers = "".join(f"  server {line};\n" for line in lines)
    site = "server { listen 80; location / { proxy_pass http://app; } }\n"
    (tmp_path / "crm.conf").write_text(f"upstream app {{\n{servers}}}\n{site}")
    return open_source(str(tmp_path / "crm.conf")).plan


def shown(plan):
    return [(node.name, node.host, node.port) for node in plan.nodes]


@pytest.mark.parametrize(
    ("line", "nodes"),
    [
        ("server-template n 3 crm.internal:13000 check", [("n1", "", 13000), ("n2", "", 13000), ("n3", "", 13000)]),
        ("server-template app- 2-3 _http._tcp.crm.internal:80", [("app-2", "", 80), ("app-3", "", 80)]),
        ("server-template n 1 crm.internal:13000", [("n1", "crm.internal", 13000)]),
        ("server-template n 4-4 crm.internal", [("n4", "crm.internal", 13000)]),
    ],
)
def test_a_template_stands_for_as_many_nodes_as_it_says(tmp_path, line, nodes):
    plan = haproxy(tmp_path, line)
    assert shown(plan) == nodes
    unsaid = {f"nodes.{at}.host" for at, (_name, host, _port) in enumerate(nodes) if not host}
    assert {key for key in plan.unsaid if key.endswith(".host") and key.startswith("nodes")} == unsaid
    assert plan.place_of("nodes.0.name").line == 5


@pytest.mark.parametrize(
    "line",
    [
        "server-template",
        "server-template n",
        "server-template n 3",
        "server-template n 0 crm.internal:13000 check",
        "server-template n 5-2 10.0.0.1:80",
        "server-template n some crm.internal:13000",
        "server",
        "server n",
    ],
)
def test_a_line_without_a_count_or_an_address_is_named_and_the_rest_is_read(tmp_path, line):
    plan = haproxy(tmp_path, "server a 10.0.0.1:80", line, "server b 10.0.0.2:80")
    assert shown(plan) == [("a", "10.0.0.1", 80), ("b", "10.0.0.2", 80)]
    lost = plan.seen(Topic.UNFOLLOWED)
    assert [(item.subject, item.value, item.place.line) for item in lost] == [(line, Unfollowed.FORM, 6)]


def test_a_template_has_an_end(tmp_path):
    assert len(haproxy(tmp_path, "server-template n 3000 crm.internal:13000").nodes) == 500
    plan = haproxy(tmp_path, *(f"server-template n{at}- 300 h{at}:80" for at in range(3)))
    assert [node.name for node in plan.nodes[-2:]] == ["n1-199", "n1-200"]
    assert [(item.subject, item.place.line) for item in plan.seen(Topic.UNFOLLOWED)] == [
        ("server-template n2- 300 h2:80", 7)
    ]


@pytest.mark.parametrize(
    ("lines", "nodes"),
    [
        (["server n1 fd00::1:13000 check"], [("n1", 13000)]),
        (["server n1 [fd00::1]:13001"], [("n1", 13001)]),
        (["server n1 ipv6@fd00::1:13000", "server n2 ipv6@[::1]:80"], [("n1", 13000), ("n2", 80)]),
    ],
)
def test_a_server_of_haproxy_at_an_ipv6_address_is_a_node_whose_host_is_told(tmp_path, lines, nodes):
    plan = haproxy(tmp_path, *lines)
    assert shown(plan) == [(name, "", port) for name, port in nodes]
    asked(plan, [f"line {5 + at}" for at in range(len(nodes))])


@pytest.mark.parametrize(
    ("lines", "ports"), [(["[::1]:13000"], [13000]), (["[fd00::1]:13001 backup", "[fd00::2] weight=2"], [13001, 80])]
)
def test_a_server_of_nginx_at_an_ipv6_address_is_a_node_whose_host_is_told(tmp_path, lines, ports):
    plan = nginx(tmp_path, *lines)
    assert shown(plan) == [(f"node{at}", "", port) for at, port in enumerate(ports, 1)]
    asked(plan, [f"line {2 + at}" for at in range(len(ports))])


def asked(plan, places):
    """Hold that each address is told with its line, and no host is missed beside."""
    assert [item.where for item in plan.unreadable] == places
    found = [one for one in rules(plan, {}) if one.subject.endswith(".host") and one.severity is Severity.FAIL]
    assert [one.subject for one in found] == [f"nodes.{at}.host" for at in range(len(places))]
    assert all("IPv6" in one.summary + one.detail for one in found)
    assert plan.seen(Topic.UNFOLLOWED) == []


@pytest.mark.parametrize(
    "line", ["server n /run/n.sock", "server n unix@/run/n.sock check", "server n abns@crm", "server n fd@3"]
)
def test_a_socket_of_haproxy_is_named(tmp_path, line):
    plan = haproxy(tmp_path, "server a 10.0.0.1:80", line)
    assert shown(plan) == [("a", "10.0.0.1", 80)]
    assert [(item.subject, item.place.line) for item in plan.seen(Topic.UNFOLLOWED)] == [(line, 6)]


@pytest.mark.parametrize("line", ["unix:/run/n.sock", "unix:/run/n.sock weight=2"])
def test_a_socket_of_nginx_is_named(tmp_path, line):
    plan = nginx(tmp_path, "10.0.0.1:80", line)
    assert shown(plan) == [("node1", "10.0.0.1", 80)]
    assert [(item.subject, item.place.line) for item in plan.seen(Topic.UNFOLLOWED)] == [(f"server {line};", 3)]


def test_a_server_of_haproxy_without_a_port_does_not_say_it(tmp_path):
    plan = haproxy(tmp_path, "server a 10.0.0.1", "server b 10.0.0.2:13001")
    assert {key for key in plan.unsaid if key.endswith(".port") and key.startswith("nodes")} == {"nodes.0.port"}
    assert plan.place_of("nodes.0.port") is None
    assert plan.place_of("nodes.1.port").line == 6
