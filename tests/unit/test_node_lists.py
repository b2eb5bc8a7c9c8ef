"""Nodes from a pasted list: every form that people paste, and what is said of one that is none."""

import pytest

from wizard.guide.edits import host_and_port
from wizard.guide.node_lists import Listed, read, with_nodes
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.sections import Node


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("10.0.0.11", [("", "10.0.0.11", None)]),
        ("10.0.0.[11-13]", [("", f"10.0.0.{n}", None) for n in (11, 12, 13)]),
        ("app[08-10].internal:13001", [("", f"app{n}.internal", 13001) for n in ("08", "09", "10")]),
        ("a 10.0.0.11 13000\nb;10.0.0.12;13001", [("a", "10.0.0.11", 13000), ("b", "10.0.0.12", 13001)]),
        ("name,host,port\nweb,10.0.0.11,13000\n\n# the other\n", [("web", "10.0.0.11", 13000)]),
        ("10.0.0.11 13000", [("", "10.0.0.11", 13000)]),
        ("web app.internal", [("web", "app.internal", None)]),
        ("n[1-2] 10.0.0.[11-12]", [("n1", "10.0.0.11", None), ("n2", "10.0.0.12", None)]),
        ("10.0.0.11, 10.0.0.12, 10.0.0.13", [("", f"10.0.0.{n}", None) for n in (11, 12, 13)]),
        ("http://10.0.0.11:13000/", [("", "10.0.0.11", 13000)]),
        ("10.0.0.11-10.0.0.13", [("", f"10.0.0.{n}", None) for n in (11, 12, 13)]),
        ("10.0.0.11-12:13001", [("", f"10.0.0.{n}", 13001) for n in (11, 12)]),
        ("10.0.0.11-10.0.1.12", [("", "10.0.0.11-10.0.1.12", None)]),
        ("app1:13000 app2:13001", [("", "app1", 13000), ("", "app2", 13001)]),
        ("- '10.0.0.11'\n* \"10.0.0.12\"\n• `app3`", [("", host, None) for host in ("10.0.0.11", "10.0.0.12", "app3")]),
        ("\ufeff10.0.0.11\u200b", [("", "10.0.0.11", None)]),
        ("10.0.0.11 \u2013 10.0.0.12", [("", f"10.0.0.{n}", None) for n in (11, 12)]),
        ("web1 - 10.0.0.11\nweb2 \u2013 10.0.0.12 13001", [("web1", "10.0.0.11", None), ("web2", "10.0.0.12", 13001)]),
        ("app{08..10}.lan", [("", f"app{n}.lan", None) for n in ("08", "09", "10")]),
        ("app1 app2, app3", [("", f"app{n}", None) for n in (1, 2, 3)]),
        ("10.0.0.11 web", [("web", "10.0.0.11", None)]),
        ("10.0.0.11 13001 web", [("web", "10.0.0.11", 13001)]),
        ("10.0.0.[11-12] n[1-2]", [("n1", "10.0.0.11", None), ("n2", "10.0.0.12", None)]),
        ("10.0.0.11 web.lan web", [("web", "10.0.0.11", None)]),
        ("10.0.0.11 web.lan", [("", "10.0.0.11", None), ("", "web.lan", None)]),
        ("host,name,port\n10.0.0.11,10,13001\n10.0.0.12,,\n", [("10", "10.0.0.11", 13001), ("", "10.0.0.12", None)]),
        ("host\tname\tport\n10.0.0.11\t\t13001", [("", "10.0.0.11", 13001)]),
        ("Port;Host\n13001;app.lan", [("", "app.lan", 13001)]),
        ("IP address\tHostname\n10.0.0.11\tweb\n", [("web", "10.0.0.11", None)]),
        ("hostname,name\nweb.lan,web\n", [("web", "web.lan", None)]),
        ("| name | host |\n|---|---|\n| web | 10.0.0.11 |", [("web", "10.0.0.11", None)]),
        ("nom;hôte;port\nweb;10.0.0.11;13000", [("web", "10.0.0.11", 13000)]),
        ("名称,主机\nweb,10.0.0.11", [("web", "10.0.0.11", None)]),
        ("node\nweb app.lan", [("web", "app.lan", None)]),
        ("host 10.0.0.11\nname 10.0.0.12", [("host", "10.0.0.11", None), ("name", "10.0.0.12", None)]),
        ("", []),
    ],
)
def test_a_list_is_read_as_people_write_it(text, nodes):
    assert read(text) == [Listed(*node) for node in nodes]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10.0.0.11\na b c d", "Line 2: It has more than a name, a host and a port."),
        ("10.0.0.[14-11]", "Line 1: “[14-11]” is no range of at most 32."),
        ("10.0.0.[1-33]", "Line 1: “[1-33]” is no range of at most 32."),
        ("n[1-2] 10.0.0.[11-13]", "Line 1: The ranges of name and host are of different lengths."),
        ("host,role\n10.0.0.11,web", "Line 1: “role” is none of the columns name, host and port."),
        (
            "name,hostname,ip\na,a.internal,10.0.0.11",
            "Line 1: “hostname” and “ip” both say where a node is; leave one of them out.",
        ),
        ("host,host\n10.0.0.11,10.0.0.12,13000", "Line 2: It has more than a name, a host and a port."),
        ("10.0.0.[1-20]\n10.0.1.[1-20]", "Line 2: These are more nodes than a cluster has worker IDs for (32)."),
    ],
)
def test_what_is_no_list_is_said_with_its_line(text, said):
    with pytest.raises(BadValueError) as error:
        read(text)
    assert str(error.value) == said


def test_a_port_beyond_65535_is_refused():
    with pytest.raises(BadValueError):
        read("10.0.0.11 65536")
    with pytest.raises(BadValueError):
        read("10.0.0.11:65536")
    assert read("10.0.0.11:65535")[0].port == 65535


def test_names_and_ports_go_on_from_the_others_and_nobody_comes_twice():
    plan = Plan(nodes=(Node("node1", "10.0.0.11", 13005),))
    made = with_nodes(plan, read("10.0.0.[11-12]:13005\nweb 10.0.0.13"))
    assert [(node.name, node.host, node.port) for node in made.nodes] == [
        ("node1", "10.0.0.11", 13005),
        ("node2", "10.0.0.12", 13005),
        ("web", "10.0.0.13", 13005),
    ]


def test_a_name_of_a_list_becomes_one_that_a_node_may_have():
    made = with_nodes(Plan(), read("Web_1 10.0.0.11\n节点 10.0.0.12\n" + "x" * 64 + " 10.0.0.13\nnode1 10.0.0.14"))
    assert [node.name for node in made.nodes] == ["web-1", "node2", "x" * 63, "node1"]
    assert [made.problem(f"nodes.{at}.name") for at in range(4)] == [""] * 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("db.internal:5433", ("db.internal", 5433)),
        (" 10.0.0.11:13000 ", ("10.0.0.11", 13000)),
        ("http://10.0.0.11:13000/", ("10.0.0.11", 13000)),
        ("10.0.0.11:13000/", ("10.0.0.11", 13000)),
        ("\u00a0http://host:13000/\t", ("host", 13000)),
        ("http://user:secret@10.0.0.11:13000/", None),
        ("http://10.0.0.11/", None),
        ("http://[::1", None),
        ("::1", None),
        ("db.internal:0", None),
        ("db.internal:65536", None),
        ("db.internal", None),
    ],
)
def test_host_and_port_are_told_apart(text, found):
    assert host_and_port(text) == found
