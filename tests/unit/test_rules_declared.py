"""The checks that the plan as a component makes of its ids."""

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.component import COMPONENT
from wizard.checks.plan.rules import rules
from wizard.checks.plan.specs import BUNDLE_FILES, RULES
from wizard.engine.component import Request


def test_each_finding_leads_to_its_declaration():
    declared = {spec.id: spec for spec in RULES}
    for finding in rules(good_plan(), SECRETS):
        assert finding.doc == declared[finding.id].entry


class _Beside:
    path, edited = "/out", False
    files = deployed = opened = staticmethod(tuple)

    def read(self, _path):
        return None


def _ids(request):
    checks = COMPONENT.checks(good_plan(), SECRETS, request)
    return [(check.component, check.subject, check.specs[0].id, len(check.specs)) for check in checks]


def test_the_plan_is_judged_by_all_rules_at_once():
    assert _ids(Request()) == [("plan", "", "plan.value", len(RULES))]
    [check] = COMPONENT.checks(good_plan(), SECRETS, Request())
    facts = check.facts()
    check.probe(facts)
    assert list(check.judge(facts)) == rules(good_plan(), SECRETS)


def test_beside_a_bundle_its_files_are_looked_at_and_its_env_files_unless_the_plan_was_edited():
    beside = _Beside()
    rest = [("plan", "", "plan.value", len(RULES)), ("plan", "bundle", BUNDLE_FILES.id, 1)]
    read = [("plan", "bundle", "plan.sources", len(RULES)), ("plan", "bundle", RULES[0].id, len(RULES))]
    assert _ids(Request(beside=beside)) == [*rest, *read]
    beside.edited = True
    assert _ids(Request(beside=beside)) == rest


def test_the_component_is_asked_for_its_secrets_and_its_place():
    assert (COMPONENT.name, COMPONENT.title, COMPONENT.step, COMPONENT.turn) == ("plan", "Plan", "application", 90)
    keys = ["application.app_key", "application.aes_key", "application.root_password"]
    assert COMPONENT.secrets == dict.fromkeys(keys, RULES)
