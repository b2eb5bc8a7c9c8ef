"""What a source does not say is gone to at its own field, also where several findings have become one action."""

from dataclasses import replace

import pytest

from tests.unit.plans import good_plan
from wizard.checks.cluster.specs import DATABASE
from wizard.checks.plan.rules import rules
from wizard.guide.places import Link, of_finding
from wizard.guide.tasks import to_do
from wizard.plan.finding import ErrorKind
from wizard.plan.remedy import advice


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("balancer.kind", "Go to Balancer"),
        ("balancer.tls", "Go to Balancer"),
        ("queue.kind", "Go to Queue"),
        ("licence.method", "Go to Licence"),
        ("application.deployment", "Go to Application"),
    ],
)
def test_the_action_and_each_of_its_findings_lead_to_what_is_to_be_said(key, words):
    plan = replace(good_plan(), unsaid=frozenset({key}))
    found = rules(plan, {})
    [task] = [task for task in to_do(plan, found, ()).tasks if task.action.title.startswith("Not judged")]
    assert task.link == Link(key, words)
    cleared = [one for one in found if (one.id, one.subject) in set(task.action.clears)]
    assert {of_finding(plan, one) for one in cleared} == {key}


@pytest.mark.parametrize(
    ("more", "key", "words"),
    [
        ({"because": ("application.check_account",)}, "application.check_account", "Go to Application"),
        ({"because": ("storage.path",)}, "storage.path", "Go to Storage"),
        ({"lacks": "redis.server.password"}, "redis.server.password", "Go to Redis"),
        ({"because": ("node.health",)}, "database", "Go to Database"),
    ],
)
def test_what_is_not_known_for_want_of_a_setting_leads_to_its_field_and_else_to_its_own_step(more, key, words):
    plan = good_plan()
    found = DATABASE.unknown("Could not be found out.", error=ErrorKind.MISSING, remedy=advice("Enter it."), **more)
    [task] = to_do(plan, [found], ()).tasks
    assert task.link == Link(key, words)
    assert of_finding(plan, found) == key
