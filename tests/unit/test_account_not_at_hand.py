"""An account for checks whose password is not at hand is one thing to do, however many checks want it."""

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.cluster.component import COMPONENT
from wizard.checks.cluster.use_probe import UseFacts
from wizard.engine.component import Request
from wizard.engine.facts import Known
from wizard.guide.actions import actions_of
from wizard.plan.secret import SecretRef

KEY = "application.check_password"
NAMES = ("node1", "node2", "node3")


def actions(plan):
    checks = COMPONENT.checks(plan, SECRETS, Request())
    [stopped] = [check for check in checks if any(spec.id == "cluster.keys" for spec in check.specs)]
    [use] = [check for check in checks if check.part == "use"]
    told = Known(dict.fromkeys(NAMES, "2.2.15"))
    facts = UseFacts(serving=Known(NAMES), told=told, held=Known("2.2.15"))
    return actions_of([*stopped.judge(stopped.facts()), *use.judge(facts)])


def test_a_password_that_is_not_at_hand_is_one_action_for_the_sessions_and_the_database():
    plan = good_plan().with_value("application.check_account", "checks").with_value(KEY, SecretRef(KEY))
    [action] = actions(plan)
    assert {identifier for identifier, _subject in action.clears} >= {"cluster.keys", "cluster.database"}
    assert "NCW_CHECK_PASSWORD" in action.remedy.text


def test_without_an_account_no_secret_is_called_missing():
    assert all("NCW_CHECK_PASSWORD" not in action.remedy.text for action in actions(good_plan()) if action.remedy)
