"""Remedies that change a server say what they change for others; what is mistyped in the plan is corrected first."""

import shlex

import pytest

from tests.unit.inside import document, judged, meeting
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.database import errors as database_errors
from wizard.checks.database.facts import Trust
from wizard.checks.database.judge_refusal import judge_refusal
from wizard.checks.database.target import Target
from wizard.checks.database.words import Refusal
from wizard.checks.inside.document import meeting_of
from wizard.checks.licence.judge import judge as judge_licence
from wizard.checks.licence.probe import LicenceFacts
from wizard.checks.licence.target import Target as Service
from wizard.checks.redis import errors as redis_errors
from wizard.checks.redis.facts import RedisFacts
from wizard.checks.redis.judge_connect import judge_connect
from wizard.checks.redis.target import RedisTarget
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind
from wizard.plan.kinds import BadValueError, Url
from wizard.plan.secret import Secret
from wizard.plan.sections import Dialect, RedisRole


def _database(trouble: Trouble, dialect: str = "postgres") -> str:
    target = Target.of(good_plan().with_value("database.dialect", Dialect(dialect)), SECRETS)
    return judge_refusal(Refusal(target, trouble, Trust())).remedy


def _redis(about: str, kind: ErrorKind) -> str:
    target = RedisTarget(role=RedisRole.CACHE, host="redis.internal", port=6379)
    return judge_connect(target, RedisFacts(addresses=Known(()), connection=Trouble(kind, "no", about))).remedy


@pytest.mark.parametrize("dialect", ["postgres", "mariadb", "mysql"])
def test_a_database_at_another_port_is_not_moved_away_from_those_who_use_it(dialect):
    remedy = _database(Trouble(ErrorKind.REFUSED), dialect)
    assert "correct DB_PORT" in remedy.splitlines()[0]
    assert "port =" not in remedy


def test_a_rule_for_the_nodes_takes_nobodys_place():
    assert _database(Trouble(ErrorKind.PERMISSION, "", database_errors.HOST_RULE)).startswith(
        "# In pg_hba.conf, at its end,"
    )


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        (redis_errors.NO_PASSWORD_THERE, ErrorKind.CREDENTIALS),
        (redis_errors.PROTECTED_MODE, ErrorKind.PERMISSION),
    ],
)
def test_a_password_for_a_server_that_has_none_shuts_others_out_and_says_so(about, kind):
    assert "without one" in _redis(about, kind)


def test_the_plans_password_goes_before_the_servers():
    assert _redis(redis_errors.NO_PASSWORD_THERE, ErrorKind.CREDENTIALS).startswith("Take the password out of the plan")


_NASTY = "a b;$(id)'`id`"


def test_a_path_that_a_node_tells_is_one_word_of_the_command():
    alone = {"node3": document("node3", storage__path=f"/srv/{_NASTY}")}
    others = {"node1": ("node2",), "node2": ("node1",), "node3": ()}
    met = {name: Known(meeting_of(meeting(name, others=seen, locks={}))) for name, seen in others.items()}
    command = judged(alone, meetings=met)["storage"].remedy.splitlines()[-1]
    assert shlex.split(command) == ["findmnt", "-T", f"/srv/{_NASTY}"]


def test_the_address_of_the_package_service_is_one_word_of_the_command():
    service = Service(f"https://pkg.example/{_NASTY}/", "a", Secret("b"), (), "2.2.15")
    finding = next(iter(judge_licence(service, LicenceFacts(login=Trouble(ErrorKind.REFUSED)))))
    assert shlex.split(finding.remedy)[-1] == service.url


@pytest.mark.parametrize("sign", ["$(id)", ";id", "`id`", "'", '"', "&", "|", "<", "*", "!", "\\\\"])
def test_no_address_holds_what_a_shell_obeys(sign):
    for address in (f"https://a{sign}b", f"https://a.example/b{sign}c"):
        with pytest.raises(BadValueError):
            Url(path=True).parse(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example.com",
        "http://10.0.0.1:8080",
        "http://[fd00::1]:8080",
        "https://bücher.example",
        "https://A_b",
    ],
)
def test_an_address_of_plain_signs_is_one(address):
    assert Url().parse(address)
