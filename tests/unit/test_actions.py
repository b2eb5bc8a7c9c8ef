"""Findings of one cause become one action, the most urgent first; and how a cluster stands in one sentence."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_examples import plan_of
from wizard.checks.plan.rules import rules
from wizard.checks.redis.specs import BLOOM, CONNECT, EVICTION, PERSISTENCE, VERSION
from wizard.checks.registry import component
from wizard.engine.check import skip_rest
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.guide.actions import actions_of, verdict
from wizard.plan.action import Area
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice, commands, plan_value
from wizard.plan.spec import FAIL, PASS, WARN, Spec

ROLES = ("cache", "sync", "lock")
REFUSED = "10.0.0.5:6379 refuses the connection: no Redis listens there."


def _down(*roles):
    found = []
    for role in roles:
        found.append(CONNECT.fail(REFUSED, ErrorKind.REFUSED, subject=role, remedy=commands(f"redis-cli -n {role}")))
        found += skip_rest((CONNECT, VERSION, BLOOM), CONNECT, role)
    return found


def _cleared(action):
    return {(identifier, subject) for identifier, subject in action.clears}


def test_a_server_that_is_down_is_one_action_with_all_that_it_kept_from_being_looked_at():
    found = _down(*ROLES)
    [action] = actions_of(found)
    assert action.id == "redis.connect:cache"
    assert action.title == REFUSED
    assert (action.impact.severity, action.impact.area) == (Severity.FAIL, Area.START)
    assert action.impact.text == "No node can start."
    assert action.step == "redis"
    assert action.doc == "docs/checks.md#redis.connect"
    assert _cleared(action) == {(finding.id, finding.subject) for finding in found}
    assert len(action.clears) == 9


def test_two_servers_that_are_down_are_two_actions():
    other = [replace(finding, summary=finding.summary.replace("10.0.0.5", "10.0.0.6")) for finding in _down("queue")]
    first, second = actions_of([*_down("cache"), *other])
    assert {subject for _id, subject in first.clears} == {"cache"}
    assert {subject for _id, subject in second.clears} == {"queue"}


def test_what_waits_for_two_causes_does_not_make_them_one():
    clocks = component("cluster").spec("cluster.clocks")
    both = clocks.skip("Not compared.", because=("database.connect", "redis.connect"))
    database = component("database").specs[0].fail("Nobody listens.", ErrorKind.REFUSED)
    made = actions_of([database, *_down("cache"), both])
    assert [action.id for action in made] == ["database.connect", "redis.connect:cache"]
    assert ("cluster.clocks", "") in made[0].clears


def _of_node(check, subject, severity=FAIL, **more):
    return (
        component("node")
        .spec(f"node.{check}")
        .finding(severity, f"It is so of {subject}.", {"subject": subject, **more})
    )


NO_DATABASE = component("database").specs[0].fail("Nobody listens.", ErrorKind.REFUSED)


def test_what_cannot_work_without_the_database_goes_with_its_action():
    balancer = component("balancer").spec("balancer.health").fail("Nobody answers.")
    nodes = [_of_node("health", "node1"), _of_node("connect", "node2", error=ErrorKind.REFUSED), balancer]
    [action] = actions_of([NO_DATABASE, *nodes])
    assert action.title == "Nobody listens."
    assert action.impact.text == "No node can start."
    assert len(action.clears) == 4


def test_a_node_has_an_action_of_its_own_where_another_one_works_with_the_database():
    made = actions_of([NO_DATABASE, _of_node("health", "node1", PASS), _of_node("health", "node2")])
    assert [action.id for action in made] == ["database.connect", "node.health:node2"]


@pytest.mark.parametrize("error", [ErrorKind.DNS, ErrorKind.TLS])
def test_a_wrong_name_or_certificate_of_a_node_is_no_matter_of_the_database(error):
    assert len(actions_of([NO_DATABASE, _of_node("connect", "node1", error=error)])) == 2


def test_a_failure_comes_of_no_warning():
    warning = component("redis").spec("redis.commands").warn("KEYS is refused.", subject="queue")
    failure = component("redis").spec("redis.queue_use").fail("It broke.", subject="queue", because=("redis.commands",))
    assert [action.id for action in actions_of([warning, failure])] == ["redis.queue_use:queue", "redis.commands:queue"]


def test_two_failures_of_one_setting_are_one_action():
    facts = {"setting": "application.app_key"}
    found = [
        component("plan").spec("plan.app_key").fail("It is public.", facts=facts, remedy=commands("openssl rand")),
        component("plan").spec("plan.unfilled").fail("It is a sample's.", facts=facts, subject="application.app_key"),
    ]
    [action] = actions_of(found)
    assert action.remedy == commands("openssl rand")


def test_rights_that_an_account_lacks_in_several_roles_are_granted_together():
    spec = component("redis").spec("redis.commands")
    found = [
        spec.fail(f"No {right}.", subject=role, cause="rights of app", remedy=commands(f"allow {right}", "save"))
        for role, right in (("queue", "BRPOP"), ("lock", "EVAL"))
    ]
    [action] = actions_of(found)
    assert action.title == "No BRPOP."
    assert action.remedy == commands("allow BRPOP", "allow EVAL", "save")


def test_secrets_that_are_not_at_hand_are_one_action_with_how_to_give_each():
    found = [
        Finding(
            id=f"{part}.connect", severity=Severity.UNKNOWN, summary=f"Not tested: {part}.", lacks=f"{part}.password"
        ).with_remedy(commands(f"export {part.upper()}=…", "# or in a file"))
        for part in ("database", "redis", "database")
    ]
    [action] = actions_of(found)
    assert action.title == "2 secrets are not at hand: database.password, redis.password."
    assert action.remedy == commands("export DATABASE=…", "export REDIS=…", "# or in a file")
    told = [item.with_remedy(advice(f"Enter {item.lacks}.")) for item in found]
    assert actions_of(told)[0].remedy == advice("Enter database.password. Enter redis.password.")


def test_one_secret_that_is_not_at_hand_is_told_as_it_was_found():
    [action] = actions_of([CONNECT.unknown("Not tested.", lacks="redis.server.password", subject="cache")])
    assert action.title == "Not tested."


def test_one_remedy_for_several_findings_is_one_action():
    remedy = commands("export DB_PASSWORD=…")
    found = [
        EVICTION.unknown("The first is not known.", remedy=remedy),
        PERSISTENCE.unknown("Nor is the second.", remedy=remedy, subject="queue"),
    ]
    [action] = actions_of(found)
    assert action.title == "The first is not known."
    assert action.remedy == remedy


def test_the_general_remedy_does_not_make_two_causes_one():
    found = [CONNECT.fail(f"{name} does not answer.", ErrorKind.TIMEOUT, subject=name) for name in ROLES]
    assert len(actions_of(found)) == 3


def test_the_most_urgent_comes_first():
    found = [
        VERSION.warn("Redis 7 is old.", subject="cache"),
        PERSISTENCE.fail("Nothing is kept.", subject="queue"),
        component("storage").spec("storage.fsync").fail("The disk is slow."),
        component("balancer").spec("balancer.origin").fail("Nobody can sign in."),
        EVICTION.unknown("Not known.", subject="lock"),
        component("database").spec("database.connect").fail("Nobody listens."),
    ]
    assert [(action.id, action.impact.area.value) for action in actions_of(found)] == [
        ("database.connect", "start"),
        ("balancer.origin", "start"),
        ("redis.persistence:queue", "data"),
        ("storage.fsync", "speed"),
        ("redis.eviction:lock", "data"),
        ("redis.version:cache", "advice"),
    ]


def test_what_is_as_it_should_be_and_what_was_left_out_without_a_remedy_asks_nothing():
    assert actions_of([CONNECT.passed("It answers."), VERSION.skip("Not asked.")]) == ()
    [action] = actions_of([VERSION.skip("Not asked.", remedy=advice("Name an account."))])
    assert (action.impact.severity, action.impact.area, action.impact.text) == (Severity.SKIP, Area.ADVICE, "")


def test_each_finding_that_asks_something_is_cleared_by_exactly_one_action():
    found = [*_down(*ROLES), *rules(Plan(), {})]
    made = actions_of(found)
    cleared = Counter(one for action in made for one in action.clears)
    asking = {Severity.FAIL, Severity.UNKNOWN, Severity.WARN}
    skipped = Counter((item.id, item.subject) for item in found if item.because)
    assert cleared == Counter((item.id, item.subject) for item in found if item.severity in asking) + skipped
    assert len({action.id for action in made}) == len(made)


def test_an_env_file_that_does_not_say_all_is_one_action():
    text = dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)[0].text
    plan, secrets = dotenv.read(text, "cluster.env")
    unsaid = [item for item in rules(plan, secrets) if "the source does not say" in item.summary]
    assert len(unsaid) > 1
    assert len(actions_of(unsaid)) == 1


def test_fields_of_one_section_that_were_left_empty_are_one_action():
    found = [item for item in rules(Plan(), {}) if item.severity is Severity.FAIL and item.error is ErrorKind.MISSING]
    steps = [action.step for action in actions_of(found)]
    assert len(steps) == len(set(steps)) > 1


def test_a_value_that_could_not_be_read_takes_what_rests_on_it_along():
    plan = plan_of("three-nodes").with_text("application.version", "latest")
    found = [item for item in rules(plan, {}) if item.severity in {Severity.FAIL, Severity.UNKNOWN, Severity.WARN}]
    action = next(action for action in actions_of(found) if ("plan.value", "application.version") in action.clears)
    assert ("plan.version", "") in action.clears or ("plan.version", "application.version") in action.clears


def test_a_remedy_that_is_a_value_keeps_it():
    spec = Spec("plan.any", "So it is.", severities=(PASS, WARN, FAIL), remedy="Do it.")
    [action] = actions_of([spec.fail("It is not so.", remedy=plan_value("database.port", 5433, "DB_PORT=5433"))])
    assert action.as_json()["remedy"] == {
        "kind": "value",
        "text": "DB_PORT=5433",
        "setting": "database.port",
        "value": 5433,
    }


def test_the_json_is_the_contracts():
    [action] = actions_of(_down("cache"))
    assert action.as_json() == {
        "id": "redis.connect:cache",
        "title": REFUSED,
        "impact": {"severity": "fail", "area": "start", "text": "No node can start."},
        "remedy": {"kind": "commands", "text": "redis-cli -n cache"},
        "doc": "docs/checks.md#redis.connect",
        "step": "redis",
        "clears": [
            {"id": "redis.connect", "subject": "cache"},
            {"id": "redis.version", "subject": "cache"},
            {"id": "redis.bloom", "subject": "cache"},
        ],
    }


NOTE = component("plan").spec("plan.bundle_files").info("README.md was edited.")


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ([], "Nothing was tested."),
        ([CONNECT.skip("It was left out.")], "Nothing was tested."),
        ([NOTE] * 2, "Nothing to do: there are only notes."),
        ([NOTE, CONNECT.skip("It was left out.")], "Nothing was tested."),
        ([CONNECT.passed("It answers.")], "Nothing to do: 1 check passed."),
        ([VERSION.warn("It is old.")], "Nothing failed; 1 thing to mend."),
        ([VERSION.warn("It is old."), EVICTION.unknown("Not known.")], "1 thing could not be found out."),
        ([EVICTION.unknown("Not known.")] * 3, "3 things could not be found out."),
        (_down(*ROLES), "Not ready: 1 thing to do first."),
        ([*_down("cache"), PERSISTENCE.fail("Nothing is kept.")], "Not ready: 2 things to do first."),
    ],
)
def test_one_sentence_says_how_a_cluster_stands(found, sentence):
    assert verdict(found, actions_of(found)) == sentence


def test_what_is_down_comes_before_what_else_keeps_nodes_from_starting():
    found = [component("plan").spec("plan.public_url").fail("Not whole."), *_down("cache")]
    assert [action.id for action in actions_of(found)] == ["redis.connect:cache", "plan.public_url"]


def test_a_worker_mode_with_a_blank_is_one_thing_to_do():
    plan, secrets = dotenv.read("APP_KEY=x\nWORKER_MODE=!, workflow:process\n", ".env")
    every = [action for action in actions_of(rules(plan, secrets)) if "WORKER_MODE" in str(action.clears)]
    assert [(action.id, action.clears) for action in every] == [
        ("plan.worker_mode:node1", (("plan.env_text", "WORKER_MODE"), ("plan.worker_mode", "node1")))
    ]
