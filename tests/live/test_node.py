"""Nodes that serve, and nodes broken in each of the ways a real one was seen to be."""

import pytest

from tests.live.running import findings_of
from tests.patience import patience
from wizard.checks.cluster import checks as cluster
from wizard.checks.node import checks as node
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import Health
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.sections import Node

pytestmark = pytest.mark.live


def _plan(*servers, **values) -> Plan:
    nodes = tuple(Node(name=f"node{i + 1}", host=server.host, port=server.port) for i, server in enumerate(servers))
    plan = Plan(nodes=nodes).with_value("application.version", "2.2.15")
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    return plan


def _findings(*servers, **values):
    options = {"timeout": values.pop("timeout")} if "timeout" in values else {}
    return findings_of(node.checks(_plan(*servers, **values), {}), cross_checks=cluster.cross_checks(Plan()), **options)


def _told(finding):
    return finding.severity, finding.error


def _stopped(found, *ids):
    return {found[identifier, "node1"].severity for identifier in ids} == {Severity.SKIP}


def test_a_serving_node_passes(node_stand_in):
    server = node_stand_in("node1")
    found = _findings(server)
    told = {identifier: finding.severity for (identifier, subject), finding in found.items() if subject == "node1"}
    assert told == {
        "node.connect": Severity.PASS,
        "node.health": Severity.PASS,
        "node.websocket": Severity.PASS,
        "node.version": Severity.INFO,
    }
    assert "neither the database nor Redis" in found["node.health", "node1"].detail
    assert found["node.version", "node1"].facts["version"] == "2.2.15"
    assert all("nocobase-cluster-wizard" in request.headers["user-agent"] for request in server.requests)


def test_a_node_below_a_sub_path_passes(node_stand_in):
    found = _findings(node_stand_in("node1", public_path="/crm/"), application__public_path="/crm/")
    assert found["node.health", "node1"].severity is Severity.PASS
    assert found["node.websocket", "node1"].severity is Severity.PASS


def test_a_node_that_is_not_started_is_refused(closed_port):
    found = _findings(closed_port)
    finding = found["node.connect", "node1"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.REFUSED)
    assert "Before the first deployment this is expected" in finding.detail
    assert str(closed_port.port) in finding.remedy
    assert _stopped(found, "node.health", "node.websocket", "node.version")


def test_an_unknown_host_is_a_matter_of_dns(closed_port):
    closed_port.host = "no-such-host.invalid"
    assert _told(_findings(closed_port)["node.connect", "node1"]) == (Severity.FAIL, ErrorKind.DNS)


@pytest.mark.usefixtures("quiet_machine")
def test_a_silent_node_ends_by_the_deadline(silent_port):
    found = _findings(silent_port, timeout=patience(0.3))
    assert _told(found["node.connect", "node1"]) == (Severity.FAIL, ErrorKind.TIMEOUT)
    assert _stopped(found, "node.health", "node.websocket", "node.version")


@pytest.mark.usefixtures("quiet_machine")
def test_a_port_that_trickles_is_given_up(trickling_port):
    found = _findings(trickling_port, timeout=patience(0.3))
    assert _told(found["node.connect", "node1"]) == (Severity.FAIL, ErrorKind.TIMEOUT)


def test_a_port_that_speaks_another_protocol_is_told_as_such(redis7):
    found = _findings(redis7)
    assert _told(found["node.connect", "node1"]) == (Severity.FAIL, ErrorKind.PROTOCOL)


@pytest.mark.parametrize(
    ("health", "message", "told"),
    [
        (Health.COMMANDING, "load plugin [acl], 8/77", (Severity.WARN, None)),
        (Health.COMMANDING, "", (Severity.FAIL, ErrorKind.CREDENTIALS)),
        (Health.COMMANDING, "connect ECONNREFUSED 10.0.0.7:6379", (Severity.FAIL, ErrorKind.REFUSED)),
        (Health.NOT_INSTALLED, "", (Severity.FAIL, ErrorKind.MISSING)),
        (Health.PAGE, "", (Severity.FAIL, ErrorKind.PROTOCOL)),
        (Health.COMMANDING, 'Lock adapter "redis" not registered', (Severity.FAIL, ErrorKind.MISSING)),
    ],
)
def test_a_node_that_does_not_serve_says_why(node_stand_in, health, message, told):
    found = _findings(node_stand_in("node1", health=health, message=message))
    finding = found["node.health", "node1"]
    assert _told(finding) == told
    assert message in finding.summary
    assert found["node.connect", "node1"].severity is Severity.PASS
    assert _stopped(found, "node.websocket", "node.version")


def test_a_wrong_sub_path_is_answered_with_the_page(node_stand_in):
    found = _findings(node_stand_in("node1", public_path="/crm/"))
    assert _told(found["node.health", "node1"]) == (Severity.FAIL, ErrorKind.PROTOCOL)


def test_a_web_server_that_drops_the_upgrade_is_found(node_stand_in, launch):
    behind = node_stand_in("node1")
    front = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; location / {{ proxy_pass {behind.url}; }} }}"))
    found = _findings(front)
    assert found["node.health", "node1"].severity is Severity.PASS
    finding = found["node.websocket", "node1"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.PROTOCOL)
    assert "Upgrade" in finding.remedy


def test_a_web_server_before_a_dead_node_is_told_from_the_node(closed_port, launch):
    site = f"location / {{ proxy_pass http://{closed_port.host}:{closed_port.port}; }}"
    front = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; {site} }}"))
    finding = _findings(front)["node.health", "node1"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.REFUSED)
    assert "502" in finding.summary


def test_another_version_than_planned_is_a_warning(node_stand_in):
    finding = _findings(node_stand_in("node1", version="2.1.25"))["node.version", "node1"]
    assert _told(finding) == (Severity.WARN, ErrorKind.VERSION)
    assert "2.1.25" in finding.summary
    assert "2.2.15" in finding.summary
    assert "database" in finding.detail


def test_nodes_of_one_version_pass_together(node_stand_in):
    found = _findings(node_stand_in("node1"), node_stand_in("node2"))
    assert found["cluster.versions", ""].severity is Severity.PASS


def test_nodes_of_two_versions_fail_together(node_stand_in):
    found = _findings(node_stand_in("node1"), node_stand_in("node2", version="2.2.14"))
    finding = found["cluster.versions", ""]
    assert _told(finding) == (Severity.FAIL, ErrorKind.VERSION)
    assert "node2: 2.2.14" in finding.detail


def test_one_node_alone_is_compared_with_nobody(node_stand_in, closed_port):
    found = _findings(node_stand_in("node1"), closed_port)
    assert found["cluster.versions", ""].severity is Severity.SKIP


def test_a_node_without_a_host_is_not_asked():
    found = findings_of(node.checks(Plan(nodes=(Node(),)), {}))
    assert found["node.connect", "node1"].severity is Severity.SKIP
    assert _stopped(found, "node.health", "node.websocket", "node.version")
