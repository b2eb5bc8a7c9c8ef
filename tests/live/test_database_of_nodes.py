"""Which database the nodes use: sessions that are begun on stand-ins, and looked for in real databases."""

from contextlib import contextmanager

import pytest

from tests.live.helpers_database import database_of_its_own, installation, issued_tokens, keeper, plan_for, run_sql
from tests.live.running import findings_of
from tests.live.sessions import PASSWORD, ScriptedNode, asked, users
from tests.patience import patience, wait_until
from tests.servers.mysql import MySql
from wizard.checks.cluster import checks as cluster
from wizard.demo.http_stand_in import Answer
from wizard.demo.nodes import Health
from wizard.demo.sessions import Users
from wizard.engine.selection import Selection
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Dialect, Node

pytestmark = pytest.mark.live
ID, SIGN_IN = "cluster.database", "auth:signIn"
ONLY = Selection(only=(ID,))


@contextmanager
def _installed(postgres, name, **shape):
    """Yield a database of its own with NocoBase's tables, and the users whose sessions are kept there."""
    with database_of_its_own(postgres, name) as server:
        server.as_owner(*installation(server, **shape), issued_tokens(server, **_names(shape)))
        both = users()
        both.keep = keeper(server, **_names(shape))
        yield server, both


def _names(shape):
    return {key: value for key, value in shape.items() if key in {"prefix", "underscored"}}


def _found(server, *nodes, account="checks", secrets=None, dialect=Dialect.POSTGRES, timeout=None, **values):
    plan = plan_for(server, dialect, **values)
    planned = tuple(Node(name=f"node{i + 1}", host=node.host, port=node.port) for i, node in enumerate(nodes))
    password = SecretRef("application.check_password")
    for key, value in {"nodes": planned, "application.check_account": account}.items():
        plan = plan.with_value(key, value)
    plan = plan.with_value("application.check_password", password)
    given = {"application.check_password": Secret(PASSWORD)} if secrets is None else secrets
    given = {"database.password": Secret(server.password), **given}
    return findings_of(cluster.checks(plan, given), selection=ONLY, timeout=timeout)[ID, ""]


def _told(finding):
    return finding.severity, finding.error


def test_sessions_begun_on_each_node_are_found_and_ended(postgres, node_stand_in):
    with _installed(postgres, "one") as (server, both):
        nodes = [node_stand_in(f"node{i}", users=both) for i in (1, 2)]
        finding = _found(server, *nodes)
    assert _told(finding) == (Severity.PASS, None)
    assert "node1, node2" in finding.summary
    assert [asked(node, SIGN_IN) for node in nodes] == [1, 1]
    assert not both.open


@pytest.mark.parametrize("shape", [{"prefix": "nb_"}, {"underscored": True}])
def test_the_tables_have_the_names_that_the_plan_says(postgres, node_stand_in, shape):
    values = {"table_prefix" if key == "prefix" else key: value for key, value in shape.items()}
    with _installed(postgres, "named", **shape) as (server, both):
        finding = _found(server, node_stand_in("node1", users=both), node_stand_in("node2", users=both), **values)
    assert _told(finding) == (Severity.PASS, None)


def test_mariadb_is_asked_alike(mariadb, node_stand_in):
    run_sql(mariadb, *installation(mariadb), issued_tokens(mariadb))
    both = users()
    both.keep = keeper(mariadb)
    try:
        sound = _found(mariadb, node_stand_in("node1", users=both), dialect=Dialect.MARIADB)
        both.keep = None
        broken = _found(mariadb, node_stand_in("node1", users=both), dialect=Dialect.MARIADB)
    finally:
        tables = ("applicationVersion", "applicationPlugins", "storages", "roles", "issuedTokens")
        run_sql(mariadb, *(f"DROP TABLE `{table}`" for table in tables))
    assert (_told(sound), _told(broken)) == ((Severity.PASS, None), (Severity.FAIL, ErrorKind.MISSING))


@pytest.mark.slow
def test_mysql_itself_is_asked_alike(launch, node_stand_in):
    server = launch(MySql)
    assert run_sql(server, "SELECT VERSION() LIKE '%MariaDB%'") == [(0,)]
    run_sql(server, *installation(server), issued_tokens(server))
    both = users()
    both.keep = keeper(server)
    sound = _found(server, node_stand_in("node1", users=both), dialect=Dialect.MYSQL)
    both.keep = None
    broken = _found(server, node_stand_in("node1", users=both), dialect=Dialect.MYSQL)
    assert (_told(sound), _told(broken)) == ((Severity.PASS, None), (Severity.FAIL, ErrorKind.MISSING))


def test_a_node_on_another_database_of_the_same_version_and_admin_is_named(postgres, node_stand_in):
    with _installed(postgres, "ours") as (server, ours), _installed(postgres, "theirs") as (_other, theirs):
        finding = _found(server, node_stand_in("node1", users=ours), node_stand_in("node2", users=theirs))
    assert _told(finding) == (Severity.FAIL, ErrorKind.MISSING)
    assert finding.summary == "node2 use another database than the plan's."
    assert "begun on node2 is not in the plan's database" in finding.detail
    assert "DB_HOST" in finding.remedy
    assert not ours.open
    assert not theirs.open


def test_a_node_that_lacks_the_account_of_the_others_uses_another_database(postgres, node_stand_in):
    with _installed(postgres, "ours") as (server, ours):
        finding = _found(server, node_stand_in("node1", users=ours), node_stand_in("node2", users=Users()))
    assert _told(finding) == (Severity.FAIL, ErrorKind.MISSING)
    assert "node2 refuses the account checks, which node1 lets in" in finding.detail


def test_without_an_account_it_is_unknown_and_nobody_signs_in(postgres, node_stand_in):
    with _installed(postgres, "ours") as (server, both):
        node = node_stand_in("node1", users=both)
        finding = _found(server, node, account="")
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.MISSING)
    assert "application.check_account" in finding.remedy
    assert not asked(node, SIGN_IN)


def test_a_password_that_is_not_at_hand_has_a_name_to_give_it_by(postgres, node_stand_in):
    with _installed(postgres, "ours") as (server, both):
        finding = _found(server, node_stand_in("node1", users=both), secrets={})
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.MISSING)
    assert "NCW_CHECK_PASSWORD" in finding.remedy


def test_a_wrong_password_is_tried_on_one_node_alone(postgres, node_stand_in):
    with _installed(postgres, "ours") as (server, both):
        both.accounts[0].password = "another-one"
        nodes = [node_stand_in(f"node{i}", users=both) for i in (1, 2)]
        finding = _found(server, *nodes)
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.CREDENTIALS)
    assert [asked(node, SIGN_IN) for node in nodes] == [1, 0]


def test_a_database_without_the_table_is_unknown(postgres, node_stand_in):
    with _installed(postgres, "ours") as (server, both):
        node = node_stand_in("node1", users=both)
        both.keep = None
        server.as_owner('DROP TABLE "issuedTokens"')
        finding = _found(server, node)
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.VERSION)
    assert not both.open


def test_a_token_without_a_number_is_unknown(postgres, node_stand_in, launch):
    with _installed(postgres, "ours") as (server, both):
        answer = Answer.of_json(200, {"data": {"user": {"id": 7}, "token": "plain-token"}})
        odd = launch(lambda: ScriptedNode("node2", users=both, says={SIGN_IN: answer}))
        finding = _found(server, node_stand_in("node1", users=both), odd)
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert "names no session" in finding.detail


def test_a_node_that_does_not_serve_leaves_its_part_unknown(postgres, node_stand_in):
    with _installed(postgres, "ours") as (server, both):
        asleep = node_stand_in("node2", users=both)
        asleep.health = Health.COMMANDING
        finding = _found(server, node_stand_in("node1", users=both), asleep)
    assert _told(finding) == (Severity.UNKNOWN, ErrorKind.OTHER)
    assert "node2: it does not serve." in finding.detail


@pytest.mark.usefixtures("quiet_machine")
def test_a_check_that_is_given_up_signs_out_on_each_node(postgres, node_stand_in, launch):
    with _installed(postgres, "ours") as (server, both):
        silent = launch(lambda: ScriptedNode("node2", users=both, says={SIGN_IN: None}))
        finding = _found(server, node_stand_in("node1", users=both), silent, timeout=patience(2))
        assert finding.severity is Severity.UNKNOWN
        silent.stop()
        assert wait_until(lambda: bool(both.begun) and not both.open, within=30)
