"""Remedies that change a server say what they change for others; what is mistyped in the plan is corrected first."""

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.database_facts import good_facts
from tests.unit.inside import document, judged, meeting
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.database import errors as database_errors
from wizard.checks.database.facts import Ownership, Role, Trust
from wizard.checks.database.judge_account import judge_rights
from wizard.checks.database.judge_refusal import judge_refusal
from wizard.checks.database.judge_server import judge_server
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


_FOR_OTHERS = re.compile(
    r"ALTER (?:DATABASE .* SET|SYSTEM|USER .*(?:IDENTIFIED|UNLOCK))|SET GLOBAL|TRUNCATE|FLUSH|"
    r"CREATE (?:DATABASE|SCHEMA|USER)|\\password|.* OWNER TO |.* CONFIG SET |rm |mv |mount |.* pm enable "
)
_WORDS = re.compile(r"(?:#|--) ")


def _pasted() -> set[str]:
    """Return every remedy of commands among the findings that are written down, each line without its margin."""
    told = (
        [line.removeprefix("  > ") for line in finding.splitlines() if line.startswith("  > ")]
        for file in (Path(__file__).parent / "findings").glob("*.txt")
        for finding in file.read_text().split("\n\n")
    )
    return {"\n".join(lines[:-1]) for lines in told if lines and lines[-1] == "(commands)"}


def test_what_changes_a_server_for_others_stands_below_words_that_say_so():
    remedies = {remedy: next(filter(_FOR_OTHERS.match, remedy.splitlines()), None) for remedy in _pasted()}
    changing = {remedy: line for remedy, line in remedies.items() if line}
    assert len(changing) > 20
    bare = [remedy for remedy, line in changing.items() if not _WORDS.search(remedy.partition(line)[0])]
    assert bare == []


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_a_replica_is_not_made_writable_before_it_is_told_from_a_primary(dialect):
    target = Target.of(good_plan().with_value("database.dialect", Dialect(dialect)), SECRETS)
    judged = {finding.id: finding for finding in judge_server(target, good_facts(role=Known(Role(("read_only",)))))}
    first, look, last, change = judged["database.writable"].remedy.splitlines()
    assert "correct DB_HOST" in first
    assert (look, change) == ("SHOW REPLICA STATUS;", "SET GLOBAL read_only = OFF;")
    assert "for everybody" in last


@pytest.mark.parametrize(
    ("about", "names"),
    [
        ({"ownership": Known(Ownership(("applicationVersion",), "nocobase"))}, "DB_USER"),
        ({"rights": Trouble(ErrorKind.MISSING, "no schema")}, "DB_SCHEMA"),
    ],
)
def test_a_name_that_may_be_mistyped_is_compared_before_anything_is_made_for_it(about, names):
    target = Target.of(good_plan(), SECRETS)
    assert judge_rights(target, good_facts(**about)).remedy.startswith(f"-- First compare {names} with ")
