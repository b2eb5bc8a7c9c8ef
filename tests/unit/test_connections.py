"""How many connections a cluster may open: processes, async tasks of the nodes that take them, a reserve."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.checks.plan.rules.database import RESERVE, connections_needed, task_pools
from wizard.plan.finding import Severity
from wizard.plan.plan import Plan


def _plan(*modes, **settings):
    plan = good_plan()
    plan = plan.with_value("nodes", tuple(replace(plan.nodes[0], worker_mode=mode) for mode in modes))
    for name, value in settings.items():
        plan = plan.with_value(name.replace("__", "."), value)
    return plan


@pytest.mark.parametrize(
    ("modes", "tasks"),
    [
        (("", ""), 6),
        (("!", "*"), 3),
        (("!", "async-task:process", "workflow:process"), 3),
        (("!", "!,*"), 0),
    ],
)
def test_a_node_that_takes_async_tasks_counts_with_as_many_as_it_works_on_at_once(modes, tasks):
    assert task_pools(_plan(*modes)) == tasks


def test_the_number_of_tasks_at_once_is_the_plans():
    assert task_pools(_plan("", "", application__async_tasks=10)) == 20


def test_each_process_and_each_task_has_a_whole_pool():
    plan = _plan("!", "*", database__pool_max=7)
    assert connections_needed(plan) == (2 + 3) * 7 + RESERVE


def test_a_plan_without_nodes_counts_one():
    assert connections_needed(Plan()) == (1 + 3) * 5 + RESERVE


def test_the_rule_says_what_it_counted_and_what_of_it_is_inferred():
    plan = _plan("", "", "", database__pool_max=20)
    finding = next(finding for finding in rules(plan, SECRETS) if finding.id == "plan.pool")
    assert finding.severity is Severity.INFO  # the server's own limit is the live check's to judge
    assert finding.facts["needed"] == 250
    assert "Processes 3 × DB_POOL_MAX 20" in finding.detail
    assert "9 async tasks at once (inferred)" in finding.detail
    assert finding.remedy.splitlines() == [
        "-- Takes effect after a restart of the server, which ends every connection:",
        "ALTER SYSTEM SET max_connections = 250;",
    ]


def test_nothing_is_said_of_the_connections_of_nodes_that_the_plan_does_not_name():
    finding = next(finding for finding in rules(_plan(), SECRETS) if finding.id == "plan.pool")
    assert finding.severity is Severity.SKIP
    assert "no nodes" in finding.summary
