"""The numbers that rules turn on, literally: the last value that passes, and the first that does not."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.checks.shared.connections import connections_needed, raise_limit, task_pools
from wizard.formats.dotenv.values import variables
from wizard.formats.sites import haproxy, nginx
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret
from wizard.plan.sections import Dialect, Node

PASS, WARN, FAIL = Severity.PASS, Severity.WARN, Severity.FAIL


def severities(identifier, plan=None, secrets=SECRETS):
    return [finding.severity for finding in rules(plan or good_plan(), secrets) if finding.id == identifier]


@pytest.mark.parametrize(
    ("processes", "severity"), [((1,), PASS), ((16, 16), PASS), ((32,), PASS), ((33,), FAIL), ((16, 17), FAIL)]
)
def test_there_are_32_worker_ids(processes, severity):
    nodes = tuple(
        Node(name=f"node{number}", host=f"10.0.0.{number}", processes=count) for number, count in enumerate(processes)
    )
    assert severities("plan.worker_ids", good_plan().with_value("nodes", nodes)) == [severity]


@pytest.mark.parametrize(("length", "severity"), [(31, FAIL), (32, PASS), (33, PASS)])
def test_an_application_key_has_32_characters_or_more(length, severity):
    key = "Zk4vQ9xL2mW8rT5bN7cJ1hG6dF3sP0aYu"[:length]
    assert severities("plan.app_key", secrets=SECRETS | {"application.app_key": Secret(key)}) == [severity]


@pytest.mark.parametrize(("count", "severity"), [(1, WARN), (2, PASS), (3, PASS)])
def test_a_cluster_has_two_nodes_or_more(count, severity):
    nodes = tuple(Node(name=f"node{number}", host=f"10.0.0.{number}") for number in range(count))
    assert severities("plan.nodes", good_plan().with_value("nodes", nodes)) == [severity]


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (
            Dialect.POSTGRES,
            """-- Takes effect after a restart of the server, which ends every connection:
ALTER SYSTEM SET max_connections = 151;""",
        ),
        (
            Dialect.MYSQL,
            "-- Lasts until a restart; in my.cnf, too: max_connections = 151\nSET GLOBAL max_connections = 151;",
        ),
    ],
)
def test_a_limit_is_raised_to_what_was_asked(dialect, expected):
    assert raise_limit(dialect, 151).text == expected


@pytest.mark.parametrize(
    ("nodes", "tasks", "pools"),
    [((), 0, 3), ((Node(),), 0, 3), ((Node(), Node()), 0, 6), ((Node(), Node()), 2, 4), ((), 5, 5)],
)
def test_each_async_task_has_a_pool_of_connections(nodes, tasks, pools):
    plan = good_plan().with_value("nodes", nodes).with_value("application.async_tasks", tasks)
    assert task_pools(plan) == pools


def test_ten_connections_are_kept_beside_the_pools():
    plan = good_plan().with_value("database.pool_max", 7)
    assert connections_needed(plan) == (3 + 9) * 7 + 10
    none = replace(plan, nodes=())
    assert connections_needed(none) == (max(none.processes, 1) + 3) * 7 + 10


@pytest.mark.parametrize(("underscored", "written"), [(True, "true"), (False, "false")])
def test_a_boolean_is_written_as_it_is(underscored, written):
    plan = good_plan().with_value("database.underscored", underscored)
    values = {variable.name: variable.value for variable in variables(plan).common}
    assert values.get("DB_UNDERSCORED", "false") == written


@pytest.mark.parametrize("site", [nginx.render, haproxy.render])
@pytest.mark.parametrize(("port", "named"), [(443, ""), (8443, ":8443")])
def test_a_redirect_keeps_the_port_unless_it_is_that_of_https(site, port, named):
    plan = good_plan().with_value("balancer.redirect", True).with_value("balancer.tls_port", port)
    (line,) = [
        line for line in site(plan).splitlines() if "return 308" in line or ("redirect" in line and "https:" in line)
    ]
    assert f"https://app.example.com{named}" in line
    assert (":8443" in line) is bool(named)
