"""What only several real things together show: clocks, and which database the nodes use."""

import pytest

from tests.live.balancer_sites import planned
from tests.live.helpers_database import database_of_its_own, installation, plan_for
from tests.live.redis_plans import SECRET
from tests.live.running import findings_of
from tests.live.test_database import PostgresInAnotherTime
from wizard.checks.cluster import checks as cluster
from wizard.checks.database import checks as database
from wizard.checks.node import checks as node
from wizard.checks.redis import checks as redis
from wizard.demo.nginx import Nginx
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node

pytestmark = pytest.mark.live


def _together(server, *nodes, beside=None):
    plan = plan_for(server)
    secrets = {"database.password": Secret(server.password)}
    checks = []
    if beside:
        plan = plan.with_value("redis.server.host", beside.host).with_value("redis.server.port", beside.port)
        plan = plan.with_value("redis.server.password", SecretRef(SECRET))
        secrets[SECRET] = Secret(beside.password)
        checks += redis.checks(plan, secrets)
    plan = plan.with_value(
        "nodes", tuple(Node(name=f"node{i + 1}", host=n.host, port=n.port) for i, n in enumerate(nodes))
    )
    checks += [*database.checks(plan, secrets), *node.checks(plan, secrets), *cluster.checks(plan, secrets)]
    found = findings_of(checks, cross_checks=cluster.cross_checks(plan))
    return {identifier: finding for (identifier, _), finding in found.items() if identifier.startswith("cluster.")}


def _told(finding):
    return finding.severity, finding.error


def test_clocks_of_one_machine_agree(postgres, redis8_bloom, node_stand_in):
    finding = _together(postgres, node_stand_in("node1"), beside=redis8_bloom)["cluster.clocks"]
    assert _told(finding) == (Severity.PASS, None)
    assert set(finding.facts["ahead_s"]) >= {"database", "redis cache", "redis worker-id", "node node1"}


def test_clocks_of_nodes_are_looked_at_until_they_are_known_to_agree(node_stand_in):
    first, second = node_stand_in("node1"), node_stand_in("node2")
    checks = node.checks(planned(first, second), {})
    found = findings_of(checks, cross_checks=cluster.cross_checks(Plan()))
    assert _told(found["cluster.clocks", ""]) == (Severity.PASS, None)


def test_a_clock_that_a_server_does_not_tell_is_compared_with_nobody(launch, node_stand_in):
    silent = launch(lambda: Nginx(lambda port: f"server {{ listen {port}; return 502; }}"))
    found = findings_of(
        node.checks(planned(silent, node_stand_in("node2")), {}), cross_checks=cluster.cross_checks(Plan())
    )
    assert found["cluster.clocks", ""].severity is Severity.SKIP
    assert "node.health" in found["cluster.clocks", ""].summary


def test_clocks_that_are_apart_are_a_warning(launch, redis8_bloom):
    finding = _together(launch(PostgresInAnotherTime), beside=redis8_bloom)["cluster.clocks"]
    assert _told(finding) == (Severity.WARN, None)
    assert finding.summary.startswith("The clock of database is 1")


def test_nodes_that_tell_the_version_of_the_database_do_not_prove_that_they_use_it(postgres, node_stand_in):
    with database_of_its_own(postgres, "theirs") as server:
        server.as_owner(*installation(server, version="2.2.15"))
        found = _together(server, node_stand_in("node1"))
    assert _told(found["cluster.database"]) == (Severity.UNKNOWN, ErrorKind.MISSING)
    assert "application.check_account" in found["cluster.database"].remedy


def test_nodes_that_tell_another_version_than_the_database_fail(postgres, node_stand_in):
    with database_of_its_own(postgres, "theirs") as server:
        server.as_owner(*installation(server, version="2.2.14"))
        found = _together(server, node_stand_in("node1"))
    assert _told(found["cluster.database"]) == (Severity.FAIL, ErrorKind.MISSING)


def test_nodes_that_serve_beside_an_empty_database_fail(postgres, node_stand_in):
    finding = _together(postgres, node_stand_in("node1"))["cluster.database"]
    assert _told(finding) == (Severity.FAIL, ErrorKind.MISSING)
    assert "no NocoBase" in finding.summary


def test_nodes_beside_a_database_that_names_no_version_are_unknown(postgres, node_stand_in):
    with database_of_its_own(postgres, "theirs") as server:
        server.as_owner(*installation(server), 'DELETE FROM "applicationVersion"')
        found = _together(server, node_stand_in("node1"))
    assert found["cluster.database"].severity is Severity.UNKNOWN


def test_without_a_node_that_serves_nothing_is_compared(postgres, closed_port):
    assert _together(postgres, closed_port)["cluster.database"].severity is Severity.SKIP
